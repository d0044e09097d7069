"""Signals, as a terminal or the system sends them, to a program that trains or still loads."""

import os
import re
import signal
import subprocess
import sys

import pytest

from engine.cli.main import main
from engine.runs.saved_network import load_network

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its Ctrl+C is sent otherwise")

# A test run in the background would hand down that Ctrl+C is ignored.
COMMAND_LINE = """
import signal, sys
for number in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)
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
    """Return a function that interrupts a command as it trains: its code, what it said."""

    def run(*arguments, signals=(signal.SIGINT,)):
        with subprocess.Popen(
            [sys.executable, "-c", COMMAND_LINE, *map(str, arguments)],
            cwd=root,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        ) as program:
            try:
                # A text is measured before its first steps, and then after many.
                while not re.match(r"Iteration: |Step \d", program.stdout.readline()):
                    assert program.poll() is None
                for number in signals:
                    program.send_signal(number)
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


def test_ctrl_c_pressed_twice_saves_the_run_as_well(interrupted, names_path, tmp_path):
    path = tmp_path / "run.npz"
    train = ("train", names_path, *KINDS["names"], *ENDLESS, "--save", path)
    code, message = interrupted(*train, signals=(signal.SIGINT,) * 3)
    assert code == 130
    assert load_network(path).step == reported_step(message, path) > 0


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


@pytest.mark.parametrize(
    ("signals", "codes"),
    [
        ((signal.SIGTERM,), {143}),
        ((signal.SIGHUP,), {129}),
        ((signal.SIGTERM, signal.SIGHUP), {129, 143}),
    ],
    ids=["SIGTERM", "SIGHUP", "both, as at a logout"],
)
def test_a_run_whose_terminal_or_system_ends_is_saved(
    interrupted, names_path, tmp_path, signals, codes
):
    path = tmp_path / "run.npz"
    train = ("train", names_path, *KINDS["names"], *ENDLESS, "--save", path)
    code, message = interrupted(*train, signals=signals)
    assert code in codes
    assert load_network(path).step == reported_step(message, path) > 0


@pytest.mark.parametrize(
    ("signals", "codes"),
    [
        ((signal.SIGINT,), {130}),
        ((signal.SIGTERM,), {143}),
        ((signal.SIGTERM, signal.SIGHUP), {129, 143}),
    ],
    ids=["Ctrl+C", "SIGTERM", "both, as at a logout"],
)
def test_other_commands_are_ended_with_a_sentence(root, signals, codes):
    network = root / "tests/engine/runs/files/version-4-streams.npz"
    with subprocess.Popen(
        [sys.executable, "-c", COMMAND_LINE, "write", network, "--length", "1000000000"],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as program:
        try:
            assert program.stdout.read(20)
            for number in signals:
                program.send_signal(number)
            complaints = program.communicate(timeout=60)[1]
        finally:
            program.kill()
    assert program.returncode in codes
    assert complaints == b"\nInterrupted.\n"


def test_a_signal_that_was_ignored_before_stays_ignored(root, names_path, tmp_path):
    ignoring = """
import os, signal, sys
signal.signal(signal.SIGHUP, signal.SIG_IGN)
import engine.cli.cli_training as training
print_entry = training._print_log_entry
def print_and_hang_up(trainer):
    print_entry(trainer)
    os.kill(os.getpid(), signal.SIGHUP)
training._print_log_entry = print_and_hang_up
from engine.cli.main import main
sys.exit(main())
"""
    path = tmp_path / "run.npz"
    arguments = ("train", str(names_path), "--hidden", "4", "--steps", "2005", "--save", str(path))
    ended = subprocess.run(
        [sys.executable, "-c", ignoring, *arguments], cwd=root, capture_output=True, check=False
    )
    assert ended.returncode == 0
    assert load_network(path).step == 2005


@pytest.mark.parametrize("module", ["argparse", "numpy", "engine.cli.train"])
def test_ctrl_c_while_modules_load_leaves_no_traceback(root, module):
    """A module of that name, which the program loads, presses Ctrl+C and then takes long."""
    start = f"""
import os, runpy, signal, sys, time
class PressesCtrlC:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(20)
sys.meta_path.insert(0, PressesCtrlC())
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.argv[1:] = ["--version"]
runpy.run_module("engine", run_name="__main__", alter_sys=True)
"""
    ended = subprocess.run(
        [sys.executable, "-c", start], cwd=root, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "\nInterrupted.\n")
