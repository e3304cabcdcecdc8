"""Addresses of the site and of its office pages."""
