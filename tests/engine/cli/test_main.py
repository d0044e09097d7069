import math
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from engine import __version__
from engine.cli.command import Command
from engine.cli.main import COMMANDS, main
from engine.data.reader import read_names
from engine.nn.architecture import Architecture
from engine.nn.network import loss_of_names
from engine.runs.run_file import load_run, save_run
from engine.runs.saved_network import load_network
from engine.training.presets import PRESETS_BY_KEY
from engine.training.ranges import MAX_STEPS
from engine.training.recipes import DEFAULT, NOTEBOOK
from engine.training.settings import Hyperparameters, default_hyperparameters
from engine.training.trainer import Trainer


@pytest.fixture
def end_of_main(capsys):
    """Return a function that runs a command in here: its exit code, output and complaints."""

    def run(*arguments):
        try:
            code = main([str(word) for word in arguments])
        except SystemExit as end:
            code = end.code
        output, complaints = capsys.readouterr()
        return code, output, complaints

    return run


def steps_a_second(output):
    found = re.search(
        r"^([\d,]+) steps in [\d.]+ s: ([\d,]+) steps a second\.$", output, re.MULTILINE
    )
    return [int(number.replace(",", "")) for number in found.groups()]


def test_repeats_the_course(run_python, dinos_path, course):
    ended = run_python(
        "-m", "engine", "train", dinos_path, "--recipe", "notebook", "--steps", "2001"
    )
    assert ended.returncode == 0, ended.stderr
    lines = [line for line in ended.stdout.splitlines() if line]
    place = lines.index("Iteration: 2000, Loss: 27.884160")
    assert lines[place + 1 : place + 8] == course["model"]["names"]["2000"]
    assert lines[0] == "Iteration: 0, Loss: 23.087336"
    assert lines[1:8] == course["model"]["names"]["0"]
    steps, rate = steps_a_second(ended.stdout)
    assert steps == 2001
    assert rate > 0
    for message in ("dinos.txt", "1,536 names", "1,524 distinct", "27 symbols", "12 repeats"):
        assert message in ended.stderr


def test_the_default_recipe_prints_the_held_out_loss(run_engine, names_path):
    ended = run_engine("train", names_path, "--steps", "30", "--hidden", "8")
    assert ended.returncode == 0, ended.stderr
    held_out = re.search(r"^Held out: ([\d.]+) nats per name, ([\d.]+) nats", ended.stdout, re.M)
    assert 1 < float(held_out[2]) < float(held_out[1]) < 100
    assert steps_a_second(ended.stdout)[0] == 30


def test_the_hyperparameters_are_taken(run_engine, names_path):
    def log(*hyperparameters):
        ended = run_engine("train", names_path, "--steps", "50", "--hidden", "6", *hyperparameters)
        assert ended.returncode == 0, ended.stderr
        before, _, after = ended.stdout.partition("50 steps in ")
        return before, after.partition("\n")[2]  # all but how long it took

    plain = log()
    assert log("--seed", "0") == plain
    for hyperparameters in (("--seed", "1"), ("--learning-rate", "0.05"), ("--clip", "0.01")):
        assert log(*hyperparameters) != plain, hyperparameters


