"""The command ``replay``: how far a long one is, and what it says when it is cut short."""

import json
import os
import re
import signal
import subprocess
import sys

import numpy as np
import pytest

from engine.cli.main import main
from engine.cli.terminal import progress_reports
from engine.data.reader import read_names
from engine.runs.run_file import save_run
from engine.training.ranges import MAX_STEPS
from engine.training.settings import Hyperparameters
from engine.training.trainer import Trainer

COMMAND_LINE = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGTERM, signal.SIG_DFL)
from engine.cli.main import main
sys.exit(main())
"""


@pytest.fixture
def run_path(tmp_path, names_path):
    """Return the file of a run of 300 steps and two events."""
    trainer = Trainer(read_names(names_path), Hyperparameters(widths=(4,)))
    for goal, rate in ((100, 0.02), (200, 0.03), (300, 0.03)):
        while trainer.step < goal:
            trainer.run(goal - trainer.step)
        trainer.set_hyperparameters(Hyperparameters(rate, widths=(4,)))
    save_run(tmp_path / "run.npz", trainer.corpus, trainer.state())
    return tmp_path / "run.npz"


@pytest.fixture
def endless(run_path):
    """Return the run's file after all its counts have been forged, so that they agree."""
    with np.load(run_path) as archive:
        entries = dict(archive)
    for name, forged in (("header", ["step"]), ("run", ["learner.loader.taken"])):
        values = json.loads(entries[name].tobytes())
        values |= dict.fromkeys(forged, MAX_STEPS)
        entries[name] = np.frombuffer(json.dumps(values).encode(), np.uint8)
    np.savez(run_path, **entries)
    return run_path


def test_the_first_steps_can_be_repeated_alone(run_path, capsys):
    for steps, events in ((50, "0 events"), (150, "1 event"), (299, "2 events")):
        assert main(["replay", str(run_path), "--steps", str(steps)]) == 0
        assert capsys.readouterr() == (
            f"Replayed {steps} of 300 steps and {events}: nothing differs so far. The parameters "
            "are compared after the last step only.\n",
            "",
        )
    for steps in (300, 301):
        assert main(["replay", str(run_path), "--steps", str(steps)]) == 0
        said = capsys.readouterr().out
        assert said == "Replayed 300 steps and 2 events: the same to the bit.\n"


def test_a_difference_in_the_first_steps_is_found(run_path, capsys):
    with np.load(run_path) as archive:
        entries = dict(archive)
    events = json.loads(entries["record"].tobytes())
    events[0]["smoothed_loss"] += 1e-9
    entries["record"] = np.frombuffer(json.dumps(events).encode(), np.uint8)
    np.savez(run_path, **entries)
    assert main(["replay", str(run_path), "--steps", "150"]) == 1
    assert capsys.readouterr().out.startswith("Replayed 100 of 300 steps and 0 events: it differs")


def test_a_run_of_ten_billion_years_can_be_bounded(endless, capsys):
    assert main(["replay", str(endless), "--steps", "120"]) == 0
    assert "Replayed 120 of 10,000,000,000,000 steps" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="its terminals are made otherwise")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_on_a_terminal_one_line_says_how_far_it_is_and_a_signal_ends_it(
    endless, root, number, code
):
    terminal, far_end = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", COMMAND_LINE, "replay", endless],
        cwd=root,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=far_end,
    ) as program:
        try:
            os.close(far_end)
            said = b""
            while said.count(b"left") < 2:
                said += os.read(terminal, 4_096)
            program.send_signal(number)
            while b"Nothing differed so far." not in said:
                said += os.read(terminal, 4_096)
            assert program.wait(60) == code
            assert program.stdout.read() == b""
        finally:
            program.kill()
            os.close(terminal)
    lines = said.decode().replace("\r\n", "\n").split("\n")
    assert len(lines[0].split("\r")) > 2, "each report replaces the last"
    far = r"[\d,]+ of 10,000,000,000,000 steps \(0\.0%\)"
    assert re.match(rf"{far}, about [\d,]+ years left", lines[0].split("\r")[1])
    assert re.fullmatch(rf"Interrupted after {far}\. Nothing differed so far\.", lines[1])


def test_in_a_file_each_report_has_a_line(run_path, capsys, monkeypatch):
    monkeypatch.setattr(progress_reports, "_FILE_SECONDS", 0.0)
    assert main(["replay", str(run_path)]) == 0
    output, complaints = capsys.readouterr()
    assert output == "Replayed 300 steps and 2 events: the same to the bit.\n"
    for line in complaints.splitlines():
        assert re.fullmatch(r"[\d,]+ of 300 steps \([\d.]+%\), about \d+ seconds? left", line)
    assert complaints.splitlines()[-1].startswith("300 of 300 steps (100.0%)")
