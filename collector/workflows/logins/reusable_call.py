"""A called workflow that is handed an image or host and a token: a guess, dropped where it is read."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from collector.workflows.closing import bounded_term
from collector.workflows.document import Mapping, Scalar
from collector.workflows.logins.base import Form, Found
from collector.workflows.logins.other_action import guessed_pairs, is_host, is_token
from collector.workflows.terms import Literal, Term
from collector.workflows.uses import reference

if TYPE_CHECKING:
    from collector.workflows.job_context import JobContext

_NAMES_HOST: Final = re.compile(
    r"ghcr[-_]?(?:io[-_]?)?(?:token|pass|password|pat|secret)$|^cr_pat$", re.IGNORECASE
)


def find(job: "JobContext") -> Found:
    """Yield a guess for each host that a called workflow is handed with a token."""
    node = job.node.scalar("uses")
    if node is None:
        return
    uses = reference(node.text)
    given = _scalars(job.node.mapping("with"), job)
    tokens = [
        (name, term)
        for name, term in {**given, **_scalars(job.node.mapping("secrets"), job)}.items()
        if is_token(name, term)
    ]
    hosts = [(name, term) for name, term in given.items() if is_host(name)]
    # `GHCR_TOKEN` says where it is for.
    hosts.extend((name, Literal("ghcr.io")) for name, _ in tokens if _NAMES_HOST.search(name))
    form = uses.text.split("@")[0]
    for host, token in guessed_pairs(hosts, tokens, key=form):
        line = job.node.keys["uses"].line
        made = job.login(form, host=host, credential=token, line=line)
        yield replace(made, guessed=True)


def _scalars(node: Mapping | None, job: "JobContext") -> dict[str, Term]:
    return {
        name.lower(): bounded_term(job.value(value))
        for name, value in (node.values.items() if node else ())
        if isinstance(value, Scalar)
    }


FORM = Form(name="reusable-call", job_words=("secrets:", "with:"), in_job=find)
