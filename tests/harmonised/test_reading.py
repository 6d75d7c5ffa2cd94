"""Reports are read as they are published: many names, encodings, separators, headers; and nothing hurts."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
import xlsxwriter

from fairnotice.harmonised.checking import check_found
from fairnotice.harmonised.files import Entry
from fairnotice.harmonised.limits import Limits
from fairnotice.harmonised.names import part_of, sibling_of, version_of
from fairnotice.harmonised.parts import PARTS, file_name
from fairnotice.harmonised.reading import read, read_path
from fairnotice.harmonised.report import Report
from fairnotice.harmonised.writing import csv_files, write_csv, write_xlsx, xlsx_bytes
from tests.harmonised.right import right

RIGHT = right()
FILES = dict(csv_files(RIGHT))
BOOK = xlsx_bytes(RIGHT)


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def rules(entries: list[Entry], limits: Limits | None = None) -> list[tuple[str, str, int]]:
    limits = limits or Limits()
    found = read(entries, limits)
    return [(one.rule, one.file, one.row) for one in check_found(found, limits)]


def one(name: str, data: bytes) -> list[tuple[str, str, int]]:
    return rules([Entry(name, data)])


def again(part: int, delimiter: str = ",", end: str = "\r\n") -> str:
    """A part's CSV with another separator."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(
        [PARTS[part].headers, *RIGHT.parts[part]]
    )
    return out.getvalue()


def test_a_right_report_comes_back_the_same_and_without_fault_by_every_way(tmp_path):
    write_csv(RIGHT, tmp_path / "csv")
    write_xlsx(RIGHT, tmp_path / "report.xlsx")
    (tmp_path / "report.zip").write_bytes(zipped({f"pack/{name}": data for name, data in FILES.items()}))
    for name in ("csv", "report.xlsx", "report.zip"):
        found = read_path(tmp_path / name)
        assert found.report.parts == RIGHT.parts, name
        assert check_found(found) == [], name
        assert not found.siblings
    assert read([Entry(name, data) for name, data in FILES.items()]).report.parts == RIGHT.parts


def test_csv_is_as_the_act_asks_for():
    for name, data in FILES.items():
        assert not data.startswith(b"\xef\xbb\xbf"), name
        data.decode("utf-8")
        assert (
            data.count(b"\n")
            == data.count(b"\r\n")
            == len(RIGHT.parts[[file_name(part) for part in PARTS.values()].index(name) + 1]) + 1
        )
    assert list(FILES) == [file_name(part) for part in PARTS.values()]


def test_formulas_stay_text_in_what_we_write():
    report = Report({11: [[*row] for row in RIGHT.parts[11]]})
    for place, text in enumerate(("=1+1", "+cmd", "-2", "@SUM(A1)", "\tx", "fine")):
        report.parts[11][place][4] = text
    [(_name, data)] = csv_files(report)
    cells = [row[4] for row in csv.reader(io.StringIO(data.decode(), newline=""))][1:7]
    assert cells == ["'=1+1", "'+cmd", "'-2", "'@SUM(A1)", "'\tx", "fine"]
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes(report))) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (again(4).encode("utf-8-sig"), "file-bom"),
        (again(4).encode("utf-16"), "file-encoding"),
        (again(4).encode("utf-16-le"), "file-encoding"),
        (again(4).encode("utf-16-be"), "file-encoding"),
        (again(11).encode("cp1252"), "file-encoding"),
        (again(4, ";").encode(), "file-delimiter"),
        (again(4, "\t").encode(), "file-delimiter"),
        (again(3, "|").encode(), "file-delimiter"),
        (again(4, end="\n").encode(), "file-line-ends"),
        (again(4).replace('"Only', '"On"ly', 1).encode(), "file-quotes"),
        (again(4).replace("TOTAL,", "TOTAL,,,,,,,,,,,,,,,,,,,,,,,,,,,more", 1).encode(), "row-length"),
    ],
    ids=[
        "bom",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "cp1252",
        "semicolon",
        "tab",
        "bar",
        "lf",
        "quotes",
        "longer",
    ],
)
def test_other_ways_of_writing_are_read_and_said(data, rule):
    found = one("table.csv", data)
    assert rule in [name for name, _file, _row in found]
    if rule not in ("file-quotes", "row-length"):
        extra = {"file-encoding"} if rule == "file-encoding" else set()
        assert {name for name, _file, _row in found} <= {rule, *extra}


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("1_report_identification.csv", 1),
        ("1_summary.csv", 1),
        ("4_EN_Annex_I__Templates_for_Transparency_Reports_CSV_Part_10_AMAR.csv", 10),
        ("3_member_states_order.csv", 3),
        ("3_member_state_orders.csv", 3),
        ("9_human resources.csv", 9),
        ("4_notices_Ads.csv", 4),
        ("04_notices.csv", 4),
        ("6_own_initiative_TC_version2.csv", 6),
        ("5_own_initiative_illegal", 5),
        ("4_Meldungen", 4),
        ("7_Beschwerden", 7),
        ("3_Anordnungen der Mitgliedstaaten", 3),
        ("4_signalements", 4),
        ("9_Ressources humaines", 9),
        ("4_Ειδοποιήσεις", 4),
        ("11_Ποιοτικές πληροφορίες", 11),
        ("12. Notices", 4),
        ("cover", None),
    ],
)
def test_names_tell_the_part(name, part):
    assert part_of(name) == part


