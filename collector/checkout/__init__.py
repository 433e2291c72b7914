"""A checkout on disk instead of an organization on GitHub: the same facts, offline."""
