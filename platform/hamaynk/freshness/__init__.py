"""Public pages kept until something changes that they are drawn from. Changes are seen in the SQL itself (ADR 0019)."""

from hamaynk.freshness.stamps import changed, remembered

__all__ = ["changed", "remembered"]
