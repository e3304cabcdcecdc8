"""What one operation of a migration may do while code serves. Used by `tools.migration_rules`, which says what for.

Neither squawk nor django-migration-linter fits: both read SQL that only a running database compiles, so neither sees a
default that stands in Python, a RunPython, the phase, or in which schemas an application stands.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    RemoveIndexConcurrently,
    ValidateConstraint,
)
from django.db import connection, models
from django.db.migrations import Migration
from django.db.migrations import operations as ops
from django.db.migrations.state import ProjectState
from django.db.models.expressions import Value
from django.db.models.functions import Now

from tenants.migration_operations import AddIndexOnline
from tenants.names import PLATFORM_SCHEMAS, TEMPLATE
from tenants.phases import CONTRACT, phase_of
from tenants.placement import apps_in
from tools import migration_sql

Found = Iterator[tuple[str, str]]


@dataclass
class Step:
    """One operation, with the state before and after it, and what this migration has made so far."""

    migration: Migration
    operation: Any
    before: ProjectState
    after: ProjectState
    new_models: set[str] = field(default_factory=set)
    new_columns: set[tuple[str, str]] = field(default_factory=set)

    @property
    def contracts(self) -> bool:
        """True in the contract phase."""
        return phase_of(self.migration) == CONTRACT

    def model(self, name: str, *, before: bool = False) -> Any:
        """The model as the state knows it."""
        return (self.before if before else self.after).apps.get_model(self.migration.app_label, name)

    def is_new(self, model: str) -> bool:
        """True where this very migration makes the table: no old code knows it, and it is empty."""
        return model.lower() in self.new_models


def create_model(step: Step) -> Found:
    """A new table. Its keys stay in the schema; it is there before the new code serves."""
    model = step.model(step.operation.name)
    if not model._meta.managed or model._meta.proxy:
        return
    step.new_models.add(step.operation.name_lower)
    if step.contracts:
        yield "late", "the new code serves before this phase: make the table in an expand migration"
    for part in model._meta.local_fields + model._meta.local_many_to_many:
        yield from _leaves_town(step, part)


def delete_model(step: Step) -> Found:
    """A table goes, once no code names it."""
    if not step.contracts:
        yield "drop", "old code still reads and writes the table: drop it in a contract migration"
    else:
        for part in step.model(step.operation.name, before=True)._meta.local_fields:
            yield from _still_refers(step, part)


def add_field(step: Step) -> Found:
    """A new column: the old code's INSERT does not name it."""
    operation = step.operation
    part = step.model(operation.model_name)._meta.get_field(operation.name)
    step.new_columns.add((operation.model_name_lower, operation.name_lower))
    yield from _leaves_town(step, part)
    if step.contracts:
        yield "late", "the new code serves before this phase: add the column in an expand migration"
    if part.many_to_many or step.is_new(operation.model_name):
        return
    if isinstance(part, models.GeneratedField):
        yield "type", "a generated column rewrites the table while nobody can use it"
    elif not part.null and not part.has_db_default():
        yield "default", "old code inserts rows without this column: give it db_default, or null=True"
    elif part.has_db_default() and not _is_constant(part.db_default):
        yield "default", "db_default must be a constant or Now(): anything else rewrites the table"
    if part.unique or getattr(part, "db_index", False):
        yield "index", "it is built while nobody can write: add the column without it, then AddIndexOnline"


def remove_field(step: Step) -> Found:
    """A column goes, once no code names it; until then the new code's INSERT leaves it out."""
    part = step.model(step.operation.model_name, before=True)._meta.get_field(step.operation.name)
    if not step.contracts:
        yield "drop", "old code still names the column: drop it in a contract migration"
        return
    if not part.many_to_many and not part.null and not part.has_db_default():
        yield "default", "the new code serves before this phase and no longer names it: first null=True or db_default"
    yield from _still_refers(step, part)


def alter_field(step: Step) -> Found:
    """A column changes."""
    name = step.operation.model_name
    old = step.model(name, before=True)._meta.get_field(step.operation.name)
    new = step.model(name)._meta.get_field(step.operation.name)
    yield from _leaves_town(step, new)
    if step.is_new(name) or (old.many_to_many and new.many_to_many and _through(old) == _through(new)):
        return
    if old.many_to_many or new.many_to_many:
        yield "unknown", "what becomes of the table between two models is not known here"
        return
    if old.column != new.column:
        yield "rename", "either the old code or the new one looks for the column in vain: add another, copy, drop"
    yield from _types(step, old, new)
    if old.null and not new.null:
        text = "a check that is valid already spares the scan under lock; say so in `allows`"
        yield "null", text if step.contracts else "old code may still write NULL: do it in a contract migration"
    if old.has_db_default() and not new.has_db_default() and not step.contracts:
        yield "default", "old code leaves the column to the database: take the default away in a contract migration"
    yield from _keys(step, old, new)


