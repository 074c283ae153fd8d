import sys
import unittest
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from LAMBDA_CODE_SIGNING_ENFORCED import LAMBDA_CODE_SIGNING_ENFORCED, RESOURCE_TYPES
from rdklib import InvalidParametersError

from organization_rule import testing
from organization_rule.errors import UndecidedError
from organization_rule.testing import Account, Refusal

RULE = LAMBDA_CODE_SIGNING_ENFORCED()
CONFIG = "arn:aws:lambda:eu-west-1:111122223333:code-signing-config:csc-0f6c334abcdea4d8b"
RELEASE = "arn:aws:signer:eu-west-1:444455556666:/signing-profiles/Release"
OTHER = "arn:aws:signer:eu-west-1:999988887777:/signing-profiles/Other"
ANYWHERE = "arn:${partition}:signer:${region}:444455556666:/signing-profiles/Release"
GONE = Refusal("ResourceNotFoundException", "Function not found")


def config(policy="Enforce", publishers=(f"{RELEASE}/hT1Zk8vQ2x",)):
    return {
        "CodeSigningConfig": {
            "CodeSigningConfigId": "csc-0f6c334abcdea4d8b",
            "CodeSigningConfigArn": CONFIG,
            "AllowedPublishers": {"SigningProfileVersionArns": list(publishers)},
            "CodeSigningPolicies": {"UntrustedArtifactOnDeployment": policy} if policy else {},
            "LastModified": "2026-10-01T12:00:00.000+0000",
        }
    }


def attached(found=None, **more):
    return Account(
        {
            "lambda:GetFunctionCodeSigningConfig": {"FunctionName": "orders", "CodeSigningConfigArn": CONFIG},
            "lambda:GetCodeSigningConfig": found or config(),
            **more,
        }
    )


def answering(answer):
    return Account({"lambda:GetFunctionCodeSigningConfig": answer})


def listed(name, **more):
    return {"FunctionName": name, "FunctionArn": f"arn:aws:lambda:eu-west-1:111122223333:function:{name}", **more}


NONE = "NON_COMPLIANT: no code signing configuration is attached: attach one whose policy is Enforce"
WARNS = (
    "NON_COMPLIANT: its code signing configuration `csc-0f6c334abcdea4d8b` lets unsigned code pass with a warning: "
    "set UntrustedArtifactOnDeployment to Enforce"
)


class WhatIsJudged(unittest.TestCase):
    FIXTURES = (
        ("signed", "COMPLIANT"),
        ("unsigned", "COMPLIANT"),
        ("old_form", "COMPLIANT"),
        ("container_image", "NOT_APPLICABLE: a function from a container image has neither layers nor signed code"),
        ("edge_replica", "NOT_APPLICABLE: a replica of Lambda@Edge is what the function in us-east-1 is"),
        ("deleted", "NOT_APPLICABLE"),
    )

    def test_fixtures(self):
        """What is attached counts, not whether the code happens to be signed."""
        for name, expected in self.FIXTURES:
            with self.subTest(name):
                self.assertEqual(expected, testing.verdict(RULE, testing.fixture(__file__, name), {}, attached()))

    def test_images_are_not_asked_about(self):
        """For what is not applicable, Lambda is not asked: it would refuse."""
        for name in ("container_image", "edge_replica", "deleted"):
            with self.subTest(name):
                account = attached()
                testing.verdict(RULE, testing.fixture(__file__, name), {}, account)
                self.assertEqual([], account.asked("lambda:GetFunctionCodeSigningConfig"))

    def test_out_of_scope(self):
        """A function that left the rule's scope has no result."""
        event = testing.change(testing.fixture(__file__, "unsigned"), eventLeftScope=True)
        self.assertEqual("NOT_APPLICABLE", testing.evaluate(RULE, RESOURCE_TYPES, event)[0]["ComplianceType"])


