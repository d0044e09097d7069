"""The plot as it is saved and copied, by the menu."""

import csv
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog

from dinogui.panels.loss.plot_export import plot_table
from engine.evaluation.units import Unit
from engine.training.curves.run_curves import Curves
from engine.training.messages import Chunk, HeldOutLoss


@pytest.fixture
def window(window, train_until):
    train_until(window.session, 300)
    window.loss_plot.draw()
    return window


@pytest.fixture
def save(window, monkeypatch):
    """Return a function that saves the plot by the menu, to a path that the dialog returns."""

    def act(path):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
        window.actions_.plot.save.trigger()
        return window.banner.message

    return act


def colours_of(image):
    """Return the colours of a picture, and how many pixels have each."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)
    return dict(zip(*np.unique(rows[:, : image.width()], return_counts=True), strict=True))


def test_pictures_show_legend_and_plot_without_the_banner(window, save, tmp_path):
    path = tmp_path / "plot.png"
    assert f"saved to “{path}”" in save(path)
    image = QImage(str(path))
    part = window.loss_plot.pane
    assert image.width() > part.width()
    assert image.height() > part.height()
    first = colours_of(image)
    assert len(first) > 20
    save(path)  # now a banner lies over the plot
    assert colours_of(QImage(str(path))) == first


def test_drawings_stay_within_the_plot(window, save, tmp_path):
    path = tmp_path / "plot.svg"
    save(path)
    pane, curves = window.loss_plot.pane, 0
    for shape in ElementTree.parse(path).getroot().iter():
        written = shape.get("points") or shape.get("d") or ""
        corners = re.findall(r"(-?[\d.]+(?:e-?\d+)?),(-?[\d.]+(?:e-?\d+)?)", written)
        if len(corners) > 12:  # the axes have less
            x, y = np.array(corners, float).T
            assert -1 <= x.min() <= x.max() <= pane.width() + 1
            assert -1 <= y.min() <= y.max() <= pane.height() + 1
            curves += 1
    assert curves >= 2, "the smoothed loss and the band"


def test_tables_hold_every_curve(window, save, tmp_path):
    path = tmp_path / "plot.csv"
    save(path)
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    session = window.session
    assert [int(row["step"]) for row in rows][-1] == session.steps_made
    smoothed = session.curves.smoothed(Unit.NATS_PER_NAME)
    for row in rows[1::50]:
        step = int(row["step"])
        found = float(row["smoothed (nats per name)"])
        assert smoothed.nearest(step) == (step, pytest.approx(found))
        assert float(row["names seen"]) == pytest.approx(step, abs=2)
        low, high = (float(row[f"{end} (nats per name)"]) for end in ("lowest", "highest"))
        middle = [float(row[f"{p}th percentile (nats per name)"]) for p in (10, 25, 75, 90)]
        assert [low, *middle, high] == pytest.approx(sorted([low, *middle, high]), abs=1e-4)
    (guessing,) = {float(row["guessing (nats per name)"]) for row in rows}
    assert guessing == pytest.approx(session.guessing_loss(Unit.NATS_PER_NAME))


def test_the_plot_is_copied_as_a_picture(window):
    window.actions_.plot.copy.trigger()
    copied = QGuiApplication.clipboard().image()
    assert len(colours_of(copied)) > 20


def test_what_the_network_learns_from_is_not_replaced(window, save, tmp_path, qtbot):
    path = tmp_path / "names.txt"
    path.write_text("\n".join(["anna", "berta", "clara", "doris"] * 3), encoding="utf-8")
    window.open_file(str(path))
    qtbot.waitUntil(lambda: window.session.path == str(path))
    assert "is not replaced" in save(path)
    assert path.read_text(encoding="utf-8").startswith("anna")


def test_a_table_has_a_row_for_each_step_of_a_short_run_and_each_held_out_loss():
    curves = Curves()
    loss = 10.0 + np.arange(100) % 4
    ones = np.ones(100)
    held_out = (HeldOutLoss(0, 12.0, 2.0), HeldOutLoss(60, 8.0, 1.5))
    curves.append(100, Chunk(loss, ones, 11.5 * ones, ones, held_out))
    header, *rows = plot_table(curves, Unit.NATS_PER_NAME, "names", {0: 41.5, 2: 30.0})
    assert header[0] == "step"
    assert header[-2:] == ["guessing (nats per name)", "2-gram (nats per name)"]
    assert [row[0] for row in rows] == list(range(101))
    assert rows[0][5:] == [None, 12.0, *[None] * 6, 41.5, 30.0]
    assert rows[60][5:7] == [11.5, 8.0]
    assert rows[60][7] == 10.0
    assert rows[60][12] == 13.0
