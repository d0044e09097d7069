"""The command ``dinogui``, run as a separate process."""

import os
import subprocess
import sys
from fractions import Fraction

import pytest
from PySide6.QtGui import QImage

from dinogui.common.theme import DARK
from engine.data.reader import read_names
from engine.melody.files.midi_writing import midi_of
from engine.melody.note import Melody, Note
from engine.racing.lane import Lane, titled
from engine.racing.lane_text import lanes_of_text
from engine.racing.race import Race, RacePlan
from engine.racing.race_folder import save_race
from engine.runs.run_file import save_run
from engine.training.trainer import Trainer

CLOSE_WHILE_TRAINING = """
import sys
from engine.nn.fast.blas import limit_blas_threads
limit_blas_threads()
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from dinogui.app import make_window

application = QApplication([])
window = make_window(application)
window.show()
window.session.train()

def close_when_training(progress):
    if progress.step > 500:
        window.close()

window.session.progressed.connect(close_when_training)
sys.exit(application.exec())
"""

PRESS_CTRL_C_AT_IMPORT = """
import os, runpy, signal, sys, time
class PressesCtrlC:
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[1]:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(20)
sys.meta_path.insert(0, PressesCtrlC())
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("dinogui", run_name="__main__")
"""

# Qt's offscreen platform prints this for every window.
OFFSCREEN_SAYS = "This plugin does not support propagateSizeHints()\n"


def run(*arguments, code=None):
    how = ["-m", "dinogui"] if code is None else ["-W", "error", "-c", code]
    ended = subprocess.run(
        [sys.executable, *how, *map(str, arguments)], capture_output=True, text=True, timeout=240
    )
    return ended.returncode, ended.stdout, ended.stderr.replace(OFFSCREEN_SAYS, "")


def test_help_and_version():
    code, out, _ = run("--help")
    assert code == 0
    for word in ("FILE", "--seed", "--version", "--screenshot", "--steps", "--size", "--panels"):
        assert word in out
    code, out, _ = run("--version")
    assert code == 0
    assert out.startswith("DinoGUI ")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--screenshot", "a.png", "--steps", "many"], "“many” is not a whole number from 0 to"),
        (["--seed", "-1"], "“-1” is not a whole number from 0 to 4294967294"),
        (["--steps", "5"], "can only be used with --screenshot"),
        ([""], "“” is not the name of a file."),
        (["--screenshot", ""], "“” is not the name of a file."),
        (["--size", "1000x700"], "argument --size: can only be used with --screenshot"),
        (["--screenshot", "a.png", "--size", "1000"], "“1000” is not a size such as 1600x1000."),
        (["--screenshot", "a.png", "--size", "9000x700"], "“9000” is not a whole number from 1 to"),
        (["--screenshot", "a.png", "--scale", "0.5"], "“0.5” is not a number from 1 to 4."),
        (["--screenshot", "a.png", "--theme", "blue"], "“blue” is not one of light, dark."),
        (["--screenshot", "a.png", "--speed", "5"], "“5” is not one of 1, 10, 100, full."),
        (["--screenshot", "a.png", "--open", "a.npz", "b.npz"], "cannot be used with a FILE."),
        (["--melodies"], "argument --melodies: needs a FILE."),
        (["--chords", "| C |"], "argument --chords: can only be used with --screenshot"),
        (["--at", "5"], "argument --at: can only be used with --screenshot"),
        (["--what-if", "clip"], "argument --what-if: can only be used with --screenshot"),
        (["--screenshot", "a.png", "--what-if", "rate"], "“rate” is not one of learning_rate, "),
        (
            ["--screenshot", "a.png", "--race", "folder", "--steps", "5"],
            "argument --race: cannot be used with a run.",
        ),
        (["--screenshot", "a.png", "--steps", str(10**14)], "is not a whole number from 0 to"),
    ],
)
def test_invalid_arguments_are_refused_with_a_message(arguments, says):
    code, _, err = run(*arguments)
    assert code == 2
    assert says in err
    assert "Traceback" not in err


def test_a_screenshot_shows_the_whole_window(tmp_path):
    code, out, err = run("--screenshot", tmp_path / "a.png", "--steps", 300, "--seed", 2)
    assert (code, out, err) == (0, "", "")
    image = QImage(str(tmp_path / "a.png"))
    assert (image.width(), image.height()) == (1100, 700)
    colours = {image.pixel(x, y) for x in range(0, 1100, 3) for y in range(0, 700, 3)}
    assert len(colours) > 20, "the screenshot is not empty"


