"""Remembers how each file was read, from one start to the next."""

from collections.abc import Mapping

from dinogui.common.preferences import Preferences
from engine.data.reading.choices import ReadingChoices
from engine.data.sources.data_source import DataSource

MAX_REMEMBERED = 100
"""Files whose choices are remembered; the one used longest ago is forgotten first."""

_MAX_KEY = 4_096
"""Characters of the longest key that is remembered: paths of a thousand files are too long."""


class ReadingMemory:
    """What was chosen for each source of data. It lasts as long as the window, or longer."""

    def __init__(self) -> None:
        self._preferences: Preferences | None = None
        self._choices: dict[str, ReadingChoices] = {}

    def keep_in(self, preferences: Preferences) -> None:
        """Recall what the settings file has, and store there what is noted from now on."""
        self._preferences = preferences
        self._choices = _restored(preferences.reading) | self._choices

    def recall(self, key: str) -> ReadingChoices | None:
        """Return what was chosen for a source, or None if nothing ever was."""
        return self._choices.get(key)

    def note(self, key: str, choices: ReadingChoices) -> None:
        """Remember what was chosen for a source."""
        if len(key) > _MAX_KEY:
            return
        self._choices.pop(key, None)
        self._choices[key] = choices
        while len(self._choices) > MAX_REMEMBERED:
            del self._choices[next(iter(self._choices))]
        if self._preferences is not None:
            self._preferences.reading = {
                key: choices.to_json() for key, choices in self._choices.items()
            }


def key_of(source: str | DataSource) -> str:
    """Return by what the choices for a source are remembered."""
    return source if isinstance(source, str) else source.key


def _restored(stored: Mapping[str, object]) -> dict[str, ReadingChoices]:
    """Return the choices of a settings file, which anybody may have edited."""
    found = {}
    for key, values in list(stored.items())[-MAX_REMEMBERED:]:
        try:
            found[key] = ReadingChoices.from_json(values)
        except (TypeError, ValueError):
            continue
    return found