def test_versions_and_siblings_show_in_names():
    assert (version_of("6_own_initiative_TC_version2.csv"), version_of("6_own_initiative_TC.csv")) == (2, 1)
    assert (sibling_of("a/4_notices_Ads.csv"), sibling_of("4_notices.csv"), sibling_of("6_own_initiative_TC_version2.csv")) == ("ads", "", "")  # fmt: skip


def test_the_header_says_the_part_whatever_the_file_is_called():
    names = {name: f"{20 + place} table.csv" for place, name in enumerate(FILES)}
    found = read([Entry(names[name], data) for name, data in FILES.items()])
    assert found.report.parts == RIGHT.parts
    wrong = one("5_own_initiative_illegal.csv", FILES["4_notices.csv"])
    assert wrong == [("file-name", "5_own_initiative_illegal.csv", 0)]


def test_headers_may_differ_in_blanks_and_capitals_and_stand_below_a_title():
    headers = [f"\N{NO-BREAK SPACE}{header.strip().upper()}  " for header in PARTS[4].headers]
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["Transparency report"], [], headers, *RIGHT.parts[4]])
    found = read([Entry("x.csv", out.getvalue().encode())])
    assert found.report.parts == {4: RIGHT.parts[4]}
    assert found.report.line(4, 0) == 4
    assert check_found(found) == []


def test_columns_missing_unknown_twice_and_in_another_order():
    rows = [list(PARTS[10].headers), *[[*row] for row in RIGHT.parts[10]]]
    for row in rows:
        row[1], row[2] = row[2], row[1]
        del row[3]
        row += ["Remark" if row is rows[0] else "", row[0]]
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    found = one("10_AMAR.csv", out.getvalue().encode())
    assert found == [
        (f"column-{what}", "10_AMAR.csv", 1) for what in ("unknown", "twice", "missing", "order")
    ]


def test_one_csv_with_all_parts_below_each_other():
    text = "".join(f"{name}\r\n{data.decode()}\r\n" for name, data in FILES.items())
    found = read([Entry("report.csv", text.encode())])
    assert found.report.parts == RIGHT.parts
    assert check_found(found) == []
    line = text.splitlines().index("4_notices.csv")
    assert found.report.sources[4].header_line == line + 2


