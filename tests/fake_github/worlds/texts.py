"""Workflow files that several worlds use; each stands for one way to log in."""

CHECKOUT = "actions/checkout@b4ffde65f46336ab88eb53be808477a3936bae11 # v4"
LOGIN = "docker/login-action@74a5d142397b4f367a81961eba4e8cd7edddf772 # v3"


def docker_login(
    secret: str = "secrets.GITHUB_TOKEN",
    *,
    image: str = "ghcr.io/acme/shop",
    push: bool = True,
    on: str = "push",
    permissions: str = "packages: write",
    registry: str = "ghcr.io",
) -> str:
    """Log in with docker/login-action and build an image."""
    return f"""name: image
on: {on}
permissions:
  contents: read
  {permissions}
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: {CHECKOUT}
      - uses: {LOGIN}
        with:
          registry: {registry}
          username: ${{{{ github.actor }}}}
          password: ${{{{ {secret} }}}}
      - run: |
          docker build -t {image}:latest .
          {"docker push" if push else "docker run --rm"} {image}:latest
"""


def run_login(secret: str, *, image: str) -> str:
    """Log in from a shell step and pull an image."""
    return f"""name: scan
on:
  schedule:
    - cron: "12 3 * * *"
jobs:
  scan:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
      - name: Pull
        env:
          REGISTRY_TOKEN: ${{{{ secrets.{secret} }}}}
        run: |
          echo "$REGISTRY_TOKEN" | docker login ghcr.io -u acme-bot --password-stdin
          docker pull {image}:latest
"""


def npm_publish(secret: str, *, scope: str = "@acme") -> str:
    """Publish an npm package with setup-node's registry."""
    return f"""name: publish
on:
  release:
    types: [published]
jobs:
  publish:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      packages: write
    steps:
      - uses: {CHECKOUT}
      - uses: actions/setup-node@60edb5dd545a775178f52524783378180af0d1f8 # v4
        with:
          node-version: 22
          registry-url: https://npm.pkg.github.com
          scope: "{scope}"
      - run: npm ci
      - run: npm publish
        env:
          NODE_AUTH_TOKEN: ${{{{ secrets.{secret} }}}}
"""


def job_container(secret: str, *, image: str) -> str:
    """Run a job in a private image, with credentials on the container."""
    return f"""name: tests
on: [pull_request]
jobs:
  tests:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      packages: read
    container:
      image: {image}:latest
      credentials:
        username: ${{{{ github.actor }}}}
        password: ${{{{ secrets.{secret} }}}}
    steps:
      - uses: {CHECKOUT}
      - run: make test
"""


def plain_ci(*, language: str = "python", number: int = 0) -> str:
    """Test something and touch no registry."""
    return f"""name: ci
on: [push, pull_request]
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: {CHECKOUT}
      - run: make {language}-test SHARD={number}
"""


def maven_deploy(secret: str = "GITHUB_TOKEN") -> str:
    """Deploy to the Maven registry with setup-java."""
    return f"""name: deploy
on:
  push:
    tags: ["v*"]
jobs:
  deploy:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      packages: write
    steps:
      - uses: {CHECKOUT}
      - uses: actions/setup-java@99b8673ff64fbf99d8d325f52d9a5bdedb8483e9 # v4
        with:
          distribution: temurin
          java-version: "21"
          server-id: github
          server-username: GITHUB_ACTOR
          server-password: GITHUB_TOKEN
      - run: mvn --batch-mode deploy
        env:
          GITHUB_TOKEN: ${{{{ secrets.{secret} }}}}
"""
