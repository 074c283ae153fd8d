"""`orgctl simulate --batch`: a line of requests in, a line of answers out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from orgctl.api.batch import Batch
from orgctl.api.simulating import Court
from orgctl.cli.input_file import opened
from orgctl.cli.running import INVALID_INPUT
from orgctl.manifest import load
from orgctl.views.wording import counted

if TYPE_CHECKING:
    from orgctl.cli.running import Globals


def answer_lines(options: Globals, file: Path) -> int:
    """Answer every line. Raises what is wrong with the manifest, if a line needed it."""
    batch = Batch(lambda: Court(load(options.directory)))
    with opened(file) as stream:
        at_once = stream is sys.stdin.buffer and not stream.seekable()
        for answer in batch.answers(stream):
            sys.stdout.write(f"{answer}\n")
            if at_once:
                sys.stdout.flush()  # whoever writes requests into a pipe may wait for the answer to each
    sys.stdout.flush()
    if batch.trouble:
        raise batch.trouble
    if batch.errors:
        options.say(f"error: {counted(batch.errors, 'line')} of {batch.lines:,} could not be answered")
    return INVALID_INPUT if batch.errors else 0
