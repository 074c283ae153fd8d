"""`orgctl rules check`: templates, judged by the rules before anything is deployed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from orgctl.api.rule_checks import check_templates
from orgctl.errors import InvalidInputError
from orgctl.rules.template.finding import Verdict
from tests.functional.conftest import REPOSITORY
from tests.rules.folders import guard_files, lambda_files, lay

VIOLATION, FINE, UNDECIDED = Verdict.NON_COMPLIANT, Verdict.COMPLIANT, Verdict.UNDECIDED


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A directory with one rule, which wants a layer on functions, and no manifest."""
    lay(tmp_path, "LAYERS", lambda_files())
    return tmp_path


def verdicts(directory: Path, template: str, name: str = "t.yaml", **given: str) -> dict[str, Verdict]:
    """What is said of each resource of a template."""
    path = directory / name
    path.write_text(template)
    named = {key.replace("__", "::"): value for key, value in given.items()}
    return {each.logical_id: each.verdict for each in check_templates(directory, [path], named).findings}


def function(properties: str, more: str = "") -> str:
    """A template with one function, whose only property is given."""
    return (
        f"{more}\nParameters:\n  Stage: {{Type: String}}\n  Known: {{Type: String, Default: a}}\n"
        "  Secret: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /a/b}\n"
        "  Many: {Type: CommaDelimitedList, Default: 'a, b'}\n"
        "Conditions:\n  Prod: !Equals [!Ref Stage, prod]\n  Same: !Equals [!Ref Known, a]\n"
        "  Here: !Equals [!Ref 'AWS::Region', eu-west-1]\n  Other: !Not [!Condition Same]\n"
        "  Either: !Or [!Condition Same, !Condition Prod]\n  Both: !And [!Condition Other, !Condition Prod]\n"
        "  Round: !Condition Round\n"
        f"Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties: {{{properties}}}\n"
    )


LAYERED = {
    "none": ("", VIOLATION),
    "an empty list": ("Layers: []", VIOLATION),
    "one": ("Layers: [arn]", FINE),
    "one that is put together": ("Layers: [!Sub 'arn:${AWS::Region}:${Known}']", FINE),
    "a list of a parameter": ("Layers: !Ref Many", FINE),
    "a list that is split": ("Layers: !Split [',', 'a,b']", FINE),
    "a list without a value": ("Layers: !Ref Missing", UNDECIDED),
    "a list of an import": ("Layers: !Split [',', !ImportValue layers]", UNDECIDED),
    "a condition that holds": ("Layers: !If [Same, [arn], []]", FINE),
    "one that does not": ("Layers: !If [Other, [arn], []]", VIOLATION),
    "one that hangs on a parameter": ("Layers: !If [Prod, [arn], []]", UNDECIDED),
    "one that hangs on the place": ("Layers: !If [Here, [arn], []]", UNDECIDED),
    "an or that one side decides": ("Layers: !If [Either, [arn], []]", FINE),
    "an and that one side decides": ("Layers: !If [Both, [arn], []]", VIOLATION),
    "a circle": ("Layers: !If [Round, [arn], []]", UNDECIDED),
    "a property that is taken away": ("Layers: !If [Same, !Ref AWS::NoValue, [arn]]", VIOLATION),
    "one that may be taken away": ("Layers: !If [Prod, !Ref AWS::NoValue, [arn]]", UNDECIDED),
    "a macro's": ("Layers: {'Fn::Transform': {Name: Mine}}", UNDECIDED),
    "a function of later": ("Layers: {'Fn::Flatten': [[a]]}", UNDECIDED),
}


@pytest.mark.parametrize("case", LAYERED)
def test_what_a_template_says_decides_and_what_it_does_not_say_is_never_guessed(directory: Path, case: str) -> None:
    """References and functions are worked out in three values: yes, no, and not known before the deployment."""
    properties, expected = LAYERED[case]
    assert verdicts(directory, function(properties)) == {"F": expected}


