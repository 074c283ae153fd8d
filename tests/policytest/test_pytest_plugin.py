"""The pytest plugin as its users meet it: pytest runs in a directory with a manifest, policies and their tests."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest

import orgctl.api.organization
import orgctl.api.testing
import orgctl.pytest_plugin
import orgctl.views.decision_text
import orgctl.views.diagnostics
import orgctl.views.test_report
from orgctl.policytest import loading
from tests.functional.small import account, policy, write

pytest_plugins = ["pytester"]

PLAIN = """
[pytest]
filterwarnings = error
addopts = -p no:hypothesispytest
"""
INI = f"{PLAIN}orgctl_policy_tests = true\n"
CASES = """version: 1
cases:
  - name: nobody touches S3
    actions: [s3:GetObject, s3:PutObject]
    expect: {expect}
  - name: queues are nobody's business
    action: sqs:SendMessage
    expect: ALLOWED
"""
BESIDE = "policies/scp/no-s3.test.yaml"


@pytest.fixture
def pytester(pytester: pytest.Pytester) -> pytest.Pytester:
    """A directory with a manifest of two member accounts, `shop` below `/Workloads` under a policy that denies S3."""
    policy(pytester.path, "scp/no-s3", "s3:*")
    workloads = {"policies": ["scp/no-s3"], "accounts": account("shop")}
    write(pytester.path, {"units": {"Workloads": workloads, "Closed": {"accounts": account("old", state="closed")}}})
    pytester.makeini(INI)
    return pytester


def lay_down(pytester: pytest.Pytester, text: str, name: str = BESIDE) -> None:
    path = pytester.path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_the_plugin_looks_where_orgctl_test_looks() -> None:
    """It has the names of its own, for it must not import them; they are the same."""
    assert loading.SUFFIXES == orgctl.pytest_plugin.SUFFIXES
    assert loading.FOLDERS == orgctl.pytest_plugin.FOLDERS


def test_whoever_does_not_use_it_does_not_pay_for_it(pytester: pytest.Pytester) -> None:
    """pytest loads the plugin by its entry point, and nothing else of orgctl with it."""
    pytester.makeini(PLAIN)
    lay_down(pytester, CASES.format(expect="ALLOWED"))
    pytester.makepyfile(
        """
        import sys

        def test_nothing_is_imported():
            found = {name for name in sys.modules if name.partition(".")[0] in ("orgctl", "boto3", "pydantic")}
            assert found == {"orgctl", "orgctl.pytest_plugin"}
        """
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_each_case_is_an_item(pytester: pytest.Pytester) -> None:
    """Cases are collected beside the policies and in tests/policies, under their own names."""
    lay_down(pytester, CASES.format(expect="EXPLICIT_DENY"))
    everywhere = CASES.format(expect="EXPLICIT_DENY").replace("    act", "    accounts: ['ou:/Workloads']\n    act")
    lay_down(pytester, everywhere, "tests/policies/everywhere.test.yaml")
    result = pytester.runpytest("--collect-only", "-q")
    assert result.outlines[:4] == [
        f"{BESIDE}::nobody touches S3",
        f"{BESIDE}::queues are nobody's business",
        "tests/policies/everywhere.test.yaml::nobody touches S3",
        "tests/policies/everywhere.test.yaml::queues are nobody's business",
    ]
    pytester.runpytest().assert_outcomes(passed=4)


def test_a_failure_is_explained_as_orgctl_test_explains_it(pytester: pytest.Pytester) -> None:
    """What was expected, what was decided and by which line of which policy; nothing of pytest's or orgctl's inside."""
    lay_down(pytester, CASES.format(expect="ALLOWED"))
    result = pytester.runpytest()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            f"  {BESIDE}:3:5: expects ALLOWED",
            "  2 of 2 requests failed",
            "  expected ALLOWED, but it is EXPLICIT_DENY",
            "*by `S0` of `scp/no-s3`, in the SCPs on root: policies/scp/no-s3.json:1:41",
            f"FAILED {BESIDE}::nobody touches S3 - expec*",
        ]
    )
    result.stdout.no_fnmatch_line("*.py*")
    result.stdout.no_fnmatch_line("*Traceback*")


@pytest.mark.parametrize("style", ["long", "short", "native"])
def test_the_explanation_is_the_same_in_every_style(pytester: pytest.Pytester, style: str) -> None:
    """`--tb` is about tracebacks, and there is none."""
    lay_down(pytester, CASES.format(expect="ALLOWED"))
    pytester.runpytest(f"--tb={style}").stdout.fnmatch_lines(["*by `S0` of `scp/no-s3`*"])


def test_one_line_is_enough_where_one_is_asked_for(pytester: pytest.Pytester) -> None:
    """`--tb=line` has the file, the line and what is wrong."""
    lay_down(pytester, CASES.format(expect="ALLOWED"))
    result = pytester.runpytest("--tb=line")
    result.stdout.fnmatch_lines([f"*/{BESIDE}:3: expected ALLOWED, but it is EXPLICIT_DENY"])


def test_a_broken_file_is_an_error_of_collection(pytester: pytest.Pytester) -> None:
    """Every problem is shown with its file, line, column and hint, and without a traceback; other files run."""
    lay_down(pytester, CASES.format(expect="PERHAPS").replace("action:", "akshun:"))
    lay_down(
        pytester,
        "version: 1\ncases: [{name: a, account: shop, action: s3:GetObject, expect: DENIED}]",
        "policies/a.test.yaml",
    )
    result = pytester.runpytest("--continue-on-collection-errors")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            f"{BESIDE}:5:13: error[[]T104[]]*",
            f"{BESIDE}:7:5: error[[]T101[]]: the key `akshun` is not known*",
            "hint: known here: `account`, *",
        ]
    )
    result.stdout.no_fnmatch_line("*.py*")


def test_a_broken_manifest_is_an_error_of_collection(pytester: pytest.Pytester) -> None:
    """It says what is wrong with the manifest."""
    lay_down(pytester, CASES.format(expect="DENIED"))
    (pytester.path / "organization.yaml").write_text("version: 2\n")
    result = pytester.runpytest()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["organization.yaml:1:10: error[[]M0*"])


def test_files_elsewhere_are_left_alone(pytester: pytest.Pytester) -> None:
    """Other tools have files of such names, too; whoever names one on the command line means it."""
    case = CASES.format(expect="ALLOWED").replace("    act", "    account: management\n    act")
    lay_down(pytester, case, "other/thing.test.yaml")
    assert pytester.runpytest().ret == pytest.ExitCode.NO_TESTS_COLLECTED
    pytester.runpytest("other/thing.test.yaml").assert_outcomes(passed=2)


def test_nothing_is_collected_without_being_asked_for(pytester: pytest.Pytester) -> None:
    """Policy tests are pytest's only where the setting says so."""
    lay_down(pytester, CASES.format(expect="ALLOWED"))
    pytester.makeini(PLAIN)
    assert pytester.runpytest().ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_the_directory_is_seen_from_the_configuration(pytester: pytest.Pytester) -> None:
    """`orgctl_directory` leads to the manifest from wherever pytest is started."""
    lay_down(pytester, CASES.format(expect="EXPLICIT_DENY"))
    governance = pytester.mkdir("governance")
    for name in ("organization.yaml", "policies"):
        (pytester.path / name).rename(governance / name)
    pytester.makeini(f"{INI}orgctl_directory = governance\n")
    pytester.runpytest().assert_outcomes(passed=2)
    pytester.runpytest(f"--rootdir={pytester.path}", str(governance / "policies")).assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("arguments", "outcomes"),
    [
        (["-k", "queues"], {"passed": 1, "deselected": 1}),
        (["-k", "not queues"], {"failed": 1, "deselected": 1}),
        ([f"{BESIDE}::queues are nobody's business"], {"passed": 1}),
        ([BESIDE], {"passed": 1, "failed": 1}),
        (["-x"], {"failed": 1}),
    ],
    ids=str,
)
def test_cases_are_chosen_as_tests_are(
    pytester: pytest.Pytester, arguments: list[str], outcomes: dict[str, int]
) -> None:
    """pytest's own means of choosing work on cases."""
    lay_down(pytester, CASES.format(expect="ALLOWED"))
    pytester.runpytest(*arguments).assert_outcomes(**outcomes)


