"""`docs/reference.md`, made from the commands and settings themselves.

    python -m sijill.cli.reference > docs/reference.md

A test compares the file with what this makes.
"""

from __future__ import annotations

from collections.abc import Iterator

import click

from sijill.cli.main import COMMANDS, cli
from sijill.settings import SETTINGS


def page() -> str:
    """The whole page."""
    return "\n".join([*_head(), *_commands(), *_settings()]) + "\n"


def _head() -> Iterator[str]:
    """What stands at the top."""
    yield "# Commands and settings"
    yield ""
    yield "Made by `python -m sijill.cli.reference > docs/reference.md`; do not edit."
    yield ""
    yield "Exit codes of every command: 0 all read, 1 something left out, 2 wrong usage,"
    yield "3 nothing could be done, 130 stopped by Ctrl-C, 141 the reader of a pipe went away."


def _commands() -> Iterator[str]:
    """Each command with its options."""
    context = click.Context(cli, info_name="sijill")
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None, "every row of COMMANDS can be loaded"
        yield from _command(name, command, context)
        if isinstance(command, click.Group):
            for inner in command.commands:
                yield from _command(f"{name} {inner}", command.commands[inner], context)


def _command(name: str, command: click.Command, context: click.Context) -> Iterator[str]:
    """One command with its options."""
    with click.Context(command, info_name=name, parent=context) as inner:
        usage = " ".join(["sijill", name, *command.collect_usage_pieces(inner)[1:]])
    yield from ("", f"## `{usage}`", "")
    yield " ".join((command.help or "").split())
    options = [option for option in command.params if isinstance(option, click.Option)]
    if options:
        yield from ("", "| option | what it does |", "| --- | --- |")
        yield from map(_option, options)


def _option(option: click.Option) -> str:
    """One row of a command's options."""
    flags = ", ".join(f"`{flag}`" for flag in option.opts)
    if isinstance(option.type, click.Choice):
        flags += " " + " ".join(f"`{choice}`" for choice in option.type.choices)
    elif option.metavar:
        flags += f" {option.metavar}"
    return f"| {flags} | {option.help} |".replace("FILE|FOLDER", "FILE or FOLDER")


def _settings() -> Iterator[str]:
    """The table of settings."""
    yield from ("", "## Settings", "")
    yield "An option on the command line outranks the environment, and that the default."
    yield from ("", "| setting | environment | default | what it does |", "| --- | --- | --- | --- |")
    for row in SETTINGS:
        default = "" if row.default is None else f"`{row.default}`"
        yield f"| {row.name} | `{row.env}` | {default} | {row.help} |"


if __name__ == "__main__":
    click.echo(page(), nl=False)
