"""Paths to handlers; a slash that is not encoded makes another path, as on GitHub."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from tests.fake_github.access import ANYONE, Access

if TYPE_CHECKING:
    from tests.fake_github.context import Context

Handler = Callable[["Context"], Any]


@dataclass(frozen=True, slots=True)
class Route:
    """One endpoint."""

    method: str
    template: str
    pattern: re.Pattern[str]
    access: Access
    handler: Handler


class Router:
    """A table of endpoints that modules fill with decorators."""

    def __init__(self) -> None:
        self.routes: list[Route] = []
        self._by_size: dict[tuple[str, int], list[Route]] = {}

    def get(self, template: str, access: Access = ANYONE) -> Callable[[Handler], Handler]:
        """Register a handler for GET."""
        return self._add("GET", template, access)

    def post(self, template: str, access: Access = ANYONE) -> Callable[[Handler], Handler]:
        """Register a handler for POST; only the two that read are ever registered."""
        return self._add("POST", template, access)

    def _add(self, method: str, template: str, access: Access) -> Callable[[Handler], Handler]:
        pieces = re.split(r"\{(\w+)(\*?)\}", template)
        text = re.escape(pieces[0])
        for name, star, rest in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
            text += f"(?P<{name}>{'.*' if star else '[^/]+'})" + re.escape(rest)
        pattern = re.compile(text)

        def register(handler: Handler) -> Handler:
            self.routes.append(Route(method, template, pattern, access, handler))
            return handler

        return register

    def include(self, other: Router) -> None:
        """Take over another table's endpoints."""
        self.routes.extend(other.routes)

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """Match a path that is still percent-encoded; the parameters come decoded."""
        for route in self._candidates(path):
            match = route.pattern.fullmatch(path)
            if match and route.method == method:
                return route, {k: unquote(v) for k, v in match.groupdict().items()}
        return None

    def _candidates(self, path: str) -> list[Route]:
        first, size = path.split("/", 2)[1] if path.startswith("/") else "", path.count("/")
        key = (first, size)
        if key not in self._by_size:
            self._by_size[key] = [r for r in self.routes if _may_match(r.template, first, size)]
        return self._by_size[key]


def _may_match(template: str, first: str, size: int) -> bool:
    head = template.split("/", 2)[1]
    if head != first and not head.startswith("{"):
        return False
    return template.count("/") == size or ("*" in template and template.count("/") <= size)
