"""The knob for the temperature, with which names, texts and melodies are sampled."""

from PySide6.QtWidgets import QWidget

from dinogui.widgets.knob.knob import Knob
from dinogui.widgets.knob.scale import Scale

_TEMPERATURES = Scale(tuple(round(0.05 * n, 2) for n in range(2, 61)))


class TemperatureKnob(Knob):
    """A knob from cold to hot.

    Parameters
    ----------
    label : str
        With its mnemonic.
    symbols : str
        What the network chooses from, such as "letters".
    usual : float
        What a double click on the track sets.
    ends : pair of str
        Words for the coldest and the hottest.
    """

    def __init__(
        self,
        label: str,
        symbols: str,
        parent: QWidget | None = None,
        *,
        usual: float = 1.0,
        ends: tuple[str, str] = ("cold: the usual", "hot: daring"),
    ) -> None:
        super().__init__(
            label,
            _TEMPERATURES,
            usual,
            f"Below 1 the network prefers likely {symbols}; above 1 it takes more risks.",
            lowest=0.0,  # which is refused with a sentence
            ends=ends,
            parent=parent,
        )
