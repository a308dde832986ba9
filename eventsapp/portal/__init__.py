"""Read-only pages that join slices: home, public meeting page, my space, organiser's desk."""
