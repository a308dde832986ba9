"""Registrations and places in workshops."""
