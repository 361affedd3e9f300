"""`sijill schema`: the JSON Schema of a coded report."""

from __future__ import annotations

import json

import click

from sijill.records import json_schema


@click.command()
def command() -> None:
    """Print the JSON Schema (draft 2020-12) of a coded report, one line of `sijill code`."""
    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
