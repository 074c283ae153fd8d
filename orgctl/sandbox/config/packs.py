"""Conformance packs of one account: put, deployed, described, deleted; and what they say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orgctl.errors import InvalidInputError
from orgctl.sandbox.config import find, rules
from orgctl.sandbox.config.compliance import shown, wanted
from orgctl.sandbox.config.pack_templates import checked, contents, text_of
from orgctl.sandbox.config.pages import page
from orgctl.sandbox.config.registry import operation
from orgctl.sandbox.config.remediation import keep
from orgctl.sandbox.config_state import Home, Pack, Rule
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters
from orgctl.sandbox.pending import Pending
from orgctl.sandbox.state import Cloud
from orgctl.sandbox.templates.resolving import Place, parameters

PACKS = 50


@operation("PutConformancePack", Access.ANYBODY)
def put_pack(call: Call, params: Parameters) -> Members:
    """Create a pack, or change it; its rules come a little later."""
    home, name = find.home(call), params["ConformancePackName"]
    known = home.packs.get(name)
    if known is not None and (known.owner is not None or known.pending is not None):
        raise RefusalError("ResourceInUseException", f"The conformance pack {name} is in use: {known.state}")
    if known is None and len(home.packs) >= (call.quota("conformance_packs") or PACKS):
        message = "You have reached the limit of the number of conformance packs you can create in an account."
        raise RefusalError("MaxNumberOfConformancePacksExceededException", message)
    given = inputs(params)
    try:
        text = text_of(call, params)
        checked(text, given)
    except InvalidInputError as problem:
        raise RefusalError("ConformancePackTemplateValidationException", str(problem)) from None
    pack = begun(call.cloud, home, name, text, _settings(params))
    pack.tags = find.tags_of(params.get("Tags")) or pack.tags
    return {"ConformancePackArn": pack.settings["ConformancePackArn"]}


def inputs(params: Parameters) -> dict[str, str]:
    """The values that a request gives a template's parameters."""
    given = params.get("ConformancePackInputParameters") or ()
    return {parameter["ParameterName"]: parameter["ParameterValue"] for parameter in given}


def _settings(params: Parameters) -> Members:
    kept = ("DeliveryS3Bucket", "DeliveryS3KeyPrefix")
    settings: Members = {key: params[key] for key in kept if key in params}
    return {**settings, "ConformancePackInputParameters": params.get("ConformancePackInputParameters") or []}


def begun(cloud: Cloud, home: Home, name: str, text: str, settings: Mapping[str, Any]) -> Pack:
    """A pack on its way into an account, or to its next state."""
    known, now = home.packs.get(name), cloud.clock.now()
    identity = known.settings["ConformancePackId"] if known else f"conformance-pack-{cloud.ids.text(9)}"
    made = known or Pack({}, text, "CREATE_IN_PROGRESS", now)
    made.settings = {
        **settings,
        "ConformancePackName": name,
        "ConformancePackId": identity,
        "ConformancePackArn": home.arn("conformance-pack", f"{name}/{identity}"),
        "LastUpdateRequestedTime": now,
    }
    made.template, made.requested, made.reason = text, now, None
    made.state = "UPDATE_IN_PROGRESS" if known and known.state != "CREATE_FAILED" else "CREATE_IN_PROGRESS"
    made.pending = Pending.after(cloud.settings.delays.conformance_pack, cloud.clock)
    home.packs[name] = made
    return made


def settle(cloud: Cloud, home: Home, *names: str) -> None:
    """Deploy, or take away, the account's own packs that are due; asking about them is a poll."""
    for name in names or tuple(home.packs):
        pack = home.packs.get(name)
        if pack is None or pack.owner is not None or pack.pending is None or not pack.pending.poll(cloud.clock):
            continue
        if pack.state == "DELETE_IN_PROGRESS":
            undeploy(home, name)
        else:
            deploy(cloud, home, name)


