"""Where a template may go: what a rule says must not hang on an account or a region that nobody named.

A template may write out accounts and regions of its own, and rules compare them with where the resource is. So the
rules are asked once for the place that is assumed, and once for each other that the template itself names. Where they
differ, it depends on the place, and that is what is said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from orgctl.rules.template.checking import Use, check
from orgctl.rules.template.finding import Finding, Verdict
from orgctl.rules.template.reading import Template
from orgctl.rules.template.resolving import Deployment, Resolver

_ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")
_REGION = re.compile(r"(?<![a-z0-9-])[a-z]{2}(?:-[a-z]+)+-\d(?![a-z0-9-])")
_MOST = 6
"""Places that are tried; a template that names more is asked about the first."""

_DEPENDS = "it depends on where the template is deployed: give `--parameter AWS::AccountId=…` or `AWS::Region=…`"


def check_anywhere(template: Template, deployment: Deployment, uses: Sequence[Use]) -> tuple[Finding, ...]:
    """What rules say of a template, wherever it goes of the places that it names; undecided, where that matters."""
    first, *others = [check(Resolver(template, place), uses) for place in places(template, deployment)]
    return tuple(_agreed(finding, others) for finding in first)


def places(template: Template, deployment: Deployment) -> tuple[Deployment, ...]:
    """The deployment, and those to other accounts and regions that are named, unless somebody said where it goes."""
    text = json.dumps([template.value, deployment.parameters], default=str)
    accounts = _candidates("AWS::AccountId", deployment.account, _ACCOUNT, text, deployment)
    regions = _candidates("AWS::Region", deployment.region, _REGION, text, deployment)
    found = product(accounts, regions)
    return tuple(replace(deployment, account=account, region=region) for account, region in found)[:_MOST]


def _candidates(name: str, assumed: str, pattern: re.Pattern[str], text: str, deployment: Deployment) -> list[str]:
    if name in deployment.parameters:
        return [assumed]
    return list(dict.fromkeys([assumed, *pattern.findall(text)]))


def _agreed(finding: Finding, others: Sequence[Sequence[Finding]]) -> Finding:
    key = (finding.rule, finding.packs, finding.logical_id)
    said = {each.verdict for found in others for each in found if (each.rule, each.packs, each.logical_id) == key}
    if finding.verdict is Verdict.UNDECIDED or said <= {finding.verdict}:
        return finding
    return replace(finding, verdict=Verdict.UNDECIDED, reason=_DEPENDS)
