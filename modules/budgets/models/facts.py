"""The grain of every fact of the budget: line x settlement x treasury account x part (and a month)."""

from django.db import models
from django.db.models import Q

from modules.budgets.ledger import Key
from modules.budgets.models.kinds import Part, Side

GRAIN = ("side", "code", "economic", "settlement", "account", "part")


class Fact(models.Model):
    """What a plan amount, a posting and a published figure have in common.

    code: line of the side's classification (revenue, function, financing). economic: line of the economic
    classification, expenditure only. settlement "" is the whole community, account "" no account of its own.
    """

    side = models.CharField(max_length=16, choices=Side)
    code = models.CharField(max_length=20)
    economic = models.CharField(max_length=20, blank=True)
    settlement = models.CharField(max_length=100, blank=True)
    account = models.CharField(max_length=20, blank=True)
    part = models.CharField(max_length=16, choices=Part)

    class Meta:
        abstract = True

    @property
    def key(self) -> Key:
        """The grain as a value, without its side."""
        return Key(self.code, self.economic, self.settlement, self.account, self.part)


def grain_constraints(name: str) -> list[models.BaseConstraint]:
    """Checks that every table of facts bears; `name` tells them apart."""
    return [
        models.CheckConstraint(condition=Q(side__in=Side.values), name=f"budgets_{name}_side_valid"),
        models.CheckConstraint(condition=Q(part__in=Part.values), name=f"budgets_{name}_part_valid"),
        models.CheckConstraint(condition=~Q(code=""), name=f"budgets_{name}_has_code"),
        models.CheckConstraint(
            condition=Q(side=Side.EXPENDITURE) | Q(economic=""), name=f"budgets_{name}_economic_spends"
        ),
    ]
