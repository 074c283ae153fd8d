"""Sizes of policies as AWS counts them: minified, with the manifest's values in place."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.diagnostics import Diagnostic
from orgctl.manifest import codes
from orgctl.manifest.insertion import Values, insert
from orgctl.manifest.loaded import LoadedManifest, PolicyFile
from orgctl.manifest.values import sized_values
from orgctl.policy.canonical import minify


def policy_sizes(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    """No policy is larger than AWS accepts for its type. Ids that AWS will only give count at full length."""
    values = sized_values(loaded)
    sized = [(policy, f"{policy.folder}_size", codes.POLICY_TOO_LARGE) for policy in loaded.policies.values()]
    if loaded.delegation_policy:
        sized.append((loaded.delegation_policy, "delegation_policy_size", codes.DELEGATION_POLICY_TOO_LARGE))
    for policy, quota, code in sized:
        limit = loaded.limits.quota(quota)
        size = _size(policy, values) if limit is not None else None
        if limit is not None and size is not None and size > limit:
            what = "the delegation policy" if policy is loaded.delegation_policy else f"`{policy.name}`"
            message = f"{what} has {size} characters when minified; {limit} is the most"
            hint = f"split it, or drop its Sids; if AWS allows you more, set `limits.quotas.{quota}`"
            yield Diagnostic(code, message, policy.source.at(()), hint)


def _size(policy: PolicyFile, values: Values) -> int | None:
    try:
        return len(minify(insert(policy.document, values)))
    except ValueError:
        return None  # a list within text: reported by the check of placeholders
