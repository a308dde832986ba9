"""The questions a meeting adds to its registration form, and their answers."""
