"""What the policy tests do not reach: coverage and surviving mutants, as text and as data."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from orgctl.policytest.coverage import Coverage, PolicyCoverage
from orgctl.policytest.mutation import Mutation
from orgctl.views.wording import counted

_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def coverage_text(coverage: Coverage) -> Iterator[Text]:
    """A line for each policy, what is missing below it, and the total."""
    yield Text("\nCoverage of statements and conditions", style="bold")
    width = max((len(policy.policy) for policy in coverage.policies), default=0)
    for policy in coverage.policies:
        yield from _policy(policy, width)
    yield Text(f"  {'total':<{width}}  {percent(coverage.percent):>6}", style="bold")


def percent(value: float) -> str:
    """`98.7 %`: rounded down, so that only what is complete is 100 %."""
    return f"{int(value * 10) / 10:g} %"


def _policy(policy: PolicyCoverage, width: int) -> Iterator[Text]:
    style = "red" if policy.missing else ""
    yield Text(f"  {policy.policy:<{width}}  {percent(policy.percent):>6}", style=style)
    for missing in policy.missing:
        yield Text(f"    {missing.position}: `{missing.statement}`: {missing.what}")


def mutation_text(mutation: Mutation) -> Iterator[Text]:
    """Each mutant that no test noticed, as a difference, and the total."""
    for survivor in mutation.survivors:
        yield Text.assemble(
            ("\nSURVIVED", "bold red"),
            f"  {survivor.position}: no test notices if `{survivor.statement}` of `{survivor.policy}` {survivor.what}",
        )
        yield from (Text(f"    {line}", style=_STYLES.get(line[:1], "")) for line in survivor.difference)
    survived = len(mutation.survivors)
    caught = f"{mutation.mutants - survived:,} of {counted(mutation.mutants, 'mutant')} noticed"
    style = "bold red" if survived else "bold green"
    yield Text(f"\n{caught}" + (f", {survived:,} survived" if survived else ""), style=style)


def coverage_data(coverage: Coverage) -> dict[str, object]:
    """For programs. Percentages are from 0 to 100."""
    return {
        "percent": coverage.percent,
        "policies": [
            {
                "policy": policy.policy,
                "percent": policy.percent,
                "outcomes": policy.outcomes,
                "covered": policy.covered,
                "missing": [
                    {
                        "file": missing.position.file,
                        "line": missing.position.line,
                        "statement": missing.statement,
                        "what": missing.what,
                    }
                    for missing in policy.missing
                ],
            }
            for policy in coverage.policies
        ],
    }


def mutation_data(mutation: Mutation) -> dict[str, object]:
    """For programs. `requests` is how many requests could have noticed a mutant of the policy."""
    return {
        "mutants": mutation.mutants,
        "survived": len(mutation.survivors),
        "policies": [
            {
                "policy": policy.policy,
                "mutants": policy.mutants,
                "requests": policy.requests,
                "survivors": [
                    {
                        "file": survivor.position.file,
                        "line": survivor.position.line,
                        "statement": survivor.statement,
                        "what": survivor.what,
                        "difference": list(survivor.difference),
                    }
                    for survivor in policy.survivors
                ],
            }
            for policy in mutation.policies
        ],
    }
