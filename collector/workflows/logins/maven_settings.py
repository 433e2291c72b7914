"""Maven's settings.xml with a password: written by a step, made by an action, committed."""

from typing import TYPE_CHECKING, Final

from collector.workflows.flat import Flat
from collector.workflows.logins.base import Form, Found
from collector.workflows.logins.maven import HOST, is_packages, runs_maven
from collector.workflows.logins.maven_text import Server, json_servers, servers
from collector.workflows.logins.meant import named_for_packages
from collector.workflows.logins.texts import committed, written
from collector.workflows.logins.tools import may_be_secret, readers
from collector.workflows.terms import Access, Literal, Term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector.workflows.file_context import FileContext
    from collector.workflows.job_context import JobContext
    from collector.workflows.step_context import StepContext

# Inputs of s4u/maven-settings-action, whelk-io/maven-settings-xml-action and their like.
_SERVERS: Final = ("servers", "maven-servers", "maven_servers")
_REPOSITORIES: Final = ("repositories", "mirrors", "maven-repositories")
# It adds a server `github` with the job's token unless it is told not to.
_ADDS_GITHUB: Final = "s4u/maven-settings-action"


def find(job: "JobContext") -> Found:
    """Yield a login for each server that a job's steps put into Maven's settings."""
    for item in written(job, ("<server>",)):
        for server in servers(item.text):
            form = "maven settings" if item.step.uses is None else item.step.uses.name
            yield from _login(item.step, form, item.flat, server, item.line_of(server.offset))
    for step in job.steps:
        if step.uses is not None:
            yield from _by_action(step)


def _by_action(step: "StepContext") -> Found:
    name = step.uses.name if step.uses else ""
    given = step.input(*_SERVERS)
    flat = Flat.of(given, line=_line(step)) if given is not None else None
    repositories = step.input(*_REPOSITORIES)
    urls = Flat.of(repositories).text if repositories is not None else ""
    for server in json_servers(flat.text, urls) if flat else ():
        if flat is not None:
            yield from _login(step, name, flat, server, flat.line)
    told = Flat.of(step.input("githubserver") or Literal("true")).text
    if name == _ADDS_GITHUB and told != "false":
        server = Server("github", "", "", "GITHUB_TOKEN", 0)
        yield from _login(step, name, Flat("", ()), server, step.uses_line)


def _line(step: "StepContext") -> int:
    return next((line for name in _SERVERS if (line := step.input_line(name))), step.uses_line)


def _login(step: "StepContext", form: str, flat: Flat, server: Server, line: int) -> Found:
    url = _address(flat, server.url, line)
    for reader, value in _values(step, flat, server, line):
        name = flat.term(server.id)
        known = url is not None or is_packages(step, Flat.of(name).text, value)
        if known and may_be_secret(value):
            at = line if reader is step else 0
            yield reader.login(
                form, host=url, credential=value, line=at, default_host=HOST
            )  # fmt: skip


def _address(flat: Flat, url: str, line: int) -> Term | None:
    return flat.term(url, line=line) if url else None


def _values(
    step: "StepContext", flat: Flat, server: Server, line: int
) -> "Iterator[tuple[StepContext, Term]]":
    if not server.variable:
        yield step, flat.term(server.credential, line=line)
        return
    for reader, value in readers(step, server.variable):
        # GITHUB_TOKEN is there for many a tool; Maven reads it only where it runs.
        if reader is step or server.variable != "GITHUB_TOKEN" or runs_maven(reader):
            yield reader, value


def find_committed(file: "FileContext") -> Found:
    """Yield a login for each server of a committed settings.xml."""
    if not file.path.endswith(".xml"):
        return
    flat = committed(file)
    for server in servers(flat.text):
        line = flat.line_of(server.offset)
        credential: Term = Literal(server.credential, line)
        if server.variable:
            credential = Access(("env", server.variable), line)
        url = Literal(server.url, line) if server.url else Literal("")
        if may_be_secret(credential) and (server.url or named_for_packages(server.id)):
            yield file.login(
                "maven settings", host=url, credential=credential, line=line, default_host=HOST
            )


FORM = Form(
    name="maven-settings",
    job_words=("<server>", "maven-settings", "servers:"),
    kinds=("config",),
    in_job=find,
    in_file=find_committed,
)
