"""The version of the tool, as its package metadata says it."""

from importlib.metadata import version

VERSION = version("pkginventory")
