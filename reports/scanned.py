"""What a scan found, for people (source frames), machines (JSON lines) and code scanning (SARIF)."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from collector.checkout.scan import Scanned
from collector.workflows.linked import RegistryLogin
from reports.sarif import LEVEL, document, fingerprints, location, rule_descriptor

_WRITES: Final = frozenset({"push", "delete", "restore"})

# Shared with a terminal: whatever a file says, it moves no cursor and changes no colour.
_TAB: Final = 0x09
_CONTROLS: Final = {code: "�" for code in (*range(0x20), *range(0x7F, 0xA0)) if code != _TAB}


def rule_of(login: RegistryLogin) -> str | None:
    """Return the rule that a login fails, None where it fails none."""
    return {"pat": "PKG002", "literal": "PKG013"}.get(login.credential) if login.registry else None


def severity_of(login: RegistryLogin) -> str:
    """Return how bad a finding is, as far as its file tells.

    Who may see the repository, and how far the secret reaches, only an inventory knows.
    """
    if login.credential == "literal":
        return "critical"
    return "high" if login.operation in _WRITES else "medium"


def json_line(scanned: Scanned, login: RegistryLogin) -> str:
    """Write one login as one line of JSON."""
    record = {
        "path": scanned.source.shown,
        "job": login.job,
        "line": login.line,
        "registry": login.registry or None,
        "host": login.host or None,
        "form": login.form,
        "credential": login.credential,
        "expression": login.expression or None,
        "via": login.via,
        "name": login.credential_name or None,
        "use_line": login.use_line,
        "step": login.step or None,
        "operation": login.operation,
        "rule": rule_of(login),
        "severity": severity_of(login) if rule_of(login) else None,
        "fallback": login.fallback,
        "reason_code": login.reason_code or None,
        "reason": login.reason or None,
        "login_path": login.login_path,
        "login_line": login.login_line,
        "hops": [asdict(hop) for hop in login.hops],
    }
    return json.dumps(record, ensure_ascii=False)


def text_lines(
    found: Sequence[Scanned], *, lines_of: Callable[[Scanned], Sequence[str]]
) -> Iterator[str]:
    """Write every finding with the source around it, then what was seen in numbers.

    Args:
        found: the files.
        lines_of: gives a file's lines again; only asked for files with findings.
    """
    for scanned in found:
        findings = [login for login in scanned.logins if rule_of(login)]
        source = lines_of(scanned) if findings else ()
        for login in findings:
            yield from _frame(scanned, login, source)
    yield from summary_lines(found)


def summary_lines(found: Sequence[Scanned]) -> Iterator[str]:
    """Say what was read, what was found and what the text does not tell."""
    logins = [login for scanned in found for login in scanned.logins]
    kinds = Counter(login.credential for login in logins if login.registry)
    broken = sum(scanned.error is not None for scanned in found)
    counted = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
    yield (
        f"{len(found):,} files, {sum(kinds.values()):,} logins to GitHub Packages registries"
        + (f" ({counted})" if counted else "")
    )
    unsaid = sum(not login.registry for login in logins)
    if unsaid:
        yield f"{unsaid:,} logins whose registry the text does not say (--unresolved shows them)"
    if broken:
        yield f"{broken:,} files could not be read"


def _frame(scanned: Scanned, login: RegistryLogin, source: Sequence[str]) -> Iterator[str]:
    rule, severity = rule_of(login), severity_of(login)
    yield f"{severity} {rule}: {_sentence(login)}"
    yield f"  --> {printable(scanned.source.shown)}:{login.line}"
    first = max(1, login.line - 1)
    for number in range(first, min(len(source), login.line + 1) + 1):
        mark = ">" if number == login.line else " "
        yield f" {mark}{number:>5} | {printable(source[number - 1])}".rstrip()
    if login.hops:
        yield "        = by way of " + ", ".join(printable(hop.text) for hop in login.hops)
    yield ""


def _sentence(login: RegistryLogin) -> str:
    name = printable(login.credential_name)
    what = "a literal credential" if login.credential == "literal" else f"the stored secret {name}"
    does = f" to {login.operation}" if login.operation != "unknown" else ""
    return (
        f"job {printable(login.job) or '-'} logs in to {printable(login.host)}{does} with {what}"
        f" ({login.form}); use GITHUB_TOKEN"
    )


def printable(text: str) -> str:
    """Return text that a terminal shows and does not obey."""
    return text.translate(_CONTROLS)


def sarif(found: Sequence[Scanned], *, version: str, rules: Mapping[str, Mapping[str, str]]) -> str:
    """Write the findings as SARIF 2.1.0, for code scanning.

    Args:
        found: the files.
        version: of this program.
        rules: by id: name, title, description, remediation.
    """
    used = sorted(rules)
    results = [
        _result(scanned, login, index=used.index(rule))
        for scanned in found
        for login in scanned.logins
        if (rule := rule_of(login)) is not None
    ]
    broken = [
        {
            "level": "error",
            "message": {"text": f"{item.source.shown}:{item.error_line}: {item.error}"},
        }
        for item in found
        if item.error is not None
    ]
    run = {
        "tool": {
            "driver": {
                "name": "pkginventory",
                "semanticVersion": version,
                "rules": [_rule(name, rules[name]) for name in used],
            }
        },
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": broken}],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return document(run, indent=2)


def _rule(name: str, words: Mapping[str, str]) -> dict[str, Any]:
    severity = "critical" if name == "PKG013" else "high"
    return rule_descriptor(name, severity=severity, words=dict(words))


def _result(scanned: Scanned, login: RegistryLogin, *, index: int) -> dict[str, Any]:
    rule, path = rule_of(login), scanned.source.path
    # A line number is part of no fingerprint: it changes with every edit above it.
    parts = (path, login.job, login.form, login.registry, login.credential_name, str(login.ordinal))
    digest = hashlib.sha256("\n".join((str(rule), *parts)).encode()).hexdigest()[:32]
    return {
        "ruleId": rule,
        "ruleIndex": index,
        "level": LEVEL[severity_of(login)],
        "message": {"text": _sentence(login)},
        "locations": [location(path, login.line)],
        "partialFingerprints": fingerprints(digest),
    }
