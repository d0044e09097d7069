"""The user's settings file: what is stored from one start to the next.

Every value is stored as text and checked when it is read. A damaged file yields the defaults, and
never an error.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, TypeVar

from PySide6.QtCore import QByteArray, QSettings

from dinogui.common.run_plan import PLAN_DATA, PlanData, RunPlan
from dinogui.common.stored_units import unit_of_name
from engine.evaluation.units import Unit

MAX_RECENT = 8
_MOST_COLUMNS, _MOST_PERCENT = 100, 2_000
_LONGEST = 1_000_000
"""Longer values are ignored: they are many times longer than any that is written."""

EnumValue = TypeVar("EnumValue", bound=Enum)


class Closing(Enum):
    """What to do with unsaved work when the window is closed."""

    ASK = "ask"
    SAVE = "save"
    KEEP = "keep"


class Preferences:
    """Reads and writes the user's settings file.

    Parameters
    ----------
    store : QSettings, optional
        If absent, the user's own file, in INI format so that people can read and edit it.
    """

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store or QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "DinoGUI", "DinoGUI"
        )
        self._store.setFallbacksEnabled(False)

    @property
    def path(self) -> str:
        """Where the file is."""
        return self._store.fileName()

    def forget(self) -> None:
        """Delete all settings."""
        self._store.clear()
        self._store.sync()

    def write_to_disk(self) -> None:
        """Write what was set. A folder that cannot be written to is ignored."""
        self._store.sync()

    # Plain values

    def text(self, key: str) -> str | None:
        """Return a text, or None if there is none."""
        value = self._store.value(key)
        return value if isinstance(value, str) and len(value) <= _LONGEST else None

    def set_text(self, key: str, value: str) -> None:
        """Store a text."""
        self._store.setValue(key, value)

    def flag(self, key: str, default: bool) -> bool:
        """Return a boolean."""
        return {"yes": True, "no": False}.get(self.text(key) or "", default)

    def set_flag(self, key: str, value: bool) -> None:
        """Store a boolean."""
        self.set_text(key, "yes" if value else "no")

    def choice(self, key: str, default: EnumValue) -> EnumValue:
        """Return a member of an enumeration, stored by its name."""
        return type(default).__members__.get(self.text(key) or "", default)

    def set_choice(self, key: str, value: Enum) -> None:
        """Store a member of an enumeration."""
        self.set_text(key, value.name)

    def blob(self, key: str) -> QByteArray:
        """Return the state that a Qt object saved; empty if there is none."""
        try:
            return QByteArray(base64.b64decode(self.text(key) or "", validate=True))
        except (binascii.Error, ValueError):
            return QByteArray()

    def set_blob(self, key: str, value: QByteArray) -> None:
        """Store the state that a Qt object saved."""
        self.set_text(key, base64.b64encode(value.data()).decode("ascii"))

    def sizes(self, key: str, count: int) -> list[int] | None:
        """Return a number of widths or heights in pixels, or None if none are stored."""
        found = self._json(key)
        fits = (
            isinstance(found, list)
            and len(found) == count
            and all(type(size) is int and 0 <= size < 100_000 for size in found)
            and sum(found) > 0
        )
        return found if fits else None

    def set_sizes(self, key: str, sizes: Sequence[int]) -> None:
        """Store widths or heights in pixels."""
        self.set_text(key, json.dumps(list(sizes)))

    # Settings

    @property
    def column_widths(self) -> dict[str, list[int]]:
        """The widths of columns in percent of the usual ones, by the key of a table."""
        found = self._json("tables/widths")
        if not isinstance(found, dict):
            return {}
        return {key: widths for key, widths in found.items() if _are_percents(widths)}

    @column_widths.setter
    def column_widths(self, widths: Mapping[str, Sequence[int]]) -> None:
        self.set_text("tables/widths", json.dumps({key: list(of) for key, of in widths.items()}))

    @property
    def closing(self) -> Closing:
        """What to do with unsaved work when the window is closed.

        Earlier versions stored "DISCARD" and removed the run. It is kept instead.
        """
        if self.text("closing") == "DISCARD":
            return Closing.KEEP
        return self.choice("closing", Closing.ASK)

    @closing.setter
    def closing(self, closing: Closing) -> None:
        self.set_choice("closing", closing)

    @property
    def recent(self) -> list[str]:
        """Paths of the files opened recently, the latest first."""
        found = self._json("files/recent")
        if not isinstance(found, list):
            return []
        paths = [path for path in found if isinstance(path, str) and _is_path(path)]
        return list(dict.fromkeys(paths))[:MAX_RECENT]

    def note_recent(self, path: str) -> None:
        """Put a path at the top of the recent ones."""
        self._set_recent([path, *(other for other in self.recent if other != path)])

    def drop_recent(self, path: str) -> None:
        """Remove a path from the recent ones."""
        self._set_recent([other for other in self.recent if other != path])

    def _set_recent(self, paths: list[str]) -> None:
        self.set_text("files/recent", json.dumps(paths[:MAX_RECENT]))

    @property
    def recent_commands(self) -> list[str]:
        """Keys of the commands chosen recently in the command search, the latest first."""
        found = self._json("commands/recent")
        if not isinstance(found, list):
            return []
        keys = [key for key in found if isinstance(key, str) and key]
        return list(dict.fromkeys(keys))[:MAX_RECENT]

    @recent_commands.setter
    def recent_commands(self, keys: Sequence[str]) -> None:
        self.set_text("commands/recent", json.dumps(list(keys)))

    @property
    def last_file(self) -> str | None:
        """The file of the last run, or else of its data; None for the built-in dinosaurs."""
        path = self._json("files/last")
        return path if isinstance(path, str) and _is_path(path) else None

    @last_file.setter
    def last_file(self, path: str | None) -> None:
        # As JSON, because a path may hold what an INI file cannot, such as lone surrogates.
        self.set_text("files/last", json.dumps(path))

    @property
    def reading(self) -> dict[str, object]:
        """How files were read: JSON values by what identifies the file, the latest last."""
        found = self._json("files/reading")
        return found if isinstance(found, dict) else {}

    @reading.setter
    def reading(self, choices: Mapping[str, object]) -> None:
        self.set_text("files/reading", json.dumps(dict(choices)))

    @property
    def unit(self) -> Unit:
        """In which the loss of names is shown."""
        return unit_of_name(self.text("unit") or "") or Unit.NATS_PER_NAME

    @unit.setter
    def unit(self, unit: Unit) -> None:
        self.set_choice("unit", unit)

    @property
    def run(self) -> RunPlan | None:
        """The plan of the last run; None if what is stored is not a valid plan."""
        return RunPlan.from_json(self._json("run"))

    @run.setter
    def run(self, plan: RunPlan) -> None:
        self.set_text("run", json.dumps(plan.to_json()))

    @property
    def run_is_on(self) -> PlanData:
        """What the plan of the last run is for; names if that is not stored."""
        found = self.text("run_is_on")
        return next((each for each in PLAN_DATA if each == found), "names")

    @run_is_on.setter
    def run_is_on(self, data: PlanData) -> None:
        self.set_text("run_is_on", data)

    def _json(self, key: str) -> Any:
        try:
            return json.loads(self.text(key) or "null")
        except (ValueError, RecursionError):
            return None


def _are_percents(widths: object) -> bool:
    return (
        isinstance(widths, list)
        and len(widths) <= _MOST_COLUMNS
        and all(type(share) is int and 0 <= share <= _MOST_PERCENT for share in widths)
    )


def _is_path(text: str) -> bool:
    return bool(text) and "\0" not in text
