import sys
import unittest
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from API_DOMAIN_TLS import API_DOMAIN_TLS, OLDEST_VERSION, RESOURCE_TYPES
from rdklib import InvalidParametersError, MissingTriggerHandlerError

from organization_rule import testing
from organization_rule.errors import UndecidedError
from organization_rule.testing import Account, Refusal

RULE = API_DOMAIN_TLS()
NAME = "api.example.com"
STORE = {"truststoreUri": "s3://trust/store.pem"}
GONE = Refusal("NotFoundException")
NOT_WANTED, WANTED = {"RequireMutualTls": "false"}, {"RequireMutualTls": "true"}


def domain(policy="TLS_1_2", kind="REGIONAL", name=NAME, **more):
    found = {"domainName": name, "endpointConfiguration": {"types": [kind]}, **more}
    return {**found, "securityPolicy": policy} if policy else found


def having(*rest, http=(), **more):
    return Account(
        {
            "apigateway:GetDomainNames": {"items": list(rest)},
            "apigatewayv2:GetDomainNames": {"Items": list(http)},
            **more,
        }
    )


def results(account, parameters=None, **keys):
    event = testing.schedule(parameters, **keys)
    return testing.evaluate(RULE, RESOURCE_TYPES, event, account)


def verdict(account, parameters=None):
    (result,) = results(account, parameters)
    return ": ".join(text for text in (result["ComplianceType"], result.get("Annotation")) if text)


class SecurityPolicies(unittest.TestCase):
    def test_all_are_known(self):
        """Every security policy that boto3 knows is ranked, so that no better one is called wrong."""
        known = Account().build_client("apigateway").meta.service_model.shape_for("SecurityPolicy").enum
        self.assertEqual(set(), set(known) - set(OLDEST_VERSION))

    def test_minimum(self):
        """Only TLS_1_0 lets in what is older than TLS 1.2; three let in nothing older than TLS 1.3."""
        for oldest, expected in (("1.2", len(OLDEST_VERSION) - 1), ("1.3", 3)):
            good = [
                policy
                for policy in OLDEST_VERSION
                if verdict(having(domain(policy)), {"MinimumTlsVersion": oldest}) == "COMPLIANT"
            ]
            self.assertEqual(expected, len(good), good)
            self.assertNotIn("TLS_1_0", good)

    CASES = (
        ("TLS_1_0", {}, "NON_COMPLIANT: its security policy `TLS_1_0` is not allowed: choose one of TLS 1.2 or newer"),
        (
            None,
            {},
            "NON_COMPLIANT: it says no security policy, and an old domain then takes TLS 1.0: "  # noqa: ISC004
            "choose one of TLS 1.2 or newer",
        ),
        (
            "TLS_1_2",
            {"MinimumTlsVersion": "1.3"},
            "NON_COMPLIANT: its security policy `TLS_1_2` is not allowed: choose one of TLS 1.3 or newer",
        ),
        (
            "TLS_1_2",
            {"AllowedSecurityPolicies": "SecurityPolicy_*"},
            "NON_COMPLIANT: its security policy `TLS_1_2` is not allowed: choose one of `SecurityPolicy_*`",
        ),
        ("SecurityPolicy_TLS14_2030", {"AllowedSecurityPolicies": "SecurityPolicy_*"}, "COMPLIANT"),
        ("TLS_1_0", {"AllowedSecurityPolicies": "TLS_1_0"}, "COMPLIANT"),
    )

    def test_policies(self):
        """What is wrong is told with what would be right."""
        for policy, parameters, expected in self.CASES:
            with self.subTest(policy=policy, parameters=parameters):
                self.assertEqual(expected, verdict(having(domain(policy)), parameters))

    def test_unknown(self):
        """A security policy that is not known is no verdict, and does not keep others from theirs."""
        account = having(domain("SecurityPolicy_TLS14_2030"), domain(name="other.example.com"))
        with self.assertRaisesRegex(UndecidedError, "`api.example.com`: .*`SecurityPolicy_TLS14_2030` is not known"):
            results(account)
        (put,) = account.asked("config:PutEvaluations")
        self.assertEqual(["other.example.com"], [each["ComplianceResourceId"] for each in put["Evaluations"]])


