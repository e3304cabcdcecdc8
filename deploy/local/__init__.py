"""Everything Hamaynk needs on one machine without Docker: PostgreSQL, Valkey and the `make demo` launcher."""
