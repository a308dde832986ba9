"""What a person asks for besides saying who they are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Choices:
    """Workshops and way of attending. ``session_ids``: a place in each, now; ``waiting_ids``: a rank in the
    waiting list of each; ``wishes``: for each slot the workshops wished for, the best first.
    """

    session_ids: tuple[int, ...] = ()
    waiting_ids: tuple[int, ...] = ()
    wishes: tuple[tuple[int, ...], ...] = ()
    mode: str = ""  # not asked: the only way there is, or on site
    access_code: str = ""

    @property
    def other_ids(self) -> tuple[int, ...]:
        """The workshops in which nothing is held yet: they may overlap."""
        return (*self.waiting_ids, *(wished for slot in self.wishes for wished in slot))


NO_CHOICE = Choices()
