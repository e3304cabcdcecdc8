"""The conformance suite: what every module owes its towns, ours or anybody's. Each check raises AssertionError with a sentence.

A module's own tests run it like this, with Django set up:

    @pytest.mark.parametrize("check", conformance_checks(manifest), ids=str)
    def test_conformance(check):
        check()
"""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.utils.functional import Promise

from hamaynk.contract.access import Access
from hamaynk.contract.contributions import Indicator, Permission, Role
from hamaynk.contract.manifest import Manifest, ManifestError
from hamaynk.contract.registry import GROUP, resolve
from hamaynk.contract.surfaces import Surface

LANGUAGES = ("hy", "ru")  # English is the source
PERIODS = ("month", "year")
PERSONAL_NAME = re.compile(
    r"(^|_)(e_?mail|phone|mobile|fax|full_name|first_name|last_name|surname|patronymic|passport|social_card|birth(day|_date)?)($|_)"
)
CODE = re.compile(r"^[a-z][a-z0-9_]*$")


@dataclass(frozen=True)
class Check:
    """One duty of one module, ready to be called."""

    name: str
    manifest: Manifest
    duty: Callable[[Manifest], None]

    def __call__(self) -> None:
        """Raises AssertionError where the module does not do its duty."""
        self.duty(self.manifest)

    def __str__(self) -> str:
        return f"{self.manifest.name}-{self.name}"


def conformance_checks(manifest: Manifest) -> Iterator[Check]:
    """All checks that need no database. `switching_is_idempotent` is called apart, inside one."""
    for duty in (
        manifest_stands_alone,
        dotted_paths_resolve,
        views_are_marked,
        names_stay_in_the_namespace,
        old_addresses_are_answered,
        files_lie_under_the_name,
        texts_in_three_languages,
        personal_data_is_declared,
        indicators_are_aggregates,
        declared_models_exist,
    ):
        yield Check(duty.__name__, manifest, duty)


# --- The manifest itself ---


def manifest_stands_alone(manifest: Manifest) -> None:
    """It loads with no Django configured, and imports the contract and the standard library only."""
    points = [point for point in entry_points(group=GROUP) if point.name == manifest.name]
    assert points, f"{manifest.name}: no entry point of that name in the group {GROUP}."
    module_loads_alone(points[0].value.partition(":")[0])


def module_loads_alone(module: str) -> None:
    """The same for a manifest's module by its dotted name."""
    spec = find_spec(module)
    assert spec is not None and spec.origin is not None, f"{module} is not to be found."  # noqa: PT018
    for node in ast.walk(ast.parse(Path(spec.origin).read_text(encoding="utf-8"))):
        for name in _imported(node):
            top = name.partition(".")[0]
            allowed = (
                name == "hamaynk.contract" or name.startswith("hamaynk.contract.") or top in sys.stdlib_module_names
            )
            assert allowed, f"{module} imports {name}; a manifest imports hamaynk.contract only."
    script = (
        f"import {module}\nfrom django.conf import settings\nfrom django.apps import apps\n"
        "assert not settings.configured, 'reads the settings'\nassert not apps.ready, 'starts Django'"
    )
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    last = done.stderr.strip().rpartition("\n")[2]
    assert done.returncode == 0, f"{module} does not load before Django is configured: {last}"


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return ["." * node.level + (node.module or "")] if node.level else [node.module or ""]
    return []


def dotted_paths_resolve(manifest: Manifest) -> None:
    """Everything that is named by a dotted path is there and can be called; the API is a router."""
    paths = [subscription.handler for subscription in manifest.subscriptions]
    paths += [item.task for item in manifest.schedule]
    paths += [figure.source for figure in manifest.home_figures]
    paths += [block.source for block in manifest.page_blocks]
    paths += [datasets.source for datasets in manifest.datasets]
    paths += [searched.source for searched in manifest.search_sources]
    paths += [part.source for part in (manifest.setup, manifest.demo) if part]
    for path in paths:
        assert callable(_resolved(manifest, path)), f"{manifest.name}: {path} cannot be called."
    if manifest.api:
        router = _resolved(manifest, manifest.api)
        assert hasattr(router, "path_operations"), f"{manifest.name}: {manifest.api} is no django-ninja router."
    for surface, urlconf in manifest.urls.items():
        try:
            import_module(urlconf)
        except ImportError as error:
            raise AssertionError(f"{manifest.name}: urlconf {urlconf} of {surface} does not load: {error}") from error


def _resolved(manifest: Manifest, path: str) -> Any:
    try:
        return resolve(path)
    except ManifestError as error:
        raise AssertionError(f"{manifest.name}: {error}") from error


