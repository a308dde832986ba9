"""What is told in advance is what the service then decides."""

from hypothesis import given
from hypothesis import strategies as st

from eventsapp.registrations.imports.forecast import Forecast, Room
from eventsapp.registrations.rules import Applicant, Quota, Shares

ELECTED, OTHER = Applicant(kind="elected"), Applicant()


class Workshop:
    def __init__(self, id_, title="Habitat"):
        self.id, self.title = id_, title


def outcomes(room, people, sessions=(), mode=""):
    forecast = Forecast(room)
    return [forecast.register(person, sessions, mode)[0] for person in people]


def test_places_go_one_by_one_then_people_wait():
    assert outcomes(Room(3, 1), [OTHER] * 3) == ["registered", "registered", "waiting"]


def test_without_a_waiting_list_the_next_are_refused():
    assert outcomes(Room(1, 0, has_waiting_list=False), [OTHER] * 2) == ["registered", "refused"]


def test_nobody_passes_those_who_wait():
    assert outcomes(Room(10, 5, has_queue=True), [OTHER]) == ["waiting"]


def test_reserved_places_are_for_their_group():
    quotas = (Quota("elus", "Élus", "kind", 2, "elected"),)
    room = Room(3, 0, quotas=quotas, shares=Shares({}, {}))
    assert outcomes(room, [OTHER, OTHER, ELECTED, ELECTED, ELECTED]) == [
        "registered",
        "waiting",
        "registered",
        "registered",
        "waiting",
    ]


def test_a_full_workshop_refuses_and_takes_no_place():
    full = Workshop(7)
    forecast = Forecast(Room(1, 0, workshops={7: 1, 8: None}))
    assert forecast.register(OTHER, [Workshop(7)], "")[0] == "registered"
    forecast = Forecast(Room(2, 0, workshops={7: 0}))
    outcome, reason = forecast.register(OTHER, [full], "")
    assert outcome == "refused"
    assert "Habitat" in str(reason)
    assert forecast.register(OTHER, [], "")[0] == "registered"


def test_a_full_workshop_with_a_waiting_list_is_waited_for():
    free, full = Workshop(7), Workshop(8, "Eau")
    forecast = Forecast(Room(2, 0, workshops={7: 1, 8: 0}, joins_waiting=True))
    outcome, reason = forecast.register(OTHER, [free, full], "")
    assert outcome == "queued"
    assert "Eau" in str(reason)
    assert "Habitat" not in str(reason)
    assert forecast.left == {7: 0, 8: 0}
    assert forecast.register(OTHER, [free, full], "")[0] == "queued"
    assert forecast.register(OTHER, [full], "")[0] == "waiting"  # the meeting itself is full


def test_those_who_wait_take_no_place_in_a_workshop():
    forecast = Forecast(Room(0, 0, workshops={7: 1}))
    assert forecast.register(OTHER, [Workshop(7)], "")[0] == "waiting"
    assert forecast.left == {7: 1}


def test_from_afar_there_is_always_room_but_no_workshop():
    room = Room(0, 0, attendance="both", workshops={7: 1})
    assert outcomes(room, [OTHER], mode="remote") == ["registered"]
    assert outcomes(room, [OTHER], [Workshop(7)], mode="remote") == ["refused"]


@given(
    capacity=st.integers(0, 12),
    taken=st.integers(0, 12),
    reserved=st.integers(0, 4),
    people=st.lists(st.booleans(), max_size=20),
)
def test_never_more_people_are_registered_than_there_are_places(capacity, taken, reserved, people):
    quotas = (Quota("elus", "Élus", "kind", reserved, "elected"),)
    room = Room(capacity, taken, quotas=quotas)
    found = outcomes(room, [ELECTED if one else OTHER for one in people])
    assert found.count("registered") <= max(0, capacity - taken)
