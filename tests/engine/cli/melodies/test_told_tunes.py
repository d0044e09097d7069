"""Runs that tell the kind of a tune from eight bars, as one types them."""

import csv
import io
import json

import numpy as np
import pytest

from engine.cli.main import main
from engine.melody.files.midi_writing import midi_of
from engine.melody.note import Melody, Note
from engine.runs.run_file import load_run

SMALL = ["--hidden", "8", "--embedding", "4", "--steps", "60", "--seed", "1", "--batch", "8"]


def abc_of(letters, count, seed):
    """Return tunes of sixteen bars whose notes are drawn from some letters."""
    random = np.random.default_rng(seed)
    tunes = []
    for number in range(1, count + 1):
        bars = ["".join(random.choice(list(letters), 4)) for _ in range(16)]
        tunes.append(f"X:{number}\nT:{letters} {number}\nM:4/4\nL:1/4\nK:C\n{'|'.join(bars)}|]\n")
    return "\n".join(tunes)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("told") / "tunes"
    folder.mkdir()
    (folder / "low.abc").write_text(abc_of("CDEF", 8, 1), encoding="utf-8")
    (folder / "high.abc").write_text(abc_of("efga", 4, 2), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def run(folder):
    path = folder.parent / "run.npz"
    command = ["train", str(folder), "--melodies", "--kinds", "--task", "tell", *SMALL]
    assert main([*command, "--save", str(path)]) == 0
    return path


def test_it_says_what_it_does_and_how_well(folder, capsys):
    command = ["train", str(folder), "--melodies", "--kinds", "--task", "tell", *SMALL]
    assert main(command) == 0
    out, said = capsys.readouterr()
    assert "The network reads 8 bars of a tune, and tells its kind, in both directions." in said
    assert "Baselines, in nats per passage, on all 4 passages held out: guessing 0.6931" in said
    largest = -np.log([0.7, 0.3]).mean()  # 14 and 6 passages to learn from
    assert f"always the largest kind, low {largest:.4f} (50.0% right)" in said
    assert "by Bayes' rule" in said
    assert "Held out: 100.0% told right" in out


def test_a_run_repeats_to_the_bit_and_goes_on(run, folder, tmp_path, capsys):
    assert main(["replay", str(run)]) == 0
    assert "the same to the bit" in capsys.readouterr().out
    half, rest = tmp_path / "half.npz", tmp_path / "rest.npz"
    command = ["train", str(folder), "--melodies", "--kinds", "--task", "tell", *SMALL]
    assert main([*command, "--steps", "23", "--save", str(half)]) == 0
    assert main(["resume", str(half), "--steps", "37", "--save", str(rest)]) == 0
    flats = [load_run(path).state.parameters.flat for path in (run, rest)]
    assert np.array_equal(*flats)


def test_evaluate_has_accuracy_confusion_and_baselines(run, folder, tmp_path, capsys):
    confusion = tmp_path / "confusion.csv"
    assert main(["evaluate", str(run), str(folder), "--confusion", str(confusion)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "4 passages held out:"
    assert lines[2].split()[:2] == ["kind", "passages"]
    found = {line.split()[0]: line.split()[1:4] for line in lines[3:5]}
    assert found == {kind: ["2", "100.0%", "100.0%"] for kind in ("low", "high")}
    assert "always the largest kind, low: 50.0%" in "\n".join(lines)
    assert "5-gram Bayes: 100.0%" in "\n".join(lines)
    rows = list(csv.reader(confusion.read_text(encoding="utf-8").splitlines()))
    assert rows == [["kind", "high", "low"], ["high", "2", "0"], ["low", "0", "2"]]


@pytest.mark.parametrize("form", ["text", "csv", "json"])
def test_tell_says_each_eight_bars_and_the_mean(run, tmp_path, capsys, form):
    path = tmp_path / "tune.abc"
    path.write_text(abc_of("efga", 1, 7), encoding="utf-8")
    assert main(["tell", str(run), str(path), "--format", form]) == 0
    out = capsys.readouterr().out
    if form == "text":
        lines = out.splitlines()
        assert [line.split("  ")[0] for line in lines] == [
            "efga 1, bars 1–8",
            "efga 1, bars 9–16",
            "efga 1, mean",
        ]
        assert all(line.split("  ")[-1].strip().startswith("high ") for line in lines)
        return
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(out)))
        shares = [[float(row["high"]), float(row["low"])] for row in rows]
        assert all(row["kind"] == "high" for row in rows)
        assert rows[0]["read"].count("♩") == 32
        assert rows[2]["read"] == ""
    else:
        rows = json.loads(out)
        shares = [[row["probabilities"][kind] for kind in ("high", "low")] for row in rows]
    assert shares[2] == pytest.approx(np.mean(shares[:2], axis=0).tolist())
    assert [sum(each) for each in shares] == pytest.approx([1, 1, 1])


def test_midi_with_unknown_notes_is_told_in_the_nearest_ones(run, tmp_path, capsys):
    path = tmp_path / "tune.mid"
    notes = tuple(Note(pitch, 1) for pitch in (60, 62, 64, 65, 24) * 4)
    path.write_bytes(midi_of(Melody(notes, "Deep", bar=4)))
    assert main(["tell", str(run), str(path)]) == 0
    out, said = capsys.readouterr()
    assert out.startswith("Deep, bars 1–5")
    assert "low" in out
    assert "4 notes that the network does not know: moved by octaves." in said


def test_solos_of_seconds_need_their_tempo(run, tmp_path, capsys):
    solo, tempos = tmp_path / "ada_solo.csv", tmp_path / "tempos.csv"
    rows = [f"{60 + place % 5},{place / 2},0.5" for place in range(40)]
    solo.write_text("\n".join(rows), encoding="utf-8")
    tempos.write_text("base_name,avgtempo\nada,120\nbob,90\n", encoding="utf-8")
    assert main(["tell", str(run), str(solo)]) == 1
    assert "Open the table of their tempos together" in capsys.readouterr().err
    assert main(["tell", str(run), str(solo), "--tempos", str(tempos)]) == 0
    assert capsys.readouterr().out.startswith("ada, bars 1–8")


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (["write"], "tells the kinds of tunes, and plays none. Use the command tell."),
        (["sample"], "tells the kinds of tunes, and plays none. Use the command tell."),
        (["tell", "no such file.abc"], "There is no file “no such file.abc”."),
    ],
)
def test_what_it_cannot_do_is_said(run, capsys, command, sentence):
    assert main([command[0], str(run), *command[1:]]) == 1
    assert sentence in capsys.readouterr().err


def test_where_tunes_have_their_kinds_is_not_asked(run, folder, capsys):
    command = ["tell", str(run), str(folder / "low.abc"), "--kind-column", "metre"]
    assert main(command) == 2
    said = capsys.readouterr().err
    assert said == "--kind-column is not for tunes whose kinds are told. Leave it out.\n"


def test_a_run_that_plays_tells_nothing(folder, tmp_path, capsys):
    path = tmp_path / "plays.npz"
    command = ["train", str(folder), "--melodies", "--kinds", *SMALL, "--steps", "2"]
    assert main([*command, "--save", str(path)]) == 0
    assert main(["tell", str(path), str(folder / "low.abc")]) == 1
    said = capsys.readouterr().err
    assert "plays melodies, and tells no kinds. Use the command write, or train" in said
