"""The generated workflow: plain bash and curl, read-only, pinned, and silent about what it asks."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pkginventory.probe_plan import Plan

ARTIFACT: Final = "pkginventory-probe"
SECRET: Final = "PKGINVENTORY_PROBE"  # noqa: S105 - a secret's name
FILE: Final = "pkginventory-probe.yml"
FORK_FILE: Final = "pkginventory-probe-fork.yml"
# actions/upload-artifact v6.0.0
UPLOAD: Final = "actions/upload-artifact@b7c566a772e6b6bfb58ed0dc250532a479d7789f # v6.0.0"
# GitHub Enterprise Server keeps artifacts as that action did before its fourth version: v3.2.2
UPLOAD_SERVER: Final = "actions/upload-artifact@c6a366c94c3e0affe28c06c8df20a878f24da3cf # v3.2.2"

# Kept free of ${{ }}: nothing that GitHub expands stands in the script itself.
SCRIPT: Final = r"""
set -euo pipefail
umask 077
work="$RUNNER_TEMP/pkginventory-probe"
answers="$work/answers.txt"
upload="$work/upload"
rm -rf "$work"
mkdir -p "$upload"
printf '%s\n' "$NAMES" | tr -d '\r' | sed '/^[[:space:]]*$/d' > "$work/names"
# Nothing that follows may show a name in the log, whatever goes wrong.
while read -r kind name reference; do
  case "$kind" in '' | '#'*) continue ;; esac
  printf '::add-mask::%s\n' "$name"
  if [ "$reference" != - ]; then printf '::add-mask::%s\n' "$reference"; fi
done < "$work/names"
if ! [ -s "$work/names" ]; then
  echo 'The list of packages is empty: set the secret first.'
  exit 1
fi
# Credentials lie in files of this job alone, not on command lines.
printf 'header = "Authorization: Bearer %s"\n' "$TOKEN" > "$work/api"
printf 'user = "x-access-token:%s"\n' "$TOKEN" > "$work/login"
status() {
  curl --silent --max-time 30 --output /dev/null --write-out '%{http_code}' "$@" || true
}
manifest='application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json'
manifest="$manifest, application/vnd.docker.distribution.manifest.list.v2+json"
manifest="$manifest, application/vnd.docker.distribution.manifest.v2+json"
# The registry gives a token for one image, or refuses it; the token then has to open the image.
ask_container() {
  local image="$OWNER/$1" code token
  code=$(curl --silent --max-time 30 --config "$work/login" --output "$work/grant" --write-out '%{http_code}' \
    "$REGISTRY/token?service=$SERVICE&scope=repository:$image:pull" || true)
  if [ "$code" != 200 ]; then
    printf '%s' "$code"
    return
  fi
  token=$(sed -n 's/.*"token"[[:space:]]*:[[:space:]]*"\([^"]*\)".*/\1/p' "$work/grant")
  printf 'header = "Authorization: Bearer %s"\n' "$token" > "$work/registry"
  if [ "$2" = - ]; then
    status --config "$work/registry" "$REGISTRY/v2/$image/tags/list?n=1"
  else
    status --config "$work/registry" --head --header "Accept: $manifest" "$REGISTRY/v2/$image/manifests/$2"
  fi
}
# A token that is not even good for its own repository would make every package look refused.
if [ "$(status --config "$work/api" "$API/repos/$GITHUB_REPOSITORY")" != 200 ]; then
  echo 'The token of this run does not open its own repository; nothing was asked.'
  exit 1
fi
{
  printf 'pkginventory-probe 1\n'
  printf 'plan %s\n' "$(sha256sum < "$work/names" | cut -d ' ' -f 1)"
  printf 'repository %s\nrun %s\ncommit %s\n' "$GITHUB_REPOSITORY" "$GITHUB_RUN_ID" "$COMMIT"
} > "$answers"
index=0 granted=0 refused=0 open=0
while read -r kind name reference; do
  case "$kind" in '' | '#'*) continue ;; esac
  index=$((index + 1))
  case "$kind" in
    container) code=$(ask_container "$name" "$reference") ;;
    *) code=$(status --config "$work/api" "$API/orgs/$ORGANIZATION/packages/$kind/$name") ;;
  esac
  printf '%d %s\n' "$index" "$code" >> "$answers"
  case "$code" in
    200) granted=$((granted + 1)) ;;
    403) refused=$((refused + 1)) ;;
    *) open=$((open + 1)) ;;
  esac
