"""The shape of a file of policy tests, in pydantic models: the one source of its published JSON Schema.

Whether what a file names exists is looked for in `reading.py`, case by case.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from orgctl.manifest.schema import Model

Text = Annotated[str, Field(min_length=1)]
Texts = Annotated[list[Text], Field(min_length=1)]
Scalar = str | bool | int | float


class Values(Model):
    """One multi-valued key, as opposed to several requests with one value each."""

    values: list[Scalar] = Field(description="All values that the key has at once.")


Context = dict[Text, Values | list[Values | Scalar | None] | Scalar | None]
Expected = Literal["ALLOWED", "EXPLICIT_DENY", "IMPLICIT_DENY", "DENIED", "UNKNOWN"]


class Shared(Model):
    """What a case may say, and what `defaults` may say for all of them."""

    account: Text | None = Field(default=None, description="The caller's account: a key of the manifest, or an id.")
    accounts: Texts | None = Field(default=None, description="Account keys, ids, groups, or OUs: `ou:/Workloads`.")
    action: Text | None = Field(default=None, description="`service:Action`.")
    actions: Texts | None = Field(default=None, description="Several; each makes a request.")
    resource: Text | None = Field(default=None, description="An ARN, or `*`.")
    resources: Texts | None = Field(default=None, description="Several; each makes a request.")
    principal: Text | None = Field(
        default=None, description="`role/NAME`, `user/NAME`, `root`, an ARN, a service principal or `anonymous`."
    )
    principals: Texts | None = Field(default=None, description="Several; each makes a request.")
    context: Context = Field(
        default={},
        description="Context keys. A list makes one request for each value, `{values: [...]}` gives one key many"
        " values, null says that the key is absent.",
    )
    unknown: list[Text] = Field(default=[], description="Context keys that nobody knows.")
    resource_account: Text | None = Field(default=None, description="The account that the resource is in: key or id.")
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
