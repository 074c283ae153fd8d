"""What a case stands for: the product of its lists, over the accounts that it names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from orgctl.policytest.case import Asked
from tests.policytest.suites import BESIDE, EVERYWHERE, read

HEAD = """version: 1
defaults: {{ {defaults} }}
groups: {{ both: [shop, data], more: [management, "ou:/Workloads"] }}
cases:
  - {{ name: a, expect: DENIED, {case} }}
"""

ACCOUNTS = [
    ("account: shop", "shop"),
    ("accounts: [data, shop]", "data shop"),
    ("accounts: [both]", "shop data"),
    ("accounts: [both, shop, data]", "shop data"),
    ("accounts: [more]", "management shop data"),
    ('accounts: ["ou:/"]', "management shop data"),
    ('accounts: ["ou:/Workloads/Prod"]', "shop data"),
    ("accounts: ['111111111111']", "management"),
    ("account: '@{accounts.shop}'", "shop"),
    ("account: '@{organization.management_account}'", "management"),
]

KEYS: list[tuple[str, str, Callable[[Asked], object], list[object]]] = [
    ("action: s3:A", "", lambda asked: asked.action, ["s3:A"]),
    ("actions: [s3:A, s3:B, s3:A]", "", lambda asked: asked.action, ["s3:A", "s3:B"]),
    ("principal: root", "actions: [s3:A]", lambda asked: asked.action, ["s3:A"]),
    ("action: s3:B", "action: s3:A", lambda asked: asked.action, ["s3:B"]),
    ("actions: [s3:B]", "action: s3:A", lambda asked: asked.action, ["s3:B"]),
    ("action: s3:A", "", lambda asked: asked.resource, ["*"]),
    ("action: s3:A, resources: ['*', 'arn:aws:s3:::@{account}']", "", lambda asked: asked.resource,
     ["*", "arn:aws:s3:::111111111111"]),
    ("action: s3:A", "", lambda asked: asked.principal, ["arn:aws:iam::111111111111:role/OrganizationMember"]),
    ("action: s3:A, principals: [root, user/x, assumed-role/r/s]", "", lambda asked: asked.principal,
     ["arn:aws:iam::111111111111:root", "arn:aws:iam::111111111111:user/x",
      "arn:aws:sts::111111111111:assumed-role/r/s"]),
    ("action: s3:A, principals: ['@{parameters.team}', config.amazonaws.com]", "", lambda asked: asked.principal,
     ["arn:aws:iam::111111111111:role/Ann", "arn:aws:iam::111111111111:role/Ben", "config.amazonaws.com"]),
    ("action: s3:A", "context: {a:k: v}", lambda asked: asked.context, [(("a:k", "v"),)]),
    ("action: s3:A, context: {A:K: w}", "context: {a:k: v}", lambda asked: asked.context, [(("A:K", "w"),)]),
    ("action: s3:A, context: {a:j: w}", "context: {a:k: v}", lambda asked: asked.context,
     [(("a:k", "v"), ("a:j", "w"))]),
    ("action: s3:A, context: {a:k: [x, true, null, {values: [x, y]}]}", "", lambda asked: asked.context,
     [(("a:k", "x"),), (("a:k", True),), (("a:k", ()),), (("a:k", ("x", "y")),)]),
    ("action: s3:A, context: {a:k: '@{parameters.team}'}", "", lambda asked: asked.context,
     [(("a:k", "role/Ann"),), (("a:k", "role/Ben"),)]),
    ("action: s3:A, context: {a:k: 'x@{account}'}", "", lambda asked: asked.context, [(("a:k", "x111111111111"),)]),
    ("action: s3:A, unknown: [a:k]", "context: {a:k: v}", lambda asked: (asked.context, asked.unknown),
     [((), ("a:k",))]),
    ("action: s3:A, context: {a:k: v}", "unknown: [a:k]", lambda asked: (asked.context, asked.unknown),
     [((("a:k", "v"),), ())]),
    ("action: s3:A", "unknown: [a:k]", lambda asked: asked.unknown, [("a:k",)]),
    ("action: s3:A, resource_account: '222222222222'", "", lambda asked: asked.resource_account, ["222222222222"]),
    ("action: s3:A", "resource_account: management", lambda asked: asked.resource_account, ["111111111111"]),
    ("action: s3:A, resource: 'arn:aws:sqs:eu-west-1:222222222222:q'", "", lambda asked: asked.resource_account,
     [None]),
    ("action: s3:A, principal: 'arn:aws:iam::222222222222:role/x'", "", lambda asked: asked.resource_account,
     ["111111111111"]),
    ("action: s3:A, principal: config.amazonaws.com", "", lambda asked: asked.resource_account, ["111111111111"]),
]  # fmt: skip


def requests(directory: Path, case: str, defaults: str = "", name: str = EVERYWHERE) -> tuple[Asked, ...]:
    _, (suite,) = read(directory, {name: HEAD.format(case=case, defaults=defaults)})
    return suite.cases[0].requests


@pytest.mark.parametrize(("case", "expected"), ACCOUNTS, ids=[case for case, _ in ACCOUNTS])
def test_accounts_are_named_by_key_id_group_and_ou(case: str, expected: str, tmp_path: Path) -> None:
    """Each account once, in the order named; an OU is every active account in it and below it."""
    asked = requests(tmp_path, f"{case}, action: s3:GetObject")
    assert [each.account for each in asked] == expected.split()


@pytest.mark.parametrize(("case", "defaults", "of", "expected"), KEYS, ids=[f"{case} | {by}" for case, by, *_ in KEYS])
def test_keys_become_requests(
    case: str, defaults: str, of: Callable[[Asked], object], expected: list[object], tmp_path: Path
) -> None:
    """A list makes a request for each of its items; what a case says goes before what the defaults say."""
    asked = requests(tmp_path, f"{case}, account: management", defaults)
    assert [of(each) for each in asked] == expected


def test_a_case_is_the_product_of_its_lists(tmp_path: Path) -> None:
    """Accounts × principals × resources × actions × the values of each key, none of them twice."""
    asked = requests(
        tmp_path,
        "accounts: [both, management], principals: [root, user/x], resources: ['*', 'arn:aws:s3:::a'],"
        " actions: [s3:A, s3:B, s3:C], context: {a:k: [1, 2], a:j: [x, null]}",
    )
    assert len(asked) == len(set(asked)) == 3 * 2 * 2 * 3 * 2 * 2


def test_a_policy_alone_is_asked_in_an_account_of_its_own(tmp_path: Path) -> None:
    """Beside a policy, a case that names no account is asked in `member`, which the manifest does not have."""
    made, (suite,) = read(tmp_path, {BESIDE: HEAD.format(case="action: s3:A", defaults="")})
    assert [asked.account for asked in suite.cases[0].requests] == ["member"]
    assert "member" not in made.setting.accounts
    assert suite.policy == "scp/no-s3"


@pytest.mark.parametrize(
    ("name", "scope", "policy"),
    [
        (BESIDE, "", "scp/no-s3"),
        (BESIDE, "scope: policy", "scp/no-s3"),
        (BESIDE, "scope: organization", None),
        (BESIDE.replace(".yaml", ".yml"), "", "scp/no-s3"),
        (EVERYWHERE, "", None),
        (EVERYWHERE, "scope: organization", None),
        ("policies/all.test.yaml", "", None),
    ],
)
def test_a_file_is_held_against_one_policy_or_the_organization(
    name: str, scope: str, policy: str | None, tmp_path: Path
) -> None:
    """It depends on where the file is, unless it says so itself."""
    text = f"version: 1\n{scope}\ncases: [{{name: a, account: shop, action: s3:A, expect: DENIED}}]\n"
    _, (suite,) = read(tmp_path, {name: text})
    assert suite.policy == policy
