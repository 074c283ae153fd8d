"""Configuration recorders, the customer's and those linked to services, and delivery channels.

Files are not delivered: a channel's status says Success from the time it was put.
"""

from __future__ import annotations

from orgctl.sandbox import moto_services
from orgctl.sandbox.config import find
from orgctl.sandbox.config.pages import page
from orgctl.sandbox.config.registry import operation
from orgctl.sandbox.config_state import Home, Recorder
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters
from orgctl.sandbox.recording.discovery import discover

ALL = "ALL_SUPPORTED_RESOURCE_TYPES"


@operation("PutConfigurationRecorder", Access.ANYBODY)
def put_recorder(call: Call, params: Parameters) -> None:
    """Create the one recorder of an account and region, or change it. It does not record yet."""
    home, given = find.home(call), dict(params["ConfigurationRecorder"])
    name = given.setdefault("name", "default")
    if given.get("servicePrincipal"):
        raise RefusalError("ValidationException", "Service linked recorders cannot be created with this operation.")
    own = home.recorder
    if own is not None and own.settings["name"] != name:
        message = (
            f"Failed to put configuration recorder '{name}' because the maximum number of recorders: 1 is reached."
        )
        raise RefusalError("MaxNumberOfConfigurationRecordersExceededException", message)
    if not str(given.get("roleARN", "")).startswith("arn:"):
        raise RefusalError("InvalidRoleException", "The role ARN is null or malformed.")
    given["recordingGroup"] = _group(dict(given.get("recordingGroup") or {"allSupported": True}))
    given.setdefault("recordingMode", {"recordingFrequency": "CONTINUOUS"})
    settings = {**given, "arn": home.arn("configuration-recorder", f"{name}/{call.cloud.ids.text(8)}")}
    settings["recordingScope"] = "PAID"
    if own is None:
        home.recorders[name] = Recorder(settings, tags=find.tags_of(params.get("Tags")))
    else:
        own.settings = {**settings, "arn": own.settings["arn"]}
        discover(call.cloud, home)


def _group(group: Members) -> Members:
    """A recording group with what AWS adds. Raises InvalidRecordingGroupException for one that contradicts itself."""
    types, everything = group.get("resourceTypes") or [], group.get("allSupported", False)
    excluded = (group.get("exclusionByResourceTypes") or {}).get("resourceTypes") or []
    wanted = (group.get("recordingStrategy") or {}).get("useOnly")
    derived = ALL if everything else "EXCLUSION_BY_RESOURCE_TYPES" if excluded else "INCLUSION_BY_RESOURCE_TYPES"
    if (everything and (types or excluded)) or (types and excluded) or wanted not in (None, derived):
        raise RefusalError("InvalidRecordingGroupException", "The recording group provided is not valid.")
    if not everything and not types and not excluded:
        raise RefusalError("InvalidRecordingGroupException", "The recording group provided records nothing.")
    return {
        "allSupported": everything,
        "includeGlobalResourceTypes": group.get("includeGlobalResourceTypes", False),
        "resourceTypes": types,
        "exclusionByResourceTypes": {"resourceTypes": excluded},
        "recordingStrategy": {"useOnly": derived},
    }


@operation("PutServiceLinkedConfigurationRecorder", Access.ANYBODY)
def put_linked(call: Call, params: Parameters) -> Members:
    """A recorder for one service, which records at once and internally; rules do not see what it records."""
    home, principal = find.home(call), params["ServicePrincipal"]
    if any(recorder.principal == principal for recorder in home.recorders.values()):
        raise RefusalError("ConflictException", f"A service linked recorder for {principal} already exists.")
    name = f"AWSConfigurationRecorderFor{principal.partition('.')[0].title().replace('-', '')}_{call.cloud.ids.text(8)}"
    settings = {
        "name": name,
        "arn": home.arn("configuration-recorder", f"{name}/{call.cloud.ids.text(8)}"),
        "servicePrincipal": principal,
        "recordingScope": "INTERNAL",
    }
    home.recorders[name] = Recorder(settings, True, call.now, tags=find.tags_of(params.get("Tags")))
    return {"Arn": settings["arn"], "Name": name}


@operation("DeleteServiceLinkedConfigurationRecorder", Access.ANYBODY)
def delete_linked(call: Call, params: Parameters) -> Members:
    """Gone."""
    home, principal = find.home(call), params["ServicePrincipal"]
    found = next((name for name, recorder in home.recorders.items() if recorder.principal == principal), None)
    if found is None:
        raise RefusalError("NoSuchConfigurationRecorderException", f"There is no recorder for {principal}.")
    arn = home.recorders.pop(found).settings["arn"]
    return {"Arn": arn, "Name": found}


@operation("DeleteConfigurationRecorder", Access.ANYBODY)
def delete_recorder(call: Call, params: Parameters) -> None:
    """Gone; what it recorded stays."""
    name = params["ConfigurationRecorderName"]
    _changeable(call, name)
    del find.home(call).recorders[name]


@operation("StartConfigurationRecorder", Access.ANYBODY)
def start(call: Call, params: Parameters) -> None:
    """Record from now on, beginning with what is there."""
    home, recorder = find.home(call), _changeable(call, params["ConfigurationRecorderName"])
    if not home.channels:
        raise RefusalError(
            "NoAvailableDeliveryChannelException", "Delivery channel is not available to start recorder."
        )
    recorder.recording, recorder.started = True, call.now
    discover(call.cloud, home)


@operation("StopConfigurationRecorder", Access.ANYBODY)
def stop(call: Call, params: Parameters) -> None:
    """Record no longer."""
    recorder = _changeable(call, params["ConfigurationRecorderName"])
    recorder.recording, recorder.stopped = False, call.now


