"""The head that every panel has: question, sentence, name box, export and help."""

import csv
import io

import pytest
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QDialog, QWidget

from dinogui.panels.heading import PanelHeading
from dinogui.panels.insight.frame.name_box import NameBox
from dinogui.panels.picture_export import ExportButton
from dinogui.panels.registry import PANELS

NAMED = ("clipping", "flow", "states", "next_letter", "steps", "tell_kind")


def panel_of(key):
    """Return the description of a panel."""
    return next(panel for panel in PANELS if panel.key == key)


def test_every_panel_has_the_same_head(window):
    for panel in PANELS:
        widget = window.docks.show(panel.key)
        heading = widget.findChild(PanelHeading)
        assert heading.question.text() == panel.question
        assert heading.question.font().bold() or heading.question.font().weight() > 500
        assert heading.sentence.text() == panel.summary
        assert heading.sentence.isVisible()
        export = heading.findChild(ExportButton)
        assert export.ways.actions(), "there is a way to export"
        assert all(action.toolTip() for action in export.ways.actions())
        assert export.x() < heading.help_button.x(), "the help is the last"
        assert heading.y() < 20, "it is the head"
        assert (heading.findChild(NameBox) is not None) == (panel.key in NAMED)
        assert widget.accessibleName() == panel.name


@pytest.mark.layout
def test_no_words_of_a_head_are_cut(window, qtbot):
    for size in [(300, 420), (560, 300), (900, 420)]:
        for panel in PANELS:
            widget = window.docks.show(panel.key)
            dock = window.docks.docks[panel.key]
            dock.setFloating(True)
            dock.resize(*size)
            qtbot.waitUntil(
                lambda dock=dock, width=size[0]: (
                    dock.width() <= max(width, dock.minimumWidth() + 40)
                )
            )
            heading = widget.findChild(PanelHeading)
            qtbot.waitUntil(lambda heading=heading: has_room(heading))
            parts = [part for part in heading.findChildren(QWidget) if part.isVisible()]
            assert all(part.width() > 0 and part.height() > 0 for part in parts)
            dock.close()


def has_room(heading):
    """Return whether both texts are shown in full, and nothing reaches out of the head."""
    for label in (heading.question, heading.sentence):
        if label.heightForWidth(label.width()) > label.height() and label.wordWrap():
            return False
        if not label.wordWrap() and label.sizeHint().width() > label.width():
            return False
    inside = heading.rect()
    places = [part.geometry() for part in (heading.question, heading.sentence)]
    return all(inside.contains(place) for place in places)


def test_help_is_opened_by_keyboard(window, qtbot):
    widget = window.docks.show("memory_meter")
    heading = widget.findChild(PanelHeading)
    heading.help_button.setFocus()
    heading.help_button.click()
    page = widget.findChild(QDialog)
    assert page.windowTitle() == "Memory meter"
    page.close()


def test_write_together_and_the_meter_are_exported_like_the_others(window, qtbot, tmp_path):
    write, meter = window.docks.show("write_together"), window.docks.panel("memory_meter")
    qtbot.waitUntil(lambda: len(write.bars.labels) == 27)
    qtbot.waitUntil(lambda: len(window.session.name_generation.measurements) == 1)
    for panel, rows in ((write, 28), (meter, 2)):
        panel.export.copy_action.trigger()
        copied = list(csv.reader(io.StringIO(QGuiApplication.clipboard().text())))
        assert len(copied) == rows
        path = tmp_path / f"{rows}.png"
        panel.export.save(str(path))
        assert not QImage(str(path)).isNull()
    shares = sum(
        float(row[1]) for row in csv.reader(io.StringIO(csv_of(write))) if row[1][0] == "0"
    )
    assert shares == pytest.approx(1.0)


def csv_of(panel):
    """Return what a panel copies."""
    panel.export.copy_action.trigger()
    return QGuiApplication.clipboard().text()


def test_a_picture_that_cannot_be_saved_is_said(window, qtbot, tmp_path):
    meter = window.docks.show("memory_meter")
    meter.export.save(str(tmp_path / "nowhere" / "meter.png"))
    assert "cannot be written" in meter.note


def test_kept_names_say_how_they_fill(window, qtbot):
    panel = window.docks.show("kept_names")
    assert panel.empty.isVisible()
    assert "Click the star" in panel.empty.text()
    assert not panel.export_button.isEnabled()


def test_question_and_sentence_begin_at_one_height_beside_the_buttons(window, qtbot):
    window.resize(1600, 1000)
    for panel in PANELS:
        heading = window.docks.show(panel.key).findChild(PanelHeading)
        qtbot.waitUntil(lambda heading=heading: heading.isVisible())
        question, sentence, button = heading.question, heading.sentence, heading.help_button
        qtbot.waitUntil(lambda q=question, s=sentence: s.x() > q.x())
        assert question.y() == sentence.y()
        line = question.fontMetrics().height()
        assert question.y() + line / 2 == pytest.approx(button.geometry().center().y(), abs=2)


def test_the_help_of_write_together_is_there_for_a_text_too(text_window):
    panel = text_window.docks.show("write_together")
    heading = panel.findChild(PanelHeading)
    assert heading.question.isEnabled()
    assert heading.help_button.isEnabled()
    for part in (panel.line, panel.keep, panel.export):
        assert not part.isEnabled()
    assert panel.score.startswith("This run does not learn names")
    assert panel.error == ""