done < "$work/names"
if [ -n "$PUBLIC_KEY" ]; then
  printf '%s\n' "$PUBLIC_KEY" > "$work/team.pem"
  key=$(openssl rand -hex 32)
  iv=$(openssl rand -hex 16)
  printf '%s %s' "$key" "$iv" | openssl pkeyutl -encrypt -pubin -inkey "$work/team.pem" \
    -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -out "$upload/key"
  openssl enc -aes-256-cbc -K "$key" -iv "$iv" -in "$answers" -out "$upload/answers.enc"
else
  cp "$answers" "$upload/answers.txt"
fi
rm -f "$work/api" "$work/login" "$work/registry" "$work/grant" "$work/names" "$answers"
printf 'Asked for %d packages: %d could be read, %d were refused, %d are open.\n' \
  "$index" "$granted" "$refused" "$open"
"""


def render(
    plan: Plan,
    *,
    api_url: str,
    registry: str,
    version: str,
    public_key: str = "",
    server: bool = False,
) -> str:
    """Write the workflow of a plan.

    Args:
        plan: what is asked; a fork's one package stands in the text, since a fork gets no secret.
        api_url: GitHub's API as the runner reaches it.
        registry: the host of the Container registry.
        version: of this program.
        public_key: PEM text of the team's key; the answers are encrypted to it.
        server: it is for a GitHub Enterprise Server.
    """
    names = plan.names() if plan.from_fork else f"${{{{ secrets.{SECRET} }}}}"
    commit = "github.event.pull_request.head.sha" if plan.from_fork else "github.sha"
    trigger = "pull_request" if plan.from_fork else "workflow_dispatch"
    condition = (
        "\n    if: github.event.pull_request.head.repo.fork == true" if plan.from_fork else ""
    )
    return f"""\
# Made by pkginventory {version}: asks which packages the GITHUB_TOKEN of {plan.repository} may read.
# It reads only (packages: read), asks GitHub's API and Container registry and nothing else, logs counts and
# no names, and keeps an index and a status a package. Delete this file when the answers are imported.
# An edited copy is refused by `pkginventory probe import`.
name: pkginventory probe{" from a fork" if plan.from_fork else ""}
on:
  {trigger}:
permissions: {{}}
jobs:
  probe:{condition}
    runs-on: ubuntu-latest
    timeout-minutes: 60
    permissions:
      packages: read
    steps:
      - name: Ask
        shell: bash
        env:
          TOKEN: ${{{{ github.token }}}}
          NAMES: {_scalar(names)}
          COMMIT: ${{{{ {commit} }}}}
          ORGANIZATION: {_scalar(plan.org)}
          OWNER: {_scalar(plan.org.lower())}
          API: {_scalar(api_url)}
          REGISTRY: {_scalar(f"https://{registry}")}
          SERVICE: {_scalar(registry)}
          PUBLIC_KEY: {_scalar(public_key.strip())}
        run: |
{_indented(SCRIPT.strip(), by=10)}
      - name: Keep the answers
        uses: {UPLOAD_SERVER if server else UPLOAD}
        with:
          name: {ARTIFACT}
          path: ${{{{ runner.temp }}}}/pkginventory-probe/upload
          if-no-files-found: error
          retention-days: 5
"""


def git_blob_id(text: str) -> str:
    """Return git's id of a file."""
    data = text.encode()
    return hashlib.sha1(b"blob %d\0%s" % (len(data), data), usedforsecurity=False).hexdigest()


def _scalar(text: str) -> str:
    """Write a text as YAML has it; expressions stay as they are."""
    return text if text.startswith("${{") else json.dumps(text)


def _indented(text: str, *, by: int) -> str:
    return "\n".join(f"{' ' * by}{line}" if line else "" for line in text.split("\n"))
