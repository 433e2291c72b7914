"""What the workflow files of an organization amount to: the facts of each file, linked with those it calls."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import duckdb

from collector.linking import Linked
from collector.run import Run
from collector.workflows.analyze import PARSER_VERSION, analyze
from collector.workflows.facts import FileFacts
from collector.workflows.hosts import RegistryHosts
from collector.workflows.link import EXTERNAL, MAX_DEPTH, External, link
from collector.workflows.linked import PackageReference, RegistryLogin
from collector.workflows.uses import reference

_GHES_DEPTH = 4
# GitHub Enterprise Server nests reusable workflows less deeply than github.com.

_FILES = """
select f.repository_id, r.full_name, r.default_branch, f.path, f.kind, f.blob_sha
from workflow_file f
join repository r on r.org = f.org and r.repository_id = f.repository_id and r.valid_to_run is null
where f.org = ? and f.valid_to_run is null and f.status = 'read' and f.kind <> 'codeowners'
order by r.full_name, f.path
"""
# Most files neither log in nor call anything: their facts say so before they are read as objects.
_TELLING = """
select b.blob_sha, b.kind, b.facts
from blob_facts b
where b.parser_version = ? and b.status = 'parsed' and (
    json_array_length(b.facts, '$.logins') > 0
    or json_array_length(b.facts, '$.references') > 0
    or json_array_length(b.facts, '$.calls') > 0
    or json_array_length(b.facts, '$.inputs') > 0
    or json_array_length(b.facts, '$.declared_secrets') > 0
    or b.kind = 'action'
)
"""
_VARIABLES = """
select scope, repository_id, name, value from variable
where org = ? and valid_to_run is null and scope in ('organization', 'repository')
order by scope, repository_id, name
"""
_READABLE = """
select family, subject from coverage
where org = ? and valid_to_run is null and family in ('org_variables', 'repo_variables')
    and status in ('complete', 'carried')
"""


@dataclass(frozen=True, slots=True)
class _File:
    """A file as it stands in a repository."""

    path: str
    kind: str
    blob_sha: str


@dataclass(slots=True)
class _Repository:
    """A repository with the files that were read of it."""

    repository_id: int
    full_name: str
    default_branch: str
    files: list[_File] = field(default_factory=list)


class _Texts:
    """Facts of texts, read as objects when they are first needed."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._facts: dict[tuple[str, str], str] = {
            (sha, kind): facts
            for sha, kind, facts in con.execute(_TELLING, [PARSER_VERSION]).fetchall()
        }
        self._read: dict[tuple[str, str, str], FileFacts] = {}

    def of(self, file: _File) -> FileFacts | None:
        """Return what a file says; None where it says nothing that links."""
        key = (file.blob_sha, file.kind, file.path)
        if key not in self._read:
            text = self._facts.get(key[:2])
            if text is None:
                return None
            # The same text may stand in many places; its facts name the first.
            self._read[key] = FileFacts.from_json(_at_path(text, file.path))
        return self._read[key]


def _at_path(text: str, path: str) -> str:
    data = json.loads(text)
    data["path"] = path
    return json.dumps(data, ensure_ascii=False)


class _Organization:
    """All files of the organization, findable by repository, path and ref."""

    def __init__(self, con: duckdb.DuckDBPyConnection, org: str) -> None:
        self.owner = org.lower()
        self.texts = _Texts(con)
        self.repositories: dict[int, _Repository] = {}
        self._by_place: dict[tuple[str, str], _File] = {}
        self._by_name: dict[str, _Repository] = {}
        for repository_id, full_name, branch, path, kind, sha in con.execute(
            _FILES, [org]
        ).fetchall():
            repository = self.repositories.setdefault(
                repository_id, _Repository(repository_id, full_name, branch or "")
            )
            file = _File(path, kind, sha)
            repository.files.append(file)
            self._by_name[full_name.lower()] = repository
            self._by_place[full_name.lower(), path] = file

    def resolve(self, repository: str, path: str, ref: str) -> FileFacts | External | None:
        """Return the facts of a callee, as link asks for them."""
        name = repository.lower()
        if name.partition("/")[0] != self.owner:
            return EXTERNAL
        known = self._by_name.get(name)
        plain = ref.removeprefix("refs/heads/")
        at_head = not ref or (known is not None and plain == known.default_branch)
        file = self._by_place.get((name, path if at_head else f"{path}@{ref}"))
        return None if file is None else self.texts.of(file)

    def called(self) -> set[tuple[str, str]]:
        """Return the reusable workflows that some examined file calls: (repository, path)."""
        found = set()
        for repository in self.repositories.values():
            for file in repository.files:
                facts = self.texts.of(file)
                for call in facts.calls if facts else ():
                    uses = reference(call.uses)
                    found.add(((uses.repository or repository.full_name).lower(), uses.path))
        return found


