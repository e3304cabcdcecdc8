"""Names of schemas and roles, and the passwords of roles: derived, never stored."""

import hashlib
import hmac
import re

from django.conf import settings

# Stricter than PostgreSQL: a schema name is also a host label, a role's suffix and a folder.
SCHEMA_PATTERN = r"^[a-z][a-z0-9_]{1,39}$"
SLUG_PATTERN = r"^[a-z][a-z0-9-]{1,39}$"
PUBLIC, CONSOLE, OVERSIGHT, COLLECTOR = "public", "console", "oversight", "collector"
SHARED = "shared"
TEMPLATE = "town_template"
PLATFORM_SCHEMAS = (PUBLIC, CONSOLE, OVERSIGHT)
RESERVED = frozenset(
    {
        PUBLIC,
        CONSOLE,
        OVERSIGHT,
        COLLECTOR,
        SHARED,
        TEMPLATE,
        "router",
        "owner",
        "office",
        "www",
        "api",
        "mail",
        "static",
    }
    | {"admin", "template", "platform", "information_schema", "test", "status", "help"}
)


def is_town_schema(name: str) -> bool:
    """True for a name that a town's schema may bear."""
    return bool(re.fullmatch(SCHEMA_PATTERN, name)) and name not in RESERVED and not name.startswith("pg_")


def schema_of_slug(slug: str) -> str:
    """The schema of the town whose host label is `slug` ("nor-hachn" -> "nor_hachn")."""
    return slug.replace("-", "_")


def role_of(schema: str) -> str:
    """The login role of a town or of a platform identity. Roles are cluster-wide, so the deployment is in the name."""
    infix = "t_" if is_town_schema(schema) else ""
    return f"{settings.DEPLOYMENT}_{infix}{'router' if schema == PUBLIC else schema}"


def password_of(role: str) -> str:
    """256 bits derived from the master secret: every process knows them, no table holds them."""
    return hmac.new(settings.TOWN_ROLE_SECRET.encode(), f"role:{role}".encode(), hashlib.sha256).hexdigest()
