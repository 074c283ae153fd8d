"""Invitations, and the way from consolidated billing to all features."""

from __future__ import annotations

from typing import Any

from orgctl.sandbox.embedded import Sandbox, running
from tests.sandbox.conftest import client, enabled, every, refusal, root_of

INVITED = "222222222222"


def invite(api: Any) -> str:
    return str(api.invite_account_to_organization(Target={"Id": INVITED, "Type": "ACCOUNT"})["Handshake"]["Id"])


def test_an_invited_account_joins_when_it_accepts(sandbox: Sandbox, organizations: Any) -> None:
    """It lands under the root, with FullAWSAccess, as INVITED."""
    enabled(organizations, root_of(sandbox))
    handshake = invite(organizations)
    theirs = client(sandbox, "organizations", INVITED)
    assert [handshake] == [h["Id"] for h in every(theirs, "list_handshakes_for_account", "Handshakes")]
    assert theirs.accept_handshake(HandshakeId=handshake)["Handshake"]["State"] == "ACCEPTED"
    account = organizations.describe_account(AccountId=INVITED)["Account"]
    assert (account["JoinedMethod"], account["State"]) == ("INVITED", "ACTIVE")
    assert sandbox.organization.attached[INVITED] == {"p-FullAWSAccess": None}


def test_an_account_can_be_invited_by_its_address(sandbox: Sandbox, organizations: Any) -> None:
    """The account that owns the address is asked."""
    handshake = organizations.invite_account_to_organization(
        Target={"Id": f"owner+{INVITED}@sandbox.example", "Type": "EMAIL"}, Notes="please", Tags=[]
    )["Handshake"]
    owner = sandbox.organization.handshakes[handshake["Id"]].account
    client(sandbox, "organizations", owner).accept_handshake(HandshakeId=handshake["Id"])
    assert owner in sandbox.organization.accounts


def test_one_open_invitation_a_target(organizations: Any) -> None:
    """A second one is a duplicate; after the first is cancelled it is not."""
    first = invite(organizations)
    assert refusal(lambda: invite(organizations)) == ("DuplicateHandshakeException", None)
    organizations.cancel_handshake(HandshakeId=first)
    second = invite(organizations)
    states = {h["Id"]: h["State"] for h in every(organizations, "list_handshakes_for_organization", "Handshakes")}
    assert {first: "CANCELED", second: "OPEN"} == states


def test_only_the_invited_may_answer(sandbox: Sandbox, organizations: Any) -> None:
    """Nobody else accepts; a declined handshake cannot be accepted; an old one has expired."""
    handshake, theirs = invite(organizations), client(sandbox, "organizations", INVITED)
    assert refusal(lambda: organizations.accept_handshake(HandshakeId=handshake)) == ("AccessDeniedException", None)
    theirs.decline_handshake(HandshakeId=handshake)
    assert refusal(lambda: theirs.accept_handshake(HandshakeId=handshake)) == ("HandshakeAlreadyInStateException", None)
    again = invite(organizations)
    sandbox.advance(16 * 24 * 60 * 60)
    assert organizations.describe_handshake(HandshakeId=again)["Handshake"]["State"] == "EXPIRED"
    assert refusal(lambda: theirs.accept_handshake(HandshakeId=again)) == ("InvalidHandshakeTransitionException", None)


def test_a_member_cannot_be_invited(organizations: Any) -> None:
    """Who is in an organization already is not invited."""
    assert refusal(
        lambda: organizations.invite_account_to_organization(Target={"Id": "111111111111", "Type": "ACCOUNT"})
    ) == ("HandshakeConstraintViolationException", "ALREADY_IN_AN_ORGANIZATION")


def test_all_features_need_the_approval_of_the_invited() -> None:
    """The management account's handshake opens once every invited member has approved."""
    with running(organization=False) as sandbox:
        api, theirs = client(sandbox, "organizations"), client(sandbox, "organizations", INVITED)
        api.create_organization(FeatureSet="CONSOLIDATED_BILLING")
        theirs.accept_handshake(HandshakeId=invite(api))
        ours = api.enable_all_features()["Handshake"]
        too_soon = refusal(lambda: api.accept_handshake(HandshakeId=ours["Id"]))
        asked = every(
            theirs, "list_handshakes_for_account", "Handshakes", Filter={"ActionType": "APPROVE_ALL_FEATURES"}
        )
        theirs.accept_handshake(HandshakeId=asked[0]["Id"])
        api.accept_handshake(HandshakeId=ours["Id"])
        features = api.describe_organization()["Organization"]["FeatureSet"]
    assert too_soon == ("InvalidHandshakeTransitionException", None)
    assert (ours["State"], features) == ("REQUESTED", "ALL")


def test_an_organization_begins_and_ends() -> None:
    """Nothing is in use before CreateOrganization, nor after DeleteOrganization."""
    with running(organization=False) as sandbox:
        api = client(sandbox, "organizations")
        before = refusal(api.describe_organization)
        api.create_organization(FeatureSet="ALL")
        api.delete_organization()
        assert [before, refusal(api.describe_organization)] == [("AWSOrganizationsNotInUseException", None)] * 2
