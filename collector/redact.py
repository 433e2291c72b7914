"""Mask credentials in any text that leaves the process: known values, and all that look like one."""

import logging
import re
import traceback
from collections.abc import Iterable
from urllib.parse import quote

MASK = "***"
_SHORTEST_VALUE = 6
# Formats: https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
# Since 2026 `ghs_` tokens are about 520 characters long and hold `.`, `-` and `_`.
_PATTERNS = (
    re.compile(r"()gh[pousr]_[A-Za-z0-9_.\-]{10,}"),
    re.compile(r"()github_pat_[A-Za-z0-9_]{10,}"),
    # Only at the start of a run of such letters: "eyJeyJeyJ..." must not be scanned again and again.
    re.compile(r"()(?<![A-Za-z0-9_\-])eyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]*"),
    re.compile(r"(?s)()-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:(?!-----).)*"),
    re.compile(r"(?i)(\bbearer )[A-Za-z0-9._~+/=\-]{16,}"),
    re.compile(r"(?i)(\bauthorization[\"']?\s?[:=]\s?[\"']?(?:basic|bearer|token) )[^\s\"',;]+"),
    re.compile(r"(?i)([?&](?:access_)?token=)[^&\s\"']+"),
    re.compile(r"(://)[^/\s:@]{0,200}:[^/\s@]{1,600}(?=@)"),
)


class Scrubber:
    """Masks what it was told and what looks like a credential."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._values: dict[str, None] = {}
        for value in values:
            self.add(value)

    def add(self, value: str) -> None:
        """Mask this exact value from now on, also where a URL has encoded it."""
        if len(value) < _SHORTEST_VALUE:
            return
        for form in (value, quote(value, safe="")):
            self._values[form] = None
        # Longest first: a value that begins another must not leave the other's end in sight.
        self._values = dict.fromkeys(sorted(self._values, key=lambda form: (-len(form), form)))

    def scrub(self, text: str) -> str:
        """Return the text with each credential replaced by `***`."""
        for value in self._values:
            text = text.replace(value, MASK)
        for pattern in _PATTERNS:
            text = pattern.sub(rf"\1{MASK}", text)
        return text

    def __repr__(self) -> str:
        return f"Scrubber({len(self._values)} values)"


# One for the process: a credential that is read is masked everywhere, and no caller can forget it.
SCRUBBER = Scrubber()


def scrub(text: str) -> str:
    """Mask every credential that this process knows or recognizes."""
    return SCRUBBER.scrub(text)


class RedactingFilter(logging.Filter):
    """Masks credentials in a log record's message, arguments and traceback; drops nothing."""

    def __init__(self, scrubber: Scrubber = SCRUBBER) -> None:
        super().__init__()
        self._scrubber = scrubber

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place, so that every formatter sees masked text."""
        record.msg, record.args = self._scrubber.scrub(_message(record)), ()
        if record.exc_info:
            record.exc_text = self._scrubber.scrub(
                "".join(traceback.format_exception(*record.exc_info)).rstrip()
            )
            # The text is kept, the exception isn't: a formatter would print it unmasked.
            record.exc_info = None
        if record.stack_info:
            record.stack_info = self._scrubber.scrub(record.stack_info)
        return True


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        return f"{record.msg} {record.args!r}"
