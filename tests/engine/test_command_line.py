import math
import re
from types import SimpleNamespace

import pytest

from engine.architecture import Architecture
from engine.checkpoint import load
from engine.network import loss_of_names


@pytest.fixture
def run_engine(run_python):
    return lambda *arguments: run_python("-m", "engine", *arguments)


@pytest.fixture
def names_path(tmp_path, corpus):
    path = tmp_path / "names.txt"
    path.write_text("\n".join(corpus.names), encoding="utf-8")
    return path


def steps_a_second(output):
    found = re.search(
        r"^([\d,]+) steps in [\d.]+ s: ([\d,]+) steps a second\.$", output, re.MULTILINE
    )
    return [int(number.replace(",", "")) for number in found.groups()]


def test_repeats_the_course(run_engine, dinos_path, course):
    ended = run_engine("train", dinos_path, "--recipe", "notebook", "--steps", "2001")
    assert ended.returncode == 0, ended.stderr
    lines = [line for line in ended.stdout.splitlines() if line]
    place = lines.index("Iteration: 2000, Loss: 27.884160")
    assert lines[place + 1 : place + 8] == course["model"]["names"]["2000"]
    assert lines[0] == "Iteration: 0, Loss: 23.087336"
    assert lines[1:8] == course["model"]["names"]["0"]
    steps, rate = steps_a_second(ended.stdout)
    assert steps == 2001
    assert rate > 0
    for told in ("dinos.txt", "1,536 names", "1,524 distinct", "27 symbols", "12 repeats"):
        assert told in ended.stderr


def test_the_default_recipe_tells_the_held_out_loss(run_engine, names_path):
    ended = run_engine("train", names_path, "--steps", "30", "--hidden", "8")
    assert ended.returncode == 0, ended.stderr
    held_out = re.search(r"^Held out: ([\d.]+) nats a name, ([\d.]+) nats", ended.stdout, re.M)
    assert 1 < float(held_out[2]) < float(held_out[1]) < 100
    assert steps_a_second(ended.stdout)[0] == 30


def test_the_knobs_are_taken(run_engine, names_path):
    def log(*knobs):
        ended = run_engine("train", names_path, "--steps", "2001", "--hidden", "6", *knobs)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.partition(" steps in ")[0]

    plain = log()
    assert log("--seed", "0") == plain
    for knobs in (("--seed", "1"), ("--learning-rate", "0.05"), ("--clip", "0.01")):
        assert log(*knobs) != plain, knobs


def test_clip_may_be_off(run_engine, names_path):
    assert run_engine("train", names_path, "--steps", "5", "--clip", "off").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--help",), ["python -m engine", "train", "without a window"]),
        (
            ("train", "--help"),
            [
                "NAMES.txt",
                *("--recipe", "--steps", "--hidden", "--learning-rate", "--clip", "--seed"),
                *("--cell", "--layers", "--optimizer", "--batch", "--held-out", "--dropout"),
                *("--dtype", "--save", "--embedding", "--l2", "--decay", "--clipping"),
            ],
        ),
    ],
)
def test_help_explains_itself(run_engine, arguments, told):
    ended = run_engine(*arguments)
    assert (ended.returncode, ended.stderr) == (0, "")
    for word in told:
        assert word in ended.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--steps", "many"], "“many” is not a whole number of 1 or more."),
        (["--steps", "0"], "“0” is not a whole number of 1 or more."),
        (["--steps", "2.5"], "“2.5” is not a whole number of 1 or more."),
        (["--recipe", "secret"], "invalid choice: 'secret'"),
        (["--hidden", "3"], "“3” is not a whole number from 4 to 512."),
        (["--hidden", "513"], "“513” is not a whole number from 4 to 512."),
        (["--learning-rate", "fast"], "“fast” is not a finite number above 0."),
        (["--learning-rate", "nan"], "“nan” is not a finite number above 0."),
        (["--hidden", "64,3"], "“3” is not a whole number from 4 to 512."),
        (["--hidden", "64,"], "“” is not a whole number from 4 to 512."),
        (["--layers", "5"], "“5” is not a whole number from 1 to 4."),
        (["--batch", "0"], "“0” is not a whole number from 1 to 4096."),
        (["--dropout", "1"], "“1” is not a number of 0 or more and below 1."),
        (["--dropout", "nan"], "“nan” is not a number of 0 or more and below 1."),
        (["--l2", "-1"], "“-1” is not a number of 0 or more and below 1e+09."),
        (["--held-out", "1"], "“1” is not a number of 0 or more and below 1."),
        (["--embedding", "0"], "“0” is not a whole number from 1 to 512."),
        (["--cell", "elman"], "invalid choice: 'elman'"),
        (["--optimizer", "newton"], "invalid choice: 'newton'"),
        (["--dtype", "float16"], "invalid choice: 'float16'"),
        (["--clipping", "all"], "invalid choice: 'all'"),
        (["--clip", "-1"], "“-1” is not a finite number above 0, and not “off”."),
        (["--seed", "-1"], "“-1” is not a whole number from 0 to 4294967294."),
    ],
    ids=" ".join,
)
def test_a_bad_option_is_told_in_words(run_engine, names_path, arguments, told):
    ended = run_engine("train", names_path, *arguments)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr


