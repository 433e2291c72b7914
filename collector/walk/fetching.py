"""Where a text comes from: many small ones with one query, any one by its id, and never unchecked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from collector.github.answers import Answer
from collector.github.cassette import MASKED_HEADER
from collector.github.endpoints import BLOBS
from collector.github.outcomes import Outcome
from collector.github.protocol import path
from collector.walk.answers import broken, was_denied, was_read
from collector.walk.context import Walk
from collector.walk.files import LARGEST_FILE, split_ref
from collector.walk.organization import Listed
from collector.walk.texts import git_id, matching
from collector.walk.treequery import alias, askable, text_query
from collector.walk.trees_rest import CONTENTS

PROGRESS: Final = BLOBS.family
# A text that one repository withholds may be had from another that has it too.
_SOURCES: Final = 3
# One query brings so many texts, and so many bytes: GitHub gives it ten seconds.
_BATCH: Final = 25
_BATCH_BYTES: Final = 400_000
# GitHub cuts large texts, at a length that is documented nowhere.
_LARGEST_IN_QUERY: Final = 60_000

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as the stage holds it."""

    repository_id: int
    path: str
    kind: str
    blob_sha: str | None
    mode: str | None
    size: int | None
    status: str
    reason: str | None

    @property
    def key(self) -> Key | None:
        """Return what its facts are kept by, None where it has none."""
        if self.blob_sha is None or self.status != "read":
            return None
        return self.blob_sha, self.kind


@dataclass(slots=True)
class Fetcher:
    """Gets texts from GitHub."""

    walk: Walk
    repositories: Mapping[int, Listed]
    graphql: bool

    def batches(self, wanted: Sequence[list[StoredFile]]) -> Iterator[list[list[StoredFile]]]:
        """Put texts together that one query can bring; the others stand alone."""
        batch: list[list[StoredFile]] = []
        size = 0
        for files in wanted:
            length = files[0].size
            if not self.graphql or length is None or length > _LARGEST_IN_QUERY:
                yield [files]
                continue
            if len(batch) == _BATCH or size + length > _BATCH_BYTES:
                yield batch
                batch, size = [], 0
            batch.append(files)
            size += length
        if batch:
            yield batch

    async def many(self, wanted: Sequence[list[StoredFile]]) -> tuple[Answer, dict[str, bytes]]:
        """Ask one query for several texts; return those that are what their ids say."""
        grouped: dict[int, list[str]] = {}
        for files in wanted:
            if askable(self.repositories[files[0].repository_id].full_name):
                grouped.setdefault(files[0].repository_id, []).append(str(files[0].blob_sha))
        asked = [(self.repositories[item].full_name, shas) for item, shas in grouped.items()]
        answer = await self.walk.graphql(text_query(asked), family=PROGRESS, tries=1)
        contents: dict[str, bytes] = {}
        data = answer.data if isinstance(answer.data, dict) else {}
        for index, shas in enumerate(grouped.values()):
            node = data.get(alias(index))
            for place, sha in enumerate(shas):
                content = _text(node.get(f"o{place}") if isinstance(node, dict) else None)
                if content is not None and git_id(content, like=sha) == sha:
                    contents[sha] = content
        # What brings nothing is not asked again; the hashes vouch for all that came.
        self.graphql = self.graphql and bool(contents)
        return answer, contents

    async def one(self, sha: str, files: Sequence[StoredFile]) -> tuple[list[Answer], bytes | None]:
        """Ask for a text, once more if what came is another, and elsewhere if it is withheld."""
        answers: list[Answer] = []
        for repository in self._sources(files):
            for _try in range(2):
                answer = await self._ask(sha, repository)
                content = self._content(answer, sha)
                if content is not None:
                    return [*answers, answer], content
                if was_read(answer):
                    answer = broken(answer, "the text is not what its id says")
                answers.append(answer)
                if answer.outcome is not Outcome.BROKEN:
                    break
            if not was_denied(answers[-1]):
                break
        if answers[-1].outcome is Outcome.NOT_FOUND:
            return await self._by_path(sha, files[0], answers)
        return answers, None

    async def _by_path(
        self, sha: str, file: StoredFile, answers: list[Answer]
    ) -> tuple[list[Answer], bytes | None]:
        """Ask for the file at its path, where the git endpoints answer 404."""
        repository = self.repositories[file.repository_id]
        name, ref = split_ref(file.path)
        url = path(CONTENTS, owner=repository.owner, repo=repository.name, path=name)
        self.walk.asked[PROGRESS] += 1
        answer = await self.walk.api.get_bytes(
            url, params={"ref": ref or repository.default_branch}, max_bytes=2 * LARGEST_FILE
        )
        content = matching(answer.data, sha) if was_read(answer) else None
        if content is None and was_read(answer):
            answer = broken(answer, "the text is not what its id says")
        return [*answers, answer], content

    def _content(self, answer: Answer, sha: str) -> bytes | None:
        if not was_read(answer):
            return None
        if self.walk.options.replayed and MASKED_HEADER in answer.headers:
            # A cassette keeps no literal credential, so such a text no longer hashes to its id.
            return bytes(answer.data)
        return matching(answer.data, sha)

    def _sources(self, files: Sequence[StoredFile]) -> Iterator[Listed]:
        ids = dict.fromkeys(file.repository_id for file in files)
        for repository_id in list(ids)[:_SOURCES]:
            yield self.repositories[repository_id]

    async def _ask(self, sha: str, repository: Listed) -> Answer:
        url = path(BLOBS.path, owner=repository.owner, repo=repository.name, sha=sha)
        self.walk.asked[PROGRESS] += 1
        # A server that knows no raw answers sends base64, which is a third longer.
        return await self.walk.api.get_bytes(url, max_bytes=2 * LARGEST_FILE)


def _text(node: Any) -> bytes | None:
    text = node.get("text") if isinstance(node, dict) else None
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else None
