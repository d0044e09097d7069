"""Three knobs, and in words what the run learns from."""

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QLabel, QScrollArea, QSlider, QVBoxLayout, QWidget

from dinogui.common.advice import advice, usual_clip, usual_rate
from dinogui.common.icons import Icon
from dinogui.common.value_ranges import CLIP_VALUE, LEARNING_RATE
from dinogui.common.words import CLIPPING_WORDS, HYPERPARAMETER_WORDS
from dinogui.panels.model.advice_row import AdviceRow
from dinogui.panels.model.resize_summary import ResizeSummary
from dinogui.panels.model.text_settings import way_of_reading
from dinogui.widgets.buttons.icon_button import IconButton
from dinogui.widgets.knob.knob import Knob
from dinogui.widgets.knob.scale import Scale, logarithmic_stops, whole_stops
from dinogui.widgets.message_line import MessageLine
from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.data.training_data import DataKind
from engine.evaluation.units import Unit
from engine.nn.architecture import MAX_HIDDEN, MIN_HIDDEN
from engine.training.messages import Progress, ResizeReport
from engine.training.recipes import Recipe
from engine.training.settings import Hyperparameters, RunSettings

LEARNING_RATES = Scale(logarithmic_stops(LEARNING_RATE.low, LEARNING_RATE.high, per_decade=40))
CLIP_VALUES = Scale(
    logarithmic_stops(CLIP_VALUE.low, CLIP_VALUE.high, per_decade=40),
    can_be_off=CLIP_VALUE.can_be_off,
)
HIDDEN_SIZES = Scale(whole_stops(MIN_HIDDEN, MAX_HIDDEN, per_decade=60))

_HARDLY_LEARNS = 1e-3
"""A learning rate that has fallen below this share of itself hardly changes the network."""

_COST_LINES = 2
_NO_COST = "A change's cost appears here."


