"""One urlconf a surface, chosen by host."""
