"""Export formats in the window: those of the registry, and one registered by the test."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from dinogui.panels.names.candidates_model import Column
from dinogui.panels.names.export_filters import export_filters
from engine.sampling.export import EXPORT_FORMATS, ExportFormat

OFFERED = "Text, one name per line (*.txt);;Table (*.csv);;JSON (*.json)"
STARS = "Names between stars (*.stars)"


def between_stars(rows, columns):
    return "*".join(str(row["name"]) for row in rows)


@pytest.fixture
def stars(monkeypatch):
    """Register a format for one test."""
    form = ExportFormat("stars", "Names between stars", ".stars", between_stars)
    monkeypatch.setitem(EXPORT_FORMATS, form.name, form)


@pytest.fixture
def choose(monkeypatch):
    """Return a function that makes the file dialog return a path, and returns its filters."""

    def answer(path, chosen=STARS):
        shown = []

        def dialog(parent, title, suggestion, filters):
            shown.append(filters)
            return str(path), chosen

        monkeypatch.setattr(QFileDialog, "getSaveFileName", dialog)
        return shown

    return answer


@pytest.fixture
def generated(window, qtbot):
    """Return a window with names in its list."""
    found = window.session.name_generation.found
    with qtbot.waitSignal(found, check_params_cb=lambda result: result.is_over):
        window.names.generate()
    return window


def test_the_formats_are_offered():
    assert ";;".join(export_filters()) == OFFERED


@pytest.mark.parametrize("name", ["names.stars", "names"])
def test_names_are_exported_in_another_format(generated, qtbot, tmp_path, stars, choose, name):
    path = tmp_path / name
    shown = choose(path)
    generated.names.choose_export()
    qtbot.waitUntil(lambda: str(path) in generated.names.note)
    assert path.read_text(encoding="utf-8").split("*") == generated.names.generated
    assert shown == [f"{OFFERED};;{STARS}"]


def test_kept_names_are_exported_in_another_format(generated, qtbot, tmp_path, stars, choose):
    view = generated.names.table.view
    place = view.visualRect(view.model().index(0, Column.KEPT)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    panel = generated.docks.show("kept_names")
    path = tmp_path / "kept.stars"
    shown = choose(path)
    panel.choose_export()
    qtbot.waitUntil(lambda: str(path) in panel.note)
    assert path.read_text(encoding="utf-8").split("*") == panel.names
    assert shown == [f"{OFFERED};;{STARS}"]
