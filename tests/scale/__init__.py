"""Measurements with many towns: `make scale N=50`. They print figures and ratios; nothing here asserts a time."""