class ControlsPanel(QWidget):
    """Shows the knobs of three hyperparameters and reports their changes.

    Lives in the GUI thread.

    Parameters
    ----------
    start : Hyperparameters
        The values to show first.

    Attributes
    ----------
    facts : QWidget
        What was read, and the recipe. Whoever uses the panel lays it out.
    advice : AdviceRow
        Warns of values that are known to hurt. Whoever uses the panel lays it out.
    what_if : dict of str to IconButton
        The button beside each knob that asks for futures, by the name of its hyperparameter.

    Signals
    -------
    learning_rate_changed(float)
        Also if it was entered again, as one that has fallen then holds once more.
    clip_changed(float or None)
    hidden_changed(int)
        The width of the lowest layer.
    resize_described(str)
        The sentence about a change of the hidden size.
    advice_taken(dict)
        A better value, by the name of its hyperparameter.
    what_if_requested(str)
        Futures are wanted in which the knob of this hyperparameter is turned.
    """

    # Signals of type object, like the knobs' signals that they are connected to.
    learning_rate_changed = Signal(object)
    clip_changed = Signal(object)
    hidden_changed = Signal(int)
    resize_described = Signal(str)
    advice_taken = Signal(object)
    what_if_requested = Signal(str)

    def __init__(self, start: Hyperparameters, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hyperparameters = start
        self._kind: DataKind = "names"
        self._progress: Progress | None = None
        self.advice = AdviceRow()
        self.learning_rate = Knob(
            "&Learning rate",
            LEARNING_RATES,
            usual_rate(start, "names"),
            "How far each step goes down the slope. A small rate is slow, a large one forgets. "
            "The rate that you set holds from the next step on. If it has a decay, it falls from "
            "there.",
        )
        self.clip = Knob(
            "Cli&p value",
            CLIP_VALUES,
            usual_clip(start),
            "Every entry of the gradient is limited to between minus and plus this value, so that "
            "one odd name cannot throw the network far off. At the right end, it is off: whole "
            "gradients are used.",
        )
        self.hidden = Knob(
            "Hidden &units",
            HIDDEN_SIZES,
            float(Hyperparameters().widths[0]),
            "How many numbers the lowest layer remembers from letter to letter. New units change "
            "nothing until they have learned; the least useful units are removed first.",
            whole=True,
        )
        self._add_what_if()
        self._cost = MessageLine(_COST_LINES, "Cost of the latest change of the hidden size")
        self._resize_message = ""
        self._data = _note("What was read")
        self._recipe = _note("The recipe")
        self._data_heading = _heading("Names")
        self._resize_summary = ResizeSummary()
        self._say_cost("")
        self._lay_out()
        self.facts = self._make_facts()
        self.learning_rate.value_changed.connect(self.learning_rate_changed)
        self.learning_rate.box.confirmed.connect(self.learning_rate_changed)
        self.clip.value_changed.connect(self.clip_changed)
        self.hidden.value_changed.connect(self._emit_hidden)
        self.advice.taken.connect(self.advice_taken)
        self.show_knobs(start)
        self._forget_changes()

    def _add_what_if(self) -> None:
        """Put a button beside each knob that asks for futures."""
        self._knobs = {
            "learning_rate": self.learning_rate,
            "clip": self.clip,
            "widths": self.hidden,
        }
        self.what_if: dict[str, IconButton] = {}
        for name, knob in self._knobs.items():
            words = HYPERPARAMETER_WORDS[name]
            button = IconButton(
                Icon.FUTURES,
                f"What if? {words.capitalize()}",
                f"What if? See what the next steps would be with another {words}"
                if name != "widths"
                else f"What if? See what the next steps would be with other {words}",
            )
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(partial(self.what_if_requested.emit, name))
            knob.add_button(button)
            self.what_if[name] = button

    def show_below(self, name: str, row: QWidget) -> None:
        """Lay out a row below the knob of a hyperparameter."""
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.removeWidget(row)
        layout.insertWidget(layout.indexOf(self._knobs[name]) + 1, row)

    def bring_into_view(self, row: QWidget) -> None:
        """Scroll what holds the knobs, where it is too low, so that a row can be seen."""
        holder = self.parentWidget()
        while holder is not None:
            if isinstance(holder, QScrollArea):
                QTimer.singleShot(0, row, partial(holder.ensureWidgetVisible, row, 0, 0))
            holder = holder.parentWidget()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for knob in (self.learning_rate, self.clip, self.hidden):
            layout.addWidget(knob)
        layout.addWidget(self._cost)

    @Slot(bool)
    def show_tight(self, is_tight: bool) -> None:
        """Reserve less room for the sentence below the knobs; its tooltip then has all of it."""
        self._cost.reserve(1 if is_tight else _COST_LINES)
        self.advice.show_tight(is_tight)

    def _make_facts(self) -> QWidget:
        """Make the part about the data."""
        facts = QWidget()
        layout = QVBoxLayout(facts)
        for part in (self._data_heading, self._data, _heading("Recipe"), self._recipe):
            layout.addWidget(part)
        return facts

    @property
    def sliders(self) -> tuple[QSlider, ...]:
        """The sliders that can be dragged."""
        return self.learning_rate.slider, self.clip.slider, self.hidden.slider

    @property
    def resize_message(self) -> str:
        """The sentence about the latest change of the hidden size."""
        return self._resize_message

    @property
    def rate_message(self) -> str:
        """The learning rate in force, once it has fallen below the one that is set; else empty."""
        return self.learning_rate.remark

    @property
    def data_message(self) -> str:
        """The sentences about the data."""
        return self._data.text()

    @Slot(object)
    def show_knobs(self, hyperparameters: Hyperparameters) -> None:
        """Show the hyperparameters in force."""
        self._hyperparameters = hyperparameters
        self.learning_rate.set_value(hyperparameters.learning_rate)
        self.clip.set_value(hyperparameters.clip)
        self.hidden.set_value(hyperparameters.widths[0])
        has_layers = len(hyperparameters.widths) > 1
        self.hidden.set_label("Hidden &units, layer 1" if has_layers else "Hidden &units")
        self._show_defaults()
        self._show_rate()

    def _show_defaults(self) -> None:
        """Mark what is usual for the optimizer and the way of clipping."""
        now = self._hyperparameters
        self.learning_rate.set_default(usual_rate(now, self._kind))
        self.clip.set_default(usual_clip(now))
        self.clip.set_note(CLIPPING_WORDS[now.clipping].lower())

    def _forget_changes(self) -> None:
        for knob in (self.learning_rate, self.clip, self.hidden):
            knob.forget_change()

    def show_unchecked_clip(self, value: float) -> None:
        """Mark the clip value that was in force before clipping was turned off, if it is off."""
        if self.clip.value is None:
            self.clip.mark_change_from(value)

    @Slot(object)
    def show_progress(self, progress: Progress) -> None:
        """Show how far the learning rate has fallen."""
        self._progress = progress
        self._show_rate()

    def _show_rate(self) -> None:
        now, progress = self._hyperparameters, self._progress
        rate = now.rate_at(progress.decay_epoch_of(now) if progress is not None else 0.0)
        self.advice.show_advice(advice(now, self._kind, rate))
        remark = ""
        if rate < _HARDLY_LEARNS * now.learning_rate:
            remark = f"now {rate:.1g}, too low"
        elif rate != now.learning_rate:
            remark = f"now {rate:.2g}, falling"
        self.learning_rate.set_remark(remark)

    def show_corpus(self, corpus: Corpus, recipe: Recipe, settings: RunSettings) -> None:
        """Describe a list of names and the recipe."""
        text = corpus.summary(keeps_repeats=not recipe.holds_out)
        if recipe.holds_out:
            text += f" Held out: {corpus.held_out_count(settings.held_out, settings.seed):,}."
        text += _way_of_reading_file(corpus)
        self._begin("names")
        self._data_heading.setText("Names")
        self._data.setText(text)
        share = f" Here it is {100 * settings.held_out:g} %." if recipe.holds_out else ""
        self._recipe.setText(f"{recipe.name.capitalize()}. {recipe.summary}{share}")
        self._say_cost("")
        self._resize_summary = ResizeSummary("names", self._resize_summary.unit)

    def show_text(self, text: Text, settings: RunSettings) -> None:
        """Describe a text or melodies, and how they are read."""
        held_out = text.held_out_count(settings.held_out, settings.seed)
        has_documents = text.documents is not None
        what = f"{held_out:,} symbols" if has_documents else f"the last {held_out:,}"
        self._begin(text.kind)
        self._data_heading.setText("Melodies" if text.kind == "melodies" else "Text")
        self._data.setText(f"{text.summary()} Held out: {what}.{_way_of_reading_file(text)}")
        self._recipe.setText(way_of_reading(settings, has_documents=has_documents))
        self._say_cost("")
        self._resize_summary = ResizeSummary(text.kind, self._resize_summary.unit)

    def _begin(self, kind: DataKind) -> None:
        """Begin to show another run."""
        self._kind, self._progress = kind, None
        self._forget_changes()
        self._show_defaults()
        self._show_rate()

    @Slot(object)
    def show_resize(self, report: ResizeReport) -> None:
        """Describe a change of the hidden size and its cost."""
        self._resize_summary.add(report)
        self._say_cost(self._resize_summary.sentence)
        self.resize_described.emit(self._resize_message)

    def _say_cost(self, sentence: str) -> None:
        """Say what a change of the hidden size has cost, or what will stand in this room."""
        self._resize_message = sentence
        self._cost.say(sentence or _NO_COST)

    def show_unit(self, unit: Unit) -> None:
        """Give the cost of a change of the hidden size in another unit."""
        self._resize_summary.unit = unit
        self._say_cost(self._resize_summary.sentence)

    @Slot(object)
    def _emit_hidden(self, value: float) -> None:
        self.hidden_changed.emit(round(value))


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label


def _note(name: str) -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)  # names may hold what looks like HTML
    label.setAccessibleName(name)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _way_of_reading_file(data: Corpus | Text) -> str:
    """Say what a file was taken for and what was dropped, unless it is a plain list or text."""
    report = data.report
    return "" if report is None or report.is_plain else f" {report.description()}"
