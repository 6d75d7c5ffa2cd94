"""A threat to somebody's life or safety (DSA article 18): the words for what was done. Standard library only.

The article asks a hosting service that learns of something giving rise to a suspicion of a criminal offence
involving a threat to life or safety to inform the authorities of the Member State concerned at once. This
program alerts a person; who tells the authority, and what, is that person, outside of it.
"""

from __future__ import annotations

from fairnotice.law.words import gettext_noop

#: To what kind of authority it was passed on.
AUTHORITIES: dict[str, str] = {
    "emergency-number": gettext_noop("the emergency number (112 or another)"),
    "police": gettext_noop("the police"),
    "police-elsewhere": gettext_noop("the police of another country"),
    "europol": gettext_noop("Europol (article 18(2): where the country is not known)"),
    "child-protection": gettext_noop("an authority for the protection of children"),
    "other": gettext_noop("another authority"),
}

#: By what an alert can go out.
CHANNELS: dict[str, str] = {
    "mail": gettext_noop("e-mail"),
    "webhook": gettext_noop("webhook"),
    "command": gettext_noop("program"),
}
#: What a webhook is told.
EVENT = "emergency.waiting"
