"""The entries of the menus: every action, with its key, and why it is disabled."""

from collections.abc import Iterator

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from dinogui.common.actions.action_words import plain_text, reason_of, tip_of, title_of
from dinogui.window.palette.entry import Entry

_PATH = ": "


def menu_actions(
    bar: QMenuBar, without: QMenu | None = None
) -> Iterator[tuple[tuple[str, ...], QAction]]:
    """Return every action of a menu bar, with the titles of the menus that lead to it.

    Parameters
    ----------
    bar : QMenuBar
    without : QMenu, optional
        A menu that is left out.

    Yields
    ------
    titles : tuple of str
    action : QAction
        An empty submenu counts as an action, too: it may say why there is nothing in it.
    """
    for action in bar.actions():
        menu = action.menu()
        if isinstance(menu, QMenu):
            yield from _actions_of(menu, (plain_text(action.text()),), without)


def _actions_of(
    menu: QMenu, titles: tuple[str, ...], without: QMenu | None
) -> Iterator[tuple[tuple[str, ...], QAction]]:
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            if inner is not without and action.isEnabled() and not inner.isEmpty():
                yield from _actions_of(inner, (*titles, plain_text(action.text())), without)
            elif inner is not without:
                yield titles, action
        elif not action.isSeparator():
            yield titles, action


def action_entries(bar: QMenuBar, without: QMenu) -> list[Entry]:
    """Return an entry for every action of a menu bar; see `menu_actions`."""
    return [_entry(titles, action) for titles, action in menu_actions(bar, without)]


def _entry(titles: tuple[str, ...], action: QAction) -> Entry:
    title = _PATH.join((*titles[1:], title_of(action)))
    detail = tip_of(action)
    if action.isCheckable() and action.actionGroup() is None:
        detail = f"{'On' if action.isChecked() else 'Off'}. {detail}"
    elif action.isChecked():
        detail = f"Chosen now. {detail}"
    return Entry(
        key=action.objectName(),
        group=titles[0],
        title=title,
        order=action.trigger,
        detail=detail,
        keys=action.shortcut().toString(QKeySequence.SequenceFormat.NativeText),
        reason=reason_of(action),
    )
