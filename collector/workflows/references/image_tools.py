"""Which words of a container tool's command name an image, and what is done with it: a table."""

from dataclasses import dataclass, field
from typing import Final

ALL: Final = 99
LAST: Final = -1


@dataclass(frozen=True, slots=True)
class Rule:
    """One subcommand.

    Attributes:
        words: what stands behind the tool's name.
        takes: (operation, place among the other words); ALL for each of them.
        options: option -> operation of the image that it names.
        valued: further options that take a value.
        needs: an option without which nothing is done to a registry.
        kind: the reference's kind, when it is not the tool's name with the operation.
    """

    words: tuple[str, ...]
    takes: tuple[tuple[str, int], ...] = ()
    options: dict[str, str] = field(default_factory=dict)
    valued: frozenset[str] = frozenset()
    needs: tuple[str, ...] = ()
    kind: str = ""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_RUN: Final = _words(
    "-e --env --env-file -v --volume --mount -w --workdir -p --publish --name -u --user "
    "--network --net --entrypoint --platform -l --label --add-host --cpus -m --memory "
    "--shm-size --restart --hostname -h --device --cap-add --cap-drop --ulimit --tmpfs "
    "--link --expose --gpus --ipc --pid --security-opt --health-cmd --health-interval "
    "--health-retries --health-timeout --pull --dns --volumes-from --log-driver "
    "--log-opt --network-alias --cidfile --stop-timeout --userns --uidmap --authfile "
    "--creds --runtime --isolation --group-add --memory-swap --cgroupns --annotation -a "
    "--attach"
)
_BUILD: Final = _words(
    "-t --tag -f --file --build-arg --build-context --platform --target --label "
    "--cache-from --cache-to --secret --ssh -o --output --progress --builder --network "
    "--iidfile --metadata-file --add-host --shm-size --ulimit --provenance --sbom "
    "--attest --annotation --allow --isolation -m --memory --manifest --jobs --layers "
    "--format --authfile --creds"
)
_COMMON: Final = _words(
    "--platform --authfile --creds --src-creds --dest-creds --src-authfile "
    "--dest-authfile -f --format --arch --os --variant --version -d --destination "
    "--username --password -u -p --config --registry-config --artifact-type --annotation "
    "--annotation-file -o --output --digestfile --compression-format --key "
    "--certificate-identity --certificate-oidc-issuer --certificate-identity-regexp "
    "--certificate-oidc-issuer-regexp --type --predicate -a --path --source --revision "
    "-n --namespace --values --set --set-string --timeout --kubeconfig --kube-context "
    "--builder -c --severity --exit-code --input --template --scanners --ignorefile "
    "--sbom --attachment --retry-times --multi-arch --sign-by --tag -t --file "
    "--media-type"
)
_NOT_FLAGGED: Final = _COMMON - {"-a", "-t"}  # push -a, pull -a are flags

_DOCKER: Final = (
    Rule(("pull",), (("pull", 0),), valued=frozenset({"--platform"})),
    Rule(("push",), (("push", LAST),), valued=frozenset({"--platform", "--creds", "--authfile", "--digestfile", "-f", "--format"})),
    Rule(("run",), (("pull", 0),), valued=_RUN),
    Rule(("create",), (("pull", 0),), valued=_RUN),
    Rule(("image", "pull"), (("pull", 0),), valued=frozenset({"--platform"})),
    Rule(("image", "push"), (("push", 0),), valued=frozenset({"--platform"})),
    Rule(("container", "run"), (("pull", 0),), valued=_RUN),
    Rule(("build",), options={"-t": "push", "--tag": "push"}, valued=_BUILD, needs=("--push",)),
    Rule(("image", "build"), options={"-t": "push", "--tag": "push"}, valued=_BUILD, needs=("--push",)),
    Rule(("buildx", "build"), options={"-t": "push", "--tag": "push"}, valued=_BUILD, needs=("--push",)),
    Rule(("buildx", "imagetools", "create"), (("pull", ALL),), {"-t": "push", "--tag": "push"}, _COMMON),
    Rule(("buildx", "imagetools", "inspect"), (("pull", 0),), valued=_COMMON),
    Rule(("manifest", "push"), (("push", LAST),), valued=frozenset({"--creds", "--authfile", "-f", "--format"})),
    Rule(("manifest", "inspect"), (("pull", 0),)),
    Rule(("manifest", "create"), (("pull", ALL),)),
    Rule(("scout", "cves"), (("pull", 0),), valued=_COMMON),
)  # fmt: skip
_LOCAL: Final = (
    # These name an image that the job pushes elsewhere in its scripts.
    Rule(("tag",), (("push", 1),), kind="docker_tag"),
    Rule(("image", "tag"), (("push", 1),), kind="docker_tag"),
    Rule(("build",), options={"-t": "push", "--tag": "push"}, valued=_BUILD, kind="docker_build"),
    Rule(("buildx", "build"), options={"-t": "push", "--tag": "push"}, valued=_BUILD, kind="docker_build"),
    Rule(("bud",), options={"-t": "push", "--tag": "push"}, valued=_BUILD, kind="docker_build"),
)  # fmt: skip
_CRANE: Final = (
    *(
        Rule((word,), (("pull", 0),), valued=_COMMON)
        for word in ("pull", "digest", "manifest", "config", "ls", "export", "validate", "list")
    ),
    Rule(("push",), (("push", 1),), valued=_COMMON),
    Rule(("copy",), (("pull", 0), ("push", 1)), valued=_COMMON),
    Rule(("cp",), (("pull", 0), ("push", 1)), valued=_COMMON),
    Rule(("tag",), (("push", 0),), valued=_COMMON),
    Rule(("delete",), (("delete", 0),), valued=_COMMON),
    Rule(("mutate",), (("push", 0),), {"-t": "push", "--tag": "push"}, _COMMON),
    Rule(("append",), options={"-t": "push", "--new_tag": "push", "-b": "pull", "--base": "pull"}),
)
_HELM: Final = (
    Rule(("push",), (("push", 1),), valued=_NOT_FLAGGED, kind="helm_push"),
    Rule(("chart", "push"), (("push", 0),), valued=_NOT_FLAGGED),
    Rule(("pull",), (("pull", 0),), valued=_NOT_FLAGGED),
    Rule(("show", "chart"), (("pull", 0),), valued=_NOT_FLAGGED),
    Rule(("show", "values"), (("pull", 0),), valued=_NOT_FLAGGED),
    Rule(("install",), (("pull", 1),), valued=_NOT_FLAGGED),
    Rule(("upgrade",), (("pull", 1),), valued=_NOT_FLAGGED),
    Rule(("template",), (("pull", LAST),), valued=_NOT_FLAGGED),
)
_SIGN: Final = tuple(
    Rule((word,), (("push", ALL),), valued=_COMMON) for word in ("sign", "attest", "clean")
)
_SKOPEO: Final = (
    Rule(("copy",), (("pull", 0), ("push", 1)), valued=_COMMON - {"-a", "--multi-arch"} | {"--multi-arch"}),
    Rule(("sync",), (("pull", 0), ("push", 1)), valued=_COMMON - {"-a"} | {"--src", "--dest", "-s"}),
    Rule(("inspect",), (("pull", 0),), valued=_COMMON),
    Rule(("list-tags",), (("pull", 0),), valued=_COMMON),
    Rule(("delete",), (("delete", 0),), valued=_COMMON),
)  # fmt: skip
_FLUX: Final = (
    Rule(("push", "artifact"), (("push", 0),), valued=_COMMON),
    Rule(("tag", "artifact"), (("push", 0),), valued=_COMMON),
    Rule(("pull", "artifact"), (("pull", 0),), valued=_COMMON),
    Rule(("mod", "push"), (("push", 1),), valued=_COMMON),
    Rule(("mod", "pull"), (("pull", 0),), valued=_COMMON),
)

