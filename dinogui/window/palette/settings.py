"""Values that can be set by typing a name and a number: "learning rate 0.003"."""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from dinogui.common.words import (
    CLIPPING_WORDS,
    HYPERPARAMETER_WORDS,
    OPTIMIZER_WORDS,
    SCHEDULE_WORDS,
    units_text,
)
from dinogui.panels.model.widths import read_widths
from dinogui.session.session import Session
from dinogui.widgets.number_box import NumberBox
from dinogui.window.palette.entry import Entry
from dinogui.window.palette.fuzzy import match, starts_a_word
from engine.nn.architecture import MAX_LAYERS
from engine.sampling.decoding import DecodingStrategy

GROUP = "Set"
_FILLING = {"set", "to", "="}
_VALUE = re.compile(r"[-+]?[\d.,]\S*(?:\s+[\d,]\S*)*|off", re.IGNORECASE)
_LARGEST = 1e12
"""No whole number that can be set comes near it."""
_CHOICES = (
    ("optimizer", OPTIMIZER_WORDS),
    ("clipping", CLIPPING_WORDS),
    ("schedule", SCHEDULE_WORDS),
)


@dataclass(frozen=True)
class Setting:
    """A value that can be typed.

    Attributes
    ----------
    key, title : str
    now : str
        The value in force, as text.
    prepare : callable
        Takes the typed value. It raises ValueError with a sentence if the value is not allowed,
        and otherwise returns what sets it, which may refuse it in the same way.
    also : str
        More words to find it by.
    effect : str
        When the value acts, in a sentence.
    """

    key: str
    title: str
    now: str
    prepare: Callable[[str], Callable[[], None]]
    also: str = ""
    effect: str = "Acts at the next step. Undo sets it back"

    @property
    def entry(self) -> Entry:
        """The entry that asks for a value."""
        return Entry(
            key=f"set/{self.key}",
            group=GROUP,
            title=f"{self.title}…",
            order=_do_nothing,
            detail=f"Now {self.now}. Type a number after it",
            also=f"{self.also} value change",
            completion=f"{self.title.lower()} ",
        )

    def entry_for(self, typed: str) -> Entry:
        """Return the entry that sets a value, or says why it cannot be set."""
        try:
            order, reason = self.prepare(typed), ""
        except ValueError as error:
            order, reason = _do_nothing, str(error)
        return Entry(
            key="",
            group=GROUP,
            title=f"{self.title}: {typed}",
            order=order,
            detail=f"Now {self.now}. {self.effect}",
            reason=reason,
        )


def typed_entries(settings: list[Setting], query: str) -> Iterator[Entry]:
    """Return an entry for each setting whose name and a value were typed, the best one first."""
    words = [word for word in query.replace("=", " = ").split() if word.lower() not in _FILLING]
    found = []
    for place in range(1, len(words)):
        name, value = " ".join(words[:place]), " ".join(words[place:])
        if not _VALUE.fullmatch(value):
            continue
        for setting in settings:
            hit = match(name, setting.title)
            if hit is not None:
                found.append((hit.score, setting, value))
            elif all(starts_a_word(word, setting.also) for word in words[:place]):
                found.append((0.0, setting, value))
    for _, setting, value in sorted(found, key=lambda hit: -hit[0]):
        yield setting.entry_for(value)


def hyperparameter_settings(session: Session) -> list[Setting]:
    """Return the hyperparameters that are numbers; they are set at the next step."""
    now = session.hyperparameters

    def setting(name: str, read: Callable[[str], Any], value: object, also: str) -> Setting:
        words = HYPERPARAMETER_WORDS[name]
        return Setting(
            name,
            words[0].upper() + words[1:],
            str(value),
            lambda typed: _prepared(session, name, read(typed)),
            also,
        )

    def units(typed: str) -> tuple[int, ...]:
        """Read the widths of all layers, or of the lowest one."""
        return read_widths(typed) if "," in typed else (*read_widths(typed), *now.widths[1:])

    def layers(typed: str) -> tuple[int, ...]:
        """Read a number of layers; new ones are as wide as the top one."""
        count = min(max(_whole(typed), 0), MAX_LAYERS + 1)  # one too many is refused as well
        return now.widths[:count] + now.widths[-1:] * (count - len(now.widths))

    clip = "off" if now.clip is None else f"{now.clip:g}"
    return [
        setting("learning_rate", _number, f"{now.learning_rate:g}", "lr alpha"),
        setting("clip", _number_or_off, clip, "gradient clipping"),
        setting("widths", units, units_text(now.widths), "width widths n_a size"),
        Setting(
            "layers",
            "Layers",
            str(len(now.widths)),
            lambda typed: _prepared(session, "widths", layers(typed)),
            "depth deep",
        ),
        setting("batch", _whole, now.batch, "names per step minibatch"),
        setting("dropout", _number, f"{now.dropout:g}", ""),
        setting("l2", _number, f"{now.l2:g}", "regularisation regularization weight"),
        setting("decay", _number, f"{now.decay:g}", "falls"),
    ]


def temperature_setting(box: NumberBox) -> Setting:
    """Return the setting of the temperature at which names or text are generated."""

    def prepare(typed: str) -> Callable[[], None]:
        value = DecodingStrategy(temperature=_number(typed)).temperature
        if not box.minimum() <= value <= box.maximum():
            raise ValueError(
                f"The temperature can be at most {box.maximum():g}, not {typed}."
                if value > 1
                else f"The temperature must be at least {box.minimum():g}, not {typed}."
            )
        return partial(box.setValue, value)

    return Setting(
        "temperature",
        "Temperature",
        box.textFromValue(box.value()),
        prepare,
        "hot cold",
        "Acts at once",
    )


def choice_entries(session: Session) -> Iterator[Entry]:
    """Return an entry for each choice of a hyperparameter that is not a number."""
    for name, words in _CHOICES:
        title = HYPERPARAMETER_WORDS[name].capitalize()
        now = getattr(session.hyperparameters, name)
        for value, word in words.items():
            yield Entry(
                key=f"set/{name}/{value}",
                group=GROUP,
                title=f"{title}: {word}",
                order=partial(session.set_hyperparameters, **{name: value}),
                detail="Chosen now" if value == now else f"Now {words[now]}",
            )


def _prepared(session: Session, name: str, value: object) -> Callable[[], None]:
    """Check a value, and return what sets it."""
    session.run.changed({name: value})
    return partial(session.set_hyperparameters, **{name: value})


def _number(typed: str) -> float:
    try:
        value = float(typed.replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"“{typed}” is not a number.")
    return value


def _whole(typed: str) -> int:
    value = _number(typed)
    if abs(value) > _LARGEST or value != round(value):
        raise ValueError(f"“{typed}” is not a whole number.")
    return round(value)


def _number_or_off(typed: str) -> float | None:
    return None if typed.lower() == "off" else _number(typed)


def _do_nothing() -> None:
    """Stand for an order of an entry that cannot be chosen yet."""
