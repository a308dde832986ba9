"""How a meeting takes registrations: the rules that an organiser sets, and their page."""
