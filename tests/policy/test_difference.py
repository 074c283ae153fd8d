import pytest

from orgctl.errors import InvalidInputError
from orgctl.policy.difference import ABSENT, Difference, ElementChange, PathChange, deny_statements, difference

REGIONS = {
    "Sid": "Regions",
    "Effect": "Deny",
    "NotAction": ["iam:*", "sts:*"],
    "Resource": "*",
    "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}},
}
LEAVE = {"Sid": "Leave", "Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}
ALLOW = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def policy(*statements: object) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def changes(found: Difference) -> list[tuple[str, bool, bool, tuple[ElementChange, ...]]]:
    return [(c.name, c.before is not None, c.after is not None, c.elements) for c in found.statements]


ELEMENTS = {
    "an action more": ({"NotAction": ["sts:*", "iam:*", "s3:*"]}, [ElementChange("NotAction", added=("s3:*",))]),
    "a region less": (
        {"Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}},
        [ElementChange("StringNotEquals aws:RequestedRegion", removed=("us-east-1",))],
    ),
    "another operator": (
        {"Condition": {"StringNotLike": {"aws:RequestedRegion": "eu-*"}}},
        [
            ElementChange("StringNotEquals aws:RequestedRegion", removed=("eu-west-1", "us-east-1")),
            ElementChange("StringNotLike aws:RequestedRegion", added=("eu-*",)),
        ],
    ),
    "the effect": ({"Effect": "Allow"}, [ElementChange("Effect", added=("Allow",), removed=("Deny",))]),
    "a principal": ({"Principal": {"AWS": "1"}}, [ElementChange("Principal", added=("AWS: 1",))]),
    "the operator's case": (
        {"Condition": {"stringnotequals": {"aws:requestedregion": ["us-east-1", "eu-west-1"]}}},
        [],
    ),
}


@pytest.mark.parametrize("case", ELEMENTS)
def test_elements_of_a_changed_statement(case: str) -> None:
    """A statement that keeps its Sid is compared element by element."""
    change, expected = ELEMENTS[case]
    found = difference(policy(REGIONS), policy({**REGIONS, **change}))
    assert expected == [element for statement in found.statements for element in statement.elements]


def test_statements_come_and_go() -> None:
    """A statement without a counterpart is added or removed as a whole."""
    found = difference(policy(ALLOW, REGIONS), policy(ALLOW, LEAVE))
    assert changes(found) == [("Leave", False, True, ()), ("Regions", True, False, ())]


def test_a_statement_without_sid_is_found_by_its_likeness() -> None:
    """A statement that lost its Sid and changed a little is changed, not removed and added."""
    unnamed = {key: value for key, value in REGIONS.items() if key != "Sid"}
    found = difference(policy(LEAVE, REGIONS), policy({**unnamed, "NotAction": ["iam:*", "sts:*", "s3:*"]}, LEAVE))
    assert [("statement 1", True, True, (ElementChange("NotAction", added=("s3:*",)),))] == changes(found)


def test_order_and_sids_are_no_difference() -> None:
    """Moving and renaming statements shows nothing."""
    assert difference(policy(LEAVE, REGIONS), policy({**REGIONS, "Sid": "R"}, LEAVE)).is_empty


def test_a_new_policy_is_all_added() -> None:
    """None stands for no policy."""
    assert changes(difference(None, policy(LEAVE))) == [("Leave", False, True, ())]
    assert changes(difference(policy(LEAVE), None)) == [("Leave", True, False, ())]


def test_the_version_is_a_path() -> None:
    """The language version belongs to no statement."""
    found = difference(policy(LEAVE), {**policy(LEAVE), "Version": "2008-10-17"})
    assert (PathChange(("Version",), "2012-10-17", "2008-10-17"),) == found.paths


def test_other_types_are_compared_by_path() -> None:
    """A tag policy's difference names the paths, and takes @@assign lists as sets."""
    before = {"tags": {"a": {"tag_key": {"@@assign": "A"}, "tag_value": {"@@assign": ["x", "y"]}}}}
    after = {"tags": {"a": {"tag_key": {"@@assign": "B"}, "tag_value": {"@@assign": ["y", "x"]}}, "b": {}}}
    assert (
        PathChange(("tags", "a", "tag_key", "@@assign"), "A", "B"),
        PathChange(("tags", "b"), ABSENT, {}),
    ) == difference(before, after).paths


def test_guards_are_the_deny_statements() -> None:
    """Guards are equal when their statements mean the same, whatever they are called and where they stand."""
    one = deny_statements(policy(ALLOW, REGIONS, LEAVE))
    other = deny_statements(policy(LEAVE, {**REGIONS, "Sid": "X", "NotAction": ["STS:*", "iam:*"]}))
    assert one == other
    assert len(one) == 2


def test_other_types_have_no_guards() -> None:
    """Only the IAM language knows Deny."""
    assert frozenset() == deny_statements('{"tags":{}}')


def test_an_unreadable_guard_is_an_error() -> None:
    """A policy that cannot be parsed is not taken for one that denies nothing."""
    with pytest.raises(InvalidInputError):
        deny_statements(policy({"Effect": "Perhaps", "Action": "*"}))


def test_a_policy_that_cannot_be_parsed_is_compared_by_path() -> None:
    """What we do not understand is still compared, as JSON."""
    [change] = difference({"Statement": "x"}, {"Statement": "y"}).paths
    assert (change.path, change.before, change.after) == (("Statement",), "x", "y")


def test_absence_is_no_null() -> None:
    """A value that is absent is shown as such, and differs from null."""
    [change] = difference({"a": None}, {}).paths
    assert (change.before, repr(change.after)) == (None, "absent")


def test_statements_of_other_effect_are_other_statements() -> None:
    """A Deny never turns into an Allow of the same: one goes, the other comes."""
    nameless = {key: value for key, value in REGIONS.items() if key != "Sid"}
    found = difference(policy(nameless), policy({**nameless, "Effect": "Allow"}))
    assert changes(found) == [("statement 1", False, True, ()), ("statement 1", True, False, ())]


def test_principals_and_resources_are_compared() -> None:
    """Principals are shown with their kind, an account and its root's ARN are the same."""
    before = {**LEAVE, "Principal": {"AWS": "111111111111"}, "Resource": ["a", "b"]}
    after = {**LEAVE, "Principal": {"AWS": "arn:aws:iam::111111111111:root", "Service": "x"}, "Resource": "a"}
    [change] = difference(policy(before), policy(after)).statements
    expected = (ElementChange("Principal", added=("Service: x",)), ElementChange("Resource", removed=("b",)))
    assert expected == change.elements
