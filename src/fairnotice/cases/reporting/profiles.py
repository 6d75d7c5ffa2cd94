"""Which rows apply to an operator: what cannot apply to it stays empty, what could have happened and did not
is 0."""

from __future__ import annotations

from fairnotice.harmonised import indicators
from fairnotice.law.words import gettext_noop

#: Profile -> what it is, in plain English. Micro and small enterprises owe no report (articles 15(2) and
#: 19); one that writes one all the same fills what a hosting service fills.
PROFILES: dict[str, str] = {
    "micro": gettext_noop("micro or small enterprise: no report is owed, one can be given all the same"),
    "hosting": gettext_noop("hosting service"),
    "platform": gettext_noop("online platform"),
    "vlop": gettext_noop("very large online platform"),
}
_OF = {
    indicators.ALL: ("micro", "hosting", "platform", "vlop"),
    indicators.HOSTING: ("micro", "hosting", "platform", "vlop"),
    indicators.PLATFORMS: ("platform", "vlop"),
    indicators.VLOP: ("vlop",),
    indicators.VLOP_VLOSE: ("vlop",),
}


def applies(applicability: str, profile: str) -> bool:
    """Whether a row with this first cell applies. Raises KeyError for a text that no template has."""
    return profile in _OF[applicability]
