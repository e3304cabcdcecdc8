"""Whether a process's main loop still turns: it strikes, and whoever asks sees how long ago."""

import time
from collections.abc import Callable

STALE_SECONDS = 60.0


class Pulse:
    """A loop calls `strike` as it turns; `fault` is "" while the last strike is fresh.

    `may_wait`: asked when it is stale. Where it says True, the loop rightly waits for something outside, such as a queue
    that is away: killing the process would not bring that back.
    """

    def __init__(
        self, *, may_wait: Callable[[], bool] = lambda: False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.may_wait = may_wait
        self._clock = clock
        self._struck = clock()

    def strike(self) -> None:
        """The loop turns."""
        self._struck = self._clock()

    def fault(self) -> str:
        """ "" while the loop turns, else one sentence."""
        silent = self._clock() - self._struck
        if silent <= STALE_SECONDS:
            return ""
        if self.may_wait():
            self.strike()  # it has its time again once what it waits for is back
            return ""
        return f"The main loop has not turned for {silent:.0f} seconds."
