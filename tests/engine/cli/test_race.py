"""Races on the command line."""

import os
import re
import signal
import subprocess
import sys

import numpy as np
import pytest

from engine.cli import race_training
from engine.data.reader import read_names
from engine.racing.race import Race
from engine.racing.race_folder import RACE_FILE, open_race
from engine.runs.run_file import load_run
from engine.training.ranges import MAX_STEPS
from engine.training.settings import RunSettings, default_hyperparameters
from engine.training.trainer import Trainer

SMALL = ("--hidden", 5)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "race"


@pytest.fixture
def race(command, names_path):
    """Return a function that races on the names."""
    return lambda *options: command("race", names_path, *options)


def lines_of(output):
    """Return the rows of the printed table by their labels."""
    rows = [re.split(r" {2,}", line) for line in output.splitlines() if line]
    return {row[0]: row[1:] for row in rows}


def test_cells_race_at_equal_parameters_and_each_lane_is_a_run(race, folder, names_path):
    lanes = "cell=rnn;cell=gru;cell=lstm"
    code, output, messages = race(
        *("--lanes", lanes, "--equal-parameters", 1_500, "--steps", 60, "--save", folder)
    )
    assert code == 0, messages
    table = lines_of(output)
    assert table[""] == ["RNN 23", "GRU 12", "LSTM 10"]
    assert table["steps"] == ["60", "60", "60"]
    corpus = read_names(names_path)
    for place, cell in enumerate(("rnn", "gru", "lstm")):
        (path,) = folder.glob(f"{place + 1}-*.npz")
        saved = load_run(path)
        n_parameters = saved.network.parameters.flat.size
        assert table["parameters"][place] == f"{n_parameters:,}"
        assert n_parameters == pytest.approx(1_500, rel=0.07)
        expected = Trainer(
            corpus, saved.state.initial_hyperparameters, settings=RunSettings(cell=cell)
        )
        while expected.step < 60:
            expected.run(60 - expected.step)
        found = saved.network.parameters.flat
        assert found.tobytes() == expected.parameters.flat.tobytes()
    assert "has the lowest held-out loss" in output


@pytest.mark.parametrize(
    ("key", "titles"),
    [
        (None, ["RNN 16", "GRU 8", "LSTM 7"]),
        ("rates", ["rate 0.003", "rate 0.01", "rate 0.03"]),
        ("widths", ["8 units", "16 units", "32 units"]),
        (
            "optimizers",
            [
                *("SGD, rate 0.01", "Momentum, rate 0.001", "RMSprop, rate 0.005"),
                "Adam, rate 0.003",
            ],
        ),
    ],
)
def test_ready_made_lanes(race, key, titles):
    chosen = () if key is None else ("--lanes", key)
    code, output, _ = race(*chosen, "--hidden", 16, "--steps", 3)
    assert code == 0
    assert lines_of(output)[""] == titles


def test_what_the_other_options_say_holds_for_all_lanes(race, folder):
    options = ("--optimizer", "adam", "--batch", 8, "--seed", 3, "--embedding", 4, *SMALL)
    assert race(*options, "--lanes", "clip=1;clip=off", "--steps", 4, "--save", folder)[0] == 0
    for lane in open_race(folder).lanes:
        values = lane.lane.values
        assert (values["optimizer"], values["batch"], values["seed"]) == ("adam", 8, 3)
        assert (values["embedding"], values["widths"]) == (4, (5,))
        assert values["decay"] == default_hyperparameters(lane.lane.recipe).decay


def test_names_come_from_the_same_random_numbers(race):
    _, output, _ = race("--lanes", "learning_rate=1e-12;learning_rate=1e-13", *SMALL, "--steps", 1)
    names = output.split("Names from the same random numbers:\n\n")[1].splitlines()[1:]
    assert len(names) == 8
    for line in names:
        first, second = line.split()
        assert first == second, "the networks hardly differ, so the names do not"
        assert first[0].isupper()