def test_without_a_command_the_usage_is_shown(run_engine):
    ended = run_engine()
    assert ended.returncode == 2
    assert ended.stderr.startswith("usage: python -m engine")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "There is no file “{path}”. Check the name and the folder."),
        (b"", "“bad.txt” is empty: it holds no name. Write one name a line into it."),
        (b"r\xe9x\n", "“bad.txt” is not UTF-8 text: byte 1 (0xe9), in line 1, does not fit."),
        (b"\x00\x01", "“bad.txt” is not a text file: byte 0 is a zero."),
    ],
    ids=["missing", "empty", "not UTF-8", "binary"],
)
def test_a_bad_file_is_told_in_words(run_engine, tmp_path, content, told):
    path = tmp_path / "bad.txt"
    if content is not None:
        path.write_bytes(content)
    ended = run_engine("train", path)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith(told.format(path=path))
    assert "Traceback" not in ended.stderr


def test_a_lost_run_says_what_to_do(run_engine, names_path):
    ended = run_engine(
        "train", names_path, "--steps", "50", "--learning-rate", "1e300", "--clip", "off"
    )
    assert ended.returncode == 1
    assert "Train again with a learning rate below 1e+300" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "Warning" not in ended.stderr


# Stacks, and networks that are kept.


@pytest.fixture(scope="module")
def saved(run_python, tmp_path_factory, corpus):
    """Return a folder with names.txt and model.npz, a GRU trained on them, and what was printed."""
    folder = tmp_path_factory.mktemp("saved")
    names = folder / "names.txt"
    names.write_text("\n".join(corpus.names), encoding="utf-8")
    knobs = ("--cell", "gru", "--batch", "32", "--optimizer", "adam", "--learning-rate", "0.01")
    model = folder / "model.npz"
    ended = run_python(
        *("-m", "engine", "train", names, *knobs, "--steps", "200", "--hidden", "20"),
        *("--seed", "3", "--save", model),
    )
    assert ended.returncode == 0, ended.stderr
    return SimpleNamespace(folder=folder, names=names, model=model, output=ended.stdout)


def test_a_network_is_kept(saved, corpus):
    kept = load(saved.model)
    assert kept.parameters.architecture == Architecture(len(corpus.vocabulary), "gru", (20,))
    assert kept.vocabulary == corpus.vocabulary
    assert (kept.step, kept.seed, kept.held_out) == (200, 3, 0.1)
    assert sorted(entry.name for entry in saved.folder.iterdir()) == ["model.npz", "names.txt"]


def test_a_kept_network_writes_names(run_engine, saved):
    def sample(*arguments):
        ended = run_engine("sample", saved.model, *arguments)
        assert (ended.returncode, ended.stderr) == (0, "")
        return ended.stdout.splitlines()

    names = sample("--count", "20", "--seed", "5")
    assert len(names) == 20
    assert names == sample("--count", "20", "--seed", "5")
    assert names != sample("--count", "20", "--seed", "6")
    assert names != sample("--count", "20", "--seed", "5", "--temperature", "3")
    assert all(name[0].isupper() for name in names)
    assert len(sample()) == 10
    begun = sample("--prefix", "mega", "--count", "12")
    assert len(begun) == 12
    assert all(name.startswith("Mega") for name in begun)


ROWS = (
    "network, all distinct names",
    "network, held-out names",
    *(f"{order}-gram, held-out names" for order in range(1, 6)),
    "uniform guessing",
)


