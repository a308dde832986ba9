"""Every write of invitations, by noun."""
