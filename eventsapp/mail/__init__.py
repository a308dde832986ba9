"""Messages: a ledger row for each, sent by the worker."""
