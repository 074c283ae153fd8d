"""What programs may rely on in the JSON output about rules of AWS Config and about conformance packs."""

from __future__ import annotations

from collections.abc import Mapping

from orgctl.rules.result import Compliance, Outcome, Part
from orgctl.rules.rule import Kind, Scope
from orgctl.rules.template.finding import Verdict

_VERSION = {"format_version": "the version of this format"}

RULES: Mapping[str, str] = {
    **_VERSION,
    "rules[]": "the rules, by name",
    "rules[].name": "the folder's name",
    "rules[].kind": " or ".join(f"`{kind.value}`" for kind in Kind),
    "rules[].summary": "a sentence",
    "rules[].resource_types[]": "of which types changes trigger it",
    "rules[].periodic": "how often it runs besides, in AWS Config's words, or null",
    "rules[].parameters[]": "what packs can give it",
    "rules[].parameters[].name": "the parameter",
    "rules[].parameters[].required": "whether a pack has to give it",
    "rules[].parameters[].default": "its value where a pack gives none; empty: there is none",
    "rules[].parameters[].description": "a sentence",
    "rules[].permissions[]": "the IAM actions that it needs in accounts that it looks at",
    "rules[].scope": " or ".join(f"`{scope.value}`" for scope in Scope) + ": in every region, or in one",
    "rules[].organization": "whether it runs once in the organization, in the management account",
    "rules[].packs[]": "the packs that use it",
}

TESTS: Mapping[str, str] = {
    **_VERSION,
    "passed": "whether nothing failed",
    "seconds": "how long it took, start to end",
    "counts": "how many cases",
    **{f"counts.{outcome.value}": "a number" for outcome in Outcome},
    "rules[]": "one for each rule that was tested",
    "rules[].name": "the rule",
    "rules[].seconds": "how long its process took",
    "rules[].cases[]": "its cases",
    "rules[].cases[].part": "of its own tests, of its handler, or of a Guard policy: "
    + ", ".join(f"`{part.value}`" for part in Part),
    "rules[].cases[].name": "the case",
    "rules[].cases[].outcome": ", ".join(f"`{outcome.value}`" for outcome in Outcome),
    "rules[].cases[].seconds": "how long it took",
    "rules[].cases[].detail": "why it failed or was skipped; else what the handler said, or empty",
}

INVOKED: Mapping[str, str] = {
    **_VERSION,
    "rule": "the rule",
    "evaluations[]": "what it would tell AWS Config",
    "evaluations[].resource_type": "AWS Config's type",
    "evaluations[].resource_id": "the id, as AWS Config has it",
    "evaluations[].compliance": ", ".join(f"`{each.value}`" for each in Compliance),
    "evaluations[].annotation": "what it says, or empty",
}

BUILT: Mapping[str, str] = {
    **_VERSION,
    "zips[]": "one for each rule that runs as a function",
    "zips[].rule": "the rule",
    "zips[].file": "where the zip was written to",
    "zips[].handler": "the function's handler",
    "zips[].runtime": "Lambda's name of the runtime",
    "zips[].size": "in bytes",
    "zips[].sha256": "of the zip, in hexadecimal digits",
}

CHECKED: Mapping[str, str] = {
    **_VERSION,
    "counts": "how many findings",
    **{f"counts.{verdict.value}": "a number" for verdict in Verdict},
    "findings[]": "what each rule says of each resource, by place",
    "findings[].rule": "the rule",
    "findings[].packs[]": "the packs that use it",
    "findings[].resource": "the resource's logical id",
    "findings[].resource_type": "its type",
    "findings[].verdict": ", ".join(f"`{verdict.value}`" for verdict in Verdict)
    + "; the last: it hangs on what a template does not tell",
    "findings[].reason": "a sentence, or empty",
    "findings[].file": "the template",
    "findings[].line": "from 1",
    "findings[].column": "from 1",
    "notes[]": "what was not looked at, in sentences",
}

PACKS: Mapping[str, str] = {
    **_VERSION,
    "packs[]": "the packs, by name",
    "packs[].name": "the file's name",
    "packs[].description": "a sentence, or empty",
    "packs[].deployed": "whether the manifest's `config.packs` names it",
    "packs[].targets[]": "addresses of OUs, as the file has them",
    "packs[].exclude[]": "addresses that are left out, as the file has them",
    "packs[].accounts[]": "the accounts that it is for, by name",
    "packs[].excluded[]": "those of the organization's that it is not for",
    "packs[].regions[]": "where it is deployed",
    "packs[].rules[]": "its rules",
    "packs[].rules[].name": "what the rule is called in AWS Config, but for what AWS adds",
    "packs[].rules[].rule": "the custom rule; null: it is AWS's",
    "packs[].rules[].managed": "AWS's identifier; null: it is custom",
    "packs[].rules[].parameters": "by name",
    "packs[].rules[].parameters.*": "text",
    "packs[].rules[].resource_types[]": "of which types changes trigger it",
    "packs[].rules[].frequency": "how often it runs, in AWS Config's words, or null",
    "packs[].rules[].regions[]": "where it runs; what is global is looked at in one region",
    "packs[].rules[].once": "whether it runs in the management account alone",
    "packs[].rules[].remediation": "the document that mends resources, or null",
    "packs[].waivers[]": "its waivers",
    "packs[].waivers[].rule": "the rule, as the pack has it",
    "packs[].waivers[].account": "an account or an OU; null: all",
    "packs[].waivers[].resource": "a pattern of ids; null: all",
    "packs[].waivers[].owner": "who answers for it",
    "packs[].waivers[].reason": "a sentence",
    "packs[].waivers[].expires": "its last day",
}

WRITTEN: Mapping[str, str] = {
    **_VERSION,
    "templates[]": "one for each pack and region",
    "templates[].pack": "the pack",
    "templates[].region": "the region",
    "templates[].file": "where it was written to",
    "templates[].size": "in bytes",
    "templates[].rules[]": "its rules, as AWS Config calls them",
    "templates[].excluded[]": "the accounts that the pack leaves out, by name",
    "templates[].functions[]": "the custom rules whose functions have to be there",
    "templates[].documents[]": "the remediation documents that have to be there",
}

SECTIONS = (
    ("rules list", "`orgctl rules list --format json`.", RULES),
    ("rules test", "`orgctl rules test --format json`.", TESTS),
    ("rules invoke", "`orgctl rules invoke NAME --event FILE --format json`.", INVOKED),
    ("rules build", "`orgctl rules build --format json`.", BUILT),
    ("rules check", "`orgctl rules check TEMPLATE --format json`: compliant resources, too.", CHECKED),
    ("packs list", "`orgctl packs list --format json`.", PACKS),
    ("packs build", "`orgctl packs build --format json`.", WRITTEN),
)
"""Title, sentence and fields of each section of the page."""
