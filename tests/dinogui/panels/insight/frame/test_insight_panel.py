"""The common part of all insight panels: timing, buttons, and values that are not finite."""

import csv
import io
import re

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QTextBrowser,
    QWidget,
)

from dinogui.common.speed import Speed
from dinogui.common.theme import Theme
from dinogui.panels.heading import PanelHeading
from dinogui.panels.insight.clipping import clipping_panel
from dinogui.panels.insight.flow import flow_panel
from dinogui.panels.insight.frame.pacing import SHARE, SHORTEST_SECONDS, seconds_apart
from dinogui.panels.insight.next_letter import next_letter_panel
from dinogui.panels.insight.states import states_panel
from dinogui.panels.insight.steps import steps_panel
from dinogui.panels.insight.weights import weights_panel
from dinogui.panels.registry import PANELS
from engine.data.corpus import names_from_bytes
from engine.nn.ablation import HiddenUnit

FIVE = ("clipping", "flow", "states", "next_letter", "weights")
ALL = (*FIVE, "steps")
_COMPUTES = {
    "clipping": (clipping_panel, "clipping"),
    "flow": (flow_panel, "flow"),
    "states": (states_panel, "states"),
    "next_letter": (next_letter_panel, "next_letters"),
    "weights": (weights_panel, "weights"),
    "steps": (steps_panel, "arithmetic"),
}


@pytest.fixture
def counted(monkeypatch):
    """Count how often each panel computes, and return the counts."""
    counts = dict.fromkeys(_COMPUTES, 0)

    def count(name, function):
        def call(*arguments, **more):
            counts[name] += 1
            return function(*arguments, **more)

        return call

    for name, (module, attribute) in _COMPUTES.items():
        monkeypatch.setattr(module, attribute, count(name, getattr(module, attribute)))
    return counts


@pytest.fixture
def filled(open_panel):
    """Return a function that shows a panel with something in it."""
    return open_panel


def train_a_while(bench, qtbot):
    """Train long enough for four snapshots."""
    with qtbot.waitSignals([bench.session.snapshot_taken] * 4):
        bench.session.train()


def test_visible_panels_share_the_time():
    assert seconds_apart(0.001, SHARE, 6) == SHORTEST_SECONDS
    alone, together = (seconds_apart(0.5, SHARE, count) for count in (1, 6))
    assert 0.5 / alone == 6 * 0.5 / together == SHARE


def test_a_visible_panel_computes_at_most_four_times_a_second(bench, open_panel, counted, qtbot):
    open_panel("flow")
    before = counted["flow"]
    train_a_while(bench, qtbot)
    qtbot.waitUntil(lambda: counted["flow"] > before)
    # Not every one of several snapshots in quick succession is computed.
    session = bench.session
    before = counted["flow"]
    for _ in range(200):
        session.snapshot_taken.emit(session.snapshot)
        QApplication.processEvents()
    assert counted["flow"] - before < 20


def test_at_a_slow_speed_a_visible_panel_follows_each_step(bench, open_panel, counted, qtbot):
    bench.session.set_speed(Speed.TEN)
    panel, computed = open_panel("flow"), []
    panel.pace.done.connect(lambda _result: computed.append(bench.session.snapshot_step))
    bench.session.train(10)
    qtbot.waitUntil(lambda: 10 in computed)
    # Four times a second, as at full speed, would be at most five of these ten steps.
    assert len(set(computed)) >= 7


@pytest.mark.parametrize("how", ["closed", "behind another tab", "minimised"])
def test_nothing_is_computed_for_a_hidden_panel(bench, open_panel, counted, qtbot, how):
    panels = {name: open_panel(name) for name in FIVE}
    if how == "closed":
        for dock in bench.docks.docks.values():
            dock.close()
    elif how == "behind another tab":
        open_panel("steps")
    else:
        bench.showMinimized()
    qtbot.waitUntil(lambda: not any(panel.pace._task.is_busy for panel in panels.values()))
    before = dict(counted)
    train_a_while(bench, qtbot)
    assert counted == before
    bench.showNormal()
    panel = bench.docks.show("flow")
    qtbot.waitUntil(lambda: counted["flow"] > before["flow"])
    assert panel.result is not None
    assert counted["clipping"] == before["clipping"]


