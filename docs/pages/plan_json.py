"""What programs may rely on in JSON output, field by field. A test holds the fields against real output."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from docs.pages.compliance_json import COMPLIANCE
from docs.pages.decision_json import BATCH, DECISION, DECISIONS
from docs.pages.impact_json import COVERAGE, EXPLAINED, IMPACT
from docs.pages.markdown import code, table
from docs.pages.policy_test_json import SECTIONS as OF_POLICY_TESTS
from docs.pages.rollout_json import ROLLOUTS, STATUS
from docs.pages.rules_json import SECTIONS as OF_RULES
from orgctl.access.change import AccessKind, Concern
from orgctl.reconcile.plan import Action, Wait
from orgctl.reconcile.plan_json import FORMAT_VERSION

Fields = Mapping[str, str]
"""What each field is, by its path: `changes[].reach.count`. Where it ends in `.*`, keys are the user's or AWS's."""

PLAN: Fields = {
    "format_version": "the version of this format",
    "organization": "the organization's id; null if there is none yet",
    "management_account": "the management account's id",
    "summary": "for each action, how many resources it befalls",
    "summary.*": "a number",
    "changes[]": "one for each resource that was compared, those that stay as they are included",
    "changes[].action": "what happens to it: " + ", ".join(f"`{action.value}`" for action in Action),
    "changes[].kind": "the resource type: `account`, `policy`, `ou`, `attachment`, …",
    "changes[].address": "the resource: `account:shop-prod`, `ou:/Workloads/Prod`, `scp/region-lock@ou:/Workloads`",
    "changes[].attributes[]": "what is different",
    "changes[].attributes[].name": "the attribute: `parent`, `tags.env`, `content`",
    "changes[].attributes[].before": "its value in AWS; null: absent. Policies are JSON text",
    "changes[].attributes[].before.*": "of some attributes",
    "changes[].attributes[].after": "its value in the manifest; null: to be absent",
    "changes[].attributes[].after.*": "of some attributes",
    "changes[].attributes[].known": "false: ids in `after` are known only after the apply",
    "changes[].notes[]": "sentences that the reader has to see",
    "changes[].irreversible": "whether it cannot be undone",
    "changes[].destructive": "whether it deletes, closes, disables or detaches a last guardrail: asked for by name",
    "changes[].problem": "why it cannot be made, or null; while one change has a problem, there are no operations",
    "changes[].hint": "the way out of the problem, or null",
    "changes[].reach": "the accounts on which the change bears, or null where that means nothing",
    "changes[].reach.count": "how many",
    "changes[].reach.sample[]": "the names of the first ten",
    "operations[]": "the calls, in an order in which they can be made",
    "operations[].number": "its number, from 1",
    "operations[].address": "the resource it is for",
    "operations[].service": "AWS's service: `organizations`",
    "operations[].action": "the API's operation: `AttachPolicy`",
    "operations[].parameters": 'the call\'s parameters. `{"$ref": "account:audit#id"}` stands for what an earlier'
    ' operation brings, `{"$join": […]}` for text with such in it, `{"$now": true}` for the time of the call',
    "operations[].parameters.*": "as the API takes them",
    "operations[].after[]": "the numbers of the operations that have to be done before",
    "operations[].account": "the account that the call is made in (an id or a `$ref`); null: the management account",
    "operations[].account.*": "a `$ref`",
    "operations[].region": "the region that the call is made in; null where the service has one",
    "operations[].yields": "what the answer brings: names as in `$ref`, to JMESPath expressions",
    "operations[].yields.*": "a JMESPath expression over the answer",
    "operations[].wait": "what is waited for after the call: null, " + ", ".join(f"`{wait.value}`" for wait in Wait),
    "operations[].guardrail_gap": "who lacks which guardrail from here to a later operation, or null",
    "usage[]": "quotas of which the plan changes the use",
    "usage[].address": "whose",
    "usage[].quota": "the quota's [name](limits.md)",
    "usage[].used": "how much is used after the plan",
    "usage[].limit": "of how much; null where AWS publishes no number",
    "unmanaged[]": "addresses of what is in AWS, not in the manifest and not orgctl's: left alone",
    "findings[]": "what was noticed while reading",
    "findings[].address": "about what",
    "findings[].message": "a sentence",
    "findings[].hint": "the way out, or null",
    "seconds": "the least time that AWS's rates leave for the operations",
    "access": "what the plan does to [access](../guides/access.md), or null where it was not looked at",
    "access.requests": "how many requests were posed in each account",
    "access.accounts": "in how many accounts, before and after",
    "access.new_accounts": "how many accounts the plan creates: for them there is no before",
    "access.changes[]": "one for each request whose answer changes, with all accounts for which it changes alike",
    "access.changes[].kind": "how: " + ", ".join(f"`{kind.value}`" for kind in AccessKind),
    "access.changes[].sentinel": "what is done, in words",
    "access.changes[].concern": "for whom: " + ", ".join(f"`{concern.value}`" for concern in Concern),
    "access.changes[].important": "whether a denial of it is shown first",
    "access.changes[].principal": "who asks; `role/NAME` is each account's own",
    "access.changes[].action": "`service:Action`",
    "access.changes[].resource": "the resource; `@{account}` is each account's id",
    "access.changes[].context": "the context keys that the sentinel gives",
    "access.changes[].context.*": "text, a list of texts, or null for an absent key",
    "access.changes[].where[]": "addresses: of an account, or of an OU with all accounts in it and below (but for the"
    " management account)",
    "access.changes[].accounts": "how many accounts these are",
    "access.changes[].before": "the decision before; null in an account that the plan creates",
    "access.changes[].after": "the decision after",
    "access.changes[].by[]": "what decides after",
    "access.changes[].by[].layer": "`scp` or `rcp`",
    "access.changes[].by[].policy": "the policy: `scp/region-lock`; null: nothing allows the request on `level`",
    "access.changes[].by[].statement": "the statement's Sid, or `statement 2`; or null",
    "access.changes[].by[].level": "the level on which nothing allows the request, or null",
    "access.changes[].by[].file": "the file with the statement; null for a policy that is in none",
    "access.changes[].by[].line": "its line, or null",
    "access.changes[].by[].column": "its column, or null",
    **{
        f"access.changes[].formerly[]{field}": meaning
        for field, meaning in {
            "": "what decided before",
            **dict.fromkeys((".layer", ".policy", ".statement", ".level", ".file", ".line", ".column"), "as in `by`"),
        }.items()
    },
    "access.changes[].unknown_keys[]": "the context keys that an `UNKNOWN` after hangs on",
    "access.unread[]": "policies in AWS that cannot be read, and count as allowing everything",
    "policy_tests": "what the policy tests said of the manifest; null: nothing is known of them",
    "policy_tests.passed": "how many cases passed",
    "policy_tests.failed[]": "the cases that failed; while there are any, `apply` refuses the plan",
    "policy_tests.failed[].id": "`policies/scp/x.test.yaml::nobody does it`",
    "policy_tests.failed[].problem": "why, in a sentence",
    "policy_tests.skipped": "whether they were not run, as `--skip-tests` says",
    **ROLLOUTS,
    "impact": "what the plan would have denied of [what was done](../guides/impact.md); null: nobody asked, or nothing"
    " changes on which that hangs",
    "impact.fail_on": "`denied`, `depends` or null, as the manifest's `replay` says",
    "impact.fails": "whether it does what `fail_on` forbids; `apply` refuses it then",
    "impact.events": "how many distinct events have a verdict; the `totals` add up to it",
    "impact.first": "the time of the first of them, in UTC; or null",
    "impact.last": "the time of the last of them",
    "impact.totals": "how many events have which verdict, as [impact](#impact) has it",
    "impact.totals.*": "a number",
    "impact.reading": "what was read, as [impact](#impact) has it",
    "impact.reading.*": "numbers, and `troubles`",
    "impact.reasons[]": "what is newly denied and what depends, by reason, those with the most events first",
    "impact.reasons[].verdict": "`newly_denied` or `depends`",
    **{
        f"impact.reasons[].causes[]{field}": meaning
        for field, meaning in {
            "": "what denies them, or may",
            **dict.fromkeys(
                (".layer", ".policy", ".statement", ".level", ".file", ".line", ".column"),
                "as in `access.changes[].by`",
            ),
        }.items()
    },
    "impact.reasons[].keys[]": "the context keys on which it hangs",
    "impact.reasons[].count": "how many events",
    "impact.reasons[].callers": "of how many callers",
    "impact.reasons[].accounts": "in how many accounts",
    "impact.reasons[].first": "the time of the first, or null",
    "impact.reasons[].last": "the time of the last, or null",
    "impact.reasons[].samples[]": "up to three `eventID`s",
    "impact.reasons[].top[]": "up to ten callers, those with the most events first",
    "impact.reasons[].top[].principal": "the caller: a role's or user's ARN, never a session's",
    "impact.reasons[].top[].count": "how many events",
    "impact.reasons[].top[].actions[]": "the first few actions",
    "impact.reasons[].top[].places[]": "the first few accounts, with their OUs",
    "impact.notes[]": "in sentences, of which new statements the events are silent",
    "impact.skipped": "whether events were not looked at, as `--skip-replay` says",
}

SAVED: Fields = {
    "kind": "`orgctl-plan`",
    "format_version": "the version of this format",
    "access_role": "the role by which member accounts are entered",
    "lock": "where the apply takes its lock, or null",
    "lock.bucket": "the bucket",
    "lock.key": "the object's key",
    "lock.region": "the bucket's region",
    "limits": "the manifest's overrides",
    "limits.quotas": "by name",
    "limits.quotas.*": "a number",
    "limits.rates": "by API",
    "limits.rates.*": "`per_second` and `burst`",
    "scope": "what was read, so that the apply reads the same again",
    "scope.*": "an inner matter",
    "fingerprints": "a digest for each thing that was read",
    "fingerprints.*": "sixteen hexadecimal digits",
    "plan": "the plan, as above",
    "plan.*": "as above",
    "checksum": "`sha256:` and the digest of all the rest: it tells of damage, and is [no signature]"
    "(../concepts/plan-files.md)",
}

OUTCOME: Fields = {
    "format_version": "the version of this format",
    "complete": "whether every operation was done",
    "interrupted": "whether somebody asked it to stop",
    "seconds": "how long it took",
    "done[]": "what was done",
    "done[].number": "the operation's number in the plan",
    "done[].operation": "`organizations:AttachPolicy`",
    "done[].address": "the resource it was for",
    "failed[]": "what failed",
    "failed[].number": "the operation's number in the plan",
    "failed[].operation": "`organizations:AttachPolicy`",
    "failed[].address": "the resource it was for",
    "failed[].error": "why, in a sentence",
    "failed[].hint": "the way out, or null",
    "left[]": "what was not begun, since something before it failed or the apply was stopped",
    "left[].number": "the operation's number in the plan",
    "left[].operation": "`organizations:AttachPolicy`",
    "left[].address": "the resource it is for",
}

VALIDATE: Fields = {
    "format_version": "the version of this format",
    "problems[]": "all of them, by file and line",
    "problems[].severity": "`error` or `warning`; only errors stop a command",
    "problems[].code": "the [code](diagnostics.md)",
    "problems[].message": "a sentence",
    "problems[].hint": "the way out, or null",
    "problems[].file": "the file, relative to the directory",
    "problems[].line": "from 1; 0: the file as a whole",
    "problems[].column": "from 1; 0: the file as a whole",
}

PERMISSIONS: Fields = {
    "format_version": "the version of this format",
    "command": "`plan`, `apply` or `compliance`",
    "policies": "IAM policy documents",
    "policies.caller": "for whoever runs the command in the management account",
    "policies.caller.*": "an IAM policy document",
    "policies.access_role": "for the access role in the account of the trail's bucket; not there without such a bucket",
    "policies.access_role.*": "an IAM policy document",
    "policies.administrator": "for the access role in the account that administers AWS Config; not there without one",
    "policies.administrator.*": "an IAM policy document",
    "policies.member": "for the access role in every account that conformance packs are for; not there without them",
    "policies.member.*": "an IAM policy document",
    "policies.access_role_trust": "the trust policy of that role; likewise",
    "policies.access_role_trust.*": "an IAM policy document",
}

LOG: Fields = {
    "time": "when, in UTC, by ISO 8601",
    "event": "`sent`, then `done` or `failed`. A call with neither may or may not have happened. `remark` is about the"
    " whole apply and has nothing but `time` and `message`",
    "message": "only `remark`: a sentence, such as that the policy tests were not looked at",
    "number": "the operation's number in the plan",
    "operation": "`organizations:AttachPolicy`",
    "account": "only `sent`: the account that the call is made in; null: the management account",
    "region": "only `sent`: the region, or null",
    "address": "only `sent`: the resource",
    "parameters": "only `sent`: the parameters, ids filled in",
    "parameters.*": "as the API takes them",
    "answer": "only `done`: what AWS answered",
    "answer.*": "as the API gives it",
    "error": "only `failed`: why, in a sentence",
}

_INTRODUCTION = f"""\
# JSON output

