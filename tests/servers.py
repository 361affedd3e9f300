"""A PostgreSQL server for the tests, brought up and taken down here.

    python tests/servers.py COMMAND...     runs a command with SIJILL_TEST_POSTGRES set

The first of these that works: the server that SIJILL_TEST_POSTGRES names; PostgreSQL's own programs
where they are installed; those that the package `pgserver` carries; Debian's package, where root may
install it. Where none does, the tests run on SQLite alone and say so.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

NAME = "SIJILL_TEST_POSTGRES"
WHY = "SIJILL_TEST_POSTGRES_WHY"
HOMES = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin")
QUICK = ["fsync=off", "full_page_writes=off", "max_connections=60", "shared_buffers=64MB"]
"""For tests only: nothing of this server must outlive a loss of power."""


class NoServer(Exception):
    """No server could be brought up, and why."""


@contextmanager
def server() -> Iterator[str]:
    """The address of a running server."""
    given = os.environ.get(NAME)
    if given:
        yield given
        return
    home = Path(tempfile.mkdtemp(prefix="sijill-pg-"))
    bin_ = programs()
    runner = as_somebody(home)
    try:
        port = free_port()
        run([*runner, str(bin_ / "initdb"), "-D", str(home / "data"), "-U", "sijill", "-A", "trust",
             "-E", "UTF8", "--locale=C", "--no-sync"])  # fmt: skip
        options = f"-p {port} -k {home} -c listen_addresses=127.0.0.1 " + " ".join(f"-c {o}" for o in QUICK)
        log = str(home / "log")
        control = [*runner, str(bin_ / "pg_ctl"), "-D", str(home / "data")]
        run([*control, "-l", log, "-w", "-o", options, "start"])
        try:
            yield f"postgresql://sijill@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], capture_output=True, check=False)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def programs() -> Path:
    """The folder with initdb and pg_ctl."""
    found = installed() or carried()
    if found is None and os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "-q", "-y", "--no-install-recommends", "postgresql"]
        for command in (["apt-get", "update", "-q"], install):
            done = subprocess.run(command, env=quiet, capture_output=True, check=False, text=True)
            if done.returncode:
                raise NoServer(f"{' '.join(command)} failed: {done.stderr.strip()[-200:]}")
        found = installed()
    if found is None:
        raise NoServer(f"PostgreSQL is not installed; install it, or set {NAME} to a server's address")
    return found


def installed() -> Path | None:
    """PostgreSQL's programs where a package put them, the newest."""
    for pattern in HOMES:
        for folder in sorted(Path("/").glob(pattern[1:]), key=lambda path: str(path), reverse=True):
            if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
                return folder
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def carried() -> Path | None:
    """The programs that the package `pgserver` carries."""
    try:
        import pgserver
    except ImportError:
        return None
    folder = Path(pgserver.__file__).parent / "pginstall" / "bin"
    return folder if (folder / "initdb").exists() else None


def as_somebody(home: Path) -> list[str]:
    """How to run a command as somebody who is not root, as PostgreSQL demands."""
    if os.name != "posix" or os.geteuid() != 0:
        return []
    for name in ("postgres", "nobody"):
        done = subprocess.run(["id", "-u", name], capture_output=True, check=False)
        if done.returncode == 0 and shutil.which("runuser"):
            shutil.chown(home, name)
            return ["runuser", "-u", name, "--"]
    raise NoServer("PostgreSQL does not run as root, and there is neither a user 'postgres' nor 'nobody'")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(command: Sequence[str]) -> None:
    """Runs a command; NoServer where it fails. A server that stays must not keep our pipes open."""
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(command, stdout=said, stderr=subprocess.STDOUT, check=False, cwd="/")
        if done.returncode:
            said.seek(0)
            words = said.read().decode("utf-8", "replace").strip()[-300:]
            raise NoServer(f"{' '.join(map(str, command))} failed: {words}")


def main() -> int:
    """Runs the command given, with a server where one can be had."""
    try:
        with server() as url:
            return subprocess.run(sys.argv[1:], env={**os.environ, NAME: url}, check=False).returncode
    except NoServer as error:
        return subprocess.run(sys.argv[1:], env={**os.environ, WHY: str(error)}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
