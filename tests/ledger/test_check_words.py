"""The scripts of the page that checks proofs and the words that they say fit together."""

from __future__ import annotations

import json
import re
from pathlib import Path

import fairnotice.ledger
from fairnotice.ledger import check_words

SCRIPTS = sorted((Path(fairnotice.ledger.__file__).parent / "static" / "fairnotice" / "check").glob("*.js"))
TEXT = "\n".join(path.read_text("utf-8") for path in SCRIPTS)
# Put together in the scripts: from what a comparison came to, the kind of file, the value of a field.
MADE = {
    *(f"now-{state}" for state in ("same", "kept", "open", "broken", "fork", "shrunk")),
    *("yes", "no"),
    "statement",
    "receipt",
    "register-entry",
}


def test_every_fault_has_a_sentence_and_every_sentence_a_fault() -> None:
    raised = set(re.findall(r'new Refused\(\s*"([a-z0-9-]+)"', TEXT)) | {"no-secure-context", "no-ed25519"}
    assert len(raised) > 50
    assert raised == set(check_words.FAULTS)


def test_every_thing_that_a_fault_is_about_has_a_name() -> None:
    named = set(re.findall(r'what: "([a-z]+)"', TEXT))
    called = r'(?:utf8|fromUtf8|fromBase64|fromDecimal|textOf)\((?:[^()"]|\([^()]*\))*?, "([a-z]+)"'
    named |= set(re.findall(called, TEXT))
    assert len(named) > 8
    assert named == set(check_words.THINGS)


def test_no_word_is_missing_or_left_over() -> None:
    for group, words in (("notes", check_words.NOTES), ("labels", check_words.LABELS)):
        used = set(re.findall(rf'say\("{group}", "([a-z-]+)"', TEXT))
        used |= set(re.findall(rf'words\.{group}(?:\.|\[")([a-z-]+)', TEXT))
        if group == "labels":
            used |= set(re.findall(r'\blabels(?:\.|\[")([a-z-]+)', TEXT))
        assert used <= set(words), group
        assert set(words) - used <= MADE, group
    said = json.loads(json.dumps(check_words.everything(), default=str))
    assert set(said["verdicts"]) <= set(re.findall(r'"?([a-z-]+)"?: "(?:good|warning|error|)"', TEXT))


def test_every_gap_is_one_that_the_scripts_fill() -> None:
    gaps = set(re.findall(r"\{(\w+)\}", json.dumps(check_words.everything(), default=str)))
    for gap in gaps:
        assert re.search(rf"\b{gap}\b[:,}} ]", TEXT), gap