def test_a_saved_race_goes_on_and_its_lanes_are_replayed(race, command, folder):
    options = ("--lanes", "cell=rnn;cell=gru", *SMALL)
    assert race(*options, "--steps", 30, "--save", folder)[0] == 0
    code, output, messages = command("race", folder, "--steps", 25)
    assert code == 0, messages
    assert messages == "Going on at step 30 with “names.txt”.\n"
    assert lines_of(output)["steps"] == ["55", "55"]
    whole = folder.with_name("whole")
    assert race(*options, "--steps", 55, "--save", whole)[0] == 0
    for one, other in zip(open_race(folder).lanes, open_race(whole).lanes, strict=True):
        np.testing.assert_array_equal(one.trainer.parameters.flat, other.trainer.parameters.flat)
    code, output, _ = command("replay", folder)
    assert (code, output.splitlines()) == (
        0,
        [
            "RNN 5: Replayed 55 steps and 0 events: the same to the bit.",
            "GRU 5: Replayed 55 steps and 0 events: the same to the bit.",
        ],
    )


def test_a_replay_of_a_race_names_the_lane_that_differs(race, command, folder):
    assert race("--lanes", "cell=rnn;cell=gru", *SMALL, "--steps", 9, "--save", folder)[0] == 0
    path = folder / "1-rnn-5.npz"
    with np.load(path) as entries:
        content = {name: entries[name] for name in entries}
    content["Wya"][0, 0] = np.nextafter(content["Wya"][0, 0], 1)
    np.savez(path, **content)
    code, output, _ = command("replay", folder)
    assert code == 1
    assert output.startswith("RNN 5: Replayed 9 steps and 0 events: it differs at the end, ")
    assert "GRU 5: Replayed 9 steps and 0 events: the same to the bit." in output


def test_a_saved_race_goes_on_to_its_end_if_nothing_is_asked_for(race, command, folder):
    assert race("--lanes", "rates", *SMALL, "--steps", 30, "--save", folder)[0] == 0
    opened = open_race(folder)
    assert opened.is_over
    path = folder / "race.json"
    path.write_text(path.read_text().replace('"steps": 30', '"steps": 37'))
    other = folder.with_name("other")
    code, output, _ = command("race", folder, "--save", other)
    assert code == 0
    assert lines_of(output)["steps"] == ["37", "37", "37"]
    assert [each.step for each in (open_race(folder), open_race(other))] == [30, 37]


def test_more_steps_than_a_run_can_make_are_refused(race, folder, command):
    assert race("--lanes", "rates", *SMALL, "--steps", 5, "--save", folder)[0] == 0
    code, _, messages = command("race", folder, "--steps", MAX_STEPS)
    assert code == 2
    assert "--steps: " in messages
    assert open_race(folder).step == 5


def test_by_seconds_all_lanes_are_trained_for_the_same_time(race, folder, command):
    options = ("--lanes", "batch=1;batch=50", *SMALL, "--by", "seconds")
    assert race(*options, "--seconds", 0.05, "--save", folder)[0] == 0
    quick, slow = open_race(folder).lanes
    assert min(quick.seconds, slow.seconds) >= 0.05
    assert quick.trainer.step > slow.trainer.step
    assert command("race", folder, "--seconds", 0.03)[0] == 0
    further = open_race(folder)
    assert further.plan.seconds == pytest.approx(max(quick.seconds, slow.seconds) + 0.03)
    assert all(lane.seconds >= further.plan.seconds for lane in further.lanes)


def test_a_lane_that_diverges_is_said_and_the_others_go_on(race, folder):
    code, output, messages = race(
        *("--lanes", "learning_rate=0.01;learning_rate=1e15", *SMALL, "--steps", 40),
        *("--save", folder),
    )
    assert code == 0
    assert re.search(
        r"^rate 1e\+15 has diverged at step \d+: its loss is no longer a number\. It stops\. "
        r"The others go on\.$",
        messages,
        re.MULTILINE,
    )
    assert lines_of(output)["steps"][0] == "40"
    assert "diverged" in lines_of(output)["events"][1]
    assert [lane.has_diverged for lane in open_race(folder).lanes] == [False, True]


