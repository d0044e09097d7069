"""The list of all keys."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu

import dinogui
import resources
from dinogui.handbook.handbook_window import HandbookWindow
from dinogui.window.palette.key_list import DECLARED, all_keys

SOURCE = Path(dinogui.__file__).parent
ELSEWHERE = {
    "dinogui.window.palette.search_line": "declared for the sheet that it is a part of",
    "dinogui.window.palette.keys_window": "the usual keys of a dialog",
    "dinogui.widgets.buttons.button_keys": "the keys are those of buttons, which show them",
}
"""Modules that handle keys, and why they do not declare any."""

_HANDLES_KEYS = re.compile(r"def keyPressEvent|Type\.KeyPress|QShortcut\(")
_ROW = re.compile(r"^\| (?P<keys>\S.*?) \| (?P<words>.+?) \| (?P<place>.+?) \|$", re.MULTILINE)


def portable(sequence):
    return sequence.toString(QKeySequence.SequenceFormat.PortableText)


def test_no_two_commands_of_the_window_have_the_same_key(window):
    for key in window.docks.docks:
        window.docks.panel(key)  # a panel may bring keys of its own
    actions = {action for menu in window.menuBar().findChildren(QMenu) for action in menu.actions()}
    keys = [portable(key) for action in actions for key in action.shortcuts()]
    shortcuts = [
        portable(shortcut.key())
        for shortcut in window.findChildren(QShortcut)
        if shortcut.context() is not Qt.ShortcutContext.WidgetShortcut
    ]
    assert len(keys) > 20
    assert sorted(keys + shortcuts) == sorted(set(keys + shortcuts))


def test_no_key_of_a_part_of_the_window_is_that_of_a_command(window):
    of_menus = {
        key for line in all_keys(window.menuBar()) if not _is_declared(line) for key in line.keys
    }
    for part in DECLARED:
        keys = [key for keys, _ in part.lines for key in keys.split(", ")]
        assert len(keys) == len(set(keys)), part.place
        if not part.has_own_window:
            assert not of_menus.intersection(keys), part.place


def _is_declared(line):
    return any(line.place == part.place for part in DECLARED)


def test_every_key_is_one_that_qt_knows(window):
    for line in all_keys(window.menuBar()):
        for key in line.keys:
            sequence = QKeySequence(key)
            assert sequence.count() == 1, key
            assert sequence[0].key() is not Qt.Key.Key_unknown, key
            assert portable(sequence) == key


def test_every_key_of_the_menus_is_listed(window):
    listed = {key for line in all_keys(window.menuBar()) for key in line.keys}
    for action in window.actions_.all:
        assert {portable(key) for key in action.shortcuts()} <= listed


def test_every_part_of_the_window_that_handles_keys_declares_them():
    modules = [
        "dinogui." + ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        for path in SOURCE.rglob("*.py")
        if _HANDLES_KEYS.search(path.read_text(encoding="utf-8"))
    ]
    assert len(modules) > 8
    for name in sorted(set(modules) - set(ELSEWHERE)):
        assert getattr(import_module(name), "KEYS", None) in DECLARED, name


def test_every_shortcut_of_the_handbook_is_listed(window, qtbot):
    handbook = HandbookWindow(window)
    qtbot.addWidget(handbook)
    declared = next(part for part in DECLARED if part.place == "Handbook")
    listed = {key for keys, _ in declared.lines for key in keys.split(", ")}
    assert {portable(s.key()) for s in handbook.findChildren(QShortcut)} <= listed


@pytest.mark.skipif("sys.platform != 'linux'", reason="standard keys differ between systems")
def test_the_page_of_the_handbook_lists_the_same_keys(window):
    page = resources.handbook_page("keys.md").partition("## All keys")[2]
    rows = [found.group("keys", "words", "place") for found in _ROW.finditer(page)][1:]
    wanted = [(", ".join(line.keys), line.words, line.place) for line in all_keys(window.menuBar())]
    table = "\n".join(f"| {keys} | {words} | {place} |" for keys, words, place in wanted)
    assert rows == wanted, f"The table of resources/docs/keys.md should be:\n{table}"