def test_clip_may_be_off(run_engine, names_path):
    assert run_engine("train", names_path, "--steps", "5", "--clip", "off").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
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
def test_help_explains_itself(run_engine, arguments, message):
    ended = run_engine(*arguments)
    assert (ended.returncode, ended.stderr) == (0, "")
    for word in message:
        assert word in ended.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--steps", "many"], f"“many” is not a whole number from 1 to {MAX_STEPS}."),
        (["--steps", "0"], f"“0” is not a whole number from 1 to {MAX_STEPS}."),
        (["--steps", "2.5"], f"“2.5” is not a whole number from 1 to {MAX_STEPS}."),
        (["--recipe", "secret"], "“secret” is not one of "),
        (["--hidden", "3"], "“3” is not a whole number from 4 to 512."),
        (["--hidden", "513"], "“513” is not a whole number from 4 to 512."),
        (["--learning-rate", "fast"], "“fast” is not a number above 0 and at most 1e+20."),
        (["--learning-rate", "nan"], "“nan” is not a number above 0 and at most 1e+20."),
        (["--learning-rate", "1.1e20"], "“1.1e20” is not a number above 0 and at most 1e+20."),
        (["--hidden", "64,3"], "“3” is not a whole number from 4 to 512."),
        (["--hidden", "64,"], "“” is not a whole number from 4 to 512."),
        (["--layers", "5"], "“5” is not a whole number from 1 to 4."),
        (["--batch", "0"], "“0” is not a whole number from 1 to 4096."),
        (["--dropout", "1"], "“1” is not a number of 0 or more and below 1."),
        (["--dropout", "nan"], "“nan” is not a number of 0 or more and below 1."),
        (["--l2", "-1"], "“-1” is not a number of 0 or more and below 1e+09."),
        (["--held-out", "1"], "“1” is not a number above 0 and below 1."),
        (["--held-out", "0"], "“0” is not a number above 0 and below 1."),
        (["--held-out", "nan"], "“nan” is not a number above 0 and below 1."),
        (["--hidden", "8,8,8,8,8"], "“8,8,8,8,8” has more than 4 numbers."),
        (["--seed", "-1"], "“-1” is not a whole number from 0 to 4294967294."),
        (["--decay", "inf"], "“inf” is not a number of 0 or more and below 1e+09."),
        (
            ["--steps", f"{MAX_STEPS + 1}"],
            f"“{MAX_STEPS + 1}” is not a whole number from 1 to {MAX_STEPS}.",
        ),
        (["--save", ""], "“” is not the name of a file."),
        (["--init-from", ""], "“” is not the name of a file."),
        (["--steps"], "a value is missing."),
        (["--embedding", "0"], "“0” is not a whole number from 1 to 512."),
        (["--cell", "elman"], "“elman” is not one of "),
        (["--optimizer", "newton"], "“newton” is not one of "),
        (["--dtype", "float16"], "“float16” is not one of "),
        (["--clipping", "all"], "“all” is not one of "),
        (["--clip", "-1"], "“-1” is not a number above 0 and at most 1e+20, or “off”."),
        (["--clip", "2e20"], "“2e20” is not a number above 0 and at most 1e+20, or “off”."),
    ],
    ids=" ".join,
)
def test_a_bad_option_is_named(end_of_main, names_path, arguments, message):
    code, output, complaints = end_of_main("train", names_path, *arguments)
    assert code == 2
    assert output == ""
    assert complaints.startswith(f"{arguments[0]}: {message}")
    assert complaints.count("\n") == 1


def test_the_version_is_that_of_the_project(run_engine):
    ended = run_engine("--version")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, f"DinoGUI {__version__}\n", "")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_has_a_help(end_of_main, command):
    code, output, _ = end_of_main("--help")
    assert code == 0
    assert command.summary in " ".join(output.split())
    code, output, _ = end_of_main(command.name, "--help")
    assert code == 0
    assert output.startswith(f"usage: python -m engine {command.name}")
    assert command.description in output.replace("\n", " ")


def test_a_command_is_added_by_one_entry(end_of_main, monkeypatch):
    command = Command("count", "count", "Counts.", lambda parser: None, lambda options: 7)
    monkeypatch.setattr("engine.cli.main.COMMANDS", (*COMMANDS, command))
    assert end_of_main("count") == (7, "", "")


