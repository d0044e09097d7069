"""Runs on names with kinds: opened as a folder, trained, saved, and opened again."""

from dataclasses import replace

import numpy as np
import pytest

from dinogui.common.kept_name import KeptName
from dinogui.session.blend.shares import Shares
from dinogui.session.run import RunState
from dinogui.workers.kept_file import KeptFile
from engine.data.reading.choices import ReadingChoices


@pytest.fixture
def folder(tmp_path):
    """Return a folder with one kind of names a file."""
    folder = tmp_path / "languages"
    folder.mkdir()
    for kind, ending in (("Greek", "is"), ("Irish", "an"), ("Norse", "ulf")):
        names = "".join(f"{letter}or{ending}\n" for letter in "bcdfghkl")
        (folder / f"{kind}.txt").write_text(names, encoding="utf-8")
    return folder


@pytest.fixture
def opened(window, qtbot, folder):
    with qtbot.waitSignal(window.session.network_made, timeout=20_000):
        window.session.load(str(folder), kind="names", choices=ReadingChoices(kinds=True))
    return window


def trained(window, qtbot, step):
    session = window.session
    session.train(step)
    qtbot.waitUntil(
        lambda: session.snapshot_step == step and session.state is not RunState.TRAINING,
        timeout=20_000,
    )
    return session.snapshot.parameters.flat.copy()


@pytest.mark.parametrize("task", ["write", "tell"])
def test_a_saved_run_goes_on_to_the_bit(opened, qtbot, tmp_path, task):
    session = opened.session
    with qtbot.waitSignal(session.network_made, timeout=20_000):
        session.restart(
            hyperparameters=replace(session.hyperparameters, widths=(12,), batch=4, balance=0.5),
            settings=replace(session.settings, task=task),
        )
    trained(opened, qtbot, 30)
    session.blend.choose(Shares((("Irish", 30), ("Norse", 70))))
    path = str(tmp_path / "kinds.npz")
    with qtbot.waitSignal(opened.library.saving.saved, timeout=20_000):
        opened.library.saving.save_to(path)
    undisturbed = trained(opened, qtbot, 60)
    with qtbot.waitSignal(session.network_made, timeout=20_000):
        opened.open_file(path)
    assert session.steps_made == 30
    assert session.run.tells == (task == "tell")
    assert list(session.blend.titles) == (["Greek", "Irish", "Norse"] if task == "write" else [])
    if task == "write":
        assert session.blend.words == "30 % Irish, 70 % Norse"
    np.testing.assert_array_equal(trained(opened, qtbot, 60), undisturbed)


def test_the_kind_of_a_kept_name_is_on_the_disk(tmp_path):
    path = tmp_path / "kept.json"
    kept = KeptName("boris", "languages", "GRU 8", 30, 1.5, 3, 1.0, "60 % Greek, 40 % Irish")
    KeptFile(path).change([kept], set())
    assert KeptFile(path).read() == ((kept,), "")
    # Files of earlier versions have no kinds.
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(',\n   "kind": "60 % Greek, 40 % Irish"', ""), encoding="utf-8")
    assert "kind" not in path.read_text(encoding="utf-8")
    assert KeptFile(path).read() == ((replace(kept, kind=""),), "")


def test_as_it_learned_has_the_kind_beside_each_name(opened, qtbot):
    opened.session.train(1)
    rows = opened.names.log.rows.model()
    qtbot.waitUntil(lambda: rows.rowCount() == 1, timeout=20_000)
    sample = rows.index(0, 1).data()
    assert all(f"({kind})" in sample for kind in ("Greek", "Irish", "Norse"))
    assert "(Norse)" in opened.names.log.text.toPlainText()


def test_the_menu_of_baselines_has_the_words_of_the_plot(opened, qtbot, names_file):
    session, floor = opened.session, opened.actions_.plot.baselines[0]
    words = opened.loss_plot.baselines.words
    assert (floor.text(), words.floor) == ("&Guessing", "guessing")
    with qtbot.waitSignal(session.network_made, timeout=20_000):
        session.restart(settings=replace(session.settings, task="tell", both_directions=False))
    words = opened.loss_plot.baselines.words
    assert (floor.text(), words.floor) == ("&Largest kind", "largest kind")
    with qtbot.waitSignal(session.network_made, timeout=20_000):
        opened.open_file(str(names_file()))
    assert floor.text() == "&Guessing"
