"""Run a fake GitHub for a person: `python -m tests.fake_github --port 8123 --world small`."""

import argparse
import asyncio
import sys

from tests.fake_github.limits import Limits
from tests.fake_github.server import FakeGitHub
from tests.fake_github.worlds import WORLDS


def main() -> None:
    """Read the options, say where and with which tokens, and serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m tests.fake_github", description=__doc__)
    parser.add_argument("--port", type=int, default=8123)
    parser.add_argument("--world", choices=sorted(WORLDS), default="small")
    parser.add_argument("--latency", type=float, default=0.0, help="milliseconds before answers")
    parser.add_argument("--real-limits", action="store_true", help="900 points a minute as well")
    parser.add_argument("--no-limits", action="store_true", help="as GHES: none, and no headers")
    parser.add_argument(
        "--canonical", action="store_true", help="write api.github.com into bodies (to record)"
    )
    chosen = parser.parse_args()
    limits = Limits(enabled=not chosen.no_limits)
    if chosen.real_limits:
        limits.per_minute, limits.graphql_per_minute = 900, 2000
    server = FakeGitHub(
        WORLDS[chosen.world](),
        limits,
        latency=chosen.latency / 1000,
        port=chosen.port,
        canonical=chosen.canonical,
    )
    out = sys.stdout.write
    out(f"world {chosen.world}: {', '.join(server.world.orgs)}\n")
    for profile in server.vault.by_profile:
        out(f"  {profile:20} {server.token(profile)}\n")
    out(f"listening on http://127.0.0.1:{chosen.port}\n")
    sys.stdout.flush()
    try:
        asyncio.run(server.serve())
    except KeyboardInterrupt:
        out("\n")


if __name__ == "__main__":
    main()
