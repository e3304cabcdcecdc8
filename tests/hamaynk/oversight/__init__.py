"""The ministry."""
