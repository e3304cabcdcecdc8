"""What an action of this module raises."""


class BudgetError(Exception):
    """An action that cannot be done as things stand; the text, in the reader's language, says why."""
