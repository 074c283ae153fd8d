"""The Glue catalog: databases and tables, with AWS's refusals. Crawlers, jobs and all the rest of Glue are not here.

Source: the `glue` model of botocore 1.44.5.
"""

from __future__ import annotations

from orgctl.sandbox.glue import databases, tables
from orgctl.sandbox.glue.registry import operation

__all__ = ["databases", "operation", "tables"]