def test_a_screenshot_of_melodies_shows_what_was_improvised(tmp_path):
    notes = tuple(Note(60 + place % 12, Fraction(1, 2)) for place in range(40))
    for number in range(3):
        melody = Melody(notes[number:], f"Tune {number}")
        (tmp_path / f"{number}.mid").write_bytes(midi_of(melody))
    files = sorted(tmp_path.glob("*.mid"))
    look = ("--steps", 2, "--panels", "piano_roll")
    ended = run("--screenshot", tmp_path / "a.png", *look, *files)
    assert ended == (0, "", "")
    image = QImage(str(tmp_path / "a.png"))
    rows = range(image.height() // 2, image.height(), 2)
    pixels = [image.pixelColor(x, y).name() for x in range(300, 750, 2) for y in rows]
    assert len(set(pixels)) > 20, "the roll has notes"


def test_a_screenshot_of_abc_read_as_melodies_has_chords_and_the_keyboard(tmp_path):
    tune = "X:1\nT:Tune {0}\nM:4/4\nL:1/4\nK:C\nCDEF|GABc|cBAG|FED{1}|\n\n"
    tunes = tmp_path / "tunes.abc"
    tunes.write_text("".join(tune.format(n, "CDEFG"[n]) for n in range(5)))
    look = (tunes, "--melodies", "--steps", 1, "--size", "1600x1000")
    for name, more in (("plain", ()), ("played", ("--keyboard", "--chords", "| C | G7 |"))):
        assert run("--screenshot", tmp_path / f"{name}.png", *look, *more) == (0, "", "")
    plain, played = (QImage(str(tmp_path / f"{name}.png")) for name in ("plain", "played"))
    keys = [played.pixelColor(x, 470).name() for x in range(1215, 1570)]
    assert keys != [plain.pixelColor(x, 470).name() for x in range(1215, 1570)]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--chords", "| C |"], "the run is not on melodies"),
        (["--keyboard"], "the run is not on melodies"),
    ],
    ids=" ".join,
)
def test_only_melodies_have_chords_and_a_keyboard(tmp_path, arguments, says):
    code, _, err = run("--screenshot", tmp_path / "a.png", "--steps", 0, *arguments)
    assert code == 1
    assert says in err


def test_a_screenshot_has_the_size_the_theme_and_the_panels_asked_for(tmp_path):
    path = tmp_path / "a.png"
    look = ("--size", "1415x1001", "--scale", "1.5", "--theme", "dark", "--speed", "100")
    pictures = []
    for panels in ("clipping,next_letter", "next_letter,clipping"):
        ended = run("--screenshot", path, "--steps", 30, *look, "--panels", panels)
        assert ended == (0, "", "")
        pictures.append(QImage(str(path)))
        assert (pictures[-1].width(), pictures[-1].height()) == (1415, 1001)
        assert pictures[-1].pixelColor(2, 500).name() == DARK.window
    assert pictures[0] != pictures[1], "the first panel is in front"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ["--size", "1000x700", "--scale", "2"],
            "--size: 1000x700 is too small. At a scale of 2, the window needs at least 1880x1120.",
        ),
        (
            ["--panels", "flow,clip"],
            "--panels: “clip” is not one of piano_roll, nearest_passages, clipping,",
        ),
    ],
)
def test_a_screenshot_that_the_window_cannot_show_is_refused(tmp_path, arguments, says):
    code, out, err = run("--screenshot", tmp_path / "a.png", *arguments)
    assert (code, out) == (2, "")
    assert says in err
    assert not (tmp_path / "a.png").exists()


def test_a_screenshot_of_a_names_file(tmp_path, names_file):
    code, _, err = run(names_file(), "--screenshot", tmp_path / "a.png", "--steps", 0)
    assert (code, err) == (0, "")
    assert not QImage(str(tmp_path / "a.png")).isNull()