class Attached(unittest.TestCase):
    CASES = (
        ("the key is missing", answering({"FunctionName": "orders"}), NONE),
        ("the key is empty", answering({"FunctionName": "orders", "CodeSigningConfigArn": ""}), NONE),
        ("none is found", answering(Refusal("CodeSigningConfigNotFoundException")), NONE),
        ("it warns", attached(config("Warn")), WARNS),
        ("it says nothing", attached(config(None)), WARNS),
        ("it enforces", attached(config("Enforce")), "COMPLIANT"),
        ("the function is gone", answering(GONE), "NOT_APPLICABLE: the function has been deleted in the meantime"),
    )

    def test_attached(self):
        """A configuration has to be attached, and to enforce."""
        for name, account, expected in self.CASES:
            with self.subTest(name):
                self.assertEqual(expected, testing.verdict(RULE, testing.fixture(__file__, "signed"), {}, account))


class Profiles(unittest.TestCase):
    UNAPPROVED = (
        "NON_COMPLIANT: its code signing configuration `csc-0f6c334abcdea4d8b` trusts `999988887777:Other/b`, "
        "which is not approved: take that signing profile out"
    )
    CASES = (
        ("any version", RELEASE, (f"{RELEASE}/a", f"{RELEASE}/b"), "COMPLIANT"),
        ("that version", f"{RELEASE}/a", (f"{RELEASE}/a",), "COMPLIANT"),
        ("another version", f"{RELEASE}/a", (f"{RELEASE}/b",), "NON_COMPLIANT"),
        ("a longer name", RELEASE, (f"{RELEASE}Candidate/a",), "NON_COMPLIANT"),
        ("placeholders", ANYWHERE, (f"{RELEASE}/a",), "COMPLIANT"),
        ("one of two is not approved", RELEASE, (f"{RELEASE}/a", f"{OTHER}/b"), UNAPPROVED),
        ("no list", "", (f"{OTHER}/b",), "COMPLIANT"),
    )

    def test_profiles(self):
        """Every profile that the configuration trusts has to be approved."""
        for name, approved, publishers, expected in self.CASES:
            with self.subTest(name):
                account = attached(config(publishers=publishers))
                item = testing.fixture(__file__, "signed")
                found = testing.verdict(RULE, item, {"ApprovedSigningProfiles": approved}, account)
                self.assertEqual(expected, found if ":" in expected else found.partition(":")[0])

    def test_partitions(self):
        """A placeholder makes one parameter do for each partition."""
        for name, partition, region in (
            ("signed_china", "aws-cn", "cn-north-1"),
            ("signed_us_government", "aws-us-gov", "us-gov-west-1"),
        ):
            with self.subTest(partition):
                release = f"arn:{partition}:signer:{region}:444455556666:/signing-profiles/Release/x"
                item = testing.fixture(__file__, name)
                parameters = {"ApprovedSigningProfiles": ANYWHERE, "RequireSignedCode": "true"}
                account = attached(config(publishers=(release,)))
                self.assertEqual("COMPLIANT", testing.verdict(RULE, item, parameters, account))


class SignedCode(unittest.TestCase):
    CASES = (
        ("unsigned", {}, "COMPLIANT"),
        ("unsigned", {"RequireSignedCode": "true"}, "NON_COMPLIANT: its code is not signed: deploy it anew, signed"),
        ("old_form", {"RequireSignedCode": "TRUE"}, "NON_COMPLIANT: its code is not signed: deploy it anew, signed"),
        ("signed", {"RequireSignedCode": "true"}, "COMPLIANT"),
        ("signed", {"RequireSignedCode": "true", "ApprovedSigningProfiles": RELEASE}, "COMPLIANT"),
        (
            "signed",
            {"RequireSignedCode": "true", "ApprovedSigningProfiles": f"{RELEASE}/new"},
            "NON_COMPLIANT: its code is signed by `444455556666:Release/hT1Zk8vQ2x`, which is not approved: "  # noqa: ISC004
            "sign it by an approved profile, and deploy it anew",
        ),
    )

    def test_signed_code(self):
        """Code from before the configuration runs on unsigned, so it can be asked for."""
        for name, parameters, expected in self.CASES:
            with self.subTest(name=name, parameters=parameters):
                account = attached(config(publishers=(f"{RELEASE}/new",)) if "new" in str(parameters) else None)
                self.assertEqual(expected, testing.verdict(RULE, testing.fixture(__file__, name), parameters, account))


