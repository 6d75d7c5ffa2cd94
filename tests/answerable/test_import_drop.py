"""A folder whose files are taken in: those that are whole, once, each with a report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fairnotice.answerable.imports.drop import Drop, named
from fairnotice.answerable.imports.scratch import alone
from fairnotice.answerable.imports.shape import Unusable
from fairnotice.answerable.models import Delegation, ImportRun
from tests.answerable.loading import FILE, HEADER

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fn_db")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "drop"
    made.mkdir()
    return made


def put(folder: Path, name: str, lines: list[str] | None = None) -> None:
    (folder / name).write_text("\n".join(lines or FILE), "utf-8")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_taken_in_when_it_no_longer_changes(folder: Path) -> None:
    drop = Drop(folder)
    put(folder, "network.csv", FILE[:3])
    assert drop.look() == 0
    put(folder, "network.csv")
    assert drop.look() == 0
    assert drop.look() == 1
    assert ImportRun.objects.get().added == 5
    assert names(folder) == ["done"]
    assert names(folder / "done") == ["network.csv", "network.csv.report.txt"]
    report = (folder / "done" / "network.csv.report.txt").read_text("utf-8")
    assert "added 5\n" in report and "bad 0\n" in report
    put(folder, "network.csv")
    assert [drop.look(), drop.look()] == [0, 1]
    assert len(names(folder / "done")) == 4, "the earlier one is kept"


def test_what_is_being_written_and_what_is_no_file_is_left_alone(folder: Path, tmp_path: Path) -> None:
    for name in (".hidden.csv", "network.csv.part"):
        put(folder, name)
    (folder / "sub").mkdir()
    put(tmp_path, "elsewhere.csv")
    (folder / "link.csv").symlink_to(tmp_path / "elsewhere.csv")
    drop = Drop(folder)
    assert [drop.look(), drop.look()] == [0, 0]
    assert names(folder) == [".hidden.csv", "link.csv", "network.csv.part", "sub"]


def test_what_cannot_be_used_is_put_aside_and_the_rest_goes_in(folder: Path) -> None:
    put(folder, "1.csv", ["name,address", "a,b"])
    put(folder, "2@3.csv")
    put(folder, "csv@mine@3.csv", [HEADER, FILE[1], "ORG-X,,,,,,,,,,,,"])
    drop = Drop(folder)
    assert [drop.look(), drop.look()] == [0, 3]
    assert names(folder / "failed") == ["1.csv", "1.csv.report.txt", "2@3.csv", "2@3.csv.report.txt"]
    assert "Missing columns" in (folder / "failed" / "1.csv.report.txt").read_text("utf-8")
    run = ImportRun.objects.get()
    assert (run.source, run.bad) == ("mine", 1)
    report = (folder / "done" / "csv@mine@3.csv.report.txt").read_text("utf-8")
    assert f"fairnotice answerable bad-lines {run.pk}\n" in report and "ORG-X" not in report


def test_a_full_file_that_would_end_too_much_is_put_aside(folder: Path) -> None:
    drop = Drop(folder)
    put(folder, "full-csv@mine@1.csv")
    drop.look()
    assert drop.look() == 1
    put(folder, "full-csv@mine@2.csv", FILE[:3])
    drop.look()
    assert drop.look() == 1
    assert names(folder / "failed") == ["full-csv@mine@2.csv", "full-csv@mine@2.csv.report.txt"]
    assert Delegation.objects.filter(recorded_until=None, valid_until=None).count() == 3


def test_it_waits_for_another_import_and_stops_when_asked(folder: Path) -> None:
    drop = Drop(folder)
    put(folder, "1.csv")
    drop.look()
    with alone():
        assert drop.look() == 0
    asked = iter([False, True])
    assert drop.look(lambda: next(asked)) == 0
    assert ImportRun.objects.get().state == "running"
    assert drop.look() == 1
    assert (ImportRun.objects.get().state, ImportRun.objects.get().added) == ("done", 5)


def test_names_say_format_source_and_whether_it_is_all() -> None:
    assert (named("x.csv").format, named("x.csv").source, named("x.csv").whole) == ("auto", "", False)
    found = named("full-rpsl@ripe@ripe.db.gz")
    assert (found.format, found.source, found.whole) == ("rpsl", "ripe", True)
    assert named("delegated@statistics").source == ""
    assert named("full-@ripe@x").format == "auto"
    with pytest.raises(Unusable):
        named("xml@ripe@x")


def test_a_long_name_and_a_file_that_may_not_be_read_keep_nothing_waiting(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = "a" * 251 + ".csv"
    for name in (long, "locked.csv", "network.csv"):
        put(folder, name)
    plainly = Path.open

    def opened(path: Path, *args: Any, **kwargs: Any) -> Any:
        if path.name == "locked.csv":
            raise PermissionError(13, "Permission denied")
        return plainly(path, *args, **kwargs)

    # Whoever runs the tests may read everything, so the refusal is made up.
    monkeypatch.setattr(Path, "open", opened)
    drop = Drop(folder)
    assert [drop.look(), drop.look()] == [0, 3]
    assert names(folder) == ["done", "failed"]
    assert long[-200:] in names(folder / "done") and "network.csv" in names(folder / "done")
    assert "may not read" in (folder / "failed" / "locked.csv.report.txt").read_text("utf-8")