def deploy(cloud: Cloud, home: Home, name: str) -> bool:
    """Bring a pack's rules into an account; whether it worked. What fails is its reason, and nothing of it stays."""
    pack = home.packs[name]
    pack.pending, before = None, list(pack.rules)
    kind = pack.state.partition("_")[0]
    try:
        pack.rules = _put_all(cloud, home, name, pack)
    except RefusalError as refusal:
        pack.state, pack.reason = f"{kind}_FAILED", f"{refusal.code.removesuffix('Exception')}: {refusal.message}"
    except InvalidInputError as problem:
        pack.state, pack.reason = f"{kind}_FAILED", str(problem)
    else:
        pack.state, pack.completed = f"{kind}_COMPLETE", cloud.clock.now()
    if pack.state == "CREATE_FAILED":
        pack.rules = []
    kept = set(pack.rules)
    for rule in [r for r in home.rules.values() if r.pack == name and r.name not in kept]:
        rules.remove(home, rule.name)
    if pack.state == "UPDATE_FAILED":
        pack.rules = [rule for rule in before if rule in home.rules]
    return pack.state.endswith("COMPLETE")


def _put_all(cloud: Cloud, home: Home, name: str, pack: Pack) -> list[str]:
    """Put all rules and remediations of a pack; the names that the rules have in the account."""
    template = checked(pack.template, inputs(pack.settings))
    place = Place(home.account, home.region, parameters(template, inputs(pack.settings)), name)
    found, suffix = contents(template, place), pack.settings["ConformancePackId"]
    names = {given["ConfigRuleName"]: f"{given['ConfigRuleName']}-{suffix}" for given in found.rules.values()}
    by_logical = {logical: names[given["ConfigRuleName"]] for logical, given in found.rules.items()}
    for given in found.rules.values():
        made = {**given, "ConfigRuleName": names[given["ConfigRuleName"]]}
        rules.put(cloud, home, {**made, "CreatedBy": "config-conforms.amazonaws.com"}, pack=name)
    for given in found.remediations:
        rule = names.get(given["ConfigRuleName"]) or by_logical.get(given["ConfigRuleName"])
        if rule is None:
            raise InvalidInputError(f"The remediation of {given['ConfigRuleName']} is for no rule of the pack.")
        keep(home, {**given, "ConfigRuleName": rule}, service="config-conforms.amazonaws.com")
    return list(names.values())


def undeploy(home: Home, name: str) -> None:
    """Take a pack and its rules out of an account."""
    home.packs.pop(name, None)
    for rule in [r for r in home.rules.values() if r.pack == name]:
        rules.remove(home, rule.name)


@operation("DeleteConformancePack", Access.ANYBODY)
def delete_pack(call: Call, params: Parameters) -> None:
    """On its way out."""
    name = params["ConformancePackName"]
    pack = _pack(call, name)
    if pack.owner is not None or pack.pending is not None:
        raise RefusalError("ResourceInUseException", f"The conformance pack {name} is in use: {pack.state}")
    pack.state = "DELETE_IN_PROGRESS"
    pack.pending = Pending.after(call.cloud.settings.delays.conformance_pack, call.cloud.clock)


@operation("DescribeConformancePacks", Access.ANYBODY)
def describe(call: Call, params: Parameters) -> Members:
    """The packs, those of the organization too (`OrgConformsPack-…`)."""
    found = _packs(call, params)
    return page(call, params, "ConformancePackDetails", found, lambda pack: pack.settings, size=10)


@operation("DescribeConformancePackStatus", Access.ANYBODY)
def describe_status(call: Call, params: Parameters) -> Members:
    """Where they are, and why they failed. Asking lets time pass."""
    names = params.get("ConformancePackNames") or ()
    settle(call.cloud, find.home(call), *names)
    found = [pack for name, pack in find.home(call).packs.items() if not names or name in names]
    return page(call, params, "ConformancePackStatusDetails", found, _status, size=10)


