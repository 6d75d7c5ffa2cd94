"""The access log is forgotten after a while: it says what people at the desk did, and they have a right to
that, too."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from fairnotice.cases.models import Opened

#: So long a month is kept, in days.
MONTH = timedelta(days=30.5)


@transaction.atomic
def forget_openings(*, now: datetime) -> int:
    """Rows of the access log that are older than the months in the settings (at most twelve). Returns how
    many. Nobody relies on one of them, so there is no event. The database itself keeps the last three
    months, whatever `now` says."""
    gone, _of = Opened.objects.filter(at__lt=now - settings.FN_ACCESS_LOG_MONTHS * MONTH).delete()
    return gone
