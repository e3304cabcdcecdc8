"""The database backend: one alias, many identities. See docs/adr/0003-login-role-per-town.md."""