def test_pictures_are_saved(bench, filled, tmp_path):
    for name in ALL:
        panel = filled(name)
        png, svg = tmp_path / f"{name}.png", tmp_path / f"{name}.svg"
        panel.export.save(str(png))
        picture = QImage(str(png))
        assert picture.width() >= panel.picture.width()
        places = [
            (x, y) for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7)
        ]
        assert len({picture.pixel(*place) for place in places}) > 5
        panel.export.save(str(svg))
        drawing = QSvgRenderer(str(svg))
        assert drawing.isValid()
        text = re.sub('base64,[^"]*', "", svg.read_text(encoding="utf-8"))
        assert "nan" not in text.lower()
        assert drawing.viewBox().size() == panel.picture.size()
        assert sum(text.count(f"<{tag}") for tag in ("path", "text", "polyline", "image")) > 8
        assert panel.note.message == ""


def test_a_saved_picture_says_below_it_which_units_are_off(bench, filled, tmp_path):
    bench.session.units_off.switch(HiddenUnit(1, 4), off=True)
    said = "1 unit off: unit 4 of layer 1"
    for name in ALL:
        panel = filled(name)
        png, svg = tmp_path / f"{name}.png", tmp_path / f"{name}.svg"
        panel.export.save(str(png))
        panel.export.save(str(svg))
        size, plain = panel.picture.size(), panel.picture.grab().toImage()
        picture, text = QImage(str(png)), svg.read_text(encoding="utf-8")
        drawn = QSvgRenderer(str(svg)).viewBox().size()
        if not panel.leaves_units_out:
            assert picture.size() == plain.size()
            assert said not in text
            assert drawn == size
            continue
        assert said in text
        assert drawn.width() == size.width()
        assert picture.height() > plain.height()
        assert drawn.height() > size.height()
        below = {
            picture.pixel(x, y)
            for x in range(picture.width())
            for y in range(plain.height(), picture.height())
        }
        assert len(below) > 3, "the note is written"


def test_the_button_asks_where_to_save(bench, filled, tmp_path, qtbot, monkeypatch):
    panel = filled("flow")
    answers = [(str(tmp_path / "strip"), "Drawing, SVG (*.svg)"), ("", "")]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: answers.pop(0))
    for _ in range(2):
        panel.export.save_action.trigger()
    assert [path.name for path in tmp_path.iterdir()] == ["strip.svg"]


def test_a_picture_that_cannot_be_written_is_reported_and_harms_no_file(bench, filled, tmp_path):
    panel = filled("flow")
    place = tmp_path / "folder.png"
    place.mkdir()
    (place / "kept").write_text("kept")
    panel.export.save(str(place))
    assert "cannot be written" in panel.note.message
    assert panel.note.isVisible()
    assert (place / "kept").read_text() == "kept"


def test_data_is_copied_as_csv(bench, filled, qtbot):
    for name in ALL:
        panel = filled(name)
        panel.export.copy_action.trigger()
        rows = list(csv.reader(io.StringIO(QGuiApplication.clipboard().text())))
        assert rows == [[str(part) for part in row] for row in panel.table()]
        assert len(rows) > 2
        assert any(number_in(row) for row in rows)


def number_in(row):
    """Return whether a row contains a decimal number."""
    for part in row:
        try:
            if float(part) != int(float(part)):
                return True
        except ValueError:
            continue
    return False


def test_the_help_button_explains_in_the_courses_terms(bench, open_panel, qtbot):
    for entry in (entry for entry in PANELS if entry.key in ALL):
        panel = open_panel(entry.key, drawn=False)
        qtbot.mouseClick(panel.help_button, Qt.MouseButton.LeftButton)
        page = panel.findChild(QDialog)
        text = page.findChild(QTextBrowser).toPlainText()
        assert entry.question in text
        assert "=" in text or "←" in text, "its equation"
        page.close()


def test_all_controls_have_names_and_tooltips_and_are_in_tab_order(bench, filled):
    for name in ALL:
        panel = filled(name)
        parts = [part for part in panel.findChildren(QWidget) if takes_tab(part)]
        assert len(parts) >= 3
        assert [part for part in parts if not part.accessibleName()] == []
        assert [part.accessibleName() for part in parts if not part.toolTip()] == []
        chain = [panel.export]
        while not set(parts) <= set(chain) and len(chain) < 60:
            chain.append(chain[-1].nextInFocusChain())
        assert set(parts) <= set(chain), "Tab goes through all of them, from Export on"
        assert chain.index(panel.export) < chain.index(panel.help_button)


