"""`/log/`: exactly the published files, by exactly their names."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from fairnotice.ledger import keys, logs, serve
from fairnotice.ledger.models import Event
from fairnotice.ledger.publishing import log_dir
from fairnotice.ledger.rotation import rotate
from fairnotice.ledger.sequencer import run_once
from fairnotice.translog.cosignature import CosignatureVerifier
from fairnotice.translog.evidence import verify_evidence
from fairnotice.translog.policy import parse_policy
from fairnotice.translog.signing import SeedKey
from fairnotice.translog.tiles import decode_bundle

WITNESS = CosignatureVerifier("witness.example.org", SeedKey(bytes(32)).public_key).vkey


def here():
    """Where the log that is written to is served."""
    return f"/log/{logs.current().year}/"


@pytest.fixture
def filled(write):
    for size in (3, 255):
        write(size)
        run_once()
    return log_dir()


def test_checkpoint_and_key(client, event):
    assert client.get(f"{here()}checkpoint").status_code == 404
    event()
    run_once()
    answer = client.get(f"{here()}checkpoint")
    assert answer.content == (log_dir() / "checkpoint").read_bytes()
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache"
    assert client.get(f"{here()}vkey").content.decode() == keys.vkey() + "\n"
    assert client.head(f"{here()}checkpoint").content == b""
    for method in (client.post, client.put, client.delete):
        assert method(f"{here()}checkpoint").status_code == 405


def test_tiles_are_served_byte_for_byte(client, filled):
    published = [path for path in (filled / "tile").rglob("*") if path.is_file()]
    assert len(published) == 5
    for path in published:
        answer = client.get(f"{here()}{path.relative_to(filled).as_posix()}")
        assert answer.content == path.read_bytes()
        assert answer["Content-Type"] == "application/octet-stream"
        assert "immutable" in answer["Cache-Control"]


def test_a_partial_whose_tile_filled_up_is_cut_from_it(client, filled):
    assert not (filled / "tile/0/000.p").exists()
    full = (filled / "tile/0/000").read_bytes()
    assert client.get(f"{here()}tile/0/000.p/3").content == full[:96]
    bundle = client.get(f"{here()}tile/entries/000.p/3").content
    assert decode_bundle(bundle, 3) == decode_bundle((filled / "tile/entries/000").read_bytes(), 256)[:3]


MISSPELT = [
    "tile/0/000/",
    "tile/00/000",
    "tile/0/0",
    "tile/0/0000",
    "tile/0/x000/000",
    "tile/0/000.p/0",
    "tile/0/000.p/02",
    "tile/0/000.p/256",
    "tile/0/000.p",
    "tile/0/001.p/3",
    "tile/0/002",
    "tile/64/000",
    "tile/-1/000",
    "tile/8/0/000",
    "tile/entries/000.P/2",
    "tile/Entries/000",
    "tile/0/../0/000",
    "tile/0/%2e%2e/0/000",
    "tile/entries/../../.lock",
    "tile/0/000%00",
    "tile/0/000%0a",
    "tile/٠/000",
    "tile/",
    "tile",
    ".lock",
    "tile/0/.000.tmp",
    "checkpoint/",
    "checkpoint/x",
]


def test_any_other_spelling_is_not_found(client, filled):
    found = [path for path in MISSPELT if client.get(f"{here()}{path}").status_code != 404]
    assert found == []


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(alphabet="tile/0123456789x.pentrs\x00\n", max_size=30))
def test_reading_never_leaves_the_tree(data, text):
    log = logs.current()
    assert serve.read_tile(log, text) is None
    assert serve.read_tile(log, f"tile/{text}") is None


def test_the_page_says_what_the_log_proves_and_what_not(client, event, settings):
    empty = client.get("/log/")
    assert empty.status_code == 200
    assert "Nothing has been entered yet" in empty.content.decode()
    event()
    run_once()
    text = client.get("/log/").content.decode()
    assert "Nothing has been entered yet" not in text
    for piece in ("What the log proves", "What the log cannot prove", "fairnotice verify", "within 24 hours"):
        assert piece in text
    assert settings.FN_ORIGIN in text
    # Whole and unescaped, so that it can be copied into the command.
    assert keys.vkey() in text
    assert client.post("/log/").status_code == 405


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (60, "within 1 minute at"),
        (5400, "within 90 minutes at"),
        (3600, "within 1 hour at"),
        (61, "within 61 sec"),
    ],
)
def test_the_page_says_what_receipts_promise(client, event, settings, seconds, words):
    settings.FN_PROMISE_DELAY = seconds
    assert words in client.get("/log/").text


def test_the_files_of_one_year_for_programs(client, event, settings, tmp_path):
    event()
    run_once()
    log = logs.current()
    old = keys.vkey()
    new = rotate(overlap=timedelta(days=30)).vkey
    assert client.get(f"{here()}vkey").text.splitlines() == [old, new]
    assert client.get(f"{here()}promise-vkey").text == f"{keys.promise_vkey()}\n"
    policy = parse_policy(client.get(f"{here()}policy").content)
    assert [known.key.vkey for known in policy.logs] == [old, new]
    assert {known.url for known in policy.logs} == {f"https://notices.example.org/log/{log.year}".encode()}
    assert policy.check(client.get(f"{here()}checkpoint").content).size == 2
    settings.FN_WITNESS_POLICY = tmp_path / "policy"
    settings.FN_WITNESS_POLICY.write_text(f"witness one {WITNESS}\nquorum one\n", "ascii")
    policy = parse_policy(client.get(f"{here()}policy").content)
    assert (policy.quorum, [known.key.vkey for known in policy.logs]) == (b"one", [old, new])


def test_what_the_log_says_of_itself_can_be_taken_along_and_nothing_else(client, event):
    private = event()
    run_once()
    rotate(overlap=timedelta(days=30))
    said = Event.objects.get(kind="log.key")
    answer = client.get(f"{here()}event/{said.record}")
    result = verify_evidence(answer.content, [keys.vkey()])
    assert result.entries == ((logs.current().origin, 1, 2),)
    assert {o["path"] for o in answer.json()["records"][0]["openings"]} == {"kind", "time", *said.open}
    assert "fair-notice-log-key-" in answer["Content-Disposition"]
    for record in (private.record, "0" * 32, "x"):
        assert client.get(f"{here()}event/{record}").status_code == 404
    assert client.get(f"/log/{logs.current().year + 1}/event/{said.record}").status_code == 404


def test_the_retention_policy_says_for_how_long(client, settings, data):
    assert "as long as this service exists" in client.get("/log/retention").text
    settings.FN_LOG_RETENTION_YEARS = 10
    assert "at least 10 years after it was closed" in client.get("/log/retention").text