def test_an_unknown_value_that_the_rule_does_not_look_at_does_no_harm(directory: Path) -> None:
    """Only what a decision hangs on has to be known."""
    properties = "Layers: [!Ref Stage], Description: !ImportValue x, Environment: !Ref Stage, MemorySize: !Ref Stage"
    assert verdicts(directory, function(properties)) == {"F": FINE}


def test_values_can_be_given(directory: Path) -> None:
    """Of parameters, and of the place: what somebody said decides."""
    text = function("Layers: !If [Prod, [arn], []]")
    assert verdicts(directory, text, Stage="prod") == {"F": FINE}
    assert verdicts(directory, text, Stage="dev") == {"F": VIOLATION}
    assert verdicts(directory, function("Layers: !If [Here, [arn], []]"), AWS__Region="eu-west-1") == {"F": FINE}


def test_a_resource_under_a_condition_counts_only_if_it_is_made(directory: Path) -> None:
    """Left out: nothing to say; not known: undecided."""
    text = function("").replace("  F:\n", "  F:\n    Condition: Prod\n")
    assert verdicts(directory, text) == {"F": UNDECIDED}
    assert verdicts(directory, text, Stage="prod") == {"F": VIOLATION}
    assert verdicts(directory, text, Stage="dev") == {}


def test_json_is_read_as_well(directory: Path) -> None:
    """By its ending, or by how it begins; positions are those of the file."""
    text = '{\n  "Resources": {\n    "F": {"Type": "AWS::Lambda::Function"}\n  }\n}\n'
    for name in ("t.json", "t.template"):
        (directory / name).write_text(text)
        (finding,) = check_templates(directory, [directory / name], {}).findings
        assert (finding.verdict, finding.position.line, finding.position.column) == (VIOLATION, 3, 5)


SAM = """Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: a.b, CodeUri: ./src}}
Resources:
  Plain:
    Type: AWS::Serverless::Function
  Layered:
    Type: AWS::Serverless::Function
    Properties: {Layers: [arn]}
"""


def test_sam_is_expanded_as_cloudformation_does_it(directory: Path) -> None:
    """Code on the disk needs no S3; what is generated stands where its resource of SAM stands."""
    path = directory / "sam.yaml"
    path.write_text(SAM)
    found = check_templates(directory, [path], {}).findings
    assert [(each.logical_id, each.verdict, each.position.line) for each in found] == [
        ("Plain", VIOLATION, 4),
        ("Layered", FINE, 6),
    ]


def test_a_guard_policy_is_asked_in_the_same_way(directory: Path) -> None:
    """It does not tell what it looks at, so it is undecided where anything is unknown."""
    lay(directory, "GUARDED", guard_files())
    path = directory / "t.yaml"
    for properties, expected in (
        ("PackageType: Image", VIOLATION),
        ("PackageType: Image, Layers: [a]", FINE),
        ("PackageType: Image, Description: !Ref Stage", UNDECIDED),
    ):
        path.write_text(function(properties))
        found = {each.rule: each.verdict for each in check_templates(directory, [path], {}).findings}
        assert found["GUARDED"] == expected


