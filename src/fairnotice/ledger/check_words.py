"""What the page “Check this proof” says. Its scripts hold codes only; gaps in braces are filled as text."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, Promise]

#: The first thing that is said: verdict -> heading and sentence.
VERDICTS: dict[str, tuple[Promise, Promise]] = {
    "verified": (
        _("Verified"),
        _("What this file says stands in the log that was signed, word for word. Nothing was changed since."),
    ),
    "verified-now": (
        _("Verified"),
        _("What this file says stands in the log, word for word, and the log as it is now still holds it."),
    ),
    "verified-own-key": (
        _("The file is whole, but compare its key"),
        _(
            "It is from another operator’s log. It fits the key that it brings along. Compare that "
            "key with the one which "
            "that operator shows to everybody: only then is it theirs."
        ),
    ),
    "kept": (
        _("Verified: the promise was kept"),
        _(
            "The file itself holds only a promise. The log now holds what was promised. Download the "
            "completed file and "
            "keep it instead."
        ),
    ),
    "promised": (
        _("Promised, and still in time"),
        _("The promise is genuine. The entry is not in the log yet. It must be there by {time}."),
    ),
    "overdue": (
        _("Promised, and the time is over"),
        _(
            "The promise is genuine. It was to be kept by {time}. Whether it was kept could not be "
            "seen here: compare with "
            "the log once more, or fetch the file anew."
        ),
    ),
    "broken": (
        _("The promise was broken"),
        _(
            "The promise is genuine, its time was over on {time}, and the signed log does not hold "
            "the entry. This is "
            "evidence against the operator. Keep the file, and download the evidence below."
        ),
    ),
    "contradiction": (
        _("The log contradicts itself"),
        _(
            "Your file is sound, but the log as it is now does not fit it, although both are signed "
            "with the log’s key. "
            "This is evidence against the operator. Keep the file, and download the evidence below."
        ),
    ),
    "refused": (_("Not verified"), _("Something in this file does not fit. Do not rely on what it says.")),
    "unable": (
        _("This browser cannot check it"),
        _("Nothing was checked. Please use another browser, or the command below."),
    ),
}

#: The checks, in their order: label, and what is said of one that passed.
STEPS: dict[str, Promise] = {
    "file": _("The file is whole"),
    "fields": _("Each field shown belongs to its entry"),
    "promise": _("The promise is genuine"),
    "signature": _("The log’s signature is genuine"),
    "proof": _("The proof leads to the signed root"),
    "key": _("The key is that of this log"),
    "now": _("It fits the log as it is now"),
}
STATES: Words = {
    "passed": _("Passed"),
    "failed": _("Failed"),
    "open": _("Open"),
    "none": _("None"),
    "later": _("Not yet"),
    "skipped": _("Not checked"),
}
NOTES: Words = {
    "fields": _("Fields: {number}, each compared with its fingerprint."),
    "no-promise": _("The file holds no promise. It needs none where it holds a proof."),
    "no-proof": _("The file holds no proof yet, only a promise."),
    "some-proof": _("Not every record of this file has its proof yet."),
    "entry": _("Entry {number} of {size} in {origin}."),
    "promise": _("Made on {time}, to be kept by {deadline}."),
    "key-ours": _(
        "It is among the keys that this page brings along. You can compare them below with what you noted."
    ),
    "key-file": _("{origin} is not a log of ours. Its key was taken from the file itself: {vkey}"),
    "now-same": _(
        "The log as it is now (entries: {size}) begins with the tree that the file’s proof was made for."
    ),
    "now-kept": _("Found: entry {number} of {size}, in the log {origin}."),
    "now-open": _("Not in {origin} yet (entries: {size}). The promised time is not over."),
    "now-broken": _(
        "Not in {origin} (entries: {size}), and the promised time is over by this computer’s clock."
    ),
    "now-fork": _(
        "The signed tree of {origin} (entries: {size}) does not begin with the tree in the file: the log was "
        "forked."
    ),
    "now-shrunk": _(
        "{origin} shows fewer entries than it had signed before (now: {size}). If this is still so in an "
        "hour, entries were taken away."
    ),
    "now-other": _(
        "{origin} is not a log of ours. Its own operator’s page can compare it with its present state."
    ),
    "now-failed": _("Not compared: {reason} What was found above holds all the same."),
    "now-stopped": _("You stopped the comparison."),
    "record": _("Record {number} of {count}: {sentence}"),
}
LABELS: Words = {
    "receipt": _("Receipt"),
    "statement": _("Statement"),
    "register-entry": _("Entry of the register"),
    "checking": _("Checking the file in this browser …"),
    "comparing": _("Comparing with the log as it is now …"),
    "searching": _("Looking through the log: part {done} of {all} …"),
    "steps": _("Step by step"),
    "opened": _("What the file shows"),
    "opened-one": _("What the file shows, record {number} of {count}"),
    "unopened": _("Only what is listed was shown to be in the entry. What is missing here was not opened."),
    "nothing-opened": _("This record opens no field."),
    "public-type": _("Kind of entry, in the clear"),
    "yes": _("yes"),
    "no": _("no"),
    "none": _("nothing"),
    "empty": _("empty"),
    "place": _("Where it stands"),
    "log": _("Log"),
    "key": _("Key that signed"),
    "fingerprint": _("Fingerprint of the entry"),
    "download-completed": _("Download the completed file"),
    "download-evidence": _("Download the evidence"),
    "again": _("Check another file"),
    "print": _("Print this result"),
    "checked-file": _("Checked: {name}, on {time}"),
    "pasted": _("pasted text"),
}

#: What a sentence below is about.
THINGS: Words = {
    "checkpoint": _("The log’s signed state"),
    "entry": _("The entry"),
    "file": _("The file"),
    "key": _("A key"),
    "note": _("A signed note"),
    "opening": _("The secret of a field"),
    "path": _("The name of a field"),
    "promise": _("The promise"),
    "proof": _("The proof"),
    "record": _("The name of a record"),
    "salt": _("The salt of a record"),
    "signature": _("A signature"),
    "value": _("A value"),
}
FAULTS: Words = {
    "bare-proof": _("This is a bare proof without the file around it. The command below can check it."),
    "checkpoint-form": _("The log’s signed state does not have the form it must have."),
    "checkpoint-other": _("The signed state is not of the log {name}."),
    "fork": _("The log signed two different trees of {size} entries: it has forked. Keep this file."),
    "format-earlier": _("This file was made by an earlier trial version. Please download it anew."),
    "format-other": _("This is not a receipt, a statement or an entry of the register."),
    "half-character": _("{what}: it holds half a character."),
    "json-deep": _("The file is nested deeper than any real one."),
    "json-number": _("The file holds a number that is not finite."),
    "json-twice": _(
        "The file gives the name “{name}” twice in one place, so that it could be read in two ways."
    ),
    "key-form": _("A key does not look like name+hash+key."),
    "key-id": _("A key’s short hash does not fit its name and key: was it changed?"),
    "key-name": _("The name of a key is empty, or holds a space, a plus sign or a control character."),
    "key-not-given": _("None of the given keys is of the log {name}."),
    "key-origin": _("A key is not named after its log."),
    "key-type": _("A key is not an Ed25519 key."),
    "key-unsound": _("A key is unsound: signatures under it would prove nothing."),
    "kind": _("The file does not say what it is: receipt, statement or entry of the register."),
    "leaf-form": _("The entry does not have the one form that entries have."),
    "leaf-record": _("The entry belongs to another record, or its salt was changed."),
    "log-damaged": _("The log’s published files could not be read."),
    "log-root": _("The log’s published files do not lead to the root that it signed."),
    "log-unreachable": _("the log could not be reached."),
    "logs-form": _("The list of logs does not have the form it must have."),
    "logs-twice": _("The file names one log twice."),
    "logs-unused": _("The file names a log that none of its records is in."),
    "names": _("A part of the file must have exactly these names: {names}."),
    "not-base64": _("{what}: not written in the one canonical base64 form."),
    "not-decimal": _("{what}: a number is not a plain decimal one."),
    "not-json": _("This is not JSON (line {line}, column {column}). Is the file whole?"),
    "not-text": _("{what}: missing, not a text, or too long."),
    "not-utf8": _("{what}: not valid UTF-8 text."),
    "note-control": _("A signed note holds a control character."),
    "note-cut": _("A signed note is cut off."),
    "note-many": _("A signed note has too many signatures."),
    "note-signature-line": _("A signature line does not have the form it must have."),
    "note-unsigned": _("A signed note has no signature."),
    "opening-form": _("The fields shown do not have the form they must have."),
    "path-twice": _("The field “{path}” is shown twice."),
    "path-unknown": _("The entry has no field “{path}”."),
    "path-value": _("The field “{path}” does not fit the entry: its value or its secret was changed."),
    "promise-entry": _("The promise was given for another entry."),
    "promise-form": _("The promise does not have the form it must have."),
    "promise-other": _("The promise speaks of another log."),
    "proof-extra": _("The proof carries another entry than the file."),
    "proof-form": _("The proof does not have the form it must have."),
    "proof-index": _("There is no entry {number} in a tree of {size}."),
    "proof-length": _("The proof has too many hashes, or too few."),
    "proof-root": _("The proof for entry {number} does not lead to the root of the tree of {size}."),
    "record-log": _("It names a log that the file does not list."),
    "record-name": _("Its name is not 32 hexadecimal digits."),
    "record-nothing": _("It has neither a proof nor a promise."),
    "record-twice": _("It is in the file twice."),
    "records-form": _("The file must hold 1 to 1000 records."),
    "signature-missing": _(
        "It is not signed by a key that counts now. If its key was lost or stolen, the page of the log’s "
        "year says so: then download the file again."
    ),
    "signature-wrong": _("The signature of {name} is wrong: the text was changed after signing."),
    "too-long": _("{what}: longer than any real one."),
    "value-deep": _("A value is nested too deep."),
    "value-number": _("A value holds a number that cannot be carried exactly."),
    "wrong-length": _("{what}: not as many bytes as it must have."),
    # Not of a file, but of the browser.
    "no-secure-context": _(
        "Browsers check signatures only on pages that came over a secure connection (https). This "
        "one did not."
    ),
    "no-ed25519": _("This browser does not know the kind of signature that is used here (Ed25519)."),
    "unexpected": _(
        "The check itself failed. This says nothing about the file. Please use the command below."
    ),
}


def everything() -> dict[str, object]:
    """All of it, as the page's scripts read it: groups of code -> text."""
    return {
        "verdicts": {code: list(pair) for code, pair in VERDICTS.items()},
        "steps": STEPS,
        "states": STATES,
        "notes": NOTES,
        "labels": LABELS,
        "things": THINGS,
        "faults": FAULTS,
    }