def test_memory_that_runs_out_is_said(end_of_main, monkeypatch):
    command = Command("count", "", "", lambda parser: None, lambda options: np.empty(1 << 57).size)
    monkeypatch.setattr("engine.cli.main.COMMANDS", (*COMMANDS, command))
    code, output, complaints = end_of_main("count")
    assert (code, output) == (1, "")
    assert complaints.startswith("There is not enough memory. 1.00 EiB were asked for at once. ")
    assert complaints.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("train", "names.txt", "--sav", "x.npz"),
            "“--sav” is not an option of “python -m engine train”. Did you mean --save? "
            "“python -m engine train --help” lists all options.\n",
        ),
        (
            ("sample", "x.npz", "--claws=2"),
            "“--claws” is not an option of “python -m engine sample”. "
            "“python -m engine sample --help” lists all options.\n",
        ),
        (
            ("write", "x.npz", "--prefix", "The"),
            "“--prefix” is not an option of “python -m engine write”. Did you mean --prompt? "
            "“python -m engine write --help” lists all options.\n",
        ),
        (
            ("train", "names.txt", "--output=x.npz"),
            "“--output” is not an option of “python -m engine train”. Did you mean --save? "
            "“python -m engine train --help” lists all options.\n",
        ),
        (
            ("write", "x.npz", "more"),
            "“more” is one word too many. “python -m engine write --help” lists all options.\n",
        ),
        (
            ("trian", "names.txt"),
            "“trian” is not a command. “python -m engine --help” lists all commands.\n",
        ),
    ],
)
def test_what_is_not_understood_is_named(end_of_main, arguments, message):
    assert end_of_main(*arguments) == (2, "", message)


def test_without_a_command_the_usage_is_shown(run_python):
    ended = run_python("-m", "engine")
    assert ended.returncode == 2
    assert ended.stderr.startswith("usage: python -m engine")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "There is no file “{path}”. Check the name and the folder."),
        (b"", "There are no names in “bad.txt”. Write one name on each line."),
        (b"r\xe9x\n", "“bad.txt” is not UTF-8 text: byte 1 (0xe9) in line 1 is invalid."),
        (b"\x00\x01", "“bad.txt” is not a text file: byte 0 is zero."),
    ],
    ids=["missing", "empty", "not UTF-8", "binary"],
)
def test_a_bad_file_is_named(run_engine, tmp_path, content, message):
    path = tmp_path / "bad.txt"
    if content is not None:
        path.write_bytes(content)
    ended = run_engine("train", path)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith(message.format(path=path))
    assert "Traceback" not in ended.stderr


def test_a_diverged_run_says_what_to_do(run_python, names_path):
    ended = run_python(
        *("-m", "engine", "train", names_path, "--steps", "50"),
        *("--learning-rate", "1e15", "--clip", "off"),
    )
    assert ended.returncode == 1
    assert "Train again with a learning rate below 1e+15" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "Warning" not in ended.stderr


# Stacks, and networks that are kept.


@pytest.fixture(scope="module")
def saved(run_python, tmp_path_factory, corpus):
    """Return a folder with names.txt and model.npz, a GRU trained on them, and what was printed."""
    folder = tmp_path_factory.mktemp("saved")
    names = folder / "names.txt"
    names.write_text("\n".join(corpus.names), encoding="utf-8")
    hyperparameters = (
        "--cell",
        "gru",
        "--batch",
        "32",
        "--optimizer",
        "adam",
        "--learning-rate",
        "0.01",
    )
    model = folder / "model.npz"
    ended = run_python(
        *("-m", "engine", "train", names, *hyperparameters, "--steps", "200", "--hidden", "20"),
        *("--seed", "3", "--save", model),
    )
    assert ended.returncode == 0, ended.stderr
    return SimpleNamespace(folder=folder, names=names, model=model, output=ended.stdout)


def test_a_network_is_kept(saved, corpus):
    kept = load_network(saved.model)
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
    prefixed = sample("--prefix", "mega", "--count", "12")
    assert len(prefixed) == 12
    assert all(name.startswith("Mega") for name in prefixed)


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
    kept = load_network(saved.model)
    held_out = kept.vocabulary.encode_all(corpus.split(3, 0.1)[1])
    loss = loss_of_names(kept.parameters, held_out).nats_per_character
    assert found["network, held-out names"] == pytest.approx(loss, abs=6e-5)
    assert f"{loss:.4f} nats per character" in saved.output, "what training said of it"
    assert found["uniform guessing"] == pytest.approx(math.log(len(kept.vocabulary)), abs=6e-5)
    assert loss < found["1-gram, held-out names"] < found["uniform guessing"]


