"""Which modules are installed: discovery by entry points, order by need, look-up by name.

The registry is a fact of the deployment, the same for every town; what a town has switched on is asked of the town.
"""

from collections.abc import Collection, Iterable, Iterator
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from hamaynk.contract.manifest import Manifest, ManifestError

GROUP = "hamaynk.modules"


class Registry:
    """Manifests in an order in which each stands after those it requires."""

    def __init__(self, manifests: Iterable[Manifest]) -> None:
        """Raises ManifestError for a doubled name, a missing requirement, a circle or an old address claimed by two."""
        by_name: dict[str, Manifest] = {}
        for manifest in sorted(manifests, key=lambda m: m.name):
            if manifest.name in by_name:
                raise ManifestError(f"two installed modules are called {manifest.name}")
            by_name[manifest.name] = manifest
        _refuse_shared_addresses(by_name.values())
        self._by_name = _in_order(by_name)

    def __iter__(self) -> Iterator[Manifest]:
        return iter(self._by_name.values())

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def get(self, name: str) -> Manifest:
        """The manifest called `name`; KeyError if none is installed."""
        return self._by_name[name]

    def names(self) -> list[str]:
        """All names, requirements first."""
        return list(self._by_name)

    def enabled(self, names: Collection[str]) -> list[Manifest]:
        """Those of the installed that a town with `names` switched on may use."""
        return [m for m in self if m.required or m.name in names]

    def defaults(self) -> list[str]:
        """Names that are on in a new town."""
        return [m.name for m in self if m.required or m.default_on]

    def permissions(self) -> dict[str, Any]:
        """Full code ("budgets.publish") -> title, over all modules."""
        return {f"{m.name}.{p.code}": p.title for m in self for p in m.permissions}

    def roles(self) -> dict[str, Any]:
        """Full code ("budgets.finance_officer") -> Role, over all modules."""
        return {f"{m.name}.{r.code}": r for m in self for r in m.roles}


def _refuse_shared_addresses(manifests: Iterable[Manifest]) -> None:
    """Which module answers an old address must not depend on the order in which modules are found."""
    claims = sorted((a.path.casefold(), m.name) for m in manifests for a in m.old_addresses)
    for path, name in claims:
        for other, owner in claims:
            if owner != name and (other == path or (path.endswith("/") and other.startswith(path))):
                raise ManifestError(f"modules {name} and {owner} both claim the old address {other}")


def _in_order(by_name: dict[str, Manifest]) -> dict[str, Manifest]:
    done: dict[str, Manifest] = {}
    waiting = dict(by_name)
    while waiting:
        ready = [m for m in waiting.values() if all(r in done for r in m.requires)]
        if not ready:
            missing = sorted({r for m in waiting.values() for r in m.requires} - set(by_name))
            stuck = ", ".join(sorted(waiting))
            raise ManifestError(
                f"modules {stuck} require what is not installed: {', '.join(missing)}"
                if missing
                else f"modules require one another in a circle: {stuck}"
            )
        for manifest in ready:
            done[manifest.name] = waiting.pop(manifest.name)
    return done


def _load(point: EntryPoint) -> Manifest:
    loaded = point.load()
    if not isinstance(loaded, Manifest):
        raise ManifestError(f"entry point {point.name} ({point.value}) is no Manifest")
    if loaded.name != point.name:
        raise ManifestError(f"entry point {point.name} holds the manifest of {loaded.name}")
    return loaded


@cache
def registry() -> Registry:
    """The installed modules, found once per process under the entry-point group `hamaynk.modules`."""
    return Registry(_load(point) for point in entry_points(group=GROUP))


def resolve(path: str) -> Any:
    """The object at "package.module:name"; ManifestError if it is not there."""
    module, _, name = path.partition(":")
    try:
        return getattr(import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise ManifestError(f"nothing at {path}: {error}") from error