@operation("DescribeConfigurationRecorders", Access.ANYBODY)
def describe(call: Call, params: Parameters) -> Members:
    """The recorders by name, service or ARN; without any of these the customer's own."""
    return {"ConfigurationRecorders": [recorder.settings for recorder in _asked(call, params)]}


@operation("DescribeConfigurationRecorderStatus", Access.ANYBODY)
def describe_status(call: Call, params: Parameters) -> Members:
    """Whether they record, and since when."""
    return {"ConfigurationRecordersStatus": [_status(recorder) for recorder in _asked(call, params)]}


@operation("ListConfigurationRecorders", Access.ANYBODY)
def list_recorders(call: Call, params: Parameters) -> Members:
    """All recorders, those of services too."""
    wanted = {value for item in params.get("Filters", ()) for value in item.get("filterValue", ())}
    found = [r for r in find.home(call).recorders.values() if not wanted or r.settings["recordingScope"] in wanted]
    members = ("arn", "name", "servicePrincipal", "recordingScope")
    return (
        page(
            call,
            params,
            "ConfigurationRecorderSummaries",
            found,
            lambda r: {key: r.settings[key] for key in members if key in r.settings},
        )
        if found
        else {"ConfigurationRecorderSummaries": []}
    )


def _asked(call: Call, params: Parameters) -> list[Recorder]:
    home, names = find.home(call), params.get("ConfigurationRecorderNames")
    for key, member in (("ServicePrincipal", "servicePrincipal"), ("Arn", "arn")):
        if key in params:
            found = [r for r in home.recorders.values() if r.settings.get(member) == params[key]]
            return found or [_named(home, params[key])]
    if names:
        return [_named(home, name) for name in names]
    return [home.recorder] if home.recorder is not None else []


def _named(home: Home, name: str) -> Recorder:
    if name not in home.recorders:
        message = f"Cannot find configuration recorder with the specified name '{name}'."
        raise RefusalError("NoSuchConfigurationRecorderException", message)
    return home.recorders[name]


def _changeable(call: Call, name: str) -> Recorder:
    recorder = _named(find.home(call), name)
    if recorder.principal is not None:
        raise RefusalError("UnmodifiableEntityException", "A service linked recorder is changed by its service only.")
    return recorder


def _status(recorder: Recorder) -> Members:
    status: Members = {
        "name": recorder.settings["name"],
        "arn": recorder.settings["arn"],
        "recording": recorder.recording,
        "servicePrincipal": recorder.principal,
        "lastStartTime": recorder.started,
        "lastStopTime": recorder.stopped,
        "lastStatus": "Success" if recorder.recording else "Pending",
        "lastStatusChangeTime": recorder.stopped or recorder.started,
    }
    return {key: value for key, value in status.items() if value is not None}


@operation("PutDeliveryChannel", Access.ANYBODY)
def put_channel(call: Call, params: Parameters) -> None:
    """Create the one delivery channel, or change it."""
    home, channel = find.home(call), dict(params["DeliveryChannel"])
    name = channel.setdefault("name", "default")
    if home.recorder is None:
        message = "Configuration recorder is not available to put delivery channel."
        raise RefusalError("NoAvailableConfigurationRecorderException", message)
    if home.channels and name not in home.channels:
        message = (
            f"Failed to put delivery channel '{name}' because the maximum number of delivery channels: 1 is reached."
        )
        raise RefusalError("MaxNumberOfDeliveryChannelsExceededException", message)
    if moto_services.bucket_owner(str(channel.get("s3BucketName"))) is None:
        message = f"Cannot find a S3 bucket with an empty bucket name or of the name {channel.get('s3BucketName')}."
        raise RefusalError("NoSuchBucketException", message)
    home.channels[name] = {**channel, "put": call.now}


@operation("DescribeDeliveryChannels", Access.ANYBODY)
def describe_channels(call: Call, params: Parameters) -> Members:
    """The delivery channel."""
    found = _channels(call, params)
    return {"DeliveryChannels": [{key: v for key, v in channel.items() if key != "put"} for channel in found]}


@operation("DescribeDeliveryChannelStatus", Access.ANYBODY)
def describe_channel_status(call: Call, params: Parameters) -> Members:
    """That it delivers, since it was put."""
    return {
        "DeliveryChannelsStatus": [
            {
                "name": channel["name"],
                "configHistoryDeliveryInfo": {"lastStatus": "Success", "lastSuccessfulTime": channel["put"]},
                "configStreamDeliveryInfo": {"lastStatus": "Success", "lastStatusChangeTime": channel["put"]},
            }
            for channel in _channels(call, params)
        ]
    }


@operation("DeleteDeliveryChannel", Access.ANYBODY)
def delete_channel(call: Call, params: Parameters) -> None:
    """Gone; refused while the recorder runs."""
    home, name = find.home(call), params["DeliveryChannelName"]
    _channels(call, {"DeliveryChannelNames": [name]})
    if home.recorder is not None and home.recorder.recording:
        message = f"Failed to delete last specified delivery channel with name '{name}': there is a running recorder."
        raise RefusalError("LastDeliveryChannelDeleteFailedException", message)
    del home.channels[name]


def _channels(call: Call, params: Parameters) -> list[Members]:
    channels, names = find.home(call).channels, params.get("DeliveryChannelNames")
    for name in names or ():
        if name not in channels:
            message = f"Cannot find delivery channel with specified name '{name}'."
            raise RefusalError("NoSuchDeliveryChannelException", message)
    return [channel for name, channel in channels.items() if not names or name in names]