@pytest.mark.parametrize(
    ("hyperparameters", "widths"),
    [
        (("--hidden", "64,32", "--layers", "2"), (64, 32)),
        (("--hidden", "64,32"), (64, 32)),
        (("--hidden", "8", "--layers", "3"), (8, 8, 8)),
        (("--layers", "2"), (50, 50)),
    ],
    ids=str,
)
def test_layers_and_widths_are_taken(run_engine, names_path, tmp_path, hyperparameters, widths):
    model = tmp_path / "model.npz"
    more = ("--cell", "lstm", "--embedding", "5", "--dtype", "float32", "--dropout", "0.2")
    more += ("--held-out", "0.3", "--l2", "1e-4", "--decay", "0.1", "--clipping", "norm")
    ended = run_engine(
        "train", names_path, "--steps", "3", *hyperparameters, *more, "--save", model
    )
    assert ended.returncode == 0, ended.stderr
    kept = load_network(model)
    architecture = kept.parameters.architecture
    assert (architecture.cell, architecture.widths) == ("lstm", widths)
    assert (architecture.embedding, architecture.dtype) == (5, "float32")
    assert kept.held_out == 0.3


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((), default_hyperparameters(DEFAULT)),
        (("--recipe", "notebook"), Hyperparameters()),
        (("--preset", "notebook"), Hyperparameters()),
        (
            ("--decay", "0.5", "--schedule", "inverse"),
            Hyperparameters(decay=0.5, schedule="inverse"),
        ),
        (
            ("--preset", "quick", "--hidden", "6"),
            replace(PRESETS_BY_KEY["quick"].hyperparameters, widths=(6,)),
        ),
    ],
    ids=str,
)
def test_presets_and_schedules_are_taken(end_of_main, names_path, tmp_path, given, expected):
    path = tmp_path / "run.npz"
    code, _, complaints = end_of_main("train", names_path, "--steps", "2", *given, "--save", path)
    assert code == 0, complaints
    saved = load_run(path).state
    assert saved.hyperparameters == expected
    is_notebook = "notebook" in given
    assert saved.recipe is (NOTEBOOK if is_notebook else DEFAULT)
    assert saved.settings.cell == ("gru" if "quick" in given else "rnn")


@pytest.mark.parametrize(
    ("hyperparameters", "message"),
    [
        (("--hidden", "64,32", "--layers", "3"), "--hidden has 2 widths, but --layers is 3."),
        (
            ("--recipe", "notebook", "--cell", "gru"),
            "--recipe: The notebook recipe is the course's",
        ),
        (("--recipe", "notebook", "--batch", "2"), "--recipe: The notebook recipe is the course's"),
        (
            ("--recipe", "notebook", "--held-out", "0.1"),
            "--held-out cannot be combined with",
        ),
        (("--recipe", "notebook", "--text"), "--recipe notebook is for names."),
        (("--text", "--stride", "3"), "--stride needs --window."),
        (("--text", "--window", "9", "--length", "9"), "--length cannot be combined with"),
        (
            ("--text", "--window", "9", "--streams", "9"),
            "--streams cannot be combined with",
        ),
        (("--stride", "3"), "--stride needs --text."),
        (("--length", "64"), "--length needs --text."),
        (("--preset", "long"), "--preset long is for a text: add --text."),
        (
            ("--text", "--preset", "quick"),
            "--preset quick is for names. Leave out --text, or choose another preset.",
        ),
        (
            ("--recipe", "notebook", "--preset", "quick"),
            "--recipe: The notebook recipe is the course's",
        ),
        (("--keep-data",), "--keep-data needs --save."),
        (("--learn", "3"), "“--learn” is not an option of “python -m engine train”. "),
        (("--keep-best",), "--keep-best needs --save."),
        (
            ("--recipe", "notebook", "--patience", "3"),
            "--patience cannot be combined with --recipe",
        ),
    ],
    ids=str,
)
def test_options_that_cannot_be_combined_are_named(
    end_of_main, names_path, hyperparameters, message
):
    code, output, complaints = end_of_main("train", names_path, "--steps", "3", *hyperparameters)
    assert (code, output) == (2, "")
    assert complaints.startswith(message)
    assert complaints.count("\n") == 1


