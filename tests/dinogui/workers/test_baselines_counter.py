"""Counting n-grams in the reading thread, for the current run only."""

import numpy as np
import pytest

from dinogui.session.data_reader import DataReader
from dinogui.workers.baselines_counter import Baselines
from dinogui.workers.service import Threads
from engine.data.corpus import corpus_of_names
from engine.data.text import text_of_symbols
from engine.data.vocabulary import Vocabulary
from engine.evaluation.held_out.text import HeldOutText
from engine.training.messages import RunRequest
from engine.training.recipes import DEFAULT
from engine.training.settings import Hyperparameters, RunSettings


@pytest.fixture
def threads(qapp):
    threads = Threads()
    yield threads
    threads.close()


@pytest.fixture
def reader(threads):
    return DataReader(threads, threads)


def request(run_id):
    names = ["anna", "bob", "clara", "david", "eve", "fred"]
    corpus = corpus_of_names(names, "six", 0, lower_case=True)
    return RunRequest(run_id, corpus, DEFAULT, Hyperparameters(), RunSettings())


def test_n_grams_are_not_counted_for_an_earlier_run(reader, qtbot):
    counted = []
    reader.counted.connect(lambda run_id, found: counted.append((run_id, len(found.measured))))
    for run_id in (1, 2):
        reader.count(request(run_id))
    qtbot.waitUntil(lambda: bool(counted))
    assert counted == [(2, 5)]


def test_an_error_is_logged_and_the_next_run_is_counted(reader, qtbot, caplog, monkeypatch):
    counted = []
    reader.counted.connect(lambda run_id, found: counted.append((run_id, len(found.measured))))
    with monkeypatch.context() as broken:
        broken.setattr(RunRequest, "held_out_data", lambda _: 1 / 0)
        reader.count(request(1))
        qtbot.waitUntil(lambda: "Counting n-grams failed" in caplog.text)
    reader.count(request(2))
    qtbot.waitUntil(lambda: bool(counted))
    assert counted == [(2, 5)]


def test_n_grams_are_counted_on_what_is_measured_and_on_everything(reader, qtbot):
    random = np.random.default_rng(1)
    symbols = np.concatenate((random.integers(0, 4, 70_000), np.zeros(10_000))).astype(np.uint8)
    text = text_of_symbols(symbols, Vocabulary(tuple("abcd")), "made up", lower_case=False)
    settings = RunSettings(held_out=0.5)
    told = []
    reader.counted.connect(lambda *message: told.append(message))
    reader.count(RunRequest(7, text, DEFAULT, Hyperparameters(), settings))
    qtbot.waitUntil(lambda: len(told) == 2)
    assert [run_id for run_id, _ in told] == [7, 7]
    first, both = (found for _, found in told)
    assert first == Baselines(both.measured)
    held_out = HeldOutText(symbols, 40_000, 4)
    counts = np.bincount(symbols[:40_000], minlength=4)
    costs = -np.log((counts + 1) / (40_000 + 4))  # Witten and Bell, order 1: all four letters occur
    for losses, everything in ((both.measured, False), (both.in_full, True)):
        assert len(losses) == 5
        expected = costs[symbols[held_out.places(in_full=everything)]].mean()
        assert losses[0].nats_per_character == pytest.approx(expected, rel=1e-12)
    assert both.measured[0] != both.in_full[0]


def test_few_names_are_counted_once(reader, qtbot):
    told = []
    reader.counted.connect(lambda *message: told.append(message))
    for run_id in (1, 2):
        with qtbot.waitSignal(reader.counted):
            reader.count(request(run_id))
    assert [run_id for run_id, _ in told] == [1, 2], "one message for each run"
    assert all(found.measured == found.in_full for _, found in told)
