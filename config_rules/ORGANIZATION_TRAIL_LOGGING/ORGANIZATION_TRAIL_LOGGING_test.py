import sys
import unittest
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from ORGANIZATION_TRAIL_LOGGING import ORGANIZATION_TRAIL_LOGGING, RESOURCE_TYPES, logs_management_events
from rdklib import InvalidParametersError

from organization_rule import testing
from organization_rule.errors import UndecidedError
from organization_rule.testing import Account, Refusal

RULE = ORGANIZATION_TRAIL_LOGGING()
KEY = "arn:aws:kms:eu-west-1:222233334444:key/1c2b3a49-5d6e-4f70-8a9b-0c1d2e3f4a5b"


def trail(name="organization", partition="aws", region="eu-west-1", **more):
    return {
        "Name": name,
        "S3BucketName": "organization-trail",
        "IncludeGlobalServiceEvents": True,
        "IsMultiRegionTrail": True,
        "HomeRegion": region,
        "TrailARN": f"arn:{partition}:cloudtrail:{region}:111122223333:trail/{name}",
        "LogFileValidationEnabled": True,
        "KmsKeyId": KEY,
        "HasCustomEventSelectors": False,
        "IsOrganizationTrail": True,
        **more,
    }


def having(*trails, status=None, selectors=None, **more):
    return Account(
        {
            "cloudtrail:DescribeTrails": {"trailList": list(trails)},
            "cloudtrail:GetTrailStatus": status or {"IsLogging": True},
            "cloudtrail:GetEventSelectors": selectors or {},
            **more,
        }
    )


def verdict(account, parameters=None):
    (result,) = testing.evaluate(RULE, RESOURCE_TYPES, testing.schedule(parameters), account)
    resource = (result["ComplianceResourceType"], result["ComplianceResourceId"])
    if resource != ("AWS::::Account", "111122223333"):
        raise AssertionError(resource)
    return ": ".join(text for text in (result["ComplianceType"], result.get("Annotation")) if text)


GOOD = "COMPLIANT: the organization trail `organization`"


def wrong(what, remedy):
    return f"NON_COMPLIANT: the organization trail `organization` {what}: {remedy}"


class Trails(unittest.TestCase):
    NONE = "NON_COMPLIANT: there is no organization trail: create one in the management account"
    CASES = (
        ("as it should be", (trail(),), GOOD),
        ("none", (), NONE),
        ("only an account's own", (trail(IsOrganizationTrail=False),), NONE),
        ("of one region", (trail(IsMultiRegionTrail=False),), wrong("is of one region", "make it multi-region")),
        (
            "no global services",
            (trail(IncludeGlobalServiceEvents=False),),
            wrong("leaves out global services", "include them"),
        ),
        (
            "no digests",
            (trail(LogFileValidationEnabled=False),),
            wrong("writes no digests", "turn log file validation on"),
        ),
        ("no key", (trail(KmsKeyId=""),), wrong("is not encrypted with a KMS key", "give it one")),
        (
            "several things",
            (trail(IsMultiRegionTrail=False, LogFileValidationEnabled=False),),
            wrong("is of one region, writes no digests", "make it multi-region, turn log file validation on"),
        ),
        ("the best counts", (trail("bad", IsMultiRegionTrail=False), trail()), GOOD),
        ("another's faults do not", (trail(), trail("bad", IsMultiRegionTrail=False)), GOOD),
    )

    def test_trails(self):
        """One organization trail has to be all that it should be."""
        for name, trails, expected in self.CASES:
            with self.subTest(name):
                self.assertEqual(expected, verdict(having(*trails)))

    def test_old_form(self):
        """A trail that says nothing of what came later is no organization trail."""
        old = trail()
        del old["IsOrganizationTrail"]
        self.assertEqual(self.NONE, verdict(having(old)))

    def test_no_key_at_all(self):
        """AWS leaves the key out where there is none."""
        bare = trail()
        del bare["KmsKeyId"]
        self.assertEqual(wrong("is not encrypted with a KMS key", "give it one"), verdict(having(bare)))


