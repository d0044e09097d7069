"""The command ``compile``. The fixture `compiled_kernels` runs it once for all tests."""

import shutil
import signal
import sys
from importlib.util import find_spec

import pytest

from engine.nn.fast.compiled.kernel_store import kernel_state, load_kernels

needs_numba = pytest.mark.skipif(find_spec("numba") is None, reason="Numba is not installed")


@pytest.mark.parametrize("options", [(), ("--low-priority",)])
def test_without_numba_it_says_how_to_install_it(command, monkeypatch, options):
    monkeypatch.setitem(sys.modules, "numba", None)  # as where it is not installed
    code, output, messages = command("compile", "--check", *options)
    assert (code, messages) == (1, "")
    assert output.startswith("not installed: ")
    monkeypatch.setattr("os.nice", lambda _: 0, raising=False)  # this process is not to be slowed
    code, output, messages = command("compile", *options)
    assert (code, output) == (1, "")
    assert "pip install 'dinogui[fast]'" in messages


@needs_numba
def test_the_state_is_printed_and_nothing_is_compiled(command, tmp_path, monkeypatch):
    store = tmp_path / "store"
    monkeypatch.setenv("DINOGUI_KERNELS", str(store))
    code, output, messages = command("compile", "--check")
    assert (code, messages) == (1, "")
    assert output.startswith("not compiled: ")
    assert not store.exists()


def test_what_is_ready_is_not_compiled_again(command, compiled_kernels):
    place = kernel_state().place
    before = {path.name: path.stat().st_mtime_ns for path in place.glob("*.nb*")}
    for options in ((), ("--check",)):
        code, output, messages = command("compile", *options)
        assert (code, messages) == (0, "")
        assert output.startswith("ready: New runs take the faster step.")
        assert f"“{place}”" in output
    assert {path.name: path.stat().st_mtime_ns for path in place.glob("*.nb*")} == before


@needs_numba
def test_it_compiles_and_says_where(command, tmp_path, monkeypatch):
    import numba
    import numpy as np

    from engine.nn.fast.compiled.kernels import entries

    def double(x):
        return 2.0 * x[0]

    kernel = entries.KernelEntry(numba.njit(double), [(np.empty(1),)])
    monkeypatch.setattr(entries, "entries", lambda: (kernel,))
    monkeypatch.setenv("DINOGUI_KERNELS", str(tmp_path / "store"))
    code, output, messages = command("compile")
    assert (code, messages) == (0, "Compiling a faster step, once for this machine…\n")
    first, second = output.splitlines()
    assert first.startswith("Compiled in ")
    assert f"It is kept in “{kernel_state().place}”" in second


@needs_numba
def test_a_folder_that_cannot_be_made_is_named(command, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("DINOGUI_KERNELS", str(tmp_path / "file" / "store"))
    code, output, messages = command("compile")
    assert (code, output) == (1, "")
    assert str(tmp_path / "file") in messages
    assert "set the environment variable DINOGUI_KERNELS" in messages


@needs_numba
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_after_the_function_at_hand(command, tmp_path, monkeypatch, number, code):
    import numba
    import numpy as np

    from engine.nn.fast.compiled.kernels import entries

    def double(x):
        return 2.0 * x[0]

    def found():
        signal.raise_signal(number)  # as while something is compiled
        return (entries.KernelEntry(numba.njit(double), [(np.empty(1),), (np.empty((1, 1)),)]),)

    monkeypatch.setattr(entries, "entries", found)
    monkeypatch.setenv("DINOGUI_KERNELS", str(tmp_path))
    found_code, output, messages = command("compile")
    assert (found_code, output) == (code, "")
    assert "Traceback" not in messages
    assert kernel_state().status == "not compiled"


@pytest.fixture
def damaged_kernels(kernel_folder, tmp_path, monkeypatch):
    """Copy the kernels, damage a byte of one, and let this process forget what it has loaded."""
    folder = tmp_path / "kernels"
    shutil.copytree(kernel_folder, folder)
    monkeypatch.setenv("DINOGUI_KERNELS", str(folder))
    damaged = max(kernel_state().place.glob("*.nbc"))
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    load_kernels.cache_clear()
    yield folder
    load_kernels.cache_clear()


def test_damaged_files_are_not_called_ready(command, damaged_kernels):
    code, output, _ = command("compile", "--check")
    assert code == 1
    assert output.startswith("not compiled: The files of the faster step are damaged.")


def test_a_run_is_trained_with_numpy_where_the_files_are_damaged(
    command, damaged_kernels, names_path
):
    code, output, messages = command("train", names_path, "--steps", 20, "--hidden", 5)
    assert code == 0, messages
    assert "Training with NumPy. The files of the faster step are damaged." in messages
    assert "20 steps" in output + messages


def test_replay_says_that_the_faster_step_is_needed(
    command, compiled_kernels, names_path, tmp_path, monkeypatch
):
    run = tmp_path / "run.npz"
    assert command("train", names_path, "--steps", 20, "--hidden", 5, "--save", run)[0] == 0
    assert command("replay", run)[0] == 0
    monkeypatch.setenv("DINOGUI_KERNELS", str(tmp_path / "none"))
    load_kernels.cache_clear()
    code, output, messages = command("replay", run)
    assert (code, output) == (1, "")
    assert "This run has steps of the faster step, and only that repeats them." in messages
    assert "python -m engine compile" in messages
