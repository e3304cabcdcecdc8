"""Texts in files that spreadsheets open."""


def safe_cell(value: str) -> str:
    """Text that no spreadsheet takes for a formula: a quote before a leading =, +, -, @, tab or line break."""
    return "'" + value if value and value[0] in "=+-@\t\r\n" else value
