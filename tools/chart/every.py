"""All rules in one list, and what they must know of our code."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.chart import network, processes, references, rules
from tools.chart.manifests import Render

Rule = Callable[[Render], Iterator[str]]
PLAIN: tuple[Rule, ...] = (
    *(rules.probes, rules.resources, rules.restricted, rules.mounts, rules.images, rules.singles),
    *(rules.selectors, rules.disruptions, rules.scaling, rules.jobs_end, rules.names),
    *(references.exists, references.hooks_find_theirs, references.backends),
    *(network.everything_is_closed, network.nothing_is_wide_open, network.selectors_find_pods, network.needs_are_met),
    *(processes.variables_are_known, processes.owner_credentials, processes.secrets_are_files, processes.phases),
    processes.narrowed_after_all,
)


@dataclass(frozen=True)
class Facts:
    """What the code says, which the chart must not contradict."""

    task_limit: int
    key_prefix: str
    queues: frozenset[str]

    @classmethod
    def of(cls, root: Path) -> "Facts":
        """Read from the source, without starting it."""
        return cls(
            int(processes.constant(root, "CELERY_TASK_TIME_LIMIT")),
            processes.key_prefix(root),
            frozenset(processes.queues_used(root)),
        )


def faults(render: Render, facts: Facts, *, mirror: str = "") -> Iterator[str]:
    """One line for each fault. `mirror`: the one registry that all images must come from."""
    for rule in PLAIN:
        yield from rule(render)
    yield from processes.time_to_end(render, facts.task_limit)
    yield from processes.queues(render, facts.key_prefix, facts.queues)
    if mirror:
        yield from rules.one_registry(render, mirror)
    if not render.is_upgrade:  # an upgrade names less
        yield from references.given_is_used(render)
