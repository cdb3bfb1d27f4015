"""How long the steps of an assessment take."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["STEPS", "Timings"]

STEPS = ("homes", "parts", "trenches", "clusters", "places", "depths", "pipes", "costs", "checks", "tables")
"""Steps of `assess`, in order."""


class Timings:
    """How long each step took [s], and who wants to be told when one begins."""

    def __init__(self, told: Callable[[str], None] | None = None) -> None:
        self.seconds: dict[str, float] = {}
        self._told = told

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time one step."""
        if self._told is not None:
            self._told(name)
        begin = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begin
