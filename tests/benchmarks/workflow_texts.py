"""Made-up workflow files of ordinary size and shape, for benchmarks and fuzzing: a seed gives the same ones."""

import random
from collections.abc import Iterator
from typing import Final

_STEPS: Final = (
    "      - uses: actions/checkout@v4\n        with:\n          fetch-depth: 0\n",
    "      - uses: actions/setup-node@v4\n        with:\n          node-version: 20\n          registry-url: https://npm.pkg.github.com\n",
    "      - run: npm ci\n        env:\n          NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}\n",
    (
        "      - name: Log in\n        uses: docker/login-action@v3\n        with:\n          registry: ghcr.io\n"
        "          username: ${{ github.actor }}\n          password: ${{ secrets.GITHUB_TOKEN }}\n"
    ),
    (
        "      - uses: docker/login-action@v3\n        with:\n          registry: ${{ env.REGISTRY }}\n"
        "          username: bot\n          password: ${{ secrets.GHCR_PAT || github.token }}\n"
    ),
    '      - run: echo "${{ secrets.CR_PAT }}" | docker login ghcr.io -u bot --password-stdin\n',
    (
        "      - name: Build\n        run: |\n          set -euo pipefail\n          for target in linux darwin; do\n"
        '            GOOS="$target" go build -o "dist/$target" ./cmd/...\n          done\n          ls -la dist\n'
    ),
    (
        "      - uses: docker/metadata-action@v5\n        id: meta\n        with:\n          images: ghcr.io/${{ github.repository }}\n"
        "          tags: |\n            type=ref,event=branch\n            type=semver,pattern={{version}}\n"
    ),
    (
        "      - uses: docker/build-push-action@v6\n        with:\n          context: .\n          push: ${{ github.event_name != 'pull_request' }}\n"
        "          tags: ${{ steps.meta.outputs.tags }}\n"
    ),
    (
        "      - name: Test\n        if: ${{ matrix.os != 'windows-latest' && always() }}\n        run: |\n          make test\n"
        '          echo "coverage=$(cat coverage.txt)" >> "$GITHUB_OUTPUT"\n'
    ),
    "      - uses: actions/cache@v4\n        with:\n          path: ~/.cache\n          key: ${{ runner.os }}-${{ hashFiles('**/go.sum') }}\n",
    "      # docker login ghcr.io -p ${{ secrets.OLD_PAT }}\n      - run: ./scripts/release.sh --dry-run\n",
)
_HEAD: Final = (
    "name: {name}\non:\n  push:\n    branches: [main]\n  pull_request:\n    types: [opened, synchronize]\n"
    "permissions:\n  contents: read\n  packages: write\nenv:\n  REGISTRY: ghcr.io\n  IMAGE: ghcr.io/acme/{name}\njobs:\n"
)
_JOB: Final = (
    "  {job}:\n    name: {job} on ${{{{ matrix.os }}}}\n    runs-on: ${{{{ matrix.os }}}}\n    strategy:\n      fail-fast: false\n"
    "      matrix:\n        os: [ubuntu-latest, macos-latest]\n        version: ['3.11', '3.12']\n    steps:\n"
)


def texts(count: int, *, seed: int = 1) -> Iterator[str]:
    """Yield workflow files of 2 to 10 KB."""
    chance = random.Random(seed)
    for number in range(count):
        wanted = chance.randint(2_000, 9_500)
        text = _HEAD.format(name=f"w{number}")
        job = 0
        while len(text) < wanted:
            text += _JOB.format(job=f"job{job}")
            for _ in range(chance.randint(3, 9)):
                text += chance.choice(_STEPS)
            job += 1
        yield text
