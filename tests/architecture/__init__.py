"""Rules of the house that no single file shows."""
