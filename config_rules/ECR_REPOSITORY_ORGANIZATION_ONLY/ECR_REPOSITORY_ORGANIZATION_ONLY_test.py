import json
import os
import sys
import unittest
from pathlib import Path
from unittest.mock import patch

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from ECR_REPOSITORY_ORGANIZATION_ONLY import ECR_REPOSITORY_ORGANIZATION_ONLY, RESOURCE_TYPES
from rdklib import InvalidParametersError

from organization_rule import testing
from organization_rule.errors import UndecidedError
from organization_rule.testing import Account, Refusal

RULE = ECR_REPOSITORY_ORGANIZATION_ONLY()
ORGANIZATION = "o-a1b2c3d4e5"
PARAMETERS = {"OrganizationId": ORGANIZATION}
NO_POLICY = "COMPLIANT: only its own account can use it: it has no policy"
ADD = f"add the condition StringEquals aws:PrincipalOrgID {ORGANIZATION}"
OTHER = "arn:aws:iam::999988887777:root"
LAMBDA = {"Service": "lambda.amazonaws.com"}


def allow(principal="*", condition=None, action="ecr:BatchGetImage", **more):
    found = {"Effect": "Allow", "Action": action, **more}
    if principal:
        found["Principal"] = principal
    return {**found, "Condition": condition} if condition else found


def deny(condition, principal="*", action="ecr:*", **more):
    return {**allow(principal, condition, action), "Effect": "Deny", **more}


def judged(*statements, parameters=None):
    item = testing.fixture(__file__, "without_policy")
    item["configuration"]["RepositoryPolicyText"] = {"Version": "2012-10-17", "Statement": list(statements)}
    return testing.verdict(RULE, item, {**PARAMETERS, **(parameters or {})})


class WhatIsJudged(unittest.TestCase):
    FIXTURES = (
        ("inside", "COMPLIANT"),
        ("inside_china", "COMPLIANT"),
        ("inside_us_government", "COMPLIANT"),
        ("old_form", "COMPLIANT"),
        (
            "outside",
            f"NON_COMPLIANT: statement `pull` of its policy lets `{OTHER}` in from outside the organization: {ADD}",
        ),
        ("without_policy", NO_POLICY),
        ("deleted", "NOT_APPLICABLE"),
    )

    def test_fixtures(self):
        """Items of old and new form, of each partition, and deleted ones."""
        for name, expected in self.FIXTURES:
            with self.subTest(name):
                account = Account({"ecr:GetRepositoryPolicy": Refusal("RepositoryPolicyNotFoundException")})
                item = testing.fixture(__file__, name)
                self.assertEqual(expected, testing.verdict(RULE, item, PARAMETERS, account))

    def test_read(self):
        """An item without a policy is no proof that there is none: ECR is asked."""
        policy = json.dumps({"Statement": allow()})
        for name, answer, expected in (
            ("there is one", {"policyText": policy}, "NON_COMPLIANT"),
            ("there is none", Refusal("RepositoryPolicyNotFoundException"), "COMPLIANT"),
            ("it is gone", Refusal("RepositoryNotFoundException"), "NOT_APPLICABLE"),
        ):
            with self.subTest(name):
                account = Account({"ecr:GetRepositoryPolicy": answer})
                item = testing.fixture(__file__, "without_policy")
                self.assertEqual(expected, testing.verdict(RULE, item, PARAMETERS, account).partition(":")[0])
                self.assertEqual(
                    [{"registryId": "111122223333", "repositoryName": "orders"}],
                    account.asked("ecr:GetRepositoryPolicy"),
                )

    def test_out_of_scope(self):
        """A repository that left the rule's scope has no result."""
        event = testing.change(testing.fixture(__file__, "outside"), PARAMETERS, eventLeftScope=True)
        self.assertEqual("NOT_APPLICABLE", testing.evaluate(RULE, RESOURCE_TYPES, event)[0]["ComplianceType"])


def equals(key, *values, operator="StringEquals"):
    return {operator: {key: list(values) if len(values) > 1 else values[0]}}


