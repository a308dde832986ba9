"""Campaigns, personal invitations and their answers."""
