"""What happened to a meeting, told to the slices above. ``create_app`` lists who listens.

Sent as ``fact.send(meeting, by=…, at=…)`` inside the transaction that made it true.
"""

from __future__ import annotations

from blinker import Signal

# The date, the hours or the place of a published meeting changed; its revision has grown.
meeting_rescheduled = Signal()

# The meeting will not take place; ``meeting.cancellation_reason`` says why.
meeting_cancelled = Signal()
