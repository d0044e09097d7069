"""What becomes of a run whose output ends before it does, that diverges, or whose loss rises."""

import contextlib
import io
import os
import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

import resources
from engine.cli.main import main
from engine.data.corpus import names_from_bytes
from engine.runs.replay import replay
from engine.runs.run_file import load_run, save_run
from engine.runs.saved_network import load_network
from engine.training.settings import Hyperparameters
from engine.training.trainer import Trainer

CONSOLES = {
    "ASCII": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "Windows-1252": {"PYTHONIOENCODING": "cp1252"},
    "Windows-1252, strict": {"PYTHONIOENCODING": "cp1252:strict"},
}
OUTPUTS = {
    "nobody reads": (141, "no program reads it any longer"),
    "full disk": (1, "the disk is full"),
}
NO_DISK = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is full")


@pytest.fixture
def czech_path(tmp_path):
    """Return a file of names with letters that Western European consoles do not have."""
    random = np.random.default_rng(1)
    path = tmp_path / "czech.txt"
    names = sorted({"".join(random.choice(list("čřžšě"), 5)) for _ in range(800)})
    path.write_text("\n".join(names), encoding="utf-8")
    return path


@pytest.fixture
def engine_into(root):
    """Return a function that runs a command whose output is a file, and returns its end."""

    def run(*arguments, output=subprocess.PIPE, environment=None):
        environment = environment or {"PYTHONIOENCODING": "utf-8"}
        inherited = {name: os.environ[name] for name in os.environ if name != "PYTHONIOENCODING"}
        return subprocess.run(
            [sys.executable, "-m", "engine", *map(str, arguments)],
            cwd=root,
            stdout=output,
            stderr=subprocess.PIPE,
            env=inherited | environment,
            check=False,
        )

    return run


