"""Forms of the meetings slice, one module a noun."""
