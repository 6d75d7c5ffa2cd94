"""A snapshot agrees with a naive look at every row: on all days and moments, for addresses, numbers and names, with
edits upon it and without, alone and in batches."""

from __future__ import annotations

from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from fairnotice.answerable.resources import Target, parse, parse_resource
from fairnotice.answerable.snapshot import layers
from fairnotice.answerable.snapshot.batch import nearest_texts
from fairnotice.answerable.snapshot.build import build
from fairnotice.answerable.snapshot.columns import ASK
from fairnotice.answerable.snapshot.layers import DAYS, FIRST_DAY
from fairnotice.answerable.snapshot.quick import NOBODY
from fairnotice.answerable.snapshot.rows import FOREVER, NEVER, NOW, Desk, Given, Listed, Named
from fairnotice.answerable.snapshot.view import Edits, View
from tests.answerable import oracle

DAY = 738000
# Few, so that they nest, touch, cross and repeat.
RESOURCES = [
    parse_resource(text)
    for text in (
        "0.0.0.0/0",
        "192.0.0.0/16",
        "192.0.2.0/24",
        "192.0.2.0/25",
        "192.0.2.0/31",
        "192.0.2.1",
        "192.0.2.0-192.0.2.2",
        "192.0.2.1-192.0.2.3",
        "192.0.2.2-192.0.2.4",
        "192.0.1.0-192.0.2.127",
        "255.255.255.255",
        "::/0",
        "2001:db8::/32",
        "2001:db8::/64",
        "2001:db8::/63",
        "2001:db8:0:1::-2001:db8:0:2:ffff:ffff:ffff:ffff",
        "2001:db8::/96",
        "2001:db8::1",
        "2001:db8::-2001:db8:0:1::5",
        "2001:db8::1-2001:db8::7",
        "2001:db8::4-2001:db8::9",
        "AS64496-AS64511",
        "AS64500",
        "AS64499-AS64501",
        "AS64500-AS64503",
        "example.org",
        "www.example.org",
        "server:www.example.org",
        "co.uk",
        "shop.example.co.uk",
    )
]
ADDRESSES = [
    "192.0.2.0",
    "192.0.2.1",
    "192.0.2.2",
    "192.0.2.4",
    "192.0.2.127",
    "192.0.3.1",
    "0.0.0.1",
    "255.255.255.255",
    "2001:db8::",
    "2001:db8::1",
    "2001:db8::5",
    "2001:db8::9:1",
    "2001:db8:0:1::5",
    "2001:db8:0:2::",
    "2001:db9::1",
    "::",
    "::ffff:192.0.2.1",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
]
OTHERS = [
    "192.0.2.0/30",
    "192.0.2.1-192.0.2.2",
    "2001:db8::/64",
    "2001:db8::4-2001:db8::7",
    "AS64500",
    "AS64499-AS64500",
    "https://a.www.example.org/x",
    "example.org",
    "shop.example.co.uk",
    "co.uk",
]
TARGETS = [parse(text) for text in (*ADDRESSES, *OTHERS)]
_small = st.integers(0, 5)
_organisation = st.integers(1, 5)


@st.composite
def registers(draw: st.DrawFn) -> list[Given]:
    """Rows as the database could hold them: a series has at most one row that is still said."""
    rows: list[Given] = []
    said: set[int] = set()
    for pk in range(1, draw(st.integers(0, 14)) + 1):
        series = draw(st.integers(1, 9))
        since, said_from = draw(_small), draw(_small)
        ended = series in said or draw(st.booleans())
        if not ended:
            said.add(series)
        holder = draw(_organisation)
        giver = draw(st.sampled_from([None, *(one for one in range(1, 6) if one != holder)]))
        rows.append(
            Given(
                pk=pk,
                series=series,
                target=draw(st.sampled_from(RESOURCES)),
                giver=giver,
                holder=holder,
                kind=draw(st.sampled_from(sorted(oracle.RANK))),
                parent=draw(st.sampled_from([None, *(one for one in range(1, 10) if one != series)]))
                if giver
                else None,
                valid_from=DAY + since,
                valid_until=draw(st.just(NEVER) | st.integers(DAY + since + 1, DAY + 7)),
                source=draw(st.sampled_from(["desk", "file"])),
                visibility=draw(st.sampled_from(["public", "private"])),
                said_from=said_from,
                said_until=draw(st.integers(said_from + 1, 7)) if ended else FOREVER,
            )
        )
    return rows


_marks = st.lists(st.tuples(_small, st.booleans()), max_size=3).map(tuple)
_desks = st.lists(
    st.builds(
        Desk,
        pk=st.integers(1, 99),
        channel=st.sampled_from(["mail", "form"]),
        address=st.sampled_from(["a@example.org", "b@example.org"]),
        own=st.none() | st.sampled_from(RESOURCES),
        said_from=_small,
        said_until=st.just(FOREVER) | st.just(6),
        marks=_marks,
    ),
    max_size=2,
).map(tuple)
_versions = st.just((Named("Old Ltd", "DE", "desk", 0, 3), Named("New Ltd", "FR", "file", 3))) | st.just(())
_listed = st.fixed_dictionaries(
    {
        number: st.builds(Listed, handle=st.just(f"ORG-{number}"), versions=_versions, desks=_desks)
        for number in range(1, 6)
    }
)
_when = st.tuples(st.integers(DAY - 1, DAY + 8), st.just(NOW) | st.integers(-1, 8))


