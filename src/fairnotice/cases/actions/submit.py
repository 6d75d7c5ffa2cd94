"""A notice comes in: stored, promised to the log, attached to its cases, acknowledged, all or nothing."""

from __future__ import annotations

import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.answerable import lookup
from fairnotice.answerable.chains import Chain
from fairnotice.cases import codes, files, involved, sealed, uploads
from fairnotice.cases.actions import emergency, forward, trusted_people
from fairnotice.cases.clients import counts_as_trusted
from fairnotice.cases.drafts import (
    UNSTORABLE,
    Fault,
    ItemDraft,
    NoticeDraft,
    as_url,
    check_notice,
    normalised,
    says_danger,
)
from fairnotice.cases.errors import Conflict, Invalid
from fairnotice.cases.models import (
    ApiClient,
    Case,
    CaseInvolved,
    Idempotency,
    Notice,
    NoticeItem,
    RulesClause,
    RulesVersion,
)
from fairnotice.cases.models.case import OPEN_STATES
from fairnotice.cases.models.fields import new_ref
from fairnotice.cases.steps import step
from fairnotice.law.deadlines import case_due, priority
from fairnotice.law.problems import LIFE, PROBLEM_BY_SLUG
from fairnotice.law.trusted import TRUSTED, source_of
from fairnotice.ledger import evidence, outbox
from fairnotice.ledger.append import Personal, append
from fairnotice.vault import keys

KEEP_ANSWER = timedelta(hours=24)
# Committed to, so that nobody can change who wrote, but opened by delivery alone: a receipt is shown around
# to prove what was sent, and must not prove by whom.
CONTACT = ("name", "email")
# Nor who at the service is involved: the one whom it names may be the one whom it is shown to.
UNSHOWN = (*CONTACT, "involved")
ReceiptLetter = Literal["plain", "code", "none"]


@dataclass(frozen=True)
class Submitted:
    """What the notifier gets: the code (shown once), the receipt file, and whether this was a retry."""

    notice: Notice
    code: str
    receipt: dict[str, Any]
    replayed: bool = False


def submit_notice(
    *,
    draft: NoticeDraft,
    door: str,
    idempotency_key: str = "",
    machine: bool = False,
    receipt: ReceiptLetter = "plain",
    actor_id: int | None = None,
    client: ApiClient | None = None,
) -> Submitted:
    """Take one notice in.

    `door` is where it came from (`law.doors.DOORS`). `receipt` is the letter that an address gets: "code" has
    the code in it, for who was shown none; "none" is for where another answer goes out, or none may.
    `actor_id`: who at the desk completed it from what came in. `client` is whose token it came with: only
    through one whose recorded status is in force is it a trusted flagger's. The same `idempotency_key` within
    24 hours gives the same answer and no second notice. Raises Invalid with every fault, Conflict where the
    key was used with other words. What is returned has been written durably.
    """
    faults = check_notice(draft, machine=machine)
    with transaction.atomic():
        if idempotency_key and not faults:
            # Before the rules are asked: what was taken in once stays so, whatever they say by now.
            answer = sent_before(idempotency_key, draft)
            if answer is not None:
                return answer
        faults += _clause_faults(draft) + uploads.faults(draft)
        if not involved.known(draft.involved_role):
            say = _("There is no such role or person. Please choose again.")
            faults.append(Fault("involved_role", "choice", say))
        flagger = _of_trusted_flagger(draft, door, client)
        if draft.source_type == TRUSTED and not flagger:
            say = _("Only a trusted flagger whose status is recorded here can say this, with its token.")
            faults.append(Fault("source_type", "trusted", say))
        if faults:
            raise Invalid(faults)
        sender = _From(client, flagger, actor_id, receipt)
        submitted = _store(draft, door, _clause(draft), machine, sender)
        if idempotency_key:
            _remember(idempotency_key, draft, submitted)
        return submitted


def all_faults(draft: NoticeDraft, *, machine: bool = False) -> list[Fault]:
    """Every fault of a draft, also a rule that is not in the current version and a file that is gone."""
    return check_notice(draft, machine=machine) + _clause_faults(draft) + uploads.faults(draft)


def _clause_faults(draft: NoticeDraft) -> list[Fault]:
    if draft.ground_kind != "rules" or not draft.clause or _clause(draft) is not None:
        return []
    say = _("There is no such rule in the current version. Please choose again.")
    return [Fault("clause", "choice", say)]


def _clause(draft: NoticeDraft) -> RulesClause | None:
    if draft.ground_kind != "rules" or UNSTORABLE.search(draft.clause):
        return None
    version = RulesVersion.objects.order_by("-number").first()
    return version.clauses.filter(reference=draft.clause).first() if version else None


