"""Feed mutated workflow files to the parser: `python -m tests.benchmarks.fuzzing [FILES] [SEED]`.

No crash, no file over a second, no growth of memory; a failing text is printed with its number.
"""

import random
import resource
import sys
import time
import traceback
from collections.abc import Callable
from itertools import islice
from typing import Final

from collector.workflows.analyze import analyze
from collector.workflows.facts import FileFacts
from collector.workflows.link import link
from collector.workflows.mask import mask_literals
from tests.benchmarks.workflow_texts import texts

LONGEST_SECONDS: Final = 1.0
_PIECES: Final = (
    "${{", "}}", "|", ">", "&a ", "*a", "<<: ", "{", "[", "]", "}", "\t", "\r\n", "\x00", "\ufeff", "\u2028", "'", '"',
    "on:", "jobs:", "- ", "  ", "secrets.X", "&&", "||", "format('{0}', secrets.A)", "fromJSON('[1]')", "toJSON(secrets)",
    "docker login ghcr.io -p ", "<<EOF\n", "$(", "`", "\\\n", "ghp_" + "a" * 36, "é", "😀", "!!python/object", "---\n", "%YAML 1.2\n",
)  # fmt: skip


def main() -> None:
    """Run the mutations and print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 20261123
    chance = random.Random(seed)
    stock = [text.encode() for text in islice(texts(400, seed=seed), 400)]
    parsed = failed = 0
    slowest, begun, warm = 0.0, time.perf_counter(), 0
    for number in range(count):
        data = mutated(chance.choice(stock), chance)
        facts, took = one(data, number)
        slowest = max(slowest, took)
        parsed += facts.parse_error is None
        failed += facts.parse_error is not None
        if number == count // 10:
            warm = memory()
    rate = count / (time.perf_counter() - begun)
    print(f"{count:,} files, seed {seed}: {parsed:,} parsed, {failed:,} parse errors, 0 crashes")
    print(
        f"slowest {slowest:.3f} s; {rate:,.0f} files/s; memory {warm} MB after a tenth, {memory()} MB at the end"
    )


def one(data: bytes, number: int) -> tuple[FileFacts, float]:
    """Read one text in every way; stop with the text when something goes wrong."""
    begun = time.perf_counter()
    try:
        masked = mask_literals(data, path=".github/workflows/x.yml")
        facts = analyze(masked.data, path=".github/workflows/x.yml")
        again = FileFacts.from_json(facts.to_json())
        link(again, repository="acme/shop")
    except Exception:  # noqa: BLE001 - any crash at all is the finding
        traceback.print_exc()
        sys.exit(f"file {number} crashed: {data!r}")
    took = time.perf_counter() - begun
    if took > LONGEST_SECONDS:
        sys.exit(f"file {number} took {took:.1f} s: {data!r}")
    return facts, took


def memory() -> int:
    """Return the peak memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Change a text in one or two places."""
    text = data.decode("utf-8")[: chance.randint(200, 9_000)]
    for _ in range(chance.randint(1, 2)):
        text = chance.choice(_MUTATIONS)(text, chance)
    raw = text.encode("utf-8", "replace")
    if chance.random() < 0.1 and raw:  # one in ten is no UTF-8
        at = chance.randrange(len(raw))
        raw = raw[:at] + bytes([chance.randrange(256)]) + raw[at + 1 :]
    return raw


def _insert(text: str, chance: random.Random) -> str:
    at = chance.randint(0, len(text))
    return text[:at] + chance.choice(_PIECES) * chance.choice((1, 1, 1, 2, 30)) + text[at:]


def _remove(text: str, chance: random.Random) -> str:
    at = chance.randint(0, len(text))
    return text[:at] + text[at + chance.randint(1, 40) :]


def _swap_lines(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    first, second = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]
    return "\n".join(lines)


def _repeat(text: str, chance: random.Random) -> str:
    at = chance.randint(0, len(text))
    piece = text[at : at + chance.randint(1, 80)]
    return text[:at] + piece * chance.randint(2, 12) + text[at:]


def _indent(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    lines[at] = " " * chance.randint(1, 9) + lines[at]
    return "\n".join(lines)


_MUTATIONS: Final[tuple[Callable[[str, random.Random], str], ...]] = (
    _insert,
    _remove,
    _swap_lines,
    _repeat,
    _indent,
)

if __name__ == "__main__":
    main()
