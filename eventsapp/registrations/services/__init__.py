"""Every write on registrations, by noun."""
