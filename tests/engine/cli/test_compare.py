"""The comparison of saved runs on the command line."""

import csv
import io

import pytest

from engine.data.reader import read_names
from engine.evaluation.held_out.data import held_out_of
from engine.racing.comparison_formats import COMPARISON_FORMATS
from engine.runs.run_file import load_run
from engine.sampling.names import sample_names


@pytest.fixture
def runs(command, names_path, tmp_path):
    """Return the files of two runs that differ in their cells and their steps."""
    paths = [tmp_path / "first.npz", tmp_path / "second.npz"]
    for path, cell, steps in zip(paths, ("rnn", "lstm"), (70, 50), strict=True):
        words = ("train", names_path, "--hidden", 5, "--cell", cell, "--steps", steps)
        assert command(*words, "--save", path)[0] == 0
    return paths


def rows_of(text):
    header, *rows = csv.reader(io.StringIO(text))
    return {"": header[1:]} | {row[0]: row[1:] for row in rows}


def test_what_differs_and_what_was_reached_is_listed(command, runs, names_path):
    code, output, messages = command("compare", *runs, "--format", "csv")
    assert (code, messages) == (0, "")
    rows = rows_of(output)
    assert rows[""] == ["first", "second"]
    assert rows["cell"] == ["RNN", "LSTM"]
    assert rows["steps"] == ["70", "50"]
    assert not {"hidden units", "learning rate", "seed", "data"} & rows.keys()
    corpus = read_names(names_path)
    for place, path in enumerate(runs):
        saved = load_run(path)
        parameters = saved.network.parameters
        assert int(rows["parameters"][place]) == parameters.flat.size
        assert float(rows["seconds"][place]) == saved.seconds
        loss = held_out_of(corpus, 0, 0.1).loss(parameters).nats_per_character
        assert float(rows["last held-out loss"][place]) == pytest.approx(loss, rel=1e-12)
        names = sample_names(parameters, corpus.vocabulary, 1_000, seed=0)
        new = sum(name not in corpus.distinct for name in names) / 1_000
        assert float(rows["new names of 1,000"][place]) == new


def test_a_rate_that_has_fallen_is_listed_beside_what_was_set(command, names_path, tmp_path):
    falling = ("--decay", 0.5, "--schedule", "exponential")
    paths = [tmp_path / f"{name}.npz" for name in "abc"]
    for path, words in zip(paths, (("--decay", 0), falling, falling), strict=True):
        steps = ("--steps", 900 if path is paths[2] else 400)
        words = ("train", names_path, "--hidden", 5, *steps, *words, "--save", path)
        assert command(*words)[0] == 0
    trainers = [load_run(path).resume() for path in paths]
    rows = rows_of(command("compare", *paths, "--format", "csv")[1])
    in_force = [float(cell) for cell in rows["learning rate in force"]]
    assert in_force == pytest.approx([trainer.learning_rate for trainer in trainers], rel=1e-12)
    assert in_force[2] < in_force[1] < in_force[0] == 0.01
    assert rows["learning rate last set"] == ["0.01"] * 3
    unchanged = rows_of(command("compare", paths[0], paths[0], "--format", "csv")[1])
    assert not [label for label in unchanged if label.startswith("learning rate")]


def test_the_format_is_that_of_the_suffix_unless_one_is_given(command, runs, tmp_path):
    for each in COMPARISON_FORMATS.values():
        printed = command("compare", *runs, "--format", each.name)[1]
        output = tmp_path / f"comparison{each.suffix}"
        assert command("compare", *runs, "--output", output) == (0, "", "")
        assert output.read_text(encoding="utf-8") == printed
    given = tmp_path / "other.md"
    assert command("compare", *runs, "--output", given, "--format", "csv")[0] == 0
    assert rows_of(given.read_text(encoding="utf-8"))["cell"] == ["RNN", "LSTM"]
    assert command("compare", *runs)[1] == command("compare", *runs, "--format", "table")[1]


def test_a_race_is_compared_with_other_runs(command, names_path, runs, tmp_path):
    folder = tmp_path / "race"
    words = ("--lanes", "rates", "--hidden", 5, "--steps", 9, "--save", folder)
    assert command("race", names_path, *words)[0] == 0
    rows = rows_of(command("compare", folder, runs[0], "--format", "csv")[1])
    assert rows[""] == ["rate 0.003", "rate 0.01", "rate 0.03", "first"]
    assert rows["steps"] == ["9", "9", "9", "70"]
    alone = rows_of(command("compare", folder, "--format", "csv")[1])
    assert alone["learning rate"] == ["0.003", "0.01", "0.03"]


def test_data_that_are_not_in_the_files_can_be_given(command, names_path, tmp_path, monkeypatch):
    monkeypatch.setattr("engine.runs.entries.data_entries.SMALL_BYTES", 0)
    paths = [tmp_path / "a.npz", tmp_path / "b.npz"]
    for path, rate in zip(paths, (0.01, 0.02), strict=True):
        words = ("train", names_path, "--hidden", 5, "--learning-rate", rate, "--steps", 5)
        assert command(*words, "--save", path)[0] == 0
    words = ("compare", *paths, "--format", "csv")
    assert "new names of 1,000" not in rows_of(command(*words)[1])
    found = command(*words, "--data", names_path)
    assert "new names of 1,000" in rows_of(found[1])
    other = tmp_path / "other.txt"
    other.write_text("anna\nbob\n", encoding="utf-8")
    said = f"--data: None of the runs learned from “{other}”. Choose another file.\n"
    assert command(*words, "--data", other) == (2, "", said)


def test_no_file_is_replaced_that_may_not_be(command, runs, tmp_path):
    words = ("compare", *runs, "--output")
    code, _, message = command(*words, runs[0])
    assert (code, message) == (
        2,
        f"--output: “{runs[0]}” is read by this command. Choose another file.\n",
    )
    third = tmp_path / "third.npz"
    third.write_bytes(runs[0].read_bytes())
    code, _, message = command(*words, third, "--force")
    assert (code, message) == (
        2,
        f"--output: “{third}” is a saved run. A comparison does not replace it. "
        "Choose another file.\n",
    )
    notes = tmp_path / "notes.md"
    notes.write_text("mine", encoding="utf-8")
    code, _, message = command(*words, notes)
    assert code == 2
    assert message.endswith("exists already. Choose another file, or add --force to replace it.\n")
    assert notes.read_text(encoding="utf-8") == "mine"
    assert command(*words, notes, "--force")[0] == 0
    assert notes.read_text(encoding="utf-8").startswith("|  | first | second |\n")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (
            "one.npz",
            2,
            "RUN.npz: a comparison needs two runs or more, or the folder of a race.",
        ),
        ("a.npz b.npz --force", 2, "--force needs --output."),
        ("a.npz b.npz --format pdf", 2, "--format: “pdf” is not one of table, markdown, csv."),
        (
            "a.npz b.npz",
            1,
            "There is no file “a.npz”. Check the name.",
        ),
    ],
)
def test_what_cannot_be_compared_is_said(command, tmp_path, monkeypatch, words, code, said):
    monkeypatch.chdir(tmp_path)
    assert command("compare", *words.split()) == (code, "", f"{said}\n")
