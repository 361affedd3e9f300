"""`sijill desk`: the register in the browser, on this machine alone."""

from __future__ import annotations

import logging
import socket
import sys
import webbrowser
from pathlib import Path

import click

from sijill.cli import options
from sijill.cli.main import OK
from sijill.errors import UsageError
from sijill.ledger.register import Register, user

_EPILOG = """\b
The address that is printed works once and only on this machine; a new one is printed when it was
used. Ctrl-C ends the desk.

\b
Examples:
  sijill desk
  sijill desk --db war.db --port 8800 --no-browser
"""

LEVELS = ("public", "restricted", "confidential")


@click.command(epilog=_EPILOG)
@options.db
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8765,
    show_default=True,
    help="Where to listen on 127.0.0.1; 0 takes any free port.",
)
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@click.option(
    "--clearance",
    type=click.Choice(LEVELS),
    default="confidential",
    show_default=True,
    help="Show nothing that is more sensitive.",
)
@options.who
@options.lexicon
@options.reader
def command(
    db: str, port: int, no_browser: bool, clearance: str, who: str | None, lexicon: Path | None, reader: str
) -> int:  # fmt: skip
    """Open the register in the browser: review, explore, correct; Arabic first."""
    try:
        import jinja2  # noqa: F401
        import starlette  # noqa: F401
        import uvicorn
    except ImportError:
        raise UsageError("the desk needs more libraries; pip install 'sijill[web]'") from None
    from sijill.web.app import create
    from sijill.web.desk import Desk
    from sijill.web.identity import COOKIE, Person

    Register.open(db).close()  # what is the matter with it is told before anything listens
    listening = _listen(port)
    number = listening.getsockname()[1]
    base = f"http://127.0.0.1:{number}"
    first: list[str] = []

    def tell(token: str) -> None:
        address = f"{base}/enter-desk?token={token}"
        click.echo(f"open {address}" if not first else f"to open another browser: {address}")
        first.append(address)

    click.echo("getting the incidents ready ...", err=True)
    desk = Desk(db, Person(who or user(), LEVELS.index(clearance)), tell=tell, lexicon=lexicon, reader=reader)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    server = uvicorn.Server(
        uvicorn.Config(
            create(desk, cookie=f"{COOKIE}_{number}"), log_level="warning", access_log=False,
            server_header=False, timeout_keep_alive=15, h11_max_incomplete_event_size=32_768,
            limit_concurrency=300,
        )
    )  # fmt: skip
    if not no_browser:
        webbrowser.open(first[0])
    sys.stdout.flush()
    try:
        server.run(sockets=[listening])
    finally:
        desk.close()
        listening.close()
    return OK


def _listen(port: int) -> socket.socket:
    """A socket on the loopback address; UsageError where the port is taken."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
        listening.listen(128)  # whoever comes before the server is ready waits
    except OSError as error:
        listening.close()
        raise UsageError(f"port {port}: {error.strerror}; choose another with --port, or 0 for any") from None
    return listening