def test_a_race_in_which_all_diverge_fails_and_is_saved(race, folder):
    code, _, messages = race(
        *("--lanes", "learning_rate=1e14;learning_rate=1e15", *SMALL, "--save", folder)
    )
    assert code == 1
    assert messages.splitlines()[-1] == (
        f"All lanes have diverged. Saved in the folder “{folder}”."
    )


def test_every_so_often_there_is_a_line_for_each_lane(race, monkeypatch):
    monkeypatch.setattr(race_training, "_REPORT_SECONDS", 0.0)
    monkeypatch.setattr(race_training, "_SLICE_SECONDS", 1e-9)
    _, output, _ = race("--lanes", "cell=rnn;cell=gru", *SMALL, "--steps", 20)
    report = output.split("\n\n")[0].splitlines()
    assert re.fullmatch(r"Step \d+, in nats per character:", report[0])
    for title, line in zip(("RNN 5", "GRU 5"), report[1:], strict=True):
        assert re.fullmatch(rf"{title}  held out \d\.\d{{4}}  step \d+  \d+\.\d s", line)


@pytest.fixture
def signals_are_heard():
    """Let Ctrl+C interrupt, which a program in the background is started to ignore."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("signals_are_heard")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_race_and_saves_it(race, folder, monkeypatch, number, code):
    advance = Race.advance

    def interrupted(self, seconds):
        made = advance(self, 0.001)
        if self.step >= 20:
            os.kill(os.getpid(), number)
        return made

    monkeypatch.setattr(Race, "advance", interrupted)
    ended = race("--lanes", "rates", *SMALL, "--steps", 5_000, "--save", folder)
    opened = open_race(folder)
    assert 20 <= opened.step < 5_000
    assert ended[0] == code
    assert ended[1] == "", "nothing more is measured"
    assert ended[2].splitlines()[-1] == (
        f"Interrupted at step {opened.step:,}. Saved in the folder “{folder}”."
    )


def test_an_output_that_nobody_reads_ends_a_race_and_saves_it(names_path, folder, root):
    reader, writer = os.pipe()
    os.close(reader)
    words = ("race", names_path, "--lanes", "rates", *SMALL, "--steps", 9, "--save", folder)
    ended = subprocess.run(
        [sys.executable, "-m", "engine", *map(str, words)],
        cwd=root,
        stdout=writer,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    os.close(writer)
    assert ended.returncode == 141
    assert ended.stderr.splitlines()[-1] == (
        "The output cannot be written, because no program reads it any longer. "
        f"Stopped at step 9. Saved in the folder “{folder}”."
    )
    assert open_race(folder).step == 9


def test_a_text_races_too(command, tmp_path, folder):
    text = tmp_path / "verse.txt"
    text.write_text("The rose is red, the sky is blue.\n" * 40, encoding="utf-8")
    words = ("--text", "--streams", 4, "--length", 8, *SMALL, "--steps", 6)
    code, output, messages = command("race", text, *words, "--save", folder)
    assert code == 0, messages
    assert lines_of(output)["steps"] == ["6", "6", "6"]
    assert "Names from" not in output
    assert "nats per symbol." in output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--lanes cell=rnn", "--lanes: A race has 2 to 6 lanes, got 1."),
        (
            "--lanes cels",
            "--lanes: “cels” is neither one of cells, rates, widths, optimizers, directions, nor "
            "lanes such as “cell=rnn; cell=gru”.",
        ),
        (
            "--lanes cell=rnn;cel=gru",
            "--lanes: In lane 2, nothing is called cel. Did you mean cell?",
        ),
        ("--seconds 3", "--seconds needs --by seconds."),
        ("--by hours", "--by: “hours” is not one of steps, seconds."),
        ("--force", "--force needs --save."),
        (
            "--data names.txt",
            "--data is for saved races. The data come first, as in race NAMES.txt.",
        ),
        ("--stride 3", "--stride needs --text."),
        (
            "--lanes hidden=5;hidden=6 --equal-parameters 900",
            "--equal-parameters cannot be combined with lanes that set the widths. "
            "Leave out one of them.",
        ),
        (
            "--hidden 9 --equal-parameters 900",
            "--equal-parameters chooses the widths, so it cannot be combined with one width for "
            "all layers. Leave out --hidden, or give the proportions of several layers, such as "
            "80,40.",
        ),
    ],
)
def test_options_that_do_not_fit_are_refused_before_the_data_are_read(command, words, said):
    assert command("race", "nothing.txt", *words.split()) == (2, "", f"{said}\n")


def test_what_only_the_data_show_is_refused_too(race):
    code, _, messages = race("--equal-parameters", 5)
    assert code == 2
    assert messages.splitlines()[-1].startswith("--equal-parameters: A network of rnn cells in ")
    code, _, messages = race("--recipe", "notebook")
    assert code == 2
    assert messages.splitlines()[-1].startswith("--lanes: The notebook recipe is the course's, ")


def test_a_folder_with_other_files_takes_a_race_only_by_force(race, folder):
    folder.mkdir()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    options = ("--lanes", "rates", *SMALL, "--steps", 2, "--save", folder)
    code, _, messages = race(*options)
    assert (code, messages) == (
        2,
        f"--save: “{folder}” holds other files and no race. Choose another folder, or add --force "
        "to save the race beside them.\n",
    )
    assert race(*options, "--force")[0] == 0
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine"
    code, _, messages = race(*options[:-1], folder / "notes.txt")
    assert (code, messages) == (
        2,
        f"--save: “{folder / 'notes.txt'}” is a file. Choose a folder.\n",
    )


def test_a_race_replaces_another_one_only_by_force(race, command, folder, tmp_path):
    options = ("--lanes", "rates", *SMALL, "--steps", 2, "--save", folder)
    assert race(*options)[0] == 0
    code, _, messages = race(*options)
    assert (code, messages) == (
        2,
        f"--save: “{folder}” holds a race already. To go on with it, give its folder in place of "
        "the data. To save another race, choose another folder, or add --force to replace it.\n",
    )
    assert command("race", folder, "--steps", 3, "--save", folder)[0] == 0
    assert open_race(folder).step == 5, "the race itself goes on in its folder"
    other = tmp_path / "other"
    assert command("race", folder, "--steps", 1, "--save", other)[0] == 0
    code, _, messages = command("race", folder, "--steps", 1, "--save", other)
    assert code == 2
    assert messages.startswith(f"--save: “{other}” holds a race already. ")
    assert race(*options, "--force")[0] == 0
    assert open_race(folder).step == 2


def test_the_lanes_of_a_saved_race_are_chosen_already(race, command, folder, tmp_path):
    assert race("--lanes", "rates", *SMALL, "--steps", 2, "--save", folder)[0] == 0
    for words, said in (
        (
            ("--batch", 3),
            "--batch cannot be combined with a saved race, whose lanes are chosen already. "
            "Leave it out.\n",
        ),
        (("--seconds", 3), "--seconds: this race goes by steps. Give --steps instead.\n"),
        (("--force",), "--force needs --save.\n"),
    ):
        assert command("race", folder, *words) == (2, "", said)
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "rex.png").write_bytes(b"\x89PNG\r\n\x1a\n\0")
    code, _, messages = command("race", tmp_path / "pictures")
    assert code == 1
    assert messages.startswith("“pictures” has no text files, only ")
    (folder / RACE_FILE).unlink()
    code, _, messages = command("race", folder)
    assert code == 1
    assert messages.startswith(f"“{folder}” holds no race, because it has no race.json.")


def test_a_run_where_names_are_due_is_named(race, command, folder):
    assert race("--lanes", "rates", *SMALL, "--steps", 2, "--save", folder)[0] == 0
    code, _, messages = command("race", folder / "1-rate-0.003.npz")
    assert code == 1
    assert messages.startswith("“1-rate-0.003.npz” is a saved run, not a list of names.")


def test_a_long_race_reports_less_often(race, monkeypatch):
    monkeypatch.setattr(race_training, "_REPORT_SECONDS", 0.0)
    monkeypatch.setattr(race_training, "_REPORT_SHARE", 1e9)
    monkeypatch.setattr(race_training, "_SLICE_SECONDS", 1e-9)
    _, output, _ = race("--lanes", "cell=rnn;cell=gru", *SMALL, "--steps", 20)
    assert ", in nats per character:" not in output
