"""Workflow files: bytes to facts to linked registry logins. Pure: neither HTTP nor database."""
