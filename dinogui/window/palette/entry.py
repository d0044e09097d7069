"""What the command search offers: one thing that can be chosen."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """A line of the command search.

    Attributes
    ----------
    key : str
        Identifies it among those used recently, also after a restart. Empty for what is not noted.
    group : str
        What kind of thing it is, such as "Panel".
    title : str
    order : callable
        Carries it out. It may raise ValueError with a sentence for people; then nothing was done.
    detail : str
        What it does, in a sentence.
    keys : str
        The key that does the same, as the system writes it; empty if there is none.
    reason : str
        Why it cannot be chosen now; empty if it can.
    also : str
        More words to find it by.
    is_reading : bool
        Whether it is something to read: what can be done stands before it.
    completion : str
        What has to be typed first: choosing the entry puts it into the line. Empty for most.
    """

    key: str
    group: str
    title: str
    order: Callable[[], None]
    detail: str = ""
    keys: str = ""
    reason: str = ""
    also: str = ""
    is_reading: bool = False
    completion: str = ""

    @property
    def explanation(self) -> str:
        """Why it cannot be chosen, or else what it does."""
        return self.reason or self.detail

    @property
    def spoken(self) -> str:
        """All of it, for screen readers."""
        state = f"not available: {self.reason}" if self.reason else self.detail
        return ", ".join(filter(None, (self.title, self.group, self.keys, state)))
