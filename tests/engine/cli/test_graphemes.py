"""Names in grapheme clusters by the commands: trained, saved, resumed, replayed and written."""

import json
import subprocess
import sys
import textwrap

import numpy as np
import pytest
import regex

from engine.data.reader import read_data
from engine.data.reading.choices import ReadingChoices
from engine.runs.run_file import load_run, save_run
from engine.training.settings import Hyperparameters
from engine.training.trainer import Trainer

NAMES = [
    "अनन\u094dया",
    "क\u094dषितिज",
    "प\u094dरिया",
    "रोहित",
    "श\u094dर\u0947या",
    "विक\u094dरम",
    "👨‍👩‍👧a🇩🇪",
    "❤\ufe0f‍🔥दीपिका",
]
SYMBOLS = {symbol for name in NAMES for symbol in regex.findall(r"\X", name)}
SMALL = ("--hidden", "6", "--seed", "3", "--graphemes")


@pytest.fixture
def names(tmp_path):
    path = tmp_path / "names.txt"
    path.write_text("\n".join(NAMES * 2), encoding="utf-8")
    return path


@pytest.fixture
def trained(command, names, tmp_path):
    """Return a function that trains to a step, and returns the file of the run."""

    def train(steps, *options):
        path = tmp_path / f"run{steps}.npz"
        code, _, said = command("train", names, *SMALL, "--steps", steps, "--save", path, *options)
        assert code == 0, said
        return path

    return train


def test_a_run_is_saved_resumed_and_replayed_to_the_bit(command, trained, tmp_path):
    half, whole, resumed = trained(30), trained(60), tmp_path / "resumed.npz"
    code, _, said = command("resume", half, "--steps", 30, "--save", resumed)
    assert code == 0, said
    runs = [load_run(path) for path in (whole, resumed)]
    assert set(runs[0].network.vocabulary.symbols) == {"\n", *SYMBOLS}
    assert runs[0].corpus == runs[1].corpus
    assert np.array_equal(*(run.network.parameters.flat for run in runs))
    code, _, said = command("replay", resumed)
    assert code == 0, said


def test_names_that_are_not_in_the_file_are_read_again_in_the_same_way(command, names, tmp_path):
    path, other = tmp_path / "run.npz", tmp_path / "other.npz"
    trainer = Trainer(
        read_data(names, ReadingChoices(graphemes=True)), Hyperparameters(widths=(4,))
    )
    trainer.run(5)
    save_run(path, trainer.corpus, trainer.state(), with_data=False)
    code, _, said = command("resume", path, "--data", names, "--steps", 5, "--save", other)
    assert code == 0, said
    assert set(load_run(other).network.vocabulary.symbols) == {"\n", *SYMBOLS}


def test_written_names_have_whole_letters_and_count_them(command, trained):
    path = trained(40)
    code, out, said = command(
        *("sample", path, "--count", 12, "--format", "json", "--longest", 4, "--seed", 1),
        *("--names", path.with_name("names.txt"), "--graphemes"),
    )
    assert code == 0, said
    rows = json.loads(out)
    rows = rows if isinstance(rows, list) else next(v for v in rows.values() if isinstance(v, list))
    assert len(rows) == 12
    for row in rows:
        clusters = regex.findall(r"\X", row["name"])
        assert len(row["surprisals"]) - 1 == len(clusters) <= 4
        assert row["distance"] == distance(clusters, regex.findall(r"\X", row["nearest"]))


def distance(a, b):
    """Return the edit distance by its table."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        before, row = row, [i]
        for j, y in enumerate(b, start=1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (x != y)))
    return row[-1]


def test_a_prefix_is_whole_letters(command, trained):
    path = trained(40)
    code, out, said = command("sample", path, "--count", 3, "--prefix", "क\u094dषि", "--longest", 3)
    assert code == 0, said
    assert all(regex.findall(r"\X", name)[0] == "क\u094dषि" for name in out.split())
    code, _, said = command("sample", path, "--prefix", "कि")
    assert code == 2
    assert "“कि”" in said, "the letter is named as a whole"
    code, _, said = command("sample", path, "--prefix", "क\u094dषितिज", "--longest", 2)
    assert code == 2
    assert "The prefix has 3 letters, but names may have 2" in said


def test_a_saved_run_needs_no_package(trained):
    program = """
    import sys
    sys.modules["regex"] = None
    from engine.cli.main import main
    codes = [main(["sample", sys.argv[1], "--count", "2"]), main(["replay", sys.argv[1]])]
    sys.exit(any(codes))
    """
    words = [sys.executable, "-X", "utf8", "-c", textwrap.dedent(program), str(trained(10))]
    done = subprocess.run(words, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_a_missing_package_is_told_in_a_sentence(command, names, monkeypatch):
    monkeypatch.setitem(sys.modules, "regex", None)
    code, _, said = command("train", names, *SMALL, "--steps", 1)
    assert code != 0
    assert "pip install regex" in said


def test_a_text_is_learned_written_resumed_and_replayed_in_whole_letters(
    command, tmp_path, monkeypatch
):
    path, resumed = tmp_path / "verse.npz", tmp_path / "resumed.npz"
    verse = tmp_path / "verse.txt"
    verse.write_text(" ".join(NAMES * 4), encoding="utf-8")
    small = ("--text", "--hidden", "6", "--batch", "2", "--dropout", "0", "--graphemes")
    code, _, said = command("train", verse, *small, "--steps", 8, "--save", path)
    assert code == 0, said
    assert set(load_run(path).network.vocabulary.symbols) == {" ", *SYMBOLS}
    monkeypatch.setitem(sys.modules, "regex", None)  # which only reading needs
    code, _, said = command("resume", path, "--steps", 4, "--save", resumed)
    assert code == 0, said
    assert command("replay", resumed)[0] == 0
    code, out, said = command("write", resumed, "--prompt", "क\u094dषि", "--length", 9)
    assert code == 0, said
    monkeypatch.undo()
    assert len(regex.findall(r"\X", out.rstrip("\n"))) <= 10
    assert out.startswith("क\u094dषि")
    code, out, said = command("evaluate", resumed, verse)
    assert code == 0, said
    assert "nats per symbol" in out
