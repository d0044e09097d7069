"""A run that was saved, closed and opened again continues unchanged, on names and on text."""

from dataclasses import asdict, replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from dinogui.common.kept_name import KeptName
from engine.cli.main import main
from engine.data.sources.places import key_of_places
from engine.data.text import Text
from engine.runs.run_file import load_run, save_run


@pytest.fixture
def files(names_file, verse):
    """Return a file of names and a file of text."""
    letters = np.random.default_rng(3).integers(97, 107, (60, 6), dtype=np.uint8)
    names = "\n".join(bytes(row).decode() for row in letters)
    return {"names": names_file(names), "text": names_file(verse, "verse.txt")}


def open_and_wait(qtbot, window, path):
    with qtbot.waitSignal(window.session.run_begun):
        window.open_file(str(path))
    qtbot.waitUntil(lambda: window.session.has_network)


def save(qtbot, window, path):
    with qtbot.waitSignal(window.library.saving.saved):
        window.library.saving.save_to(str(path))


def begin(qtbot, window, path):
    """Open data, and start a short run on it."""
    open_and_wait(qtbot, window, path)
    is_text = window.session.kind == "text"
    small = replace(
        window.session.hyperparameters, widths=(8,), batch=4, dropout=0.0, optimizer="adam"
    )
    window.session.restart(hyperparameters=small)
    return (250, 500, 1) if is_text else (1000, 2001, 1)


def written(qtbot, window):
    """Generate names or text, and return the result."""
    if window.session.kind == "text":
        with qtbot.waitSignal(window.writing.finished):
            window.generate()
        return window.writing.written
    found = []
    window.session.name_generation.found.connect(found.append)
    window.generate()
    qtbot.waitUntil(lambda: bool(found) and found[-1].is_over)
    return window.names.generated


def all_of(qtbot, window, entries):
    """Return everything that is equal, bit for bit, in two equal runs."""
    qtbot.waitUntil(lambda: len(window.session.run.log) >= entries)
    session = window.session
    curves = {
        name: value.tobytes() if isinstance(value, np.ndarray) else value
        for name, value in session.curves.state().items()
        if not name.startswith("clock.")  # the time that each step took
    }
    progress = session.progress
    return {
        "parameters": session.snapshot.parameters.flat.tobytes(),
        "place": (progress.step, progress.epoch, progress.smoothed_loss),
        "curves": curves,
        "log": window.session.run.log,
        "written": written(qtbot, window),
    }


@pytest.mark.parametrize("kind", ["names", "text"])
def test_a_run_saved_closed_and_opened_trains_as_if_never_interrupted(
    open_window, qtbot, tmp_path, files, train_until, kind
):
    path = tmp_path / "run.npz"
    found = []
    for stops in (False, True):
        window = open_window()
        half, whole, entries = begin(qtbot, window, files[kind])
        window.session.set_hyperparameters(learning_rate=0.004, widths=(12,))
        train_until(window.session, half)
        if kind == "text":
            qtbot.waitUntil(lambda window=window: len(window.session.run.log) == 1)
        written(qtbot, window)
        if stops:
            save(qtbot, window, path)
            window.close()
            window = open_window()
            open_and_wait(qtbot, window, path)
        window.session.set_hyperparameters(clip=1.0)
        train_until(window.session, whole)
        found.append(all_of(qtbot, window, entries + (kind == "text")))
    uninterrupted, resumed = found
    for part, expected in uninterrupted.items():
        assert resumed[part] == expected, part
    assert uninterrupted["log"], "there is something to compare"


def test_a_text_is_shown_as_it_was(open_window, qtbot, tmp_path, files, train_until):
    window = open_window()
    begin(qtbot, window, files["text"])
    train_until(window.session, 260)
    qtbot.waitUntil(lambda: len(window.session.run.log) == 2)
    save(qtbot, window, tmp_path / "run.npz")
    other = open_window()
    open_and_wait(qtbot, other, tmp_path / "run.npz")
    assert isinstance(other.session.corpus, Text)
    assert other.writing.isVisible()
    assert other.session.path == str(files["text"])
    assert other.writing.log.text.toPlainText() == window.writing.log.text.toPlainText()
    assert "Step 251" in other.writing.log.text.toPlainText()


