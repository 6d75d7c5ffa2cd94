"""What the docs tell people to type exists: every command, with every option."""

from __future__ import annotations

import argparse
import re

import pytest

import dev
from fairnotice.site import cli
from fairnotice.site.config import Config
from tests.docs.reading import PAGES, ROOT, code_lines

_FAIRNOTICE = re.compile(r"^(?:\S*/)?fairnotice( .*)?$")
_DEV = re.compile(r"^python3 dev\.py( .*)?$")
_OPTION = re.compile(r"--?[A-Za-z][\w-]*")


def commands(parser: argparse.ArgumentParser, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], set[str]]:
    """Every command as its words, with the options that it takes."""
    options = {name for action in parser._actions for name in action.option_strings}
    found = {path: options}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, child in action.choices.items():
                found |= commands(child, (*path, name))
    return found


@pytest.fixture(scope="module")
def known() -> dict[tuple[str, ...], set[str]]:
    return commands(cli._parser(argparse.ArgumentParser(add_help=False)))


def wrong(line: str, known: dict[tuple[str, ...], set[str]]) -> str:
    """What is wrong with a line that begins with `fairnotice`; "" where nothing is."""
    words = line.split()[1:]
    path: tuple[str, ...] = ()
    for word in words:
        if (*path, word) not in known:
            break
        path = (*path, word)
    groups = {command[:-1] for command in known if command}
    if words and not path and not words[0].startswith("-"):
        return f"no command {words[0]}"
    if path in groups and path and len(words) > len(path):
        return f"no command {' '.join(words[: len(path) + 1])}"
    options = [word for word in words if _OPTION.fullmatch(word)]
    unknown = [option for option in options if option not in known[path] | {"--data"}]
    return f"no option {unknown[0]}" if unknown else ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_of_the_program_exist(page, known) -> None:
    lines = [line for line in code_lines(page.read_text("utf-8")) if _FAIRNOTICE.match(line)]
    assert {line: wrong(line, known) for line in lines if wrong(line, known)} == {}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("fairnotice serve --port 8000 --data DIR", ""),
        ("fairnotice user add NAME --role reviewer", ""),
        ("fairnotice", ""),
        ("fairnotice shrve", "no command shrve"),
        ("fairnotice user rename NAME", "no command user rename"),
        ("fairnotice serve --public", "no option --public"),
    ],
)
def test_a_wrong_command_would_be_noticed(line, said, known) -> None:
    assert wrong(line, known) == said


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_of_dev_exist(page) -> None:
    lines = [match[1] or "" for line in code_lines(page.read_text("utf-8")) if (match := _DEV.match(line))]
    named = {line.split()[0] for line in lines if line.split()}
    assert named - {"--help", "COMMAND"} <= set(dev.COMMANDS)


def test_every_command_of_dev_is_in_the_docs() -> None:
    text = "\n".join(page.read_text("utf-8") for page in PAGES)
    assert [name for name in dev.COMMANDS if f"python3 dev.py {name}" not in text] == []


def test_options_of_the_demo_are_those_in_the_readme() -> None:
    source = (ROOT / "tools" / "demo.py").read_text("utf-8")
    taken = set(re.findall(r'add_argument\(\s*"(--[\w-]+)"', source))
    readme = (ROOT / "README.md").read_text("utf-8")
    table = set(re.findall(r"^\| `(--[\w-]+)", readme, re.MULTILINE))
    assert table == taken


def test_settings_named_in_the_guide_exist() -> None:
    guide = (ROOT / "docs" / "operators-guide.md").read_text("utf-8")
    named = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)(?: = [^`]*)?`", guide))
    roles = {"senior_reviewer", "appeals_reviewer"}
    assert named - roles <= set(Config.__dataclass_fields__)