def test_the_notebook_recipe_takes_what_it_does_not_refuse(end_of_main, names_path):
    def log(*more):
        train = ("train", names_path, "--recipe", "notebook", "--steps", "2001", "--hidden", "4")
        code, output, _ = end_of_main(*train, *more)
        assert code == 0
        return output.partition("2001 steps")[0].partition("2,001 steps")[0]

    plain = log()
    for hyperparameters in (
        ("--l2", "0.1"),
        ("--decay", "1"),
        ("--optimizer", "adam"),
        ("--clipping", "norm", "--clip", "0.01"),
        ("--seed", "2"),
    ):
        assert log(*hyperparameters) != plain, hyperparameters


PLACES = {
    "missing/model.npz": "there is no such folder",
    "folder": "it is a folder",
    "/": "it is a folder",
    "names.txt/model.npz": "its folder is a file",
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("command", ["train", "resume", "sample"])
def test_an_unwritable_place_is_reported_before_the_work(
    end_of_main, saved, tmp_path, monkeypatch, command, place
):
    (tmp_path / "names.txt").write_bytes(saved.names.read_bytes())
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    given = "names.txt" if command == "train" else saved.model
    option = "--output" if command == "sample" else "--save"
    code, output, complaints = end_of_main(command, given, option, place)
    assert (code, output) == (2, "")
    assert complaints == f"{option}: “{place}” cannot be written, because {PLACES[place]}.\n"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["folder", "names.txt"]


def test_names_with_unknown_letters_are_refused(run_engine, saved, tmp_path):
    strange = tmp_path / "strange.txt"
    strange.write_text("rex\nmeï\n", encoding="utf-8")
    assert_reports(
        run_engine("evaluate", saved.model, strange), "The model has never seen the letter “ï”."
    )


def test_names_are_measured_as_the_network_knows_them(end_of_main, saved, tmp_path):
    def measured(content):
        path = tmp_path / "few.txt"
        path.write_text(content, encoding="utf-8")
        code, output, complaints = end_of_main("evaluate", saved.model, path)
        assert code == 0
        return output.splitlines(), complaints

    lines, complaints = measured("Megasaurus\n")
    assert complaints == "There is only one name in “few.txt”, so none is held out.\n"
    assert [line[:30].strip() for line in lines] == ["", "network, the only name", ROWS[-1]]
    kept = load_network(saved.model)
    loss = loss_of_names(kept.parameters, kept.vocabulary.encode_all(["megasaurus"]))
    assert float(lines[1][30:]) == pytest.approx(loss.nats_per_character, abs=6e-5)
    assert measured("Megasaurus\nMEGASAURUS\n\n")[0] == lines
    assert [line[:30].strip() for line in measured("mega\nallo\n")[0][1:]] == [*ROWS]


def test_letters_in_their_own_case_are_measured_so(end_of_main, tmp_path):
    path, model = tmp_path / "names.txt", tmp_path / "model.npz"
    path.write_text("Rex\nMax\nLex\n", encoding="utf-8")
    trainer = Trainer(read_names(path, lower_case=False), Hyperparameters(widths=(4,)))
    save_run(model, trainer.corpus, trainer.state())
    code, output, _ = end_of_main("evaluate", model, path)
    assert (code, output.count("\n")) == (0, len(ROWS) + 1)
    code, _, complaints = end_of_main("sample", model, "--prefix", "rex")
    assert code == 2
    assert complaints.startswith("--prefix: The model has never seen the letter “r”. Write “R”")


def test_one_of_a_thing_is_singular(end_of_main, tmp_path):
    path, model = tmp_path / "names.txt", tmp_path / "model.npz"
    path.write_text("a\nb\na\n", encoding="utf-8")
    code, output, complaints = end_of_main("train", path, "--steps", "1", "--save", model)
    assert code == 0
    assert "Longest: “a”, 1 letter. Dropped: 0 blank lines, 1 repeat." in complaints
    assert "\n1 step in " in output
    assert end_of_main("replay", model)[1].startswith("Replayed 1 step and 0 events: the same")


@pytest.mark.parametrize("command", ["sample", "evaluate"])
def test_a_file_without_a_model_is_refused(run_engine, saved, tmp_path, command):
    names = [saved.names] if command == "evaluate" else []
    assert_reports(run_engine(command, tmp_path / "none.npz", *names), "There is no file “")
    assert_reports(run_engine(command, saved.names, *names), "“names.txt” holds no network")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--count", "0"), "“0” is not a whole number from 1 to 100000."),
        (("--temperature", "0"), "“0” is not a finite number above 0."),
        (("--seed", "-1"), "“-1” is not a whole number of 0 or more."),
    ],
    ids=str,
)
def test_a_bad_option_of_sample_is_named(run_engine, saved, arguments, message):
    ended = run_engine("sample", saved.model, *arguments)
    assert ended.returncode == 2
    assert message in ended.stderr


