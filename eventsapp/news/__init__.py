"""Dated news."""
