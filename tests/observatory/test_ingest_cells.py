"""One CSV becomes rows: every cell at its place, no row lost, whatever stands in it."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairnotice.observatory import columns
from fairnotice.observatory.ingest import canonical, cells, fast, salvage
from fairnotice.transparencydb.dump import COLUMNS, LIGHT, NOT_IN_LIGHT
from tests.observatory import made

DAY = date(2025, 7, 1)
OLD = date(2025, 6, 30)


def read(data, version="v2", **more):
    return cells.read(data, DAY if version == "v2" else OLD, version, **more)


def only(version="v2", **changes):
    """The one row that these cells become."""
    found = read(made.csv([made.row(1, **changes)]), version)
    (row,) = found.rows.cast(cells.SCHEMA).to_dicts()
    return row, found


def with_fault(change, place=2, count=6):
    """A CSV of rows of which one was changed as bytes."""
    records = [made.csv([one]).split(b"\n", 1)[1] for one in made.rows(count)]
    records[place] = change(records[place])
    return b"\n".join([",".join(COLUMNS).encode(), *records])


def test_a_row_holds_what_the_dump_says():
    row, found = only(
        decision_visibility='["DECISION_VISIBILITY_OTHER","DECISION_VISIBILITY_CONTENT_LABELLED"]',
        decision_visibility_other="Turned grey",
        end_date_visibility_restriction="2026-01-01 00:00:00",
        category_addition='["STATEMENT_CATEGORY_SELF_HARM"]',
        territorial_scope='["SE","AT","DE"]',
    )
    assert list(row) == list(columns.ROWS)
    assert row == dict.fromkeys(columns.ROWS) | {
        "day": DAY,
        "version": "v2",
        "platform": "Harbour",
        "created_at": datetime(2025, 7, 1),  # noqa: DTZ001 - the dump says none
        "content_date": OLD,
        "application_date": OLD,
        "end_date_visibility_restriction": date(2026, 1, 1),
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "incompatible_content_illegal": "No",
        "category": "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
        "content_language": "FR",
        "source_type": "SOURCE_VOLUNTARY",
        "automated_detection": "Yes",
        "automated_decision": "AUTOMATED_DECISION_FULLY",
        "decision_visibility": "DECISION_VISIBILITY_CONTENT_LABELLED|DECISION_VISIBILITY_OTHER",
        "category_addition": "STATEMENT_CATEGORY_SELF_HARM",
        "content_type": "CONTENT_TYPE_VIDEO",
        "territorial_scope": "AT|DE|SE",
        "said": sum(
            1 << columns.SAID_OF.index(name)
            for name in (
                "decision_visibility_other",
                "incompatible_content_ground",
                "incompatible_content_explanation",
                "decision_facts",
            )
        ),
    }
    assert not (found.lost or found.unknown or found.absent or found.more or found.tolerant)


def test_codes_of_v1_get_their_new_names_on_days_of_v1_only():
    old = {
        "category": "STATEMENT_CATEGORY_UNSAFE_AND_ILLEGAL_PRODUCTS",
        "category_specification": '["KEYWORD_DISINFORMATION","KEYWORD_MISINFORMATION"]',
    }
    row, found = only("v1", **old)
    assert row["category"] == "STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS"
    assert row["category_specification"] == "KEYWORD_MISINFORMATION|KEYWORD_MISINFORMATION_DISINFORMATION"
    assert (row["version"], found.unknown) == ("v1", {})
    row, found = only("v2", **old)
    assert row["category"] == old["category"]
    assert {column: dict(codes) for column, codes in found.unknown.items()} == {
        "category": {old["category"]: 1},
        "category_specification": {"KEYWORD_DISINFORMATION": 1, "KEYWORD_MISINFORMATION": 1},
    }


def test_what_no_list_knows_is_kept_as_it_stands_and_counted():
    some = [made.row(number, source_type="SOURCE_ORACLE") for number in range(3)]
    some.append(made.row(3, content_type='["CONTENT_TYPE_SMELL","CONTENT_TYPE_TEXT"]', account_type="null"))
    some.append(made.row(4, decision_visibility="[DE, FR", category="x" * 300))
    some.append(made.row(5, content_type='["\\ud800"]'))  # half of a pair, which no file can hold
    found = read(made.csv(some))
    rows = found.rows.cast(cells.SCHEMA)
    assert rows["source_type"].to_list()[:4] == ["SOURCE_ORACLE"] * 3 + ["SOURCE_VOLUNTARY"]
    assert rows["content_type"][3] == "CONTENT_TYPE_SMELL|CONTENT_TYPE_TEXT"
    assert rows["decision_visibility"][4] == "[DE, FR"
    assert {column: dict(codes) for column, codes in found.unknown.items()} == {
        "account_type": {"null": 1},
        "category": {"(300 characters)": 1},  # no code is so long: a text, and those are not kept
        "source_type": {"SOURCE_ORACLE": 3},
        "decision_visibility": {"[DE, FR": 1},
        "content_type": {"CONTENT_TYPE_SMELL": 1, '["\\ud800"]': 1},
    }


@pytest.mark.parametrize(
    ("cell", "value", "left"),
    [
        ("", None, None),
        ("2025-06-30 00:00:00", OLD, None),
        ("2025-06-30", OLD, None),
        ("2025-06-30 08:15:00", OLD, "2025-06-30 08:15:00"),
        ("2025-06-31 00:00:00", None, "2025-06-31 00:00:00"),
        ("20250630", None, "20250630"),
        ("2025-W27-1", None, "2025-W27-1"),
        ("٢٠٢٥-06-30", None, "٢٠٢٥-06-30"),
        ("someone wrote a sentence into this place", None, "(40 characters)"),
        ("a|b", None, "(3 characters)"),
    ],
)
def test_dates_are_days_and_what_is_none_is_told(cell, value, left):
    assert canonical.day_of(cell) == (value, left)
    row, _ = only(content_date=cell, application_date="soon")
    assert row["content_date"] == value
    assert row["odd"] == "|".join([f"content_date={left}"] * bool(left) + ["application_date=soon"])


def test_a_light_dump_lacks_four_columns_and_says_so():
    found = read(made.csv(made.rows(5), LIGHT))
    assert set(found.absent) == NOT_IN_LIGHT
    assert found.rows["territorial_scope"].null_count() == found.rows.height == 5
    facts = 1 << columns.SAID_OF.index("decision_facts")
    assert not any(said & facts for said in found.rows["said"])


def test_a_column_that_is_new_is_told():
    wider = [one | {"new_one": "1"} for one in made.rows(2)]
    found = read(made.csv(wider, (*COLUMNS[:-1], "new_one", "created_at")))
    assert found.more == ("new_one",) and found.rows.height == 2


@pytest.mark.parametrize("line", [b"", b"a,b,c\n1,2,3", b"<html>", bytes(range(256))])
def test_what_is_no_dump_is_refused(line):
    with pytest.raises(cells.NoDump, match="does not name"):
        read(line)


@pytest.mark.parametrize("wanted", [("day", "category"), ("platform",), ("said", "odd"), ("created_at",), ()])
def test_fewer_columns_are_the_same_columns(wanted):
    data = made.csv([*made.rows(30), made.row(31, content_date="no")])
    some = read(data, wanted=wanted).rows
    assert set(some.columns) == set(wanted)
    assert some.height == 31
    assert not wanted or some.equals(read(data).rows.select(some.columns))


def test_texts_are_kept_row_for_row_only_when_asked():
    some = made.rows(20)
    assert read(made.csv(some)).texts is None
    for columns_of in (COLUMNS, LIGHT):
        found = read(made.csv(some, columns_of), texts=True).texts
        assert found.columns == list(columns.TEXTS)
        for name in columns.TEXTS:
            expected = [one[name] for one in some] if name in columns_of else [None] * 20
            assert found[name].to_list() == expected


def test_without_an_identifier_in_front_records_are_told_apart_by_their_lines():
    order = (*COLUMNS[1:-1], "uuid", "created_at")
    lines = made.csv(made.rows(8, first=1), order).split(b"\n")
    lines[3] = lines[3].replace(b",,", b",", 1)
    found = read(b"\n".join(lines))
    assert [(lost.row, lost.reason) for lost in found.lost] == [(3, "37 cells instead of 38")]
    expected = read(made.csv([one for one in made.rows(8, first=1) if one["platform_uid"] != "id-3"]))
    assert found.rows.equals(expected.rows)


ENDINGS = {
    "a line break at the end": lambda data: data + b"\n",
    "carriage returns": lambda data: b"\r\n".join(data.split(b"\n")),
    "a mark of UTF-8": lambda data: b"\xef\xbb\xbf" + data,
    "blank lines": lambda data: data + b"\n\n\n",
}


@pytest.mark.parametrize("name", ENDINGS)
def test_a_csv_may_end_as_it_likes(name):
    data = made.csv(made.rows(9, first=1))
    found = read(ENDINGS[name](data))
    assert found.rows.equals(read(data).rows) and not found.lost


SPOILT = {
    "37 cells instead of 38": lambda record: record.replace(b",,", b",", 1),
    "39 cells instead of 38": lambda record: record.replace(b",", b",,", 1),
    "bytes that are no UTF-8": lambda record: record.replace(b"Facts", b"F\xffcts"),
    "a quotation mark in the wrong place": lambda record: record.replace(b'"Facts of', b'"Fa"cts of'),
    "a quotation mark that is not closed": lambda record: record[:-1],
}


@pytest.mark.parametrize("reason", SPOILT)
@pytest.mark.parametrize("wanted", [columns.ROWS, ("platform", "created_at")])
def test_a_spoilt_record_is_kept_aside_and_costs_no_other(reason, wanted):
    data = with_fault(SPOILT[reason])
    found = read(data, wanted=wanted)
    (lost,) = found.lost
    assert (lost.row, lost.reason) == (3, reason)
    assert lost.raw == SPOILT[reason](made.csv([made.row(2)]).split(b"\n", 1)[1])
    expected = read(made.csv([one for place, one in enumerate(made.rows(6)) if place != 2]), wanted=wanted)
    assert found.rows.equals(expected.rows)


@pytest.mark.parametrize(
    "facts",
    [
        r"Facts \"of\" it",
        r"Facts \"of, a\", b",
        r"One \" only, and no more",
        r"It ends so \"C:\"",
        r"C:\\",
        r"\\\"",
        'two\nlines \\"in\n it',
        '\\" and "" both',
    ],
)
def test_marks_that_php_escaped_are_understood(facts):
    data = with_fault(lambda record: record.replace(b"Facts of number 2.", facts.encode()))
    found = read(data, texts=True)
    assert not found.lost and found.rows.equals(read(made.csv(made.rows(6))).rows)
    assert found.texts["decision_facts"][2] == facts.replace('""', '"')


def test_a_record_with_very_many_doubtful_marks_is_given_up_soon():
    data = with_fault(lambda record: record.replace(b"Facts of number 2.", b'\\",' * 5000)[:-1])
    found = read(data)
    assert [lost.row for lost in found.lost] == [3] and found.rows.height == 5


def test_a_time_that_cannot_be_read_is_told_and_the_row_stays():
    found = read(with_fault(lambda record: record.replace(b' 00:00:00"', b' 25:00:00"', 9)))
    assert not found.lost and found.rows["created_at"].null_count() == 1
    assert found.rows["odd"][2].startswith("created_at=2025-07-01 25:00:00|")


@pytest.mark.parametrize("time", ["0000-01-01 00:00:00", "+10000-1-1 00:00:00"])
def test_a_time_of_a_year_without_dates_is_told_like_one_that_is_none(time):
    row, _ = only(created_at=time)
    assert row["created_at"] is None and row["odd"] == f"created_at={time}"


def test_a_record_that_hides_in_the_text_of_another_is_found():
    """Marks that are amiss in two records, such that a fast reader takes three for one with 38 cells."""
    records = [made.csv([one]).split(b"\n", 1)[1] for one in made.rows(6)]
    records[2] = records[2].replace(b'"Facts of number 2."', b'"Facts of number 2.')
    records[4] = b",".join([*records[4].split(b",")[:30], b'so"', *records[4].split(b",")[31:]])
    found = read(b"\n".join([",".join(COLUMNS).encode(), *records]), wanted=("platform",))
    assert found.rows.height + len(found.lost) == 6


TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00\r") | st.sampled_from('",\\\n é'), max_size=30
)


@given(st.lists(TEXT, min_size=1, max_size=5))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_both_readers_read_the_same(facts):
    some = [made.row(n, decision_facts=text, source_identity=text) for n, text in enumerate(facts)]
    data = made.csv(some)
    names, start = fast.header(data)
    slow = [one for one in salvage.records(data[start:], names) if not isinstance(one, salvage.Lost)]
    assert [one[names.index("decision_facts")] for one in slow] == facts
    found = read(data, texts=True)
    assert found.texts["decision_facts"].to_list() == facts and not found.lost
    assert found.rows["said"].to_list() == [one["said"] for one in _slowly(data).to_dicts()]


@pytest.mark.parametrize("quoted", [False, True])
def test_a_text_whose_lines_begin_as_statements_do_stays_one(quoted):
    lines = "\n".join(made.row(90 + number)["uuid"] + ",see there" for number in range(3))
    some = [made.row(number, decision_facts=f"About:\n{lines}") for number in range(4)]
    cell = (lambda text: f'"{text}"') if quoted else made.cell
    records = [",".join(cell(text.replace('"', "'")) for text in one.values()).encode() for one in some]
    records[2] = records[2].replace(b"id-2", b'i"d-2')
    found = read(b"\n".join([",".join(COLUMNS).encode(), *records]), texts=True)
    assert found.tolerant and found.texts["platform_uid"].to_list() == ["id-0", "id-1", "id-3"]
    assert set(found.texts["decision_facts"]) == {f"About:\n{lines}"}
    assert found.lost


def _slowly(data):
    """The rows as the tolerant reader gives them."""
    return read(data + b"\n\n").rows


@given(st.integers(0, 5), st.integers(0, 400), st.integers(0, 255))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_changed_byte_costs_no_record_but_its_own_and_its_neighbour(place, at, byte):
    def change(record):
        where = at % len(record)
        return record[:where] + bytes([byte]) + record[where + 1 :]

    found = read(with_fault(change, place), texts=True)
    others = {f"id-{number}" for number in range(6)} - {f"id-{place - 1}", f"id-{place}", f"id-{place + 1}"}
    assert others <= set(found.texts["platform_uid"])
    # Where the change takes the beginning of a record away, two are kept aside as one.
    assert found.rows.height + len(found.lost) in (5, 6)
    assert found.rows.height == 6 or found.lost


def test_the_types_of_rows_are_those_of_the_contract():
    kinds = {"date": pl.Date, "time": pl.Datetime, "int": pl.Int32, "text": pl.String}
    assert all(cells.SCHEMA[name] == kinds[columns.type_of(name)] for name in columns.ROWS)
    assert cells.empty().columns == list(columns.ROWS)
