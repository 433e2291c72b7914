"""`pkginventory probe`: a generated workflow asks what no API lists; its answers become dated evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pkginventory.options import CONNECTION, LOGGING, ORG, RULES, STORE, Flags, takes
from pkginventory.starting import one_org, start

probe = typer.Typer(
    help="Let a repository's own GITHUB_TOKEN ask which packages it may read.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def register(app: typer.Typer) -> None:
    """Add the command to the front door."""
    app.add_typer(probe, name="probe")


@probe.command("workflow")
@takes(*ORG, *STORE, *CONNECTION, *LOGGING)
def workflow(
    flags: Flags,
    *,
    repository: Annotated[
        str, typer.Option("--repository", metavar="REPOSITORY", help="Whose token asks.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="The workflow file to write; .names and .plan.json lie beside it [pkginventory-probe-REPOSITORY.yml].",
        ),
    ] = None,
    fork_canary: Annotated[
        str | None,
        typer.Option(
            "--fork-canary",
            metavar="PACKAGE",
            help="For a fork's pull request: ask for this one throw-away package only. Its name stands in the text.",
        ),
    ] = None,
    public_key: Annotated[
        Path | None,
        typer.Option(
            "--public-key", metavar="PEM", help="Encrypt the answers to this RSA public key."
        ),
    ] = None,
) -> None:
    """Write a read-only workflow that asks for every private package, to be reviewed and committed.

    Nothing is sent to GitHub: you commit the file, set the secret and start the workflow. Its log
    holds counts, its artifact an index and a status a package; the names travel as a secret.
    """
    from pkginventory.probe_workflow import SECRET
    from pkginventory.probing import make_probe

    settings = start(flags)
    org = one_org(settings)
    made = make_probe(
        settings,
        org,
        repository,
        out=out,
        fork_canary=fork_canary,
        public_key=public_key,
    )
    full = repository if "/" in repository else f"{org}/{repository}"
    print(f"{made.workflow}: asks for {made.asked:,} packages with the GITHUB_TOKEN of {full}.")
    if made.left_out:
        print(f"{made.left_out:,} more are not asked for: they do not fit, or have odd names.")
    if made.names is None:
        print(f"1. In a fork of {full}, commit it as {made.path} and open a pull request.")
    else:
        print(f"1. gh secret set {SECRET} --repo {full} < {made.names}")
        print(f"2. Commit it, as it is, as {made.path} on the default branch.")
        print(f"3. gh workflow run {Path(made.path).name} --repo {full}")
    key = " --private-key KEY" if public_key else ""
    print(
        f"Then: pkginventory probe import --org {org} --repository {repository}"
        f" --plan {made.plan}{key}"
    )
    if made.names is not None:
        print(f"Afterwards delete the workflow, the secret and {made.names}.")


@probe.command("import")
@takes(*ORG, *STORE, *CONNECTION, *RULES, *LOGGING)
def import_answers(
    flags: Flags,
    *,
    repository: Annotated[
        str, typer.Option("--repository", metavar="REPOSITORY", help="Where the probe ran.")
    ],
    plan: Annotated[
        Path | None,
        typer.Option(
            "--plan",
            metavar="FILE",
            help="The .plan.json beside the workflow [pkginventory-probe-REPOSITORY.plan.json].",
        ),
    ] = None,
    run: Annotated[
        int | None,
        typer.Option("--run", metavar="ID", help="The run [the newest that succeeded]."),
    ] = None,
    private_key: Annotated[
        Path | None,
        typer.Option("--private-key", metavar="PEM", help="Decrypt the answers with this RSA key."),
    ] = None,
) -> None:
    """Take a probe's answers in, after checking repository, run, commit and workflow text.

    Each answer is proven read or proven none, until it expires. Only a refusal (403) counts as
    none; any other status leaves the question open.
    """
    from pkginventory.console import progress
    from pkginventory.probing import import_probe

    settings = start(flags)
    org = one_org(settings)
    name = repository.rpartition("/")[2]
    with progress() as shown:
        done = import_probe(
            settings,
            org,
            plan or Path(f"pkginventory-probe-{name}.plan.json"),
            repository=repository,
            run_id=run,
            private_key=private_key,
            progress=shown,
        )
    print(
        f"Run {done.run_id}: {done.granted:,} packages could be read, {done.refused:,} were refused,"
        f" {done.open:,} are open."
    )
    if done.judged_again:
        print("The newest run was judged again.")
