"""One server per data folder, and no child without its parent."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fairnotice.plumbing.locks import FolderInUse, FolderLock

HOLD = """
import sys, time
from pathlib import Path
from fairnotice.plumbing.locks import FolderLock
lock = FolderLock(Path(sys.argv[1])); lock.acquire()
print("holding", flush=True); time.sleep(600)
"""

PARENT = """
import os, subprocess, sys, time
command = [sys.executable, "-c", sys.argv[1], str(os.getpid())]
child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
child.stdout.readline()
print(child.pid, flush=True); time.sleep(600)
"""

CHILD = """
import sys, time
from fairnotice.plumbing.locks import die_with_parent
die_with_parent(int(sys.argv[1]))
print("ready", flush=True); time.sleep(600)
"""


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", *arguments], stdout=subprocess.PIPE, text=True)


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_second_server_is_told_so(tmp_path: Path) -> None:
    with FolderLock(tmp_path), pytest.raises(FolderInUse, match="already being served"):
        FolderLock(tmp_path).acquire()
    with FolderLock(tmp_path):
        pass


def test_a_killed_server_frees_its_folder(tmp_path: Path) -> None:
    holder = start(HOLD, str(tmp_path))
    assert line(holder) == "holding"
    with pytest.raises(FolderInUse):
        FolderLock(tmp_path).acquire()
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with FolderLock(tmp_path):
        pass


def test_a_child_ends_when_its_parent_is_killed() -> None:
    parent = start(PARENT, CHILD)
    child = int(line(parent))
    end = os.pidfd_open(child)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert select.select([end], [], [], 60)[0]
    os.close(end)


def test_a_child_whose_parent_is_gone_already_stops_at_once() -> None:
    orphan = subprocess.run(
        [sys.executable, "-c", CHILD, str(os.getppid())], capture_output=True, text=True, timeout=60
    )
    assert (orphan.returncode, orphan.stdout) == (1, "")
