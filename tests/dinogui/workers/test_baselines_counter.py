"""Counting n-grams in the reading thread, for the current run only."""

import pytest

from dinogui.session.data_reader import DataReader
from dinogui.workers import baselines_counter
from dinogui.workers.service import Threads
from engine.data.corpus import corpus_of_names
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
    reader.counted.connect(lambda run_id, losses: counted.append((run_id, len(losses))))
    for run_id in (1, 2):
        reader.count(request(run_id))
    qtbot.waitUntil(lambda: bool(counted))
    assert counted == [(2, 5)]


def test_an_error_is_logged_and_the_next_run_is_counted(reader, qtbot, caplog, monkeypatch):
    counted = []
    reader.counted.connect(lambda run_id, losses: counted.append((run_id, len(losses))))
    with monkeypatch.context() as broken:
        broken.setattr(baselines_counter, "_losses", lambda *_: 1 / 0)
        reader.count(request(1))
        qtbot.waitUntil(lambda: "Counting n-grams failed" in caplog.text)
    reader.count(request(2))
    qtbot.waitUntil(lambda: bool(counted))
    assert counted == [(2, 5)]
