"""Alternate contacts, by the Account Management API: a call for each account and type."""

from __future__ import annotations

from orgctl.aws.call import read
from orgctl.aws.read.reading import Reading
from orgctl.errors import AccessDeniedError, AwsError
from orgctl.model.resources import Contact, ContactType


def want_contacts(reading: Reading, account_id: str) -> None:
    """Have the three alternate contacts of an account read."""
    reading.contacts[account_id] = {}
    for kind in ContactType:
        reading.crew.submit("contacts", _read_contact, reading, account_id, kind)


def _read_contact(reading: Reading, account_id: str, kind: ContactType) -> None:
    parameters = {"AlternateContactType": kind.value}
    if account_id != reading.aws.identity.account:  # the management account may not name itself
        parameters["AccountId"] = account_id
    try:
        raw = read(reading.aws, "account", "GetAlternateContact", parameters)["AlternateContact"]
    except AccessDeniedError as error:
        reading.find(f"account:{account_id}", error, f"the {kind.value.lower()} contact could not be read")
    except AwsError as error:
        if error.code != "ResourceNotFoundException":
            raise
        reading.contacts[account_id][kind] = None
    else:
        contact = Contact(raw["Name"], raw["Title"], raw["EmailAddress"], raw["PhoneNumber"])
        reading.contacts[account_id][kind] = contact