@pytest.fixture(params=["nobody reads", pytest.param("full disk", marks=NO_DISK)])
def broken_output(request):
    """Return an output that cannot be written, the exit code for it, and why."""
    if request.param == "full disk":
        number = os.open("/dev/full", os.O_WRONLY)
    else:
        reader, number = os.pipe()
        os.close(reader)
    yield (number, *OUTPUTS[request.param])
    os.close(number)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Return a function that returns the words of a command, for a model that is trained once."""
    folder = tmp_path_factory.mktemp("trained")
    names, verse = folder / "names.txt", folder / "verse.txt"
    names.write_text("anna\nbob\ncarla\ndavid\n", encoding="utf-8")
    verse.write_text("The rose is red, the sky is blue.\n" * 30, encoding="utf-8")
    quick = ("--hidden", "4", "--steps", "3", "--save")
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        assert main(["train", str(names), *quick, str(folder / "names.npz")]) == 0
        text = ("--text", "--streams", "4", "--length", "9", "--layers", "1")
        assert main(["train", str(verse), *text, *quick, str(folder / "verse.npz")]) == 0
    words = {
        "sample": ("sample", folder / "names.npz"),
        "write": ("write", folder / "verse.npz"),
        "evaluate": ("evaluate", folder / "names.npz", names),
        "replay": ("replay", folder / "names.npz"),
    }
    return lambda command: words.get(command) or tuple(command.split())


@pytest.mark.parametrize(
    ("kind", "console"), [*(("names", console) for console in CONSOLES), ("text", "ASCII")]
)
def test_a_character_that_cannot_be_shown_is_escaped(
    engine_into, czech_path, tmp_path, console, kind
):
    path = tmp_path / "x.npz"
    steps, options = "9", ()
    if kind == "text":  # a sample is printed after 200,000 symbols
        steps, options = "300", ("--text", "--streams", "50", "--length", "30", "--layers", "1")
    ended = engine_into(
        *("train", czech_path, "--hidden", "4", "--steps", steps, *options, "--save", path),
        environment=CONSOLES[console] | {"PYTHONUNBUFFERED": "1"},
    )
    assert ended.returncode == 0, ended.stderr
    assert b"\\u01" in ended.stdout
    assert b"Traceback" not in ended.stderr
    assert load_network(path).step == int(steps)


def test_a_run_whose_output_cannot_be_written_stops_and_is_saved(
    engine_into, names_path, tmp_path, broken_output
):
    output, code, why = broken_output
    path = tmp_path / "x.npz"
    ended = engine_into(
        *("train", names_path, "--hidden", "4", "--steps", "4100", "--save", path), output=output
    )
    assert load_network(path).step == 1, "the first loss is printed after one step"
    assert ended.stderr.decode().splitlines()[-1] == (
        f"The output cannot be written, because {why}. Stopped at step 1. Saved in “{path}”."
    )
    assert ended.returncode == code
    assert b"Exception" not in ended.stderr


def test_a_resumed_run_whose_output_cannot_be_written_is_saved(
    engine_into, run_engine, names_path, tmp_path, broken_output
):
    output, code, _ = broken_output
    path = tmp_path / "x.npz"
    train = ("train", names_path, "--hidden", "4", "--steps", "10", "--save", path)
    assert run_engine(*train).returncode == 0
    ended = engine_into("resume", path, "--steps", "5", output=output)
    assert ended.returncode == code
    assert ended.stderr.decode().endswith(f"Stopped at step 15. Saved in “{path}”.\n")
    assert load_network(path).step == 15


def test_without_a_file_an_output_that_cannot_be_written_is_said(
    engine_into, names_path, broken_output
):
    output, code, why = broken_output
    ended = engine_into("train", names_path, "--hidden", "4", "--steps", "5", output=output)
    assert ended.returncode == code
    assert ended.stderr.decode().splitlines()[-1] == (
        f"The output cannot be written, because {why}. Stopped at step 1. "
        "Nothing was saved: --save was not given."
    )


@pytest.mark.parametrize("command", ["sample", "write", "evaluate", "replay", "sample -h"])
def test_other_commands_end_without_a_traceback(engine_into, trained, broken_output, command):
    """Without a reader they end in silence, as others do before ``head``."""
    output, code, why = broken_output
    ended = engine_into(*trained(command), output=output)
    said = "" if code == 141 else f"The output cannot be written, because {why}.\n"
    assert (ended.returncode, ended.stderr.decode()) == (code, said)


@NO_DISK
@pytest.mark.parametrize("command", ["evaluate", "sample", "train"])
def test_notes_that_cannot_be_written_do_no_harm(root, trained, command):
    """Neither notes nor the sentence about a wrong option reach anybody."""
    arguments = trained(command) if command != "train" else ("train", "--steps", "0", "names.txt")
    more = ("--greedy", "--count", "2") if command == "sample" else ()
    with open("/dev/full", "wb") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "engine", *map(str, arguments), *more],
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=full,
            check=False,
        )
    assert ended.returncode == {"evaluate": 0, "sample": 0, "train": 2}[command]


@pytest.mark.parametrize("command", ["sample", "write"])
def test_other_commands_escape_what_a_console_cannot_show(
    engine_into, run_engine, czech_path, tmp_path, command
):
    model = tmp_path / "x.npz"
    kind = ("--text", "--streams", "4", "--length", "9") if command == "write" else ()
    train = ("train", czech_path, "--hidden", "4", "--steps", "2", "--save", model, *kind)
    assert run_engine(*train).returncode == 0
    ended = engine_into(command, model, environment=CONSOLES["ASCII"])
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert b"\\u01" in ended.stdout


@NO_DISK
def test_messages_that_cannot_be_written_end_no_run(root, names_path, tmp_path):
    path = tmp_path / "x.npz"
    arguments = ("train", names_path, "--hidden", "4", "--steps", "5", "--save", path)
    with open("/dev/full", "wb") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "engine", *arguments],
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=full,
            check=False,
        )
    assert ended.returncode == 0
    assert load_network(path).step == 5


@pytest.mark.parametrize("before", [None, b"no run at all"])
def test_a_run_that_diverges_says_that_nothing_was_saved(run_engine, names_path, tmp_path, before):
    path = tmp_path / "x.npz"
    if before is not None:
        path.write_bytes(before)
    ended = run_engine(
        *("train", names_path, "--steps", "50", "--learning-rate", "1e15", "--clip", "off"),
        *("--save", path, "--force"),
    )
    state = "not written" if before is None else "left as it was"
    assert ended.returncode == 1
    assert f"Nothing was saved: “{path}” was {state}." in ended.stderr
    assert (path.read_bytes() if path.exists() else None) == before


RUINOUS = ("--learning-rate", "5", "--clip", "off")
RISEN = re.compile(
    r"Step ([\d,]+): since step ([\d,]+) the loss has risen from (\S+) to (\S+) nats per "
    r"character; guessing costs 3\.\d\d\. Lower the learning rate or turn clipping on\."
)


def test_a_loss_that_rises_is_told_when_it_happens_and_at_the_end(run_engine, names_path, tmp_path):
    path = tmp_path / "x.npz"
    ended = run_engine("train", names_path, "--steps", "1500", *RUINOUS, "--save", path)
    assert ended.returncode == 0, "the run is saved"
    assert load_network(path).step == 1500
    _, _, told, at_the_end = ended.stderr.splitlines()
    step, since, before, now = RISEN.fullmatch(told).groups()
    assert (since, float(before)) == ("0", pytest.approx(3.1, abs=0.3))
    assert int(step) < 800
    assert float(now) > 10
    assert at_the_end.startswith("Training ended at step 1,500 with a loss of ")
    assert at_the_end.endswith("Lower the learning rate or turn clipping on.")


def test_a_loss_that_comes_down_again_is_told_with_its_value(tmp_path, capsys):
    trainer = Trainer(
        names_from_bytes(resources.names_bytes(resources.DINOSAURS), resources.DINOSAURS)
    )
    usual = trainer.hyperparameters
    for hyperparameters, step in (
        (usual, 800),
        (replace(usual, learning_rate=0.2, clip=None), 815),
    ):
        trainer.set_hyperparameters(hyperparameters)
        while trainer.step < step:
            trainer.run(step - trainer.step)
    trainer.set_hyperparameters(usual)
    path = str(tmp_path / "run.npz")
    save_run(path, trainer.corpus, trainer.state())
    assert main(["resume", path, "--steps", "1000", "--save", path]) == 0
    told = capsys.readouterr().err
    before = re.search(r"the loss has risen from (\S+) to", told)[1]
    recovered = re.search(
        r"Step [\d,]+: the loss has come down again, to (\S+) nats per character; before it rose, "
        r"it was (\S+)\.\n",
        told,
    )
    assert recovered[2] == before
    assert float(before) < float(recovered[1]) < 3.3


def test_a_healthy_run_says_nothing_of_its_loss(run_engine, names_path):
    ended = run_engine("train", names_path, "--steps", "1500")
    assert len(ended.stderr.splitlines()) == 2, "how the data were read, and their summary"


def test_a_text_is_watched_too(run_engine, tmp_path):
    path = tmp_path / "verse.txt"
    path.write_text("to be or not to be, that is the question:\n" * 100, encoding="utf-8")
    ended = run_engine(
        *("train", path, "--text", "--steps", "250", "--hidden", "8", "--streams", "4"),
        *("--length", "20", "--learning-rate", "100", "--clip", "off"),
    )
    assert ended.returncode == 0
    assert "nats per symbol; guessing costs" in ended.stderr


def test_what_is_printed_with_a_held_out_loss_is_of_the_same_moment(tmp_path, capsys):
    path = tmp_path / "verse.txt"
    path.write_text("to be or not to be, that is the question:\n" * 300, encoding="utf-8")

    def train(steps):
        """Return the lines of a training with a held-out loss, each with the text below it."""
        small = ("--hidden", "4", "--streams", "32", "--length", "32", "--seed", "1")
        assert main(["train", str(path), "--text", *small, "--steps", str(steps)]) == 0
        printed = capsys.readouterr().out
        line = r"^Step ([\d,]+), \d+ s, epoch ([\d.]+): (.*)\n([^\n]*)$"
        return [
            (int(step.replace(",", "")), float(epoch), rest, text)
            for step, epoch, rest, text in re.findall(line, printed, re.M)
        ]

    lines = train(700)
    (first_step, first_epoch, *_), *_, (last_step, *_) = lines[1:]
    assert first_step < last_step <= 700
    for step, epoch, *_ in lines:
        assert epoch == pytest.approx(first_epoch * step / first_step, rel=0.01)
    assert train(first_step)[-1][2:] == lines[1][2:], "its loss and text as well"


def test_resume_goes_back_to_the_last_good_network(
    run_engine, names_path, corpus, advance, tmp_path
):
    path = tmp_path / "x.npz"
    trainer = Trainer(corpus, Hyperparameters())
    advance(trainer, 1_000)
    trainer.set_hyperparameters(Hyperparameters(1.0, None))
    advance(trainer, 300)
    save_run(path, corpus, trainer.state())
    ended = run_engine("resume", path, "--steps", "100", "--save", tmp_path / "y.npz")
    _, told, end, at_the_end = ended.stderr.splitlines()
    assert end == "Ended at step 1,400, after 100 more steps."
    assert RISEN.fullmatch(told), "the run is opened with a loss that has risen"
    good_step = trainer.rise.good_step
    assert f"The file also holds the last good network, that of step {good_step:,}: " in at_the_end
    assert at_the_end.endswith("resume --go-back continues from it with half the learning rate.")
    ended = run_engine("resume", path, "--steps", "5", "--go-back")
    assert ended.stderr.splitlines()[1] == (
        f"The network is back to what it was after step {good_step:,}, and the learning rate is "
        "0.5."
    )
    run = load_run(path)
    assert [event.kind for event in run.record.events][-1] == "go back and halve the rate"
    assert replay(run.record, run.data(), run.network.parameters, 1_305).difference is None
