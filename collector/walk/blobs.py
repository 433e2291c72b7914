"""The texts of files: each distinct one asked for once ever, verified, masked, and read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from collector.github.answers import Answer
from collector.github.endpoints import BLOBS, WORKFLOW_TREES
from collector.known import read_blobs, read_facts
from collector.stage_batch import Batch
from collector.walk import rows
from collector.walk.context import Walk, keep
from collector.walk.digest import Digest, digest
from collector.walk.fetching import Fetcher, Key, StoredFile
from collector.walk.organization import Listed
from collector.walk.pool import for_each
from collector.walk.texts import PARSED, examined, masked
from collector.workflows.analyze import PARSER_VERSION

FAMILY: Final = WORKFLOW_TREES.family
# Texts are evidence of the trees that name them; progress counts them apart.
PROGRESS: Final = BLOBS.family
_CHUNK: Final = 200


@dataclass(slots=True)
class Texts:
    """The texts of a run: reads what is missing and remembers a digest of each."""

    walk: Walk
    repositories: dict[int, Listed] = field(default_factory=dict)
    # By id; filled when the list has been read.
    digests: dict[Key, Digest] = field(default_factory=dict)
    # By git id and kind.
    done: int = 0
    total: int = 0
    graphql: bool = False
    # GraphQL has answered for trees, so it is worth asking for texts.
    fetcher: Fetcher | None = None

    async def read(self) -> None:
        """Read every text that the stage's files name and nobody has."""
        files = self.files()
        wanted = self.missing(files)
        self.total, self.done = self.done + len(wanted), self.done
        self.walk.progress.started(PROGRESS, total=len(wanted))
        batches = self._fetcher.batches(list(wanted.values()))
        await for_each(batches, self._read_many, workers=self.walk.options.workers)
        self.walk.stage.flush()
        self._parse_stored(files)
        self.recall(files)
        self.walk.progress.finished(PROGRESS, done=len(wanted), detail="")

    def files(self) -> list[StoredFile]:
        """Return the files of this run's stage."""
        return [
            StoredFile(*row) for row in self.walk.stage.rows("workflow_file", *rows.FILE_COLUMNS)
        ]

    def missing(self, files: Sequence[StoredFile] | None = None) -> dict[str, list[StoredFile]]:
        """Return the files of each text that is still to be had."""
        wanted: dict[str, list[StoredFile]] = {}
        for file in self.files() if files is None else files:
            sha = file.blob_sha
            if file.key is None or sha is None or self._has(sha):
                continue
            wanted.setdefault(sha, []).append(file)
        return wanted

    def _has(self, sha: str) -> bool:
        return self.walk.stage.has_blob(sha) or sha in self.walk.known.blobs

    async def _read_many(self, wanted: Sequence[list[StoredFile]]) -> None:
        """Read a batch of texts with one query, and one by one what it does not bring."""
        contents: dict[str, bytes] = {}
        if len(wanted) > 1:
            answer, contents = await self._fetcher.many(wanted)
            with self.walk.stage.batch() as batch:
                keep(batch, answer, family=FAMILY)
                for files in wanted:
                    sha = str(files[0].blob_sha)
                    if sha in contents:
                        self._put(batch, sha, contents[sha], files)
            self._advance(len(contents))
        for files in wanted:
            if files[0].blob_sha not in contents:
                await self._read_one(files)

    async def _read_one(self, files: list[StoredFile]) -> None:
        sha = str(files[0].blob_sha)
        answers, content = await self._fetcher.one(sha, files)
        with self.walk.stage.batch(lazy=True) as batch:
            for answer in answers:
                keep(batch, answer, family=FAMILY, subject=str(files[0].repository_id))
            if content is None:
                put_failed(batch, files, answers[-1])
            else:
                self._put(batch, sha, content, files)
        self._advance(1)

    def _advance(self, count: int) -> None:
        self.done += count
        self.walk.progress.advanced(PROGRESS, done=self.done, total=self.total)

    @property
    def _fetcher(self) -> Fetcher:
        if self.fetcher is None:
            self.fetcher = Fetcher(self.walk, self.repositories, graphql=self.graphql)
        return self.fetcher

    def _put(self, batch: Batch, sha: str, content: bytes, files: Sequence[StoredFile]) -> None:
        text = masked(content, path=files[0].path)
        batch.put_blob(sha, text.content, masked=text.masked)
        for kind, file in {file.kind: file for file in reversed(files)}.items():
            self._put_facts(batch, sha, text.content, path=file.path, kind=kind)

    def _put_facts(self, batch: Batch, sha: str, content: bytes, *, path: str, kind: str) -> None:
        if kind not in PARSED:
            return
        found = examined(content, path=path, kind=kind)
        batch.put_facts(
            sha,
            kind=kind,
            parser_version=PARSER_VERSION,
            status=found.status,
            facts=found.facts,
            error=found.error,
            error_line=found.error_line,
        )
        self.digests[sha, kind] = digest(found.facts)

    def _parse_stored(self, files: Sequence[StoredFile]) -> None:
        """Read stored texts that this version of the parser, or this kind, has not seen."""
        known = self.walk.known.blobs
        unread = {
            file.key: file.path
            for file in files
            if file.key and file.kind in PARSED and file.key[0] in known
            if not self._has_facts(file.key)
        }
        for chunk in _chunks(sorted(unread)):
            contents = read_blobs(self.walk.inventory, {sha for sha, _ in chunk})
            with self.walk.stage.batch() as batch:
                for sha, kind in chunk:
                    if sha in contents:
                        name = unread[sha, kind]
                        self._put_facts(batch, sha, contents[sha], path=name, kind=kind)

    def _has_facts(self, key: Key) -> bool:
        versioned = (*key, PARSER_VERSION)
        return versioned in self.walk.known.facts or self.walk.stage.has_facts(*versioned)

    def recall(self, files: Sequence[StoredFile] | None = None) -> None:
        """Take the digests of texts that an earlier run, or this one before it was cut, has read."""
        files = self.files() if files is None else files
        keys = {file.key for file in files if file.key and file.kind in PARSED}
        for chunk in _chunks(sorted(keys - self.digests.keys())):
            shas = {sha for sha, _ in chunk}
            facts: dict[Key, Any] = read_facts(
                self.walk.inventory, shas, parser_version=PARSER_VERSION
            )
            facts |= self.walk.stage.read_facts(shas, parser_version=PARSER_VERSION)
            self.digests |= {key: digest(facts[key]) for key in chunk if key in facts}


def put_failed(batch: Batch, files: Sequence[StoredFile], answer: Answer) -> None:
    """Say of files whose text could not be had that they were not read, and of their trees too."""
    reason = answer.reason.value if answer.reason else "not_found_404"
    detail = answer.message or f"GitHub answered {answer.status}"
    put_unread(batch, files, reason=reason, detail=f"A file's text could not be read: {detail}.")


def put_unread(batch: Batch, files: Sequence[StoredFile], *, reason: str, detail: str) -> None:
    """Say of files that their text is not here; their tree is then read again next time."""
    for file in files:
        row = {
            "repository_id": file.repository_id,
            "path": file.path,
            "kind": file.kind,
            "blob_sha": file.blob_sha,
            "mode": file.mode,
            "size": file.size,
            "status": "failed",
            "reason": reason,
        }
        subject = str(file.repository_id)
        batch.put("workflow_file", [row], family=FAMILY, subject=subject)
        batch.record_coverage(FAMILY, subject, status="partial", reason=reason, detail=detail)


def _chunks(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(keys), _CHUNK):
        yield keys[start : start + _CHUNK]
