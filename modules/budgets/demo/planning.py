"""The adopted budget of a made-up year, in whole drams: balanced over the year, as a whole and in each part."""

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count

from modules.budgets.demo.numbers import allocate, between, pick, rounded
from modules.budgets.demo.profiles import (
    Line,
    expenditure_lines,
    financing_sources,
    named_settlements,
    revenue_lines,
    seasons,
)
from modules.budgets.demo.values import ADMINISTRATIVE, EXPENDITURE, FINANCING, FUND, REVENUE, Key

SIDES = (REVENUE, EXPENDITURE, FINANCING)
UNIT = 100  # plans are made in tenths of a thousand drams
ANCHOR = 2025  # the year whose revenue an inhabitant is drawn; the others follow by growth
PER_INHABITANT = (78_000, 96_000)  # drams of revenue in that year
GROWTH = (1041, 1089)  # thousandths of the year before
# Inhabitants below which the equalisation grant is that many thousandths of revenue: the smaller, the more.
GRANT = ((5_000, 550, 600), (25_000, 460, 550), (60_000, 360, 440))
GRANT_OF_A_CITY = (220, 300)
FUND_REVENUE = (80, 120)  # thousandths of revenue
TRANSFER = (50, 90)  # of administrative revenue to the fund part
RESERVE = (25, 40)  # of administrative revenue, kept for decisions of the council
LAND_SALE = (30, 120)  # of the fund part's revenue
FIRST_SETTLEMENT = (62, 70)  # percent of a line that repeats by settlement
PADDING = 3  # weight of a line that is there to make a budget long


@dataclass(kw_only=True)
class Draft:
    """A budget while it is made. flows: twelve numbers of drams a key; roles and seasons as the profile gives them."""

    town: str
    year: int
    revenue: int
    flows: dict[Key, list[int]] = field(default_factory=dict)
    roles: dict[Key, str] = field(default_factory=dict)
    seasons: dict[Key, tuple[int, ...]] = field(default_factory=dict)

    def put(self, key: Key, line_role: str, season: tuple[int, ...], amount: int) -> None:
        """Plans `amount` drams of the year, spread over the months by the season."""
        self.roles[key], self.seasons[key] = line_role, season
        self.flows[key] = allocate(amount, season, UNIT)

    def known(self, key: Key, line_role: str, season: tuple[int, ...]) -> None:
        """A line without a plan."""
        self.roles[key], self.seasons[key] = line_role, season

    def having(self, side: str, role: str) -> list[Key]:
        """Keys of a side with that role, in the order of the form."""
        return [key for key, its in self.roles.items() if its == role and key.side == side]

    def total(self, side: str, part: str) -> int:
        """Drams planned on a side in a part."""
        return sum(sum(flow) for key, flow in self.flows.items() if key.side == side and key.part == part)


def revenue_of(town: str, inhabitants: int, year: int) -> int:
    """Planned revenue of the year in drams, without the transfer between the parts; grows 4 to 9 percent a year."""
    amount = between(*PER_INHABITANT, town, "revenue")
    for passed in range(ANCHOR + 1, year + 1):
        amount = amount * between(*GROWTH, town, passed, "growth") // 1000
    for ahead in range(ANCHOR, year, -1):
        amount = amount * 1000 // between(*GROWTH, town, ahead, "growth")
    return rounded(amount * inhabitants, 1000)


