"""Time `pkginventory scan` against zizmor on the same folder: `python -m tests.benchmarks.scanning [FILES]`.

Prints medians and ratios; nothing is asserted, for a machine is never quiet enough to fail on a clock.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from collector.workflows.analyze import analyze
from collector.workflows.link import link
from tests.benchmarks.workflow_texts import texts

RUNS = 3


def main() -> None:
    """Run the comparison and print it."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, ".github", "workflows")
        place.mkdir(parents=True)
        size = 0
        for number, text in enumerate(texts(count)):
            size += place.joinpath(f"w{number:05}.yml").write_text(text, encoding="utf-8")
        print(f"{count:,} files, {size / count / 1000:.1f} KB on average, {os.cpu_count()} cores")
        ours = timed([sys.executable, "-m", "pkginventory", "scan", folder, "--format", "jsonl"])
        print(
            f"pkginventory scan: {ours[0]:.2f} s, {count / ours[0]:,.0f} files/s, {ours[1]} MB peak of one process"
        )
        one_core(place)
        zizmor = Path(sys.executable).with_name("zizmor")
        if not zizmor.exists():
            print("zizmor is not installed: pip install zizmor")
            return
        theirs = timed([str(zizmor), "--offline", "--quiet", "--format", "json", folder])
        print(f"zizmor: {theirs[0]:.2f} s, {theirs[1]} MB; ratio {theirs[0] / ours[0]:.1f} times")


def timed(command: list[str]) -> tuple[float, int]:
    """Return the median seconds and the peak memory in MB of a command."""
    took = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        took.append(time.perf_counter() - begun)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    return statistics.median(took), peak


def one_core(place: Path) -> None:
    """Print what one core does, reading and linking, without starting Python."""
    files = [
        (f".github/workflows/{path.name}", path.read_bytes()) for path in sorted(place.iterdir())
    ]
    for path, data in files[:50]:
        analyze(data, path=path)
    begun = time.process_time()
    for path, data in files:
        link(analyze(data, path=path), repository="acme/shop")
    rate = len(files) / (time.process_time() - begun)
    print(f"one core, analyze and link: {rate:,.0f} files/s")


if __name__ == "__main__":
    main()