@pytest.mark.parametrize("kind", ["names", "text"])
def test_data_that_is_not_in_the_run_file_is_read_from_its_old_path(
    open_window, qtbot, tmp_path, files, kind
):
    window = open_window()
    open_and_wait(qtbot, window, files[kind])
    save(qtbot, window, tmp_path / "run.npz")
    saved = load_run(tmp_path / "run.npz")
    assert saved.extras["path"] == str(files[kind])
    save_run(tmp_path / "bare.npz", saved.corpus, saved.state, saved.extras, with_data=False)
    window.open_dinosaurs()
    open_and_wait(qtbot, window, tmp_path / "bare.npz")
    assert window.session.corpus.fingerprint == saved.fingerprint
    assert window.session.kind == kind


def test_starred_names_of_its_data_are_saved_with_the_run(open_window, qtbot, tmp_path, files):
    window = open_window()
    begin(qtbot, window, files["names"])
    kept = window.session.name_generation.kept
    ours = KeptName("abc", "people.txt", "RNN 8", 10, 1.5, 3, 0.5)
    others = KeptName("rex", "other.txt", "RNN 8", 10, 1.5)
    kept.keep([ours, others])
    save(qtbot, window, tmp_path / "run.npz")
    assert load_run(tmp_path / "run.npz").extras["starred"] == [asdict(ours)]
    kept.drop([ours.key])
    open_and_wait(qtbot, window, tmp_path / "run.npz")
    assert set(kept.names) == {ours, others}


def test_the_latest_of_several_files_being_opened_wins(open_window, qtbot, tmp_path, files):
    window = open_window()
    open_and_wait(qtbot, window, files["names"])
    save(qtbot, window, tmp_path / "run.npz")
    for paths, source in (
        ((tmp_path / "run.npz", files["text"]), "verse.txt"),
        ((files["text"], tmp_path / "run.npz"), "people.txt"),
    ):
        for path in paths:
            window.open_file(str(path))
        qtbot.waitUntil(lambda source=source: window.session.corpus.source == source)
        qtbot.wait(200)
        assert window.session.corpus.source == source
    window.open_file(str(files["text"]))
    window.open_file(str(tmp_path / "run.npz"))
    window.open_dinosaurs()
    qtbot.wait(200)
    assert window.session.corpus.source == "dinosaurs.txt"


def test_the_memory_meter_has_no_gap(open_window, qtbot, tmp_path, files):
    window = open_window()
    open_and_wait(qtbot, window, files["names"])
    name_generation = window.session.name_generation
    qtbot.waitUntil(lambda: bool(name_generation.measurements))
    save(qtbot, window, tmp_path / "run.npz")
    before = [(measured.step, measured.shares) for measured in name_generation.measurements]
    open_and_wait(qtbot, window, tmp_path / "run.npz")
    found = [(measured.step, measured.shares) for measured in name_generation.measurements]
    assert found[: len(before)] == before


def test_the_log_of_names_is_shown_as_it_was(open_window, qtbot, tmp_path, files, train_until):
    window = open_window()
    begin(qtbot, window, files["names"])
    train_until(window.session, 2001)
    save(qtbot, window, tmp_path / "run.npz")
    log = window.names.log.text.toPlainText()
    open_and_wait(qtbot, window, tmp_path / "run.npz")
    assert log.count("Iteration: ") == 2
    assert window.names.log.text.toPlainText() == log


