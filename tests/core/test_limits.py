"""One address may ask so many times in a stretch of time, and the others are not kept waiting by it."""

from datetime import timedelta

from eventsapp.core import limits
from eventsapp.core.clock import now
from eventsapp.core.limits import Limit

TEN = timedelta(minutes=10)


def test_an_address_is_let_through_up_to_the_limit_then_again_later():
    limit, at = Limit(TEN), now()
    assert [limit.allows("192.0.2.1", 2, at=at) for _time in range(3)] == [True, True, False]
    assert limit.allows("192.0.2.2", 2, at=at)
    assert not limit.allows("192.0.2.1", 2, at=at + TEN - timedelta(seconds=1))
    assert limit.allows("192.0.2.1", 2, at=at + TEN)


def test_several_at_once_are_all_counted_or_none():
    limit, at = Limit(TEN), now()
    assert limit.allows("192.0.2.1", 10, at=at, count=7)
    assert not limit.allows("192.0.2.1", 10, at=at, count=4)
    assert limit.allows("192.0.2.1", 10, at=at, count=3)


def test_one_connection_of_ipv6_is_one_address():
    limit, at = Limit(TEN), now()
    assert limit.allows("2001:db8:1:2::1", 1, at=at)
    assert not limit.allows("2001:db8:1:2:ffff::9", 1, at=at)
    assert limit.allows("2001:db8:1:3::1", 1, at=at)


def test_nought_is_no_limit():
    limit = Limit(TEN)
    assert all(limit.allows("192.0.2.1", 0, at=now()) for _time in range(1000))


def test_each_thing_is_counted_for_itself():
    limit, at = Limit(TEN), now()
    assert limit.allows("192.0.2.1", 1, at=at, about="one")
    assert limit.allows("192.0.2.1", 1, at=at, about="another")
    assert not limit.allows("192.0.2.1", 1, at=at, about="one")


def test_room_is_told_without_counting():
    limit, at = Limit(TEN), now()
    assert all(limit.has_room("192.0.2.1", 1, at=at) for _time in range(3))
    limit.allows("192.0.2.1", 1, at=at)
    assert not limit.has_room("192.0.2.1", 1, at=at)
    assert limit.has_room("192.0.2.1", 1, at=at + TEN)
    assert limit.has_room("192.0.2.1", 0, at=at)


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(limits, "MOST_ADDRESSES", 3)
    limit, at = Limit(TEN), now()
    for number in range(10):
        limit.allows(f"192.0.2.{number}", 1, at=at)
    assert len(limit._seen) <= 3
    assert not limit.allows("192.0.2.9", 1, at=at)
