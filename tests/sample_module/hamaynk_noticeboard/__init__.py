"""A notice board: the smallest module that has a table, a page, a permission and texts in three languages."""
