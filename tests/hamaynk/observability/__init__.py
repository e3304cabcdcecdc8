"""Figures, signs of life, log lines and traces of the processes."""