class Everybody(unittest.TestCase):
    INSIDE = (
        equals("aws:PrincipalOrgID", ORGANIZATION),
        equals("aws:principalorgid", ORGANIZATION),
        equals("aws:PrincipalOrgID", ORGANIZATION, operator="StringLike"),
        equals("aws:PrincipalOrgID", ORGANIZATION, operator="ForAnyValue:StringEquals"),
        equals("aws:PrincipalOrgPaths", f"{ORGANIZATION}/*", operator="ForAnyValue:StringLike"),
        equals("aws:PrincipalOrgPaths", f"{ORGANIZATION}/r-ab12/ou-ab12-x/*", operator="ForAnyValue:StringLike"),
        equals("aws:PrincipalAccount", "111122223333"),
        equals("aws:PrincipalArn", "arn:aws:iam::111122223333:role/*", operator="ArnLike"),
        equals("aws:SourceOrgID", ORGANIZATION),
        {**equals("aws:PrincipalOrgID", ORGANIZATION), "Bool": {"aws:SecureTransport": True}},
    )
    OUTSIDE = (
        None,
        equals("aws:PrincipalOrgID", "o-0000000000"),
        equals("aws:PrincipalOrgID", ORGANIZATION, "o-0000000000"),
        equals("aws:PrincipalOrgID", "o-*", operator="StringLike"),
        equals("aws:PrincipalOrgID", ORGANIZATION, operator="StringEqualsIfExists"),
        equals("aws:PrincipalOrgID", ORGANIZATION, operator="ForAllValues:StringEquals"),
        equals("aws:PrincipalOrgID", ORGANIZATION, operator="StringNotEquals"),
        equals("aws:PrincipalOrgID", "false", operator="Null"),
        equals("aws:PrincipalOrgPaths", "*", operator="ForAnyValue:StringLike"),
        equals("aws:PrincipalOrgPaths", f"{ORGANIZATION}*", operator="ForAnyValue:StringLike"),
        equals("aws:PrincipalOrgPaths", f"{ORGANIZATION}/*", operator="ForAllValues:StringLike"),
        equals("aws:PrincipalOrgPaths", f"{ORGANIZATION}/*", operator="StringLike"),
        equals("aws:PrincipalAccount", "999988887777"),
        equals("aws:ResourceOrgID", ORGANIZATION),
        equals("aws:PrincipalArn", "arn:aws:iam::*:role/deploy", operator="ArnLike"),
        {"Bool": {"aws:SecureTransport": "true"}},
    )

    def test_inside(self):
        """Everybody may be named, if a condition cannot be met from outside."""
        for condition in self.INSIDE:
            for principal in ("*", {"AWS": "*"}, {"AWS": ["*", "111122223333"]}, {"AWS": OTHER}):
                with self.subTest(condition=condition, principal=principal):
                    self.assertEqual("COMPLIANT", judged(allow(principal, condition)))

    def test_outside(self):
        """Conditions that somebody outside can meet, or that pass without the key, restrict nothing."""
        for condition in self.OUTSIDE:
            with self.subTest(condition):
                expected = (
                    f"NON_COMPLIANT: statement `1` of its policy lets everybody in from outside the organization: {ADD}"
                )
                self.assertEqual(expected, judged(allow("*", condition)))


