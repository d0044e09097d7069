import pytest

from engine.data.reader import kind_of, read_data
from engine.data.reading.choices import ReadingChoices
from engine.data.training_data import CorpusError
from engine.melody.files.midi_writing import midi_of
from engine.melody.note import Melody
from engine.melody.typed_notes import read_notes

NOTES = read_notes("C4 1 D4 1 E4 2 F4 1/2 G4 1/2 A4 1 rest 1 B4 1 C5 4 C5 1 B4 1 G4 2")
OTHERS = read_notes("G4 1 F4 1 E4 2 D4 1/2 C4 1/2 E4 1 rest 1 G4 1 C5 4 E4 1 D4 1 C4 2")


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "tunes"
    folder.mkdir()
    for name, notes in (("one", NOTES), ("two", OTHERS)):
        melody = Melody(notes * 2, title=name, tempo=90.0, has_bars=True)
        (folder / f"{name}.mid").write_bytes(midi_of(melody))
    return folder


def test_midi_files_are_melodies_without_a_word(folder):
    assert kind_of(folder) == "melodies"
    data = read_data(folder)
    assert [tune.title for tune in data.tunes] == ["one", "two"]
    assert data.melody(0).notes == NOTES * 2
    assert round(data.tempo) == 90


def test_a_text_beside_them_is_left_out_and_named(folder):
    (folder / "README.txt").write_text("Tunes of mine.\n" * 500, encoding="utf-8")
    left_out = read_data(folder).report.left_out
    assert "Left out, as there are no notes in them: tunes/README.txt." in left_out


def test_a_damaged_file_among_others_is_left_out_and_named(folder):
    whole = (folder / "one.mid").read_bytes()
    (folder / "three.mid").write_bytes(whole[:30])
    data = read_data(folder)
    assert len(data.tunes) == 2
    assert any(each.startswith("“tunes/three.mid” is left out. ") for each in data.report.left_out)


def test_a_damaged_file_alone_is_an_error(folder):
    path = folder / "one.mid"
    path.write_bytes(path.read_bytes()[:30])
    with pytest.raises(CorpusError, match=r"^“one\.mid” cannot be read as melodies\. "):
        read_data(path)


def test_a_midi_file_is_no_list_of_names(folder):
    with pytest.raises(CorpusError, match="A MIDI file has notes, and no names"):
        read_data(folder / "one.mid", kind="names")


def test_too_short_melodies_are_left_out_and_said(folder):
    short = Melody(read_notes("C4 D4 E4"), has_bars=True)
    (folder / "short.mid").write_bytes(midi_of(short))
    data = read_data(folder)
    assert len(data.tunes) == 2
    assert "no melody of at least 8 notes" in data.report.description()


def test_a_column_of_what_is_known_gives_kinds(tmp_path):
    for name in ("a", "b", "c"):
        rows = [f"{60 + (at * (3 + ord(name))) % 12},{at},0.9" for at in range(40)]
        (tmp_path / f"{name}_solo.csv").write_text("\n".join(rows), encoding="utf-8")
    (tmp_path / "solos.csv").write_text(
        "base_name,avgtempo,performer\na,60,Ada\nb,60,Bob\nc,60,Ada\n", encoding="utf-8"
    )
    choices = ReadingChoices(layout="melodies", kind_column="Performer")
    data = read_data(tmp_path, choices)
    assert data.kinds.titles == ("Ada", "Bob")
    assert data.kinds.of_distinct == (0, 1, 0)
    with pytest.raises(CorpusError, match=r"The tunes have no “band”\. What is known is performer"):
        read_data(tmp_path, ReadingChoices(layout="melodies", kind_column="band"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"Rex\nMei\nAllo\n", "It is not a MIDI file: it does not begin with “MThd”"),
        (b"X:1\nK:C\nCDEF GABc|\n", "It is not a MIDI file"),
    ],
)
def test_what_is_only_named_as_midi_is_refused_and_beside_others_left_out(
    folder, content, sentence
):
    path = folder / "three.mid"
    path.write_bytes(content)
    with pytest.raises(CorpusError, match=f"“three.mid” cannot be read as melodies. {sentence}"):
        read_data(path)
    if content:
        assert any(sentence in each for each in read_data(folder).report.left_out)


def test_what_is_only_named_as_midi_can_be_read_as_names_by_choice(write):
    path = write("Rex\nMei\nAllo\n", "names.mid")
    names = ("rex", "mei", "allo")
    assert read_data(path, kind="names").names == names
    assert read_data(path, ReadingChoices(layout="names")).names == names
