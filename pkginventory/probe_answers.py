"""Read a probe's answers: decrypted, of the right plan, run and commit, one status a package."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from collector.errors import InventoryError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pkginventory.probe_plan import Asked, Plan

_GRANTED: Final = 200
# 404 may be a package that went meanwhile, 401 a token: only a refusal is a refusal.
_REFUSED: Final = 403
_HEAD: Final = ("pkginventory-probe", "plan", "repository", "run", "commit")
_ANSWER: Final = re.compile(r"([1-9][0-9]{0,5}) ([0-9]{3})")
_KEY_AND_IV: Final = re.compile(r"([0-9a-f]{64}) ([0-9a-f]{32})")


class ProbeError(InventoryError):
    """What a probe left behind is not what was asked for; nothing was stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a repository's token was answered about a package.

    Attributes:
        granted: None where the status settles nothing.
    """

    asked: Asked
    http_status: int
    granted: bool | None


def read_answers(
    files: Mapping[str, bytes],
    *,
    plan: Plan,
    run_id: int,
    head_sha: str,
    private_key: Path | None = None,
) -> tuple[Answer, ...]:
    """Return one answer a package of the plan.

    Raises:
        ProbeError: the answers belong to another plan, run or commit, or are not whole.
        UsageError: the private key can't be used.
    """
    text = _text(files, plan=plan, private_key=private_key)
    lines = text.splitlines()
    head = dict(line.partition(" ")[::2] for line in lines[: len(_HEAD)])
    expected = dict(
        zip(
            _HEAD,
            ("1", plan.digest, plan.repository, str(run_id), head_sha),
            strict=True,
        )
    )
    for name in _HEAD:
        if head.get(name, "").lower() != expected[name].lower():
            raise ProbeError(
                f"The answers name another {name} than was expected.",
                hint="Generate the workflow again, commit it, set the secret and start it once.",
            )
    return _answers(lines[len(_HEAD) :], plan=plan)


def _answers(lines: list[str], *, plan: Plan) -> tuple[Answer, ...]:
    statuses: dict[int, int] = {}
    for line in lines:
        match = _ANSWER.fullmatch(line)
        if match is None or int(match[1]) in statuses:
            raise ProbeError("The answers hold a line that no probe writes.")
        statuses[int(match[1])] = int(match[2])
    if sorted(statuses) != list(range(1, len(plan.packages) + 1)):
        raise ProbeError(
            f"The probe asked for {len(plan.packages):,} packages and answers {len(statuses):,}."
        )
    return tuple(
        Answer(asked=asked, http_status=statuses[number], granted=_granted(statuses[number]))
        for number, asked in enumerate(plan.packages, start=1)
    )


def _granted(status: int) -> bool | None:
    return True if status == _GRANTED else False if status == _REFUSED else None


def _text(files: Mapping[str, bytes], *, plan: Plan, private_key: Path | None) -> str:
    if plan.encrypted:
        if private_key is None:
            raise UsageError(
                "The answers are encrypted to the team's key.", hint="Give it with --private-key."
            )
        data = _decrypted(files, private_key)
    else:
        data = files.get("answers.txt", b"")
    try:
        return data.decode("ascii")
    except UnicodeDecodeError as error:
        raise ProbeError("The answers are no text.") from error


def _decrypted(files: Mapping[str, bytes], private_key: Path) -> bytes:
    from cryptography.hazmat.primitives import hashes, padding
    from cryptography.hazmat.primitives.asymmetric import padding as rsa_padding
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(private_key.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(
            f"{private_key} can't be used.", hint="It has to be an RSA key in PEM, unencrypted."
        ) from error
    if not isinstance(key, RSAPrivateKey):
        raise UsageError(f"{private_key} is no RSA key.")
    oaep = rsa_padding.OAEP(
        mgf=rsa_padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None
    )
    try:
        wrapped = key.decrypt(files.get("key", b""), oaep).decode("ascii")
        match = _KEY_AND_IV.fullmatch(wrapped)
        if match is None:
            raise ProbeError("The answers were encrypted in another way.")
        cipher = Cipher(algorithms.AES(bytes.fromhex(match[1])), modes.CBC(bytes.fromhex(match[2])))
        decryptor = cipher.decryptor()
        padded = decryptor.update(files.get("answers.enc", b"")) + decryptor.finalize()
        unpadder = padding.PKCS7(algorithms.AES.block_size).unpadder()
        return unpadder.update(padded) + unpadder.finalize()
    except ValueError as error:
        raise ProbeError("The answers can't be decrypted with this key.") from error
