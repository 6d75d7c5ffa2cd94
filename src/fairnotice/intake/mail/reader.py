"""One letter, read: what it is, and the notice that it may be. Pure: no database, no settings, no network.

`child.Reader` does the same in a process with limits, which is how letters of strangers are read.
"""

from __future__ import annotations

import re
from dataclasses import replace
from email.message import Message

from fairnotice.cases.drafts import MAX_ITEMS, MAX_NAME, ItemDraft, NoticeDraft, check_notice
from fairnotice.intake.contact import without_contact
from fairnotice.intake.mail import arf, template, xarf_json, xarf_text
from fairnotice.intake.mail.fields import cut, too_many
from fairnotice.intake.mail.found import Found
from fairnotice.intake.mail.places import places
from fairnotice.intake.mail.receipt import by_a_program, nobodys, receipt_to, return_path, sender_of
from fairnotice.intake.reading_types import Envelope, Reading
from fairnotice.plumbing.mail import kinds
from fairnotice.plumbing.mail.letter import MAX_BYTES, Letter, bytes_of, header_words, take_apart
from fairnotice.plumbing.mail.words import page_of, storable, texts_of

_MAX_SUBJECT = 300
_MAX_NAMED = 20
_SEALED = frozenset(
    {"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"}
)
_ARMOUR = "-----BEGIN PGP MESSAGE-----"
_OURS = re.compile(r"[0-9a-f]{32}@([^@\s]+)")
_AGAIN = re.compile(r"\s*(?:re|aw|antw|sv|vs|rv|odp)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
_BLANK = re.compile(rb"\r?\n\r?\n|\r\r")


def read_letter(raw: bytes, envelope: Envelope | None = None) -> Reading:
    """What this letter is. Never raises, whatever the bytes are, and opens nothing of it.

    Of more than 8 MB only the beginning is read; the reading says so.
    """
    envelope = envelope or Envelope()
    try:
        return _read(take_apart(raw), envelope)
    except RecursionError:
        return not_read("too-deep", raw)
    except MemoryError:
        return not_read("too-slow")
    except Exception:  # the library's own faults are of many kinds, and no letter may be lost by one
        return not_read("unreadable", raw)


def not_read(reason: str, raw: bytes = b"") -> Reading:
    """The reading of a letter that could not be read: a person sees what stands below its headers."""
    blank = _BLANK.search(raw[:MAX_BYTES])
    text = raw[blank.end() : blank.end() + 40_000].decode("utf-8", "replace") if blank else ""
    return Reading("draft", draft=NoticeDraft(why=cut(storable(text).strip())), reason=reason)


def _read(letter: Letter, envelope: Envelope) -> Reading:
    if kinds.is_bounce(letter) or _came_back(letter, envelope):
        return Reading("bounce", reason="came-back")
    plain = _plain(letter)
    reply = Reading("reply", draft=plain.draft, reason="answer")
    if kinds.tokens(letter) or any(kinds.TOKEN.search(one) for one in envelope.recipients):
        return reply
    report = xarf_json.read(letter)
    if report is None and xarf_text.is_report(letter):
        report = xarf_text.read(letter)
    if report is None and arf.is_report(letter):
        report = arf.read(letter)
    if report is not None:
        return _of_report(report, letter, plain)
    if plain.outcome != "notice" and _refers_to_us(letter, envelope):
        return reply
    if plain.outcome != "notice" and by_a_program(letter, envelope):
        return _of_a_program(letter, plain)
    return replace(plain, receipt_to=receipt_to(letter, envelope))


def _of_report(found: Found, letter: Letter, plain: Reading) -> Reading:
    """What a program reported; it gives no statement of good faith, and gets no receipt."""
    draft, reason = found.draft, found.reason
    if reason == "not-an-item":
        return Reading("pass_on", found.format, draft, reason, machine=True)
    if draft is None:
        draft = plain.draft
    elif not reason:
        reason = "too-many-places" if too_many(draft) else ""
        reason = reason or ("invalid" if check_notice(draft, machine=True) else letter.cut or "")
    return Reading("draft" if reason else "notice", found.format, draft, reason, machine=True)


def _of_a_program(letter: Letter, plain: Reading) -> Reading:
    """A plain mail that says that a program or a list sent it: an automatic answer is for nobody; a mail that
    names a place may be a notice, since abuse desks are often reached through a list."""
    replied = kinds.auto_submitted(letter).startswith("auto-replied") or (
        letter.head.get_content_type() == "multipart/report"
        or letter.head.get("X-Autoreply") is not None
        or kinds.precedence(letter) == "auto_reply"
    )
    if replied or (plain.reason in ("no-place", "no-words") and letter.cut is None):
        return Reading("automatic", reason="auto-reply")
    reason = "by-a-program" if plain.reason == "needs-a-person" else plain.reason
    return replace(plain, reason=reason)


def _plain(letter: Letter) -> Reading:
    """A mail in words. With all fields of the template it is a notice, otherwise a person chooses."""
    text = storable(texts_of(letter)).strip()
    name, email = sender_of(letter)
    name, email = storable(name)[:MAX_NAME], "" if nobodys(email) else email
    filled = template.read(text, name, email)
    if filled is not None:
        return _of_template(without_contact(filled), letter)
    found = places(text, MAX_ITEMS + 1)
    if not found:
        # The text beside a page may be no more than a word about it.
        page = storable(page_of(letter)).strip()
        found = places(page, MAX_ITEMS + 1)
        text = page if found else text
    subject = storable(header_words(letter.head, "Subject"))
    subject = " ".join(subject.split())[:_MAX_SUBJECT]
    draft = NoticeDraft(
        items=[ItemDraft(place) for place in found],
        why=cut("\n\n".join(one for one in (subject, text, _named(letter)) if one)),
        name=name,
        email=email,
    )
    more = too_many(draft)
    if _encrypted(letter, text):
        reason = "encrypted"
    elif letter.cut:
        reason = letter.cut
    elif not text and not subject:
        reason = "no-words"
    else:
        reason = "no-place" if not found else "too-many-places" if more else "needs-a-person"
    return Reading("draft", draft=draft, reason=reason)


def _of_template(draft: NoticeDraft, letter: Letter) -> Reading:
    draft = replace(draft, why=cut(draft.why))
    faults = {fault.path for fault in check_notice(draft)}
    reason = ("not-confirmed" if faults == {"good_faith"} else "invalid") if faults else letter.cut or ""
    return Reading("draft" if reason else "notice", draft=draft, reason=reason)


def _named(letter: Letter) -> str:
    """What was attached, by name, type and size; it stays closed."""
    files = [
        part for part in letter.parts if part.attached or not part.kind.startswith(("text/", "multipart/"))
    ]
    if not files or (len(letter.parts) == 1 and letter.parts[0].kind.startswith("text/")):
        return ""
    said = [f"{part.name or 'no name'} ({part.kind}{_size(part.message)})" for part in files]
    more = f" and {len(said) - _MAX_NAMED} more" if len(said) > _MAX_NAMED else ""
    return storable(f"Attached, not opened: {', '.join(said[:_MAX_NAMED])}{more}.")


def _size(part: Message) -> str:
    """By what it holds, its transfer encoding undone; a letter inside is not measured."""
    return "" if part.is_multipart() else f", {max(1, round(len(bytes_of(part)) / 1000))} kB"


def _encrypted(letter: Letter, text: str) -> bool:
    types = {letter.head.get_content_type(), *(part.kind for part in letter.parts)}
    return bool(types & _SEALED) or text.lstrip().startswith(_ARMOUR)


def _came_back(letter: Letter, envelope: Envelope) -> bool:
    """A mail server's letter in words of its own: no return path, and from nobody."""
    return (
        return_path(letter, envelope) == ""
        and letter.head.get_content_type() != "multipart/report"
        and str(letter.head.get("From", "")).lower().find("mailer-daemon@") >= 0
    )


def _refers_to_us(letter: Letter, envelope: Envelope) -> bool:
    """Whether it answers a Message-ID of the form of ours, or names a reference of ours as answers do."""
    hosts = {host.lower() for host in envelope.hosts}
    for one in kinds.message_ids(letter):
        ours = _OURS.fullmatch(one)
        if ours and (not hosts or ours[1].lower().strip("[]") in hosts):
            return True
    again = _AGAIN.match(header_words(letter.head, "Subject")) is not None
    return again and bool(kinds.references(letter))