RULES: Final[dict[str, tuple[Rule, ...]]] = {
    "docker": _DOCKER,
    "podman": _DOCKER,
    "nerdctl": _DOCKER,
    "finch": _DOCKER,
    "buildah": (
        *_DOCKER,
        Rule(("from",), (("pull", 0),), valued=_RUN),
    ),
    "skopeo": _SKOPEO,
    "crane": _CRANE,
    "gcrane": _CRANE,
    "krane": _CRANE,
    "oras": (
        Rule(("push",), (("push", 0),), valued=_COMMON - {"-a"} | {"-a"}),
        Rule(("attach",), (("push", 0),), valued=_COMMON),
        Rule(("pull",), (("pull", 0),), valued=_NOT_FLAGGED),
        Rule(("copy",), (("pull", 0), ("push", 1)), valued=_COMMON),
        Rule(("cp",), (("pull", 0), ("push", 1)), valued=_COMMON),
        Rule(("tag",), (("push", 0),), valued=_COMMON),
        Rule(("discover",), (("pull", 0),), valued=_COMMON),
        Rule(("manifest", "fetch"), (("pull", 0),), valued=_COMMON),
        Rule(("manifest", "delete"), (("delete", 0),), valued=_COMMON),
        Rule(("repo", "tags"), (("pull", 0),), valued=_COMMON),
    ),
    "helm": _HELM,
    "cosign": (
        *_SIGN,
        Rule(("verify",), (("pull", ALL),), valued=_COMMON),
        Rule(("verify-attestation",), (("pull", ALL),), valued=_COMMON),
        Rule(("attach", "sbom"), (("push", 0),), valued=_COMMON),
        Rule(("copy",), (("pull", 0), ("push", 1)), valued=_COMMON),
    ),
    "notation": _SIGN,
    "flux": _FLUX,
    "timoni": _FLUX,
    "regctl": (
        Rule(("image", "copy"), (("pull", 0), ("push", 1)), valued=_COMMON),
        Rule(("image", "delete"), (("delete", 0),), valued=_COMMON),
        Rule(("tag", "delete"), (("delete", 0),), valued=_COMMON),
        Rule(("tag", "ls"), (("pull", 0),), valued=_COMMON),
    ),
    "trivy": (Rule(("image",), (("pull", 0),), valued=_COMMON | {"-f", "-s"}),),
    "pack": (
        Rule(("build",), (("push", 0),), valued=_COMMON | {"-B", "--env", "-e", "--buildpack", "-b", "--descriptor", "--run-image"}, needs=("--publish",)),
    ),
    "singularity": (Rule(("pull",), (("pull", LAST),)), Rule(("push",), (("push", 1),))),
    "apptainer": (Rule(("pull",), (("pull", LAST),)), Rule(("push",), (("push", 1),))),
}  # fmt: skip
LOCAL: Final[dict[str, tuple[Rule, ...]]] = dict.fromkeys(
    ("docker", "podman", "nerdctl", "buildah", "finch"), _LOCAL
)
