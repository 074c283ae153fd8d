import json
import sys
import unittest
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from LAMBDA_ROLE_PERMISSIONS_BOUNDARY import LAMBDA_ROLE_PERMISSIONS_BOUNDARY, RESOURCE_TYPES
from rdklib import InvalidParametersError

from organization_rule import testing
from organization_rule.errors import UndecidedError

RULE = LAMBDA_ROLE_PERMISSIONS_BOUNDARY()
BOUNDARY = "arn:${partition}:iam::${account}:policy/function-boundary"
OWN = "arn:aws:iam::111122223333:policy/function-boundary"
NONE = "NON_COMPLIANT: functions can run as this role, and it has no permissions boundary: set one"
NOT_LAMBDAS = "NOT_APPLICABLE: Lambda cannot assume the role"
LAMBDA = {"Service": "lambda.amazonaws.com"}
OTHERS = {"Service": ["ec2.amazonaws.com", "ecs-tasks.amazonaws.com"]}


def trusting(*statements, encoded=True):
    item = testing.fixture(__file__, "without_boundary")
    document = json.dumps({"Version": "2012-10-17", "Statement": statements[0] if len(statements) == 1 else statements})
    item["configuration"]["assumeRolePolicyDocument"] = quote(document, safe="") if encoded else document
    return item


def allow(principal=None, action="sts:AssumeRole", **more):
    found = {"Effect": "Allow", "Action": action, **more}
    return {**found, "Principal": principal} if principal else found


class WhatIsJudged(unittest.TestCase):
    FIXTURES = (
        ("with_boundary", "COMPLIANT"),
        ("with_boundary_china", "COMPLIANT"),
        ("with_boundary_us_government", "COMPLIANT"),
        ("without_boundary", NONE.replace("set one", f"set `{OWN}`")),
        ("old_form", NONE.replace("set one", f"set `{OWN}`")),
        ("other_service", NOT_LAMBDAS),
        ("service_linked", "NOT_APPLICABLE: a service-linked role cannot have a permissions boundary"),
        ("deleted", "NOT_APPLICABLE"),
    )

    def test_fixtures(self):
        """Items of old and new form, of each partition, of other services' roles and deleted ones."""
        for name, expected in self.FIXTURES:
            with self.subTest(name):
                item = testing.fixture(__file__, name)
                self.assertEqual(expected, testing.verdict(RULE, item, {"ApprovedBoundaries": BOUNDARY}))

    def test_out_of_scope(self):
        """A role that left the rule's scope has no result."""
        event = testing.change(testing.fixture(__file__, "without_boundary"), eventLeftScope=True)
        self.assertEqual("NOT_APPLICABLE", testing.evaluate(RULE, RESOURCE_TYPES, event)[0]["ComplianceType"])

    def test_oversized(self):
        """A role with many inline policies is read from AWS Config's history."""
        item = testing.fixture(__file__, "without_boundary")
        history = {
            "accountId": item["awsAccountId"],
            "configurationItemCaptureTime": datetime(2026, 11, 2, 8, 29, 58, tzinfo=UTC),
            "configurationItemStatus": "OK",
            "resourceType": item["resourceType"],
            "resourceId": item["resourceId"],
            "awsRegion": "global",
            "configuration": json.dumps(item["configuration"]),
        }
        account = testing.Account({"config:GetResourceConfigHistory": {"configurationItems": [history]}})
        (result,) = testing.evaluate(RULE, RESOURCE_TYPES, testing.oversized(item), account)
        self.assertEqual("NON_COMPLIANT", result["ComplianceType"])


