import json
import sys
import unittest
from datetime import UTC, datetime
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from LAMBDA_LAYER_REQUIRED import LAMBDA_LAYER_REQUIRED, RESOURCE_TYPES
from rdklib import InvalidParametersError

from organization_rule import testing

RULE = LAMBDA_LAYER_REQUIRED()
LAYER = "arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension"
ANYWHERE = "arn:${partition}:lambda:${region}:*:layer:LambdaInsightsExtension"
OWN = "arn:${partition}:lambda:${region}:${account}:layer:tracing"


def with_layers(*arns):
    item = testing.fixture(__file__, "without_layers")
    item["configuration"]["layers"] = [{"arn": arn, "codeSize": 1} for arn in arns]
    return item


class WhatIsJudged(unittest.TestCase):
    FIXTURES = (
        ("with_layer", "COMPLIANT"),
        ("with_layer_china", "COMPLIANT"),
        ("with_layer_us_government", "COMPLIANT"),
        ("without_layers", "NON_COMPLIANT: it has no layers: add `LambdaInsightsExtension` 9 or newer"),
        ("old_form", "NON_COMPLIANT: it has no layers: add `LambdaInsightsExtension` 9 or newer"),
        ("container_image", "NOT_APPLICABLE: a function from a container image has neither layers nor signed code"),
        ("edge_replica", "NOT_APPLICABLE: a replica of Lambda@Edge is what the function in us-east-1 is"),
        ("deleted", "NOT_APPLICABLE"),
    )

    def test_fixtures(self):
        """Items of old and new form, of each partition, of images, replicas and deleted functions."""
        for name, expected in self.FIXTURES:
            with self.subTest(name):
                item = testing.fixture(__file__, name)
                self.assertEqual(expected, testing.verdict(RULE, item, {"ApprovedLayers": f"{ANYWHERE}:9"}))

    def test_no_layers_in_any_form(self):
        """No layers are null, missing or an empty list."""
        for name, configuration in (("null", {"layers": None}), ("missing", {}), ("empty", {"layers": []})):
            with self.subTest(name):
                item = testing.fixture(__file__, "without_layers")
                item["configuration"] = {"functionName": "orders", **configuration}
                self.assertEqual(
                    "NON_COMPLIANT: it has no layers: add `LambdaInsightsExtension`",
                    testing.verdict(RULE, item, {"ApprovedLayers": LAYER}),
                )

    def test_out_of_scope(self):
        """A function that left the rule's scope has no result."""
        item = testing.fixture(__file__, "without_layers")
        event = testing.change(item, {"ApprovedLayers": LAYER}, eventLeftScope=True)
        self.assertEqual("NOT_APPLICABLE", testing.evaluate(RULE, RESOURCE_TYPES, event)[0]["ComplianceType"])

    def test_oversized(self):
        """An item that is too large to be sent is read from AWS Config's history."""
        item = testing.fixture(__file__, "with_layer")
        history = {
            "accountId": item["awsAccountId"],
            "configurationItemCaptureTime": datetime(2026, 11, 2, 8, 29, 58, tzinfo=UTC),
            "configurationItemStatus": "OK",
            "resourceType": item["resourceType"],
            "resourceId": item["resourceId"],
            "arn": item["ARN"],
            "awsRegion": item["awsRegion"],
            "configuration": json.dumps({"functionName": "orders", "layers": [{"arn": f"{LAYER}:8"}]}),
        }
        account = testing.Account({"config:GetResourceConfigHistory": {"configurationItems": [history]}})
        event = testing.oversized(item, {"ApprovedLayers": f"{LAYER}:9"})
        (result,) = testing.evaluate(RULE, RESOURCE_TYPES, event, account)
        self.assertEqual(
            ("orders", "NON_COMPLIANT", "its layer `LambdaInsightsExtension` is at version 8: update it to 9 or newer"),
            (result["ComplianceResourceId"], result["ComplianceType"], result["Annotation"]),
        )


class Versions(unittest.TestCase):
    CASES = (
        ("9", "10", "COMPLIANT"),  # as text, "10" is less than "9"
        ("10", "9", "NON_COMPLIANT"),
        ("10", "10", "COMPLIANT"),
        ("100", "99", "NON_COMPLIANT"),
        ("99", "100", "COMPLIANT"),
        ("*", "1", "COMPLIANT"),
        ("", "1", "COMPLIANT"),
    )

    def test_versions_are_numbers(self):
        """A version is compared as the number that it is."""
        for oldest, version, expected in self.CASES:
            with self.subTest(oldest=oldest, version=version):
                approved = f"{LAYER}:{oldest}" if oldest else LAYER
                found = testing.verdict(RULE, with_layers(f"{LAYER}:{version}"), {"ApprovedLayers": approved})
                self.assertEqual(expected, found.partition(":")[0])


