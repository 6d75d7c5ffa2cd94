"""The checks of our own sources find what they are for, and pass what is fine."""

import subprocess
import sys
from pathlib import Path

import pytest

import dev

SLASH = "/"


def check(tool: str, *files: Path) -> "subprocess.CompletedProcess[str]":
    """Run one checking tool on the given files."""
    command = [sys.executable, str(dev.ROOT / "tools" / tool), *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        (f"open('{SLASH}home{SLASH}somebody/notes')", "a path of somebody's machine"),
        (f"see {SLASH}tmp{SLASH}scratch", "a path of somebody's machine"),
        ("index: https://pypi" + ".org/simple", "the host of a package registry"),
        ("from files.python" + "hosted.org", "the host of a package registry"),
        ("# TO" + "DO: later", "work put off"),
        ("# FIX" + "ME", "work put off"),
        ("raise NotImplemented" + "Error", "a part not written"),
        ("@pytest" + ".mark.skip", "a test not run"),
        ("pytest" + ".skip('no browser')", "a test not run"),
        ("pytest" + ".skip(missing)", "a test not run"),
    ],
)
def test_a_planted_text_is_found_with_its_line(tmp_path, planted, said):
    file = tmp_path / "planted.py"
    file.write_text(f"fine\n{planted}\nfine\n")
    result = check("check_text.py", file)
    assert result.returncode == 1
    assert result.stdout == f"{file}:2: {said}\n"


def test_ordinary_texts_pass(tmp_path):
    file = tmp_path / "fine.md"
    file.write_text(
        "https://example.org/" + "home/page and src/" + "work/x and todo lists, a method, /etc/fairnotice,\n"
        "`NotImplemented`, the hacker's way, 2001:db8::1\n"
        "pytest.skip(missing, allow_module_level=True)\n"
    )
    result = check("check_text.py", file)
    assert (result.returncode, result.stdout) == (0, "")


def test_a_picture_is_passed_over(tmp_path):
    file = tmp_path / "picture.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe\x00")
    assert check("check_text.py", file).returncode == 0


def test_the_longest_allowed_file_passes_and_one_more_line_does_not(tmp_path):
    fine, over = tmp_path / "fine.py", tmp_path / "over.html"
    fine.write_text("x = 1\n" * 400)
    over.write_text("<br>\n" * 401)
    result = check("check_sizes.py", fine, over)
    assert result.returncode == 1
    assert result.stdout == f"{over}: 401 lines, 400 are allowed\n"


def test_a_generated_migration_may_be_long(tmp_path):
    file = tmp_path / "migrations" / "0001_initial.py"
    file.parent.mkdir()
    file.write_text("x = 1\n" * 900)
    assert check("check_sizes.py", file).returncode == 0


def test_file_types_without_a_limit_pass(tmp_path):
    file = tmp_path / "data.csv"
    file.write_text("row\n" * 900)
    assert check("check_sizes.py", file).returncode == 0
