"""DuckDB to verdicts to HTML and exports."""