def _status(pack: Pack) -> Members:
    settings = pack.settings
    status: Members = {key: settings[f"ConformancePack{key}"] for key in ("Name", "Id", "Arn")}
    answer: Members = {f"ConformancePack{key}": value for key, value in status.items()}
    arn = settings["ConformancePackArn"].split(":")
    stack = f"awsconfigconforms-{settings['ConformancePackName']}-{settings['ConformancePackId']}"
    answer |= {
        "ConformancePackState": pack.state,
        "StackArn": f"arn:aws:cloudformation:{arn[3]}:{arn[4]}:stack/{stack}/sandbox",
        "LastUpdateRequestedTime": pack.requested,
    }
    if pack.reason:
        answer["ConformancePackStatusReason"] = pack.reason
    if pack.completed:
        answer["LastUpdateCompletedTime"] = pack.completed
    return answer


def _pack(call: Call, name: str) -> Pack:
    settle(call.cloud, find.home(call), name)
    found = find.home(call).packs.get(name)
    if found is None:
        message = f"Conformance pack {name} does not exist"
        raise RefusalError("NoSuchConformancePackException", message)
    return found


def _packs(call: Call, params: Parameters) -> list[Pack]:
    names = params.get("ConformancePackNames")
    if names:
        return [_pack(call, name) for name in names]
    settle(call.cloud, find.home(call))
    return list(find.home(call).packs.values())


def rules_of(home: Home, name: str) -> list[Rule]:
    """The rules of a pack."""
    return [home.rules[rule] for rule in home.packs[name].rules if rule in home.rules]


def overall(home: Home, name: str) -> str:
    """The compliance of a pack: NON_COMPLIANT if one rule is."""
    found = {find.overall(rule) for rule in rules_of(home, name)}
    return next((c for c in ("NON_COMPLIANT", "COMPLIANT") if c in found), "INSUFFICIENT_DATA")


@operation("DescribeConformancePackCompliance", Access.ANYBODY)
def compliance(call: Call, params: Parameters) -> Members:
    """The compliance of each rule of a pack."""
    name, filters = params["ConformancePackName"], params.get("Filters") or {}
    found = [
        rule for rule in _filtered(call, name, filters) if filters.get("ComplianceType") in (None, find.overall(rule))
    ]
    answer = page(call, params, "ConformancePackRuleComplianceList", found, _rule)
    return {"ConformancePackName": name, **answer}


def _rule(rule: Rule) -> Members:
    return {"ConfigRuleName": rule.name, "ComplianceType": find.overall(rule), "Controls": []}


@operation("GetConformancePackComplianceDetails", Access.ANYBODY)
def details(call: Call, params: Parameters) -> Members:
    """What a pack's rules say of each resource."""
    name, filters = params["ConformancePackName"], params.get("Filters") or {}
    kinds = [filters["ComplianceType"]] if "ComplianceType" in filters else None
    pairs = [(rule, result) for rule in _filtered(call, name, filters) for result in rule.results.values()]
    found = [
        (rule, result)
        for rule, result in wanted(pairs, kinds)
        if filters.get("ResourceType") in (None, result.resource_type)
        and (not filters.get("ResourceIds") or result.resource_id in filters["ResourceIds"])
    ]
    answer = page(call, params, "ConformancePackRuleEvaluationResults", found, shown)
    return {"ConformancePackName": name, **answer}


def _filtered(call: Call, name: str, filters: Mapping[str, Any]) -> list[Rule]:
    _pack(call, name)
    found, names = rules_of(find.home(call), name), filters.get("ConfigRuleNames")
    if names and (unknown := set(names) - {rule.name for rule in found}):
        message = f"The rule {sorted(unknown)[0]} is not in the conformance pack {name}."
        raise RefusalError("NoSuchConfigRuleInConformancePackException", message)
    return [rule for rule in found if not names or rule.name in names]


@operation("GetConformancePackComplianceSummary", Access.ANYBODY)
def summary(call: Call, params: Parameters) -> Members:
    """The compliance of packs."""
    names = [name for name in params["ConformancePackNames"] if _pack(call, name)]
    home = find.home(call)
    return {
        "ConformancePackComplianceSummaryList": [
            {"ConformancePackName": name, "ConformancePackComplianceStatus": overall(home, name)} for name in names
        ]
    }
