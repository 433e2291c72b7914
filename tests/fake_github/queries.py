"""What a GraphQL query is before it runs: valid or not, reading or writing, and how heavy."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    IntValueNode,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    build_schema,
    parse,
    validate,
    visit,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA = build_schema((Path(__file__).parent / "schema.graphql").read_text())
STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')
MOST_TOKENS = 200_000


@dataclass(frozen=True, slots=True)
class Shape:
    """What a query is whatever its strings say: pages of one form are validated once.

    Attributes:
        valid: it parses, and the schema has what it asks for.
        writes: it is a mutation or a subscription.
        reads_files: it asks for a git object.
        repositories: so many repositories, as numbers or as names of variables.
    """

    valid: bool
    writes: bool = False
    reads_files: bool = False
    repositories: tuple[int | str, ...] = ()

    def weight(self, variables: Mapping[str, Any]) -> int:
        """Count the repositories that a query asks for."""
        return sum(
            int(variables.get(n) or 0) if isinstance(n, str) else n for n in self.repositories
        )


class _Measure(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.repositories: list[int | str] = []
        self.reads_files = False

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        if node.name.value == "repository":
            self.repositories.append(1)
        elif node.name.value == "object":
            self.reads_files = True
        elif node.name.value == "repositories":
            for argument in node.arguments or ():
                if argument.name.value == "first":
                    self._count(argument.value)

    def _count(self, value: object) -> None:
        if isinstance(value, IntValueNode):
            self.repositories.append(int(value.value))
        elif isinstance(value, VariableNode):
            self.repositories.append(value.name.value)


@lru_cache(maxsize=256)
def _shape(masked: str) -> Shape:
    try:
        document = parse(masked, max_tokens=MOST_TOKENS)
    except GraphQLError:
        return Shape(valid=False)
    writes = any(
        isinstance(d, OperationDefinitionNode) and d.operation.value != "query"
        for d in document.definitions
    )
    if validate(SCHEMA, document):
        return Shape(valid=False, writes=writes)
    measure = _Measure()
    visit(document, measure)
    return Shape(
        valid=True,
        writes=writes,
        reads_files=measure.reads_files,
        repositories=tuple(measure.repositories),
    )


def shape_of(query: str) -> Shape:
    """Say what a query is."""
    return _shape(STRING.sub('""', query))


def read(query: str) -> DocumentNode | list[GraphQLError]:
    """Parse a query, or say what is wrong with it."""
    try:
        document = parse(query, max_tokens=MOST_TOKENS)
    except GraphQLError as error:
        return [error]
    return document if shape_of(query).valid else validate(SCHEMA, document)
