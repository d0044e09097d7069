"""The command resume of a run with kinds: how evenly they are drawn can be changed."""

import shutil

import pytest

from engine.runs.run_file import load_run


@pytest.fixture
def run(teller, tmp_path):
    """Return a copy of the file of a run that tells kinds."""
    return shutil.copy(teller, tmp_path / "run.npz")


def test_the_balance_can_be_set(command, run):
    code, _, said = command("resume", run, "--steps", 3, "--balance", 1)
    assert code == 0
    assert "Kinds are drawn evenly from now on." in said
    saved = load_run(run)
    assert saved.state.hyperparameters.balance == 1.0
    (event,) = (each for each in saved.record.events if each.kind == "set hyperparameters")
    assert event.step == 150
    code, out, said = command("replay", run)
    assert code == 0
    assert "the same to the bit" in out + said


@pytest.mark.parametrize("balance", ["1.5", "-1", "nan", "much"])
def test_what_is_no_balance_is_refused(command, run, balance):
    before = load_run(run).state.step
    code, _, said = command("resume", run, f"--balance={balance}")
    assert code == 2
    assert f"--balance: “{balance}” is not a number from 0 to 1." in said
    assert load_run(run).state.step == before


def test_names_without_kinds_have_no_balance(command, plain):
    code, _, said = command("resume", plain, "--steps", 1, "--balance", 0.5)
    assert code == 2
    assert "--balance needs names with kinds, and those of this run have none." in said