def test_what_failed_runs_again(pytester: pytest.Pytester) -> None:
    """pytest remembers the cases that failed."""
    lay_down(pytester, CASES.format(expect="ALLOWED"))
    pytester.runpytest().assert_outcomes(passed=1, failed=1)
    pytester.runpytest("--last-failed").assert_outcomes(failed=1)


def test_the_junit_report_has_cases_and_what_failed(pytester: pytest.Pytester) -> None:
    """One test case for each case; the message is one line, the text the whole explanation."""
    lay_down(pytester, CASES.format(expect="ALLOWED"))
    pytester.runpytest("--junit-xml=report.xml")
    found = ET.parse(pytester.path / "report.xml").getroot()  # noqa: S314 - our own file
    failures = [(case.get("name"), failure.get("message")) for case in found.iter("testcase") for failure in case]
    assert failures == [("nobody touches S3", "expected ALLOWED, but it is EXPLICIT_DENY")]
    assert "by `S0` of `scp/no-s3`" in "".join(failure.text or "" for failure in found.iter("failure"))
    assert len(list(found.iter("testcase"))) == 2


@pytest.mark.slow
def test_cases_are_spread_over_workers(pytester: pytest.Pytester) -> None:
    """pytest-xdist runs them in other processes, and brings the explanation back."""
    lay_down(pytester, CASES.format(expect="ALLOWED"))
    result = pytester.runpytest_subprocess("-n2")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*by `S0` of `scp/no-s3`, in the SCPs on root: policies/scp/no-s3.json:1:41"])


