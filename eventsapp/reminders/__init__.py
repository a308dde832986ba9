"""Reminder rules and the reminders that are due."""
