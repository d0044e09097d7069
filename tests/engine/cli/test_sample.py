import csv
import io
import json
from types import SimpleNamespace

import pytest

from engine.cli.main import main
from engine.data.reading.casing import title_case
from engine.runs.saved_network import SavedNetwork, save_network
from engine.sampling.candidates import find_candidates
from engine.sampling.constraints import Constraints
from engine.sampling.known_names import KnownNames

SEED, SHARE = 3, 0.2


@pytest.fixture(scope="module")
def saved(tmp_path_factory, train, corpus):
    """Return a trained network, and the files that hold it and its names."""
    folder = tmp_path_factory.mktemp("saved")
    hyperparameters = {"widths": (20,), "batch": 32, "optimizer": "adam", "learning_rate": 0.01}
    trainer = train(300, **hyperparameters, cell="gru", held_out=SHARE, seed=SEED)
    names, model = folder / "names.txt", folder / "model.npz"
    names.write_text("\n".join(corpus.names), encoding="utf-8")
    parameters = trainer.parameters
    save_network(model, SavedNetwork(parameters, corpus.vocabulary, trainer.step, SEED, SHARE))
    return SimpleNamespace(parameters=parameters, names=str(names), model=str(model))


@pytest.fixture
def run(saved, capsys):
    """Return a function that runs the command, and gives its code, output and complaints."""

    def call(*arguments):
        code = main(["sample", saved.model, *arguments])
        output, complaints = capsys.readouterr()
        return code, output, complaints

    return call


@pytest.fixture
def find_here(saved, corpus):
    """Return a function that finds what the command should, without it."""

    def find(**constraints):
        known = KnownNames(*corpus.split(SEED, SHARE))
        search = find_candidates(
            saved.parameters, corpus.vocabulary, Constraints(**constraints), known, step=300
        )
        return list(search)[-1].candidates

    return find


def test_names_are_written_one_per_line(run, find_here):
    expected = [title_case(candidate.name) for candidate in find_here(count=10)]
    assert run() == (0, "\n".join(expected) + "\n", "")


def test_all_constraints_are_taken(run, saved, find_here):
    constraints = {
        "count": 15,
        "temperature": 1.5,
        "top_k": 9,
        "top_p": 0.95,
        "prefix": "a",
        "containing": "o",
        "shortest": 4,
        "longest": 14,
        "seed": 8,
    }
    flags = [
        *("--count", "15", "--temperature", "1.5", "--top-k", "9", "--top-p", "0.95"),
        *("--prefix", "a", "--containing", "o", "--shortest", "4", "--longest", "14"),
        *("--seed", "8", "--names", saved.names),
    ]
    expected = [title_case(p.name) for p in find_here(**constraints)]
    assert run(*flags) == (0, "\n".join(expected) + "\n", "")
    flags += ["--suffix", "us", "--only-new", "--no-repeats"]
    constraints |= {"suffix": "us", "only_new": True, "no_repeats": True}
    expected = [title_case(p.name) for p in find_here(**constraints)]
    code, output, _ = run(*flags)
    assert (code, output.splitlines()) == (0, expected)
    assert expected, "there are such names"


def test_the_former_name_of_suffix_is_still_taken(run):
    assert run("--ending", "us", "--count", "3") == run("--suffix", "us", "--count", "3")


def test_greedy_is_taken(run, find_here):
    (candidate,) = find_here(greedy=True)
    code, output, complaints = run("--greedy", "--count", "2")
    assert (code, output) == (0, title_case(candidate.name) + "\n")
    assert complaints == "1 of 2 found: greedy decoding always writes the same name.\n"


def test_tables_say_what_is_new(run, saved, find_here):
    candidates = find_here(count=40, seed=2)
    code, output, _ = run(
        *("--count", "40", "--seed", "2", "--format", "csv", "--names", saved.names)
    )
    rows = list(csv.DictReader(io.StringIO(output)))
    assert code == 0
    assert [row["status"] for row in rows] == [p.status.value for p in candidates]
    assert len({row["status"] for row in rows}) > 1
    assert [row["nearest"] for row in rows] == [title_case(p.nearest.name) for p in candidates]
    assert {(row["step"], row["seed"]) for row in rows} == {("300", "2")}


