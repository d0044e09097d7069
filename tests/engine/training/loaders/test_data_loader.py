"""Runs that are not possible are refused before they begin."""

import pytest

from engine.data.corpus import names_from_bytes
from engine.data.reader import read_text
from engine.training.loaders.data_loader import check_run, make_loader
from engine.training.recipes import DEFAULT, NOTEBOOK
from engine.training.settings import Hyperparameters, RunSettings

INITIAL = Hyperparameters()


@pytest.fixture
def text(tmp_path):
    """Return a text of 100 symbols."""
    path = tmp_path / "ab.txt"
    path.write_text("ab" * 50, encoding="utf-8")
    return read_text(path)


@pytest.mark.parametrize("length", [89, 90, 91, 1000])
def test_exactly_the_texts_that_are_too_short_are_refused(text, length):
    settings = RunSettings(window=length)
    if length < 90:  # 90 symbols are left to learn from, and one has to follow the window
        check_run(text, DEFAULT, INITIAL, settings)
        assert len(make_loader(text, DEFAULT, settings)) == 1
        return
    for check in (
        lambda: check_run(text, DEFAULT, INITIAL, settings),
        lambda: make_loader(text, DEFAULT, settings),
    ):
        with pytest.raises(ValueError, match=rf"leaves 90 symbols.*needs at least {length + 1:,}"):
            check()


def test_the_notebook_is_for_names(text):
    check_run(names_from_bytes(b"anna\nbob\n", "two"), NOTEBOOK, INITIAL, RunSettings())
    with pytest.raises(ValueError, match="is for names"):
        check_run(text, NOTEBOOK, INITIAL, RunSettings())


def test_the_notebook_is_for_a_single_layer():
    names = names_from_bytes(b"anna\nbob\n", "two")
    with pytest.raises(ValueError, match="single tanh layer"):
        check_run(names, NOTEBOOK, Hyperparameters(widths=(8, 8)), RunSettings())
