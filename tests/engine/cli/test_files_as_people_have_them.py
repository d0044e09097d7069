"""Files as people have them, trained on from the command line: what is said and learned."""

import io
import json
import zipfile

import pytest

from engine.melody.files.midi_writing import midi_of
from engine.melody.note import Melody, Note
from engine.runs.run_file import load_run
from tests.files_of_people import COUNTS, LOWER, NAMES, PAIRS, SAYINGS, TUNE

QUICK = ("--hidden", 4, "--steps", 2, "--keep-data")


@pytest.fixture
def train(command, tmp_path):
    """Return a function that trains on files, and returns the messages and the data."""

    def run(*words, expected=0):
        saved = tmp_path / "run.npz"
        saved.unlink(missing_ok=True)
        code, _, messages = command("train", *words, *QUICK, "--save", saved)
        assert code == expected, messages
        return messages, load_run(saved).corpus if code == 0 else None

    return run


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a file and returns its path."""

    def write_file(content, name):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


def test_columns_by_spaces_are_a_table_unless_a_person_says_otherwise(train, write):
    text = "".join(f"{name:12}{'fm'[n % 2]}  {count:>6}\n" for n, (name, count) in enumerate(PAIRS))
    path = write(text, "aligned.txt")
    messages, corpus = train(path, "--weights", 3)
    assert "is read as a table of 3 columns separated by spaces." in messages
    assert (corpus.distinct, corpus.weights) == (LOWER, tuple(COUNTS))
    messages, _ = train(path)
    assert "The whole numbers of column 3 can be weights." in messages
    _, corpus = train(path, "--layout", "names")
    assert corpus.distinct[0] == "anna        f    1200"
    _, corpus = train(write(text.replace("  ", " "), "single.txt"), "--delimiter", "space")
    assert corpus.distinct[0] == "anna"


@pytest.mark.parametrize("pattern", ["{name}: {count}\n", "{name} - {count}\n", "{count} {name}\n"])
def test_lists_of_counts_are_names_with_counts_as_offered_weights(train, write, pattern):
    path = write("".join(pattern.format(name=n, count=c) for n, c in PAIRS), "counts.txt")
    number = 1 if pattern.startswith("{count}") else 2
    messages, corpus = train(path)
    assert "is read as a list with a number beside each name." in messages
    assert f"--weights {number}" in messages
    assert corpus.distinct == LOWER
    assert train(path, "--weights", number)[1].weights == tuple(COUNTS)
    _, corpus = train(path, "--layout", "names")
    assert corpus.distinct[0] == pattern.format(name="anna", count=1200).strip()


def test_lines_of_signs_separate_documents(train, write):
    path = write("\n---\n".join(SAYINGS), "sayings.txt")
    quick = ("--preset", "long")
    messages, text = train(path, *quick)
    assert "is read as 4 documents, separated by “---”." in messages
    assert "Change this with --layout or --separator." in messages
    assert len(text.documents) == 4
    assert train(path, *quick, "--layout", "text", "--window", 10)[1].documents is None
    once = write("\n---\n".join(["\n".join(SAYINGS), "Another saying."]), "once.txt")
    assert train(once, *quick, "--window", 10)[1].documents is None
    for words in (("--separator", "---"), ("--separator=---",)):
        assert len(train(once, *quick, *words)[1].documents) == 2
    twice = write("\n- - -\n".join(SAYINGS[:2]), "twice.txt")
    assert len(train(twice, *quick, "--separator", "- - -")[1].documents) == 2
    assert "--separator: a value is missing" in train(once, "--separator", expected=2)[0]
    messages, _ = train(once, "--separator", "--layout", "text", expected=2)
    assert "--separator: a value is missing" in messages


def test_a_file_only_named_as_midi_is_left_out_beside_others_and_alone_an_error(train, tmp_path):
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "names.txt").write_text("\n".join(NAMES), encoding="utf-8")
    (folder / "false.mid").write_text("This is no MIDI.\n", encoding="utf-8")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in folder.iterdir():
            archive.write(path, path.name)
    (tmp_path / "lists.zip").write_bytes(buffer.getvalue())
    both = (folder / "names.txt", folder / "false.mid")
    for words in ((folder,), (tmp_path / "lists.zip",), both):
        messages, corpus = train(*words)
        assert "false.mid” is left out. It is not a MIDI file" in messages
        assert corpus.distinct == LOWER
    messages, _ = train(folder / "false.mid", expected=1)
    assert "“false.mid” cannot be read as melodies. It is not a MIDI file" in messages
    (folder / "names.txt").unlink()
    (folder / "worse.mid").write_bytes(b"RIFFx")
    for seed in range(3):
        notes = tuple(Note(60 + (at * (seed + 3)) % 12, 1) for at in range(40))
        (folder / f"{seed}.mid").write_bytes(midi_of(Melody(notes, f"No. {seed}", 120.0)))
    messages, melodies = train(folder)
    assert "2 files that are named as MIDI files and are none are left out" in messages
    assert len(melodies.tunes) == 3


def test_a_quotation_mark_that_is_not_closed_is_said(train, write):
    rows = [f"{name},{count}" for name, count in PAIRS]
    rows[4] = f'"{rows[4]}'
    messages, corpus = train(write("name,count\n" + "\n".join(rows), "broken.csv"))
    assert "is read as a table of 2 columns." in messages
    assert "The quotation mark in line 6 is not closed: it is left out." in messages
    assert corpus.distinct == LOWER


def test_one_tune_is_a_text_and_its_other_readings_are_said(train, write):
    path = write(TUNE, "tune.abc")
    messages, text = train(path, "--preset", "long", "--window", 10)
    assert "is read as a running text, one tune in ABC notation." in messages
    assert "Its notes can be learned together with those of other tunes." in messages
    assert "Change this with --melodies or --layout." in messages
    assert text.decode(text.symbols[:4]) == "X:1\n"
    messages, _ = train(path, "--melodies", expected=1)
    assert "There is only one tune in “tune.abc”. At least two different ones" in messages
    other = write(TUNE.replace("GABc", "GFED"), "other.abc")
    assert len(train(path, other, "--melodies")[1].tunes) == 2
    messages, text = train(path, other, "--preset", "long")
    assert "is read as 2 documents, each a tune in ABC notation." in messages


def test_what_is_left_out_of_json_is_counted(train, write):
    records = [{"name": name} for name in NAMES[1:]]
    value = {"people": ["Anna", *records, {"nom": "x"}, {"name": None}, 7], "places": ["Rome"]}
    messages, corpus = train(write(json.dumps(value), "mixed.json"))
    assert "is read as 9 records and 1 string of JSON in “people”." in messages
    assert "Dropped: 2 records without a name, 1 value of another type." in messages
    assert "Not read: “places” (1 value)." in messages
    assert corpus.distinct == LOWER


def test_kinds_that_are_not_clear_name_the_columns(train, write):
    rows = [f"{name},{1900 + n},{'xyz'[n % 3]}-ville" for n, name in enumerate(NAMES)]
    path = write("name,born,home\n" + "\n".join(rows), "people.csv")
    messages, _ = train(path, "--kinds", expected=1)
    assert "(--kind-column): 2 “born” and 3 “home”." in messages
    assert len(train(path, "--kind-column", 3)[1].kinds) == 3
    messages, _ = train(path, "--kind-column", "house", expected=1)
    assert "The table has these: 1 “name”, 2 “born”, 3 “home”." in messages


@pytest.mark.parametrize(
    ("names", "encoding"),
    [
        ("דוד משה שרה רחל לאה", "cp1255"),
        ("Αθηνά Γιώργος Κώστας Ελένη", "cp1253"),
        ("محمد فاطمة أحمد علي حسن", "cp1256"),
        ("สมชาย มาล", "cp874"),
        ("Анна Борис Владимир Елена", "cp1251"),
        ("Анна Борис Владимир Елена", "koi8-r"),
    ],
)
def test_the_encoding_of_a_script_is_among_the_first_three(train, write, names, encoding):
    path = write("\n".join(names.split()).encode(encoding), "names.txt")
    messages, _ = train(path, expected=1)
    assert f"--encoding {encoding} reads “{', '.join(names.split()[:3])}”" in messages
    _, corpus = train(path, "--encoding", encoding)
    assert corpus.distinct == tuple(name.lower() for name in names.split())