def test_sheets_in_other_languages_with_headers_in_other_languages():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet("Deckblatt").write(0, 0, "Transparenzbericht")
    for number, name in ((4, "4_Meldungen"), (7, "7_Beschwerden"), (10, "10_AMAR")):
        sheet = book.add_worksheet(name)
        for place in range(len(PARTS[number].columns)):
            sheet.write(0, place, f"Spalte {place + 1}")
        for line, row in enumerate(RIGHT.parts[number], 1):
            for place, text in enumerate(row):
                sheet.write(line, place, text)
    book.close()
    found = read([Entry("bericht.xlsx", out.getvalue())])
    assert {number: found.report.parts[number] for number in (4, 7, 10)} == {number: RIGHT.parts[number] for number in (4, 7, 10)}  # fmt: skip
    faults = {(one.rule, one.file) for one in check_found(found) if not one.rule.startswith("part-missing")}
    assert faults == {
        ("header-language", f"bericht.xlsx, sheet {name}")
        for name in ("4_Meldungen", "7_Beschwerden", "10_AMAR")
    }


def test_part_2_with_headers_in_another_language_is_read_by_its_codes():
    text = again(2).replace(",".join(PARTS[2].headers), "Bezeichnung,Beschreibung,Kategorie,Anmerkung", 1)
    assert one("2_Kategorien.csv", text.encode()) == [("header-language", "2_Kategorien.csv", 1)]


def test_a_workbook_may_hold_numbers_as_workbooks_do():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    span = book.add_format({"num_format": "[h]:mm"})
    sheet = book.add_worksheet("7_appeals")
    sheet.write_row(0, 0, PARTS[7].headers)
    medians = iter([1 / 3, 26.416666666666668, 0.00001234, 26.5 / 24])
    for line, row in enumerate(RIGHT.parts[7], 1):
        sheet.write_row(line, 0, row)
        if row[PARTS[7].at("scope")] == "Median time" and row[PARTS[7].at("value")]:
            hours = next(medians, 5.5)
            sheet.write_number(line, PARTS[7].at("value"), hours, span if hours == 26.5 / 24 else None)
    book.close()
    faults = check_found(read([Entry("book.xlsx", out.getvalue())]))
    # The fourth is a duration: what is meant is plain, but it is no number of hours.
    assert [(one.rule, one.suggestion) for one in faults] == [("hours-unit", "26.5")]


def test_what_lies_beside_a_report_is_named_and_not_held_to_its_rules():
    beside = {"README.txt": b"Read; this\n", "changes.csv": b"File,Row,Column,Before,Now\r\n4,2,x,1,2\r\n"}
    found = rules([Entry(name, data) for name, data in {**FILES, **beside}.items()])
    assert found == [("file-unknown", "README.txt", 0)]


def test_siblings_versions_and_the_same_in_another_format():
    old = FILES["6_own_initiative_TC.csv"].replace(b"Example Board", b"Example Bord")
    files = {**FILES, "4_notices_Ads.csv": FILES["4_notices.csv"], "6_own_initiative_TC.csv": old,
             "6_own_initiative_TC_version2.csv": FILES["6_own_initiative_TC.csv"], "report.xlsx": BOOK}  # fmt: skip
    found = read([Entry(name, data) for name, data in files.items()])
    assert found.report.parts == RIGHT.parts
    assert set(found.siblings) == {"ads"}
    faults = [(one.rule, one.file) for one in check_found(found)]
    assert faults == [("part-twice", "6_own_initiative_TC.csv")]


def test_a_workbook_beside_the_files_says_the_same_or_is_named():
    beside = {**FILES, "report.xlsx": BOOK}
    assert check_found(read([Entry(name, data) for name, data in beside.items()])) == []
    beside["4_notices.csv"] = FILES["4_notices.csv"].replace(b"Example Board", b"Example Bord", 1)
    found = read([Entry(name, data) for name, data in beside.items()])
    faults = [(one.rule, one.file, one.found) for one in check_found(found) if one.rule == "part-twice"]
    assert faults == [("part-twice", "report.xlsx", "4_notices")]


def test_several_services_in_folders_are_several_reports():
    files = {f"{service}/{name}": data for service in ("maps", "shopping") for name, data in FILES.items()}
    found = read([Entry("all.zip", zipped(files))])
    assert found.report.parts == RIGHT.parts
    assert list(found.siblings) == ["all.zip/shopping"]
    assert check_found(found) == []


