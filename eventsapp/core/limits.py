"""How often one address may ask for something: counted in this process, without the database.

A site that runs several processes allows as many times the number: enough against somebody who fills a meeting by
a script, and a whole authority behind one address is never kept out. A restart forgets.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from threading import Lock

MOST_ADDRESSES = 10_000  # remembered at once; the one unheard of for longest is forgotten first


class Limit:
    """At most so many requests of one address in a stretch of time."""

    def __init__(self, lasts: timedelta) -> None:
        self.lasts = lasts
        self._seen: OrderedDict[tuple[str, str], deque[datetime]] = OrderedDict()
        self._lock = Lock()

    def allows(self, address: str, most: int, *, at: datetime, count: int = 1, about: str = "") -> bool:
        """Count the requests and tell whether they are within ``most``; those refused do not count. 0: no limit.

        Those about one thing are not counted with those about another.
        """
        if most == 0:
            return True
        with self._lock:
            recent = self._recent((home_of(address), about), at)
            if len(recent) + count > most:
                return False
            recent.extend([at] * count)
            return True

    def has_room(self, address: str, most: int, *, at: datetime, about: str = "") -> bool:
        """Tell whether one more would be within ``most``; nothing is counted. 0: no limit."""
        with self._lock:
            return most == 0 or len(self._recent((home_of(address), about), at)) < most

    def _recent(self, address: tuple[str, str], at: datetime) -> deque[datetime]:
        recent = self._seen.setdefault(address, deque())
        self._seen.move_to_end(address)
        while recent and recent[0] <= at - self.lasts:
            recent.popleft()
        if len(self._seen) > MOST_ADDRESSES:
            self._seen.popitem(last=False)
        return recent


def home_of(address: str) -> str:
    """An IPv6 connection has 2**64 addresses of its own: it counts as one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(int(parsed) >> 64) if isinstance(parsed, IPv6Address) else address