@settings(max_examples=100, deadline=None)
@given(registers(), _listed, st.lists(_when, min_size=1, max_size=3))
def test_every_look_up_agrees(
    rows: list[Given], listed: dict[int, Listed], when: list[tuple[int, int]]
) -> None:
    view = View(build(reversed(rows), listed))
    for day, known in when:
        for target in TARGETS:
            assert view.links(target, day, known) == oracle.links(rows, listed, target, day, known)


def moved(rows: list[Given], days: int) -> list[Given]:
    """The same, so many days later."""
    return [
        row._replace(
            valid_from=row.valid_from + days,
            valid_until=NEVER if row.valid_until == NEVER else row.valid_until + days,
        )
        for row in rows
    ]


# Around the first and the last day that a span's own word can tell, and in between.
@settings(max_examples=200, deadline=None)
@given(registers(), _when, st.sampled_from([0, FIRST_DAY - 3 - DAY, FIRST_DAY + DAYS - 4 - DAY]))
def test_single_addresses_and_batches_agree(rows: list[Given], when: tuple[int, int], later: int) -> None:
    rows = moved(rows, later)
    snapshot = build(rows, {})
    day, known = when[0] + later, when[1]
    found = nearest_texts(snapshot, [*ADDRESSES, "example.org", " 192.0.2.1"], day, known).tolist()
    assert found[-2:] == [ASK, ASK]
    for only in (4, 6):
        some = [text for text in ADDRESSES if (":" in text) == (only == 6)]
        assert nearest_texts(snapshot, some, day, known).tolist() == [
            found[ADDRESSES.index(text)] for text in some
        ]
    for text, row in zip(ADDRESSES, found, strict=False):
        target = parse(text)
        wanted = oracle.steps(
            [one for one in rows if oracle.covers(one.target, target) and one.holds(day, known)]
        )
        if known == NOW:
            assert (
                snapshot.quick.nearest(text, day) == snapshot.quick.nearest_number(target.start, day) == row
            )
            trail = snapshot.quick.trail(text, day)
            if trail is not None:
                given_rows = [snapshot.given(one) for one in trail]
                assert given_rows == [step[1] for step in reversed(wanted) if step[1] is not None]
        if row == NOBODY:
            assert not wanted
        elif row != ASK:
            assert snapshot.given(row) == wanted[-1][1]


@settings(max_examples=80, deadline=None)
@given(registers(), _listed, st.sets(st.sampled_from(RESOURCES)), st.data(), _when)
def test_edits_upon_an_older_snapshot_agree(
    rows: list[Given],
    listed: dict[int, Listed],
    changed: set[Target],
    data: st.DataObject,
    when: tuple[int, int],
) -> None:
    older = [row for row in rows if row.target not in changed or data.draw(st.booleans())]
    now = [row for row in rows if row.target in changed]
    forgotten = {number: Listed("OLD") for number in listed}
    view = View(
        build(older, forgotten), Edits(build(now, listed), frozenset(row.target for row in now), listed)
    )
    for target in TARGETS:
        assert view.links(target, *when) == oracle.links(rows, listed, target, *when)


@settings(max_examples=40, deadline=None)
@given(registers(), _listed, _when)
def test_more_crossings_than_layers_agree(
    rows: list[Given], listed: dict[int, Listed], when: tuple[int, int]
) -> None:
    with patch("fairnotice.answerable.snapshot.build.LAYERS", 1):
        view = View(build(rows, listed))
    assert layers.LAYERS > 1
    for target in TARGETS:
        assert view.links(target, *when) == oracle.links(rows, listed, target, *when)


def test_a_snapshot_gives_back_the_rows_it_was_made_from() -> None:
    rows = [
        Given(n + 1, n + 70, target, None, 1, "lease", None, DAY, NEVER, "desk", "public", 0)
        for n, target in enumerate(RESOURCES * 2)
    ]
    snapshot = build(rows, {})
    assert len(snapshot) == len(rows)
    assert sorted(snapshot.given(row) for row in range(len(rows))) == sorted(rows)


@settings(max_examples=100, deadline=None)
@given(
    st.integers(FIRST_DAY - 900, FIRST_DAY + DAYS + 900),
    st.integers(1, 40_000),
    st.sampled_from(["192.0.2.0/24", "2001:db8::/32"]),
    st.lists(st.integers(-2, 40_000), min_size=1, max_size=9),
)
def test_days_outside_what_a_spans_word_can_tell_are_answered_too(
    since: int, length: int, resource: str, days: list[int]
) -> None:
    row = Given(
        1, 1, parse(resource), None, 1, "allocation", None, since, since + length, "desk", "public", 0
    )
    quick = build([row], {}).quick
    text = "192.0.2.1" if resource.startswith("192") else "2001:db8::1"
    for day in (since - 1, since, since + length - 1, since + length, *(since + each for each in days)):
        held = since <= day < since + length
        assert quick.nearest(text, day) == (0 if held else NOBODY)
        assert quick.trail(text, day) == ((0,) if held else ())
