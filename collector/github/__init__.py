"""GitHub's HTTP: what it means (pure) and the thin shell that speaks it. Knows no database."""