def adopted(town: str, inhabitants: int, year: int, lines: int | None) -> Draft:
    """The budget as adopted. lines: so many items of revenue and as many of expenditure; None as the profile has them."""
    draft = Draft(town=town, year=year, revenue=revenue_of(town, inhabitants, year))
    _plan_revenue(draft, inhabitants, lines)
    own = {part: draft.total(REVENUE, part) for part in (ADMINISTRATIVE, FUND)}
    words = (town, year)
    transfer = rounded(own[ADMINISTRATIVE] * between(*TRANSFER, *words, "transfer") // 1000, UNIT)
    for line in revenue_lines(year):
        if line.role == "transfer":
            draft.put(_key(REVENUE, line), line.role, line.season, transfer)
    _plan_financing(draft, own)
    reserve = rounded(own[ADMINISTRATIVE] * between(*RESERVE, *words, "reserve") // 1000, UNIT)
    land = rounded(own[FUND] * between(*LAND_SALE, *words, "land") // 1000, UNIT)
    _plan_expenditure(draft, {"transfer": transfer, "reserve": reserve, "land_sale": -land}, lines)
    return draft


def settlements_of(town: str) -> tuple[str, ...]:
    """Settlements of a town, the largest first; empty where it is one. Half of the unknown towns have three or four."""
    if named := named_settlements(town):
        return named
    number = pick(2, town, "settled") * between(3, 4, town, "settlements")
    return tuple(_numbered(index + 1) for index in range(number))


def in_order(draft: Draft) -> list[Key]:
    """All keys in the order of the form: revenue, expenditure, financing."""
    return sorted(draft.roles, key=lambda key: SIDES.index(key.side))


def _plan_revenue(draft: Draft, inhabitants: int, lines: int | None) -> None:
    """The grant by the town's size, the fund part, and the rest by the weights of the lines; the transfer comes later."""
    words = (draft.town, draft.year)
    grant = rounded(draft.revenue * _grant(draft.town, inhabitants) // 1000, UNIT)
    fund = rounded(draft.revenue * between(*FUND_REVENUE, *words, "fund") // 1000, UNIT)
    weighted: dict[str, list[tuple[Key, Line, int]]] = {ADMINISTRATIVE: [], FUND: []}
    for key, line, weight in _revenue_cells(draft, lines):
        if line.role in ("unplanned", "transfer"):
            draft.known(key, line.role, line.season)
        elif line.role == "equalisation":
            draft.put(key, line.role, line.season, grant)
        else:
            weighted[line.part].append((key, line, weight))
            draft.known(key, line.role, line.season)  # keeps its place in the order of the form
    _share(draft, weighted[ADMINISTRATIVE], draft.revenue - grant - fund)
    _share(draft, weighted[FUND], fund)


def _plan_financing(draft: Draft, own: dict[str, int]) -> None:
    for source in financing_sources():
        key = Key(side=FINANCING, code=source.code, economic="", settlement="", account="", part=source.part)
        words = (draft.town, source.code)
        if source.role == "closing":
            draft.known(key, source.role, source.season)
        elif source.role != "loan" or not pick(3, *words):
            share = between(source.least, source.most, *words, draft.year)
            draft.put(key, source.role, source.season, rounded(own[source.part] * share // 1000, UNIT))


def _plan_expenditure(draft: Draft, fixed: dict[str, int], lines: int | None) -> None:
    """Spends in each part what its revenue and its financing leave after the amounts fixed by role."""
    weighted: dict[str, list[tuple[Key, Line, int]]] = {ADMINISTRATIVE: [], FUND: []}
    for line in _expenditure_cells(lines):
        key = _key(EXPENDITURE, line)
        draft.known(key, line.role, line.season)
        if line.role in fixed:
            draft.put(key, line.role, line.season, fixed[line.role])
        else:
            weighted[line.part].append((key, line, line.weight))
    for part, cells in weighted.items():
        left = draft.total(REVENUE, part) + draft.total(FINANCING, part) - draft.total(EXPENDITURE, part)
        _share(draft, cells, left)


def _revenue_cells(draft: Draft, lines: int | None) -> list[tuple[Key, Line, int]]:
    """Key, line and weight: once, or once a settlement; padded with further settlements to `lines` planned items."""
    cells: list[tuple[Key, Line, int]] = []
    settlements = settlements_of(draft.town)
    for line in revenue_lines(draft.year):
        if not (line.settled and settlements):
            cells.append((_key(REVENUE, line), line, line.weight * 1000))
            continue
        weights = _by_settlement(draft.town, line, len(settlements))
        for name, weight in zip(settlements, weights, strict=True):
            cells.append((_key(REVENUE, line, name, _account(draft.town, name, line.code)), line, weight))
    if lines is not None:
        wanted = lines + sum(line.role == "unplanned" for _, line, _ in cells)
        cells += _padding(draft, wanted - len(cells), lines)
    return cells


def _padding(draft: Draft, missing: int, lines: int) -> list[tuple[Key, Line, int]]:
    """So many more items: plain administrative lines once more for settlements with numbers."""
    _refuse_short(missing, lines)
    plain = [line for line in revenue_lines(draft.year) if line.part == ADMINISTRATIVE and not line.role]
    cells: list[tuple[Key, Line, int]] = []
    for number in count(101):
        for line in plain:
            if len(cells) >= missing:
                return cells
            name = _numbered(number)
            cells.append((_key(REVENUE, line, name, _account(draft.town, name, line.code)), line, line.weight * 20))
    raise AssertionError("count() has no end")


@lru_cache(maxsize=8)
def _expenditure_cells(lines: int | None) -> tuple[Line, ...]:
    """The profile's pairs; to reach `lines`, its functions are crossed with its economic items."""
    cells = list(expenditure_lines())
    if lines is None:
        return tuple(cells)
    _refuse_short(lines - len(cells), lines)
    present = {(line.code, line.economic, line.part) for line in cells}
    plain = [line for line in cells if line.part == ADMINISTRATIVE and line.role not in ("reserve", "transfer")]
    codes, items = (list(dict.fromkeys(getattr(line, name) for line in plain)) for name in ("code", "economic"))
    for item in items:
        for code in codes:
            if len(cells) >= lines:
                return tuple(cells)
            if (code, item, ADMINISTRATIVE) not in present:
                cells.append(_pad_line(code, item))
    if len(cells) < lines:
        raise ValueError(f"the profile gives at most {len(cells)} lines of expenditure")
    return tuple(cells)


def _pad_line(code: str, economic: str) -> Line:
    return Line(
        code=code, economic=economic, part=ADMINISTRATIVE, weight=PADDING, season=seasons()["quarters"],
        trend=0, role="", settled=False,
    )  # fmt: skip


def _refuse_short(missing: int, lines: int) -> None:
    if missing < 0:
        raise ValueError(f"{lines} lines are fewer than the profile has")


def _share(draft: Draft, cells: list[tuple[Key, Line, int]], amount: int) -> None:
    """Plans `amount` over `cells` by weight, which differs by town and year and grows with its trend."""
    weights = [weight * _wobble(draft, key, line) for key, line, weight in cells]
    for (key, line, _), part in zip(cells, allocate(amount, weights, UNIT), strict=True):
        draft.put(key, line.role, line.season, part)


def _wobble(draft: Draft, key: Key, line: Line) -> int:
    """A factor: by town a quarter up or down; by year a few percent, in the fund part more, for works come and go."""
    words = (draft.town, key.code, key.economic, key.settlement, key.part)
    of_year = between(45, 155, *words, draft.year) if key.part == FUND else between(96, 104, *words, draft.year)
    grown = max(20, 100 + line.trend * (draft.year - ANCHOR))
    return between(75, 125, *words) * of_year * grown


def _grant(town: str, inhabitants: int) -> int:
    """Thousandths of revenue that are the equalisation grant."""
    for below, least, most in GRANT:
        if inhabitants < below:
            return between(least, most, town, "grant")
    return between(*GRANT_OF_A_CITY, town, "grant")


def _by_settlement(town: str, line: Line, number: int) -> list[int]:
    """The weight of a line, in thousandths, on so many settlements."""
    first = between(*FIRST_SETTLEMENT, town, line.code)
    others = [between(80, 120, town, line.code, index) for index in range(number - 1)]
    return [line.weight * 10 * first, *allocate(line.weight * 10 * (100 - first), others)]


def _account(town: str, settlement: str, code: str) -> str:
    """An invented treasury account: twelve digits, the first three as treasury accounts have them."""
    return f"900{pick(10**9, town, settlement, code, 'account'):09d}"


def _numbered(number: int) -> str:
    return named_settlements("")[0].format(number=number)


def _key(side: str, line: Line, settlement: str = "", account: str = "") -> Key:
    return Key(
        side=side, code=line.code, economic=line.economic, settlement=settlement, account=account, part=line.part
    )
