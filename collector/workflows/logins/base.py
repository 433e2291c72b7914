"""A form of login: what it looks at, and the functions that find it.

One file in this folder is one form. It ends with `FORM = Form(...)`, and is found because it is
there. A form never decides whether a host is GitHub's: it hands on the host and the credential as
terms, and `link` evaluates both together for each call path and matrix row. So yield *every* login
of the form, to whatever host; only where a host is constant text that can't be one (a path, an
empty word) say nothing.

    FORM = Form(
        name="npmrc",                      # RegistryLogin.form begins with it
        actions=("acme/write-npmrc",),     # steps that use these actions (owner/name, lower case)
        words=("npmrc", "_authtoken"),     # `run:` steps whose script has one of these (lower case)
        in_step=find,                      # def find(step: StepContext) -> Iterator[SymbolicLogin]
        in_job=find_in_job,                # def find_in_job(job: JobContext) -> Iterator[…]
        in_file=find_in_file,              # def find_in_file(file: FileContext) -> Iterator[…]
    )

All three functions are optional. `in_step` is called only for steps that `actions` or `words`
select; `in_job` and `in_file` for each job and file whose text has one of `job_words` (all, when
there are none). Make logins with `step.login(...)`, `job.login(...)` and `file.login(...)`, which
fill in job, step, lines and conditions.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from collector.workflows.facts import SymbolicLogin, SymbolicReference

if TYPE_CHECKING:
    from collector.workflows.file_context import FileContext
    from collector.workflows.job_context import JobContext
    from collector.workflows.step_context import StepContext

Found = Iterator[SymbolicLogin | SymbolicReference]


@dataclass(frozen=True, slots=True)
class Form:
    """One form of login (or of package reference) and what it wants to see.

    Attributes:
        name: unique; the file's name with hyphens.
        actions: actions in lower case, `owner/name` or `owner/name/path`, without a ref.
        words: lower-case words of which a script must have one.
        job_words: lower-case words of which the file's text must have one for in_job and in_file.
        job_actions: the same for in_job, as actions that the file must use one of.
        also_words: lower-case words of which the file's text must have one, too.
        every_action: in_step also sees each `uses:` step that is no other form's.
        kinds: kinds of file that in_file wants: workflow, action, dependabot, config.
    """

    name: str
    actions: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    job_words: tuple[str, ...] = ()
    job_actions: tuple[str, ...] = ()
    also_words: tuple[str, ...] = ()
    every_action: bool = False
    kinds: tuple[str, ...] = ("workflow", "action")
    in_step: "Callable[[StepContext], Found] | None" = None
    in_job: "Callable[[JobContext], Found] | None" = None
    in_file: "Callable[[FileContext], Found] | None" = None
