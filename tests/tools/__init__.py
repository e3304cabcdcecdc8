"""The tools of the house do what they promise."""
