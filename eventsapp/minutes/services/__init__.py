"""Every write of minutes."""
