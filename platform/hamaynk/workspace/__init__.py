"""The office shell: layout, navigation, first page, staff."""
