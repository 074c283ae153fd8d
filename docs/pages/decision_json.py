"""What programs may rely on in the JSON of `orgctl simulate`, field by field. Tests hold it against real output."""

from __future__ import annotations

from collections.abc import Mapping

from orgctl.policy.explanation import Decision, Standing
from orgctl.policy.layers import Layer

Fields = Mapping[str, str]

_DECISIONS = ", ".join(f"`{each.value}`" for each in Decision)
_STANDINGS = ", ".join(f"`{each.value}`" for each in Standing)
_ORGANIZATIONAL = " or ".join(f"`{each.value}`" for each in (Layer.SCP, Layer.RCP))

DECISION: Fields = {
    "format_version": "the version of this format",
    "decision": f"{_DECISIONS}; see [the four decisions](../guides/simulate.md#the-four-decisions)",
    "decided_by[]": "what decided: the statements that deny, or the levels on which nothing allows, or one allowing"
    " statement a level; of an `UNKNOWN`, the statements on which it hangs",
    "decided_by[].layer": _ORGANIZATIONAL,
    "decided_by[].level": "the level, from 0 at the root",
    "decided_by[].target": "its address: `root`, `ou:/Workloads`, `account:shop-prod`",
    "decided_by[].policy": "the policy: `scp/region-lock`; null: nothing allows on this level",
    "decided_by[].statement": "the statement's Sid, or `statement 2`; or null",
    "decided_by[].file": "the file with the statement; null for a policy that is in none",
    "decided_by[].line": "its line, or null",
    "decided_by[].column": "its column, or null",
    "unknown_keys[]": "the context keys that an `UNKNOWN` hangs on",
    "outcomes[]": "of an `UNKNOWN`: each decision that could come about",
    "outcomes[].decision": "the decision",
    "outcomes[].when": "values of the unknown keys with which it comes about",
    "outcomes[].when.*": "text, a list of texts, or null for an absent key",
    "reasons[]": "where AWS does not document what it does: a sentence each",
    "notes[]": "whom or what SCPs or RCPs do not bind, and why: a sentence each",
    "request": "the request as it was understood",
    "request.account": "the account that was asked about, by its name in the manifest",
    "request.principal": "who asks: an ARN, a service, or `*`",
    "request.action": "`service:Action`",
    "request.resource": "the ARN, or `*`",
    "request.resource_account": "the id of the account that the resource is in, or null",
    "request.context": "the context keys that are known",
    "request.context.*": "text, or a list of texts",
    "request.unknown[]": "the context keys of which nobody knows whether and how the request has them",
    "request.missing_in_record[]": "with `--from-event`: the unknown keys, which the record does not hold",
    "assumed[]": "what was not said and taken for granted",
    "assumed[].what": "`principal`, `resource`, `resource account`, or a context key",
    "assumed[].value": "what was taken; null: the key was taken for absent",
    "assumed[].why": "a clause",
    "assumed[].certain": "whether it follows from the rest, so that no other value comes into question",
    "remarks[]": "what is doubtful about the question: a sentence each",
    "rests_on": "where the decision hangs on what was assumed; else null",
    "rests_on.keys[]": "the assumed context keys that it hangs on",
    "rests_on.outcomes[]": "what could come about without the assumptions; as `outcomes`",
    "rests_on.outcomes[].decision": "the decision",
    "rests_on.outcomes[].when": "as in `outcomes`",
    "rests_on.outcomes[].when.*": "as in `outcomes`",
    "reported": "with `--from-event`: what AWS said; else null",
    "reported.allowed": "whether the event is no denial at all",
    "reported.layer": "the kind of policy, in AWS's words (`service control policy`), or null",
    "reported.explicit": "whether a Deny matched; else nothing allowed",
    "reported.policy": "the ARN of the policy that denied, or null",
    "not_looked_at": "why no policy of a layer was looked at",
    "not_looked_at.*": "a clause, by layer",
    "levels[]": "every level, from the root down",
    "levels[].layer": _ORGANIZATIONAL,
    "levels[].level": "from 0 at the root",
    "levels[].target": "its address",
    "levels[].policies[]": "the policies that are attached there",
    "levels[].verdict": "what the level says for itself; a decision",
    "levels[].binds": "whether it binds the request",
    "levels[].note": "why not, or null",
    "levels[].statements[]": "the statements that speak of the action",
    "levels[].statements[].policy": "the policy",
    "levels[].statements[].statement": "the statement's Sid, or `statement 2`",
    "levels[].statements[].effect": "`Allow` or `Deny`",
    "levels[].statements[].file": "its file, or null",
    "levels[].statements[].line": "its line, or null",
    "levels[].statements[].standing": f"whether it matches: {_STANDINGS}",
    "levels[].statements[].elements[]": "its elements, up to the first that fails",
    "levels[].statements[].elements[].element": "`Action`, `NotResource`, `StringEquals aws:RequestedRegion`, …",
    "levels[].statements[].elements[].standing": "whether it matches; as of statements",
    "levels[].statements[].elements[].policy[]": "what the policy says",
    "levels[].statements[].elements[].request": "what the request has: text, or null for an absent key",
    "levels[].statements[].elements[].request.*": "one of many values",
    "levels[].statements[].elements[].unknown": "whether the request's value is not known",
    "levels[].statements[].elements[].reason": "why its outcome cannot be told, or null",
    "levels[].others": "how many statements on the level are about other actions",
    "keys[]": "every context key that could have mattered",
}

DECISIONS: Fields = {
    "format_version": "the version of this format",
    "decisions[]": "one for each denial in the record; of a record without any, one for each event",
    "decisions[].*": "as above",
}

BATCH: Fields = {
    "id": "the line's own",
    "error": "what is wrong with the line, in a sentence; then there is nothing else",
    "decision": _DECISIONS,
    "decided_by[]": "as above",
    "decided_by[].layer": ", ".join(f"`{each.value}`" for each in Layer),
    "decided_by[].level": "as above; 0 for layers without levels",
    "decided_by[].policy": "as above; one that the line brings is named by where it stands: `scp[0][1]`",
    "decided_by[].statement": "as above",
    "unknown_keys[]": "as above",
    "reasons[]": "as above; only where there are some",
}
