"""Who goes to which workshop: ranked wishes in, the best allocation out. Plain values, no database (ADR 0009)."""
