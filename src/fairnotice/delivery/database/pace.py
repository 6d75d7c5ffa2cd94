"""How fast the database is asked: its limits are 200 requests a second and 12,000 a minute for each user, and
we stay below them by ourselves. Counted by when each request begins, in any second and in any minute."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

#: A little less than allowed: our second and theirs do not begin together.
PER_SECOND = 180
PER_MINUTE = 11_400


class Pace:
    """Lets requests through at a bounded rate. `clock` gives seconds that never run backwards, `sleep` waits.
    One for a process; `delivery.database.sending` sees to it that only one process sends."""

    def __init__(
        self,
        per_second: int = PER_SECOND,
        per_minute: int = PER_MINUTE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._windows = ((1.0, per_second), (60.0, per_minute))
        self._clock, self._sleep = clock, sleep
        self._begun: deque[float] = deque(maxlen=per_minute)
        self._guard = threading.Lock()

    def wait(self) -> None:
        """Return as soon as one more request may begin."""
        with self._guard:
            while (left := self._left(self._clock())) > 0:
                self._sleep(left)
            self._begun.append(self._clock())

    def _left(self, now: float) -> float:
        """Seconds until every window has room for one more."""
        longest = 0.0
        for seconds, most in self._windows:
            if len(self._begun) >= most:
                longest = max(longest, self._begun[-most] + seconds - now)
        return longest
