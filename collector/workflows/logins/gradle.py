"""Gradle: a token in the environment, by `-P`, or in a properties file that a step writes.

The registry's address stands in the build file, so it takes a sign that GitHub Packages is meant.
"""

import re
from typing import TYPE_CHECKING, Final

from collector.workflows.commands import Command
from collector.workflows.flat import Flat
from collector.workflows.logins.base import Form, Found
from collector.workflows.logins.meant import OTHERS, meant, named_in_file, only_packages
from collector.workflows.logins.texts import lines, written
from collector.workflows.logins.tools import is_job_token, may_be_secret, spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector.workflows.job_context import JobContext
    from collector.workflows.step_context import StepContext
    from collector.workflows.terms import Term

_HOST: Final = "maven.pkg.github.com"
_GRADLE: Final = re.compile(r"(?:^|[\s/\\.\"'(&;|])gradlew?(?:\.bat)?(?=[\s\"'\\]|$)")
_ACTION: Final = re.compile(r"gradle-build-action|setup-gradle|gradle-command-action|/gradle")
# Publishing elsewhere has tasks of its own: a Maven cache, plugin portals, app stores, mod sites.
_PUBLISH: Final = re.compile(
    r"(?:^|[\s:\"'])publish(?!\w{0,80}(?:mavenlocal|plugins?\b|mods|bundle|apk|central|sonatype))"
    r"|uploadarchives",
    re.IGNORECASE,
)
_CREDENTIAL: Final = re.compile(r"token|key|pass|pat$|secret|_pw$|\.pw$", re.IGNORECASE)
_NO_CREDENTIAL: Final = re.compile(
    r"user|actor|name$|sign|gpg|pgp|sonar|codecov|store|alias|cache|api_?url|slack", re.IGNORECASE
)
# Names that say whose credential it is.
_OWN: Final = re.compile(
    r"gpr|git_?hub|(?:^|[^a-z])gh(?:p|_|\.|-)|packages?[._-]?(?:read_?)?(?:token|key|pat|pass)",
    re.IGNORECASE,
)
# What the starter workflow and many build files call it.
_PLAIN: Final = re.compile(r"^(?:TOKEN|PASSWORD|PAT|MAVEN_(?:TOKEN|PASSWORD)|REPO_TOKEN)$")
_SURE: Final = re.compile(r"gpr|packages", re.IGNORECASE)
_PROPERTY: Final = re.compile(r"[ \t]*([\w.-]{1,100})[ \t]*=[ \t]*[\"']?(\S+)")
_PREFIX: Final = "ORG_GRADLE_PROJECT_"


def find(job: "JobContext") -> Found:
    """Yield a login for each token that a job gives to Gradle for GitHub Packages."""
    told: set[str] = set()
    for step in job.steps:
        if _runs_gradle(step):
            yield from _by_option(step)
            yield from _by_environment(step, told)
    for item in written(job, ("properties",)):
        if not item.path.endswith(".properties"):
            continue
        for at, line in lines(item.text):
            match = _PROPERTY.match(line)
            if match is None or not _is_token(match[1]):
                continue
            value = item.flat.term(match[2].strip("\"'"), line=item.line_of(at))
            if may_be_secret(value) and _for_packages(item.step, match[1], value, publishes=False):
                yield item.step.login(
                    "gradle.properties", host=None, credential=value, line=item.line_of(at),
                    default_host=_HOST,
                )  # fmt: skip


def _runs_gradle(step: "StepContext") -> bool:
    if step.uses is not None and step.script_node is None:
        return bool(_ACTION.search(step.uses.name)) and step.input("arguments") is not None
    return bool(_GRADLE.search(spoken(step)))


def _by_option(step: "StepContext") -> Found:
    for name, value, line in _properties(step):
        if not (_is_token(name) and may_be_secret(value)):
            continue
        if _for_packages(step, name, value, publishes=_publishes(step)):
            yield step.login(
                "gradle -P",
                host=None,
                credential=value,
                line=line,
                default_host=_HOST,
                operation="push" if _publishes(step) else "",
            )


def _properties(step: "StepContext") -> "Iterator[tuple[str, Term, int]]":
    """Yield name, value and line of each `-Pname=value`."""
    arguments = step.input("arguments") if step.uses is not None else None
    if arguments is not None:
        flat = Flat.of(arguments, line=step.input_line("arguments"))
        words = tuple(flat.term(word.strip("\"'")) for word in flat.text.split())
        yield from _options(Command(words, flat.line))
        return
    for command in step.script.commands if "-p" in spoken(step) else ():
        if command.name.startswith("gradle"):
            yield from _options(command)


def _options(command: Command) -> "Iterator[tuple[str, Term, int]]":
    texts = [Flat.of(word) for word in command.words]
    for number, flat in enumerate(texts):
        text = flat.text
        if text in ("-P", "--project-prop") and number + 1 < len(texts):
            flat = texts[number + 1]  # noqa: PLW2901 - the option's value is the next word
            text = f"-P{flat.text}"
        if text.startswith(("-P", "--project-prop=")):
            name, equals, value = (
                text.removeprefix("--project-prop=").removeprefix("-P").partition("=")
            )
            if equals:
                yield name.strip("\"'"), flat.term(value.strip("\"'")), command.line


def _by_environment(step: "StepContext", told: set[str]) -> Found:
    """Yield a login for each variable that a build file can read as a token.

    What the job or the workflow sets is told once.
    """
    own = step.node.mapping("env")
    for name in sorted(step.env_names()):
        if not _is_token(name):
            continue
        value = step.env(name)
        if not may_be_secret(value) or value is None:
            continue
        is_own = own is not None and name in own.values
        if not is_own and (name in told or not (_publishes(step) or _OWN.search(name))):
            continue
        if _for_packages(step, name.removeprefix(_PREFIX), value, publishes=_publishes(step)):
            told |= set() if is_own else {name}
            operation = "push" if _publishes(step) else ""
            yield step.login(
                "gradle env", host=None, credential=value, default_host=_HOST, operation=operation
            )


def _is_token(name: str) -> bool:
    return bool(_CREDENTIAL.search(name)) and not _NO_CREDENTIAL.search(name)


def _publishes(step: "StepContext") -> bool:
    return bool(_PUBLISH.search(spoken(step)))


def _for_packages(step: "StepContext", name: str, value: "Term", *, publishes: bool) -> bool:
    """Tell whether a token is for GitHub Packages, by its name and by what is around it."""
    if OTHERS.search(name) or not (_OWN.search(name) or _PLAIN.match(name)):
        return False
    if _SURE.search(name) or named_in_file(step.file, _HOST):
        return True
    return (publishes and meant(step, _HOST)) or (is_job_token(value) and only_packages(step.job))


FORM = Form(name="gradle", job_words=("gradle",), in_job=find)
