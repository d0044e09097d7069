"""A flat button that shows an icon, such as the cross that closes something."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStyleOptionToolButton, QToolButton, QWidget

from dinogui.common.icons import Icon, make_icon


class IconButton(QToolButton):
    """Shows an icon, and a text beside it if it has one. It says in words what it does.

    A button with a menu draws no arrow of its own, which would lie over the icon. Where no focus
    policy is set, a click leaves the focus where it is.

    Parameters
    ----------
    icon : Icon
    name : str
        Its accessible name.
    tip : str
    text : str, optional
        Shown beside the icon.
    """

    def __init__(
        self, icon: Icon, name: str, tip: str, *, text: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAutoRaise(True)
        self.setText(text)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        if text:
            self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.show_icon(icon)

    def show_icon(self, icon: Icon) -> None:
        """Show another icon."""
        self.icon_shown = icon
        self.setIcon(make_icon(icon))

    def initStyleOption(self, option: QStyleOptionToolButton) -> None:
        """Draw it as a button without a menu."""
        super().initStyleOption(option)
        option.features &= ~QStyleOptionToolButton.ToolButtonFeature.HasMenu