def test_several_files_of_the_command_line_are_opened_together(tmp_path, names_file):
    words = (names_file(), names_file("Eve\nFay\n", "b.txt"))
    look = ("--screenshot", tmp_path / "a.png", "--steps", 0)
    assert run(*words, *look)[0] == 0
    (tmp_path / "run.npz").touch()
    code, _, err = run(*words, tmp_path / "run.npz", *look)
    assert code == 1
    assert "A saved run cannot be opened together with other files." in err
    code, _, err = run("-", "-", *look)
    assert code == 1
    assert "can be read only once" in err


def test_a_screenshot_of_the_standard_input(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-m", "dinogui", "-", "--screenshot", tmp_path / "a.png", "--steps", "0"],
        input=b"Anna\nBob\nClara\n",
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert not QImage(str(tmp_path / "a.png")).isNull()


def test_a_screenshot_that_fails_says_why(tmp_path):
    code, _, err = run(tmp_path / "none.txt", "--screenshot", tmp_path / "a.png", "--steps", 1)
    assert code == 1
    assert "There is no file" in err
    code, _, err = run("--screenshot", tmp_path / "no" / "a.png", "--steps", 1)
    assert code == 1
    assert "cannot be written" in err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders")
def test_a_screenshot_replaces_no_pipe(tmp_path):
    os.mkfifo(tmp_path / "a.png")
    code, _, err = run("--screenshot", tmp_path / "a.png", "--steps", 1)
    assert code == 1
    assert "cannot be written: it is not a regular file. Choose another place." in err
    assert (tmp_path / "a.png").is_fifo()
    assert [each.name for each in tmp_path.iterdir()] == ["a.png"]


def test_a_screenshot_of_a_resumed_run(tmp_path, names_file):
    corpus = read_names(names_file())
    trainer = Trainer(corpus)
    trainer.run(20)
    save_run(tmp_path / "run.npz", corpus, trainer.state())
    (tmp_path / "cut.npz").write_bytes((tmp_path / "run.npz").read_bytes()[:500])
    picture = ("--screenshot", tmp_path / "a.png", "--steps", 30)
    code, _, err = run(tmp_path / "run.npz", *picture)
    assert (code, err) == (0, "")
    assert not QImage(str(tmp_path / "a.png")).isNull()
    code, _, err = run("--open", tmp_path / "run.npz", "--screenshot", tmp_path / "b.png")
    assert (code, err) == (0, "")
    assert QImage(str(tmp_path / "b.png")) != QImage(str(tmp_path / "a.png"))
    code, _, err = run(tmp_path / "cut.npz", *picture)
    assert code == 1
    assert "cut.npz” holds no network, or is damaged" in err


def test_a_screenshot_of_an_earlier_step_of_futures_and_of_a_race(tmp_path, names_file):
    picture = ("--screenshot", tmp_path / "a.png", "--seed", 1)
    poses = {"now": (), "then": ("--at", 20), "futures": ("--what-if", "clip")}
    for name, more in poses.items():
        words = ("--screenshot", tmp_path / name, "--seed", 1, "--steps", 60)
        assert run(names_file(), *words, *more) == (0, "", "")
    images = [QImage(str(tmp_path / name)) for name in poses]
    assert images[0] not in images[1:]
    assert images[1] != images[2]
    lanes = titled(lanes_of_text("hidden=5; hidden=6", Lane()))
    race = Race(read_names(names_file()), lanes, RacePlan(steps=20))
    while not race.is_over:
        race.advance(1.0)
    save_race(tmp_path / "race", race)
    assert run(*picture, "--race", tmp_path / "race", "--panels", "compare") == (0, "", "")
    assert not QImage(str(tmp_path / "a.png")).isNull()
    code, _, err = run(*picture, "--race", tmp_path / "none")
    assert code == 1
    assert "Choose the folder of a saved race." in err


def test_closing_during_training_prints_nothing_to_the_terminal():
    assert run(code=CLOSE_WHILE_TRAINING) == (0, "", "")


@pytest.mark.skipif(sys.platform == "win32", reason="its Ctrl+C is sent otherwise")
@pytest.mark.parametrize("module", ["argparse", "PySide6", "numpy", "dinogui.app"])
def test_ctrl_c_while_modules_load_leaves_no_traceback(module):
    ended = subprocess.run(
        [sys.executable, "-c", PRESS_CTRL_C_AT_IMPORT, module],
        capture_output=True,
        text=True,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "\nInterrupted.\n")