def test_a_kept_network_is_measured(run_engine, saved, corpus):
    ended = run_engine("evaluate", saved.model, saved.names)
    assert (ended.returncode, ended.stderr) == (0, "")
    found = {}
    for line in ended.stdout.splitlines()[1:]:
        title, number = line.rsplit(maxsplit=1)
        found[title.strip()] = float(number)
    assert tuple(found) == ROWS
    kept = load(saved.model)
    held_out = kept.vocabulary.encode_all(corpus.split(3, 0.1)[1])
    loss = loss_of_names(kept.parameters, held_out).nats_a_character
    assert found["network, held-out names"] == pytest.approx(loss, abs=6e-5)
    assert f"{loss:.4f} nats a character" in saved.output, "what training said of it"
    assert found["uniform guessing"] == pytest.approx(math.log(len(kept.vocabulary)), abs=6e-5)
    assert loss < found["1-gram, held-out names"] < found["uniform guessing"]


@pytest.mark.parametrize(
    ("knobs", "widths"),
    [
        (("--hidden", "64,32", "--layers", "2"), (64, 32)),
        (("--hidden", "64,32"), (64, 32)),
        (("--hidden", "8", "--layers", "3"), (8, 8, 8)),
        (("--layers", "2"), (50, 50)),
    ],
    ids=str,
)
def test_layers_and_widths_are_taken(run_engine, names_path, tmp_path, knobs, widths):
    model = tmp_path / "model.npz"
    more = ("--cell", "lstm", "--embedding", "5", "--dtype", "float32", "--dropout", "0.2")
    more += ("--held-out", "0.3", "--l2", "1e-4", "--decay", "0.1", "--clipping", "norm")
    ended = run_engine("train", names_path, "--steps", "3", *knobs, *more, "--save", model)
    assert ended.returncode == 0, ended.stderr
    kept = load(model)
    architecture = kept.parameters.architecture
    assert (architecture.cell, architecture.widths) == ("lstm", widths)
    assert (architecture.embedding, architecture.dtype) == (5, "float32")
    assert kept.held_out == 0.3


@pytest.mark.parametrize(
    ("knobs", "told"),
    [
        (("--hidden", "64,32", "--layers", "3"), "--hidden names 2 layers and --layers 3."),
        (("--hidden", "8,8,8,8,8"), "widths must name 1 to 4 layers, got (8, 8, 8, 8, 8)."),
        (("--held-out", "0"), "held_out must lie between 0 and 1, got 0.0."),
        (("--recipe", "notebook", "--cell", "gru"), "The notebook recipe is the course's:"),
        (("--recipe", "notebook", "--batch", "2"), "The notebook recipe is the course's:"),
    ],
    ids=str,
)
def test_options_that_do_not_go_together_are_told_in_words(run_engine, names_path, knobs, told):
    ended = run_engine("train", names_path, "--steps", "3", *knobs)
    assert_told(ended, told)


def test_a_place_that_cannot_be_written_is_told_before_anything_is_learned(
    run_engine, names_path, tmp_path
):
    place = tmp_path / "none" / "model.npz"
    ended = run_engine("train", names_path, "--steps", "3", "--save", place)
    assert ended.returncode == 1
    assert str(place.parent) in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not place.parent.exists()
    assert "steps in" not in ended.stdout, "the training was for nothing"


def test_names_with_letters_that_the_network_lacks_are_told(run_engine, saved, tmp_path):
    strange = tmp_path / "strange.txt"
    strange.write_text("rex\nmeï\n", encoding="utf-8")
    assert_told(
        run_engine("evaluate", saved.model, strange), "The model has never seen the letter “ï”."
    )
    assert_told(
        run_engine("sample", saved.model, "--prefix", "Ω"),
        "The model has never seen the letter “Ω”.",
    )


@pytest.mark.parametrize("command", ["sample", "evaluate"])
def test_a_model_file_that_is_none_is_told_in_words(run_engine, saved, tmp_path, command):
    names = [saved.names] if command == "evaluate" else []
    assert_told(run_engine(command, tmp_path / "none.npz", *names), "There is no file “")
    assert_told(run_engine(command, saved.names, *names), "“names.txt” holds no network")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--count", "0"), "“0” is not a whole number from 1 to 100000."),
        (("--temperature", "0"), "“0” is not a finite number above 0."),
        (("--seed", "-1"), "“-1” is not a whole number of 0 or more."),
    ],
    ids=str,
)
def test_a_bad_option_of_sample_is_told_in_words(run_engine, saved, arguments, told):
    ended = run_engine("sample", saved.model, *arguments)
    assert ended.returncode == 2
    assert told in ended.stderr


def assert_told(ended, told):
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.strip().splitlines()[-1].startswith(told), ended.stderr
    assert "Traceback" not in ended.stderr
