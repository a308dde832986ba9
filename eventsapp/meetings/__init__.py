"""Series, meetings, sessions, speakers and documents."""
