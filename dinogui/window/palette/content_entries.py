"""The entries of what can be opened: cards, panels, presets, data sets and the handbook's pages."""

from collections.abc import Callable, Iterator
from functools import partial

from dinogui.common.actions.action_words import plain_text
from dinogui.datasets.catalogue import CATALOGUE
from dinogui.datasets.data_set import DataSet
from dinogui.handbook.pages import contents
from dinogui.window.docks import Docks
from dinogui.window.layout.named_cards import NamedCards
from dinogui.window.palette.entry import Entry
from dinogui.window.palette.new_run_settings import NO_DATA
from engine.data.training_data import DataKind
from engine.training.presets import PRESETS_BY_KEY, Preset, presets_for

_PRESET_FOR: dict[DataKind, tuple[str, str]] = {
    "names": ("names", "a list of names"),
    "text": ("a text", "a text"),
    "melodies": ("melodies", "melodies"),
}
"""What a preset is for, and what to open first."""

_IS_OPEN: dict[DataKind, str] = {
    "names": "names are open",
    "text": "a text is open",
    "melodies": "melodies are open",
}
_NEEDS_KINDS = "This preset is for names with kinds. Open some first"
_KNOWS_NO_KINDS = "This preset is the course's, which knows no kinds. Open names without them first"


def card_entries(cards: NamedCards) -> Iterator[Entry]:
    """Return an entry for each card. It shows the card whole, and gives it the focus."""
    for card in cards:
        yield Entry(
            key=card.key,
            group="Card",
            title=card.title,
            order=partial(cards.open, card),
            detail="Shows this card, and goes to its first control",
            also=card.also,
        )


def panel_entries(docks: Docks) -> Iterator[Entry]:
    """Return an entry for each offered panel. It shows the panel, also if that is open already."""
    for key, dock in docks.docks.items():
        if not docks.is_offered(key):
            continue
        action = dock.toggleViewAction()
        yield Entry(
            key=f"panel/{key}",
            group="Panel",
            title=plain_text(action.text()),
            order=partial(_show_panel, docks, key),
            detail=action.toolTip(),
        )


def preset_entries(
    kind: DataKind, has_data: bool, begin: Callable[[Preset], None], *, has_kinds: bool = False
) -> Iterator[Entry]:
    """Return an entry for each preset, which begins a new run.

    Parameters
    ----------
    kind : str
        What is open: "names" or "text".
    has_data : bool
        Whether anything is open.
    begin : callable
        Begins a new run.
    has_kinds : bool
        Whether the names that are open have kinds.
    """
    for preset in PRESETS_BY_KEY.values():
        if preset in presets_for(kind, has_kinds=has_kinds):
            reason = ""
        elif preset.kind != kind:
            what, first = _PRESET_FOR[preset.kind]
            reason = f"This preset is for {what}, but {_IS_OPEN[kind]}. Open {first} first"
        else:
            reason = _NEEDS_KINDS if preset.is_of_kinds else _KNOWS_NO_KINDS
        yield Entry(
            key=f"preset/{preset.key}",
            group="Preset",
            title=preset.name,
            order=partial(begin, preset),
            detail=f"Begins a new run. {preset.describe()}",
            reason=reason if has_data else NO_DATA,
            also=f"{preset.key} new run",
        )


def data_entries(open_or_get: Callable[[DataSet], None]) -> Iterator[Entry]:
    """Return an entry for each data set that can be downloaded.

    Parameters
    ----------
    open_or_get : callable
        Opens a data set, or offers its download.
    """
    for data_set in CATALOGUE:
        yield Entry(
            key=f"data/{data_set.file_name}",
            group="Data",
            title=data_set.title,
            order=partial(open_or_get, data_set),
            detail=data_set.description,
            also=f"{data_set.file_name} open download get",
        )


def page_entries(show: Callable[[str], None]) -> Iterator[Entry]:
    """Return an entry for each page of the handbook.

    Parameters
    ----------
    show : callable
        Opens the page at a path.
    """
    for section in contents():
        for page in section.pages:
            yield Entry(
                key=f"page/{page.path}",
                group="Handbook",
                title=page.title,
                order=partial(show, page.path),
                detail=f"Opens this page of the handbook, in “{section.title}”",
                also="help page",
                is_reading=True,
            )


def _show_panel(docks: Docks, key: str) -> None:
    docks.show(key)
