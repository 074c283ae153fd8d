"""YAML and JSON files as plain values, with the position of everything in them.

Manifest and policies are both read here, so that both refuse the same things in the same words: text that is not
UTF-8, an empty file, broken syntax, duplicate keys, anchors and merge keys, tags, and what YAML readers disagree on.

A `Source` is one file's value. `read` makes one from a path or raises; `parse` makes one from bytes and returns its
problems beside it, so that the manifest can go on and report those of its other files too.
"""

from orgctl.source.document import Place, Source
from orgctl.source.reading import Parsed, parse, read, read_parsed

__all__ = ["Parsed", "Place", "Source", "parse", "read", "read_parsed"]