TESTS = {
    "a decision by its name": (
        'assert organization.simulate("shop", "s3:GetObject") == "EXPLICIT_DENY"',
        'assert organization.simulate("shop", "s3:GetObject") != "ALLOWED"',
        'assert organization.simulate("shop", "s3:GetObject") == "DENIED"',
        'assert organization.simulate("shop", "sqs:SendMessage") == "ALLOWED"',
        'assert organization.simulate("shop", "sqs:SendMessage") != "DENIED"',
        'assert organization.simulate("shop", "s3:GetObject").decision == "EXPLICIT_DENY"',
        'assert organization.simulate("shop", "s3:GetObject") == organization.simulate("shop", "s3:PutObject")',
        'assert organization.simulate("shop", "s3:GetObject") != organization.simulate("shop", "sqs:SendMessage")',
        'assert organization.simulate("shop", "s3:GetObject") != 1',
    ),
    "a decision as a value": (
        "from orgctl.policy.explanation import Decision",
        'assert organization.simulate("shop", "s3:GetObject") == Decision.EXPLICIT_DENY',
        'assert organization.simulate("shop", "s3:GetObject") != Decision.ALLOWED',
        'assert organization.simulate("shop", "s3:GetObject").denied',
        'assert organization.simulate("shop", "sqs:SendMessage").allowed',
        'assert not organization.simulate("shop", "sqs:SendMessage").denied',
    ),
    "what decided": (
        'verdict = organization.simulate("shop", "s3:GetObject")',
        'assert verdict.decided_by == ("scp/no-s3#S0",)',
        'assert verdict.reasons == ("scp/no-s3#S0 (policies/scp/no-s3.json:1:41)",)',
        "assert (verdict.keys, verdict.unknown_keys) == ((), ())",
        'assert repr(verdict) == "<EXPLICIT_DENY by scp/no-s3#S0>"',
    ),
    "keys": (
        'away = organization.simulate("shop", "ec2:RunInstances", context={"aws:SourceIp": "203.0.113.9"})',
        'assert (away, away.keys) == ("EXPLICIT_DENY", ("aws:SourceIp",))',
        'nowhere = organization.simulate("shop", "ec2:RunInstances", context={"aws:SourceIp": None})',
        'assert nowhere == "ALLOWED"',
        'hidden = organization.simulate("shop", "ec2:RunInstances", unknown=["aws:SourceIp"])',
        'assert (hidden, hidden.unknown_keys) == ("UNKNOWN", ("aws:SourceIp",))',
        'assert not hidden.allowed and not hidden.denied',
        'assert repr(hidden) == "<UNKNOWN hangs on aws:SourceIp>"',
    ),
    "accounts by OU": (
        'assert organization.accounts("ou:/Workloads") == ("shop",)',
        'assert set(organization.accounts()) == {"management", "shop"}',
    ),
    "who and where": (
        'mine = organization.simulate("management", "s3:GetObject", principal="role/x", resource_account="shop")',
        'assert mine == "ALLOWED"',
        'assert organization.simulate("shop", "s3:GetObject", resource="arn:aws:s3:::a/b", principal="root").denied',
    ),
}  # fmt: skip