class Domains(unittest.TestCase):
    def test_of_both_apis(self):
        """Domains are found by both of API Gateway's APIs, once each, and on every page."""
        configurations = [{"SecurityPolicy": "TLS_1_2"}, {"SecurityPolicy": "TLS_1_0"}]
        http = [
            {"DomainName": NAME, "DomainNameConfigurations": [{"SecurityPolicy": "TLS_1_2"}]},
            {"DomainName": "http.example.com", "DomainNameConfigurations": configurations},
        ]
        account = having(
            http=http,
            **{
                "apigateway:GetDomainNames": lambda request: (
                    {"items": [domain("SecurityPolicy_TLS13_1_3_2025_09")]}
                    if request.get("position")
                    else {"items": [domain("TLS_1_0", "EDGE", "edge.example.com")], "position": "2"}
                )
            },
        )
        self.assertEqual(
            {NAME: "COMPLIANT", "edge.example.com": "NON_COMPLIANT", "http.example.com": "NON_COMPLIANT"},
            {each["ComplianceResourceId"]: each["ComplianceType"] for each in results(account)},
        )

    def test_private(self):
        """Private domains may share a name; each has a result of its own."""
        arns = [f"arn:aws:apigateway:eu-west-1:111122223333:/domainnames/api+{each}" for each in ("a1", "b2")]
        account = having(*(domain(kind="PRIVATE", domainNameArn=arn) for arn in arns), domain("TLS_1_0"))
        found = [(each["ComplianceResourceType"], each["ComplianceResourceId"]) for each in results(account)]
        private, public = "AWS::ApiGateway::DomainNameV2", "AWS::ApiGateway::DomainName"
        self.assertEqual([(private, arns[0]), (private, arns[1]), (public, NAME)], found)

    def test_none(self):
        """Without domains there are no results, and AWS Config is told so."""
        account = having()
        self.assertEqual([], results(account))
        self.assertEqual([[]], [each["Evaluations"] for each in account.asked("config:PutEvaluations")])

    def test_deleted(self):
        """A result on a domain that is not there any more is taken out."""
        qualifier = {"ResourceType": "AWS::ApiGateway::DomainName", "ConfigRuleName": "a-rule"}
        earlier = [
            {"EvaluationResultIdentifier": {"EvaluationResultQualifier": {**qualifier, "ResourceId": name}}}
            for name in (NAME, "gone.example.com")
        ]
        account = having(domain(), **{"config:GetComplianceDetailsByConfigRule": {"EvaluationResults": earlier}})
        found = results(account, resultToken="token")
        self.assertEqual(
            {NAME: "COMPLIANT", "gone.example.com": "NOT_APPLICABLE"},
            {each["ComplianceResourceId"]: each["ComplianceType"] for each in found},
        )


