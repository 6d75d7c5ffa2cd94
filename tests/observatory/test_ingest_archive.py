"""Dumps opened: parts found by their offsets, damage told part by part."""

from __future__ import annotations

import errno
import io
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairnotice.observatory.ingest import archive
from fairnotice.observatory.ingest.archive import DumpError, Named, PartError
from tests.observatory import made

CSVS = [made.csv(made.rows(20, first=20 * place)) for place in range(4)]


@pytest.fixture
def dump(tmp_path):
    return made.dump(tmp_path, [CSVS[:2], CSVS[2:]])


def changed(path, old, new):
    data = path.read_bytes()
    assert data.count(old) >= 1
    path.write_bytes(data.replace(old, new))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sor-global-2025-07-01-full.zip", Named("global", date(2025, 7, 1), "full")),
        ("sor-quill-and-sons-2023-09-25-light.zip", Named("quill-and-sons", date(2023, 9, 25), "light")),
        ("sor-global-2025-02-30-full.zip", None),
        ("sor-global-2025-07-01-full.zip.sha1", None),
        ("sor-../x-2025-07-01-full.zip", None),
        ("statements.zip", None),
    ],
)
def test_the_name_says_what_it_is(name, expected):
    assert archive.named(name) == expected


def test_each_csv_is_found_and_inflated_alone(dump):
    found = archive.contents(dump)
    assert not found.broken and found.bytes == dump.stat().st_size
    assert [one.name[-15:] for one in found.csvs] == [
        "00000-00000.csv",
        "00000-00001.csv",
        "00001-00000.csv",
        "00001-00001.csv",
    ]
    assert [archive.raw(dump, one) for one in found.csvs] == CSVS
    assert [one.size for one in found.csvs] == [len(one) for one in CSVS]


def test_a_dump_that_somebody_packed_anew_is_read_too(tmp_path, dump):
    packed = tmp_path / "again.zip"
    with zipfile.ZipFile(dump) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        new.mkdir("folder")
        for member in old.infolist():
            new.writestr(f"folder/{member.filename}", old.read(member))
        new.writestr("lone.csv", CSVS[0])
        new.writestr("read-me.txt", "nothing")
    found = archive.contents(packed)
    assert [archive.raw(packed, one) for one in found.csvs] == [CSVS[0], *CSVS]


@pytest.mark.parametrize("length", [0, 10, 1000, -1, -30, "after an inner zip"])
def test_a_file_that_was_cut_off_says_so(dump, length):
    if isinstance(length, str):  # so it ends as a whole zip does
        length = dump.read_bytes().rindex(b"PK\x05\x06", 0, -22) + 22
    dump.write_bytes(dump.read_bytes()[:length])
    with pytest.raises(DumpError, match=r"cut off, or is no zip|damaged"):
        archive.contents(dump)


def test_a_zip_without_csv_is_no_dump(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as made_zip:
        made_zip.writestr("a.txt", "a")
    with pytest.raises(DumpError, match="no CSV"):
        archive.contents(tmp_path / "x.zip")


def test_a_changed_byte_is_found_in_its_csv_alone(dump):
    found = archive.contents(dump)
    span = found.csvs[1].span
    data = bytearray(dump.read_bytes())
    data[span.start + span.packed // 2] ^= 0x40
    dump.write_bytes(bytes(data))
    with pytest.raises(PartError, match="damaged"):
        archive.raw(dump, found.csvs[1])
    assert [archive.raw(dump, found.csvs[place]) for place in (0, 2, 3)] == [CSVS[0], *CSVS[2:]]


def test_an_inner_zip_without_a_table_is_broken_and_kept_as_it_came(dump):
    with zipfile.ZipFile(dump) as outer:
        inner = outer.read(outer.namelist()[0])
    changed(dump, inner, inner[:-22] + bytes(22))
    found = archive.contents(dump)
    (broken,) = found.broken
    assert broken.name.endswith("-00000.csv.zip") and "cut off" in broken.reason
    kept = io.BytesIO()
    archive.as_it_came(dump, broken, kept.write)
    assert kept.getvalue() == inner[:-22] + bytes(22)
    assert [archive.raw(dump, one) for one in found.csvs] == CSVS[2:]


@pytest.mark.parametrize(
    ("at", "value", "reason"),
    [
        (6, b"\x01\x00", "encrypted"),
        (8, b"\x63\x00", "does not know"),
        (22, b"\xff\xff\xff\xff", "4 GB|2 GB"),
        (22, b"\x00\x00\x00\x70", "its size"),
    ],
)
def test_a_csv_that_cannot_be_read_leaves_the_others(tmp_path, at, value, reason):
    """Its entry in the inner table of contents: the flags, the way it is packed, the size."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as made_zip:
        made_zip.writestr("a-00000.csv", CSVS[0])
        made_zip.writestr("a-00001.csv", CSVS[1])
    data = bytearray(inner.getvalue())
    entry = data.index(b"PK\x01\x02") + 2
    data[entry + at : entry + at + len(value)] = value
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as outer:
        outer.writestr("a.csv.zip", bytes(data))
    found = archive.contents(path)
    assert [one.name for one in found.broken] == ["a-00000.csv"]
    assert [archive.raw(path, one) for one in found.csvs] == [CSVS[1]]
    assert any(word in found.broken[0].reason for word in reason.split("|"))


def test_a_csv_that_is_there_twice_is_read_once_and_told(dump):
    with zipfile.ZipFile(dump, "a") as outer:
        first = outer.namelist()[0]
        outer.writestr(f"again/{first}", outer.read(first))
    found = archive.contents(dump)
    assert [archive.raw(dump, one) for one in found.csvs] == CSVS
    assert [one.name[-15:] for one in found.broken] == ["00000-00000.csv", "00000-00001.csv"]
    assert {one.reason for one in found.broken} == {"it is in the dump twice, and was read once"}


def test_a_disk_that_cannot_be_read_names_the_dump(dump, monkeypatch):
    (first, *_) = archive.contents(dump).csvs

    class Worn(io.BytesIO):
        def read(self, _size=-1):
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(type(dump), "open", lambda *_: Worn())
    with pytest.raises(OSError, match="Input/output") as raised:
        archive.raw(dump, first)
    assert raised.value.filename == str(dump)


@given(st.integers(1, 300), st.integers(0, 255))
@settings(max_examples=60, deadline=None)
def test_whatever_stands_in_the_table_is_told_and_stops_nothing(tmp_path_factory, back, byte):
    path = made.dump(tmp_path_factory.mktemp("dump"), [CSVS[:2], CSVS[2:]], sha1=False)
    data = bytearray(path.read_bytes())
    data[-back] = byte
    path.write_bytes(bytes(data))
    try:
        for one in archive.contents(path).csvs:
            archive.raw(path, one)
    except (DumpError, PartError):
        pass


@pytest.mark.parametrize("name", ["n" * 400, "\u20ac" * 200, "x\x1b[31m\n", "../../up", "..\\..\\up"])
def test_a_members_name_can_be_shown_and_be_a_files(tmp_path, name):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archived:
        archived.writestr(f"{name}.csv", CSVS[0])
    one = archive.contents(path).csvs[0].name
    assert one.isprintable() and len(one.encode()) < 240 and one.endswith(".csv")
    assert not set(one) & set("/\\")


def test_a_stream_that_gives_more_than_it_said_is_stopped():
    import zlib

    stream = zlib.compressobj(wbits=-15)
    data = stream.compress(bytes(1 << 20)) + stream.flush()
    assert len(archive.inflate(data, 1000)) == 1001
    with pytest.raises(PartError):
        archive.inflate(b"\xff" * 100, 1000)
