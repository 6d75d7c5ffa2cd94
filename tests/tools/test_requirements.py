"""The pinned requirements: whole, hashed, equal where they overlap, and bound to no place."""

import re
import tomllib

import pytest

from dev import ROOT

PIN = re.compile(r"^([a-z0-9-]+)==([^ ;\\]+)", re.MULTILINE)


def text(name: str) -> str:
    """A file of requirements/."""
    return (ROOT / "requirements" / name).read_text(encoding="utf-8")


def wanted(name: str) -> list[str]:
    """The requirements of an .in file without their comments, in order."""
    lines = (line.split("#")[0].strip() for line in text(name).splitlines())
    return [line for line in lines if line and not line.startswith("-r ")]


@pytest.mark.parametrize("name", ["main", "dev", "bench", "spark"])
def test_every_pin_carries_hashes(name):
    blocks = re.split(r"\n(?=[a-z0-9])", text(f"{name}.txt").strip())
    assert len(blocks) == len(PIN.findall(text(f"{name}.txt"))) > 10
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("name", ["main", "dev", "bench", "spark"])
def test_no_index_and_no_path_is_named(name):
    assert re.findall(r"://|--index|--find-links|--extra|@ |^/", text(f"{name}.txt"), re.MULTILINE) == []


@pytest.mark.parametrize("name", ["main", "dev", "bench", "spark"])
def test_everything_wanted_is_pinned(name):
    pinned = {package for package, _ in PIN.findall(text(f"{name}.txt"))}
    assert {re.split(r"[~=<>\[; ]", line)[0] for line in wanted(f"{name}.in")} <= pinned


def test_what_runs_is_what_is_tested():
    main, *others = (set(PIN.findall(text(f"{name}.txt"))) for name in ("main", "dev", "bench", "spark"))
    assert all(main <= pinned for pinned in others)


def test_the_packages_metadata_asks_for_the_same():
    metadata = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert metadata["project"]["dependencies"] == wanted("main.in")
    extras = {name: wanted(f"{name}.in") for name in ("data", "spark")}
    assert metadata["project"]["optional-dependencies"] == extras


def test_every_wanted_package_says_what_it_is_for():
    lines = [
        line
        for name in ("main.in", "data.in", "dev.in", "bench.in", "spark.in")
        for line in text(name).splitlines()
    ]
    assert [line for line in lines if not line.startswith(("#", "-r ")) and " # " not in line] == []
