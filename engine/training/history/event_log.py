"""The events of a run that goes on, and the room that is left for them in its file."""

from collections.abc import Iterable
from itertools import takewhile

from engine.training import record
from engine.training.record import Event, network_step


class RecordFullError(ValueError):
    """The record of a run has no room for another event. The message is a sentence for people."""


class EventLog:
    """Takes events in their order, as long as a file with all of them could be opened again.

    Parameters
    ----------
    events : iterable of Event
        Those of a run that is resumed.
    """

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self._events = list(events)
        self._room_taken = sum(map(_room_of, self._events))

    def __len__(self) -> int:
        return len(self._events)

    @property
    def events(self) -> tuple[Event, ...]:
        """All events so far."""
        return tuple(self._events)

    def since(self, place: int) -> tuple[Event, ...]:
        """Return the events from a place on, counted from 0."""
        return tuple(self._events[place:])

    def add(self, event: Event) -> None:
        """Add an event; `check_room` has been called before."""
        self._events.append(event)
        self._room_taken += _room_of(event)

    def check_room(self, *, ordered: bool) -> None:
        """Check that there is room for another event.

        Parameters
        ----------
        ordered : bool
            Whether somebody orders the event. The last ones are reserved for the run itself.

        Raises
        ------
        RecordFullError
            If there is none.
        """
        most = record.MAX_EVENTS - record.RESERVED_EVENTS if ordered else record.MAX_EVENTS
        if self._room_taken >= most:
            what = "can be changed no more" if ordered else "cannot go on"
            raise RecordFullError(
                f"This run {what}, because its record is full: it holds {self._room_taken:,} "
                "changes. Save it, and begin a new run with its network (train --init-from)."
            )

    def network_step(self, step: int) -> int:
        """Return the step whose network the run has after `step` steps."""
        return network_step(step, self._events)

    def has_resized_since(self, step: int) -> bool:
        """Whether widths or layers have changed after so many steps, or later."""
        return any(
            change.name == "widths"
            for event in takewhile(lambda event: event.step >= step, reversed(self._events))
            for change in event.changes
        )


def _room_of(event: Event) -> int:
    """Return the room that an event takes in a record: 1 for each of its changes, 1 at least."""
    return max(1, len(event.changes))