Every JSON document says its `format_version`, which is {FORMAT_VERSION}. Within a version, fields are added but none is
taken away, renamed or given another meaning; whoever reads should pass over fields that they do not know. What is not
on this page is not promised. `[]` is a list, and `.*` stands for keys that are names.
"""

_SECTIONS: tuple[tuple[str, str, Fields], ...] = (
    ("plan", "`orgctl plan --format json`: the same plan as the text.", PLAN),
    (
        "A saved plan",
        "`orgctl plan --out FILE`. Programs should read the plan in it and leave the rest to orgctl.",
        SAVED,
    ),
    ("apply", "`orgctl apply --format json`, after the apply.", OUTCOME),
    ("The log of an apply", "`orgctl apply --log FILE`: JSON lines, two for each call.", LOG),
    ("validate", "`orgctl validate --format json`.", VALIDATE),
    ("permissions", "`orgctl permissions plan --format json`, and the same for apply and compliance.", PERMISSIONS),
    *OF_POLICY_TESTS,
    *OF_RULES,
    ("compliance report", "`orgctl compliance report --format json`: the same as the text, and more.", COMPLIANCE),
    ("simulate", "`orgctl simulate --format json`: the same as the text.", DECISION),
    ("simulate of an event", "`orgctl simulate --from-event FILE --format json`.", DECISIONS),
    ("simulate of many lines", "`orgctl simulate --batch FILE`: JSON lines.", BATCH),
    ("rollout status", "`orgctl rollout status --format json`: the same as in a plan.", STATUS),
    ("impact", "`orgctl impact --format json`: the same as the text, with all groups.", IMPACT),
    ("impact of one event", "`orgctl impact --explain EVENTID --format json`.", EXPLAINED),
    ("impact, the events alone", "`orgctl impact --coverage --format json`: what records tell.", COVERAGE),
)


def page() -> str:
    """A table for each kind of output."""
    return "\n".join([_INTRODUCTION, *(line for section in _SECTIONS for line in _section(*section))])


def _section(title: str, sentence: str, fields: Fields) -> Iterator[str]:
    yield f"## {title}\n"
    yield f"{sentence}\n"
    yield from table(("field", "is"), ((code(path), meaning) for path, meaning in fields.items()))
