"""Credentials that a text shows by their shape or by the word before them, wherever they stand."""

import re
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from collector.workflows.sentinel import cover, is_covered

# What a value may not begin with: expressions, variables, options, other YAML and shell syntax.
_VALUE: Final = r"[^\s\"'$`{}\[\]()<>|&;,#\\%@!*?~.-][^\s\"'$`{}()<>|;,\\]*"
_SUSPECT: Final = (
    r"(?:pass(?:word|wd|phrase)?|passwort|_?auth[-_]?token|(?:^|(?<=[-_.\w]))token"
    r"|api[-_]?key|access[-_]?key|private[-_]?key|client[-_]?secret|_auth|auth[-_]?ident)"
)
# Values at such keys that are no credentials: YAML's words, permissions, names of variables.
_NO_SECRET: Final = re.compile(
    r"(?i:true|false|yes|no|on|off|null|none|read|write|inherit|required|optional|default|string"
    r"|boolean|secrets?\..*|env\..*|github\..*|inputs\..*|steps\..*|process\.env.*|os\.environ.*)"
    r"|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|\./.*|/.*/.*"
)
# Inputs that take the name of a variable, not its value.
_NAMES_A_VARIABLE: Final = re.compile(r"server-password|gpg-passphrase|id-token", re.IGNORECASE)
_PLAIN_ENOUGH: Final = re.compile(r"pass|_auth", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shape:
    """A pattern whose group `v` is the credential.

    Attributes:
        hints: texts of which one must be there, lower case, before the pattern is tried.
        judge: refuses matches that only look like credentials.
        by_line: the pattern begins at the beginning of a line, and the hint stands on that line.
    """

    pattern: re.Pattern[str]
    hints: tuple[str, ...]
    judge: "Callable[[re.Match[str]], bool] | None" = None
    by_line: bool = False


def _has_digit(match: re.Match[str]) -> bool:
    return any(char.isdigit() for char in match["v"])


def _is_secret(match: re.Match[str]) -> bool:
    """Tell whether a value at a key that sounds secret is a credential."""
    value, key = match["v"].rstrip(), match["k"]
    if _NO_SECRET.fullmatch(value) or _NAMES_A_VARIABLE.search(key):
        return False
    if _PLAIN_ENOUGH.search(key):
        return True
    # `token: default` is a word; a credential is longer and has figures in it.
    return len(value) >= _SHORTEST_TOKEN and any(char.isdigit() for char in value)


_SHORTEST_TOKEN: Final = 12

_SHAPES: Final = (
    # GitHub's own tokens; those of 2026 are about 520 characters long with `.`, `-` and `_`.
    Shape(re.compile(r"gh[pousr]_(?P<v>[A-Za-z0-9]{16,})(?![\w.-])"), ("gh",)),
    Shape(re.compile(r"(?<!secrets\.)gh[pousr]_(?P<v>[A-Za-z0-9_.\-]{20,})"), ("gh",), _has_digit),
    Shape(re.compile(r"github_pat_(?P<v>[A-Za-z0-9_]{20,})"), ("github_pat_",), _has_digit),
    # A run of such letters is looked at once, from its start.
    Shape(
        re.compile(r"(?<![A-Za-z0-9_\-])(?P<v>eyJ[\w\-]{8,}\.[\w\-]{8,}(?:\.[\w\-]*)?)"), ("eyj",)
    ),
    Shape(
        re.compile(
            r"(?:npm_(?=[A-Za-z0-9]{36})|dckr_[po]at_|glpat-|pypi-Ag|rubygems_|xox[abprs]-|sk_live_"
            r"|hvs\.|AKIA|oy2)(?P<v>[A-Za-z0-9_\-]{16,})"
        ),
        (
            "npm_",
            "dckr_",
            "glpat-",
            "pypi-ag",
            "rubygems_",
            "xox",
            "sk_live_",
            "hvs.",
            "akia",
            "oy2",
        ),
        _has_digit,
    ),
    Shape(
        re.compile(r"(?s)-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?P<v>(?:(?!-----).){1,20000})"),
        ("private key-----",),
    ),
    Shape(re.compile(r"(?i)\bbearer[ ]+(?P<v>[A-Za-z0-9._~+/=\-]{12,})"), ("bearer ",), _has_digit),
    Shape(
        re.compile(
            r"(?i)authorization[\"']?[ ]?[:=][ ]?[\"']?(?:basic|bearer|token)[ ]+"
            r"(?P<v>[A-Za-z0-9._~+/=\-]{4,})(?![\w$])"
        ),
        ("authorization",),
    ),
    # user:password@host; an image's digest (`:tag@sha256:`) is none.
    Shape(
        re.compile(r"://[^\s/:@\"'$]{0,200}:(?P<v>[^\s/@$\"'{}<>%]{1,600})@(?!sha(?:256|512):)"),
        ("://",),
    ),
    # .npmrc, in a file or on a command line
    Shape(
        re.compile(
            r"(?P<k>_authToken|_password|_auth)[ ]?(?:=|[ ])[ ]*[\"']?(?P<v>" + _VALUE + r")"
        ),
        ("_auth", "_password"),
        lambda match: not _NO_SECRET.fullmatch(match["v"]),
    ),
    # settings.xml and nuget.config
    Shape(
        re.compile(
            r"(?i)<(?P<k>password|passphrase|privatekey)>[ ]*(?P<v>[^<>$\s{}][^<>$\n{}]*)</"
        ),
        ("<pass", "<privatekey"),
        lambda match: not _NO_SECRET.fullmatch(match["v"]),
    ),
    Shape(
        re.compile(
            r"(?i)<add[ ]+key=[\"'](?:cleartext)?password[\"'][ ]+value=[\"'](?P<v>[^\"'%$\n]+)[\"']"
        ),
        ("<add ",),
    ),
    # config.json, and other JSON
    Shape(
        re.compile(
            r"\\?\"(?P<k>auth|password|identitytoken|registrytoken)\\?\"\s{0,20}:\s{0,20}"
            r"\\?\"(?P<v>[^\"$\s{}\\]+)\\?\""
        ),
        ('"auth', '"pass', 'token"', '"secret'),
        lambda match: not _NO_SECRET.fullmatch(match["v"]),
    ),
    Shape(
        re.compile(r"\bmachine\s+\S{1,200}\s+login\s+\S{1,200}\s+password\s+(?P<v>[^\s$\"'<>|]+)"),
        ("machine",),
    ),
    # --password=…, --api-key=…; with a blank before it only where it can't be a word of a sentence
    Shape(
        re.compile(
            r"--(?P<k>password|passwd|pass|token|api-key|auth-token|docker-password)="
            r"[\"']?(?P<v>" + _VALUE + r")"
        ),
        ("--pass", "--token", "--api-key", "--auth-token", "--docker-pass"),
        _is_secret,
    ),
    Shape(
        re.compile(
            r"--(?P<k>password|passwd|pass|token|api-key|auth-token|docker-password)[ ]+"
            r"[\"']?(?P<v>" + _VALUE + r")"
        ),
        ("--pass", "--token", "--api-key", "--auth-token", "--docker-pass"),
        lambda match: _has_digit(match) and _is_secret(match),
    ),
    # a YAML key, a variable or a property that sounds secret, at the beginning of a line
    Shape(
        re.compile(
            r"(?mi)[ \t]*(?:-[ ]+)?(?:export[ ]+|set[ ]+|\$env:)?[\"']?"
            r"(?P<k>[\w.:/-]{0,80}?" + _SUSPECT + r"|BUNDLE_\w*GITHUB\w*|[\w.]{0,80}gpr\.key)[\"']?"
            r"(?::[ ]+|=|[ ]=[ ])(?:\"(?=[^\"\n$]*\")|'(?=[^'\n$]*'))?"
            r"(?P<v>" + _VALUE + r")(?=[\"'\s,;]|$)"
        ),
        (
            "pass",
            "token",
            "apikey",
            "api-key",
            "api_key",
            "access",
            "private",
            "client",
            "_auth",
            "ident",
            "gpr.key",
            "bundle_",
        ),
        _is_secret,
        by_line=True,
    ),
    # the same in flow style: `with: {registry: ghcr.io, password: hunter2}`
    Shape(
        re.compile(
            r"(?i)[{,][ ]*[\"']?(?P<k>[\w-]{0,80}?pass(?:word|wd)?)[\"']?[ ]*:[ ]+[\"']?"
            r"(?P<v>" + _VALUE + r")(?=[\"']?[ ]*[,}])"
        ),
        ("pass",),
        _is_secret,
    ),
)


def cover_shapes(text: str) -> tuple[str, int]:
    """Cover every credential that shows itself; return the text and how many there were."""
    lowered = text.lower()
    if len(lowered) != len(text):
        # Some letters are two in lower case; hints are ASCII.
        lowered = text.translate(_LOWER)
    count = 0
    for shape in _SHAPES:
        if True in [hint in lowered for hint in shape.hints]:  # faster than a generator
            text, found = _cover(text, lowered, shape)
            count += found
    return text, count


_LOWER: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def _cover(text: str, lowered: str, shape: Shape) -> tuple[str, int]:
    pieces: list[str] = []
    at = count = 0
    matches = _by_line(text, lowered, shape) if shape.by_line else shape.pattern.finditer(text)
    for match in matches:
        if is_covered(match["v"]) or (shape.judge is not None and not shape.judge(match)):
            continue
        start, end = match.span("v")
        pieces.extend((text[at:start], cover(text[start:end])))
        at = end
        count += 1
    return ("".join([*pieces, text[at:]]), count) if count else (text, 0)


def _by_line(text: str, lowered: str, shape: Shape) -> Iterator[re.Match[str]]:
    """Yield the matches at the beginning of the lines that have a hint."""
    starts: set[int] = set()
    for hint in shape.hints:
        at = lowered.find(hint)
        while at >= 0:
            starts.add(lowered.rfind("\n", 0, at) + 1)
            end = lowered.find("\n", at)
            at = lowered.find(hint, end) if end >= 0 else -1
    for start in sorted(starts):
        match = shape.pattern.match(text, start)
        if match is not None:
            yield match
