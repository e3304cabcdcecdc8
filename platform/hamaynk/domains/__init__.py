"""Domains of a town's own: asked for, proved by a DNS record, attached, made the main one, taken away."""
