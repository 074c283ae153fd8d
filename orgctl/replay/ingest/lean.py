"""A record as little decoded as can be: enough to see that it is like one that was understood before.

Most records repeat an earlier one's caller, and most calls an earlier call; what `row_of` says of them is the same.
"""

from __future__ import annotations

import msgspec

from orgctl.replay.event import Event, Resource, Tls, decode_event

NOTHING = msgspec.Raw(b"null")
"""What a record has that lacks one of the fields that are left as text."""

_resources = msgspec.json.Decoder(tuple[Resource | None, ...] | None, strict=False).decode


class Lean(msgspec.Struct, rename="camel", gc=False):
    """The fields of `event.Event`; those with an inner life are left as text."""

    event_id: str | None = msgspec.field(default=None, name="eventID")
    event_time: str | None = None
    event_source: str = ""
    event_name: str = ""
    event_type: str | None = None
    aws_region: str | None = None
    source_address: str | None = msgspec.field(default=None, name="sourceIPAddress")
    user_agent: str | None = None
    error_code: str | None = None
    error_message: str | None = None
    recipient_account_id: str | None = None
    vpc_endpoint_id: str | None = None
    vpc_endpoint_account_id: str | None = None
    read_only: bool | None = None
    user_identity: msgspec.Raw = NOTHING
    resources: msgspec.Raw = NOTHING
    tls_details: Tls | None = None
    request_parameters: msgspec.Raw = NOTHING

    @property
    def event(self) -> Event:
        """The record, decoded as far as an event is."""
        return decode_event(msgspec.json.encode(self))

    def call(self, parameters: msgspec.Raw) -> Event:
        """What was asked, without who and when, and with these parameters."""
        try:
            resources = _resources(self.resources)
        except msgspec.ValidationError:
            alone = msgspec.structs.replace(self, user_identity=NOTHING, request_parameters=parameters)
            return decode_event(msgspec.json.encode(alone))
        return Event(
            event_source=self.event_source,
            event_name=self.event_name,
            event_type=self.event_type,
            aws_region=self.aws_region,
            recipient_account_id=self.recipient_account_id,
            read_only=self.read_only,
            resources=resources,
            request_parameters=parameters,
        )


class LeanFile(msgspec.Struct, gc=False):
    """A log file, as CloudTrail writes it."""

    records: list[Lean] = msgspec.field(name="Records")


lean_file = msgspec.json.Decoder(LeanFile, strict=False).decode
lean_record = msgspec.json.Decoder(Lean, strict=False).decode
