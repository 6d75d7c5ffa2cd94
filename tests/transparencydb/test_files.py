"""Files as they come: dumps as CSV, in zips and in zips of zips, JSON in all its forms, and anything else."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from array import array

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairnotice.transparencydb import dump, json_survey, reading, seen, survey
from tests.transparencydb.made import right


def csv_text(*statements, columns=dump.COLUMNS):
    file = io.StringIO()
    dump.write(
        (dump.to_row(one, platform_name="P", created_at="2026-01-10 08:00:00") for one in statements),
        file,
        columns,
    )
    return file.getvalue().encode()


def zipped(**members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_", "."), data)
    return file.getvalue()


def keep(folder, data, name="dump.csv"):
    path = folder / name
    path.write_bytes(data)
    return path


GOOD, WRONG = right(puid="p1"), right(puid="p2", category="no")


def test_a_statement_survives_the_way_into_a_row_and_back():
    statement = right(content_id_ean="4006381333931", territorial_scope=["DE", "FR"])
    row = dump.to_row(statement, uuid="u", platform_name="P", created_at="2026-01-10 08:00:00")
    assert tuple(row) == dump.COLUMNS and len(dump.COLUMNS) == 38 and len(dump.LIGHT) == 34
    assert row["territorial_scope"] == '["DE","FR"]' and row["content_date"] == "2026-01-04 00:00:00"
    assert dump.to_statement(row) == statement | {"created_at": "2026-01-10 08:00:00"}
    assert dump.to_row(right(content_id={"EAN-13": "4006381333931"}))["content_id_ean"] == "4006381333931"


def test_formulas_are_defused_in_what_is_written():
    assert b'"\'=HYPERLINK(1,2)"' in csv_text(right(decision_facts="=HYPERLINK(1,2)"))


@pytest.mark.parametrize("chosen", ["plain", "auto"])
def test_a_daily_zip_is_read_to_its_innermost_files(tmp_path, chosen):
    parts = [csv_text(GOOD, WRONG), csv_text(right(puid="p3"), right(puid="p1"))]
    inner = [zipped(**{f"part{number}_csv": data}) for number, data in enumerate(parts)]
    whole = keep(tmp_path, zipped(a_csv_zip=inner[0], b_csv_zip=inner[1], readme_txt=b"?"), "sor.zip")
    told = []
    found = survey.of_dump(whole, chosen=chosen, progress=lambda rows, taken: told.append(rows))
    assert (found.rows, sum(told), found.faulty, found.unreadable) == (4, 4, 1, [])
    places = {key: [(one.file, one.row) for one in broken.examples] for key, broken in found.broken.items()}
    assert places == {"unknown/category": [("part0.csv", 2)], "puid_twice": [("part1.csv", 2)]}


def test_a_light_dump_is_asked_for_what_it_has(tmp_path):
    found = survey.of_dump(keep(tmp_path, csv_text(GOOD, columns=dump.LIGHT)))
    assert found.clean and found.rows == 1
    assert "no column decision_facts: no rule that needs it was asked" in found.notes


def test_v1_rows_are_held_to_v1_and_what_is_not_known_is_said(tmp_path):
    row = dump.to_row(
        right(category="STATEMENT_CATEGORY_SCOPE_OF_PLATFORM_SERVICE"), created_at="2025-01-10 08:00:00"
    )
    file = io.StringIO()
    dump.write([row], file)
    path = keep(tmp_path, file.getvalue().encode())
    found = survey.of_dump(path)
    assert found.clean and dict(found.versions) == {"v1": 1} and any("of v1" in note for note in found.notes)
    assert set(survey.of_dump(path, "v2").broken) == {"unknown/category"}


@pytest.mark.parametrize("agrees", [True, False])
def test_the_sha1_beside_it_is_asked(tmp_path, agrees):
    data = csv_text(GOOD)
    path = keep(tmp_path, data)
    digest = hashlib.sha1(data if agrees else b"x", usedforsecurity=False).hexdigest()
    keep(tmp_path, f"{digest}  dump.csv\n".encode(), "dump.csv.sha1")
    assert survey.of_dump(path).clean is agrees


def test_a_damaged_part_is_named_and_the_rest_is_read(tmp_path):
    inner = bytearray(zipped(a_csv=csv_text(*[right(puid=f"q{number}") for number in range(200)])))
    inner[60:90] = bytes(30)
    found = survey.of_dump(keep(tmp_path, zipped(a_csv_zip=bytes(inner), b_csv=csv_text(GOOD)), "sor.zip"))
    assert found.rows >= 1 and [name for name, _reason in found.unreadable] == ["a.csv"]
    assert not found.clean


@pytest.mark.parametrize("data", [b"", b"\n", b"a,b\n1,2\n", b"PK\x03\x04nothing", b"\x00" * 50])
def test_what_is_no_dump_is_said_in_one_sentence(tmp_path, data):
    with pytest.raises(survey.Unusable):
        survey.of_dump(keep(tmp_path, data))


def test_blocks_end_with_a_record(monkeypatch):
    monkeypatch.setattr(reading, "BLOCK", 40)
    data = b'1,"a\nb",2\n' * 20
    pieces = list(reading.blocks(io.BytesIO(data)))
    assert b"".join(pieces) == data and len(pieces) > 3
    assert all(piece.count(b'"') % 2 == 0 and piece.endswith(b"\n") for piece in pieces)


JSON_FORMS = {
    "one": json.dumps(WRONG),
    "list": json.dumps([GOOD, WRONG], indent=1),
    "call": json.dumps({"statements": [GOOD, WRONG]}),
    "lines": f"{json.dumps(GOOD)}\n\n{json.dumps(WRONG)}\n",
    "with a mark": "\ufeff" + json.dumps([GOOD, WRONG]),
}


@pytest.mark.parametrize("form", JSON_FORMS)
def test_json_in_all_its_forms(tmp_path, form):
    path = keep(tmp_path, JSON_FORMS[form].encode(), "statements.json")
    assert json_survey.is_json(path)
    found = json_survey.of_json(path)
    assert {key: broken.count for key, broken in found.broken.items()} == {"unknown/category": 1}
    assert found.broken["unknown/category"].examples[0].row == {"one": 1, "lines": 3}.get(form, 2)


def test_a_call_in_a_file_is_held_to_what_a_call_may_be(tmp_path):
    call = {"statements": [right(puid="same", content_id_ean="4006381333931") for _ in range(101)]}
    found = json_survey.of_json(keep(tmp_path, json.dumps(call).encode()))
    assert {key: broken.count for key, broken in found.broken.items()} == {
        "ean_dropped": 101,
        "puid_twice": 100,
        "call_size": 1,
    }


NAN = json.dumps(GOOD | {"end_date_account_restriction": float("nan")})


def test_bad_lines_are_kept_with_their_reason(tmp_path):
    found = json_survey.of_json(
        keep(tmp_path, f"{json.dumps(GOOD)}\n{{oops\n7\n{'[' * 5000}\n{NAN}\n".encode())
    )
    assert [(one.row, one.found) for one in found.bad_examples] == [
        (2, "no JSON"), (3, "A statement is an object with fields."), (4, "no JSON"),
        (5, "no JSON"),
    ]  # fmt: skip


def test_a_large_file_in_one_line_is_never_read_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(json_survey, "MOST_AT_ONCE", 3000)
    long = json.dumps(right(puid="long", decision_facts="x" * 9000))
    found = json_survey.of_json(
        keep(tmp_path, f"{json.dumps(GOOD)}\n{long}\n{json.dumps(WRONG)}\n{long}".encode())
    )
    assert [(one.row, one.found) for one in found.bad_examples] == [(2, "no JSON"), (4, "no JSON")]
    assert found.broken["unknown/category"].examples[0].row == 3
    with pytest.raises(survey.Unusable, match="one statement on each line"):
        json_survey.of_json(keep(tmp_path, json.dumps([GOOD] * 9).encode()))


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"{", b"[", b"PK\x03\x04", csv_text(GOOD), json.dumps(GOOD).encode()]),
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_raise(tmp_path, data, before):
    path = keep(tmp_path, before + data)
    try:
        found = json_survey.of_json(path) if json_survey.is_json(path) else survey.of_dump(path)
        said = [found.file, *found.notes]
    except survey.Unusable as error:
        said = [str(error)]
    assert all(line.isprintable() for line in said)


def test_what_comes_twice_is_found_in_shares(monkeypatch):
    monkeypatch.setattr(seen, "AT_ONCE", 7)
    with seen.Seen() as bag:
        bag.add(0, array("Q", range(50)), array("Q", range(1, 51)))
        bag.add(1, array("Q", [3, 2**64 - 1, 49, 3]), array("Q", range(1, 5)))
        assert sorted(bag.twice()) == [(1, 1), (1, 3), (1, 4)]
