"""Measures the application under load. Every figure is a ratio to a floor taken in the same run, interleaved."""