def derive_links(con: duckdb.DuckDBPyConnection, run: Run) -> Iterator[Linked]:
    """Link every repository's files and yield what they amount to, a repository at a time.

    Runs inside the transaction that publishes the run, after its facts are in.
    """
    _parse_again(con)
    organization = _Organization(con, run.org)
    variables = _Variables(con, run.org)
    hosts = RegistryHosts.for_server(run.web_url.rpartition("//")[2].partition("/")[0])
    depth = _GHES_DEPTH if run.edition == "ghes" else MAX_DEPTH
    called = organization.called()
    for repository in organization.repositories.values():
        logins: list[RegistryLogin] = []
        references: list[PackageReference] = []
        for file in repository.files:
            facts = organization.texts.of(file)
            # A copy at another ref is a callee of someone's, never a root.
            if facts is None or "@" in file.path:
                continue
            linked = link(
                facts,
                repository=repository.full_name,
                resolve=organization.resolve,
                hosts=hosts,
                variables=variables.of(repository.repository_id),
                called=_is_called(repository, file, called),
                max_depth=depth,
            )
            logins.extend(login for login in linked.logins if not login.disabled)
            references.extend(named for named in linked.references if not named.disabled)
        yield Linked(
            repository_id=repository.repository_id,
            registry_logins=_login_rows(repository, logins),
            package_references=_reference_rows(repository, references),
        )


def _is_called(repository: _Repository, file: _File, called: set[tuple[str, str]]) -> bool:
    """Tell whether somebody calls a file; an action is called by the folder it lies in."""
    path = file.path.rpartition("/")[0] if file.kind == "action" else file.path
    return (repository.full_name.lower(), path) in called


class _Variables:
    """The `vars` context of each repository, None where it could not be read whole."""

    def __init__(self, con: duckdb.DuckDBPyConnection, org: str) -> None:
        readable = set(con.execute(_READABLE, [org]).fetchall())
        self._readable = {
            int(subject) for family, subject in readable if family == "repo_variables"
        }
        self._organization_readable = ("org_variables", "") in readable
        self._organization: dict[str, str] = {}
        self._repositories: defaultdict[int, dict[str, str]] = defaultdict(dict)
        for scope, repository_id, name, value in con.execute(_VARIABLES, [org]).fetchall():
            own = (
                self._organization if scope == "organization" else self._repositories[repository_id]
            )
            own[name] = value or ""

    def of(self, repository_id: int) -> Mapping[str, str] | None:
        """Return a repository's variables over the organization's."""
        if not self._organization_readable or repository_id not in self._readable:
            return None
        return {**self._organization, **self._repositories.get(repository_id, {})}


def _login_rows(repository: _Repository, logins: list[RegistryLogin]) -> list[dict[str, Any]]:
    rows = []
    for login in logins:
        row = {name: getattr(login, name) for name in _LOGIN_COLUMNS}
        row["repository_id"] = repository.repository_id
        row["reason_code"] = login.reason_code or None
        row["reason"] = login.reason or None
        row["sources"] = list(login.sources)
        row["hops"] = [asdict(hop) for hop in login.hops]
        rows.append(row)
    return rows


_LOGIN_COLUMNS = (
    "path",
    "job",
    "form",
    "registry",
    "credential",
    "credential_name",
    "ordinal",
    "host",
    "expression",
    "via",
    "line",
    "login_repository",
    "login_path",
    "login_line",
    "step",
    "operation",
    "fallback",
)


def _reference_rows(
    repository: _Repository, references: list[PackageReference]
) -> list[dict[str, Any]]:
    """Give each row of a job a number that a shift of lines does not change."""
    seen: Counter[tuple[str, ...]] = Counter()
    rows = []
    for named in references:
        place = (named.path, named.job, named.kind, named.operation)
        key = (*place, named.registry, named.host, named.namespace, named.name)
        seen[key] += 1
        rows.append(
            {
                "repository_id": repository.repository_id,
                "path": named.path,
                "job": named.job,
                "kind": named.kind,
                "registry": named.registry,
                "host": named.host,
                "namespace": named.namespace,
                "name": named.name,
                "reference": named.reference,
                "operation": named.operation,
                "ordinal": seen[key],
                "line": named.line,
                "resolved": named.resolved,
                "reason": named.reason_code or None,
            }
        )
    return rows


def _parse_again(con: duckdb.DuckDBPyConnection) -> None:
    """Read texts again that only an earlier release has read: its facts may differ."""
    texts = con.execute(
        "select distinct f.blob_sha, f.kind, arg_min(f.path, f.path), any_value(b.content)"
        " from workflow_file f join blob b using (blob_sha)"
        " where f.valid_to_run is null and f.status = 'read' and f.kind <> 'codeowners'"
        " and not exists (from blob_facts x where x.blob_sha = f.blob_sha and x.kind = f.kind"
        " and x.parser_version = ?) group by f.blob_sha, f.kind order by f.blob_sha, f.kind",
        [PARSER_VERSION],
    ).fetchall()
    for sha, kind, path, content in texts:
        facts = analyze(bytes(content), path=path)
        failed = facts.parse_error
        con.execute(
            "insert into blob_facts values (?, ?, ?, ?, ?, ?, ?)",
            [
                sha,
                kind,
                PARSER_VERSION,
                "parse_error" if failed else "parsed",
                failed.line if failed else None,
                failed.reason if failed else None,
                None if failed else facts.to_json(),
            ],
        )
