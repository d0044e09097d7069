"""Networks that were trained by kind on the command line, for the commands that read them."""

import contextlib
import io

import pytest

from engine.cli.main import main

NETWORK = ("--cell", "gru", "--hidden", 24, "--batch", 16, "--dropout", 0, "--seed", 1)
TRAINING = ("--kinds", "--balance", 0, *NETWORK)


@pytest.fixture(scope="package")
def kinds(tmp_path_factory, kind_names):
    """Return a folder with a file for each kind of `kind_names`."""
    folder = tmp_path_factory.mktemp("data") / "kinds"
    folder.mkdir()
    for title, names in kind_names.items():
        (folder / f"{title}.txt").write_text("\n".join(names), encoding="utf-8")
    return folder


def trained(folder, *words):
    """Train quietly, as a test may read what is printed, and return the run's file."""
    path = folder / "run.npz"
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        assert main(list(map(str, ("train", *words, "--save", path)))) == 0, printed.getvalue()
    return path


@pytest.fixture(scope="package")
def writer(tmp_path_factory, kinds):
    """Return the file of a run that writes by kind."""
    return trained(tmp_path_factory.mktemp("writer"), kinds, *TRAINING, "--steps", 250)


@pytest.fixture(scope="package")
def teller(tmp_path_factory, kinds):
    """Return the file of a run that tells kinds."""
    options = ("--steps", 150, "--task", "tell")
    return trained(tmp_path_factory.mktemp("teller"), kinds, *TRAINING, *options)


@pytest.fixture(scope="package")
def plain(tmp_path_factory, kinds):
    """Return the file of a run on the same names without kinds."""
    return trained(tmp_path_factory.mktemp("plain"), kinds, "--steps", 20)
