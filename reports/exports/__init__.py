"""Exports: one view, many formats, equal counts in each."""