class MutualTls(unittest.TestCase):
    AROUND = "NON_COMPLIANT: mutual TLS can be passed by, over the default endpoint of the API {}: set {}"

    def _behind(self, *apis, rest=None, http=None, **keys):
        rest, http = rest or {}, http or {}
        full = {"Name": "x", "ProtocolType": "HTTP", "RouteSelectionExpression": "x"}
        return having(
            domain(mutualTlsAuthentication=STORE, **keys),
            **{
                "apigatewayv2:GetApiMappings": lambda request: (
                    {
                        "Items": [{"ApiId": apis[0], "Stage": "$default"}],
                        **({"NextToken": "2"} if len(apis) > 1 else {}),
                    }
                    if not request.get("NextToken")
                    else {"Items": [{"ApiId": api, "Stage": "prod"} for api in apis[1:]]}
                ),
                "apigatewayv2:GetApi": lambda request: (
                    {**full, "DisableExecuteApiEndpoint": http[request["ApiId"]]} if request["ApiId"] in http else GONE
                ),
                "apigateway:GetRestApi": lambda request: (
                    {"disableExecuteApiEndpoint": rest[request["restApiId"]]} if request["restApiId"] in rest else GONE
                ),
                "apigatewayv2:ListRoutingRules": {
                    "RoutingRules": [{"Actions": [{"InvokeApi": {"ApiId": "routed", "Stage": "prod"}}]}]
                },
            },
        )

    def test_store(self):
        """A trust store is wanted only where clients have to show certificates."""
        no_store = "NON_COMPLIANT: it takes clients without certificates: set up mutual TLS with a trust store"
        edge = (
            "NON_COMPLIANT: an edge-optimized domain cannot have mutual TLS: make it a regional one, with a trust store"
        )
        arn = "arn:aws:apigateway:eu-west-1:111122223333:/domainnames/api+a1"
        for found, parameters, expected in (
            (domain(), NOT_WANTED, "COMPLIANT"),
            (domain(), WANTED, no_store),
            (domain(mutualTlsAuthentication={"truststoreUri": ""}), WANTED, no_store),
            (domain(kind="EDGE"), WANTED, edge),
            (domain(kind="PRIVATE", domainNameArn=arn), WANTED, "COMPLIANT"),
        ):
            with self.subTest(expected=expected):
                self.assertEqual(expected, verdict(having(found), parameters))

    def test_default_endpoint(self):
        """Mutual TLS counts only when the default endpoint of every API behind the domain is off."""
        rules = {"routingMode": "ROUTING_RULE_THEN_BASE_PATH_MAPPING"}
        for name, account, expected in (
            ("HTTP, off", self._behind("h", http={"h": True}), "COMPLIANT"),
            ("REST, off", self._behind("r", rest={"r": True}), "COMPLIANT"),
            ("HTTP, on", self._behind("h", http={"h": False}), ("`h`",)),
            ("REST, on", self._behind("r", rest={"r": False}), ("`r`",)),
            ("one of two, on the second page", self._behind("h", "r", rest={"r": False}, http={"h": True}), ("`r`",)),
            ("behind a routing rule", self._behind("h", http={"h": True, "routed": False}, **rules), ("`routed`",)),
            ("no routing rules in use", self._behind("h", http={"h": True, "routed": False}), "COMPLIANT"),
            ("gone", self._behind("x"), "COMPLIANT"),
        ):
            with self.subTest(name):
                if isinstance(expected, tuple):
                    expected = self.AROUND.format(expected[0], "DisableExecuteApiEndpoint")
                self.assertEqual(expected, verdict(account, WANTED))


class Undecided(unittest.TestCase):
    def test_undecided(self):
        """What cannot be read is an error, never NON_COMPLIANT."""
        denied, throttled = Refusal("AccessDeniedException"), Refusal("TooManyRequestsException")
        stored = domain(mutualTlsAuthentication=STORE)
        for name, account in (
            ("domains", having(**{"apigateway:GetDomainNames": denied})),
            ("domains of HTTP APIs", having(domain(), **{"apigatewayv2:GetDomainNames": throttled})),
            ("mappings", having(stored, **{"apigatewayv2:GetApiMappings": denied})),
        ):
            with self.subTest(name), self.assertRaisesRegex(UndecidedError, "cannot decide: .*(denied|refused)"):
                results(account, {"RequireMutualTls": "true"})

    def test_change(self):
        """Asked with a changed resource, which it never is, the rule says so."""
        item = {
            "resourceType": "AWS::ApiGateway::DomainName",
            "resourceId": NAME,
            "configurationItemStatus": "OK",
            "configurationItemCaptureTime": testing.TIME,
        }
        with self.assertRaises(MissingTriggerHandlerError):
            testing.evaluate(RULE, RESOURCE_TYPES, testing.change(item))


class WaiversAndParameters(unittest.TestCase):
    def test_waived(self):
        """A tag takes a domain out."""
        account = having(domain("TLS_1_0", tags={"legacy": "yes"}))
        self.assertEqual(
            "NOT_APPLICABLE: waived by the tag `legacy=yes`", verdict(account, {"WaivedByTag": "legacy=yes"})
        )

    def test_wrong_parameters(self):
        """Everything that is wrong is told at once."""
        with self.assertRaises(InvalidParametersError) as caught:
            results(having(), {"MinimumTlsVersion": "1.1", "RequireMutualTls": "maybe"})
        self.assertIn("`MinimumTlsVersion` is `1.1`, and has to be one of 1.2, 1.3", str(caught.exception))
        self.assertIn("`RequireMutualTls` is `maybe`, and has to be one of true, false", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
