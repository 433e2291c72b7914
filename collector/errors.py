"""Every error a person may see: what is wrong, what to do, and the exit code it means."""


class InventoryError(Exception):
    """Something the person at the keyboard has to know.

    Attributes:
        exit_code: what the process returns (2 usage or configuration, 3 could not run).
        hint: one sentence that says what to do next, or an empty string.
    """

    exit_code = 3

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(InventoryError):
    """The command line, the environment or a file a person wrote is wrong."""

    exit_code = 2


class CredentialError(InventoryError):
    """GitHub refused the credential (HTTP 401), or there is none to use."""


class GitHubUnreachableError(InventoryError):
    """No usable answer came from the API's address, however often it was asked."""


class RateLimitError(InventoryError):
    """A rate limit did not lift within the time the run may wait."""


class BudgetExhaustedError(InventoryError):
    """The run has spent the requests it was given; what it has read is kept."""


class StoppedError(InventoryError):
    """Somebody asked the run to stop (SIGTERM); it goes on next time."""


class StoreError(InventoryError):
    """The database or a staging file can't be opened, written or understood."""


class StoreLockedError(StoreError):
    """Another process holds the database."""


class RuleError(InventoryError):
    """A rule's SQL is not one SELECT with the fixed columns, or failed when it ran."""

    exit_code = 2