def test_without_the_names_their_columns_are_empty(run):
    _, output, _ = run("--format", "json", "--count", "3")
    rows = json.loads(output)
    assert len(rows) == 3
    assert {(row["status"], row["nearest"]) for row in rows} == {(None, None)}


def test_a_file_is_written_whole(run, tmp_path):
    path = tmp_path / "names.json"
    path.write_text("old", encoding="utf-8")
    code, output, _ = run("--format", "json", "--output", str(path), "--force")
    assert (code, output) == (0, "")
    assert len(json.loads(path.read_text(encoding="utf-8"))) == 10
    assert [entry.name for entry in tmp_path.iterdir()] == ["names.json"]


def test_a_note_says_that_too_few_were_found(run, saved):
    flags = ("--prefix", "allo", "--longest", "7", "--no-repeats", "--count", "1000")
    code, output, complaints = run(*flags)
    assert code == 0
    assert 0 < len(output.splitlines()) < 1_000
    assert complaints.startswith(f"{len(output.splitlines())} of 1,000 found in 20,000 tries: ")


def test_nothing_found_is_an_error(run):
    code, output, complaints = run("--suffix", "aaaaaaaaaaaa")
    assert (code, output) == (1, "")
    assert complaints.startswith("0 of 10 found in 20,000 tries: ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("--shortest", "12", "--longest", "8"),
            "--longest: No name has from 12 to 8 letters, ",
        ),
        (("--shortest", "60"), "--shortest: No name has from 60 to 50 letters, because"),
        (("--prefix", "a\nb"), "--prefix: The prefix must be on one line."),
        (("--prefix", "allo", "--longest", "3"), "--prefix: The prefix has 4 letters, but"),
        (("--suffix", "é"), "--suffix: The model has never seen the letter “é”."),
        (("--containing", "7"), "--containing: The model has never seen the letter “7”."),
        (("--only-new",), "--only-new needs --names NAMES.txt, to know which names are not new."),
        (("--names", "none.txt"), "--names: There is no file “none.txt”."),
    ],
    ids=str,
)
def test_invalid_constraints_name_the_option(run, arguments, message):
    code, output, complaints = run(*arguments)
    assert (code, output) == (2, "")
    assert complaints.startswith(message)
    assert complaints.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--format", "xml"), "“xml” is not one of txt, csv, json."),
        (("--longest", "201"), "“201” is not a whole number from 1 to 200."),
        (("--top-p", "1.5"), "“1.5” is not a number above 0 and at most 1."),
        (("--temperature", "inf"), "“inf” is not a finite number above 0."),
        (("--temperature", "nan"), "“nan” is not a finite number above 0."),
        (("--temperature", "1e-400"), "“1e-400” is not a finite number above 0."),
        (("--output", ""), "“” is not the name of a file."),
        (("--top-k", "0"), "“0” is not a whole number of 1 or more."),
        (("--top-p", "nan"), "“nan” is not a number above 0 and at most 1."),
    ],
    ids=str,
)
def test_a_value_that_is_not_accepted_is_named(run, capsys, arguments, message):
    with pytest.raises(SystemExit) as end:
        run(*arguments)
    assert end.value.code == 2
    assert capsys.readouterr().err == f"{arguments[0]}: {message}\n"


def test_constraints_are_normalised_like_the_training_names(run):
    plain = run("--prefix", "mega", "--suffix", "us", "--containing", "sa", "--count", "3")
    assert run("--prefix", "MegA", "--suffix", "US", "--containing", "Sa", "--count", "3") == plain
    assert plain[0] == 0
    assert all(name.startswith("Mega") for name in plain[1].splitlines())


@pytest.mark.parametrize("more", [(), ("--top-p", "0.5"), ("--top-k", "3", "--top-p", "0.9")])
def test_extreme_temperatures_work(run, more):
    greedy = run("--greedy", "--count", "1")[1]
    for coldest in ("5e-324", "1e-308"):
        assert run("--temperature", coldest, "--count", "2", *more) == (0, greedy * 2, "")
    hottest = {run("--temperature", t, "--count", "20", *more)[1] for t in ("1e100", "1e308")}
    assert len(hottest) == 1
    assert len(set(hottest.pop().splitlines())) > 10