class Logging(unittest.TestCase):
    CASES = (
        ({"IsLogging": False}, wrong("is not logging", "start it")),
        (
            {"IsLogging": True, "LatestDeliveryError": "AccessDenied"},
            wrong("could not deliver (AccessDenied)", "mend the bucket's policy, or the key's"),
        ),
        (
            {"IsLogging": True, "LatestDigestDeliveryError": "NoSuchBucket"},
            wrong("could not deliver digests (NoSuchBucket)", "mend the bucket's policy, or the key's"),
        ),
        ({"IsLogging": True, "LatestDeliveryError": ""}, GOOD),
        ({"IsLogging": True, "LatestCloudWatchLogsDeliveryError": "AccessDenied"}, GOOD),
    )

    def test_status(self):
        """That a trail exists is not enough: it has to be logging, and to arrive."""
        for status, expected in self.CASES:
            with self.subTest(status):
                self.assertEqual(expected, verdict(having(trail(), status=status)))

    def test_home_region(self):
        """A trail is asked in its home region, by its ARN."""
        for partition, region in (("aws", "us-east-1"), ("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1")):
            with self.subTest(partition):
                account = having(trail(partition=partition, region=region))
                self.assertEqual(GOOD, verdict(account))
                self.assertIn(
                    (
                        "cloudtrail:GetTrailStatus",
                        region,
                        {"Name": f"arn:{partition}:cloudtrail:{region}:111122223333:trail/organization"},
                    ),
                    account.calls,
                )


ALL = {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []}
DATA = {"Name": "data", "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]}]}


class Selectors(unittest.TestCase):
    @staticmethod
    def advanced(*more):
        fields = [{"Field": "eventCategory", "Equals": ["Management"]}, *more]
        return {"Name": "management", "FieldSelectors": fields}

    def test_basic(self):
        """Reads and writes have to be logged, in one selector or in several."""
        reads, writes = {**ALL, "ReadWriteType": "ReadOnly"}, {**ALL, "ReadWriteType": "WriteOnly"}
        for selectors, expected in (
            ([ALL], True),
            ([{**ALL, "ExcludeManagementEventSources": ["kms.amazonaws.com"]}], True),
            ([reads, writes], True),
            ([writes], False),
            ([{**ALL, "IncludeManagementEvents": False}], False),
            ([], False),
        ):
            with self.subTest(selectors):
                self.assertEqual(expected, logs_management_events({"EventSelectors": selectors}))

    def test_advanced(self):
        """The same in advanced selectors, which may leave out single services, but name none."""
        reads, writes = ({"Field": "readOnly", "Equals": [value]} for value in ("true", "false"))
        for selectors, expected in (
            ([self.advanced(), DATA], True),
            ([self.advanced({"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]})], True),
            ([self.advanced(reads), self.advanced(writes)], True),
            ([self.advanced(writes)], False),
            ([self.advanced({"Field": "eventSource", "Equals": ["iam.amazonaws.com"]})], False),
            ([DATA], False),
        ):
            with self.subTest(selectors):
                self.assertEqual(expected, logs_management_events({"AdvancedEventSelectors": selectors}))

    def test_asked_only_where_there_are_any(self):
        """Without selectors of its own, a trail logs all management events."""
        account = having(trail())
        verdict(account)
        self.assertEqual([], account.asked("cloudtrail:GetEventSelectors"))
        account = having(trail(HasCustomEventSelectors=True), selectors={"AdvancedEventSelectors": [DATA]})
        self.assertEqual(wrong("does not log all management events", "let it log reads and writes"), verdict(account))


class NamesAndKeys(unittest.TestCase):
    def test_name(self):
        """A trail is meant by its name or its ARN."""
        missing = "NON_COMPLIANT: there is no organization trail `x`: create one in the management account"
        for name, expected in (("organization", GOOD), (trail()["TrailARN"], GOOD), ("x", missing)):
            with self.subTest(name):
                self.assertEqual(expected, verdict(having(trail()), {"TrailName": name}))

    def test_keys(self):
        """An approved key may be asked for."""
        other = wrong("is encrypted with another key than those approved", "give it an approved one")
        for keys, expected in (
            (KEY, GOOD),
            ("arn:${partition}:kms:*:222233334444:key/*", GOOD),
            ("arn:aws:kms:eu-west-1:111122223333:key/*", other),
        ):
            with self.subTest(keys):
                self.assertEqual(expected, verdict(having(trail()), {"ApprovedKeys": keys}))

    def test_wrong_parameters(self):
        """A key is named by its ARN."""
        with self.assertRaisesRegex(InvalidParametersError, "holds `alias/trail`, which is no ARN"):
            verdict(having(trail()), {"ApprovedKeys": "alias/trail"})


class Undecided(unittest.TestCase):
    def test_undecided(self):
        """What cannot be read is an error, never NON_COMPLIANT."""
        for operation in ("DescribeTrails", "GetTrailStatus", "GetEventSelectors"):
            for code in ("AccessDeniedException", "ThrottlingException"):
                with self.subTest(operation=operation, code=code):
                    selecting = trail(HasCustomEventSelectors=True)
                    account = having(selecting, **{f"cloudtrail:{operation}": Refusal(code)})
                    with self.assertRaisesRegex(UndecidedError, f"cannot decide: 111122223333: .*{code}"):
                        verdict(account)
                    self.assertEqual([], account.asked("config:PutEvaluations"))


if __name__ == "__main__":
    unittest.main()
