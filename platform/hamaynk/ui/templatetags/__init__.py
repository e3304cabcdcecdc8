"""Template tags of the common dress."""
