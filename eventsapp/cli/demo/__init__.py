"""Demonstration data: facts from public sources, and beside them invented data that say so."""
