"""The loss plot says on what it was measured, and compares what was measured alike."""

import json
import re

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QWidget

from dinogui.common.run_plan import RunPlan
from dinogui.session.run import RunState
from dinogui.widgets.overlay import OverlaidStrip
from engine.cli.main import main
from engine.evaluation.held_out.text import HeldOutText
from engine.evaluation.units import Unit
from engine.training.recipes import DEFAULT, NOTEBOOK
from engine.training.settings import Hyperparameters, RunSettings

HELD_OUT = 40_000


@pytest.fixture
def legend(window):
    """Return a function that returns the legend without its markup."""
    return lambda: re.sub("<[^>]*>", "", window.loss_plot.legend).replace("&nbsp;", " ")


@pytest.fixture
def uneven_window(window, qtbot, names_file):
    """Return the window with a small network on a text whose end is easier than its middle."""
    random = np.random.default_rng(7)
    hard = random.choice(list("aaaabbcde \n"), 80_000)
    easy = random.choice(list("aaaaaaaaaaaaaaab"), 20_000)
    path = names_file("".join(hard) + "".join(easy), "uneven.txt")
    small = Hyperparameters(0.02, 1.0, (8,), clipping="norm", optimizer="adam", batch=64)
    plan, session = RunPlan(DEFAULT, small, RunSettings(held_out=0.4)), window.session
    with qtbot.waitSignal(session.run_begun):
        session.load(str(path), kind="text", plan=plan)
    qtbot.waitUntil(lambda: session.has_network and len(session.run.baselines.in_full) == 5)
    return window


def one_letter_losses(text, *, in_full):
    """Return what each measured symbol costs if letters are counted (Witten and Bell)."""
    n_symbols = len(text.vocabulary)
    places = HeldOutText(text.symbols, HELD_OUT, n_symbols).places(in_full=in_full)
    counts = np.bincount(text.symbols[:-HELD_OUT], minlength=n_symbols)
    kinds = np.count_nonzero(counts)
    p = (counts + kinds / n_symbols) / (counts.sum() + kinds)
    return -np.log(p[text.symbols[places]])


def measured(window, qtbot, step):
    """Wait until the network at a step has been measured in full."""
    run = window.session.run
    qtbot.waitUntil(
        lambda: run.full_held_out is not None and run.full_held_out.step == step, timeout=30_000
    )
    return run.full_held_out


def test_curve_lines_and_evaluate_agree_on_a_text_whose_end_is_easier(
    uneven_window, qtbot, train_until, legend, tmp_path, capsys
):
    window, session, plot = uneven_window, uneven_window.session, uneven_window.loss_plot
    part, whole = "20,000 of 40,000 symbols", "all 40,000 symbols"
    assert f"━ held out, ╌ n-grams: {part}" in legend()
    assert whole not in legend()
    on_part = one_letter_losses(session.corpus, in_full=False).mean()
    assert plot.baselines.baselines[0] == pytest.approx(on_part, rel=1e-9)

    train_until(session, 50)  # the curve has its next point there
    full = measured(window, qtbot, 50)
    step, curve = session.curves.held_out(Unit.NATS_PER_CHARACTER).nearest(50)
    assert step == 50
    assert curve == pytest.approx(full.nats_per_character, rel=0.01)
    shown = f"━ held out: {part}   ◆ {full.nats_per_character:.2f} at step 50, ╌ n-grams: {whole}"
    assert shown in legend()
    on_whole = one_letter_losses(session.corpus, in_full=True)
    assert plot.baselines.baselines[0] == pytest.approx(on_whole.mean(), rel=1e-9)
    assert on_part == pytest.approx(on_whole.mean(), rel=0.01)
    assert on_whole[:20_000].mean() > 1.2 * on_whole.mean(), "the first symbols are no measure"

    saved = tmp_path / "uneven.npz"
    with qtbot.waitSignal(window.library.saving.saved):
        window.library.saving.save_to(str(saved))
    assert main(["evaluate", str(saved), session.path]) == 0
    printed = capsys.readouterr().out
    rows = dict(re.findall(r"^(network|\d-gram), held-out end +([\d.]+)", printed, re.M))
    assert float(rows["network"]) == pytest.approx(full.nats_per_character, abs=6e-5)
    for order, line in enumerate(plot.baselines.baselines, start=1):
        assert float(rows[f"{order}-gram"]) == pytest.approx(line, abs=6e-5)


def test_a_run_of_an_earlier_version_goes_on_and_says_what_its_curve_was_measured_on(
    uneven_window, qtbot, train_until, legend, tmp_path
):
    window, path = uneven_window, tmp_path / "earlier.npz"
    train_until(window.session, 3)
    with qtbot.waitSignal(window.library.saving.saved):
        window.library.saving.save_to(str(path))
    with np.load(path) as file:
        entries = dict(file)
    extras = json.loads(entries["extras"].tobytes())
    del extras["curve.held_out_since"]  # earlier versions have no such entry
    entries["extras"] = np.frombuffer(json.dumps(extras).encode(), np.uint8)
    np.savez(path, **entries)
    with qtbot.waitSignal(window.session.run_begun):
        window.open_file(str(path))
    since = "20,000 of 40,000 symbols (before step 3: the first 20,000)"
    assert since in legend()
    train_until(window.session, 5)
    measured(window, qtbot, 5)
    assert since in legend()