class Principals(unittest.TestCase):
    CASES = (
        ("its own account", {"AWS": "111122223333"}, {}, "COMPLIANT"),
        ("its own role", {"AWS": "arn:aws:iam::111122223333:role/deploy"}, {}, "COMPLIANT"),
        ("its own session", {"AWS": "arn:aws:sts::111122223333:assumed-role/deploy/x"}, {}, "COMPLIANT"),
        ("another account", {"AWS": OTHER}, {}, "NON_COMPLIANT"),
        ("another account by number", {"AWS": "999988887777"}, {}, "NON_COMPLIANT"),
        ("another account in a list", {"AWS": ["111122223333", "999988887777"]}, {}, "NON_COMPLIANT"),
        ("a trusted account", {"AWS": OTHER}, {"TrustedAccounts": "999988887777"}, "COMPLIANT"),
        ("a deleted role", {"AWS": "AROAEXAMPLEDELETED001"}, {}, "COMPLIANT"),
        ("federated", {"Federated": "cognito-identity.amazonaws.com"}, {}, "NON_COMPLIANT"),
        ("a service", LAMBDA, {}, "NON_COMPLIANT"),
        ("a trusted service", LAMBDA, {"TrustedServices": "lambda.amazonaws.com"}, "COMPLIANT"),
    )

    def test_principals(self):
        """Who is not of the repository's account has to be trusted, or kept inside by a condition."""
        for name, principal, parameters, expected in self.CASES:
            with self.subTest(name):
                self.assertEqual(expected, judged(allow(principal), parameters=parameters).partition(":")[0])

    def test_everybody_but(self):
        """To spare somebody is to let all others in."""
        statement = {"Effect": "Allow", "NotPrincipal": {"AWS": OTHER}, "Action": "ecr:*"}
        inside = {**statement, "Condition": equals("aws:PrincipalOrgID", ORGANIZATION)}
        self.assertEqual("NON_COMPLIANT", judged(statement).partition(":")[0])
        self.assertEqual("COMPLIANT", judged(inside))
        self.assertEqual("COMPLIANT", judged(statement, deny(None)))

    def test_no_statement_hides_another(self):
        """Every statement is looked at."""
        self.assertIn("statement `2`", judged(allow({"AWS": "111122223333"}), allow()))


class Services(unittest.TestCase):
    CASES = (
        (equals("aws:SourceAccount", "111122223333"), "COMPLIANT"),
        (equals("aws:SourceOrgID", ORGANIZATION), "COMPLIANT"),
        (equals("aws:SourceOrgPaths", f"{ORGANIZATION}/*", operator="ForAnyValue:StringLike"), "COMPLIANT"),
        (
            equals("aws:sourceArn", "arn:aws:lambda:eu-west-1:111122223333:function:*", operator="StringLike"),
            "COMPLIANT",
        ),
        (equals("aws:SourceArn", "arn:aws:lambda:*:111122223333:function:*", operator="ArnLike"), "COMPLIANT"),
        (equals("aws:SourceArn", "arn:aws:lambda:*:*:function:*", operator="ArnLike"), "NON_COMPLIANT"),
        (equals("aws:SourceArn", "arn:aws:lambda:*:999988887777:*", operator="ArnLike"), "NON_COMPLIANT"),
        (equals("aws:SourceAccount", "111122223333", operator="StringEqualsIfExists"), "NON_COMPLIANT"),
        ({"Bool": {"aws:SecureTransport": "true"}}, "NON_COMPLIANT"),
    )

    def test_services(self):
        """A service acts for whoever uses it, so that has to be somebody inside."""
        for condition, expected in self.CASES:
            with self.subTest(condition):
                self.assertEqual(expected, judged(allow(LAMBDA, condition)).partition(":")[0])

    def test_remedy(self):
        """What is to be added differs for a service."""
        self.assertEqual(
            "NON_COMPLIANT: statement `1` of its policy lets `lambda.amazonaws.com` in from outside the organization: "
            f"add the condition StringEquals aws:SourceOrgID {ORGANIZATION}",
            judged(allow(LAMBDA)),
        )


def differs(value, operator="StringNotEquals", key="aws:PrincipalOrgID"):
    return {operator: {key: value}}


NOT_OURS, NOT_FOR_OURS = differs(ORGANIZATION), differs(ORGANIZATION, key="aws:SourceOrgID")
NO_SERVICE = {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}
ONLY_SERVICES = {"Bool": {"aws:PrincipalIsAWSService": "true"}}
ALL_BUT_PUT = {"Effect": "Allow", "Principal": "*", "NotAction": "ecr:Put*"}