REFUSED = {
    "no YAML": ("a: [", "cannot be used"),
    "nothing": ("", "is empty"),
    "no resources": ("a: b", "is no CloudFormation template"),
    "a list": ("- a", "is no CloudFormation template"),
    "a resource without a type": ("Resources: {F: {Properties: {}}}", "has no `Type`"),
    "an unknown tag": ("Resources: {F: !Nope x}", "cannot be used"),
    "an anchor": ("Resources: {F: &a {Type: AWS::Lambda::Function}}", "cannot be used"),
    "what SAM does not take": (SAM.replace("Runtime: python3.13, ", ""), "no template that SAM takes"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_template_is_said_in_one_sentence(directory: Path, case: str) -> None:
    """Before any rule is asked."""
    text, message = REFUSED[case]
    with pytest.raises(InvalidInputError, match=message):
        verdicts(directory, text)


def test_a_parameter_that_no_template_has_is_refused(directory: Path) -> None:
    """A misspelt one would leave things undecided, and nobody would know why."""
    with pytest.raises(InvalidInputError, match="no template has a parameter `Stag`"):
        verdicts(directory, function(""), Stag="x")


SHIPPED = """Resources:
  Config:
    Type: AWS::Lambda::CodeSigningConfig
    Properties:
      AllowedPublishers: {SigningProfileVersionArns: [arn:aws:signer:eu-west-1:1:/signing-profiles/P/v]}
      CodeSigningPolicies: {UntrustedArtifactOnDeployment: POLICY}
  Signed:
    Type: AWS::Lambda::Function
    Properties: {CodeSigningConfigArn: !Ref Config}
  Foreign:
    Type: AWS::Lambda::Function
    Properties: {CodeSigningConfigArn: "arn:aws:lambda:eu-west-1:1:code-signing-config:csc-1"}
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: a, ProtocolType: HTTP}
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: GET /, AuthorizationType: TYPE}
  Described:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Body:
        paths: {/: {get: {security: [{Jwt: []}]}}}
        components: {securitySchemes: {Jwt: {x-amazon-apigateway-authorizer: {type: jwt}}}}
  Elsewhere:
    Type: AWS::ApiGatewayV2::Api
    Properties: {BodyS3Location: {Bucket: b, Key: k}}
  Domain:
    Type: AWS::ApiGateway::DomainName
    Properties: {DomainName: a.example.com, SecurityPolicy: TLS_POLICY, EndpointConfiguration: {Types: [REGIONAL]}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      PermissionsBoundary: BOUNDARY
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
"""


def _shipped(directory: Path, changes: dict[str, str]) -> dict[tuple[str, str], Verdict]:
    text = SHIPPED
    for old, new in changes.items():
        text = text.replace(old, new)
    path = directory / "t.yaml"
    path.write_text(text)
    for folder in ("config_rules",):
        (directory / folder).symlink_to(REPOSITORY / folder)
    found = check_templates(directory, [path], {}).findings
    return {(each.rule, each.logical_id): each.verdict for each in found}


def test_the_shipped_rules_find_what_is_wrong_before_it_is_deployed(tmp_path: Path) -> None:
    """What a rule asks AWS for after the deployment is answered from the template."""
    boundary = "arn:aws:iam::111122223333:policy/other"
    changes = {"POLICY}": "Warn}", "TYPE": "NONE", "TLS_POLICY": "TLS_1_0", "      PermissionsBoundary: BOUNDARY\n": ""}
    found = _shipped(tmp_path, {**changes, "BOUNDARY": boundary})
    assert {key: found[key] for key in found if key[1] not in ("Config", "Route")} == {
        ("LAMBDA_CODE_SIGNING_ENFORCED", "Signed"): VIOLATION,
        ("LAMBDA_CODE_SIGNING_ENFORCED", "Foreign"): UNDECIDED,
        ("HTTP_API_JWT_AUTHORIZER", "Api"): VIOLATION,
        ("HTTP_API_JWT_AUTHORIZER", "Described"): FINE,
        ("HTTP_API_JWT_AUTHORIZER", "Elsewhere"): UNDECIDED,
        ("API_DOMAIN_TLS", "Domain"): VIOLATION,
        ("LAMBDA_ROLE_PERMISSIONS_BOUNDARY", "Role"): VIOLATION,
    }


def test_the_shipped_rules_let_pass_what_is_right(tmp_path: Path) -> None:
    """The same template, mended."""
    changes = {"POLICY}": "Enforce}", "TYPE": "JWT", "TLS_POLICY": "TLS_1_2"}
    found = _shipped(tmp_path, {**changes, "BOUNDARY": "arn:aws:iam::111122223333:policy/boundary"})
    assert {found[key] for key in found if key[1] not in ("Foreign", "Elsewhere")} == {FINE}


def test_what_hangs_on_the_account_is_undecided_until_somebody_names_it(tmp_path: Path) -> None:
    """A rule compares the account in an ARN with that of the resource, which the template does not say."""
    lay(tmp_path, "HERE", {**lambda_files("HERE"), "HERE.py": HERE, "HERE_test.py": "import unittest\n"})
    text = function("Description: 'arn:aws:iam::444455556666:role/x'")
    assert verdicts(tmp_path, text) == {"F": UNDECIDED}
    assert verdicts(tmp_path, text, AWS__AccountId="444455556666") == {"F": FINE}
    assert verdicts(tmp_path, text, AWS__AccountId="777788889999") == {"F": VIOLATION}
    assert verdicts(tmp_path, function("Description: 'arn:aws:iam::x:role/x'")) == {"F": VIOLATION}


HERE = """from rdklib import ComplianceType, ConfigRule, Evaluation, Evaluator


class HERE(ConfigRule):
    def evaluate_change(self, event, client_factory, configuration_item, valid_rule_parameters):
        if configuration_item["awsAccountId"] in configuration_item["configuration"]["description"]:
            return [Evaluation(ComplianceType.COMPLIANT)]
        return [Evaluation(ComplianceType.NON_COMPLIANT)]


def lambda_handler(event, context):
    return Evaluator(HERE(), ["AWS::Lambda::Function"]).handle(event, context)
"""


def _command(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    (directory / "t.yaml").write_text(function("Layers: !Ref Stage") + "  G: {Type: AWS::Lambda::Function}\n")
    command = [sys.executable, "-m", "orgctl", "-C", str(directory), "rules", "check", "t.yaml", *arguments]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=120)


def test_the_command_fails_on_a_violation(directory: Path) -> None:
    """Exit 1; violations are errors, what is undecided is a warning, each at the resource's line."""
    ended = _command(directory)
    reason = "cannot be judged before the deployment: the parameter `Stage` has no value here"
    assert (ended.returncode, ended.stdout.splitlines(), ended.stderr) == (
        1,
        [
            f"t.yaml:16:3: warning[LAYERS]: `F` {reason}",
            "t.yaml:19:3: error[LAYERS]: `G`: it has no layers",
        ],
        "1 violation, 1 undecided, 0 compliant\n",
    )


def test_sarif_and_annotations_say_the_same(directory: Path) -> None:
    """Rules are SARIF's rules, with their summaries; GitHub gets a line for each."""
    run = json.loads(_command(directory, "--format", "sarif").stdout)["runs"][0]
    assert [each["shortDescription"]["text"] for each in run["tool"]["driver"]["rules"]] == ["functions have a layer"]
    assert [(each["ruleId"], each["level"]) for each in run["results"]] == [("LAYERS", "warning"), ("LAYERS", "error")]
    lines = _command(directory, "--format", "github").stdout.splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["::warning", "::error"]


def test_json_counts_every_verdict(directory: Path) -> None:
    """The same findings, compliant ones included, and what was not looked at."""
    value = json.loads(_command(directory, "--format", "json").stdout)
    assert value["counts"] == {"COMPLIANT": 0, "NON_COMPLIANT": 1, "NOT_APPLICABLE": 0, "UNDECIDED": 1}


def test_what_is_undecided_fails_if_that_is_wanted(directory: Path) -> None:
    """A pipeline may insist on being told everything."""
    path = directory / "u.yaml"
    path.write_text(function("Layers: !Ref Stage"))
    command = [sys.executable, "-m", "orgctl", "-C", str(directory), "rules", "check", str(path)]
    assert subprocess.run(command, capture_output=True, timeout=120).returncode == 0
    assert subprocess.run([*command, "--fail-on-undecided"], capture_output=True, timeout=120).returncode == 1
