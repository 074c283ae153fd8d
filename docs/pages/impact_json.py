"""What programs may rely on in the output of `orgctl impact`, field by field. Tests hold it against real output."""

from __future__ import annotations

from collections.abc import Mapping

from orgctl.replay.verdicts.verdict import Kind
from orgctl.views.impact_json import kind_name
from orgctl.views.impact_words import MEANINGS

Fields = Mapping[str, str]

_KINDS = ", ".join(f"`{kind_name(kind)}`" for kind in Kind)

IMPACT: Fields = {
    "format_version": "the version of this format",
    "change": "what is tried, in words: the manifest, or one policy at one place",
    "baseline": "what it is compared with, in words",
    "events": "how many distinct events have a verdict; the `totals` add up to it",
    "first": "the time of the first of them, in UTC; null if no time was recorded",
    "last": "the time of the last of them",
    "totals": "how many events have which verdict",
    **{f"totals.{kind_name(kind)}": MEANINGS[kind] for kind in Kind},
    "reading": "what was read",
    "reading.files": "how many files",
    "reading.records": "how many records: `distinct`, `duplicates` and `unreadable` ones",
    "reading.distinct": "how many different events, those that were not asked for included",
    "reading.duplicates": "how many repeated an event, by its `eventID`",
    "reading.unreadable": "how many are no readable record of an event",
    "reading.passed_over": "how many files in the folders hold something else: digests, other services' logs",
    "reading.left_out": "how many distinct events were not asked for",
    "reading.troubles[]": "files that could not be read, or not wholly",
    "reading.troubles[].file": "the file",
    "reading.troubles[].reason": "why, in a clause",
    "reading.troubles[].lost": "how many records of it were lost, as far as that is known",
    "to_settle[]": "the context keys on which events depend, those first that would settle most",
    "to_settle[].key": "the key, as policies spell it",
    "to_settle[].events": "how many events depend on it, perhaps among others",
    "groups[]": "events with the same verdict, caller, action and account; those that are allowed are only counted",
    "groups[].verdict": _KINDS,
    "groups[].causes[]": "what denies them, or may: statements, or levels on which nothing allows them",
    "groups[].causes[].layer": "`scp` or `rcp`",
    "groups[].causes[].policy": "the policy: `scp/region-lock`; null: nothing allows them",
    "groups[].causes[].statement": "the statement's Sid, or `statement 2`; or null",
    "groups[].causes[].level": "the address of the level on which nothing allows them; null for a statement",
    "groups[].causes[].file": "the file with the statement; null for a policy that is in none",
    "groups[].causes[].line": "its line, or null",
    "groups[].keys[]": "the context keys that would settle what depends",
    "groups[].reason": "why they are exempt or undetermined, or null",
    "groups[].principal": "the caller: a role's or user's ARN, never a session's; in parentheses where it is not told;"
    " empty for what is exempt or refused already",
    "groups[].action": "the IAM action; in parentheses service and event where that is not known; empty likewise",
    "groups[].account": "the id of the caller's account, else of the one that recorded the events; or null",
    "groups[].account_name": "its name in the manifest; null for an account that is none of the organization's",
    "groups[].ou": "the OU that it is in, or null",
    "groups[].count": "how many events",
    "groups[].first": "the time of the first, or null",
    "groups[].last": "the time of the last, or null",
    "groups[].samples[]": "up to three `eventID`s",
    "accounts_without_id[]": "accounts of the manifest whose id is not known: their calls are undetermined",
    "unread_policies[]": "policies in AWS that cannot be read, and so count as allowing everything",
    "notes[]": "of what the records are silent, and which assumptions no policy asks for, in sentences",
}

_UNTOLD: Fields = {
    "event": "the event's name",
    "reason": "why it is not known; of several reasons, one",
    "calls": "how many calls",
}

_TOLD: Fields = {
    "events": "how many distinct events",
    "calls": "how many of them are calls, and no sign-ins or reports of services",
    "with_action": "of how many calls the IAM action is known; those that need none count too",
    "with_resources": "of how many of these also all resources, or that they are about none",
}

COVERAGE: Fields = {
    "format_version": "the version of this format",
    "reading": "what was read",
    **{path: meaning for path, meaning in IMPACT.items() if path.startswith("reading.") and "troubles" not in path},
    **_TOLD,
    "services[]": "each service, those with the most calls first",
    "services[].service": "the service: `ec2` for the event source `ec2.amazonaws.com`",
    **{f"services[].{field}": meaning for field, meaning in _TOLD.items()},
    "services[].without_action[]": "calls whose action is not known, by name, the most frequent first",
    **{f"services[].without_action[].{field}": meaning for field, meaning in _UNTOLD.items()},
    "services[].without_resources[]": "calls whose action is known, but not all of their resources",
    **{f"services[].without_resources[].{field}": meaning for field, meaning in _UNTOLD.items()},
}

EXPLAINED: Fields = {
    "format_version": "the version of this format",
    "event": "its `eventID`",
    "time": "when it was, in UTC, or null",
    "principal": "the caller, as in a group of the impact",
    "action": "the IAM action, likewise",
    "verdict": _KINDS,
    "causes[]": "what denies it, or may, in words",
    "keys[]": "the context keys that would settle what depends",
    "reason": "why it is exempt or undetermined, or null",
    "before[]": "a decision for each resource, before the change: as those of [simulate](#simulate)",
    "before[].*": "as there",
    "after[]": "the same after the change",
    "after[].*": "as there",
}
