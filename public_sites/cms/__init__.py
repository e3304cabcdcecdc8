"""The content management system behind the public site: who edits, where, under which rules (docs/adr/0018)."""
