"""The shape of a file of policy tests, in pydantic models: the one source of its published JSON Schema.

Whether what a file names exists is looked for in `reading.py`, case by case.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from orgctl.manifest.schema import Model, Requests, Text

Texts = Annotated[list[Text], Field(min_length=1)]
Expected = Literal["ALLOWED", "EXPLICIT_DENY", "IMPLICIT_DENY", "DENIED", "UNKNOWN"]


class Shared(Requests):
    """What a case may say, and what `defaults` may say for all of them."""

    certain: bool | None = Field(
        default=None,
        description="true: the decision must be the same whatever those keys hold that nobody can know beforehand.",
    )


class Defaults(Shared):
    """What all cases below share; what a case says itself goes before it."""


class Case(Shared):
    """A table of requests (the product of its lists) that are all to be decided alike."""

    name: Text = Field(description="A sentence that says what is proved; used once in the file.")
    expect: Expected = Field(description="DENIED: either of the two denials.")
    by: Text | None = Field(
        default=None, description="What has to decide: `scp/NAME`, `scp/NAME#SID`, or a level such as `ou:/Workloads`."
    )


class TestFile(Model):
    """A file of policy tests: `policies/scp/NAME.test.yaml`, or any `tests/policies/*.test.yaml`."""

    __test__ = False  # not one of pytest's

    version: Literal[1] = Field(description="The version of this format.")
    scope: Literal["policy", "organization"] | None = Field(
        default=None,
        description="policy: against the policy beside the file, alone. organization: against the whole manifest."
        " Without it, a file beside a policy tests the policy, any other the organization.",
    )
    defaults: Defaults = Field(default=Defaults(), description="What all cases below share.")
    groups: dict[Text, Texts] = Field(
        default={}, description="Names for sets of accounts: keys, ids, and OUs with every account below them."
    )
    cases: list[Case] = Field(default=[], description="The tests.")
