"""Letters to residents who asked for them: news, announcements, decisions, events, works in their street (R40)."""
