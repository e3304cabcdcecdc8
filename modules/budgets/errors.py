"""What an action of this module raises."""


class BudgetError(Exception):
    """An action that cannot be done as things stand; the text, in the reader's language, says why."""


class ChangedMeanwhile(BudgetError):
    """Somebody else saved after the figures were read that are to be written now."""
