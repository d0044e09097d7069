"""What can be learned how is known before a run is begun."""

import pytest

from engine.data.corpus import names_from_bytes
from engine.data.text import read_text
from engine.training.data_loader import check_run, make_loader
from engine.training.recipes import DEFAULT, NOTEBOOK
from engine.training.settings import Hyperparameters, RunSettings

KNOBS = Hyperparameters()


@pytest.fixture
def text(tmp_path):
    """Return a text of 100 symbols."""
    path = tmp_path / "ab.txt"
    path.write_text("ab" * 50, encoding="utf-8")
    return read_text(path)


@pytest.mark.parametrize("length", [89, 90, 91, 1000])
def test_what_is_refused_is_what_cannot_be_made(text, length):
    settings = RunSettings(window=length)
    if length < 90:  # 90 symbols are left to learn from, and one has to follow the window
        check_run(text, DEFAULT, KNOBS, settings)
        assert len(make_loader(text, DEFAULT, settings)) == 1
        return
    for check in (
        lambda: check_run(text, DEFAULT, KNOBS, settings),
        lambda: make_loader(text, DEFAULT, settings),
    ):
        with pytest.raises(ValueError, match=rf"leaves 90 symbols.*needs at least {length + 1:,}"):
            check()


def test_the_notebook_is_for_names(text):
    check_run(names_from_bytes(b"anna\nbob\n", "two"), NOTEBOOK, KNOBS, RunSettings())
    with pytest.raises(ValueError, match="is for names"):
        check_run(text, NOTEBOOK, KNOBS, RunSettings())


def test_the_notebook_is_for_a_single_layer_also_here():
    names = names_from_bytes(b"anna\nbob\n", "two")
    with pytest.raises(ValueError, match="single tanh layer"):
        check_run(names, NOTEBOOK, Hyperparameters(widths=(8, 8)), RunSettings())
