"""Forms of the public and office pages, a file for each group of pages."""
