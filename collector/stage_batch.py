"""What belongs together: rows, coverage, requests and checkpoints that are stored at once or not at all."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

from collector.stage_rows import Row, RowWriter, fixed_columns, json_text
from collector.tables import FAMILIES, LINK_TABLES, fact_table

Status = Literal[
    "complete", "unchanged", "partial", "denied", "unavailable", "failed", "not_collected"
]


class Batch:
    """A buffer of its own: it may stay open across `await`, and several may be open at once."""

    def __init__(
        self, org: str, *, writers: Mapping[str, RowWriter], observed_at: datetime
    ) -> None:
        self.rows: dict[str, list[tuple[Any, ...]]] = {}
        self.blobs: dict[str, tuple[Any, ...]] = {}
        self.facts: dict[tuple[str, str, int], tuple[Any, ...]] = {}
        self.requests: list[dict[str, Any]] = []
        self.pages: list[tuple[tuple[str, str], int, Any]] = []
        self.statuses: dict[tuple[str, str], str] = {}
        self._org = org
        self._writers = writers
        self._observed_at = observed_at

    def put(
        self,
        table: str,
        rows: Iterable[Row],
        *,
        family: str,
        subject: str = "",
        observed_at: datetime | None = None,
    ) -> None:
        """Add facts that the coverage of (family, subject) vouches for.

        Raises:
            ValueError: a row does not fit the table, or the family is none.
        """
        _check_family(family)
        if fact_table(table).name in LINK_TABLES:
            raise ValueError(f"{table} is derived when the stage is published")
        writer = self._writers[table]
        fixed = fixed_columns(
            writer,
            org=self._org,
            family=family,
            subject=subject,
            observed_at=observed_at or self._observed_at,
        )
        encoded = [writer.encode(row, fixed) for row in rows]
        self.rows.setdefault(table, []).extend(encoded)

    def put_blob(self, blob_sha: str, content: bytes, *, masked: int = 0) -> None:
        """Add a text whose literal credentials were masked."""
        self.blobs[blob_sha] = self._writers["blob"].encode(
            {"blob_sha": blob_sha, "size": len(content), "content": content, "masked": masked}, {}
        )

    def put_facts(
        self,
        blob_sha: str,
        *,
        kind: str,
        parser_version: int,
        status: str = "parsed",
        facts: Any = None,
        error: str | None = None,
        error_line: int | None = None,
    ) -> None:
        """Add what one version of the parser says of a text."""
        row = {
            "blob_sha": blob_sha,
            "kind": kind,
            "parser_version": parser_version,
            "status": status,
            "error_line": error_line,
            "error": error,
            "facts": facts,
        }
        self.facts[blob_sha, kind, parser_version] = self._writers["blob_facts"].encode(row, {})

    def record_coverage(
        self,
        family: str,
        subject: str = "",
        *,
        status: Status,
        http_status: int | None = None,
        reason: str | None = None,
        detail: str | None = None,
        seen: int | None = None,
        expected: int | None = None,
        credential: str | None = None,
        request_id: str | None = None,
        observed_at: datetime | None = None,
    ) -> None:
        """Say what was and was not read of a subject.

        `unchanged` means: asked, and what the inventory holds of this subject is still so.
        """
        _check_family(family)
        row = {
            "org": self._org,
            "family": family,
            "subject": subject,
            "status": status,
            "http_status": http_status,
            "reason": reason,
            "detail": detail,
            "seen": seen,
            "expected": expected,
            "credential": credential,
            "request_id": request_id,
            "observed_at": observed_at or self._observed_at,
        }
        self.rows.setdefault("coverage", []).append(self._writers["coverage"].encode(row, {}))
        self.statuses[family, subject] = status

    def record_request(
        self,
        *,
        method: str,
        path: str,
        status: int,
        observed_at: datetime | None = None,
        etag: str | None = None,
        request_id: str | None = None,
        body_sha256: str | None = None,
        credential: str | None = None,
        family: str | None = None,
        subject: str | None = None,
    ) -> None:
        """Add one answered request to the evidence; it is numbered when it is stored."""
        self.requests.append(
            {
                "method": method,
                "path": path,
                "status": status,
                "etag": etag,
                "request_id": request_id,
                "body_sha256": body_sha256,
                "observed_at": observed_at or self._observed_at,
                "credential": credential,
                "family": family,
                "subject": subject,
            }
        )

    def page_done(self, family: str, subject: str, page: int, state: Any = None) -> None:
        """Say that a page, counted from 1, is in this batch; `state` is what the next one needs."""
        if page < 1:
            raise ValueError(f"pages count from 1, not {page}")
        self._checkpoint(family, subject, page, state)

    def subject_done(self, family: str, subject: str = "") -> None:
        """Say that with this batch the whole subject has been dealt with."""
        self._checkpoint(family, subject, 0, None)

    def _checkpoint(self, family: str, subject: str, page: int, state: Any) -> None:
        _check_family(family)
        row = {
            "family": family,
            "subject": subject,
            "page": page,
            "state": None if state is None else json_text(state),
        }
        self.rows.setdefault("checkpoint", []).append(self._writers["checkpoint"].encode(row, {}))
        self.pages.append(((family, subject), page, state))


def _check_family(family: str) -> None:
    if family not in FAMILIES:
        raise ValueError(f"{family!r} is no endpoint family of the catalogue")
