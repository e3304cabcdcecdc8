"""Which towns are compared: those that stand, with the module whose figures are compared switched on."""

from tenants.routing import Town, table

BUDGETS = "budgets"


def standing_towns(module: str = BUDGETS) -> dict[str, Town]:
    """Slug -> town, by slug, from memory. An archived or removed town is out, and one that switched the module off.

    A suspended town stays in: its site is closed for a while, what it published stands.
    """
    return {town.slug: town for town in table.known_towns() if module in town.modules}
