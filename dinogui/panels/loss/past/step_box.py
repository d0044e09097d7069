"""The box into which the step to look at is typed."""

from PySide6.QtCore import QSize

from dinogui.widgets.number_box import NumberBox
from engine.training.ranges import MAX_STEPS


class StepBox(NumberBox):
    """A number box with the steps of a run. The last step stands for the present.

    Lives in the GUI thread.
    """

    def __init__(self) -> None:
        super().__init__((0, MAX_STEPS), whole=True)
        self.setAccessibleName("Step that is shown")
        self.setToolTip("Type the step to look at")

    def show_step(self, step: int, last: int) -> None:
        """Show a step of a run of so many, unless another one is being typed."""
        self.blockSignals(True)
        self.setMaximum(last)
        if not self.is_being_typed:
            self.setValue(step)
        self.blockSignals(False)

    def stepBy(self, steps: int) -> None:
        """Go some steps further."""
        self.setValue(self.value() + steps)

    def sizeHint(self) -> QSize:
        """Return room for seven digits."""
        hint = super().sizeHint()
        return QSize(self.fontMetrics().horizontalAdvance("0") * 7 + 40, hint.height())

    def minimumSizeHint(self) -> QSize:
        """Return the same."""
        return self.sizeHint()
