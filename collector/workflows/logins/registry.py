"""Finds the forms that lie in this folder and in references/, and says which steps each wants."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from collector.workflows import logins, references
from collector.workflows.logins.base import Form


@dataclass(frozen=True, slots=True)
class Forms:
    """All forms, indexed by what they want to see."""

    by_action: dict[str, tuple[Form, ...]]
    every_action: tuple[Form, ...]
    by_words: tuple[Form, ...]
    any_word: re.Pattern[str]
    in_job: tuple[Form, ...]
    in_file: tuple[Form, ...]

    def for_action(self, name: str) -> tuple[Form, ...]:
        """Return the forms for an action, else those that look at every other one."""
        return self.by_action.get(name) or self.every_action

    def for_script(self, lowered: str) -> Iterator[Form]:
        """Yield the forms for a script in lower case."""
        if self.any_word.search(lowered):
            for form in self.by_words:
                # A list: a generator takes longer than the searches.
                if True in [word in lowered for word in form.words]:
                    yield form

    def for_text(self, lowered: str, actions: frozenset[str]) -> "TextForms":
        """Return the forms for jobs and for the whole of a file in lower case."""
        known: dict[str, bool] = {}

        def has_one(words: tuple[str, ...]) -> bool:
            for word in words:
                if word not in known:
                    known[word] = word in lowered
                if known[word]:
                    return True
            return False

        def wants(form: Form) -> bool:
            if form.job_actions and not actions.isdisjoint(form.job_actions):
                named = True
            elif form.job_words:
                named = has_one(form.job_words)
            else:
                named = not form.job_actions
            return named and (not form.also_words or has_one(form.also_words))

        return TextForms(tuple(filter(wants, self.in_job)), tuple(filter(wants, self.in_file)))


@dataclass(frozen=True, slots=True)
class TextForms:
    """The forms for one file's jobs, and for the file."""

    in_job: tuple[Form, ...]
    in_file: tuple[Form, ...]


def modules() -> Iterator[str]:
    """Yield the names of the modules that lie in the folders of forms."""
    for package in (logins, references):
        for found in pkgutil.iter_modules(package.__path__):
            yield f"{package.__name__}.{found.name}"


@cache
def forms() -> Forms:
    """Import every form once."""
    imported = (importlib.import_module(name) for name in sorted(modules()))
    found = [module.FORM for module in imported if hasattr(module, "FORM")]
    by_action: dict[str, tuple[Form, ...]] = {}
    for form in found:
        for action in form.actions:
            by_action[action] = (*by_action.get(action, ()), form)
    words = sorted({word for form in found for word in form.words})
    return Forms(
        by_action,
        tuple(form for form in found if form.every_action),
        tuple(form for form in found if form.words),
        re.compile("|".join(map(re.escape, words)) or r"(?!)"),
        tuple(form for form in found if form.in_job),
        tuple(form for form in found if form.in_file),
    )
