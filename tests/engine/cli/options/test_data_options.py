"""The options of reading a data file, through the commands that have them."""

import argparse

import pytest

from engine.cli.main import main
from engine.cli.options.data_options import add_data_options, choices_of
from engine.data.corpus import names_from_bytes
from engine.data.reader import read_data
from engine.data.reading.choices import ReadingChoices
from engine.runs.run_file import load_run, save_run
from engine.runs.saved_network import load_network
from engine.training.trainer import Trainer

TABLE = "id;Pet;count\n1;Rex;4\n2;Mei;0\n3;Allo;9\n4;Yi;1\n"
VERSE = "Shall I compare thee to a summer's day?\nThou art more lovely and more temperate:\n"


@pytest.fixture
def write(write):
    """Return the function that writes a file; one without another name is called list.txt."""
    return lambda content, name="list.txt": write(content, name)


@pytest.fixture
def run(capsys):
    """Return a function that runs a command in here: its exit code and messages."""

    def call(*words):
        try:
            code = main([str(word) for word in words])
        except SystemExit as end:
            code = end.code
        return code, capsys.readouterr().err

    return call


@pytest.fixture
def train(run, tmp_path):
    """Return a function that trains three steps: the exit code, messages and symbols."""

    def call(path, *words):
        saved = tmp_path / "model.npz"
        code, messages = run(
            *("train", path, *words, "--steps", "3", "--hidden", "4", "--save", saved)
        )
        symbols = "".join(load_network(saved).vocabulary.symbols) if code == 0 else ""
        return code, messages, symbols

    return call


def given(*words):
    parser = argparse.ArgumentParser()
    add_data_options(parser)
    return choices_of(parser.parse_args(words))


def test_every_option_is_a_choice():
    assert given() == ReadingChoices()
    words = (
        *("--encoding", "latin-1", "--layout", "table", "--column", "name", "--header", "no"),
        *("--delimiter", "tab", "--weights", "3", "--weight-cap", "7", "--keep-case"),
    )
    assert given(*words) == ReadingChoices(
        encoding="iso8859-1",
        layout="table",
        column="name",
        header=False,
        weights=3,
        weight_cap=7,
        delimiter="\t",
        lower_case=False,
    )


def test_the_command_says_what_it_took_the_file_for(write, train):
    code, messages, symbols = train(write(TABLE))
    assert code == 0
    assert messages.startswith(
        "“list.txt” is read as a table of 3 columns. The names are in column 2, “Pet”. "
        "The first row is a header. The whole numbers of column 3, “count”, can be weights. "
        "Change this with --layout, --column, --header, --delimiter or --weights 3.\n"
        "list.txt: 4 names, "
    )
    assert symbols == "\n" + "".join(sorted(set("rexmeialloyi")))


def test_a_plain_list_is_said_to_be_one(write, train):
    code, messages, _ = train(write("Rex\nMei\nAllo\n"))
    assert code == 0
    assert "“list.txt” is read as a list with one name per line. " in messages


def test_the_options_change_it(write, train):
    assert set(train(write(TABLE), "--layout", "names")[2]) >= set(";04")
    assert set(train(write(TABLE), "--header", "no", "--column", "2")[2]) >= set("pet")
    assert set(train(write(TABLE), "--keep-case")[2]) >= set("RMAY")
    latin = write("Zoë\nÅsne\nPère\n".encode("cp1252"))
    assert set(train(latin, "--encoding", "cp1252")[2]) >= set("ëåè")
    assert train(write("Rex#1\nMei#2\nYi#3\n"), "--delimiter", "#")[2] == "\neimrxy"


def test_an_encoding_that_does_not_fit_is_named_with_those_that_do(write, train):
    code, messages, _ = train(write("Zoë\nÅsne\nPère\n".encode("cp1252")))
    assert code == 1
    assert "is not UTF-8 text: byte 2 (0xeb) in line 1 is invalid" in messages
    assert "These fit: --encoding cp1252 reads “Zoë, Åsne, Père”; --encoding " in messages


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--encoding", "utf-99"), "--encoding: “utf-99” is not the name of an encoding"),
        (("--layout", "rows"), "--layout: “rows” is not one of text, names, table, json"),
        (("--delimiter", "ab"), "--delimiter: “ab” is not a single character"),
        (("--delimiter", '"'), "is not a single character"),
        (("--column", " "), "--column: “” is not a column"),
        (("--header", "maybe"), "--header: “maybe” is not one of yes, no"),
        (("--weight-cap", "3"), "--weight-cap needs --weights"),
        (("--weight-cap", "0"), "--weight-cap: “0” is not a whole number"),
        (("--text", "--layout", "names"), "--text cannot be combined with --layout names"),
        (("--text", "--lower-case", "--keep-case"), "--keep-case cannot be combined"),
    ],
)
def test_what_cannot_be_given_is_refused(write, run, words, sentence):
    code, messages = run("train", write(TABLE), *words)
    assert code == 2
    assert sentence in messages.replace("argument ", "")
    assert messages.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--column", "Home"), "There is no column “Home” for the names"),
        (("--column", "1"), ""),
        (("--weights", "Pet"), "The weight “Rex” in row 2 is not a whole number"),
        (("--delimiter", ","), ""),
    ],
)
def test_what_does_not_fit_the_file_is_refused(write, run, words, sentence):
    code, messages = run("train", write(TABLE), "--steps", "1", *words)
    assert (code == 1) == bool(sentence)
    assert sentence in messages