class Denials(unittest.TestCase):
    CASES = (
        ("others are denied", allow(), deny(NOT_OURS), "COMPLIANT"),
        ("with IfExists", allow(), deny(differs(ORGANIZATION, "StringNotEqualsIfExists")), "COMPLIANT"),
        ("services are spared", allow(), deny({**NOT_OURS, **NO_SERVICE}), "COMPLIANT"),
        ("a service that is spared", allow(LAMBDA), deny({**NOT_OURS, **NO_SERVICE}), "NON_COMPLIANT"),
        ("a service that is not", allow(LAMBDA), deny(NOT_OURS), "COMPLIANT"),
        ("a service for others", allow(LAMBDA), deny({**NOT_FOR_OURS, **ONLY_SERVICES}), "COMPLIANT"),
        ("only services", allow(), deny({**NOT_FOR_OURS, **ONLY_SERVICES}), "NON_COMPLIANT"),
        ("denied at all", allow(), deny(None), "COMPLIANT"),
        ("the same actions", allow(), deny(NOT_OURS, action="ecr:batchgetimage"), "COMPLIANT"),
        ("other actions", allow(), deny(NOT_OURS, action="ecr:PutImage"), "NON_COMPLIANT"),
        ("fewer actions", allow(action="ecr:*"), deny(NOT_OURS, action="ecr:Get*"), "NON_COMPLIANT"),
        ("every action", allow(action="*"), deny(NOT_OURS), "COMPLIANT"),
        ("all actions but some", ALL_BUT_PUT, deny(NOT_OURS), "COMPLIANT"),
        ("only somebody is denied", allow(), deny(NOT_OURS, {"AWS": OTHER}), "NON_COMPLIANT"),
        ("another organization", allow(), deny(differs("o-0000000000")), "NON_COMPLIANT"),
        ("only without TLS", allow(), deny({**NOT_OURS, "Bool": {"aws:SecureTransport": "false"}}), "NON_COMPLIANT"),
        ("the other way round", allow(), deny(equals("aws:PrincipalOrgID", ORGANIZATION)), "NON_COMPLIANT"),
    )

    def test_denials(self):
        """A denial to everybody outside keeps them out as well as a condition."""
        for name, first, second, expected in self.CASES:
            with self.subTest(name):
                self.assertEqual(expected, judged(first, second).partition(":")[0])

    def test_nobody_is_let_in_by_a_denial(self):
        """A denial alone lets nobody in."""
        self.assertEqual("COMPLIANT", judged(deny(None, {"AWS": OTHER})))


class Undecided(unittest.TestCase):
    def test_undecided(self):
        """What cannot be read is an error, never NON_COMPLIANT."""
        for code in ("AccessDeniedException", "ThrottlingException", "ServerException"):
            with self.subTest(code):
                account = Account({"ecr:GetRepositoryPolicy": Refusal(code)})
                with self.assertRaisesRegex(UndecidedError, f"`orders` in 111122223333: .*{code}"):
                    testing.verdict(RULE, testing.fixture(__file__, "without_policy"), PARAMETERS, account)

    def test_unreadable(self):
        """So is a policy that is none."""
        item = testing.fixture(__file__, "without_policy")
        item["configuration"]["RepositoryPolicyText"] = "no policy"
        with self.assertRaisesRegex(UndecidedError, "the policy of the repository `orders` cannot be read"):
            testing.verdict(RULE, item, PARAMETERS)


class WaiversAndParameters(unittest.TestCase):
    def test_waived(self):
        """A tag takes a repository out."""
        item = testing.fixture(__file__, "outside")
        parameters = {**PARAMETERS, "WaivedByTag": "team=orders"}
        self.assertEqual("NOT_APPLICABLE: waived by the tag `team=orders`", testing.verdict(RULE, item, parameters))

    def test_organization(self):
        """The organization is the function's own if no other is named."""
        item = testing.fixture(__file__, "inside")
        with patch.dict(os.environ, {"ORGCTL_ORGANIZATION_ID": ORGANIZATION}):
            self.assertEqual("COMPLIANT", testing.verdict(RULE, item, {}))
            found = testing.verdict(RULE, item, {"OrganizationId": "o-0000000000"})
            self.assertEqual("NON_COMPLIANT", found.partition(":")[0])

    def test_wrong_parameters(self):
        """Everything that is wrong is told at once."""
        nowhere = patch.dict(os.environ, {"ORGCTL_ORGANIZATION_ID": ""})
        with nowhere, self.assertRaises(InvalidParametersError) as caught:
            testing.verdict(RULE, testing.fixture(__file__, "inside"), {"TrustedAccounts": "12, 999988887777"})
        self.assertIn("`OrganizationId` is ``, and has to be an id as `o-a1b2c3d4e5`", str(caught.exception))
        self.assertIn("`TrustedAccounts` holds `12`, which is no account's number", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
