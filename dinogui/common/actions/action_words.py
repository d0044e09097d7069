"""The words of an action: its text, its tooltip with its key, and why it is disabled."""

import re

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from dinogui.common.icons import Icon, make_icon

_REASON = "reason"
_NUMBERED = re.compile(r"^\d+  ")
_MARKUP = re.compile(r"<[^>]*>")


def make_action(
    parent: QObject,
    text: str,
    tip: str,
    shortcut: str | QKeySequence.StandardKey = "",
    *,
    checkable: bool = False,
    icon: Icon | None = None,
) -> QAction:
    """Return an action whose tooltip ends with its key, if it has one."""
    action = QAction(text, parent)
    if icon is not None:
        action.setIcon(make_icon(icon))
    action.setCheckable(checkable)
    if shortcut:
        action.setShortcut(QKeySequence(shortcut))
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        tip = f"{tip} ({keys})"
    action.setToolTip(tip)
    return action


def plain_text(text: str) -> str:
    """Return the text of an action or a label without its mnemonic."""
    return re.sub(r"&(.)", r"\1", text)


def title_of(action: QAction) -> str:
    """Return the text of an action without its mnemonic and its number in a list."""
    return _NUMBERED.sub("", plain_text(action.text()))


def tip_of(action: QAction) -> str:
    """Return what an action does: its tooltip as plain text, without its key."""
    tip = action.toolTip()
    if tip.startswith("<"):  # a path that Qt would take for markup
        from html import unescape  # its table of entities takes long to import

        tip = unescape(_MARKUP.sub("", tip))
    for form in QKeySequence.SequenceFormat:
        tip = tip.removesuffix(f" ({action.shortcut().toString(form)})")
    return tip if tip != title_of(action) else ""


def explain(action: QAction, reason: str) -> None:
    """Say why an action is disabled, whenever it is."""
    action.setProperty(_REASON, reason)


def reason_of(action: QAction) -> str:
    """Return why an action is disabled; empty if it is not."""
    return "" if action.isEnabled() else str(action.property(_REASON) or "")
