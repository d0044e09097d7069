"""All keys of the program: those of the menus, and those that parts of the window declare."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenuBar

from dinogui.common.actions.action_words import title_of
from dinogui.common.documented_keys import DocumentedKeys, split_keys
from dinogui.datasets import data_row
from dinogui.handbook import handbook_window
from dinogui.panels.insight.frame import heat_map
from dinogui.panels.loss import play_head, pointer_readout
from dinogui.panels.loss.past import events_window
from dinogui.panels.melody.roll import piano_roll
from dinogui.panels.model import widths
from dinogui.panels.names.kept_names import kept_names_panel
from dinogui.panels.names.kinds import kind_chip, kind_list
from dinogui.panels.names.write_together import write_together_panel
from dinogui.panels.what_if import future_list, futures_view, what_if_row
from dinogui.widgets import keys, letter_bars, number_box, piano_keyboard, text_search
from dinogui.widgets.cards import grip_splitter
from dinogui.widgets.charts import chart
from dinogui.widgets.knob import track
from dinogui.window import paste_box
from dinogui.window.layout import card_keys, presentation, run_row
from dinogui.window.palette import sheet
from dinogui.window.palette.action_entries import menu_actions
from dinogui.window.reading import kinds_table, preview_dialog
from dinogui.window.runs import runs_dialog

DECLARED: tuple[DocumentedKeys, ...] = (
    keys.KEYS,
    card_keys.KEYS,
    grip_splitter.KEYS,
    track.KEYS,
    number_box.KEYS,
    widths.KEYS,
    presentation.KEYS,
    text_search.KEYS,
    pointer_readout.KEYS,
    play_head.KEYS,
    events_window.KEYS,
    futures_view.KEYS,
    what_if_row.KEYS,
    future_list.KEYS,
    heat_map.KEYS,
    chart.KEYS,
    letter_bars.KEYS,
    piano_roll.KEYS,
    piano_keyboard.KEYS,
    kind_chip.KEYS,
    kind_list.KEYS,
    write_together_panel.KEYS,
    kept_names_panel.KEYS,
    preview_dialog.KEYS,
    kinds_table.KEYS,
    runs_dialog.KEYS,
    run_row.KEYS,
    data_row.KEYS,
    sheet.KEYS,
    paste_box.KEYS,
    handbook_window.KEYS,
)
"""Add a part of the window here that handles keys by itself."""


@dataclass(frozen=True)
class KeyLine:
    """A line of the list of keys.

    Attributes
    ----------
    keys : tuple of str
        As `QKeySequence` writes them on every system.
    words : str
        What they do.
    place : str
        The menu of the same command, or where the keys work.
    """

    keys: tuple[str, ...]
    words: str
    place: str


def all_keys(bar: QMenuBar) -> list[KeyLine]:
    """Return all keys: those of a menu bar first, in the order of its menus."""
    return [*_menu_keys(bar), *_declared_keys()]


def _menu_keys(bar: QMenuBar) -> Iterator[KeyLine]:
    for titles, action in menu_actions(bar):
        portable = QKeySequence.SequenceFormat.PortableText
        keys = tuple(key.toString(portable) for key in action.shortcuts())
        if keys:
            yield KeyLine(keys, title_of(action), " > ".join(titles))


def _declared_keys() -> Iterator[KeyLine]:
    for part in DECLARED:
        for keys_, words in part.lines:
            yield KeyLine(split_keys(keys_), words, part.place)
