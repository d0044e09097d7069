"""Earlier versions of the file format: their entries are upgraded to the present names.

Version 1 holds networks trained on names, version 2 also networks trained on text, and version 3
also whole runs. Version 4 holds the same as version 3 under other names, and version 5 more of a
run's state. The names are listed in resources/docs/file-format.md.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from engine.storage.validated_mapping import shown

VERSION = 5
"""The version that is written."""

Entries = dict[str, Any]
"""Arrays and JSON values by entry name; some of a file's entries, "header" always included."""

_PREFIXES = {
    "learner.lessons.": "learner.loader.",
    "safeguard.": "divergence_guard.",
}

_RUN_NAMES = {
    "started_with": "initial_hyperparameters",
    "start": "warm_start",
    "start.parameters": "warm_start.parameters",
    "measure_at": "held_out.next_at",
    "held_out_measured": "held_out.measured",
    "smoothed_loss": "smoothing.loss",
    "smoothed_characters": "smoothing.characters",
    "loss_average": "smoothing.loss_average",
    "character_average": "smoothing.character_average",
    "learner.carried": "learner.carried_state",
    "learner.loader.place": "learner.loader.position",
    "learner.loader.is_carrying": "learner.loader.has_states",
    "divergence_guard.step": "divergence_guard.good_step",
    "divergence_guard.widths": "divergence_guard.good_widths",
    "divergence_guard.good": "divergence_guard.good_parameters",
    "divergence_guard.lost": "divergence_guard.diverged_parameters",
}

_EVENT_KINDS = {"turn": "set hyperparameters", "turn back": "undo resize"}


_NEW_IN_VERSION_5: Mapping[str, Any] = {
    "initial_until": {},
    "learner.decay_start": 0,
    "made_by.machines": [],
    "ending.until": {},
    "ending.waited": 0,
    "ending.is_loss_met": False,
    "divergence_guard.good_is_healthy": False,
    "loss_watch.healthy_step": 0,
    "loss_watch.is_healthy": False,
    "loss_watch.healthy_loss": None,
    "loss_watch.best": None,
    "loss_watch.has_learned": False,
    "loss_watch.block_steps": None,
    "loss_watch.quiet_blocks": None,
    "loss_watch.rise": None,
    "loss_watch.peak": None,
}
"""Values of a run that earlier versions do not have. None begins as a new run does."""

_EMPTY = {"blocks": (0, 2), "block": (0, 2), "spikes": (0, 3)}
"""Shapes of the arrays that earlier versions do not have."""


def upgrade(entries: Entries) -> Entries:
    """Return the entries of a file of any version with the names of the present version.

    Raises
    ------
    ValueError
        If the version is unknown, or an entry cannot be one of its version.
    """
    version = entries["header"]["version"]
    if type(version) is not int or not 1 <= version <= VERSION:
        raise ValueError(
            f"version must be a whole number from 1 to {VERSION}, got {shown(version)}."
        )
    for upgrade_version in _UPGRADES[version - 1 :]:
        entries = upgrade_version(entries)
    return _from_early_version_5(entries)


def _from_version_1(entries: Entries) -> Entries:
    """Add what a network trained on names needed no entry for."""
    header = {"kind": "names", "lower_case": True, "window": None} | entries["header"]
    return entries | {"header": header | {"version": 2}}


def _from_version_2(entries: Entries) -> Entries:
    """Change nothing else: version 3 only added the entries of a run."""
    return entries | {"header": entries["header"] | {"version": 3}}


def _from_version_3(entries: Entries) -> Entries:
    """Give the entries of a run their standard names, and make events objects."""
    upgraded: Entries = {}
    for name, value in entries.items():
        if name.startswith("run/"):
            upgraded["run/" + _standard_name(name.removeprefix("run/"))] = value
        else:
            upgraded[name] = value
    upgraded["header"] = entries["header"] | {"version": 4}
    if "run" in entries:
        upgraded["run"] = {_standard_name(name): value for name, value in entries["run"].items()}
    if "record" in entries:
        upgraded["record"] = [_event_from_version_3(event) for event in entries["record"]]
    return upgraded


def _from_version_4(entries: Entries) -> Entries:
    """Add what no run of that time had: an end, a watch of its loss, and another average of it."""
    upgraded = entries | {"header": {"network_step": None} | entries["header"] | {"version": 5}}
    data = entries.get("data")
    if isinstance(data, dict):
        upgraded["data"] = {"reading": _reading_of_version_4(data)} | data
    run = entries.get("run")
    if isinstance(run, dict) and isinstance(run.get("settings"), dict):
        # Their smoothed losses reach back over about the last 1,000 names.
        settings = {"smoothing": "fixed"} | run["settings"]
        upgraded["run"] = {**_NEW_IN_VERSION_5, **run, "settings": settings}
        upgraded |= {f"run/loss_watch.{name}": np.empty(shape) for name, shape in _EMPTY.items()}
    return upgraded


def _from_early_version_5(entries: Entries) -> Entries:
    """Add what the first runs of version 5 lacked, and put the balance of kinds where it is now."""
    run = entries.get("run")
    if not isinstance(run, dict) or not isinstance(run.get("settings"), dict):
        return entries
    settings = {"measuring": "frequent"} | run["settings"]
    upgraded = run | {"settings": settings}
    if "balance" in settings:
        balance = settings.pop("balance")
        for name in ("initial_hyperparameters", "hyperparameters"):
            if isinstance(run.get(name), dict):
                upgraded[name] = {"balance": balance} | run[name]
    return entries | {"run": upgraded}


def _reading_of_version_4(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return how data were read: no layout was recognised but that of our own tables."""
    is_table = str(data.get("source", "")).lower().endswith(".csv")
    return {"clean": False} | ({} if is_table else {"layout": data.get("kind", "names")})


def _standard_name(name: str) -> str:
    for old, new in _PREFIXES.items():
        if name.startswith(old):
            name = new + name.removeprefix(old)
    return _RUN_NAMES.get(name, name)


def _event_from_version_3(values: Any) -> Mapping[str, Any]:
    if not isinstance(values, list) or not 4 <= len(values) <= 5:
        raise ValueError(f"An event must have 4 or 5 values, got {shown(values)}.")
    step, kind, changes, smoothed_loss = values[:4]
    return {
        "step": step,
        "kind": _EVENT_KINDS.get(kind, kind),
        "changes": [
            {"name": name, "before": before, "after": after} for name, before, after in changes
        ],
        "smoothed_loss": smoothed_loss,
        "resize": values[4] if len(values) == 5 else None,
    }


_UPGRADES: tuple[Callable[[Entries], Entries], ...] = (
    _from_version_1,
    _from_version_2,
    _from_version_3,
    _from_version_4,
)