# --- Pages ---


def views_are_marked(manifest: Manifest) -> None:
    """Every view says who may call it. In the office that is a permission of the module, in the API everybody."""
    own = {f"{manifest.name}.{permission.code}" for permission in manifest.permissions}
    for surface, urlconf in manifest.urls.items():
        for pattern in _patterns(import_module(urlconf).urlpatterns):
            access = getattr(pattern.callback, "access", None)
            where = f"{manifest.name}: view {_name_of(pattern.callback)} on {surface}"
            assert isinstance(access, Access), f"{where} carries no access mark; use @public or @permission_required."
            if surface == Surface.OFFICE:
                assert access.permission is not None, f"{where} is open to everybody; the office asks for a permission."
            known = access.permission is None or access.permission in own
            assert known, f"{where} asks for {access.permission}, which the manifest does not declare."
    if manifest.api:
        for operations in _resolved(manifest, manifest.api).path_operations.values():
            for operation in operations.operations:
                access = getattr(operation.view_func, "access", None)
                where = f"{manifest.name}: API operation {_name_of(operation.view_func)}"
                assert isinstance(access, Access), f"{where} carries no access mark."
                assert access.permission is None, f"{where} must be marked @public."


def _patterns(patterns: Any) -> Iterator[Any]:
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _patterns(pattern.url_patterns)
        else:
            yield pattern


def _name_of(view: Any) -> str:
    return f"{view.__module__}.{getattr(view, '__qualname__', type(view).__name__)}"


def names_stay_in_the_namespace(manifest: Manifest) -> None:
    """URL names in the manifest are the module's own, and their pages exist on the surface they are shown on."""
    shown = [(entry.surface, entry.url_name) for entry in manifest.navigation]
    shown += [(Surface.SITE, task.url_name) for task in manifest.home_tasks]
    shown += [(Surface.SITE, address.url_name) for address in manifest.old_addresses]
    for surface, url_name in shown:
        namespace, _, name = url_name.partition(":")
        assert namespace == manifest.name, f"{manifest.name}: {url_name} lies outside its namespace {manifest.name}:"
        assert surface in manifest.urls, f"{manifest.name}: {url_name} is shown on {surface}, where it has no pages."
        names = {pattern.name for pattern in _patterns(import_module(manifest.urls[surface]).urlpatterns)}
        assert name in names, f"{manifest.name}: there is no page {url_name} on {surface}."
    for urlconf in manifest.urls.values():
        given = getattr(import_module(urlconf), "app_name", manifest.name)
        assert given == manifest.name, f"{manifest.name}: {urlconf} names itself {given}."


def old_addresses_are_answered(manifest: Manifest) -> None:
    """The town's site answers each, for this module, so that the gate closes it with the module; no page lies over it."""
    from django.conf import settings
    from django.urls import Resolver404
    from django.urls import resolve as resolve_path

    for address in manifest.old_addresses:
        where = f"{manifest.name}: the old address {address.path}"
        try:
            match = resolve_path(f"/{address.path}", urlconf=settings.SURFACE_URLCONFS[Surface.SITE])
        except Resolver404:
            raise AssertionError(f"{where} is not answered.") from None
        assert match.kwargs.get("address") == address, f"{where} is answered by another page, {match.view_name}."
        assert match.namespaces[-1:] == [manifest.name], f"{where} does not belong to the module."
        _resolvable(where, address.url_name)


def _resolvable(where: str, url_name: str) -> None:
    from django.conf import settings
    from django.urls import NoReverseMatch, reverse

    try:
        reverse(url_name, urlconf=settings.SURFACE_URLCONFS[Surface.SITE])
    except NoReverseMatch as error:
        raise AssertionError(f"{where} leads to no page: {error}") from error


def files_lie_under_the_name(manifest: Manifest) -> None:
    """Templates and static files of all modules share one name space each: everything lies below the module's name."""
    home = Path(_config(manifest).path)
    for folder in ("templates", "static"):
        for path in sorted((home / folder).glob("*")) if (home / folder).is_dir() else []:
            assert path.name == manifest.name, (
                f"{manifest.name}: {folder}/{path.name} lies outside {folder}/{manifest.name}/."
            )


def _config(manifest: Manifest) -> Any:
    from django.apps import apps

    wanted = manifest.app
    for config in apps.get_app_configs():
        if wanted in (config.name, f"{type(config).__module__}.{type(config).__name__}"):
            return config
    raise AssertionError(f"{manifest.name}: the application {wanted} is not installed.")


# --- Texts ---


