"""Reading budget files: text to figures and problems, no database. `actions` decides what becomes of them."""
