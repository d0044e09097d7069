"""Training by kind that is killed: the file is what it was before, and the run goes on from it."""

import shutil
import subprocess
import sys

import pytest

from engine.runs.run_file import load_run

PATIENCE_SECONDS = 60.0


@pytest.mark.parametrize("run", ["writer", "teller"])
def test_a_kill_in_the_middle_leaves_the_file_and_the_run_resumes(
    request, command, root, tmp_path, run
):
    before = request.getfixturevalue(run)
    path = shutil.copy(before, tmp_path / "run.npz")
    words = ("resume", path, "--steps", "100000000", "--balance", "0.5")
    program = subprocess.Popen(
        [sys.executable, "-m", "engine", *map(str, words)],
        cwd=root,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    try:
        assert b"Resuming at step" in program.stderr.readline()
        assert b"Kinds are drawn" in program.stderr.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            program.wait(0.3)  # it trains
    finally:
        program.kill()
        program.wait(PATIENCE_SECONDS)
        program.stderr.close()
    assert path.read_bytes() == before.read_bytes()
    assert [each.name for each in tmp_path.iterdir() if each.suffix == ".npz"] == ["run.npz"]
    code, _, said = command("resume", path, "--steps", 4, "--balance", 1)
    assert code == 0, said
    saved = load_run(path)
    assert saved.state.hyperparameters.balance == 1.0
    assert saved.resume().step == load_run(before).state.step + 4
