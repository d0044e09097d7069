"""What would become of many tunes, by the first of them."""

import numpy as np
import pytest

from engine.data.preview import preview
from engine.data.reader import read_data
from engine.data.reading.choices import ReadingChoices
from engine.melody.files import solo_csv
from engine.melody.files.midi_writing import midi_of
from engine.melody.note import Melody, Note

CHOICES = ReadingChoices(layout="melodies")
N_TUNES, N_NOTES = 45, 400


def pitches_of(number):
    return np.random.default_rng(number).integers(50, 80, N_NOTES).tolist()


def abc_of(number):
    notes = " ".join(f"{'CDEFGAB'[pitch % 7]}2" for pitch in pitches_of(number))
    return f"X:{number + 1}\nT:Tune {number}\nM:4/4\nL:1/8\nK:C\n{notes} |]\n"


def one_file(folder):
    text = "\n".join(map(abc_of, range(N_TUNES)))
    (folder / "tunes.abc").write_text(text, encoding="utf-8")


def many_files(folder):
    for number in range(N_TUNES):
        (folder / f"tune{number}.abc").write_text(abc_of(number), encoding="utf-8")


def midi_files(folder):
    for number in range(N_TUNES):
        tune = Melody(tuple(Note(pitch, 1) for pitch in pitches_of(number)), f"Tune {number}")
        (folder / f"tune{number}.mid").write_bytes(midi_of(tune))


def solos(folder):
    """Write solos, of which every third has no tempo, and their table, which comes last."""
    lines = ["base_name,avgtempo,performer"]
    for number in range(N_TUNES):
        rows = [f"{pitch},{place / 2},0.4" for place, pitch in enumerate(pitches_of(number))]
        (folder / f"s{number}_solo.csv").write_text("\n".join(rows), encoding="utf-8")
        lines.append(f"s{number},{'' if number % 3 == 2 else 120},Player {number % 5}")
    (folder / "tempos.csv").write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.parametrize("write", [one_file, many_files, midi_files, solos])
def test_the_first_tunes_are_read_and_the_rest_is_estimated(tmp_path, write, monkeypatch):
    write(tmp_path)
    n_read = []
    read_solo = solo_csv.read_solo
    monkeypatch.setattr(
        "engine.data.parts.melodies_of_parts.read_solo",
        lambda text, tempo: n_read.append(1) or read_solo(text, tempo),
    )
    whole = read_data(tmp_path, CHOICES, kind="melodies")
    n_solos = len(n_read)
    found = preview(tmp_path, CHOICES)
    assert not found.is_exact
    assert found.count == pytest.approx(whole.n_notes, rel=0.1)
    assert found.distinct == pytest.approx(len(whole.tunes), rel=0.1)
    assert "melodies, and begins with " in found.report.taken_for
    assert found.beginning.splitlines()[0].startswith(f"{whole.tunes[0].title}: ")
    if write is solos:
        assert (n_solos, len(n_read) - n_solos) == (30, 25)  # ten thousand notes
        assert "Left out: 15 solos without a tempo." in found.report.left_out


def test_few_tunes_are_counted(tmp_path):
    (tmp_path / "tunes.abc").write_text("\n".join(map(abc_of, range(4))), encoding="utf-8")
    found = preview(tmp_path, CHOICES)
    assert found.is_exact
    assert (found.count, found.distinct) == (4 * N_NOTES, 4)
    assert found.report.taken_for == "4 melodies of 1,600 notes"


def test_all_kinds_are_found(tmp_path):
    solos(tmp_path)
    found = preview(tmp_path, ReadingChoices(layout="melodies", kind_column="performer"))
    assert found.is_exact
    assert sum(kind.count for kind in found.report.kinds) == 30


def test_where_the_first_tunes_are_too_short_the_others_are_read(tmp_path):
    shorts = "\n".join(f"X:{number}\nT:Short\nK:C\nCDE |]\n" for number in range(1, 4001))
    (tmp_path / "a.abc").write_text(f"{shorts}\n{abc_of(4000)}", encoding="utf-8")
    found = preview(tmp_path, CHOICES)
    assert found.distinct == 1
    assert found.is_exact