def test_the_clip_value_from_before_clipping_was_off_is_marked_again(
    open_window, qtbot, tmp_path, files, train_until
):
    window = open_window()
    begin(qtbot, window, files["names"])
    window.session.set_hyperparameters(clip=2.5)
    train_until(window.session, 5)
    qtbot.keyClick(window.controls.clip.slider, Qt.Key.Key_End)
    assert window.session.hyperparameters.clip is None
    save(qtbot, window, tmp_path / "run.npz")
    other = open_window()
    clip = other.controls.clip
    assert clip.value == 5.0
    open_and_wait(qtbot, other, tmp_path / "run.npz")
    assert (clip.value, clip.slider.former) == (None, 2.5)
    other.actions_.restart.trigger()
    assert (clip.value, clip.slider.former) == (None, 2.5)
    mark = QPoint(round(clip.slider.x_of(2.5)), clip.slider.height() // 2)
    qtbot.mouseClick(clip.slider, Qt.MouseButton.LeftButton, pos=mark)
    assert other.session.hyperparameters.clip == 2.5


def test_the_log_of_a_run_of_the_command_line_is_shown(open_window, qtbot, tmp_path, files, capsys):
    path = str(tmp_path / "run.npz")
    assert main(["train", str(files["names"]), "--steps", "2001", "--save", path]) == 0
    names = capsys.readouterr().out.split("Iteration: 2000, Loss: ")[1].splitlines()[2:9]
    window = open_window()
    open_and_wait(qtbot, window, path)
    rows = window.names.log.rows.model()
    assert rows.rowCount() == 2
    log = window.names.log.text.toPlainText()
    assert log.count("Iteration: ") == 2
    assert "Opened at step" not in log
    assert [name for name in names if name] == [name for name in names if name and name in log]


def test_the_log_says_that_a_file_of_an_earlier_version_has_none(
    open_window, qtbot, tmp_path, files, train_until
):
    path = str(tmp_path / "run.npz")
    assert main(["train", str(files["names"]), "--steps", "5", "--save", path]) == 0
    saved = load_run(path)
    save_run(path, saved.data(), saved.state)
    window = open_window()
    open_and_wait(qtbot, window, path)
    note = "Opened at step 5. The file has no log of the steps before."
    assert window.names.log.text.toPlainText().strip() == note
    train_until(window.session, 2001)
    assert window.names.log.text.toPlainText().startswith(f"{note}\n\nIteration: 2000, ")


def open_together(qtbot, window, paths):
    with qtbot.waitSignal(window.session.run_begun):
        window.opening.open_files([str(path) for path in paths])
    qtbot.waitUntil(lambda: window.session.has_network)


def without_data(path):
    """Leave the data out of the file of a run."""
    saved = load_run(path)
    save_run(path, saved.corpus, saved.state, saved.extras, with_data=False)


def test_data_of_several_places_are_found_again(open_window, qtbot, tmp_path, names_file):
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "b.txt").write_bytes(b"Eve\nFay\n")
    (folder / "c.png").write_bytes(b"\0\1")
    path = tmp_path / "run.npz"
    window = open_window()
    open_together(qtbot, window, (names_file(), folder))
    names = window.session.corpus.names
    save(qtbot, window, path)
    without_data(path)
    window.open_dinosaurs()
    open_and_wait(qtbot, window, path)
    assert window.session.corpus.names == names
    window.open_dinosaurs()
    (folder / "b.txt").write_bytes(b"Eve\n")
    with qtbot.waitSignal(window.library.saving.refused):
        window.open_file(str(path))
    assert f"“{names_file()} and {folder}” have changed" in window.banner.message
    (folder / "b.txt").unlink()
    (folder / "c.png").unlink()
    folder.rmdir()
    with qtbot.waitSignal(window.library.saving.refused):
        window.open_file(str(path))
    assert "it is not where it was read" in window.banner.message


@pytest.mark.parametrize("place", ["//host/share/a.txt", "\\\\host\\share\\a.txt"])
def test_a_run_does_not_make_this_machine_ask_another_one(
    open_window, qtbot, tmp_path, names_file, place
):
    path = tmp_path / "run.npz"
    window = open_window()
    open_and_wait(qtbot, window, names_file())
    save(qtbot, window, path)
    saved = load_run(path)
    extras = saved.extras | {"path": key_of_places([str(names_file()), place])}
    save_run(path, saved.corpus, saved.state, extras, with_data=False)
    window.open_dinosaurs()
    with qtbot.waitSignal(window.library.saving.refused):
        window.open_file(str(path))
    assert "it is not where it was read" in window.banner.message