class Undecided(unittest.TestCase):
    CASES = (
        ("denied", answering(Refusal("AccessDeniedException"))),
        ("throttled", answering(Refusal("TooManyRequestsException"))),
        ("failing", answering(Refusal("ServiceException"))),
        ("denied to look into it", attached(**{"lambda:GetCodeSigningConfig": Refusal("AccessDeniedException")})),
        ("deleted while looking", attached(**{"lambda:GetCodeSigningConfig": GONE})),
    )

    def test_undecided(self):
        """What cannot be read is an error, never NON_COMPLIANT."""
        for name, account in self.CASES:
            with self.subTest(name):
                with self.assertRaisesRegex(UndecidedError, "cannot decide: `orders` in 111122223333: .*Exception"):
                    testing.verdict(RULE, testing.fixture(__file__, "signed"), {}, account)
                self.assertEqual([], account.asked("config:PutEvaluations"))


class OnSchedule(unittest.TestCase):
    def _account(self, **more):
        pages = {
            None: {"Functions": [listed("orders"), listed("image", PackageType="Image")], "NextMarker": "2"},
            "2": {"Functions": [listed("bare"), listed("us-east-1.edge"), listed("gone")]},
        }
        answers = {
            "orders": {"FunctionName": "orders", "CodeSigningConfigArn": CONFIG},
            "bare": {"FunctionName": "bare"},
            "gone": GONE,
        }
        return attached(
            **{
                "lambda:ListFunctions": lambda request: pages[request.get("Marker")],
                "lambda:GetFunctionCodeSigningConfig": lambda request: answers[request["FunctionName"]],
                **more,
            }
        )

    def _results(self, account, parameters=None):
        results = testing.evaluate(RULE, RESOURCE_TYPES, testing.schedule(parameters), account)
        self.assertEqual({"AWS::Lambda::Function"}, {result["ComplianceResourceType"] for result in results})
        return {result["ComplianceResourceId"]: result["ComplianceType"] for result in results}

    def test_all_functions(self):
        """On schedule, all functions are looked at, page by page."""
        self.assertEqual(
            {
                "orders": "COMPLIANT",
                "image": "NOT_APPLICABLE",
                "bare": "NON_COMPLIANT",
                "us-east-1.edge": "NOT_APPLICABLE",
                "gone": "NOT_APPLICABLE",
            },
            self._results(self._account()),
        )

    def test_tags(self):
        """Tags are asked for only where a waiver makes them matter."""
        tags = {"orders": {}, "bare": {"legacy": ""}, "gone": GONE}

        def of(request):
            found = tags[request["Resource"].rpartition(":")[2]]
            return found if found is GONE else {"Tags": found}

        account = self._account(**{"lambda:ListTags": of})
        self.assertEqual("NOT_APPLICABLE", self._results(account, {"WaivedByTag": "legacy"})["bare"])
        self.assertEqual(3, len(account.asked("lambda:ListTags")))

    def test_one_that_cannot_be_judged(self):
        """One function that cannot be judged does not hide the others, and does not pass unseen."""
        denied = self._account(
            **{
                "lambda:GetFunctionCodeSigningConfig": lambda request: (
                    Refusal("AccessDeniedException") if request["FunctionName"] == "bare" else GONE
                )
            }
        )
        with self.assertRaisesRegex(UndecidedError, "cannot decide: `bare`: .*AccessDenied"):
            self._results(denied)
        (put,) = denied.asked("config:PutEvaluations")
        self.assertEqual(
            ["orders", "image", "us-east-1.edge", "gone"],
            [each["ComplianceResourceId"] for each in put["Evaluations"]],
        )


class WaiversAndParameters(unittest.TestCase):
    def test_waived(self):
        """A tag takes a function out without a call."""
        item = testing.fixture(__file__, "unsigned")
        account = Account()
        self.assertEqual(
            "NOT_APPLICABLE: waived by the tag `team=orders`",
            testing.verdict(RULE, item, {"WaivedByTag": "x, team=orders"}, account),
        )

    def test_wrong_parameters(self):
        """Everything that is wrong is told at once."""
        parameters = {"ApprovedSigningProfiles": "Release", "RequireSignedCode": "yes"}
        with self.assertRaises(InvalidParametersError) as caught:
            testing.verdict(RULE, testing.fixture(__file__, "signed"), parameters)
        self.assertIn("holds `Release`, which is no ARN", str(caught.exception))
        self.assertIn("is `yes`, and has to be one of true, false", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
