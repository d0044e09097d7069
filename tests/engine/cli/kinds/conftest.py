"""Networks that were trained by kind on the command line, for the commands that read them."""

import pytest

from engine.cli.main import main

TRAINING = ("--cell", "gru", "--hidden", "24", "--batch", "16", "--dropout", "0", "--seed", "1")


@pytest.fixture(scope="package")
def kinds(tmp_path_factory, kind_names):
    """Return a folder with a file for each kind of `kind_names`."""
    folder = tmp_path_factory.mktemp("data") / "kinds"
    folder.mkdir()
    for title, names in kind_names.items():
        (folder / f"{title}.txt").write_text("\n".join(names), encoding="utf-8")
    return folder


def trained(folder, kinds, *options):
    path = folder / "run.npz"
    words = ("train", kinds, "--kinds", *TRAINING, "--save", path, *options)
    assert main(list(map(str, words))) == 0
    return path


@pytest.fixture(scope="package")
def writer(tmp_path_factory, kinds):
    """Return the file of a run that writes by kind."""
    return trained(tmp_path_factory.mktemp("writer"), kinds, "--steps", "250")


@pytest.fixture(scope="package")
def teller(tmp_path_factory, kinds):
    """Return the file of a run that tells kinds."""
    return trained(tmp_path_factory.mktemp("teller"), kinds, "--steps", "150", "--task", "tell")


@pytest.fixture(scope="package")
def plain(tmp_path_factory, kinds):
    """Return the file of a run on the same names without kinds."""
    path = tmp_path_factory.mktemp("plain") / "run.npz"
    assert main(["train", str(kinds), "--steps", "20", "--save", str(path)]) == 0
    return path