class Trust(unittest.TestCase):
    ASSUMABLE = (
        ("by name", [allow(LAMBDA)]),
        ("in a list", [allow({"Service": ["ec2.amazonaws.com", "lambda.amazonaws.com"]})]),
        ("in one statement of two", [allow(OTHERS), allow(LAMBDA)]),
        ("Lambda@Edge", [allow({"Service": "edgelambda.amazonaws.com"})]),
        ("China's name", [allow({"Service": "lambda.amazonaws.com.cn"})]),
        ("a region's name", [allow({"Service": "lambda.eu-west-1.amazonaws.com"})]),
        ("in capitals", [allow({"Service": "Lambda.amazonaws.com"})]),
        ("everybody", [allow("*")]),
        ("everybody as accounts", [allow({"AWS": "*"})]),
        ("everybody in a list", [allow({"AWS": ["arn:aws:iam::111122223333:root", "*"]})]),
        ("everybody but others", [allow(NotPrincipal=OTHERS)]),
        ("any action of STS", [allow(LAMBDA, "sts:*")]),
        ("any action", [allow(LAMBDA, ["*"])]),
        ("several actions, in another case", [allow(LAMBDA, ["sts:TagSession", "STS:assumerole"])]),
        ("every action but another", [{"Effect": "Allow", "Principal": LAMBDA, "NotAction": "sts:TagSession"}]),
        ("with a condition", [allow(LAMBDA, Condition={"StringEquals": {"aws:SourceAccount": "111122223333"}})]),
        (
            "denied to others",
            [allow(LAMBDA), {"Effect": "Deny", "Principal": OTHERS, "Action": "sts:AssumeRole"}],
        ),
        (
            "denied at times",
            [
                allow(LAMBDA),
                {
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "sts:*",
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                },
            ],
        ),
        (
            "denied to one of two names",
            [allow(LAMBDA), allow({"Service": "edgelambda.amazonaws.com"}), {**allow(LAMBDA), "Effect": "Deny"}],
        ),
    )
    NOT_ASSUMABLE = (
        ("others", [allow(OTHERS)]),
        ("an account", [allow({"AWS": "arn:aws:iam::111122223333:root"})]),
        ("federated", [allow({"Federated": "cognito-identity.amazonaws.com"}, "sts:AssumeRoleWithWebIdentity")]),
        ("another action", [allow(LAMBDA, "sts:TagSession")]),
        ("a name that only begins so", [allow({"Service": "lambda.amazonaws.com.example.org"})]),
        ("a name that only ends so", [allow({"Service": "notlambda.amazonaws.com"})]),
        (
            "everybody but Lambda",
            [
                allow(
                    NotPrincipal={
                        "Service": ["lambda.amazonaws.com", "edgelambda.amazonaws.com", "lambda.amazonaws.com.cn"]
                    }
                )
            ],
        ),
        ("every action but this", [{"Effect": "Allow", "Principal": LAMBDA, "NotAction": "sts:Assume*"}]),
        ("denied", [allow(LAMBDA), {**allow(LAMBDA), "Effect": "Deny"}]),
        ("denied to everybody", [allow(LAMBDA), {**allow("*"), "Effect": "Deny"}]),
        ("denied to everybody but another", [allow(LAMBDA), {"Effect": "Deny", "NotPrincipal": OTHERS, "Action": "*"}]),
    )

    def test_assumable(self):
        """Lambda can assume a role in many ways, and each wants a boundary."""
        for name, statements in self.ASSUMABLE:
            with self.subTest(name):
                self.assertEqual(NONE, testing.verdict(RULE, trusting(*statements), {}))

    def test_not_assumable(self):
        """Other roles have no result."""
        for name, statements in self.NOT_ASSUMABLE:
            with self.subTest(name):
                self.assertEqual(NOT_LAMBDAS, testing.verdict(RULE, trusting(*statements), {}))

    def test_forms(self):
        """The trust policy is JSON, encoded for URLs; plain JSON and an object are understood too."""
        self.assertEqual(NONE, testing.verdict(RULE, trusting(allow(LAMBDA), encoded=False), {}))
        item = testing.fixture(__file__, "without_boundary")
        item["configuration"]["assumeRolePolicyDocument"] = {"Statement": allow(LAMBDA)}
        self.assertEqual(NONE, testing.verdict(RULE, item, {}))

    def test_unreadable(self):
        """A trust policy that cannot be read is an error, not a verdict."""
        for document in ("%7B", "", None, "[]", '{"Statement": "x"}', '{"Statement": {"Effect": "Maybe"}}'):
            with self.subTest(document):
                item = testing.fixture(__file__, "without_boundary")
                item["configuration"]["assumeRolePolicyDocument"] = document
                account = testing.Account()
                with self.assertRaisesRegex(UndecidedError, "the trust policy of the role `AROA.*` cannot be read"):
                    testing.verdict(RULE, item, {}, account)
                self.assertEqual([], account.calls)


class Boundaries(unittest.TestCase):
    CASES = (
        ("any", {}, "function-boundary", "COMPLIANT"),
        ("the approved one", {"ApprovedBoundaries": BOUNDARY}, "function-boundary", "COMPLIANT"),
        (
            "another",
            {"ApprovedBoundaries": BOUNDARY},
            "other",
            "NON_COMPLIANT: its permissions boundary `arn:aws:iam::111122223333:policy/other` is not an approved one: "  # noqa: ISC004
            f"set `{OWN}`",
        ),
        ("one of two", {"ApprovedBoundaries": f"{BOUNDARY}, {BOUNDARY}-2"}, "function-boundary-2", "COMPLIANT"),
        ("a pattern", {"ApprovedBoundaries": f"{BOUNDARY}*"}, "function-boundary-2", "COMPLIANT"),
    )

    def test_boundaries(self):
        """Any boundary will do, or an approved one."""
        for name, parameters, policy, expected in self.CASES:
            with self.subTest(name):
                item = testing.fixture(__file__, "with_boundary")
                boundary = f"arn:aws:iam::111122223333:policy/{policy}"
                item["configuration"]["permissionsBoundary"]["permissionsBoundaryArn"] = boundary
                self.assertEqual(expected, testing.verdict(RULE, item, parameters))

    def test_of_another_account(self):
        """A policy of the same name in another account is not the approved one."""
        item = testing.fixture(__file__, "with_boundary")
        boundary = "arn:aws:iam::999988887777:policy/function-boundary"
        item["configuration"]["permissionsBoundary"]["permissionsBoundaryArn"] = boundary
        found = testing.verdict(RULE, item, {"ApprovedBoundaries": BOUNDARY})
        self.assertEqual("NON_COMPLIANT", found.partition(":")[0])


class WaiversAndParameters(unittest.TestCase):
    def test_waived(self):
        """A tag takes a role out."""
        item = testing.fixture(__file__, "without_boundary")
        self.assertEqual(
            "NOT_APPLICABLE: waived by the tag `team=orders`",
            testing.verdict(RULE, item, {"WaivedByTag": "team=orders"}),
        )

    def test_wrong_parameters(self):
        """A boundary is named by its ARN."""
        with self.assertRaisesRegex(InvalidParametersError, "holds `function-boundary`, which is no ARN"):
            testing.verdict(
                RULE, testing.fixture(__file__, "with_boundary"), {"ApprovedBoundaries": "function-boundary"}
            )


if __name__ == "__main__":
    unittest.main()
