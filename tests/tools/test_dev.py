"""`dev.py` as a person meets it: its help, its refusals, and when it installs again."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import dev


def start(*words: str, **env: str) -> "subprocess.CompletedProcess[str]":
    """Run dev.py in an otherwise empty environment, without a terminal."""
    bare = {"PATH": os.environ["PATH"]} | env
    command = [sys.executable, str(dev.ROOT / "dev.py"), *words]
    return subprocess.run(command, capture_output=True, text=True, env=bare, stdin=subprocess.DEVNULL)


@pytest.fixture
def bare_environment(tmp_path, monkeypatch) -> Path:
    """An environment of its own whose Python has no pip, so an attempt to install shows as Trouble."""
    venv = tmp_path / "a folder with spaces" / ".venv"
    subprocess.run([dev.BASE, "-m", "venv", "--without-pip", str(venv)], check=True)
    monkeypatch.setattr(dev, "VENV", venv)
    base = venv / "bin" / "base"
    base.symlink_to((venv / "bin" / "python").resolve())
    monkeypatch.setattr(dev, "BASE", str(base))
    return venv


@pytest.mark.parametrize("words", [(), ("--help",), ("-h",), ("help",)])
def test_help_gives_each_command_one_line(words):
    result = start(*words)
    assert result.returncode == 0
    lines = [line.split(maxsplit=1) for line in result.stdout.splitlines() if line.startswith("  ")]
    assert [name for name, _ in lines] == list(dev.COMMANDS)
    assert all(len(text) > 20 for _, text in lines)


def test_unknown_command_names_the_known_ones():
    result = start("tset")
    assert result.returncode == 2
    assert "tset" in result.stderr
    assert "test" in result.stderr.split("there are:")[1]


def constant(node: ast.AST) -> str:
    """The text of a string literal, else nothing."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def test_every_tool_it_starts_is_there():
    source = (dev.ROOT / "dev.py").read_text()
    named = {word for node in ast.walk(ast.parse(source)) if (word := constant(node)).startswith("tools/")}
    assert len(named) >= 3
    assert [name for name in named if not (dev.ROOT / name).exists()] == []


def test_an_older_python_can_read_it_far_enough_to_be_told():
    source = (dev.ROOT / "dev.py").read_text()
    assert ast.parse(source, feature_version=(3, 8)).body


def test_an_older_python_is_refused_in_words(monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    assert dev.main(["test"]) == 2
    assert "Python 3.11 or newer is needed" in capsys.readouterr().err


def test_imports_the_standard_library_only():
    tree = ast.parse((dev.ROOT / "dev.py").read_text())
    names = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    names |= {node.module or "" for node in tree.body if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def stamp(venv: Path, kind: str) -> None:
    """What an install of today's requirements leaves behind."""
    (venv / "installed").write_text(f"{kind} {dev.requirements_digest('main', 'dev')}")


def test_missing_pip_names_the_command(bare_environment):
    with pytest.raises(dev.Trouble, match="apt-get install python3-pip"):
        dev.environment("main")


@pytest.mark.parametrize(
    ("installed", "wanted", "installs"),
    [
        ("main", "main", False),
        ("dev", "dev", False),
        ("dev", "main", False),  # dev contains main
        ("main", "dev", True),
        ("", "main", True),  # an install that was broken off leaves no stamp
    ],
)
def test_installs_only_when_something_is_missing(bare_environment, installed, wanted, installs):
    if installed:
        stamp(bare_environment, installed)
    if installs:
        with pytest.raises(dev.Trouble):
            dev.environment(wanted)
    else:
        dev.environment(wanted)


def test_other_requirements_are_installed_anew(bare_environment):
    (bare_environment / "installed").write_text("dev " + "0" * 64)
    with pytest.raises(dev.Trouble):
        dev.environment("dev")


def test_a_stamp_without_an_interpreter_counts_for_nothing(bare_environment):
    stamp(bare_environment, "dev")
    (bare_environment / "bin" / "python").unlink()
    with pytest.raises(dev.Trouble):
        dev.environment("dev")


def test_the_project_enters_by_path_and_by_command(bare_environment):
    dev.enter_project(bare_environment)
    python = str(bare_environment / "bin" / "python")
    found = subprocess.run(
        [python, "-c", "import fairnotice; print(fairnotice.__file__)"],
        capture_output=True,
        text=True,
        cwd=bare_environment,
    )
    assert found.stdout.strip() == str(dev.ROOT / "src" / "fairnotice" / "__init__.py")
    # The bare Python has no Django, so the command can only be seen to reach that very Python.
    command = subprocess.run(
        [bare_environment / "bin" / "fairnotice", "--help"], capture_output=True, text=True, cwd="/"
    )
    assert "fairnotice" in command.stdout + command.stderr
    assert "not found" not in command.stderr


def test_started_programs_see_no_other_pythons_settings(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    monkeypatch.setenv("PIP_USER", "1")
    env = dev.surroundings(MORE="yes")
    assert "PYTHONPATH" not in env
    assert env["PIP_USER"] == "0"
    assert env["MORE"] == "yes"


def test_without_java_the_one_command_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(dev.Trouble, match="Spark needs more of Debian: apt-get install default-jre-headless"):
        dev.java()


def test_without_the_programs_the_one_command_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(dev, "POSTGRESQL", tmp_path)
    with pytest.raises(
        dev.Trouble, match="apt-get install chromium-headless-shell fonts-dejavu-core postgresql gcc"
    ):
        dev.programs()
