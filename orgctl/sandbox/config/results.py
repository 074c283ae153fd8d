"""PutEvaluations: what a rule's function says about resources, and what is believed of it."""

from __future__ import annotations

from orgctl.sandbox.config import find
from orgctl.sandbox.config.noting import note
from orgctl.sandbox.config.registry import operation
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters

_AHEAD = 300.0


@operation("PutEvaluations", Access.ANYBODY)
def put_evaluations(call: Call, params: Parameters) -> Members:
    """Take note of evaluations by a result token, which counts in the rule's account and region only.

    In test mode only the form is checked. An evaluation older than the one that is known fails.
    """
    if params.get("TestMode"):
        return {"FailedEvaluations": []}
    token = call.cloud.config.tokens.get(params["ResultToken"])
    if token is None or (token.account, token.region) != (call.caller, call.region):
        raise RefusalError("InvalidResultTokenException", "The Result Token provided is not valid.")
    home = find.home(call)
    if token.rule not in home.rules:
        raise RefusalError("NoSuchConfigRuleException", f"The ConfigRule '{token.rule}' does not exist.")
    evaluations = params.get("Evaluations") or []
    if any(evaluation["OrderingTimestamp"] > call.now + _AHEAD for evaluation in evaluations):
        raise RefusalError("InvalidParameterValueException", "The ordering timestamp is in the future.")
    rule = home.rules[token.rule]
    failed = [e for e in evaluations if not note(call.cloud, home, rule, e, token.invoked)]
    rule.status["LastSuccessfulEvaluationTime"] = call.now
    return {"FailedEvaluations": failed}


@operation("PutExternalEvaluation", Access.ANYBODY)
def put_external(call: Call, params: Parameters) -> Members:
    """Take note of one evaluation, by the rule's name."""
    note(call.cloud, find.home(call), find.rule(call, params["ConfigRuleName"]), params["ExternalEvaluation"], call.now)
    return {}


@operation("DeleteEvaluationResults", Access.ANYBODY)
def delete_results(call: Call, params: Parameters) -> Members:
    """Forget what a rule said."""
    find.rule(call, params["ConfigRuleName"]).results.clear()
    return {}