@dataclass(frozen=True)
class _From:
    """Whose token a notice came with, whether that makes it a trusted flagger's, who at the desk completed
    it, and which letter its sender gets."""

    client: ApiClient | None
    flagger: bool
    actor_id: int | None
    letter: ReceiptLetter


def _of_trusted_flagger(draft: NoticeDraft, door: str, client: ApiClient | None) -> bool:
    # What an organisation forwards is somebody else's notice, whatever that organisation is.
    if client is None or door == "forward" or draft.problem not in PROBLEM_BY_SLUG:
        return False
    return counts_as_trusted(client, draft.category or PROBLEM_BY_SLUG[draft.problem].category)


def _store(
    draft: NoticeDraft, door: str, clause: RulesClause | None, machine: bool, sender: _From
) -> Submitted:
    now = timezone.now()
    problem = PROBLEM_BY_SLUG[draft.problem]
    category = draft.category or problem.category
    source_type = source_of(draft.source_type, sender.flagger)
    keyword = draft.keyword or problem.keyword or ""
    notifier_key, contact_key, items_key = keys.new_keys("subject", 3)
    wrote = {
        "why": draft.why.strip(),
        "law": draft.law.strip() if draft.ground_kind == "law" else "",
        "name": draft.name.strip(),
        "email": draft.email.strip(),
    }
    about_staff = bool(draft.staff_involved or draft.involved.strip() or draft.involved_role)
    # Empty ones as well: whoever is shown the receipt can tell which paths are committed, and must not learn
    # from it whether a name or an address was given.
    keyed = {path: contact_key if path in CONTACT else notifier_key for path in wrote}
    personal = [Personal(path, value, keyed[path]) for path, value in wrote.items()]
    personal.append(Personal("items", [item.location.strip() for item in draft.items], items_key))
    if draft.report is not None:
        personal.append(Personal("report", draft.report, notifier_key))
    personal.append(Personal("notes", [item.note.strip() for item in draft.items], notifier_key))
    personal.append(Personal("files", files.said_of(draft.files), notifier_key))
    personal.append(Personal("involved", draft.involved.strip(), notifier_key))
    ref = new_ref()
    event = append(
        kind="notice.submitted",
        open={
            "category": category,
            "keyword": keyword,
            "ground_kind": draft.ground_kind,
            "clause": f"{clause.version.number}/{clause.reference}" if clause else "",
            "items_count": len(draft.items),
            "good_faith": draft.good_faith,
            "source_type": source_type,
        },
        personal=personal,
        actor_id=sender.actor_id,
        case_ref=ref,
    )
    notice = Notice.objects.create(
        ref=ref,
        received_at=now,
        state="attached",
        door=door,
        source_type=source_type,
        client=sender.client,
        problem=problem.slug,
        category=category,
        keyword=keyword,
        language=draft.language,
        ground_kind=draft.ground_kind,
        clause=clause,
        good_faith=draft.good_faith,
        staff_involved=about_staff,
        involved_role=draft.involved_role,
        life_in_danger=says_danger(draft, door),
        notifier_key=notifier_key,
        contact_key=contact_key,
        items_key=items_key,
        why_commitment=event.commitment("why"),
        why_length=event.length("why"),
        event=event,
    )
    files.claim(notice, draft.files)
    said = json.dumps(draft.report, ensure_ascii=False) if draft.report is not None else ""
    words = {path: text for path, text in wrote.items() if path not in CONTACT}
    sealed.put("notice", ref, notifier_key, {**words, "report": said, "involved": draft.involved.strip()})
    sealed.put("notice", ref, contact_key, {path: wrote[path] for path in CONTACT})
    found = [
        _store_item(notice, position, item, now, sender.flagger) for position, item in enumerate(draft.items)
    ]
    forward.propose(notice=notice, found=found, machine=machine)
    if notice.staff_involved:
        involved.keep_out(notice)
        trusted_people.tell_outside(notice)
    if notice.life_in_danger:
        emergency.open_emergency(notice=notice, now=now)
    code = codes.mint(side="notifier", notice=notice)
    shown = {p.path: p.value for p in personal if p.value and p.path not in UNSHOWN}
    receipt = evidence.build("receipt", [(event, None, shown)], promise=True)
    if wrote["email"] and sender.letter != "none":
        # Where the code was shown, the letter carries none: mail is read by more eyes than one.
        payload = {"notice": ref} | ({"code": code} if sender.letter == "code" else {})
        outbox.enqueue(kind="notice-received", ref=ref, payload=payload, key_id=notifier_key)
    return Submitted(notice, code, receipt)


