"""The recorded events of one plan: opened when somebody first asks, and once for all who ask."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self

from orgctl.api.impact_objects import Objects
from orgctl.api.replaying import Replaying, Sought, sought
from orgctl.aws.read.shapes import Snapshot
from orgctl.manifest import LoadedManifest
from orgctl.state.actual import ids
from orgctl.state.wanted import names_of

if TYPE_CHECKING:
    from orgctl.api.impact_reading import Events
    from orgctl.aws.session import Aws


@dataclass
class RecordedEvents:
    """A context in which events can be asked for. `wanted` None: there are none to be looked at."""

    wanted: Sought | None
    replaying: Replaying
    objects: Objects
    _stack: ExitStack = field(default_factory=ExitStack)
    _events: Events | None = None

    @classmethod
    def of(cls, loaded: LoadedManifest, replaying: Replaying, aws: Aws, snapshot: Snapshot) -> Self:
        """Those that the manifest, or somebody for this plan, names; by `aws` they are read where they are in S3."""
        trail = loaded.manifest.trail
        holder = ids(snapshot, names_of(loaded)).get(f"accounts.{trail.bucket.account}") if trail else None
        return cls(sought(loaded, replaying), replaying, Objects(lambda: aws, loaded, holder=holder))

    def opened(self, wanted: Sought, earliest: datetime | None = None) -> Events:
        """The events, read if they were not yet; of those in S3 only from the manifest's `since` on, or `earliest`.

        Raises InvalidInputError for what cannot be read, OrgctlError where the extra `impact` is not installed.
        """
        if self._events is None:
            from orgctl.api.impact_reading import located, opened
            from orgctl.api.impact_selection import Selection, read_since

            since = read_since(wanted.since, self.replaying.now()) if wanted.since else None
            selection = Selection(min(since, earliest) if since and earliest else since)
            found = located(wanted.events).including(replace(self.objects, selection=selection))
            with self.replaying.reading() as tell:
                self._events = self._stack.enter_context(opened(found, wanted.dataset, tell))
        return self._events

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()
