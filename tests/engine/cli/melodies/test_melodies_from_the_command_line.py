"""A run on melodies from its beginning to its sound, with the project's own tunes."""

import json
import wave
from pathlib import Path

import numpy as np
import pytest

from engine.cli.main import main
from engine.data.reader import read_data
from engine.data.reading.choices import ReadingChoices
from engine.melody.files.abc_reading import read_abc
from engine.melody.files.midi_reading import read_midi
from engine.runs.run_file import load_run
from engine.runs.saved_log import read_log
from engine.training.messages import MelodyLogEntry

TUNES = Path(__file__).parents[4] / "resources" / "melodies"
SMALL = ["--hidden", "12", "--layers", "1", "--embedding", "6", "--steps", "30", "--seed", "3"]


def status_of(command):
    """Run a command, and return its exit status."""
    try:
        return main(command)
    except SystemExit as exit_:
        return exit_.code


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    path = tmp_path_factory.mktemp("melodies") / "run.npz"
    command = ["train", str(TUNES), "--melodies", *SMALL, "--transpose", "all"]
    assert main([*command, "--save", str(path)]) == 0
    return path


def test_a_run_on_melodies_repeats_to_the_bit(run, capsys):
    assert main(["replay", str(run)]) == 0
    assert "the same to the bit" in capsys.readouterr().out


def test_a_run_that_goes_on_equals_one_that_was_never_interrupted(run, tmp_path, capsys):
    half, rest = tmp_path / "half.npz", tmp_path / "rest.npz"
    command = ["train", str(TUNES), "--melodies", *SMALL, "--transpose", "all", "--steps", "20"]
    assert main([*command, "--save", str(half)]) == 0
    assert main(["resume", str(half), "--steps", "10", "--save", str(rest)]) == 0
    flats = [load_run(path).state.parameters.flat for path in (run, rest)]
    assert np.array_equal(*flats)


def test_the_log_holds_four_bars(run):
    from engine.storage.archive import open_archive

    with open_archive(run) as archive:
        entries = read_log(archive.json("extras", may_name_files=True))
    assert isinstance(entries[0], MelodyLogEntry)
    melody = entries[0].melody
    assert 3 * melody.bar < melody.beats <= 4 * melody.bar


def test_what_is_written_in_each_format_is_the_same_melody(run, tmp_path, capsys):
    files = {name: tmp_path / f"tune.{name}" for name in ("mid", "abc", "wav", "txt")}
    for path in files.values():
        command = ["write", str(run), "--bars", "4", "--metre", "3/4", "--seed", "7"]
        assert main([*command, "--output", str(path)]) == 0
    from_midi = read_midi(files["mid"].read_bytes()).melodies[0]
    from_abc = read_abc(files["abc"].read_text(encoding="utf-8")).melodies[0]
    assert from_midi.pitches.tolist() == from_abc.pitches.tolist()
    assert from_midi.onsets == pytest.approx(from_abc.onsets)
    with wave.open(str(files["wav"])) as sound:
        seconds = sound.getnframes() / sound.getframerate()
    assert seconds > 12 * 60 / 120 - 1  # 12 beats at 120 a minute, less a rest at the end
    text = files["txt"].read_text(encoding="utf-8")
    assert len(text.splitlines()) == 4


def test_an_unknown_ending_needs_a_format(run, tmp_path, capsys):
    path = tmp_path / "o.xyz"
    assert main(["write", str(run), "--bars", "2", "--output", str(path), "--format", "abc"]) == 0
    assert path.read_text(encoding="utf-8").startswith("X:1\n")


def test_chords_stand_in_a_file_of_abc(run, tmp_path, capsys):
    path = tmp_path / "o.abc"
    command = ["write", str(run), "--bars", "3", "--chords", "| Dm7 | G7 | C |"]
    assert main([*command, "--output", str(path)]) == 0
    text = path.read_text(encoding="utf-8")
    assert text.count('"') == 6
    assert text.index('"Dm7"') < text.index('"G7"') < text.index('"C"')


def test_the_beginning_is_kept(run, capsys):
    assert main(["write", str(run), "--bars", "2", "--begin", "C4 1 Eb4 1/2"]) == 0
    assert capsys.readouterr().out.startswith("C4 ♩ E♭4 ½♩")


def test_it_is_measured_on_held_out_tunes(run, capsys):
    assert main(["evaluate", str(run), str(TUNES)]) == 0
    out = capsys.readouterr().out
    assert "nats per note" in out
    assert "3-gram, held-out tunes" in out
    assert "stand in runs of 8 or more that are copied" in out


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--prompt", "x"], "--prompt needs a network that was trained on a text."),
        (["--chords", "| Hm |"], "--chords: Character 3: "),
        (["--begin", "C4 1 x"], "--begin: Character 6: “x” is neither a note"),
        (["--metre", "4/3"], "“4/3” is not a metre such as 4/4, 3/4 or 6/8."),
        (["--swing", "0.9"], "0.75"),
        (["--bars", "0"], "--bars"),
        (["--stay-in-chord", "0.5"], "--stay-in-chord needs --chords."),
        (["--swing", "0.6"], "--swing makes no difference to notes as text. Leave it out."),
        (["--format", "abc", "--swing", "0.6"], "--swing makes no difference to ABC."),
        (["--tempo", "90"], "--tempo makes no difference to notes as text."),
        (["--output", "o.xyz"], "“o.xyz” does not say what to write. Let its name end in .mid, "),
        (["--output", "o"], ".wav, .abc, .txt, or choose --format."),
    ],
)
def test_what_cannot_be_played_is_said(run, capsys, options, sentence):
    assert status_of(["write", str(run), *options]) == 2
    assert sentence in capsys.readouterr().err


