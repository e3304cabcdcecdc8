"""Composition root: settings, URLs and entry points. The only place that knows everybody."""
