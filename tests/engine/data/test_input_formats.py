import re
from pathlib import Path

import pytest
from engine.data.input_formats import INPUT_FORMATS, FileHead, choose_input_format, read_data

from engine.cli.main import main
from engine.data.corpus import names_from_bytes
from engine.data.training_data import CorpusError
from engine.runs.saved_network import load_network

SENTENCE = re.compile(r"^[“A-Z].+\.$", re.DOTALL)
VERSE = "Shall I compare thee to a summer's day?\nThou art more lovely and more temperate:\n"


@pytest.fixture
def write(tmp_path):
    """Return a function that writes bytes, or text, into a file."""

    def put(content, name="text.txt"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return put


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("rex\nallo\n", "names"),
        ("New York City\nBad Homburg\nRio de Janeiro\n" * 5, "names"),
        ("龙\n恐龙\n", "names"),
        ("", "names"),
        (VERSE, "text"),
        ("one long line of prose and nothing but it " * 9, "text"),
        ("word " * 90_000, "text"),
    ],
)
def test_names_and_text_are_told_apart(write, content, kind):
    assert choose_input_format(write(content)).kind == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("dinos.txt", "names"),
        ("names.txt", "names"),
        ("dinosaurs-cc0.json", "names"),
        ("shakespeare.txt", "text"),
        ("tinyshakespeare.txt", "text"),
        ("README.md", "text"),
    ],
)
def test_real_files_are_told_apart(shared_file, name, kind):
    assert choose_input_format(shared_file(f"data/{name}")).kind == kind


def test_our_own_dinosaurs_are_names(root):
    assert choose_input_format(root / "resources/names/dinosaurs.txt").kind == "names"


def test_a_binary_file_is_neither(write):
    with pytest.raises(CorpusError, match="is not a text file") as caught:
        choose_input_format(write(b"\x89PNG\r\n\0\0"))
    assert SENTENCE.match(str(caught.value))


# The beginning of a file.


def test_the_last_line_of_a_long_file_is_left_out(write):
    head = FileHead.read(write("ré\n" * 40_000))
    assert set(head.lines) == {"ré"}
    assert 3 * len(head.lines) <= 1 << 16
    assert head.is_whole


def test_a_file_longer_than_its_beginning_is_known(write):
    assert not FileHead.read(write("rex\n" * 300_000)).is_whole


# A format from outside of the package.


class SemicolonFormat:
    """Names separated by semicolons."""

    name = "semicolons"
    title = "Names separated by semicolons"
    kind = "names"
    suffixes = (".semi",)

    def recognises(self, head):
        return head.content.count(b";") > 1

    def read(self, path, *, lower_case, on_progress=None, for_training=True):
        content = Path(path).read_bytes().replace(b";", b"\n")
        at_least = 2 if for_training else 1
        return names_from_bytes(
            content,
            Path(path).name,
            lower_case=lower_case,
            on_progress=on_progress,
            at_least=at_least,
        )


@pytest.fixture
def semicolons(monkeypatch):
    """Register the format for one test."""
    chosen = SemicolonFormat()
    monkeypatch.setitem(INPUT_FORMATS, chosen.name, chosen)
    return chosen


@pytest.mark.parametrize("kind", [None, "names"])
def test_the_last_format_that_recognises_a_file_is_chosen(write, semicolons, kind):
    assert choose_input_format(write("rex;mei;allo"), kind) is semicolons
    assert choose_input_format(write("rex\nmei\n"), kind) is INPUT_FORMATS["names"]
    assert choose_input_format(write("rex;mei;allo"), "text") is INPUT_FORMATS["text"]


def test_a_file_is_read_in_the_format_that_it_has(write, semicolons):
    corpus = read_data(write("Rex;Mei;Allo"), "names", lower_case=True)
    assert corpus.names == ("rex", "mei", "allo")
    assert corpus.kind == semicolons.kind
    assert read_data(write("Rex;;"), "names", lower_case=False, for_training=False).names == (
        "Rex",
    )
    with pytest.raises(CorpusError, match="Training needs at least two"):
        read_data(write("Rex;;"), "names", lower_case=False)


def test_the_command_line_takes_another_format(write, semicolons, tmp_path, capsys):
    path, model = write("Rex;Mei;Allo", "names.semi"), tmp_path / "model.npz"
    assert main(["train", str(path), "--steps", "3", "--hidden", "4", "--save", str(model)]) == 0
    assert load_network(model).vocabulary.symbols == ("\n", *"aeilmorx")
    assert main(["resume", str(model), "--data", str(path), "--steps", "1"]) == 0
    assert main(["evaluate", str(model), str(path)]) == 0
    assert main(["sample", str(model), "--names", str(path), "--only-new", "--count", "1"]) == 0
    assert "names.semi: 3 names" in capsys.readouterr().err


def test_formats_say_what_they_are(semicolons):
    for name, each in INPUT_FORMATS.items():
        assert each.name == name
        assert each.title
        assert each.kind in ("names", "text")
        assert all(suffix.startswith(".") for suffix in each.suffixes)