def test_a_pause_shows_the_loss_on_everything_until_the_training_goes_on(
    window, qtbot, train_until, legend
):
    session, run = window.session, window.session.run
    qtbot.waitUntil(lambda: len(run.baselines.in_full) == 5)
    assert "━ held out, ╌ n-grams: all 140 names" in legend()
    train_until(session, 30)
    first = measured(window, qtbot, 30)
    assert f"◆ {first.nats_per_name:.2f} at step 30, ╌ n-grams: all 140 names" in legend()
    qtbot.keyClick(window, Qt.Key.Key_F8)
    second = measured(window, qtbot, 31)
    assert f"◆ {second.nats_per_name:.2f} at step 31" in legend()
    window.actions_.units[Unit.BITS_PER_CHARACTER].trigger()
    bits = second.nats_per_character / np.log(2)
    assert f"◆ {bits:.2f} at step 31" in legend()
    session.train()
    assert run.full_held_out is None
    assert "◆" not in legend()
    session.pause()


def test_it_is_measured_when_asked_while_the_training_goes_on(window, qtbot, legend):
    session = window.session
    session.train()
    qtbot.waitUntil(lambda: session.snapshot_step > 100)
    window.actions_.measure_held_out.trigger()
    qtbot.waitUntil(lambda: session.run.full_held_out is not None)
    assert session.state is RunState.TRAINING
    assert f"at step {session.run.full_held_out.step:,}" in legend()
    session.pause()


def test_the_mark_is_in_view(window, qtbot, train_until):
    train_until(window.session, 500)
    full = measured(window, qtbot, 500)
    window.loss_plot.draw()
    (first, last), (low, high) = window.loss_plot.plot.getViewBox().viewRange()
    assert first <= 500 <= last
    assert low < full.nats_per_name < high
    pane = window.loss_plot.pane
    picture = pane.grab().toImage()
    x = (500 - first) / (last - first) * pane.width()
    y = (high - full.nats_per_name) / (high - low) * pane.height()
    ratio = picture.devicePixelRatio()
    found = picture.pixelColor(round(x * ratio), round(y * ratio)).name()
    assert found == window._theme.colours.held_out.lower()


def test_another_run_has_a_loss_of_its_own(window, qtbot, train_until, legend):
    train_until(window.session, 30)
    measured(window, qtbot, 30)
    window.session.restart()
    qtbot.waitUntil(lambda: window.session.has_network)
    assert "◆" not in legend()
    assert window.session.run.full_held_out is None


def test_nothing_is_measured_where_nothing_is_held_out(window, qtbot, train_until, legend):
    assert window.actions_.measure_held_out.isEnabled()
    window.session.restart(recipe=NOTEBOOK)
    assert not window.actions_.measure_held_out.isEnabled()
    assert "held out" not in legend()
    train_until(window.session, 10)
    qtbot.wait(300)
    assert window.session.run.full_held_out is None


def is_overlaid(part):
    """Whether a part belongs to a message that lies over the panel."""
    while part is not None and not isinstance(part, OverlaidStrip):
        part = part.parentWidget()
    return part is not None


def places_of(plot):
    """Return where the parts of the loss panel stand."""
    parts = [plot.unit_box, plot.canvas, plot.plot, *plot.findChildren(QWidget)]
    return {
        id(part): QRect(part.mapTo(plot, QPoint()), part.size())
        for part in parts
        if part.isVisible() and not plot.canvas.isAncestorOf(part) and not is_overlaid(part)
    }


@pytest.mark.parametrize("size", [(940, 560), (1600, 1000)], ids=str)
def test_nothing_moves_in_the_panel_whatever_it_says(window, qtbot, train_until, size):
    window.resize(*size)
    plot = window.loss_plot
    qtbot.waitUntil(lambda: len(window.session.run.baselines.in_full) == 5)
    qtbot.wait(50)
    before = places_of(plot)
    assert len(before) > 5
    train_until(window.session, 30)
    assert places_of(plot) == before
    plot.show_measuring(0.4)
    assert places_of(plot) == before
    measured(window, qtbot, 30)
    assert places_of(plot) == before
    qtbot.mouseMove(plot.plot.viewport(), plot.plot.viewport().rect().center())
    qtbot.waitUntil(lambda: plot.reading != "")
    assert places_of(plot) == before
    window.banner.say("Something has happened. " * 6, window.actions_.restart)
    assert places_of(plot) == before


def test_a_banner_covers_neither_legend_nor_unit(window):
    window.resize(940, 560)
    plot, banner = window.loss_plot, window.banner
    banner.say("Something has happened. " * 6, window.actions_.restart, window.actions_.train)
    covered = QRect(banner.mapTo(plot, QPoint()), banner.size())
    assert banner.isVisible()
    for part in (plot.unit_box, plot.findChild(QWidget, "legend")):
        assert not covered.intersects(QRect(part.mapTo(plot, QPoint()), part.size()))
