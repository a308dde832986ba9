"""Read-only pages that join slices."""
