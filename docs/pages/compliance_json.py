"""What programs may rely on in the JSON of `orgctl compliance report`, field by field. Tests hold it against output."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from orgctl.compliance.verdict import Verdict
from orgctl.compliance.waivers import SOON, Standing

Fields = Mapping[str, str]

_WAIVER = {
    "packs[]": "the packs whose rule is waived",
    "rule": "the rule, as AWS Config calls it in its pack",
    "account": "the address of an account or OU; null: all accounts",
    "resource": "a pattern of ids: `*` and `?` stand for any characters",
    "owner": "who answers for it",
    "reason": "why",
    "expires": "its last day",
    "days_left": "0 on the last day, less when it has expired",
    "file": "the file that it stands in",
    "line": "its line",
}


def _counts(prefix: str) -> Iterator[tuple[str, str]]:
    yield f"{prefix}.counts", "numbers, as in `totals`"
    yield f"{prefix}.counts.*", "a number"


def _waiver(prefix: str) -> Iterator[tuple[str, str]]:
    yield from ((f"{prefix}.{field}", meaning) for field, meaning in _WAIVER.items())


COMPLIANCE: Fields = {
    "format_version": "the version of this format",
    "made": "when it was asked, in UTC, by ISO 8601; waivers expire by this day",
    "aggregator": "the aggregator's name",
    "administrator": "the account that it is in, by the manifest's name",
    "aggregator_region": "the region that it is in",
    "regions[]": "the regions that are looked at: those of AWS Config in the manifest",
    "question": "what it is narrowed to",
    "question.accounts[]": "as `--account`",
    "question.ous[]": "as `--ou`",
    "question.rule": "as `--rule`, or null",
    "question.pack": "as `--pack`, or null",
    "question.resource": "as `--resource`, or null",
    "totals": "numbers of checks; a check is a rule in an account and a region",
    "totals.checks": "all of them",
    "totals.compliant": "those that comply",
    "totals.non_compliant": "those with a resource that does not comply and is not waived",
    "totals.waived": "those in which everything that does not comply is waived",
    "totals.insufficient_data": "those of which AWS Config says that it has nothing to judge, or has not judged it yet",
    "totals.no_data": "those that a pack of the manifest has, and of which the aggregator knows nothing",
    "totals.resources": "how many resources do not comply, once for each rule, waived ones left out",
    "totals.waived_resources": "how many do not comply and are waived",
    "packs[]": "the packs in their order",
    "packs[].pack": "the name; null: all rules that are of no pack of the manifest's",
    "packs[].rules": "how many of its rules are counted",
    **dict(_counts("packs[]")),
    "rules[]": "the rules, the worst first",
    "rules[].pack": "the pack; null: none of the manifest's",
    "rules[].rule": "the rule, as AWS Config calls it in its pack",
    "rules[].written": "the rule, as the pack's file names it, or null",
    "rules[].page": "what it is about: a file of the repository, or an address; or null",
    **dict(_counts("rules[]")),
    "ous[]": "the root and the OUs, parents first",
    "ous[].ou": "the address",
    "ous[].accounts": "how many accounts are in it and below",
    **dict(_counts("ous[]")),
    "accounts[]": "the accounts, the worst first",
    "accounts[].account": "the manifest's name, or AWS's with the id",
    "accounts[].id": "the id",
    "accounts[].ou": "the OU that it is in",
    **dict(_counts("accounts[]")),
    "by_region[]": "the regions",
    "by_region[].region": "the region",
    **dict(_counts("by_region[]")),
    "worst_resources[]": "up to a thousand resources that break the most rules, waived ones left out",
    "worst_resources[].account": "the manifest's name, or AWS's with the id",
    "worst_resources[].region": "the region",
    "worst_resources[].resource_type": "AWS Config's type",
    "worst_resources[].resource_id": "the id, as AWS Config has it",
    "worst_resources[].rules[]": "the rules",
    "resources": "null where single resources were not asked for: by `--all`, an account, a rule or a resource",
    "resources[]": "each resource once for each rule that it does not comply with; with `--resource`, for every rule",
    "resources[].account": "the manifest's name, or AWS's with the id",
    "resources[].account_id": "the id",
    "resources[].region": "the region",
    "resources[].pack": "the pack; null: none of the manifest's",
    "resources[].rule": "the rule, as AWS Config calls it in its pack",
    "resources[].name_in_account": "the rule's whole name in the account",
    "resources[].resource_type": "AWS Config's type",
    "resources[].resource_id": "the id, as AWS Config has it",
    "resources[].verdict": ", ".join(f"`{each.value}`" for each in Verdict if each is not Verdict.NO_DATA),
    "resources[].waiver": "the waiver that fits, or null; of what is `non_compliant`, it has expired",
    **dict(_waiver("resources[].waiver")),
    "resources[].annotation": "what the rule said; null without, and where it was not asked for",
    "resources[].recorded": "since when the rule has said so; null where it was not asked for: by `--resource`, or by"
    " `--rule` and `--account`",
    "resources[].invoked": "when the rule was asked last; likewise",
    "silent[]": "accounts and regions of which the aggregator knows nothing, or nothing new",
    "silent[].account": "the manifest's name, or AWS's with the id",
    "silent[].id": "the id",
    "silent[].region": "the region",
    "silent[].silent": "true: nothing is known of any rule; false: nothing new",
    "silent[].checks": "how many rules of the manifest's packs ought to say something",
    "silent[].reason": "AWS's reason, or null",
    "silent[].updated": "when the aggregator was told something last, or null",
    "waivers[]": "the waivers, those that end first, first; in a narrowed report, those that fit something",
    **dict(_waiver("waivers[]")),
    "waivers[].standing": ", ".join(f"`{each.value}`" for each in Standing)
    + f"; expiring: it is used, and ends within {SOON} days",
    "waivers[].resources": "how many resources it fits that do not comply",
    "accounts_that_left": "how many accounts the aggregator still knows that are not in the organization any more;"
    " nothing of theirs is counted",
}
