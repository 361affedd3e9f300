"""`sijill` on the command line: the table of commands, and the last stop for every error."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from types import FrameType

import click

from sijill.errors import SijillError, UsageError

COMMANDS: dict[str, tuple[str, str]] = {
    "code": ("sijill.cli.code:command", "Read reports and write what they tell."),
    "init": ("sijill.cli.init:command", "Make a register."),
    "add": ("sijill.cli.add:command", "Read reports and store them in the register, each once."),
    "link": ("sijill.cli.link:command", "Work out which reports tell of one incident, and why."),
    "merge": ("sijill.cli.judge:merge", "Say that incidents or mentions are one."),
    "split": ("sijill.cli.judge:split", "Say that incidents or mentions are not one."),
    "unsure": ("sijill.cli.judge:unsure", "Say that nobody can tell whether two are one."),
    "undo": ("sijill.cli.judge:undo", "Take a merge, split or unsure back."),
    "tolls": ("sijill.cli.tolls:command", "Show every figure of an incident, and what they come to."),
    "status": ("sijill.cli.status:command", "Show what the register holds, and its head."),
    "show": ("sijill.cli.show:command", "Show a report, incident or mention with all it rests on."),
    "search": ("sijill.cli.search:command", "Find reports by their words and what they tell."),
    "verify": ("sijill.cli.verify:command", "Check everything in the register against its hash."),
    "recode": ("sijill.cli.recode:command", "Read every report again, beside the old readings."),
    "retract": ("sijill.cli.retract:command", "Mark a report as not to be relied on."),
    "redact": ("sijill.cli.redact:command", "Erase a document or a person's name, for good."),
    "backup": ("sijill.cli.backup:command", "Write the whole register into one file."),
    "restore": ("sijill.cli.backup:restore_command", "Put a backup into an empty place."),
    "rebuild": ("sijill.cli.rebuild:command", "Make what is worked out anew from what is recorded."),
    "doctor": ("sijill.cli.doctor:command", "Tell what is the matter with a register, and what to do."),
    "upgrade": ("sijill.cli.upgrade:command", "Carry an older register forward to the newest form."),
    "desk": ("sijill.cli.desk:command", "Open the register in the browser."),
    "explain": ("sijill.cli.explain:command", "Show what was recognised in a text, and by which rule."),
    "evaluate": ("sijill.cli.evaluate:command", "Score the reader against gold, with its errors."),
    "tally": ("sijill.cli.tally:command", "Count incidents and people by time, place, side, action."),
    "compare": ("sijill.cli.compare:command", "Compare two periods, with what the data bear out."),
    "series": ("sijill.cli.series:command", "Counts in a row, with rolling means and pictures."),
    "record": ("sijill.cli.record:command", "Say whether a period is the highest since."),
    "watch": ("sijill.cli.watch:command", "Surges by place and week, each told once at its onset."),
    "backtest": ("sijill.cli.backtest:command", "Score the watch on labelled episodes."),
    "check": ("sijill.cli.check:command", "Check published figures against the register's incidents."),
    "missing": ("sijill.cli.missing:command", "What is missing: coverage, and an estimate of the unseen."),
    "places": ("sijill.cli.places:command", "Look up a place as the reader would; list, check, add."),
    "feeds": ("sijill.cli.feeds:command", "Keep a list of feeds; pull what is new in them."),
    "columns": ("sijill.cli.columns:command", "Propose which column of a spreadsheet holds what."),
    "gazetteer": ("sijill.cli.gazetteer:command", "Build a larger gazetteer from downloaded files."),
    "export": ("sijill.cli.export:command", "Write incidents in the forms that others' tools load."),
    "brief": ("sijill.cli.brief:command", "Write a brief of a month or week."),
    "schema": ("sijill.cli.schema:command", "Print the JSON Schema of a coded report."),
}
"""A command is one row: where it lives, and what it does. It loads when it is called."""

OK, LEFT_OUT, WRONG_USE, NOTHING = 0, 1, 2, 3
"""Exit codes: all read; something left out; wrong usage; nothing could be done."""

INTERRUPTED, PIPE_CLOSED = 130, 141

_EXAMPLES = """\b
Examples:
  sijill code report.txt --published 2024-04-19
  sijill code reports/ --format csv --out incidents.csv
  cat feed.jsonl | sijill code - > coded.jsonl
  sijill explain report.txt --published 2024-04-19

Exit codes: 0 all read, 1 something left out, 2 wrong usage, 3 nothing could be done.
"""


class Commands(click.Group):
    """A group whose commands are loaded one by one, so that none waits for the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, loaded now."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        found = getattr(import_module(module), attribute)
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    """Prints the version and ends."""
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"sijill {version('sijill')}")
        ctx.exit()


@click.command(
    cls=Commands,
    epilog=_EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version.",
)
def cli() -> None:
    """Read Arabic reports on armed conflict and keep what they tell, with the words it came from."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs a command and ends with its exit code."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; its exit code. No traceback reaches a user unless SIJILL_DEBUG asks for it."""
    try:
        _end_orderly()
        if "_SIJILL_COMPLETE" in os.environ:  # a shell asks for completions
            cli.main(prog_name="sijill")
        given = list(sys.argv[1:] if arguments is None else arguments)
        with cli.make_context("sijill", given) as context:
            outcome = cli.invoke(context)
        sys.stdout.flush()
        return outcome if isinstance(outcome, int) else OK
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        print("sijill: stopped", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        _close_stdout()
        return PIPE_CLOSED
    except Exception as error:
        return _failed(error)


def _failed(error: Exception) -> int:
    """Says what went wrong in a line or two; the exit code."""
    if _debug():
        traceback.print_exc()
    if isinstance(error, UsageError):
        print(f"sijill: {error}", file=sys.stderr)
        return WRONG_USE
    if isinstance(error, SijillError):
        print(f"sijill: {error}", file=sys.stderr)
    elif isinstance(error, OSError):
        about = f"{error.filename}: " if error.filename else ""
        print(f"sijill: {about}{error.strerror or error}; check the disk and the path", file=sys.stderr)
    else:
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        print(
            f"sijill: something went wrong that should not ({reason}); please report it, "
            "SIJILL_DEBUG=1 shows where",
            file=sys.stderr,
        )
    return NOTHING


def _debug() -> bool:
    """Whether SIJILL_DEBUG asks for tracebacks."""
    return os.environ.get("SIJILL_DEBUG", "").strip().lower() not in ("", "0", "false", "no", "off")


def _end_orderly() -> None:
    """Makes a plain kill end as orderly as Ctrl-C: no half-written file, no process left behind."""

    def stop(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, stop)


def _close_stdout() -> None:
    """Keeps Python from complaining at exit that nobody reads any more."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115


if __name__ == "__main__":
    main()
