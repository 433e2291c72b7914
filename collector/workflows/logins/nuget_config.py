"""A nuget.config with a password: written by a step, committed, or its NuGetPackageSource… env."""

from typing import TYPE_CHECKING, Final

from collector.workflows.flat import Flat
from collector.workflows.logins.base import Form, Found
from collector.workflows.logins.meant import meant, named_for_packages
from collector.workflows.logins.nuget_sources import HOST, source_host
from collector.workflows.logins.nuget_text import credentials, decoded
from collector.workflows.logins.texts import committed, written
from collector.workflows.logins.tools import is_job_token, may_be_secret, readers, sets
from collector.workflows.terms import Access, Literal, Term

if TYPE_CHECKING:
    from collector.workflows.file_context import FileContext
    from collector.workflows.job_context import JobContext
    from collector.workflows.logins.nuget_text import Credential
    from collector.workflows.logins.texts import Written
    from collector.workflows.step_context import StepContext

_PREFIX: Final = "nugetpackagesourcecredentials_"


def find(job: "JobContext") -> Found:
    """Yield a login for each credential that a job writes into a nuget.config."""
    for item in written(job, ("packagesourcecredentials", "apikeys")):
        for found in credentials(item.text):
            yield from _login(item, found)
    first: set[str] = set()
    for step in job.steps:
        for name in sorted(step.env_names()):
            if name.lower().startswith(_PREFIX) and (name not in first or sets(step, name)):
                first.add(name)
                yield from _from_variable(step, name)


def _login(item: "Written", found: "Credential") -> Found:
    line = item.line_of(found.offset)
    host = item.flat.term(found.host, line=line) if found.host else None
    default = HOST if host is None and named_for_packages(found.source) else ""
    pairs = (
        readers(item.step, found.variable)
        if found.variable
        else [(item.step, item.flat.term(found.value, line=line))]
    )
    for reader, value in pairs:
        known = host is not None or default or is_job_token(value)
        if known and may_be_secret(value):
            yield reader.login(
                "nuget.config",
                host=host,
                credential=value,
                line=line if reader is item.step else 0,
                default_host=default or HOST,
            )


def _from_variable(step: "StepContext", name: str) -> Found:
    """Yield what `NuGetPackageSourceCredentials_NAME: Username=…;Password=…` says."""
    value = step.env(name)
    if value is None or not may_be_secret(_password(value)):
        return
    source = decoded(name[len(_PREFIX) :])
    host = source_host(step, source)
    known = named_for_packages(source) or is_job_token(value) or meant(step, HOST)
    if host is not None or known:
        yield step.login(
            "env:NuGetPackageSourceCredentials",
            host=host,
            credential=_password(value),
            default_host=HOST,
        )


def _password(value: Term) -> Term:
    while not isinstance(value, (Literal, Access)) and hasattr(value, "term"):
        value = value.term
    flat = Flat.of(value)
    for part in flat.text.split(";"):
        key, _, text = part.partition("=")
        if key.strip().lower() == "password":
            return flat.term(text)
    return value


def find_committed(file: "FileContext") -> Found:
    """Yield a login for each credential of a committed nuget.config."""
    if not file.path.lower().endswith("nuget.config"):
        return
    flat = committed(file)
    for found in credentials(flat.text):
        line = flat.line_of(found.offset)
        credential: Term = Literal(found.value, line)
        if found.variable:
            credential = Access(("env", found.variable), line)
        if found.host and may_be_secret(credential):
            host = Literal(found.host, line)
            yield file.login("nuget.config", host=host, credential=credential, line=line)


FORM = Form(
    name="nuget-config",
    job_words=("packagesourcecredentials", "<apikeys"),
    kinds=("config",),
    in_job=find,
    in_file=find_committed,
)
