"""Pages of the minutes: editing, publishing, and the public reading of what is published."""
