"""Registrations from a file: its columns, what each line would become, and registering its people."""
