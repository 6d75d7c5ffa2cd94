"""`fairnotice observatory compare` and `verify`: what they print, and their exit status."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from fairnotice.observatory import citing, citing_views
from fairnotice.observatory.asking import ask
from fairnotice.observatory.comparing import compare, document, read_path
from fairnotice.observatory.question import Question, QuestionError
from fairnotice.observatory.result import Result
from fairnotice.observatory.store import Store, StoreError
from fairnotice.observatory.topics import TOPICS, Choice, files, show
from fairnotice.site.cli import main
from tests.harmonised.right import SERVICE
from tests.observatory import made
from tests.observatory.compared import SINCE, Both, store

Said = tuple[int, str, str]


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store, a report that agrees with it, and one that does not."""
    folder = tmp_path_factory.mktemp("ground")
    both = Both()
    store(folder, both)
    both.write(folder / "report")
    both.set(5, "TOTAL", "measures", "20")
    both.write(folder / "other")
    return folder


def run(capsys: pytest.CaptureFixture[str], ground: Path, *words: object) -> Said:
    status = main(["observatory", *map(str, words), "--store", str(ground / "observatory")])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_a_report_that_agrees(capsys: pytest.CaptureFixture[str], ground: Path) -> None:
    status, out, err = run(capsys, ground, "compare", ground / "report")
    assert (status, err) == (0, "")
    assert f"beside the statements of {SERVICE}: 56 statements; 3 of 3 days are in the store." in out
    assert "more figures are alike, or not judged: --all shows them." in out
    assert "\n\nBeside 2 peers: Harbour, Meadow\n\n      own " in out and "\\u" not in out
    assert "Not compared:\n- Notices received, and the items in them: " in out


def test_a_report_that_does_not(capsys: pytest.CaptureFixture[str], ground: Path) -> None:
    status, out, _err = run(capsys, ground, "compare", ground / "other")
    assert status == 1
    assert (
        "            20             14       −30.0 % ■ Own initiative, illegal content, all measures: "
        "all together [far apart]\n" in out
    )


def test_what_is_written_can_be_verified_until_the_store_changes(
    capsys: pytest.CaptureFixture[str], ground: Path, tmp_path: Path
) -> None:
    file = tmp_path / "compared.json"
    status, out, _err = run(capsys, ground, "compare", ground / "report", "--format", "json", "--out", file)
    assert (status, out) == (0, f"Written: {file}\n")
    status, out, _err = run(capsys, ground, "verify", file)
    assert (status, out.splitlines()[-1]) == (
        0,
        f"{file}: the same question gives the same answer, from the same dumps.",
    )
    shutil.copytree(ground / "observatory", tmp_path / "observatory")
    shutil.rmtree(Store(tmp_path / "observatory").place(SINCE, "global").folder)
    status, out, _err = run(capsys, tmp_path, "verify", file)
    assert status == 1
    assert "Differs: 2026-01-01 (global) is not in this store: ingest sor-global-2026-01-01-full.zip" in out
    from fairnotice.observatory.ingest.building import build

    build(Store(tmp_path / "observatory"), made.of_rows(tmp_path, made.rows(50, SINCE), SINCE))
    status, out, _err = run(capsys, tmp_path, "verify", file, "--json")
    found = json.loads(out)
    assert (status, found["holds"], found["asked_again"]) == (1, False, True)
    assert any("SHA-1: the file says" in fault for fault in found["faults"])
    assert any("Compared again" in fault for fault in found["faults"])


