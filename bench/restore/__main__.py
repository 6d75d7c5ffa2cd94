"""Back up and restore many cases, compare every row and file, print minutes and ratios. For `python3 dev.py
bench restore`."""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyrage

ROOT = Path(__file__).resolve().parent.parent.parent
_CHUNK = 1 << 20
_LONGEST = 3600.0


def fairnotice(env: dict[str, str], *words: str, module: str = "fairnotice") -> float:
    """Run a command; its seconds. Raises RuntimeError where it does not end well, or not in an hour."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        env=env,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        timeout=_LONGEST,
    )
    if done.returncode:
        raise RuntimeError(f"{module} {words[0]} ended with {done.returncode}")
    return time.perf_counter() - start


def plain_copy(source: Path, target: Path) -> float:
    """The peer: the same bytes read, hashed (SHA-256), written and synced, nothing else. Seconds."""
    start = time.perf_counter()
    for path in sorted(one for one in source.rglob("*") if one.is_file()):
        into = target / path.relative_to(source)
        into.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        with path.open("rb") as read, into.open("wb") as write:
            while data := read.read(_CHUNK):
                digest.update(data)
                write.write(data)
            write.flush()
            os.fsync(write.fileno())
    seconds = time.perf_counter() - start
    shutil.rmtree(target)
    return seconds


def rows(database: Path) -> dict[str, str]:
    """SHA-256 over all rows of each table."""
    link = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        names = [name for (name,) in link.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        found = {}
        for name in names:
            digest = hashlib.sha256()
            for row in link.execute(f'SELECT * FROM "{name}" ORDER BY 1'):  # noqa: S608 - its own names
                digest.update(repr(row).encode())
            found[name] = digest.hexdigest()
        return found
    finally:
        link.close()


def files(folder: Path) -> dict[str, str]:
    """SHA-256 of each published file."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def measure(folder: Path, count: int) -> None:
    """Make the cases, then a plain copy, the backup, a plain copy, the restore, a plain copy."""
    data, out, back = folder / "data", folder / "backups", folder / "restored"
    env = os.environ | {"FAIRNOTICE_DATA": str(data), "XDG_CONFIG_HOME": str(folder / "home")}
    identity = pyrage.x25519.Identity.generate()
    (folder / "identity").write_text(f"{identity}\n")
    fairnotice(env, "init")
    fairnotice(env, "rules", "publish", str(ROOT / "examples" / "rules.md"))
    settings = data / "fairnotice.toml"
    recipient = f'backup_recipients = ["{identity.to_public()}"]'
    settings.write_text(settings.read_text().replace("backup_recipients = []", recipient))
    made = fairnotice(env, str(count), str(ROOT / "examples" / "notice.json"), module="bench.restore.made")
    size = sum(path.stat().st_size for path in data.rglob("*") if path.is_file())
    print(f"{count:,} cases, {size / 1e6:,.0f} MB, made in {made / 60:.1f} minutes", flush=True)
    peers = [plain_copy(data, folder / "peer")]
    backup = fairnotice(env, "backup", "--to", str(out))
    peers.append(plain_copy(data, folder / "peer"))
    parts = [str(path) for path in sorted(out.glob("*.age"))]
    restore = fairnotice(env, "restore", *parts, "--into", str(back), "--identity", str(folder / "identity"))
    peers.append(plain_copy(data, folder / "peer"))
    for name in ("db.sqlite3", "keys.sqlite3"):
        if rows(data / name) != rows(back / name):
            raise RuntimeError(f"{name}: the restored rows are not those that were backed up")
    if files(data / "log") != files(back / "log"):
        raise RuntimeError("the restored log is not the one that was backed up")
    peer = sum(peers) / len(peers)
    print(f"\n{'':38} {'minutes':>8} {'MB/s':>7} {'cases/s':>9} {'ratio':>6}")
    for name, seconds in (("backup", backup), ("restore", restore), ("plain copy with SHA-256", peer)):
        print(
            f"{name:38} {seconds / 60:8.2f} {size / 1e6 / seconds:7.0f} {count / seconds:9,.0f} "
            f"{peer / seconds:6.2f}"
        )
    spread = ", ".join(f"{one / 60:.2f}" for one in peers)
    print(
        f"\nEvery row of both databases and every file of the log is the same. Plain copies, before, between "
        f"and after: {spread} minutes. Ratio: how fast it was, with their mean as 1."
    )


def main(words: list[str]) -> int:
    """Measure once."""
    parser = argparse.ArgumentParser(prog="python3 dev.py bench restore", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000, help="how many, 100 to 1000000 (100000)")
    parser.add_argument("--folder", type=Path, help="where to write, on the disk to be measured (var/)")
    args = parser.parse_args(words)
    if not 100 <= args.cases <= 1_000_000 or args.cases % 100:
        parser.error("--cases from 100 to 1000000, in hundreds")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
    parent = args.folder or ROOT / "var"
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=parent) as folder:
        measure(Path(folder), args.cases)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
