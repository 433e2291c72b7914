"""Workflow files of the demo organization that only it needs."""

from tests.fake_github.worlds.texts import CHECKOUT, LOGIN

REUSABLE_PUBLISH = f"""name: publish
on:
  workflow_call:
    inputs:
      image:
        type: string
        required: true
jobs:
  publish:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      packages: write
    steps:
      - uses: {CHECKOUT}
      - uses: {LOGIN}
        with:
          registry: ghcr.io
          username: acme-bot
          password: ${{{{ secrets.GHCR_PAT }}}}
      - run: |
          docker build -t ghcr.io/acme/${{{{ inputs.image }}}} .
          docker push ghcr.io/acme/${{{{ inputs.image }}}}
"""

REUSABLE_SCAN = f"""name: scan
on:
  workflow_call:
    inputs:
      image:
        type: string
        required: true
    secrets:
      registry-token:
        required: true
jobs:
  scan:
    runs-on: ubuntu-latest
    steps:
      - uses: {LOGIN}
        with:
          registry: ghcr.io
          username: acme-bot
          password: ${{{{ secrets.registry-token }}}}
      - run: docker pull ghcr.io/acme/${{{{ inputs.image }}}}
"""

COMPOSITE_LOGIN = f"""name: registry login
description: Log in to the Container registry.
inputs:
  token:
    description: A token that may read packages.
    required: true
runs:
  using: composite
  steps:
    - uses: {LOGIN}
      with:
        registry: ghcr.io
        username: ${{{{ github.actor }}}}
        password: ${{{{ inputs.token }}}}
"""

CALLS_PUBLISH_INHERIT = """name: release
on:
  push:
    branches: [main]
jobs:
  publish:
    permissions:
      contents: read
      packages: write
    uses: acme/platform-ci/.github/workflows/publish.yml@v1
    with:
      image: ledger
    secrets: inherit
"""

CALLS_SCAN = """name: nightly scan
on:
  schedule:
    - cron: "40 2 * * *"
jobs:
  scan:
    uses: acme/platform-ci/.github/workflows/scan.yml@v1
    with:
      image: checkout-api
    secrets:
      registry-token: ${{ secrets.SCAN_PAT }}
"""

USES_COMPOSITE = f"""name: integration
on: [push]
jobs:
  integration:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      packages: read
    steps:
      - uses: {CHECKOUT}
      - uses: acme/platform-ci/login@v1
        with:
          token: ${{{{ secrets.GHCR_PAT }}}}
      - run: docker pull ghcr.io/acme/warehouse-db:latest
"""

MATRIX_SECRET = f"""name: models
on: [workflow_dispatch]
jobs:
  push:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        include:
          - host: ghcr.io
            secret: GHCR_PAT
          - host: docker.io
            secret: DOCKERHUB_TOKEN
    steps:
      - uses: {CHECKOUT}
      - uses: {LOGIN}
        with:
          registry: ${{{{ matrix.host }}}}
          username: acme-bot
          password: ${{{{ secrets[matrix.secret] }}}}
      - run: docker push ${{{{ matrix.host }}}}/acme/ml-serving:latest
"""

LITERAL = """name: plan
on: [pull_request]
jobs:
  plan:
    runs-on: ubuntu-latest
    steps:
      - run: |
          docker login ghcr.io -u acme-bot -p Sommer2026-acme
          docker run ghcr.io/acme/terraform-runner:latest plan
"""

PULL_REQUEST_TARGET = f"""name: preview
on:
  pull_request_target:
    types: [opened, synchronize]
permissions:
  contents: read
  packages: write
jobs:
  preview:
    runs-on: ubuntu-latest
    steps:
      - uses: {CHECKOUT}
        with:
          ref: ${{{{ github.event.pull_request.head.sha }}}}
      - uses: {LOGIN}
        with:
          registry: ghcr.io
          username: ${{{{ github.actor }}}}
          password: ${{{{ secrets.GITHUB_TOKEN }}}}
      - run: make preview
"""

SERVICE_CREDENTIALS = f"""name: tests
on: [push]
jobs:
  tests:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    services:
      db:
        image: ghcr.io/acme/warehouse-db:latest
        credentials:
          username: acme-bot
          password: ${{{{ secrets.GHCR_PAT }}}}
    steps:
      - uses: {CHECKOUT}
      - run: make test
"""

MAVEN_SETTINGS = f"""name: build
on: [push]
jobs:
  build:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
      - uses: {CHECKOUT}
      - uses: actions/setup-java@99b8673ff64fbf99d8d325f52d9a5bdedb8483e9 # v4
        with:
          distribution: temurin
          java-version: "21"
          server-id: github
          server-username: MAVEN_USER
          server-password: MAVEN_PASSWORD
      - run: mvn --batch-mode verify
        env:
          MAVEN_USER: acme-bot
          MAVEN_PASSWORD: ${{{{ secrets.MAVEN_PAT }}}}
"""

HELM_OCI = f"""name: charts
on:
  push:
    tags: ["*"]
permissions:
  contents: read
  packages: write
jobs:
  charts:
    runs-on: ubuntu-latest
    steps:
      - uses: {CHECKOUT}
      - run: |
          echo "${{{{ secrets.GITHUB_TOKEN }}}}" | helm registry login ghcr.io -u x --password-stdin
          helm push chart.tgz oci://ghcr.io/acme/charts
"""

APP_TOKEN = f"""name: contracts
on: [push]
jobs:
  contracts:
    runs-on: ubuntu-latest
    steps:
      - id: app
        uses: actions/create-github-app-token@67018539274d69449ef7c02e8e71183d1719ab42 # v2
        with:
          app-id: ${{{{ vars.APP_ID }}}}
          private-key: ${{{{ secrets.APP_KEY }}}}
      - uses: {LOGIN}
        with:
          registry: ghcr.io
          username: x-access-token
          password: ${{{{ steps.app.outputs.token }}}}
"""

CLEANUP = """name: clean up
on:
  schedule:
    - cron: "5 4 * * 0"
jobs:
  clean:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/delete-package-versions@e5bc658cc4c965c472efe991f8beea3981499c55 # v5
        with:
          package-name: storefront-cache
          package-type: container
          min-versions-to-keep: 5
          token: ${{ secrets.CLEANUP_PAT }}
"""

BROKEN = """name: import
on: push
jobs:
  import:
    runs-on: ubuntu-latest
    steps:
      - run: |
          echo start
     - uses: actions/checkout@v4
  "unfinished: [
"""

DEPENDABOT = """version: 2
registries:
  acme-npm:
    type: npm-registry
    url: https://npm.pkg.github.com
    token: ${{ secrets.DEPENDABOT_PAT }}
updates:
  - package-ecosystem: npm
    directory: /
    registries: [acme-npm]
    schedule:
      interval: weekly
"""

FALLBACK = f"""name: import
on: [push]
jobs:
  import:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      packages: read
    steps:
      - uses: {LOGIN}
        with:
          registry: ${{{{ vars.REGISTRY }}}}
          username: ${{{{ github.actor }}}}
          password: ${{{{ secrets.IMPORT_PAT || secrets.GITHUB_TOKEN }}}}
      - run: docker pull ghcr.io/acme/importer:latest
"""

CODEOWNERS = "* @acme/platform\n/.github/ @acme/security\n"
