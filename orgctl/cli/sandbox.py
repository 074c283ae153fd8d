"""`orgctl sandbox`: the local AWS."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

NAME = click.option("--name", default="default", show_default=True, help="Which sandbox: several can run at once.")


@click.group()
def sandbox() -> None:
    """A local imitation of AWS on 127.0.0.1, to try things on. It is not AWS."""


@sandbox.command()
@NAME
@click.option("--port", default=0, help="The port; without it, a free one.")
@click.option("--throttle", is_flag=True, help="Throttle at AWS's published rates.")
@click.option("--latency", type=float, default=0.0, metavar="MS", help="Milliseconds that each call takes.")
@click.option("--load", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A state that `save` wrote.")
@click.option("--create-organization/--empty", default=True, help="Whether an organization exists from the start.")
@click.option("--recording", is_flag=True, help="Have AWS Config record in every account from the start.")
def start(
    name: str,
    port: int,
    throttle: bool,
    latency: float,
    load: Path | None,
    create_organization: bool,
    recording: bool,
) -> None:
    """Start one in the background, and print the variables that lead to it: eval "$(orgctl sandbox start)"."""
    from orgctl.sandbox import process

    settings = {
        "throttle": throttle,
        "latency_ms": latency,
        "organization": create_organization,
        "recording": recording,
    }
    instance, is_new = process.start(name, port=port, settings=settings, load=load)
    for variable, value in instance.environment().items():
        click.echo(f"export {variable}={shlex.quote(value)}")
    state = "is running" if is_new else "was running already, and its settings are as they were,"
    click.echo(f"the sandbox `{name}` {state} at {instance.endpoint_url}; its log is {instance.log}", err=True)
    click.echo("it imitates AWS for tests; it is not AWS, and nothing in it is real", err=True)


@sandbox.command()
@NAME
def stop(name: str) -> None:
    """Stop it; what was in it is gone unless it was saved."""
    from orgctl.sandbox import process

    stopped = process.stop(name)
    click.echo(f"the sandbox `{name}` is stopped" if stopped else f"no sandbox `{name}` was running", err=True)


@sandbox.command()
def status() -> None:
    """List the sandboxes that run, with what is in them."""
    from orgctl.sandbox import process

    for instance in process.running():
        now = process.ask(instance, "GET", "status")
        size = f"accounts {now['accounts']}, OUs {now['units']}, policies {now['policies']}, calls {now['calls']}"
        click.echo(f"{instance.name}  {instance.endpoint_url}  pid {instance.pid}  {size}")


@sandbox.command()
@NAME
def reset(name: str) -> None:
    """Let it begin anew."""
    from orgctl.sandbox import process

    process.reset(name)
    click.echo(f"the sandbox `{name}` is as new", err=True)


@sandbox.command()
@NAME
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def save(name: str, file: Path) -> None:
    """Write its state to FILE, for `start --load`."""
    from orgctl.sandbox import process

    process.save(name, file)
    click.echo(f"the state of the sandbox `{name}` is in {file}", err=True)
