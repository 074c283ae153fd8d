"""The shape of `waivers.yaml`, in pydantic models: the one source of its published JSON Schema."""

from __future__ import annotations

from pydantic import Field

from orgctl.manifest.schema import Model, PackName
from orgctl.packs.schema import Waiver


class FileWaiver(Waiver):
    """Resources that need not comply for a while. They are still evaluated, and reports show them as waived."""

    pack: PackName | None = Field(
        default=None, description="The pack whose rule is meant; without it, every pack that has a rule of this name."
    )


class WaiverFile(Model):
    """Waivers of rules of any packs: `waivers.yaml`, beside the manifest."""

    waivers: list[FileWaiver] = Field(default=[], description="What need not comply for a while, for reports.")
