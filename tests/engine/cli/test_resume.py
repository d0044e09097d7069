"""Runs that end by a rule, and the best network, on the command line."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from engine.cli.main import main
from engine.nn.network import loss_of_names
from engine.runs.run_file import load_best_network, load_run, save_run
from engine.training.ending import MAX_MINUTES, Until
from engine.training.ranges import MAX_STEPS
from engine.training.trainer import Trainer

TRAINING = ["--optimizer", "adam", "--batch", "50", "--hidden", "12", "--learning-rate", "0.03"]


@pytest.fixture
def run(capsys):
    """Return a function that runs a command in here, and returns exit code, output and messages."""

    def run(*arguments):
        try:
            code = main([str(word) for word in arguments])
        except SystemExit as end:
            code = end.code
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def few_names(tmp_path):
    """Return a file of sixty names, made of syllables which do not tell the held-out ones."""
    random = np.random.default_rng(5)
    syllables = ("al", "lo", "ra", "ce", "me", "ga", "tri", "do", "no", "sau", "ro", "ti")
    path = tmp_path / "few.txt"
    path.write_text("\n".join(sorted({"".join(random.choice(syllables, 3)) for _ in range(60)})))
    return path


@pytest.fixture
def train(run, few_names, tmp_path):
    """Return a function that trains on them, and returns the end of the command and the run."""

    def train(*options, path=tmp_path / "run.npz"):
        ended = run("train", few_names, *TRAINING, *options, "--save", path)
        assert ended[0] == 0, ended[2]
        return (*ended, load_run(path))

    return train


def as_never_interrupted(saved, steps):
    """Return a trainer that has made so many steps of a saved run, and knows nothing of its end."""
    record = saved.record
    trainer = Trainer(saved.data(), record.hyperparameters, settings=record.settings)
    while trainer.step < steps:
        trainer.run(steps - trainer.step)
    return trainer


def test_patience_ends_a_run_and_keep_best_goes_back(train):
    _, output, messages, saved = train("--steps", "2000", "--patience", "4", "--keep-best")
    state, best = saved.state, saved.resume().best
    assert best.step < state.step < 2_000
    assert (state.step - best.step) == 4 * 20, "it is measured every 1,000 names"
    assert messages.splitlines()[-2:] == [
        f"Ended at step {state.step:,}: the last 4 measurements were no better than the best one.",
        f"Went back to the best network, that of step {best.step:,}.",
    ]
    expected = as_never_interrupted(saved, best.step)
    assert saved.network.parameters.flat.tobytes() == expected.parameters.flat.tobytes()
    assert [event.kind for event in saved.record.events] == ["go to best"]
    loss = loss_of_names(saved.network.parameters, expected.held_out).nats_per_character
    assert f"{loss:.4f} nats per character" in output.splitlines()[-1]


def test_a_rise_is_said_and_the_best_network_is_in_the_file(train, run, few_names, tmp_path):
    path = tmp_path / "run.npz"
    _, _, messages, saved = train("--steps", "400")
    best = saved.resume().best
    assert re.search(
        rf"The held-out loss has risen: {best.held_out.nats_per_character:.4f} nats per character "
        rf"was the best, at step {best.step:,}; now it is \d\.\d+\. Use --best ",
        messages,
    )
    said = f"This is the best network, that of step {best.step:,}. The run has made 400 steps.\n"
    kept = tmp_path / "kept.npz"
    train("--steps", "400", "--keep-best", path=kept)
    for command in (("sample",), ("evaluate", few_names)):
        name, *more = command
        latest, chosen = run(name, path, *more), run(name, path, *more, "--best")
        assert (latest[0], chosen[0]) == (0, 0)
        assert latest[1] != chosen[1]
        assert latest[2] == ""
        assert chosen[2] == said
        again = run(name, kept, *more)
        assert again[1] == chosen[1]
        assert again[2] == said.replace("best network, that", "network")
    network = load_best_network(path)
    assert (network.network_step, network.trained_steps, network.step) == (
        best.step,
        best.step,
        400,
    )


def test_write_takes_the_best_network_of_a_text(run, tmp_path):
    random = np.random.default_rng(2)
    text = tmp_path / "noise.txt"
    text.write_text("".join(random.choice(list("abc de\n"), 4_000)))
    options = ["--text", "--streams", "20", "--length", "100", "--hidden", "8", "--steps", "130"]
    assert run("train", text, *options, "--save", tmp_path / "x.npz")[0] == 0
    step = load_run(tmp_path / "x.npz").resume().best.step
    assert 0 < step < 130
    code, output, messages = run("write", tmp_path / "x.npz", "--best", "--length", "30")
    assert (code, len(output)) == (0, 31)
    assert messages.startswith(f"This is the best network, that of step {step:,}. ")


def test_a_file_without_a_best_network_is_refused(run, few_names, tmp_path):
    path = tmp_path / "x.npz"
    assert run("train", few_names, "--recipe", "notebook", "--steps", "5", "--save", path)[0] == 0
    code, output, messages = run("sample", path, "--best")
    assert (code, output) == (1, "")
    assert "has no best network, because nothing was held out or measured." in messages


def test_a_run_ends_at_a_held_out_loss(train):
    _, _, messages, saved = train("--steps", "2000", "--until-loss", "1.6")
    assert saved.state.step < 200
    assert "the loss has reached what was set." in messages
    trend = saved.resume().held_out_trend
    assert trend.latest.step == saved.state.step
    assert trend.latest.nats_per_character <= 1.6


def test_a_loss_that_is_asked_for_again_ends_the_run_again(train, run, tmp_path):
    met = train("--steps", "2000", "--until-loss", "1.6")[3].state.step
    path, again = tmp_path / "run.npz", ("--steps", "2000", "--until-loss", "1.6")
    code, _, messages = run("resume", path, *again)
    assert code == 0
    assert ": the loss has reached 1.6 nats per character.\n" in messages
    assert load_run(path).state.step - met < 200


def test_the_notebook_recipe_ends_at_a_smoothed_loss(run, few_names, tmp_path):
    path = tmp_path / "x.npz"
    options = ["--recipe", "notebook", "--steps", "9000", "--until-loss", "2.5"]
    assert run("train", few_names, *options, "--save", path)[0] == 0
    trainer = load_run(path).resume()
    assert trainer.step < 9_000
    assert trainer.smoothed_loss / trainer.smoothed_characters <= 2.5


def test_minutes_end_a_run_and_are_counted_on(train, run, tmp_path):
    _, _, messages, saved = train("--minutes", "0.002")
    assert saved.state.until == Until(minutes=0.002)
    assert saved.seconds >= 0.12
    assert "after 0.002 minutes as set." in messages
    path = tmp_path / "run.npz"
    assert run("resume", path, "--minutes", "0.001")[0] == 0
    resumed = load_run(path)
    assert resumed.state.step > saved.state.step
    assert resumed.seconds >= saved.seconds + 0.06
    assert resumed.state.until.minutes == pytest.approx(saved.seconds / 60 + 0.001)
    assert resumed.record.events[-1].kind == "set end"


def test_resume_goes_on_to_the_end_that_is_set(train, run, tmp_path):
    path = tmp_path / "run.npz"
    train("--steps", "30", "--patience", "500")
    assert run("resume", path, "--steps", "10")[0] == 0
    saved = load_run(path)
    assert (saved.state.step, saved.state.until) == (40, Until(steps=40, patience=500))
    assert saved.record.until == Until(steps=30, patience=500)
    whole = as_never_interrupted(saved, 40)
    assert saved.network.parameters.flat.tobytes() == whole.parameters.flat.tobytes()
    code, output, _ = run("replay", path)
    assert (code, output) == (0, "Replayed 40 steps and 1 event: the same to the bit.\n")


def test_resume_without_options_stops_at_an_end_ahead(train, run, tmp_path, monkeypatch):
    path = tmp_path / "run.npz"
    train("--steps", "30")
    trainer = load_run(path).resume()
    trainer.set_until(replace(trainer.until, steps=50))
    save_run(path, trainer.corpus, trainer.state())
    assert run("resume", path)[0] == 0
    assert load_run(path).state.step == 50
    monkeypatch.setattr("engine.cli.resume.COURSE_ITERATIONS", 15)
    assert run("resume", path)[0] == 0
    assert load_run(path).state.step == 65


def line_of_the_end(messages):
    """Return the line that says how a run ended; one about its held-out loss may follow."""
    return next(line for line in messages.splitlines() if line.startswith("Ended at step"))


def test_the_end_says_what_was_asked_for_and_what_the_run_has_in_all(train, run, tmp_path):
    path = tmp_path / "run.npz"
    train("--steps", "30")

    def end(*options):
        code, _, messages = run("resume", path, *options)
        assert code == 0, messages
        return line_of_the_end(messages), load_run(path)

    assert end("--steps", "1")[0] == "Ended at step 31, after 1 more step."
    assert end("--steps", "12")[0] == "Ended at step 43, after 12 more steps."
    said, saved = end("--minutes", "0.002")
    in_all = Until(minutes=saved.state.until.minutes).describe()
    assert in_all != "0.002 minutes"
    step = saved.state.step
    assert said == f"Ended at step {step:,}, after 0.002 more minutes, {in_all} in all."
    said, saved = end("--steps", "100000", "--until-loss", "2.5")
    met = "the loss has reached 2.5 nats per character"
    assert said == f"Ended at step {saved.state.step:,}: {met}."


def test_the_end_says_what_is_set_in_the_run(train, run, tmp_path):
    path = tmp_path / "run.npz"
    _, _, _, saved = train("--steps", "30")
    for until, said in (
        (Until(steps=33), "Ended at step 33, as set in the run."),
        (Until(minutes=1), r"Ended at step \d+, after 1 minute in all, as set in the run."),
        (
            Until(steps=10**6, loss=2.5),
            r"Ended at step \d+: the loss has reached 2.5 nats per character, as set in the run.",
        ),
    ):
        trainer = saved.resume()
        trainer.set_until(until)
        save_run(path, trainer.corpus, trainer.state(), {"seconds": 59.9})
        code, _, messages = run("resume", path)
        assert code == 0
        assert re.fullmatch(said, line_of_the_end(messages))


def test_an_end_that_no_run_reaches_is_refused_before_the_data_are_read(train, run, tmp_path):
    path, absent = tmp_path / "run.npz", tmp_path / "absent.txt"
    train("--steps", "3")
    for option, value in (("--steps", str(MAX_STEPS)), ("--minutes", str(MAX_MINUTES))):
        code, _, message = run("resume", path, option, value, "--data", absent)
        assert code == 2
        assert message.startswith(f"{option}: {option[2:]} must be a ")
        assert message.count("\n") == 1


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--patience", "0", "“0” is not a whole number from 1 to"),
        ("--until-loss", "-1", "“-1” is not a number above 0 and at most 1,000."),
        ("--minutes", "1e99", "“1e99” is not a number above 0 and at most"),
        ("--steps", str(10**14), f"“{10**14}” is not a whole number from 1 to {10**13}."),
    ],
)
def test_an_end_that_no_run_meets_is_refused(run, few_names, option, value, message):
    code, output, complaint = run("train", few_names, option, value)
    assert (code, output) == (2, "")
    assert f"{option}: " in complaint
    assert message in complaint


@pytest.mark.parametrize("option", [("--patience", "3"), ("--keep-best",)])
def test_resume_needs_held_out_data_for_what_compares_it(run, few_names, tmp_path, option):
    path = tmp_path / "x.npz"
    assert run("train", few_names, "--recipe", "notebook", "--steps", "5", "--save", path)[0] == 0
    code, _, message = run("resume", path, "--steps", "5", *option)
    assert code == 2
    assert message == f"{option[0]} needs held-out data, and this run holds nothing out.\n"


# The learning rate.


@pytest.fixture
def fallen(train):
    """Return a function that trains anew, and returns the file: the rate falls to a tenth."""

    def make(path):
        train("--steps", "20", "--decay", "2.3", path=path)
        rate = load_run(path).resume().learning_rate
        assert rate == pytest.approx(0.03 * math.exp(-2.3 * 1_000 / 1_000))
        return path

    return make


def test_resume_goes_on_with_the_rate_that_the_run_had(run, fallen, train, tmp_path):
    path = fallen(tmp_path / "run.npz")
    assert run("resume", path, "--steps", "20")[0] == 0
    *_, whole = train("--steps", "40", "--decay", "2.3", path=tmp_path / "whole.npz")
    found = load_run(path).state
    assert load_run(path).resume().learning_rate == pytest.approx(0.03 * math.exp(-4.6))
    np.testing.assert_array_equal(found.parameters.flat, whole.state.parameters.flat)


@pytest.mark.parametrize("rate", [0.3, 0.03], ids=["another rate", "the same again"])
def test_a_rate_of_resume_holds_from_the_next_step_on_and_falls_from_there(
    run, fallen, tmp_path, rate
):
    path = fallen(tmp_path / "run.npz")
    assert run("resume", path, "--steps", "10", "--learning-rate", rate)[0] == 0
    saved = load_run(path)
    trainer = saved.resume()
    assert trainer.learning_rate == pytest.approx(rate * math.exp(-2.3 * 500 / 1_000))
    (event,) = [event for event in saved.record.events if event.kind == "set hyperparameters"]
    assert (event.step, event.decay_start) == (20, 1_000)
    code, out, _ = run("replay", path)
    assert (code, out.strip().endswith("the same to the bit.")) == (0, True)


def test_going_back_says_the_rate_in_force(run, fallen, tmp_path):
    path = fallen(tmp_path / "run.npz")
    code, _, told = run("resume", path, "--steps", "1", "--go-back")
    half = 0.03 * math.exp(-2.3) / 2
    assert (code, f"the learning rate is {half:.3g}." in told) == (0, True)


@pytest.mark.parametrize("rate", ["0", "-1", "nan", "1e21", "fast"])
def test_a_rate_that_no_run_can_have_is_refused(run, fallen, tmp_path, rate):
    path = fallen(tmp_path / "run.npz")
    before = path.read_bytes()
    code, _, told = run("resume", path, "--steps", "1", "--learning-rate", rate)
    assert (code, path.read_bytes()) == (2, before)
    assert f"“{rate}” is not a number above 0" in told


@pytest.mark.parametrize("command", ["train", "resume"])
def test_the_help_says_from_when_on_a_rate_holds(run, command):
    code, told, _ = run(command, "--help")
    said = "from where it was last set" if command == "train" else "holds from the next step on"
    assert (code, said in " ".join(told.split())) == (0, True)


def test_a_run_goes_on_from_an_earlier_step_in_a_file_of_its_own(train, run, tmp_path):
    *_, saved = train("--steps", "400")
    before, other = (tmp_path / "run.npz").read_bytes(), tmp_path / "other.npz"
    code, _, messages = run(
        *("resume", tmp_path / "run.npz", "--at", 260, "--steps", 30, "--save", other)
    )
    assert code == 0, messages
    assert "Resuming at step 260 with “few.txt”." in messages
    assert (tmp_path / "run.npz").read_bytes() == before
    forked = load_run(other)
    expected = as_never_interrupted(saved, 290)
    assert forked.state.step == 290
    assert forked.network.parameters.flat.tobytes() == expected.parameters.flat.tobytes()
    assert [each.step for each in forked.checkpoints if each.step <= 250] == [
        each.step for each in saved.checkpoints if each.step <= 250
    ]
    assert max(each.step for each in forked.checkpoints) <= 290
    assert saved.seconds * 260 / 400 < forked.seconds
    assert run("replay", other)[0] == 0


def test_a_rate_can_be_set_where_a_run_goes_on_from(train, run, tmp_path):
    *_, saved = train("--steps", "300")
    other = tmp_path / "other.npz"
    words = ("--at", 120, "--learning-rate", 0.001, "--steps", 20, "--save", other)
    assert run("resume", tmp_path / "run.npz", *words)[0] == 0
    trainer = as_never_interrupted(saved, 120)
    trainer.set_hyperparameters(
        replace(trainer.hyperparameters, learning_rate=0.001), sets_rate=True
    )
    trainer.run(20)
    forked = load_run(other)
    assert forked.network.parameters.flat.tobytes() == trainer.parameters.flat.tobytes()
    steps = [(event.step, event.kind) for event in forked.record.events]
    assert (120, "set hyperparameters") in steps


def test_going_on_from_an_earlier_step_needs_a_file_of_its_own(train, run, tmp_path):
    train("--steps", "20")
    said = "--at needs --save FILE.npz, as the run goes on in another file.\n"
    assert run("resume", tmp_path / "run.npz", "--at", 5) == (2, "", said)
    code, _, messages = run("resume", tmp_path / "run.npz", "--at", 21, "--save", tmp_path / "o")
    assert (code, messages) == (2, "--at: the run has made only 20 steps, got 21.\n")
    assert not (tmp_path / "o").exists()


def test_going_on_from_an_earlier_step_never_replaces_the_longer_run(train, run, tmp_path):
    train("--steps", "20")
    path = tmp_path / "run.npz"
    before = path.read_bytes()
    code, _, messages = run("resume", path, "--at", 5, "--steps", 3, "--save", path, "--force")
    assert code != 0
    assert "is read by this command. Choose another file." in messages
    assert path.read_bytes() == before
