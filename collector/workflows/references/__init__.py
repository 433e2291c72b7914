"""One file a kind of package reference; forms as in logins/base.py that yield SymbolicReference."""
