"""Organisations, people, mandates, themes, charters and signatures."""
