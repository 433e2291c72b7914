"""The sentinel that stands for a literal credential: as long as what it covers, and known again."""

import re
from typing import Final

_WORD: Final = "MASKED"
# What says which kind of token it is stays: it is no secret, and people want to know.
_KIND: Final = r"(?:gh[pousr]_|github_pat_)?"
_COVERED: Final = re.compile(
    rf"{_KIND}(?:{_WORD})*(?:{'|'.join(_WORD[:n] for n in range(5, 0, -1))})?"
)
# Blanks and colons stay: they part lines, words, and a user from a password.
_PIECE: Final = re.compile(r"[^\s:]+")


def cover(text: str) -> str:
    """Return the sentinel in place of a credential, piece by piece, at equal length."""
    return _PIECE.sub(lambda match: _covering(len(match[0])), text)


def is_covered(text: str) -> bool:
    """Tell whether a text holds nothing but sentinels."""
    return all(_COVERED.fullmatch(match[0]) for match in _PIECE.finditer(text))


def _covering(length: int) -> str:
    return (_WORD * (length // len(_WORD) + 1))[:length]