def test_a_text_is_recognised_without_an_option(write, run, tmp_path):
    path, saved = write(VERSE * 40), tmp_path / "text.npz"
    words = ("--steps", "2", "--hidden", "4", "--save", saved)
    code, messages = run("train", path, *words)
    assert code == 0
    assert "“list.txt” is read as a running text. " in messages
    assert load_network(saved).kind == "text"
    code, messages = run("train", path, "--layout", "names", *words)
    assert code == 0
    assert load_network(saved).kind == "names"


def test_a_saved_run_is_resumed_with_data_that_are_read_as_before(write, run, tmp_path):
    path = write("Rex|North\nMei|South\nYi|East\nAllo|West\n")
    corpus = read_data(path, ReadingChoices(column=2, lower_case=False))
    trainer = Trainer(corpus)
    trainer.run(2)
    saved = tmp_path / "run.npz"
    save_run(saved, corpus, trainer.state(), with_data=False)
    assert load_run(saved).choices == ReadingChoices(column=2, lower_case=False)
    code, messages = run("resume", saved, "--data", path, "--steps", "2")
    assert code == 0, messages
    assert load_run(saved).choices == ReadingChoices(column=2, lower_case=False)
    code, messages = run("replay", saved, "--data", path)
    assert code == 0, messages
    code, messages = run("resume", saved, "--data", path, "--steps", "2", "--column", "1")
    assert code != 0
    assert "is not the run's data" in messages


def test_a_list_that_is_measured_is_read_in_the_same_way(write, run, tmp_path):
    corpus = names_from_bytes(b"rex\nmei\nallo\nyi\n", "list.txt")
    trainer = Trainer(corpus)
    saved = tmp_path / "run.npz"
    save_run(saved, corpus, trainer.state())
    table = write(TABLE, "list.csv")
    for words in (("evaluate", saved, table), ("sample", saved, "--names", table, "--count", "1")):
        code, messages = run(*words)
        assert code == 0, messages
        assert "“list.csv” is read as a table of 3 columns" in messages
    code, messages = run("evaluate", saved, table, "--column", "3")
    assert code == 1
    assert "has never seen the letter “4”" in messages


OF_KINDS = (
    "name,language\nAnna,Greek\nBran,Irish\nCy,Gaelic\nDara,greek\nEoin,Irish\nFay,\nGus,Irish\n"
)


def test_a_column_has_the_kinds(run, write):
    path = write(OF_KINDS, "people.csv")
    code, messages = run("train", path, "--steps", "2", "--hidden", "4")
    assert code == 0
    assert "Are the values of column 2, “language”, kinds of names?" in messages
    assert "or --kind-column 2." in messages
    words = ("--kind-column", "language", "--kind-title", "Gaelic=irish")
    code, messages = run("train", path, "--steps", "2", "--hidden", "4", *words)
    assert code == 0
    counts = "the smallest is “Greek” with 2 names, the largest “Irish” with 4."
    assert f"There are 2 kinds: {counts}" in messages
    assert "Dropped: 1 name without a kind." in messages


def test_each_file_is_a_kind(run, tmp_path):
    for name, text in (("Greek", "Anna\nIo\nCy\n"), ("Irish", "Bran\nDara\n"), ("Bad", "Xyz\n")):
        (tmp_path / f"{name}.txt").write_text(text)
    words = ("train", tmp_path, "--steps", "2", "--hidden", "4", "--kinds")
    code, messages = run(*words)
    assert code == 0
    assert "Each file is a kind. There are 3 kinds" in messages
    assert "The only name of “Bad” is trained on and never held out." in messages
    code, messages = run(*words, "--kind-title", "bad=")
    assert code == 0
    assert "There are 2 kinds" in messages
    assert "Dropped: 1 name of kinds that are left out." in messages
    code, messages = run(*words, "--kind-title", "bad=", "--kind-title", "Greek=")
    assert code != 0
    assert "There is only one kind of names, “Irish”" in messages


def test_choices_of_kinds():
    assert given("--kinds") == ReadingChoices(kinds=True)
    assert given("--kind-column", "2") == ReadingChoices(kind_column=2)
    titles = given("--kinds", "--kind-title", " a b = c ", "--kind-title", "e=").kind_titles
    assert titles == (("a b", "c"), ("e", ""))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--kind-title", "a=b"), "--kind-title needs --kinds or --kind-column."),
        (("--kinds", "--kind-title", "a"), "“a” is not OLD=NEW"),
        (("--kinds", "--kind-title", "=b"), "“=b” is not OLD=NEW"),
        (("--kinds", "--kind-title", "a=" + "b" * 201), "200 characters at most"),
        (("--kinds", "--kind-title", "a=b", "--kind-title", "a=c"), "“a” several titles"),
        (("--kind-column", ""), "“” is not a column"),
        (("--kinds",), "has no column of kinds"),
        (("--kinds", "--text"), "only names can have kinds"),
    ],
)
def test_kinds_that_cannot_be(run, write, words, message):
    code, messages = run("train", write("Anna\nBran\nCleo\n" * 9), "--steps", "1", *words)
    assert code != 0
    assert message in messages
    assert "Traceback" not in messages
