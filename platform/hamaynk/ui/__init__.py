"""What all four surfaces look like: tokens, components, shells, formats."""
