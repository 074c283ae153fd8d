"""What a request does not say: which context keys may be assumed, which are absent, and which nobody can know.

A key that a policy looks at and that the request does not give is one of three:

    assumed   nearly every request has it with one value: the region of the endpoint, TLS, called directly
    unknown   the request has it, or may well have it, but nobody said its value: when, from where, with which tags
    absent    the caller sends it or does not (the keys of services, the tags of a request): what was not given

Source: "AWS global condition context keys", IAM User Guide (Availability of each key).
"""

from __future__ import annotations

from collections.abc import Mapping

from orgctl.model.endpoint_regions import endpoint_region
from orgctl.model.partitions import partition_of
from orgctl.policy.possible_keys import CIRCUMSTANCES, OF_CALLERS, OF_SERVICES, is_impossible
from orgctl.policy.principal import PrincipalKind
from orgctl.policy.request import Request
from orgctl.policy.ruling import Assumed

_WHY_ABSENT = {
    **dict.fromkeys(("aws:principalorgid", "aws:principalorgpaths"), "the caller's account is not in the manifest"),
    **dict.fromkeys(("aws:resourceorgid", "aws:resourceorgpaths"), "the resource's account is not in the manifest"),
}
"""A key of an organization that is not ours has another value: the same to nearly every condition."""


def is_unknown(key: str, request: Request) -> bool:
    """Whether the request may well have this key (in lower case), given that it does not say."""
    if key in CIRCUMSTANCES or ":resourcetag/" in key or key.startswith("s3:existingobjecttag/"):
        return True
    if request.principal.kind is PrincipalKind.SERVICE:
        return key in OF_SERVICES
    identified = bool(request.principal.account) or request.principal.kind is PrincipalKind.OTHER
    return identified and (key in OF_CALLERS or key.startswith("aws:principaltag/"))


def _is_settled(key: str, request: Request) -> bool:
    return key in _WHY_ABSENT or is_impossible(key, request.principal.kind)


def identifying_keys(looked_at: Mapping[str, str]) -> dict[str, str]:
    """Of the keys that policies look at, those that tell who calls: nobody knows them where no caller is named."""
    return {
        key: spelled
        for key, spelled in looked_at.items()
        if key in OF_CALLERS or key == "aws:username" or key.startswith("aws:principal")
    }


def assumed_keys(request: Request, home_region: str, said: frozenset[str]) -> tuple[Assumed, ...]:
    """What is taken for granted of a request that does not say otherwise; `said` are keys in lower case."""
    found = [
        _region(request, home_region),
        Assumed("aws:SecureTransport", "true", "AWS is called by TLS"),
    ]
    if request.principal.kind is not PrincipalKind.SERVICE:
        found.append(Assumed("aws:ViaAWSService", "false", "the caller calls directly"))
    said = said | request.context.keys() | request.unknown.keys()
    return tuple(each for each in found if each.what.lower() not in said)


def absent_keys(looked_at: Mapping[str, str], request: Request, said: frozenset[str]) -> tuple[Assumed, ...]:
    """The keys that policies look at (lower case → as they spell it) and that the request is taken not to have.

    Without those that a caller of this kind cannot have: their absence is no assumption.
    """
    said = said | request.context.keys() | request.unknown.keys()
    return tuple(
        Assumed(spelled, None, _WHY_ABSENT.get(key, "it was not given"))
        for key, spelled in looked_at.items()
        if key not in said and not is_impossible(key, request.principal.kind)
    )


def unknown_keys(
    looked_at: Mapping[str, str], request: Request, said: frozenset[str], *, recorded: bool = False
) -> tuple[str, ...]:
    """The keys that policies look at, the request does not say, and nobody can know.

    Of what was `recorded`, that is every key that a caller of its kind can have: records hold few of them.
    """
    said = said | request.context.keys() | request.unknown.keys()
    return tuple(
        spelled
        for key, spelled in looked_at.items()
        if key not in said and (is_unknown(key, request) or (recorded and not _is_settled(key, request)))
    )


def _region(request: Request, home_region: str) -> Assumed:
    key = "aws:RequestedRegion"
    partition, _, region = (request.resource.split(":", 4) + [""] * 4)[1:4]
    if request.resource != "*" and region:
        return Assumed(key, region, "it is the resource's region", certain=True)
    fixed = endpoint_region(request.service, partition or partition_of(home_region).name)
    if fixed:
        return Assumed(key, fixed, f"calls to `{request.service}` go to its one endpoint there", certain=True)
    return Assumed(key, home_region, "it is the manifest's home region")
