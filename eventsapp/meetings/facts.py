"""What happened to a meeting, told to the slices above. ``create_app`` lists who listens.

Sent as ``fact.send(meeting, by=…, at=…)`` inside the transaction that made it true.
"""

from __future__ import annotations

from blinker import Signal

# The date, the hours or the place of a published meeting changed, or it is postponed and its new date is to come:
# ``meeting.state`` tells which. Its revision has grown.
meeting_rescheduled = Signal()

# The meeting will not take place; ``meeting.cancellation_reason`` says why.
meeting_cancelled = Signal()

# Sessions were moved or taken out, or there are more or fewer places:
# ``programme_changed.send(meeting, moved=…, removed=…, by=…, at=…)``. ``moved`` are sessions with other hours or
# another room; ``removed`` are still there, so that what people asked of them can go first.
programme_changed = Signal()

# A draft copy exists: ``meeting_duplicated.send(copy, of=meeting, days=…)``; it is that many days later.
meeting_duplicated = Signal()