def _types(step: Step, old: Any, new: Any) -> Found:
    before, after = (part.db_parameters(connection) for part in (old, new))
    if old.primary_key != new.primary_key:
        yield "type", "another primary key"
    elif before["type"] != after["type"] and not widens(str(before["type"]), str(after["type"])):
        yield "type", f"{before['type']} to {after['type']} narrows, or rewrites the table while nobody can use it"
    elif before.get("check") != after.get("check") and after.get("check"):
        yield "constraint", "a check on an existing column: old code may break it, and all rows are read under lock"
    if before.get("collation") != after.get("collation"):
        yield "type", "another collation builds the column's indexes anew while nobody can use the table"


def _keys(step: Step, old: Any, new: Any) -> Found:
    if old.unique != new.unique:
        yield "constraint", "uniqueness changes: old code may break it, or rests on it (ON CONFLICT)"
    was, is_now = (bool(getattr(part, "db_index", False)) for part in (old, new))
    if is_now and not was:
        yield "index", "nobody can write while it is built: use AddIndexOnline"
    if was and not is_now and not step.contracts:
        yield "index", "old code's queries rest on it: drop it in a contract migration"
    before, after = _reference(old), _reference(new)
    if after and after != before:
        yield "constraint", "a foreign key on existing rows: old code may break it, and all rows are read under lock"


def add_constraint(step: Step) -> Found:
    """A rule for rows: old code may break it; checked in one go, it holds the table."""
    operation, constraint = step.operation, step.operation.constraint
    if step.is_new(operation.model_name):
        return
    is_check = isinstance(constraint, models.CheckConstraint)
    own = {name.lower() for name in _fields_of(constraint)}
    all_new = bool(own) and all((operation.model_name_lower, name) in step.new_columns for name in own)
    if not step.contracts and not (is_check and all_new):
        yield "constraint", "old code may break it: add it in a contract migration"
    elif is_check and not isinstance(operation, AddConstraintNotValid):
        yield (
            "constraint",
            "all rows are read under lock: AddConstraintNotValid, then ValidateConstraint in the next one",
        )
    elif not is_check:
        yield "constraint", "its index is built while nobody can write"


def remove_constraint(step: Step) -> Found:
    """A rule goes. Nothing rests on a check; ON CONFLICT rests on uniqueness."""
    found = step.before.models[step.migration.app_label, step.operation.model_name_lower].options["constraints"]
    constraint = next(item for item in found if item.name == step.operation.name)
    if isinstance(constraint, models.UniqueConstraint | ExclusionConstraint) and not step.contracts:
        yield "constraint", "old code may rest on it (ON CONFLICT, get_or_create): drop it in a contract migration"


def validate_constraint(step: Step) -> Found:
    """Reads all rows, holding nobody up, unless the same transaction already holds the table."""
    if len(step.migration.operations) > 1:
        yield "constraint", "in a migration of its own, else the lock of the step before it is held while rows are read"


def alter_together(step: Step) -> Found:
    """unique_together, index_together."""
    if not step.is_new(step.operation.name):
        yield "constraint", "use UniqueConstraint or Index, of which this list knows more"


def alter_order(step: Step) -> Found:
    """A column `_order` without a default of the database's."""
    if step.operation.order_with_respect_to:
        yield "default", "old code inserts rows without _order"


def rename(step: Step) -> Found:
    """No phase is right for it."""
    if isinstance(step.operation, ops.AlterModelTable | ops.RenameModel):
        old, new = step.operation.name, getattr(step.operation, "new_name", step.operation.name)
        if isinstance(step.operation, ops.RenameModel):
            old = step.operation.old_name
        if step.model(old, before=True)._meta.db_table == step.model(new)._meta.db_table:
            return
    yield "rename", "either the old code or the new one looks in vain: add another, copy, drop"


def add_index(step: Step) -> Found:
    """Only a table that is new is not written to."""
    if not step.is_new(step.operation.model_name):
        yield "index", "nobody can write while it is built: use tenants.migration_operations.AddIndexOnline"


def add_index_online(step: Step) -> Found:
    """Ours is resumable, Django's is not: what a broken-off attempt leaves bars the way of the next."""
    if not isinstance(step.operation, AddIndexOnline):
        yield "index", "broken off, it cannot be run again: use tenants.migration_operations.AddIndexOnline"


def remove_index(step: Step) -> Found:
    """Old code's queries rest on it."""
    if not step.contracts:
        yield "index", "old code's queries rest on it: drop it in a contract migration"


def run_python(step: Step) -> Found:
    """Rows are changed: alone, so that no lock is held meanwhile; undone or begun again at will."""
    operation = step.operation
    if operation.code is ops.RunPython.noop:
        return
    if operation.reverse_code is None:
        yield "data", "without a way back; RunPython.noop says that none is needed"
    if any(not isinstance(other, ops.RunPython) for other in step.migration.operations):
        yield "data", "the locks of the other operations are held while rows are changed: a migration of its own"
    in_transaction = step.migration.atomic if operation.atomic is None else operation.atomic
    if not (in_transaction and step.migration.atomic) and not getattr(operation.code, "resumable", False):
        yield (
            "data",
            "outside of a transaction it may break off anywhere: mark it tenants.migration_operations.resumable",
        )


