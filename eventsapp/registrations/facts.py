"""What happened to a registration, told to the slices above. ``create_app`` lists who listens.

Sent inside the transaction that made it true.
"""

from __future__ import annotations

from blinker import Signal

# Somebody has a place: ``person_registered.send(registration, invitation_id=…, at=…)``;
# ``invitation_id`` names the personal invitation that was followed, or is None.
person_registered = Signal()

# The place is free again: ``registration_cancelled.send(registration, at=…)``.
registration_cancelled = Signal()
