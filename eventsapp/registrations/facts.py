"""What happened to a registration, told to the slices above. ``create_app`` lists who listens.

Sent inside the transaction that made it true.
"""

from __future__ import annotations

from blinker import Signal

# Somebody has a place: ``person_registered.send(registration, invitation_id=…, at=…)``;
# ``invitation_id`` names the personal invitation that was followed, or is None.
person_registered = Signal()

# Somebody came by this personal invitation to the meeting: ``invitation_followed.send(meeting_id, invitation_id=…)``.
# Whoever keeps invitations raises InvitationIsWithdrawn when it stands no more.
invitation_followed = Signal()

# This person does not come any more: ``registration_cancelled.send(registration, at=…)``. Somebody who passes the
# place on does not come, then somebody else does: both facts are sent, each while the registration says who.
registration_cancelled = Signal()

# Two registrations were one person's: ``registrations_merged.send(kept, other=…, at=…)``, before the other one ends.
# What a slice above keeps about the other is the kept one's from now on.
registrations_merged = Signal()
