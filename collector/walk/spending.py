"""The requests set aside for what is read over several nights."""

from dataclasses import dataclass


@dataclass(slots=True)
class Purse:
    """So many requests may be spent; None: as many as are needed."""

    left: int | None
    spent: int = 0

    def take(self, count: int) -> bool:
        """Spend some, if they are all there."""
        if self.left is not None:
            if self.left < count:
                return False
            self.left -= count
        self.spent += count
        return True

    def part(self, share: int) -> "Purse":
        """Return a purse that holds one of so many equal shares, taken from this one."""
        if self.left is None:
            return Purse(None)
        portion = self.left // share
        self.left -= portion
        return Purse(portion)

    def add(self, other: "Purse") -> None:
        """Take back what another purse did not need."""
        if self.left is not None and other.left is not None:
            self.left += other.left
            other.left = 0

    def sentence(self, remaining: int) -> str:
        """Say what the requests did not reach; empty: they reached everything."""
        if not remaining or self.left is None:
            return ""
        return f"{remaining} are left for the next nights: the settings budget was spent."