class Patterns(unittest.TestCase):
    CASES = (
        ("its own account", OWN, "arn:aws:lambda:eu-west-1:111122223333:layer:tracing:1", "COMPLIANT"),
        ("another account", OWN, "arn:aws:lambda:eu-west-1:999988887777:layer:tracing:1", "NON_COMPLIANT"),
        ("another region", OWN, "arn:aws:lambda:us-east-1:111122223333:layer:tracing:1", "NON_COMPLIANT"),
        ("another partition", OWN, "arn:aws-cn:lambda:eu-west-1:111122223333:layer:tracing:1", "NON_COMPLIANT"),
        ("a longer name", OWN, "arn:aws:lambda:eu-west-1:111122223333:layer:tracing-off:1", "NON_COMPLIANT"),
        ("a wildcard", f"{LAYER}*:2", f"{LAYER}-Arm64:3", "COMPLIANT"),
        (
            "a wildcard stays in its field",
            "arn:aws:lambda:*:111122223333:layer:tracing",
            "arn:aws:lambda:eu-west-1:999988887777:layer:x:111122223333:layer:tracing:1",
            "NON_COMPLIANT",
        ),
    )

    def test_patterns(self):
        """ARNs are compared field by field."""
        for name, approved, arn, expected in self.CASES:
            with self.subTest(name):
                found = testing.verdict(RULE, with_layers(arn), {"ApprovedLayers": approved})
                self.assertEqual(expected, found.partition(":")[0])


class AnyAndAll(unittest.TestCase):
    BOTH = f"{LAYER}:9, {OWN}"
    TRACING = "arn:aws:lambda:eu-west-1:111122223333:layer:tracing:1"
    CASES = (
        ("any", (f"{LAYER}:9",), "COMPLIANT"),
        ("any", (TRACING,), "COMPLIANT"),
        ("all", (f"{LAYER}:9", TRACING), "COMPLIANT"),
        (
            "ALL",
            (TRACING,),
            "NON_COMPLIANT: not every required layer is there: add `LambdaInsightsExtension` 9 or newer",
        ),
        (
            "all",
            (f"{LAYER}:8", TRACING),
            "NON_COMPLIANT: its layer `LambdaInsightsExtension` is at version 8: update it to 9 or newer",
        ),
        (
            "all",
            (),
            "NON_COMPLIANT: it has no layers: add `LambdaInsightsExtension` 9 or newer and `tracing`",
        ),
        (
            "any",
            (f"{LAYER.removesuffix('LambdaInsightsExtension')}Other:9",),
            "NON_COMPLIANT: no approved layer among `Other:9`: add `LambdaInsightsExtension` 9 or newer or `tracing`",
        ),
    )

    def test_any_and_all(self):
        """One approved layer is enough, or all of them are wanted."""
        for require, arns, expected in self.CASES:
            with self.subTest(require=require, arns=arns):
                parameters = {"ApprovedLayers": self.BOTH, "Require": require}
                self.assertEqual(expected, testing.verdict(RULE, with_layers(*arns), parameters))


class Waivers(unittest.TestCase):
    def test_waived(self):
        """A tag, with any value or with one, takes a function out."""
        for waiver, expected in (
            ("stage", "NOT_APPLICABLE: waived by the tag `stage`"),
            ("stage=production", "NOT_APPLICABLE: waived by the tag `stage=production`"),
            ("stage=test", "NON_COMPLIANT: it has no layers: add `LambdaInsightsExtension`"),
            ("", "NON_COMPLIANT: it has no layers: add `LambdaInsightsExtension`"),
        ):
            with self.subTest(waiver):
                item = testing.fixture(__file__, "without_layers")
                parameters = {"ApprovedLayers": LAYER, "WaivedByTag": waiver}
                self.assertEqual(expected, testing.verdict(RULE, item, parameters))


class WrongParameters(unittest.TestCase):
    CASES = (
        ({}, "the parameter `ApprovedLayers` is missing"),
        ({"ApprovedLayers": " , "}, "the parameter `ApprovedLayers` is missing"),
        ({"ApprovedLayers": "tracing"}, "the parameter `ApprovedLayers` holds `tracing`, which is no ARN"),
        ({"ApprovedLayers": "arn:aws:s3:::bucket"}, "which is no `arn:…:layer:NAME:VERSION`"),
        ({"ApprovedLayers": f"{LAYER}:latest"}, "which is no `arn:…:layer:NAME:VERSION`"),
        ({"ApprovedLayers": LAYER.replace("eu-west-1", "${zone}")}, "holds `${zone}`"),
        ({"ApprovedLayers": LAYER, "Require": "some"}, "is `some`, and has to be one of any, all"),
        ({"ApprovedLayers": LAYER, "WavedByTag": "x"}, "the parameter `WavedByTag` is not known"),
    )

    def test_wrong_parameters(self):
        """Wrong parameters make the evaluation fail, and nothing is written."""
        for parameters, expected in self.CASES:
            with self.subTest(parameters):
                account = testing.Account()
                with self.assertRaises(InvalidParametersError) as caught:
                    testing.verdict(RULE, testing.fixture(__file__, "with_layer"), parameters, account)
                self.assertIn(expected, str(caught.exception))
                self.assertEqual([], account.calls)


if __name__ == "__main__":
    unittest.main()
