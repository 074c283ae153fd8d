"""`orgctl import`."""

from __future__ import annotations

from pathlib import Path

import click

from orgctl.cli.running import Globals, pass_globals


@click.command("import")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Where to write; without it, as `-C`.")
@click.option("--force", is_flag=True, help="Overwrite files that are there.")
@click.option("--home-region", metavar="REGION", help="Where the trail is to live, if there is none yet.")
@click.option("--access-role", metavar="NAME", help="The role by which member accounts are entered.")
@pass_globals
def import_(options: Globals, out: Path | None, force: bool, home_region: str | None, access_role: str | None) -> None:
    """Write the manifest and the policies of the organization that is there: a plan right after is empty."""
    from orgctl.api.importing import import_organization
    from orgctl.cli.progress import reading
    from orgctl.views.imported import imported_text

    directory = out or options.directory
    with reading(options) as progress:
        imported = import_organization(
            directory,
            options.connection,
            home_region=home_region,
            access_role=access_role,
            force=force,
            progress=progress,
        )
    for line in imported_text(imported.declared, imported.files, directory):
        options.say(line)
