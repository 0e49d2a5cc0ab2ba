"""What never changes, kept in the process: frames by the ids of the runs they were made from. Never holds a scope."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Content = TypeVar("Content")


class Kept(Generic[Content]):
    """At most so many contents by key; the one not asked for longest goes first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._contents: OrderedDict[Hashable, Content] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Content]) -> Content:
        """The content of a key, made if it is not there. Two who ask at once may both make it: it is the same."""
        with self._lock:
            if key in self._contents:
                self._contents.move_to_end(key)
                return self._contents[key]
        made = make()
        with self._lock:
            self._contents[key] = made
            while len(self._contents) > self.most:
                self._contents.popitem(last=False)
        return made

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._contents.clear()
