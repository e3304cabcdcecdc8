"""Armenian formats."""
