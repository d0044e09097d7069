"""What becomes of a run whose output ends before it does, or that diverges."""

import os
import subprocess
import sys

import numpy as np
import pytest

from engine.runs.checkpoint import load_network

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


@pytest.mark.parametrize("console", CONSOLES)
@pytest.mark.parametrize("kind", ["names", "text"])
def test_a_character_that_cannot_be_shown_is_escaped(
    engine_into, czech_path, tmp_path, console, kind
):
    path = tmp_path / "x.npz"
    options = (
        ("--text", "--streams", "50", "--length", "30", "--steps", "300")
        if kind == "text"
        else ("--steps", "2100")
    )
    ended = engine_into(
        *("train", czech_path, "--hidden", "4", *options, "--save", path),
        environment=CONSOLES[console] | {"PYTHONUNBUFFERED": "1"},
    )
    assert ended.returncode == 0, ended.stderr
    assert b"\\u01" in ended.stdout
    assert b"Traceback" not in ended.stderr
    assert load_network(path).step == int(options[-1])


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
        f"The output cannot be written: {why}. Stopped at step 1. Saved in “{path}”."
    )
    assert ended.returncode == code
    assert b"Exception" not in ended.stderr


def test_a_resumed_run_whose_output_cannot_be_written_is_saved(
    engine_into, names_path, tmp_path, broken_output
):
    output, code, _ = broken_output
    path = tmp_path / "x.npz"
    train = ("train", names_path, "--hidden", "4", "--steps", "10", "--save", path)
    assert engine_into(*train).returncode == 0
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
        f"The output cannot be written: {why}. Stopped at step 1. "
        "Nothing was saved: --save was not given."
    )


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


@pytest.mark.parametrize("before", [None, b"PK: an older run"])
def test_a_run_that_diverges_says_that_nothing_was_saved(engine_into, names_path, tmp_path, before):
    path = tmp_path / "x.npz"
    if before is not None:
        path.write_bytes(before)
    ended = engine_into(
        *("train", names_path, "--steps", "50", "--learning-rate", "1e300", "--clip", "off"),
        *("--save", path),
    )
    state = "not written" if before is None else "left as it was"
    assert ended.returncode == 1
    assert f"Nothing was saved: “{path}” was {state}." in ended.stderr.decode()
    assert (path.read_bytes() if path.exists() else None) == before