@pytest.mark.parametrize("lines", TESTS.values(), ids=TESTS)
def test_a_test_asks_the_organization(pytester: pytest.Pytester, lines: tuple[str, ...]) -> None:
    """The fixture `organization` answers as `orgctl simulate` does; without the setting, too."""
    pytester.makeini(PLAIN)
    path = pytester.path / "policies/scp/no-s3.json"
    document = json.loads(path.read_text())
    elsewhere = {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}, "Null": {"aws:SourceIp": "false"}}
    document["Statement"] += [
        {"Sid": "Near", "Effect": "Deny", "Action": "ec2:*", "Resource": "*", "Condition": elsewhere}
    ]
    path.write_text(json.dumps(document))
    body = "".join(f"    {line}\n" for line in lines)
    pytester.makepyfile(f"def test_it(organization):\n{body}")
    pytester.runpytest().assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('organization.simulate("shop", "s3:GetObject") == "ALLOWED"', "E *by `S0` of `scp/no-s3`*no-s3.json:1:41"),
        ('"ALLOWED" == organization.simulate("shop", "s3:GetObject")', "E *by `S0` of `scp/no-s3`*no-s3.json:1:41"),
        ('organization.simulate("shop", "s3:GetObject") != "DENIED"', "E *EXPLICIT_DENY != 'DENIED'"),
        ('organization.simulate("shop", "s3:GetObject").allowed', "E *<EXPLICIT_DENY by scp/no-s3#S0>*"),
        ('organization.simulate("shop", "s3:GetObject") != "ALOWED"', "E *`ALOWED` is no decision; there are*"),
        ('organization.simulate("shop", "s3:GetObject")', "E *a verdict is neither true nor false: compare it*"),
        ('organization.simulate("shp", "s3:GetObject") == "ALLOWED"', "E *hint: did you mean `shop`[?]"),
        ('organization.accounts("ou:/Work") == ()', "E *hint: did you mean `ou:/Workloads`[?]"),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_explained(pytester: pytest.Pytester, line: str, expected: str) -> None:
    """A wrong decision comes with its reasons, a wrong question with its hint, and both without orgctl's own code."""
    pytester.makepyfile(f"def test_it(organization):\n    assert {line}\n")
    result = pytester.runpytest()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([expected])
    assert "orgctl/api/simulating.py" not in result.stdout.str()


def test_other_comparisons_are_left_to_pytest(pytester: pytest.Pytester) -> None:
    """The plugin explains verdicts and nothing else."""
    pytester.makepyfile("def test_it(organization):\n    assert [1, 2] == [1, 3]\n")
    pytester.runpytest().stdout.fnmatch_lines(["E *At index 1 diff: 2 != 3"])


def test_the_fixture_tells_what_is_wrong_with_the_manifest(pytester: pytest.Pytester) -> None:
    """Whoever uses the fixture without a manifest is told, without a traceback."""
    (pytester.path / "organization.yaml").write_text("version: 2\n")
    pytester.makepyfile("def test_it(organization):\n    pass\n")
    result = pytester.runpytest()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["organization.yaml:1:10: error[[]M0*"])


def test_a_fixture_of_the_same_name_goes_before_ours(pytester: pytest.Pytester) -> None:
    """Whoever has a fixture called `organization` keeps it."""
    pytester.makepyfile(
        """
        import pytest

        @pytest.fixture
        def organization():
            return "mine"

        def test_it(organization):
            assert organization == "mine"
        """
    )
    pytester.runpytest().assert_outcomes(passed=1)
