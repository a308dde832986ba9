"""Pages about registrations: the public form, the personal pages, the organisers' list."""
