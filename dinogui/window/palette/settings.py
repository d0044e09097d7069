"""The values that act on the run shown: hyperparameters, its end, its speed and the temperature."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from dinogui.common.speed import Speed
from dinogui.common.value_ranges import (
    BALANCE,
    BATCH,
    CLIP_VALUE,
    DECAY,
    DROPOUT,
    L2,
    LAYERS,
    LEARNING_RATE,
    MINUTES,
    STEPS,
    ValueRange,
)
from dinogui.common.words import (
    BACKEND_WORDS,
    CLIPPING_WORDS,
    HYPERPARAMETER_WORDS,
    OPTIMIZER_WORDS,
    SCHEDULE_WORDS,
    layers_text,
    units_text,
)
from dinogui.panels.model.widths import read_widths
from dinogui.session.session import Session
from dinogui.widgets.number_box import NumberBox
from dinogui.window.palette.entry import Entry
from dinogui.window.palette.new_run_settings import new_run
from dinogui.window.palette.setting import (
    GROUP,
    Prepared,
    Setting,
    is_off,
    read_number,
    read_whole,
)
from engine.evaluation.units import nats_unit
from engine.nn.fast.compiled.kernel_store import kernel_state
from engine.sampling.decoding import DecodingStrategy
from engine.training.ending import ENDLESS, Until

_CHOICES = (
    ("optimizer", OPTIMIZER_WORDS, "optimizer rule"),
    ("clipping", CLIPPING_WORDS, "clip gradient"),
    ("schedule", SCHEDULE_WORDS, "decay"),
    ("backend", BACKEND_WORDS, "numpy numba compiled backend kernels"),
)
_LENGTH = re.compile(r"([-+]?[\d.,]\S*?)\s*(steps?|min|minutes?)?|off|never", re.IGNORECASE)
_SPEED = re.compile(r"[-+]?[\d.,]\S*|full|max", re.IGNORECASE)


def hyperparameter_settings(session: Session) -> list[Setting]:
    """Return the hyperparameters that are numbers; they are set at the next step."""
    now = session.hyperparameters
    number = partial(_number_setting, session)
    has_kinds = session.corpus is not None and session.corpus.kinds is not None
    return [
        number("learning_rate", LEARNING_RATE, "lr alpha"),
        number("clip", CLIP_VALUE, "gradient clipping"),
        Setting(
            "widths",
            _title("widths"),
            units_text(now.widths),
            partial(_prepare_units, session),
            "width widths n_a size",
        ),
        Setting(
            "layers",
            "Layers",
            str(len(now.widths)),
            partial(_prepare_layers, session),
            "depth deep",
        ),
        number("batch", BATCH, "names per step minibatch"),
        number("dropout", DROPOUT, ""),
        number("l2", L2, "regularisation regularization weight"),
        number("decay", DECAY, "falls"),
        *([number("balance", BALANCE, "by size evenly of kinds")] if has_kinds else []),
    ]


def _number_setting(session: Session, name: str, allowed: ValueRange, also: str) -> Setting:
    def write(value: float | None) -> str:
        return "off" if value is None else allowed.write(value)

    def prepare(typed: str) -> Prepared:
        value = None
        if not (allowed.can_be_off and is_off(typed)):
            value = read_whole(typed) if allowed.is_whole else read_number(typed)
            allowed.check(value)
        return _change(session, name, value, f"the {words}", write(value))

    words = HYPERPARAMETER_WORDS[name]
    now = write(getattr(session.hyperparameters, name))
    hint = "Type a number after it, or “off”" if allowed.can_be_off else "Type a number after it"
    return Setting(name, _title(name), now, prepare, also, hint)


def _change(session: Session, name: str, value: object, what: str, written: str) -> Prepared:
    """Check a new value of a hyperparameter, and return what sets it."""
    session.run.changed({name: value})
    effect = f"Sets {what} to {written} at the next step. Undo sets it back"
    if value == getattr(session.hyperparameters, name):
        effect = f"Nothing changes, as the value is {written} now"
        if name == "learning_rate" and session.run.has_fallen_rate:
            effect = f"Sets {what} to {written} again at the next step, as it has fallen since"
    return Prepared(effect, partial(session.set_hyperparameters, **{name: value}))


def _prepare_units(session: Session, typed: str) -> Prepared:
    """Read the widths of all layers, or of the lowest one."""
    widths, now = read_widths(typed), session.hyperparameters.widths
    if len(widths) > 1:
        return _prepare_widths(session, widths)
    what = HYPERPARAMETER_WORDS["widths"] + (" of layer 1" if len(now) > 1 else "")
    return _change(session, "widths", (*widths, *now[1:]), f"the {what}", str(widths[0]))


def _prepare_layers(session: Session, typed: str) -> Prepared:
    """Read a number of layers; new ones are as wide as the top one."""
    count, now = read_whole(typed), session.hyperparameters.widths
    LAYERS.check(count)
    return _prepare_widths(session, now[:count] + now[-1:] * (count - len(now)))


def _prepare_widths(session: Session, widths: tuple[int, ...]) -> Prepared:
    """Fewer layers begin a new run; everything else acts at once."""
    now = session.hyperparameters.widths
    if len(widths) < len(now):
        what = f"{layers_text(len(widths))} of {units_text(widths)} units"
        return new_run(session, what, {}, widths)
    prepared = _change(session, "widths", widths, "the hidden units", units_text(widths))
    added = len(widths) - len(now)
    if added and widths[: len(now)] == now:
        new = f"{layers_text(added)} of {units_text(widths[len(now) :])} units"
        effect = f"Adds {new} at the next step. Undo takes away what was added"
        return replace(prepared, effect=effect)
    return prepared


def until_setting(session: Session) -> Setting:
    """Return the setting of the steps, or minutes, after which the run ends by itself."""

    def prepare(typed: str) -> Prepared:
        found = _LENGTH.fullmatch(typed)
        if found is None or found[1] is None:
            return Prepared(
                "Lets the run go on without an end", partial(session.set_until, ENDLESS)
            )
        is_time = (found[2] or "").lower().startswith("min")
        value = read_number(found[1]) if is_time else read_whole(found[1])
        (MINUTES if is_time else STEPS).check(value)
        made = session.run.steps_made
        if not is_time and value <= made:
            raise ValueError(f"The run has made {made:,} steps already. Type a larger number.")
        added: dict[str, Any] = {"minutes" if is_time else "steps": value}
        words = Until(**added).describe()
        until = replace(session.run.until, **added)
        return Prepared(
            f"Ends the run by itself after {words}{' of training' if is_time else ' in all'}",
            partial(session.set_until, until),
        )

    run = session.run
    unit = nats_unit(session.kind, tells=run.tells)
    now = run.until.describe(unit) or "without an end"
    return Setting(
        "until",
        "Until",
        now,
        prepare,
        "end ends stop after",
        "Type steps after it, minutes such as “10 min”, or “off”",
        _LENGTH,
    )


def step_setting(session: Session) -> Setting:
    """Return the setting of the step that is looked at."""

    def prepare(typed: str) -> Prepared:
        step, made = read_whole(typed), session.steps_made
        if not 0 <= step <= made:
            raise ValueError(f"The run has made {made:,} steps. Type a number from 0 to {made:,}.")
        effect = f"Shows the network of step {step:,}; the run itself stays where it is"
        if step == made:
            effect = "Shows the latest network"
        return Prepared(effect, partial(session.past.look, step))

    now = f"{session.steps_made:,}, the latest"
    if session.past.step is not None:
        now = f"{session.past.step:,} of {session.steps_made:,}"
    return Setting("step", "Step", now, prepare, "look back time play-head go to network of")


def speed_setting(session: Session) -> Setting:
    """Return the setting of the steps that are made in a second."""

    def prepare(typed: str) -> Prepared:
        is_full = typed.lower() in ("full", "max")
        value = None if is_full else read_number(typed)
        for speed in Speed:
            if speed.value == value:
                words = "at full speed" if is_full else _rate_text(speed)
                return Prepared(f"Trains {words} from now on", partial(session.set_speed, speed))
        raise ValueError(
            f"There is no speed of {typed}. The speeds are 1, 10 and 100 steps a second, and "
            "“full”."
        )

    return Setting(
        "speed",
        "Speed",
        session.speed.label.lower(),
        prepare,
        "steps second rate pace",
        "Type 1, 10, 100 or “full” after it",
        _SPEED,
    )


def _rate_text(speed: Speed) -> str:
    return f"{speed.value} step{'' if speed.value == 1 else 's'} a second"


def temperature_setting(box: NumberBox) -> Setting:
    """Return the setting of the temperature at which names or text are generated."""

    def prepare(typed: str) -> Prepared:
        value = DecodingStrategy(temperature=read_number(typed)).temperature
        if not box.minimum() <= value <= box.maximum():
            raise ValueError(
                f"The temperature can be at most {box.maximum():g}, not {typed}."
                if value > 1
                else f"The temperature must be at least {box.minimum():g}, not {typed}."
            )
        effect = f"Sets the temperature to {value:g} at once"
        return Prepared(effect, partial(box.setValue, value))

    return Setting(
        "temperature", "Temperature", box.textFromValue(box.value()), prepare, "hot cold"
    )


def choice_entries(session: Session) -> Iterator[Entry]:
    """Return an entry for each choice of a hyperparameter that is not a number."""
    for name, words, also in _CHOICES:
        title = HYPERPARAMETER_WORDS[name]
        now = getattr(session.hyperparameters, name)
        for value, word in words.items():
            yield Entry(
                key=f"set/{name}/{value}",
                group=GROUP,
                title=f"{title.capitalize()}: {word}",
                order=partial(session.set_hyperparameters, **{name: value}),
                detail=f"Nothing changes: {word} is the {title} now"
                if value == now
                else f"Sets the {title} to {word} at the next step; it is {words[now]} now",
                reason=kernel_state().reason if value == "compiled" else "",
                also=also,
            )


def _title(name: str) -> str:
    words = HYPERPARAMETER_WORDS[name]
    return words[0].upper() + words[1:]
