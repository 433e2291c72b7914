"""A `config.json` or `auth.json` with `auths` that a script writes: the tools read it later."""

import re
from typing import TYPE_CHECKING, Final

from collector.workflows.flat import Flat
from collector.workflows.logins.base import Form, Found

if TYPE_CHECKING:
    from collector.workflows.step_context import StepContext

_QUOTE: Final = r"\\?[\"']"
_ENTRY: Final = re.compile(
    rf"{_QUOTE}(?!auths)(?P<host>[^\s\"'\\{{}}]{{1,300}}){_QUOTE}\s{{0,40}}:\s{{0,40}}\{{(?P<body>[^{{}}]{{0,2000}})"
)
_CREDENTIAL: Final = re.compile(
    rf"{_QUOTE}(?:auth|password|registrytoken|identitytoken){_QUOTE}\s{{0,40}}:\s{{0,40}}"
    rf"{_QUOTE}?(?P<value>[^\s\"'\\,{{}}]+)"
)


def find(step: "StepContext") -> Found:
    """Yield a login for each host with a credential in a text that is written."""
    for write in step.script.writes:
        flat = Flat.of(write.content, line=write.line)
        if "auths" not in flat.text:
            continue
        for entry in _ENTRY.finditer(flat.text):
            found = _CREDENTIAL.search(entry["body"])
            if found is None:
                continue
            at = entry.start("body") + found.start("value")
            line = flat.line_of(at) if write.keeps_lines else write.line
            yield step.login(
                "run:config.json",
                host=flat.term(entry["host"], line=line),
                credential=flat.term(found["value"], line=line),
                line=line,
            )


FORM = Form(name="docker-config", words=("auths",), in_step=find)
