import sys
import unittest
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from HTTP_API_JWT_AUTHORIZER import HTTP_API_JWT_AUTHORIZER, RESOURCE_TYPES, api_id_of
from rdklib import InvalidParametersError

from organization_rule import testing
from organization_rule.errors import UndecidedError
from organization_rule.testing import Account, Refusal

RULE = HTTP_API_JWT_AUTHORIZER()
GONE = Refusal("NotFoundException", "Invalid API identifier specified")
POOL = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123"


def route(key, kind="JWT", authorizer="auth01"):
    found = {"RouteKey": key, "RouteId": key.replace(" ", ""), "ApiKeyRequired": False, "AuthorizationType": kind}
    return {**found, "AuthorizerId": authorizer} if authorizer else found


def jwt(issuer=POOL, audience=("orders",), identity="auth01"):
    return {
        "AuthorizerId": identity,
        "AuthorizerType": "JWT",
        "Name": "tokens",
        "IdentitySource": ["$request.header.Authorization"],
        "JwtConfiguration": {"Issuer": issuer, "Audience": list(audience)},
    }


def having(routes, authorizers=(), **more):
    return Account(
        {
            "apigatewayv2:GetRoutes": {"Items": list(routes)},
            "apigatewayv2:GetAuthorizers": {"Items": list(authorizers)},
            **more,
        }
    )


def verdict(account, parameters=None, name="http_api"):
    return testing.verdict(RULE, testing.fixture(__file__, name), parameters or {}, account)


OPEN = "give each an AuthorizationType of JWT, with an authorizer"


class WhatIsJudged(unittest.TestCase):
    FIXTURES = (
        ("http_api", "COMPLIANT"),
        ("http_api_china", "COMPLIANT"),
        ("http_api_us_government", "COMPLIANT"),
        ("old_form", "COMPLIANT"),
        ("websocket_api", "NOT_APPLICABLE: only HTTP APIs can have JWT authorizers"),
        ("deleted", "NOT_APPLICABLE"),
    )

    def test_fixtures(self):
        """Items of old and new form, of each partition, of WebSocket APIs and deleted ones."""
        for name, expected in self.FIXTURES:
            with self.subTest(name):
                account = having([route("GET /orders")])
                self.assertEqual(expected, verdict(account, name=name))
                for request in account.asked("apigatewayv2:GetRoutes"):
                    self.assertEqual("a1b2c3d4e5", request["ApiId"])

    def test_ids(self):
        """AWS Config's id of an API is its own id, or an ARN that ends in it."""
        for resource in ("a1b2c3d4e5", "arn:aws:apigateway:eu-west-1::/apis/a1b2c3d4e5"):
            self.assertEqual("a1b2c3d4e5", api_id_of(resource))

    def test_gone(self):
        """An API that is deleted meanwhile is not judged."""
        account = having([], **{"apigatewayv2:GetRoutes": GONE})
        self.assertEqual("NOT_APPLICABLE: the API has been deleted in the meantime", verdict(account))

    def test_out_of_scope(self):
        """An API that left the rule's scope has no result."""
        event = testing.change(testing.fixture(__file__, "http_api"), eventLeftScope=True)
        self.assertEqual("NOT_APPLICABLE", testing.evaluate(RULE, RESOURCE_TYPES, event)[0]["ComplianceType"])


class Routes(unittest.TestCase):
    CASES = (
        ("no routes", [], "COMPLIANT"),
        ("all have one", [route("GET /a"), route("$default")], "COMPLIANT"),
        (
            "one has none",
            [route("GET /a"), route("POST /a", "NONE", None)],
            f"NON_COMPLIANT: 1 of 2 routes have no JWT authorizer, `POST /a`: {OPEN}",
        ),
        (
            "IAM is no token",
            [route("GET /a", "AWS_IAM", None)],
            f"NON_COMPLIANT: 1 of 1 routes have no JWT authorizer, `GET /a`: {OPEN}",
        ),
        (
            "a function is no JWT authorizer",
            [route("GET /a", "CUSTOM")],
            f"NON_COMPLIANT: 1 of 1 routes have no JWT authorizer, `GET /a`: {OPEN}",
        ),
        (
            "many",
            [route(f"GET /{name}", "NONE", None) for name in "abcde"],
            f"NON_COMPLIANT: 5 of 5 routes have no JWT authorizer, `GET /a`, `GET /b`, `GET /c` and 2 more: {OPEN}",
        ),
        (
            "a key that says nothing",
            [{"RouteKey": "GET /a"}],
            f"NON_COMPLIANT: 1 of 1 routes have no JWT authorizer, `GET /a`: {OPEN}",
        ),
    )

    def test_routes(self):
        """Every route needs a JWT authorizer, the default one too."""
        for name, routes, expected in self.CASES:
            with self.subTest(name):
                self.assertEqual(expected, verdict(having(routes)))

    def test_pages(self):
        """A route without an authorizer is found on any page."""
        pages = {
            None: {"Items": [route("GET /a")], "NextToken": "more"},
            "more": {"Items": [route("GET /b", "NONE", None)]},
        }
        account = having([], **{"apigatewayv2:GetRoutes": lambda request: pages[request.get("NextToken")]})
        self.assertTrue(verdict(account).startswith("NON_COMPLIANT: 1 of 2 routes"))

    def test_waived_routes(self):
        """Named routes need no token; wildcards name more than one."""
        routes = [route("GET /a"), route("OPTIONS /{proxy+}", "NONE", None), route("$default", "NONE", None)]
        for waived, expected in (
            ("OPTIONS *, $default", "COMPLIANT"),
            ("OPTIONS *", "NON_COMPLIANT"),
            ("OPTIONS /", "NON_COMPLIANT"),
            ("", "NON_COMPLIANT"),
        ):
            with self.subTest(waived):
                self.assertEqual(expected, verdict(having(routes), {"WaivedRoutes": waived}).partition(":")[0])