def _store_item(
    notice: Notice, position: int, said: ItemDraft, now: datetime, flagger: bool
) -> tuple[NoticeItem, Chain]:
    location, note = said.location.strip(), said.note.strip()
    item = NoticeItem(
        notice=notice, position=position, is_url=as_url(location) is not None, item_key=item_key(location)
    )
    chain = lookup.find(location)
    found = {"location": location, "chain": json.dumps(chain.to_json(), ensure_ascii=False)}
    sealed.put("item", item.ref, notice.items_key, found)
    sealed.put("item", item.ref, notice.notifier_key, {"note": note})
    item.case = _case_for(notice, location, bytes(item.item_key or b""), now, flagger)
    item.save(force_insert=True)
    return item, chain


def item_key(location: str) -> bytes:
    """32 bytes that are equal for two notices about one item, and mean nothing without the secret."""
    return hmac.digest(keys.named_secret("item-key"), normalised(location).encode("utf-8"), "sha256")


def _case_for(notice: Notice, location: str, key: bytes, now: datetime, flagger: bool) -> Case:
    """The open case about this item, made more urgent where this notice is; else a new one."""
    flags = PROBLEM_BY_SLUG[notice.problem].flags
    if notice.life_in_danger:
        flags |= {LIFE}
    wanted = priority(flags, trusted=flagger, source=notice.source_type)
    case = Case.objects.filter(item_key=key, state__in=OPEN_STATES).first()
    if case is None:
        previous = Case.objects.filter(item_key=key).order_by("-id").first()
        staff_involved = notice.staff_involved or (previous is not None and previous.staff_involved)
        subject_key = keys.new_key("subject")
        case = Case.objects.create(
            item_key=key,
            subject_key=subject_key,
            opened_at=now,
            due_at=case_due(now, wanted.level),
            level=wanted.level,
            reasons=list(wanted.reasons),
            problem=notice.problem,
            category=notice.category,
            staff_involved=staff_involved,
            previous=previous,
        )
        if previous is not None:
            # Whoever was kept out of what concerns this item stays out.
            for kept in previous.involved.filter(kind="involved"):
                CaseInvolved.objects.create(case=case, user_id=kept.user_id, kind="involved")
        sealed.put("case", case.ref, subject_key, {"location": location})
        return case
    case.version += 1
    if wanted.level < case.level:
        case.level, case.reasons = wanted.level, list(wanted.reasons)
        case.due_at = min(case.due_at, case_due(now, wanted.level))
    if notice.staff_involved and not case.staff_involved:
        case.staff_involved = True
        if case.state != "open":
            # Its holder may be the one it is about, or may not see it any more.
            case.state, case.claimed_by, case.claimed_at = step("case", case.state, "release"), None, None
    case.save()
    return case


def _answer_key(client_key: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=keys.named_secret("idempotency"), info=purpose).derive(
        client_key.encode("utf-8", "surrogatepass")
    )


def _digest(client_key: str, draft: NoticeDraft) -> bytes:
    # Under the client's key: a plain hash of a short notice could be guessed back.
    return hmac.digest(_answer_key(client_key, b"digest"), draft.digest(), "sha256")


def sent_before(client_key: str, draft: NoticeDraft) -> Submitted | None:
    """The answer that this key got within 24 hours, or None. Raises Conflict where it was for other words."""
    kept = Idempotency.objects.filter(
        mac=_answer_key(client_key, b"mac"), created_at__gt=timezone.now() - KEEP_ANSWER
    ).first()
    if kept is None:
        return None
    if not hmac.compare_digest(bytes(kept.digest), _digest(client_key, draft)):
        raise Conflict(
            _("This idempotency key was used with a different notice. Use a new key for a new notice.")
        )
    blob = bytes(kept.sealed_answer)
    try:
        text = AESGCM(_answer_key(client_key, b"seal")).decrypt(blob[:12], blob[12:], bytes(kept.mac))
    except InvalidTag as error:  # the row was altered: say nothing of it, and make no second notice
        raise Conflict(_("The answer to this key can no longer be read.")) from error
    answer = json.loads(text)
    notice = Notice.objects.get(ref=answer["notice"])
    return Submitted(notice, answer["code"], answer["receipt"], replayed=True)


def _remember(client_key: str, draft: NoticeDraft, submitted: Submitted) -> None:
    mac = _answer_key(client_key, b"mac")
    answer = {"notice": submitted.notice.ref, "code": submitted.code, "receipt": submitted.receipt}
    nonce = secrets.token_bytes(12)
    blob = nonce + AESGCM(_answer_key(client_key, b"seal")).encrypt(nonce, json.dumps(answer).encode(), mac)
    Idempotency.objects.update_or_create(
        mac=mac,
        defaults={"digest": _digest(client_key, draft), "sealed_answer": blob, "created_at": timezone.now()},
    )