def bomb() -> bytes:
    return zipped({"4_notices.csv": b"," * 60_000_000, "10_AMAR.csv": FILES["10_AMAR.csv"]})


def encrypted() -> bytes:
    data = bytearray(zipped({"4_notices.csv": FILES["4_notices.csv"]}))
    for start in (b"PK\x03\x04", b"PK\x01\x02"):
        place = data.index(start) + (6 if start == b"PK\x03\x04" else 8)
        data[place] |= 1
    return bytes(data)


def huge_sheet() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(BOOK)) as old, zipfile.ZipFile(data, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name.endswith("sheet4.xml"):
                text = text.replace(b'r="A2"', b'r="XFD1048576"', 1)
            new.writestr(name, text)
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("bomb.zip", bomb(), "bigger than"),
        ("locked.zip", encrypted(), "encrypted"),
        ("nested.zip", zipped({"inner.zip": zipped({"4_notices.csv": b"x"})}), "ZIP within a ZIP"),
        ("broken.zip", zipped(FILES)[:900], "damaged"),
        ("broken.xlsx", BOOK[:-400], "damaged"),
        ("huge.xlsx", huge_sheet(), "rows or columns"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged"),
        ("report.pdf", b"%PDF-1.7 ...", "a PDF"),
        ("empty.csv", b"", "empty"),
        ("binary.csv", bytes(range(256)) * 40 + b"\0" * 9000, "not text"),
        ("wide.csv", b"a," * 900, "columns"),
        ("long.csv", b"Applicability,Service\r\n" + b"a,b\r\n" * 21_000, "rows"),
        ("endless.csv", b'Applicability,Service,Indicator,Value\r\n"' + b"a" * 3_000_000, "endless"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_cannot_be_read_is_named_and_the_rest_is_read(name, data, why):
    found = read([Entry(name, data), Entry("10_AMAR.csv", FILES["10_AMAR.csv"])])
    assert found.report.parts[10] == RIGHT.parts[10]
    unread = [one for one in found.faults if one.rule == "file-unreadable"]
    assert [why in one.found for one in unread] == [True], found.faults


def test_paths_in_a_zip_are_only_names():
    found = read([Entry("x.zip", zipped({"../../etc/4_notices.csv": FILES["4_notices.csv"], "/10_AMAR.csv": FILES["10_AMAR.csv"],
                                         "__MACOSX/._4_notices.csv": b"x", "readme.md": b"x"}))])  # fmt: skip
    assert sorted(found.report.parts) == [4, 10]
    assert found.files == ["x.zip/../../etc/4_notices.csv", "x.zip//10_AMAR.csv"]


def test_a_folder_is_read_within_limits_and_without_following_links(tmp_path):
    write_csv(RIGHT, tmp_path / "report")
    (tmp_path / "report" / "notes.pdf").write_bytes(b"%PDF")
    (tmp_path / "report" / ".hidden.csv").write_bytes(b"x")
    (tmp_path / "report" / "link.csv").symlink_to("/etc/hostname")
    (tmp_path / "report" / "loop").symlink_to(tmp_path / "report")
    assert check_found(read_path(tmp_path / "report")) == []
    few = read_path(tmp_path / "report", Limits(files=3))
    assert len(few.report.parts) == 3
    assert few.faults[-1].rule == "file-unreadable"
    small = read_path(tmp_path / "report", Limits(file=2000))
    assert {one.rule for one in small.faults} == {"file-unreadable"}
    assert small.report.parts


def test_a_long_list_of_the_same_fault_is_cut_and_says_so():
    report = Report({number: [[*row] for row in rows] for number, rows in RIGHT.parts.items()})
    for row in report.parts[3]:
        row[1] = ""
    found = read([Entry(name, data) for name, data in csv_files(report)])
    faults = check_found(found, Limits(listed=20))
    assert sum(1 for one in faults if one.rule == "service-missing") == 20
    [more] = [one for one in faults if one.rule == "more"]
    assert more.found == f"service-missing: {len(report.parts[3]) - 20}"
