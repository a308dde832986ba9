"""Plain functions that store one valid thing, with everything a test does not mention filled in."""
