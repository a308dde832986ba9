"""The statistics of a meeting's registrations: what is counted, one module a subject."""
