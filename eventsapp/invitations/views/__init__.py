"""Pages of invitations, by noun."""
