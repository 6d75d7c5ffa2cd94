"""The service that reports are about. One installation looks after one service; its name stands in every
row."""

from __future__ import annotations

from django.conf import settings

from fairnotice.cases.errors import NotFound

MOST = 200


def service_name() -> str:
    """The setting `report_service`, otherwise the operator's name."""
    name: str = settings.FN_CONFIG.report_service or settings.FN_CONFIG.operator_name
    return name.strip()[:MOST]


def known() -> list[str]:
    """Every service that can be reported on."""
    return [service_name()]


def check_service(name: str) -> str:
    """The service with this name, however it is capitalised. Raises NotFound, naming those that there are."""
    for one in known():
        if one.casefold() == name.strip().casefold():
            return one
    names = ", ".join(f"“{one}”" for one in known())
    raise NotFound(
        f"There is no service of that name. Known: {names} (settings report_service, operator_name)."
    )


def profile() -> str:
    """What the operator is: one of `profiles.PROFILES`."""
    found: str = settings.FN_CONFIG.report_profile
    return found