def test_an_answer_of_any_question_can_be_verified(
    capsys: pytest.CaptureFixture[str], ground: Path, tmp_path: Path
) -> None:
    result = ask(Store(ground / "observatory"), Question(by=("platform", "week")))
    file = tmp_path / "result.json"
    file.write_text(citing.dumps(result), "utf-8")
    assert run(capsys, ground, "verify", file)[0] == 0
    file.write_text(
        citing.dumps(result).replace(f'"{SERVICE}", "2025-12-29", 56', f'"{SERVICE}", "2025-12-29", 57')
    )
    status, out, _err = run(capsys, ground, "verify", file)
    assert status == 1
    assert (
        f"Differs: {SERVICE}, 2025-12-29: the file says 57 statements; asked again: 56 statements.\n" in out
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["compare"], "Name a report, or say --own"),
        (["compare", "report", "--own"], "Name a report, or say --own"),
        (["compare", "report", "--period", "2026"], "--period: write it as"),
        (["compare", "report", "--platform", "Nobody"], "no platform 'Nobody'; they have: "),
        (
            ["compare", "report", "--period", "2025-01-01/2025-01-31"],
            "store has no days that lie from 2025-01-01",
        ),
        (["compare", "dumps"], "dumps: no figure that the statements have too was found"),
        (["compare", "nowhere"], "No such file"),
        (["compare", "--own"], "needs --period"),
        (["compare", "--own", "--period", "2026-01-02/2026-01-31"], "--period: A period begins on the first"),
        (["verify", "nowhere.json"], "No such file"),
        (["verify", "report/4_notices.csv"], "it is not JSON"),
        (["verify", "list.json"], "its format is not"),
    ],
)
def test_what_cannot_be_used_is_said(
    capsys: pytest.CaptureFixture[str],
    ground: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(ground)
    (ground / "list.json").write_text("{}")
    status, _out, err = run(capsys, ground, *words)
    assert (status, said in err) == (2, True), err


@pytest.mark.parametrize(("topic", "more"), [("practice", []), ("peers", ["--platform", SERVICE])])
def test_a_view_can_be_verified(
    capsys: pytest.CaptureFixture[str], ground: Path, tmp_path: Path, topic: str, more: list[str]
) -> None:
    _status, out, _err = run(capsys, ground, "show", topic, "--format", "json", *more)
    file = tmp_path / "view.json"
    file.write_text(out, "utf-8")
    assert run(capsys, ground, "verify", file)[0] == 0
    found = json.loads(out)
    table = found["tables"][0]
    was, table["rows"][0]["values"][0] = table["rows"][0]["values"][0], 1_000_000
    file.write_text(json.dumps(found), "utf-8")
    status, out, _err = run(capsys, ground, "verify", file)
    assert status == 1
    assert "Differs: Something in it was changed: its sha256 is another one." in out
    row, column = table["rows"][0]["code"], table["columns"][0]["code"]
    said = f"{table['table']}, {row} {column}: the file says 1000000; made again: {was}."
    assert f"Differs: {said}\n" in out


def test_a_file_that_was_tampered_with_is_refused_or_does_not_hold(ground: Path) -> None:
    kept: dict[str, Result] = {}

    def once(found: Store, question: Question) -> Result:
        key = json.dumps(question.to_json())
        if key not in kept:
            kept[key] = ask(found, question)
        return kept[key]

    place = Store(ground / "observatory")
    view = show(TOPICS["practice"], Choice(), lambda question: once(place, question))
    comparison = compare(read_path(ground / "report"), place, once)
    written: list[tuple[Any, dict[str, Any]]] = [
        (citing, citing.document(once(place, Question(by=("platform", "week"))))),
        (document, document.document(comparison)),
        (citing_views, files.as_json(view)),
    ]
    for module, whole in written:
        text = json.dumps(whole)
        for path in _places(whole):
            for other in (None, [None]):
                changed = json.loads(text)
                inside = changed
                for key in path[:-1]:
                    inside = inside[key]
                if inside[path[-1]] == other:
                    continue
                inside[path[-1]] = other
                try:
                    outcome = module.verify(module.check(changed), place, once)
                except (citing.CitingError, StoreError, QuestionError):
                    continue
                assert not outcome.holds, (module.FORMAT, path, other)


def _places(whole: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Every key, and the first element of each list."""
    lists = [(key, 0) for key, value in whole.items() if isinstance(value, list) and value]
    return [*((key,) for key in whole), *lists]


def test_another_period_than_the_reports_is_said(capsys: pytest.CaptureFixture[str], ground: Path) -> None:
    status, out, _err = run(capsys, ground, "compare", ground / "report", "--period", "2026-01-02/2026-01-03")
    assert status in (0, 1)
    said = "The report says that its figures are of 2026-01-01 to 2026-01-03; the statements are of 2026-01-02 to"
    assert said in out
    _status, out, _err = run(capsys, ground, "compare", ground / "report")
    assert "The report says that" not in out


def test_a_report_that_cannot_be_opened_is_said_to_be_so(
    capsys: pytest.CaptureFixture[str], ground: Path
) -> None:
    broken = ground / "broken.zip"
    broken.write_bytes(b"PK\3\4 and no more")
    assert run(capsys, ground, "compare", broken) == (2, "", f"{broken}: The ZIP is damaged.\n")


def test_how_many_statements_and_days_there_were_is_verified(
    capsys: pytest.CaptureFixture[str], ground: Path
) -> None:
    cited = ground / "counted.json"
    assert run(capsys, ground, "compare", ground / "report", "--format", "json", "--out", cited)[0] == 0
    found = json.loads(cited.read_text("utf-8"))
    found["statements"] = 5600
    found["coverage"]["there"] = 181
    found["sha256"] = citing.digest(found)
    cited.write_text(json.dumps(found), "utf-8")
    status, out, _err = run(capsys, ground, "verify", cited)
    assert status == 1
    assert "Compared again, it has 56 statements; the file says 5600." in out
    assert "other days of the period are there" in out


def test_a_row_too_many_is_not_called_another_order(capsys: pytest.CaptureFixture[str], ground: Path) -> None:
    cited = ground / "twice.json"
    assert run(capsys, ground, "ask", "--by", "platform", "--out", cited)[0] == 0
    found = json.loads(cited.read_text("utf-8"))
    found["rows"].append(found["rows"][0])
    cited.write_text(json.dumps(found), "utf-8")
    status, out, _err = run(capsys, ground, "verify", cited)
    assert status == 1 and "The file has 4 rows; asked again: 3." in out


def test_the_name_of_the_file_says_what_is_written(capsys: pytest.CaptureFixture[str], ground: Path) -> None:
    for name, begins in (("a.json", '{\n"format"'), ("a.CSV", "table,id,row"), ("a.txt", "report, 2026-")):
        assert run(capsys, ground, "compare", ground / "report", "--out", ground / name)[0] == 0
        assert (ground / name).read_text("utf-8").startswith(begins)
    assert run(capsys, ground, "verify", ground / "a.json")[0] == 0