def test_melodies_and_other_data_do_not_mix(run, tmp_path, capsys):
    names = tmp_path / "names.txt"
    names.write_text("ada\nbob\ncleo\n" * 5, encoding="utf-8")
    assert main(["train", str(names), "--grid", "fine"]) == 2
    assert "--grid needs --melodies." in capsys.readouterr().err
    assert main(["train", str(TUNES), "--melodies", "--window", "9"]) == 2
    assert "--window cannot be combined with melodies." in capsys.readouterr().err
    assert main(["train", str(TUNES), "--melodies", "--preset", "quick"]) == 2
    assert "quick is for names. Choose another preset." in capsys.readouterr().err
    assert main(["train", str(names), "--melodies"]) == 1
    assert "There are no melodies in" in capsys.readouterr().err


@pytest.mark.parametrize(
    "option",
    [
        *(["--separator", "x"], ["--column", "1"], ["--header", "no"], ["--delimiter", ";"]),
        *(["--weights", "2"], ["--keep-case"], ["--graphemes"]),
    ],
)
def test_options_that_say_nothing_of_melodies_are_refused(run, capsys, option):
    sentence = f"{option[0]} cannot be combined with melodies. Leave it out."
    assert main(["train", str(TUNES), "--melodies", *SMALL, *option]) == 2
    assert sentence in capsys.readouterr().err
    assert main(["evaluate", str(run), str(TUNES), *option]) == 2
    assert sentence in capsys.readouterr().err


def test_kinds_are_drawn_evenly_only_where_they_are_told(run, capsys):
    command = ["train", str(TUNES), "--melodies", "--kind-column", "metre", *SMALL]
    assert main([*command, "--balance", "0.5"]) == 2
    assert "--balance needs --task tell: to play" in capsys.readouterr().err
    for option, advice in (["--length", ""], ["--streams", " Choose --batch."]):
        assert main([*command, "--task", "tell", option, "8"]) == 2
        said = capsys.readouterr().err
        assert said.endswith(f"--task tell, which reads 8 bars at a time.{advice}\n")


def test_solos_need_their_tempos(tmp_path, capsys):
    random = np.random.default_rng(1)
    for number in range(3):
        rows = [f"{random.integers(50, 80)},{at / 4},0.2" for at in range(1, 40)]
        (tmp_path / f"solo{number}_solo.csv").write_text("\n".join(rows), encoding="utf-8")
    solos = [str(path) for path in sorted(tmp_path.glob("*_solo.csv"))]
    assert main(["train", *solos, "--melodies", *SMALL]) == 1
    assert "has 3 solos in seconds, and no tempo of any of them." in capsys.readouterr().err
    table = tmp_path / "tempos.csv"
    table.write_text(
        "base_name,avgtempo,performer\nsolo0,120,Ada\nsolo1,120,Bob\nsolo2,,Cleo\n",
        encoding="utf-8",
    )
    assert main(["train", *solos, "--melodies", "--tempos", str(table), *SMALL]) == 0
    assert "Left out: 1 solo without a tempo." in capsys.readouterr().err


def test_tunes_have_kinds(tmp_path, capsys):
    path = tmp_path / "kinds.npz"
    folder = tmp_path / "tunes"
    folder.mkdir()
    tunes = (TUNES / "tunes.abc").read_text(encoding="utf-8").split("\n\n")
    (folder / "slow.abc").write_text("\n\n".join(tunes[:6]), encoding="utf-8")
    (folder / "fast.abc").write_text("\n\n".join(tunes[6:]), encoding="utf-8")
    command = ["train", str(folder), "--melodies", "--kinds", *SMALL]
    assert main([*command, "--save", str(path)]) == 0
    saved = load_run(path)
    assert sorted(saved.network.kinds) == ["fast", "slow"]
    assert main(["replay", str(path)]) == 0
    assert main(["write", str(path), "--bars", "2"]) == 2
    said = capsys.readouterr().err
    assert "plays tunes of 2 kinds" in said
    assert f"--kind {saved.network.kinds[0]}, or several with --blend." in said
    assert "names" not in said
    with pytest.raises(SystemExit):
        main(["write", "--help"])
    listed = " ".join(capsys.readouterr().out.split())
    assert "--kind TITLE play a tune of this kind" in listed
    assert main(["write", str(path), "--bars", "2", "--kind", "slow"]) == 0
    assert main(["write", str(path), "--bars", "2", "--blend", "slow=1,fast=3"]) == 0


def test_tunes_are_brought_to_c():
    in_c = read_data(TUNES, ReadingChoices(layout="melodies", transpose="C"))
    own = read_data(TUNES, ReadingChoices(layout="melodies"))
    of_c = {0, 2, 4, 5, 7, 9, 11}

    def share(data):
        pitches = [data.notes.pitches[symbol] for symbol in data.symbols]
        found = [pitch % 12 in of_c for pitch in pitches if pitch is not None]
        return np.mean(found)

    assert share(in_c) > max(share(own), 0.9)
    assert json.dumps(in_c.report.choices.to_json()) == ('{"layout": "melodies", "transpose": "C"}')
