"""The syntax of policies in the IAM language: service and resource control policies, and the delegation policy."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.diagnostics import Diagnostic
from orgctl.manifest.insertion import insert
from orgctl.manifest.loaded import LoadedManifest, PolicyFile
from orgctl.manifest.values import sized_values
from orgctl.model.policy_types import RCP, SCP
from orgctl.policy.parser import parse_with_problems


def policy_language(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    """Report what the policy parser reports (P1xx), at the place in the file.

    Of a list that is inserted only the first item is, so that nothing after it moves.
    """
    values = {name: value if isinstance(value, str) else value[0] for name, value in sized_values(loaded).items()}
    for policy in _in_iam_language(loaded):
        _, problems = parse_with_problems(insert(policy.document, values))
        for problem in problems:
            yield Diagnostic(problem.code, problem.message, policy.source.at(problem.place), problem.hint)


def _in_iam_language(loaded: LoadedManifest) -> Iterator[PolicyFile]:
    yield from (policy for policy in loaded.policies.values() if policy.folder in (SCP.folder, RCP.folder))
    if loaded.delegation_policy:
        yield loaded.delegation_policy
