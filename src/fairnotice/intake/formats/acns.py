"""ACNS 2.0, the Automated Copyright Notice System: one `Infringement` in XML about a copied work.

The XML comes alone, or in a letter between the lines "Start ACNS XML" and "End ACNS XML". Its place is the
address of a page where it names one, else the address of a machine, the port and the moment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from fairnotice.cases.drafts import MAX_NAME, MAX_NOTE, ItemDraft, NoticeDraft, check_email
from fairnotice.intake import report_facts
from fairnotice.intake.formats.xml import Element, parse
from fairnotice.intake.unreadable import Unreadable

_MARKED = re.compile(rb"-+ *Start ACNS XML *-*\r?\n(.*?)(?:- )?-+ *End ACNS XML", re.DOTALL)
_ROOT = re.compile(rb"<(?:[A-Za-z0-9]+:)?Infringement[\s/>]")
_MOST_TITLES = 50


class Acns:
    """The plug-in."""

    name = "acns"

    def sniff(self, raw: bytes, content_type: str) -> bool:
        """By its root element near the beginning, or by the two lines around it."""
        return _ROOT.search(raw[:4000]) is not None or b"Start ACNS XML" in raw

    def read(self, raw: bytes) -> Iterable[NoticeDraft]:
        """One notice. Raises Unreadable."""
        marked = _MARKED.search(raw)
        root = parse((marked[1] if marked else raw).strip())
        if root.name != "Infringement":
            raise Unreadable("The outermost element of an ACNS notice is Infringement.")
        return [_draft(root)]


FORMAT = Acns()


def _draft(root: Element) -> NoticeDraft:
    source, complainant = root.child("Source"), root.child("Complainant")
    moment, address = source.text("TimeStamp"), source.text("IP_Address")
    page = source.text("URL")
    place = page or address
    if not place:
        raise Unreadable("The notice names neither an address nor a page.", "/Infringement/Source")
    # Who used an address is a question of the moment and the port.
    said = [("Address", address if page else ""), ("Port", source.text("Port")), ("Seen at", moment)]
    said.append(("Protocol", source.text("Type") or source.child("Deja_Vu").text("Type")))
    return NoticeDraft(
        items=[ItemDraft(place, "; ".join(f"{name}: {text}" for name, text in said if text)[:MAX_NOTE])],
        problem="copyright",
        why="\n".join(_why(root, complainant, moment)),
        name=complainant.text("Entity")[:MAX_NAME],
        email=_email(complainant),
        source_type="SOURCE_TYPE_OTHER_NOTIFICATION",
        report=report_facts.facts("acns", "copyright", id=root.child("Case").text("ID"), seen_at=moment),
    )


def _why(root: Element, complainant: Element, moment: str) -> Iterable[str]:
    yield f"A program reports the copy of a work{f', seen at {moment}' if moment else ''}."
    if entity := complainant.text("Entity"):
        yield f"On behalf of: {entity}"
    for item in list(root.child("Content").children("Item"))[:_MOST_TITLES]:
        parts = [item.text("Title"), item.text("FileName"), item.text("Hash")]
        if said := ", ".join(part for part in parts if part):
            yield f"Work: {said}"


def _email(complainant: Element) -> str:
    found = complainant.text("Email")
    return found if check_email(found) else ""