def assert_reports(ended, message):
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.strip().splitlines()[-1].startswith(message), ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("command", "named"),
    [
        (["train", ""], "NAMES.txt"),
        (["train", "NAMES", "--save", ""], "--save"),
        (["train", "NAMES", "--init-from", ""], "--init-from"),
        (["resume", ""], "RUN.npz"),
        (["resume", "RUN", "--data", ""], "--data"),
        (["resume", "RUN", "--save", ""], "--save"),
        (["replay", ""], "RUN.npz"),
        (["replay", "RUN", "--data", ""], "--data"),
        (["write", ""], "MODEL.npz"),
        (["sample", ""], "MODEL.npz"),
        (["sample", "RUN", "--names", ""], "--names"),
        (["sample", "RUN", "--output", ""], "--output"),
        (["evaluate", "", "NAMES"], "MODEL.npz"),
        (["evaluate", "RUN", ""], "NAMES.txt"),
    ],
    ids=" ".join,
)
def test_an_empty_path_is_refused(end_of_main, command, named):
    assert end_of_main(*command) == (2, "", f"{named}: “” is not the name of a file.\n")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["train", "ABSENT", "--steps", "10000000000001"], "--steps: “10000000000001” is not a"),
        (
            ["train", "ABSENT", "--init-from", "ABSENT", "--layers", "3", "--hidden", "8,8"],
            "--hidden has 2 widths, but --layers is 3.",
        ),
        (["resume", "ABSENT", "--steps", "10000000000001"], "--steps: “10000000000001” is not a"),
        (["resume", "ABSENT", "--minutes", "1e12"], "--minutes: “1e12” is not a number above 0"),
        (["replay", "ABSENT", "--steps", "10000000000001"], "--steps: “10000000000001” is not a"),
        (
            ["sample", "ABSENT", "--shortest", "9", "--longest", "3"],
            "--longest: No name has from 9 to 3 letters",
        ),
        (["sample", "ABSENT", "--only-new"], "--only-new needs --names NAMES.txt"),
        (["sample", "ABSENT", "--top-p", "2"], "--top-p: “2” is not a number above 0"),
        (["write", "ABSENT", "--temperature", "inf"], "--temperature: “inf” is not a finite"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_what_the_options_alone_tell_is_refused_before_any_file_is_read(end_of_main, command, said):
    code, output, complaint = end_of_main(*command)
    assert (code, output) == (2, "")
    assert complaint.startswith(said)
