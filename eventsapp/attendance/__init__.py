"""Check-in, half-days, attendee lists and sign-in sheets."""
