"""The chart kit."""