class Authorizers(unittest.TestCase):
    STRANGER = (
        "NON_COMPLIANT: `GET /a` takes tokens of the issuer `https://example.com`, which is not allowed: "
        "give it an authorizer that is"
    )
    AUDIENCE = (
        "NON_COMPLIANT: `GET /a` takes tokens of the audience `admin`, which is not allowed: "
        "give it an authorizer that is"
    )
    CASES = (
        ("the issuer", {"AllowedIssuers": POOL}, jwt(), "COMPLIANT"),
        ("a pattern", {"AllowedIssuers": "https://cognito-idp.${region}.amazonaws.com/*"}, jwt(), "COMPLIANT"),
        ("another issuer", {"AllowedIssuers": POOL}, jwt("https://example.com"), STRANGER),
        ("any issuer", {"AllowedAudiences": "orders"}, jwt("https://example.com"), "COMPLIANT"),
        ("one audience too many", {"AllowedAudiences": "orders"}, jwt(audience=("orders", "admin")), AUDIENCE),
        ("fewer audiences", {"AllowedAudiences": "orders, admin"}, jwt(audience=("orders",)), "COMPLIANT"),
        ("it is gone", {"AllowedIssuers": POOL}, jwt(identity="other"), "NON_COMPLIANT"),
    )

    def test_authorizers(self):
        """Issuers and audiences have to be allowed, where lists are given."""
        for name, parameters, authorizer, expected in self.CASES:
            with self.subTest(name):
                found = verdict(having([route("GET /a")], [authorizer]), parameters)
                self.assertEqual(expected, found if ":" in expected else found.partition(":")[0])

    def test_not_asked_for(self):
        """Without lists, authorizers are not read."""
        account = having([route("GET /a")])
        verdict(account)
        self.assertEqual([], account.asked("apigatewayv2:GetAuthorizers"))


class OnSchedule(unittest.TestCase):
    def test_all_apis(self):
        """On schedule, every API that AWS Config knows gets its result, under AWS Config's own id."""
        arn = "arn:aws:apigateway:eu-west-1::/apis/second"
        apis = {"first": {}, "second": {}, "socket": {"ProtocolType": "WEBSOCKET"}, "waived": {"Tags": {"open": "1"}}}
        account = Account(
            {
                "config:ListDiscoveredResources": lambda request: (
                    {"resourceIdentifiers": [{"resourceId": name} for name in ("socket", "gone", "waived")]}
                    if request.get("nextToken")
                    else {"resourceIdentifiers": [{"resourceId": "first"}, {"resourceId": arn}], "nextToken": "2"}
                ),
                "apigatewayv2:GetApi": lambda request: (
                    {"Name": "x", "ProtocolType": "HTTP", "RouteSelectionExpression": "x", **apis[request["ApiId"]]}
                    if request["ApiId"] in apis
                    else GONE
                ),
                "apigatewayv2:GetRoutes": lambda request: {
                    "Items": [route("GET /", "JWT" if request["ApiId"] == "first" else "NONE")]
                },
            }
        )
        event = testing.schedule({"WaivedByTag": "open"})
        results = testing.evaluate(RULE, RESOURCE_TYPES, event, account)
        self.assertEqual(
            {
                "first": "COMPLIANT",
                arn: "NON_COMPLIANT",
                "socket": "NOT_APPLICABLE",
                "gone": "NOT_APPLICABLE",
                "waived": "NOT_APPLICABLE",
            },
            {result["ComplianceResourceId"]: result["ComplianceType"] for result in results},
        )
        self.assertEqual({"AWS::ApiGatewayV2::Api"}, {result["ComplianceResourceType"] for result in results})


class Undecided(unittest.TestCase):
    def test_undecided(self):
        """What cannot be read is an error, never NON_COMPLIANT."""
        for operation in ("apigatewayv2:GetRoutes", "apigatewayv2:GetAuthorizers"):
            for code in ("AccessDeniedException", "TooManyRequestsException"):
                with self.subTest(operation=operation, code=code):
                    account = having([route("GET /a")], **{operation: Refusal(code)})
                    with self.assertRaisesRegex(UndecidedError, f"`a1b2c3d4e5` in 111122223333: .*{code}"):
                        verdict(account, {"AllowedIssuers": POOL})


class WaiversAndParameters(unittest.TestCase):
    def test_waived(self):
        """A tag takes an API out."""
        self.assertEqual("NOT_APPLICABLE: waived by the tag `team`", verdict(Account(), {"WaivedByTag": "team"}))

    def test_wrong_parameters(self):
        """A misspelt parameter, or placeholder, is told."""
        for parameters, expected in (
            ({"AllowedIssuer": POOL}, "the parameter `AllowedIssuer` is not known"),
            ({"AllowedIssuers": "https://${zone}.example.com"}, "holds `${zone}`"),
        ):
            with self.subTest(parameters), self.assertRaises(InvalidParametersError) as caught:
                verdict(having([]), parameters)
            self.assertIn(expected, str(caught.exception))


if __name__ == "__main__":
    unittest.main()