def takes_tab(part):
    """Return whether a widget can be reached by Tab."""
    return (
        part.isVisible()
        and bool(part.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and part.focusProxy() is None
        and not part.objectName().startswith("qt_")
    )


def test_values_that_are_not_finite_are_reported_and_coloured(bench, filled, spoil, drawn_anew):
    for name in FIVE:
        panel = filled(name)
        drawn_anew(panel, spoil)
        assert "not a number" in panel.note.message
        assert panel.note.isVisible()
        if hasattr(panel, "map"):
            crimson = (panel.map.pixels == (224, 0, 94, 255)).all(axis=-1)
            assert crimson.any()
        panel.export.copy()


def test_the_colour_of_values_that_are_not_finite_is_explained_only_where_it_is(
    bench, filled, spoil, drawn_anew
):
    panels = [filled(name) for name in ("weights", "flow")]
    for panel in panels:
        assert not has_crimson(panel.scale)
        assert "not a number" not in panel.scale.toolTip()
    drawn_anew(panels[-1], spoil)
    assert has_crimson(panels[-1].scale)
    assert "not a number" in panels[-1].scale.toolTip()


def has_crimson(part):
    """Return whether the colour of values that are not finite is to be seen on a widget."""
    image = part.grab().toImage()
    row = image.height() // 2
    colours = {image.pixelColor(x, row).getRgb()[:3] for x in range(image.width())}
    return (224, 0, 94) in colours


def test_a_step_with_values_that_are_not_finite_is_listed(bench, filled, spoil, qtbot, type_name):
    panel = filled("steps")
    spoil()
    type_name(panel, "tyro")
    before = panel.result
    qtbot.mouseClick(panel.compute_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.result is not before)
    assert "not a number" in panel.note.message


def test_every_network_is_shown_during_training_and_resizing(
    bench, networks, begin, filled, qtbot, drawn_anew
):
    session = bench.session
    for network in networks:
        begin(*network)
        session.train()
        qtbot.waitUntil(lambda: session.steps_made > 5)
        for name in FIVE:
            panel = filled(name)
            wider = tuple(width + 1 for width in session.hyperparameters.widths)
            session.set_hyperparameters(widths=wider)
            qtbot.waitUntil(
                lambda wider=wider: session.snapshot.parameters.architecture.widths == wider
            )
            drawn_anew(panel, panel.refresh_now)
            assert panel.note.message == ""
        deeper = (*session.hyperparameters.widths, 5)
        session.set_hyperparameters(widths=deeper)
        qtbot.waitUntil(
            lambda deeper=deeper: session.snapshot.parameters.architecture.widths == deeper
        )
        for name in FIVE:
            panel = filled(name)
            drawn_anew(panel, panel.refresh_now)
        session.pause()


def test_the_panels_keep_working_after_divergence(bench, open_panel, type_name, drawn_anew, qtbot):
    panel, session = open_panel("flow"), bench.session
    session.set_hyperparameters(learning_rate=1e15, clip=None)
    with qtbot.waitSignal(session.diverged, timeout=30_000):
        session.train()
    drawn_anew(panel, lambda: type_name(panel, "rex"))
    assert panel.result.letters[-1] == "⏎"


def test_the_name_is_shared_and_chosen_from_the_lists(
    bench, open_panel, type_name, write_names, qtbot
):
    flow_panel = open_panel("flow")
    generated = write_names(bench.session, 4)
    type_name(flow_panel, "Rex")
    other = open_panel("next_letter")
    qtbot.waitUntil(lambda: other.result.letters == ["r", "e", "x", "⏎"])
    assert other.name_box.findChild(QLineEdit).text() == "Rex"
    menu = other.name_box.menu
    menu.aboutToShow.emit()
    written = [action.data() for action in menu.actions() if action.data()]
    assert set(bench.session.corpus.distinct) & set(written)
    assert set(generated) & set(written)
    chosen = next(action for action in menu.actions() if action.data() == written[0])
    chosen.trigger()
    qtbot.waitUntil(lambda: "".join(other.result.letters[:-1]) == written[0])


def test_the_latest_training_name_is_one_of_those_learned_from(bench, open_panel, train_until):
    panel = open_panel("next_letter")
    train_until(bench.session, 37)
    name = bench.session.snapshot.latest_name
    corpus = bench.session.corpus
    training, _ = corpus.split(bench.session.settings.seed, bench.session.settings.held_out)
    assert corpus.vocabulary.decode(name[:-1]) in training
    assert panel.choice.reading(bench.session.snapshot).predicted is name


def test_an_unknown_letter_is_reported(bench, open_panel, type_name, qtbot):
    panel = open_panel("flow")
    type_name(panel, "tyrß")
    qtbot.waitUntil(lambda: "never seen the letter “ß”" in panel.note.message)
    assert panel.note.isVisible()
    type_name(panel, "tyr")
    qtbot.waitUntil(lambda: panel.note.message == "" and panel.result is not None)


def test_space_in_a_panel_still_trains(window, qtbot):
    panel = window.docks.show("flow")
    qtbot.waitUntil(lambda: panel.result is not None)
    qtbot.mouseClick(panel.keep_button, Qt.MouseButton.LeftButton)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert window.session.state.value == "Training"


def test_a_panel_adapts_to_the_width_of_its_dock(bench, open_panel, qtbot):
    panel = open_panel("flow")
    heading = panel.findChild(PanelHeading)
    dock = bench.docks.docks["flow"]
    dock.setFloating(True)
    dock.resize(980, 400)
    qtbot.waitUntil(lambda: heading.sentence.x() > heading.question.x())
    height = panel.keep_button.height()
    assert height <= panel.keep_button.parent().height() < 2 * height, "one row of controls"
    dock.resize(340, 640)
    qtbot.waitUntil(lambda: heading.sentence.y() > heading.question.y())

    def is_narrow():
        dock.resize(300, 640)  # as a drag goes on once the panel has turned to its narrow form
        return panel.width() <= 300 and panel.forget_button.y() > panel.name_box.y()

    qtbot.waitUntil(is_narrow)


def test_empty_panels_say_how_they_fill(qapp, qtbot, session):
    theme = Theme(qapp)
    panels = [entry.make(session, theme) for entry in PANELS if entry.key in ALL]
    for panel in panels:
        qtbot.addWidget(panel)
        panel.show()
        assert how_it_fills(panel)
    with qtbot.waitSignal(session.network_made):
        session.use(names_from_bytes(b"rex\ntyro\n", "two"))
    for panel in panels:
        assert not how_it_fills(panel)
        qtbot.waitUntil(lambda panel=panel: panel.result is not None)
    session.close()


def how_it_fills(panel):
    """Return the visible sentences that say how a panel fills."""
    labels = [label for label in panel.findChildren(QLabel) if label.isVisible()]
    return [label.text() for label in labels if "File > Open" in label.text()]


def test_the_cells_of_a_map_are_reached_and_read_by_keyboard(bench, filled, qtbot):
    for name in ("flow", "states", "next_letter", "weights", "steps"):
        panel = filled(name)
        panel.map.setFocus()
        before = panel.map.grab().toImage()
        qtbot.keyClick(panel.map, Qt.Key.Key_Right)
        assert panel.map.current == (0, 0)
        assert panel.map.accessibleDescription() == panel.describe(0, 0) == panel.reading.text()
        qtbot.keyClick(panel.map, Qt.Key.Key_Down)
        row = min(1, panel.map.shape[0] - 1)
        assert panel.map.current == (row, 0)
        assert panel.reading.text() == panel.describe(row, 0)
        assert panel.map.grab().toImage() != before
        panel.export.setFocus()
        assert panel.reading.text() != panel.describe(row, 0)


def test_a_focus_can_be_seen_on_every_map(bench, filled, qtbot):
    for name in ("flow", "states", "next_letter", "weights", "steps"):
        panel = filled(name)
        panel.export.setFocus()
        without = panel.map.grab().toImage()
        panel.map.setFocus()
        assert panel.map.grab().toImage() != without


def test_zero_has_the_colour_of_the_card_in_light_and_dark(bench, filled, qapp):
    panel = filled("states")
    for scheme in (Qt.ColorScheme.Dark, Qt.ColorScheme.Light):
        panel.theme.choose(scheme)
        base = QColor(panel.theme.colours.base).getRgb()[:3]
        values = panel.result.found.layers[0]["a"].T
        assert panel.map.pixels.shape[:2] == values.shape
        near = panel.map.pixels[np.abs(values) < 0.02][:, :3].astype(int)
        assert len(near)
        assert np.abs(near - base).max() < 12
        strong = panel.map.pixels[np.abs(values) > 0.1][:, :3].astype(int)
        assert (np.abs(strong - base).sum(axis=1) > 20).all()
        panel.theme.choose(Qt.ColorScheme.Unknown)
