"""A temporary PostgreSQL cluster for tests: `python -m tests.postgres -- COMMAND…`, or `with cluster() as url`.

The cluster lies in a new folder under the system's temporary folder, listens on a socket in that folder only (so two
runs never meet) and is stopped and removed afterwards. The command finds it in STEELYARD_DATABASE_URL.
Without ``--durable`` writes are not forced to disk, which is right for everything but tests of lost power.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROLE = DATABASE = "steelyard"
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
MISSING = """The PostgreSQL programs (initdb, pg_ctl) were not found; the tests need them, but no running server.
  Debian or Ubuntu: apt-get install postgresql      Fedora: dnf install postgresql-server      macOS: brew install postgresql
or put the folder that holds them into PATH."""


class NoPostgres(Exception):
    """The programs of PostgreSQL are not on this machine."""


def programs() -> Path:
    """The folder of initdb and pg_ctl: from PATH, or where Debian keeps the newest version."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not versions:
        raise NoPostgres(MISSING)
    return versions[-1].parent


def _as_server_user(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root; then it runs as `postgres` (or `nobody`), who is given the folder."""
    if os.geteuid() != 0:
        return []
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    shutil.chown(folder, user)
    return ["runuser", "-u", user, "--"]


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """Start a cluster with one empty database; yields its STEELYARD_DATABASE_URL, then stops and removes it."""
    binaries = programs()
    folder = Path(tempfile.mkdtemp(prefix="steelyard-pg-"))
    folder.chmod(0o755)
    prefix = _as_server_user(folder)
    data = folder / "data"

    def run(program: str, *arguments: str) -> None:
        command = [*prefix, str(binaries / program), *arguments]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            log = folder / "log"
            raise RuntimeError(f"{program}: {done.stdout}{done.stderr}{log.read_text() if log.exists() else ''}")

    try:
        run("initdb", "-D", str(data), "-U", ROLE, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-c listen_addresses= -k {folder} {'' if durable else FAST}"
        run("pg_ctl", "-D", str(data), "-l", str(folder / "log"), "-o", options, "-w", "start")
        try:
            run("createdb", "-h", str(folder), "-U", ROLE, DATABASE)
            yield f"postgresql://{ROLE}@/{DATABASE}?host={folder}"
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def main(arguments: list[str]) -> int:
    """Run a command on a cluster of its own; its exit code is the command's."""
    durable = arguments[:1] == ["--durable"]
    command = arguments[1:] if durable else arguments
    if command[:1] == ["--"]:
        command = command[1:]
    if not command:
        print("usage: python -m tests.postgres [--durable] -- COMMAND…", file=sys.stderr)  # noqa: T201 (a command line)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that the cluster is stopped
    try:
        with cluster(durable=durable) as url:
            return subprocess.run(command, env={**os.environ, "STEELYARD_DATABASE_URL": url}, check=False).returncode
    except NoPostgres as missing:
        print(missing, file=sys.stderr)  # noqa: T201 (a command line)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
