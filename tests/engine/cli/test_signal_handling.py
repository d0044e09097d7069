"""Ctrl+C, as a terminal sends it, to a program that trains."""

import os
import re
import signal
import subprocess
import sys

import pytest

from engine.cli.main import main
from engine.runs.checkpoint import load_network

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its Ctrl+C is sent otherwise")

# A test run in the background would hand down that Ctrl+C is ignored.
COMMAND_LINE = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from engine.cli.main import main
sys.exit(main())
"""

ENDLESS = ("--steps", "1000000000")
KINDS = {
    "names": ("--hidden", "4"),
    "text": ("--text", "--hidden", "4", "--streams", "50", "--length", "30"),
}


@pytest.fixture
def interrupted(root):
    """Return a function that interrupts a command after its first steps: its code, what it said."""

    def run(*arguments):
        with subprocess.Popen(
            [sys.executable, "-c", COMMAND_LINE, *map(str, arguments)],
            cwd=root,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        ) as program:
            try:
                while not re.match(r"Iteration: |Step [1-9]", program.stdout.readline()):
                    assert program.poll() is None
                program.send_signal(signal.SIGINT)
                complaints = program.communicate(timeout=60)[1]
            finally:
                program.kill()
        return program.returncode, complaints.splitlines()[-1]

    return run


def reported_step(message, path):
    found = re.fullmatch(
        rf"Interrupted at step ([\d,]+)\. Saved in “{re.escape(str(path))}”\.", message
    )
    return int(found[1].replace(",", ""))


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_that_is_interrupted_is_saved_between_two_steps(
    interrupted, names_path, tmp_path, capsys, kind
):
    path = tmp_path / "run.npz"
    code, message = interrupted("train", names_path, *KINDS[kind], *ENDLESS, "--save", path)
    assert code == 130
    step = reported_step(message, path)
    assert load_network(path).step == step > 0
    assert main(["replay", str(path)]) == 0, "every bit is that of so many whole steps"
    assert ": the same" in capsys.readouterr().out


def test_a_resumed_run_that_is_interrupted_is_saved_where_it_was(
    interrupted, names_path, tmp_path, capsys
):
    path = tmp_path / "run.npz"
    begin = ["train", str(names_path), "--hidden", "4", "--steps", "1990", "--save", str(path)]
    assert main(begin) == 0
    code, message = interrupted("resume", path, *ENDLESS)
    assert code == 130
    assert load_network(path).step == reported_step(message, path) > 2000
    capsys.readouterr()
    assert main(["replay", str(path)]) == 0


def test_without_a_file_nothing_is_saved(interrupted, names_path, tmp_path):
    code, message = interrupted("train", names_path, "--hidden", "4", *ENDLESS)
    assert code == 130
    assert re.fullmatch(
        r"Interrupted at step [\d,]+\. Nothing was saved: --save was not given\.", message
    )
    assert [entry.name for entry in tmp_path.iterdir()] == ["names.txt"]
