"""A town's structure as text: read from the catalogue of one schema, hashed for comparison, replayed in another.

The template is migrated by Django; every other town replays the text made here, in one message. `catalogue_hash` of the
template and of the new town must be equal before the town is accepted.
"""

import hashlib
import re
from dataclasses import dataclass

from django.db import connection

_FOREIGN_OBJECTS = """
SELECT 'relation ' || c.relname || ' (' || c.relkind::text || ')' FROM pg_class c
 WHERE c.relnamespace = %(schema)s::regnamespace AND c.relkind NOT IN ('r', 'i', 'S')
UNION ALL
SELECT 'function ' || p.proname FROM pg_proc p WHERE p.pronamespace = %(schema)s::regnamespace
UNION ALL
SELECT 'trigger ' || t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
 WHERE c.relnamespace = %(schema)s::regnamespace AND NOT t.tgisinternal
UNION ALL
SELECT 'type ' || t.typname FROM pg_type t
 WHERE t.typnamespace = %(schema)s::regnamespace AND t.typtype IN ('d', 'e')
UNION ALL
SELECT 'foreign key ' || n.conname || ' out of the schema' FROM pg_constraint n
  JOIN pg_class target ON target.oid = n.confrelid
 WHERE n.connamespace = %(schema)s::regnamespace AND n.contype = 'f'
   AND target.relnamespace <> %(schema)s::regnamespace
UNION ALL
SELECT 'sequence ' || c.relname || ' that no identity column owns' FROM pg_class c
 WHERE c.relnamespace = %(schema)s::regnamespace AND c.relkind = 'S'
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'i')
ORDER BY 1
"""

_COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
       pg_get_expr(d.adbin, d.adrelid, true),
       CASE WHEN a.attcollation <> t.typcollation THEN quote_ident(l.collname) END
  FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  LEFT JOIN pg_collation l ON l.oid = a.attcollation
 WHERE c.relnamespace = %(schema)s::regnamespace AND c.relkind = 'r'
 ORDER BY c.relname, a.attnum
"""

_CONSTRAINTS = """
SELECT c.relname, n.conname, n.contype, pg_get_constraintdef(n.oid, true)
  FROM pg_constraint n JOIN pg_class c ON c.oid = n.conrelid
 WHERE n.connamespace = %(schema)s::regnamespace AND n.contype IN ('p', 'u', 'c', 'x', 'f')
 ORDER BY position(n.contype::text IN 'pucxf'), c.relname, n.conname
"""

_INDEXES = """
SELECT c.relname, i.relname, pg_get_indexdef(x.indexrelid, 0, true)
  FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
 WHERE c.relnamespace = %(schema)s::regnamespace
   AND NOT EXISTS (SELECT FROM pg_constraint n WHERE n.conindid = x.indexrelid AND n.contype IN ('p', 'u', 'x'))
 ORDER BY c.relname, i.relname
"""


class StructureFault(Exception):
    """A schema holds what a town's schema must not hold; the text lists it."""


@dataclass(frozen=True)
class Structure:
    """What stands in one schema, in a form that does not name the schema."""

    columns: list[tuple[str, str, str, bool, str, str, str | None, str | None]]
    constraints: list[tuple[str, str, str, str]]
    indexes: list[tuple[str, str, str]]

    @property
    def tables(self) -> list[str]:
        """Table names in order."""
        return list(dict.fromkeys(row[0] for row in self.columns))

    def catalogue_hash(self) -> str:
        """SHA-256 over tables, columns, constraints and indexes."""
        constraints = [(table, name, kind, _canonical(text)) for table, name, kind, text in self.constraints]
        indexes = [(table, name, _canonical(text)) for table, name, text in self.indexes]
        parts = [repr(row) for rows in (self.columns, constraints, indexes) for row in rows]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def ddl(self) -> str:
        """Statements that build the structure in whatever schema comes first on the search path."""
        statements = [self._create_table(table) for table in self.tables]
        ordered = [row for row in self.constraints if row[2] != "f"] + [
            row for row in self.constraints if row[2] == "f"
        ]
        keys = [f"ALTER TABLE {_quoted(t)} ADD CONSTRAINT {_quoted(n)} {d}" for t, n, kind, d in ordered if kind != "f"]
        references = [f"ALTER TABLE {_quoted(t)} ADD CONSTRAINT {_quoted(n)} {d}" for t, n, k, d in ordered if k == "f"]
        return ";\n".join([*statements, *keys, *[index for _, _, index in self.indexes], *references]) + ";\n"

    def _create_table(self, table: str) -> str:
        lines = []
        for _, name, kind, not_null, identity, generated, default, collation in [
            r for r in self.columns if r[0] == table
        ]:
            line = f"{_quoted(name)} {kind}"
            if collation:
                line += f" COLLATE {collation}"
            if identity:
                line += f" GENERATED {'ALWAYS' if identity == 'a' else 'BY DEFAULT'} AS IDENTITY"
            elif generated:
                line += f" GENERATED ALWAYS AS ({default}) STORED"
            elif default is not None:
                line += f" DEFAULT {default}"
            lines.append(line + (" NOT NULL" if not_null else ""))
        return f"CREATE TABLE {_quoted(table)} ({', '.join(lines)})"


def read_structure(schema: str) -> Structure:
    """The structure of `schema`. Stand in it as the owner, so that names print without it.

    Raises StructureFault for what may not be there: triggers, functions, views, foreign keys out of the schema (they
    would end self-containment: dump, move and Citus all rest on it).
    """
    given = {"schema": schema}
    with connection.cursor() as cursor:
        cursor.execute(_FOREIGN_OBJECTS, given)
        if foreign := [row[0] for row in cursor.fetchall()]:
            raise StructureFault(f"schema {schema} may not hold: {', '.join(foreign)}")
        cursor.execute(_COLUMNS, given)
        columns = cursor.fetchall()
        cursor.execute(_CONSTRAINTS, given)
        constraints = cursor.fetchall()
        cursor.execute(_INDEXES, given)
        return Structure(columns, constraints, cursor.fetchall())


def _canonical(text: str) -> str:
    """A definition without casts between text types: PostgreSQL prints them differently after its own text was parsed."""
    return re.sub(r"::(character varying(\(\d+\))?|text)(\[\])?", "", text)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
