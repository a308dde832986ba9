"""Accounts: sign-in, roles and scopes, profile."""