def run_sql(step: Step) -> Found:
    """Statements on the list of harmless ones, with a way back."""
    operation = step.operation
    if operation.reverse_sql is None:
        yield "data", "without a way back; RunSQL.noop says that none is needed"
    parts = [operation.sql] if isinstance(operation.sql, str) else operation.sql
    for part in parts:
        yield from migration_sql.faults(part if isinstance(part, str) else part[0], contracts=step.contracts)


def nothing(step: Step) -> Found:
    """Changes no table."""
    yield from ()


RULES: list[tuple[type | tuple[type, ...], Callable[[Step], Found]]] = [
    (ops.CreateModel, create_model),
    (ops.DeleteModel, delete_model),
    (ops.AddField, add_field),
    (ops.RemoveField, remove_field),
    (ops.AlterField, alter_field),
    ((ops.RenameModel, ops.RenameField, ops.AlterModelTable), rename),
    (ValidateConstraint, validate_constraint),
    (ops.AddConstraint, add_constraint),
    (ops.RemoveConstraint, remove_constraint),
    ((ops.AlterUniqueTogether, ops.AlterIndexTogether), alter_together),
    (ops.AlterOrderWithRespectTo, alter_order),
    (AddIndexConcurrently, add_index_online),
    (ops.AddIndex, add_index),
    ((RemoveIndexConcurrently, ops.RemoveIndex), remove_index),
    (ops.RunPython, run_python),
    (ops.RunSQL, run_sql),
    (
        (
            ops.AlterModelOptions,
            ops.AlterModelManagers,
            ops.AlterModelTableComment,
            ops.RenameIndex,
            ops.AlterConstraint,
        ),
        nothing,
    ),
]


def faults(step: Step) -> Found:
    """(rule, what is wrong) of one operation."""
    for kinds, rule in RULES:
        if isinstance(step.operation, kinds):
            yield from rule(step)
            return
    yield "unknown", f"{type(step.operation).__name__} is not known here; add a rule for it"


def only_in_state(step: Step) -> Found:
    """An operation that Django merely believes (state_operations): what the database keeps must bear it."""
    if isinstance(step.operation, ops.RemoveField):
        part = step.model(step.operation.model_name, before=True)._meta.get_field(step.operation.name)
        if not part.many_to_many and not part.null and not part.has_db_default():
            yield "default", "the column stays and the new code no longer names it: first null=True or db_default"


def widens(old: str, new: str) -> bool:
    """True for a change of type that reads no row and refuses none: a longer text, more digits before the point."""
    text = re.compile(r"varchar\((\d+)\)|varchar|text")
    first, second = text.fullmatch(old), text.fullmatch(new)
    if first and second:
        limits = [int(found.group(1) or 0) for found in (first, second)]
        return not limits[1] or (bool(limits[0]) and limits[1] >= limits[0])
    digits = re.compile(r"numeric\((\d+), ?(\d+)\)")
    first, second = digits.fullmatch(old), digits.fullmatch(new)
    return bool(first and second and first[2] == second[2] and int(second[1]) >= int(first[1]))


def _is_constant(default: Any) -> bool:
    return isinstance(default, Value | Now) or not hasattr(default, "resolve_expression")


def _through(part: Any) -> str:
    return str(part.remote_field.through._meta.db_table)


def _reference(part: Any) -> str:
    if not part.remote_field or not getattr(part, "db_constraint", False):
        return ""
    return str(part.remote_field.model._meta.db_table)


def _leaves_town(step: Step, part: Any) -> Found:
    """A key into another schema ends self-containment: dump, move and Citus rest on it."""
    if not part.remote_field or isinstance(part.remote_field.model, str):
        return
    app, target = step.migration.app_label, part.remote_field.model._meta.app_label
    for schema in (*PLATFORM_SCHEMAS, TEMPLATE):
        inside = apps_in(schema)
        if app in inside and target not in inside:
            yield "town", f"{part.name} refers out of {schema} to {target}"


def _still_refers(step: Step, part: Any) -> Found:
    """The new code does not know the column, so it does not clear it when it deletes what the column refers to."""
    if part.many_to_many or not _reference(part):
        return
    target = part.remote_field.model._meta
    if (target.app_label, target.model_name) in step.after.models:
        text = f"rows still refer to {target.label}, which the new code deletes from: first db_constraint=False"
        yield "reference", text


def _fields_of(constraint: Any) -> set[str]:
    if isinstance(constraint, models.CheckConstraint):
        return {str(node[0]).split("__", 1)[0] for node in _leaves(constraint.condition)}
    return set(getattr(constraint, "fields", ()))


def _leaves(condition: Any) -> Iterator[tuple[str, Any]]:
    for child in getattr(condition, "children", []):
        if isinstance(child, tuple):
            yield child
        else:
            yield from _leaves(child)
