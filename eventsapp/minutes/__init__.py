"""Minutes: agenda, interventions, decisions, actions, review, publication."""
