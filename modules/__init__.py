"""Capabilities of a town hall, one folder each, all of one shape (README.md)."""