def texts_in_three_languages(manifest: Manifest) -> None:
    """Every text of the manifest is marked for translation and stands in the Armenian and the Russian catalogue."""
    from django.utils.translation import override, trans_real

    for text in _texts(manifest):
        assert isinstance(text, Promise), f"{manifest.name}: {text!r} is not marked for translation."
        with override(None):
            source = str(text)
        for language in LANGUAGES:
            known = trans_real.translation(language)._catalog  # type: ignore[attr-defined]
            assert source in known, f"{manifest.name}: {source!r} is not in the catalogue {language} (compiled?)."


def _texts(manifest: Manifest) -> list[Any]:
    texts = [manifest.title, manifest.summary]
    texts += [entry.label for entry in manifest.navigation]
    titled: tuple[Permission | Role | Indicator, ...] = (*manifest.permissions, *manifest.roles, *manifest.indicators)
    texts += [item.title for item in titled]
    for task in manifest.home_tasks:
        texts += [task.label, task.hint]
    for source in manifest.search_sources:
        texts += [source.label, *[label for _code, label in source.kinds]]
    for data in manifest.personal_data:
        texts += [data.purpose, data.retention]
    return texts


# --- Data ---


def personal_data_is_declared(manifest: Manifest) -> None:
    """A field that points to a user, holds an e-mail address or is called like personal data is declared with its purpose."""
    declared: dict[str, set[str]] = {}
    for data in manifest.personal_data:
        declared.setdefault(data.model, set()).update(data.fields)
    for model in _config(manifest).get_models():
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            told = field.name in declared.get(model._meta.label, ())
            assert told or not _is_personal(field), (
                f"{manifest.name}: {model._meta.label}.{field.name} holds personal data; declare it in personal_data."
            )


def _is_personal(field: Any) -> bool:
    from django.contrib.auth import get_user_model
    from django.db import models

    if field.remote_field is not None:
        return field.remote_field.model is get_user_model()
    return isinstance(field, models.EmailField) or PERSONAL_NAME.search(field.name) is not None


def declared_models_exist(manifest: Manifest) -> None:
    """Models and fields that the manifest names are there, and are the module's own."""
    own = {model._meta.label: model for model in _config(manifest).get_models()}
    for data in manifest.personal_data:
        assert data.model in own, f"{manifest.name}: personal_data names {data.model}, which is no model of the module."
        fields = {field.name for field in own[data.model]._meta.get_fields()}
        for name in data.fields:
            assert name in fields, f"{manifest.name}: {data.model} has no field {name}, which personal_data names."
    for label in manifest.append_only:
        assert label in own, f"{manifest.name}: append_only names {label}, which is no model of the module."


def indicators_are_aggregates(manifest: Manifest) -> None:
    """What leaves the town is a number of a month or a year, with a unit; nothing that could name a person."""
    for indicator in manifest.indicators:
        where = f"{manifest.name}: indicator {indicator.code!r}"
        assert CODE.match(indicator.code), f"{where}: small letters, digits and underscores only."
        assert not PERSONAL_NAME.search(indicator.code), f"{where} is called like personal data."
        assert indicator.unit.strip(), f"{where} has no unit."
        assert indicator.period in PERIODS, (
            f"{where} has the period {indicator.period!r}; {' or '.join(PERIODS)} it must be."
        )


# --- Open data, inside a town ---


def datasets_bear_the_name(manifest: Manifest) -> None:
    """What the module gives to the catalogue are datasets, each named after the module, so that no two modules meet."""
    from hamaynk.opendata import Dataset

    for declared in manifest.datasets:
        for dataset in _resolved(manifest, declared.source)():
            assert isinstance(dataset, Dataset), (
                f"{manifest.name}: {declared.source} gives something else than datasets."
            )
            assert dataset.code.startswith(f"{manifest.name}-"), (
                f"{manifest.name}: the dataset {dataset.code} is not named after the module."
            )


# --- Switching, inside a town ---


def switching_is_idempotent(
    manifest: Manifest, *, enable: Callable[[], bool], disable: Callable[[], bool], is_on: Callable[[], bool]
) -> None:
    """On twice is on, off twice is off, and the second time nothing changes. `enable` and `disable` tell if they did."""
    for first_wish, wanted in ((enable, True), (disable, False), (enable, True)):
        first_wish()
        assert is_on() is wanted, f"{manifest.name}: switched {'on' if wanted else 'off'}, it is not."
        assert first_wish() is False, f"{manifest.name}: switching the second time changed something."
        assert is_on() is wanted, f"{manifest.name}: the second time undid the first."
