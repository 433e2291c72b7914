"""Frozen dataclasses to JSON-ready data and back, terms among them; nothing else is taken."""

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, TypeVar, cast

from collector.workflows import term_json, terms

T = TypeVar("T")
_TERMS = frozenset(typing.get_args(terms.Term))


def to_data(value: Any) -> Any:
    """Write a record as lists, dictionaries, text and numbers."""
    kind = type(value)
    if kind in _TERMS:
        return term_json.dump(value)
    if is_dataclass(value):
        return {field.name: to_data(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, (tuple, list)):
        return [to_data(item) for item in value]
    if isinstance(value, (dict, Mapping)):
        return {key: to_data(item) for key, item in value.items()}
    return value


def from_data(kind: type[T], data: Any) -> T:
    """Read a record of a class back from what `to_data` wrote; absent fields get defaults."""
    made: T = _reader(cast("Any", kind))(data)
    return made


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    if kind == terms.Term or kind in _TERMS:
        return term_json.load
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        inner = _reader(next(a for a in typing.get_args(kind) if a is not type(None)))
        return lambda data: None if data is None else inner(data)
    if origin is tuple:
        item = _reader(typing.get_args(kind)[0])
        return lambda data: tuple(item(entry) for entry in data)
    if origin is dict:
        value = _reader(typing.get_args(kind)[1])
        return lambda data: {key: value(entry) for key, entry in data.items()}
    if is_dataclass(kind):
        return _record_reader(kind)
    return lambda data: data


def _is_term_or_none(kind: Any) -> bool:
    return set(typing.get_args(kind)) - {type(None)} == set(_TERMS)


def _record_reader(kind: Any) -> Callable[[Any], Any]:
    hints = typing.get_type_hints(kind)

    def reader_of(hint: Any) -> Callable[[Any], Any]:
        if _is_term_or_none(hint):
            return lambda data: None if data is None else term_json.load(data)
        return _reader(hint)

    readers: dict[str, Callable[[Any], Any]] = {}

    def read(data: Any) -> Any:
        if not readers:
            # Made late: a record may hold records of its own kind.
            readers.update({f.name: reader_of(hints[f.name]) for f in fields(kind)})
        return kind(**{name: readers[name](value) for name, value in data.items()})

    return read
