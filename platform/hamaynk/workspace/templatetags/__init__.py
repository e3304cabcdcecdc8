"""Template tags of the office shell."""
