"""GitHub to DuckDB: everything that reads an organization and stores what it saw."""
