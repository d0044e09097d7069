"""The worker that measures in full: the whole of it, or up to where it is cancelled."""

import numpy as np
import pytest

from dinogui.workers.held_out_measurer import HeldOutMeasurer
from dinogui.workers.service import Threads, WorkerClient
from engine.data.text import text_of_symbols
from engine.data.vocabulary import Vocabulary
from engine.evaluation.text_loss import loss_of_text
from engine.training.messages import RunRequest
from engine.training.recipes import DEFAULT
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer


@pytest.fixture
def threads(qapp):
    threads = Threads()
    yield threads
    threads.close()


def make_text(length):
    symbols = np.random.default_rng(1).integers(0, 4, length).astype(np.uint8)
    return text_of_symbols(symbols, Vocabulary(tuple("abcd")), "made up", lower_case=False)


def test_a_measurement_stops_in_the_middle_when_it_is_cancelled(threads, qtbot):
    text, told = make_text(600_000), []
    settings = RunSettings(held_out=0.9)
    hyperparameters = Hyperparameters(widths=(100,))
    snapshot = Trainer(text, hyperparameters, settings=settings).snapshot()
    client = WorkerClient(HeldOutMeasurer(), threads.start("measuring"), threads)

    def cancel(share):
        told.append(share)
        client.cancel(HeldOutMeasurer.measure)

    client.order(
        HeldOutMeasurer.measure,
        RunRequest(1, text, DEFAULT, hyperparameters, settings),
        snapshot,
        False,
        done=lambda _: told.append("done"),
        dropped=lambda: told.append("dropped"),
        reported=cancel,
    )
    qtbot.waitUntil(lambda: "dropped" in told, timeout=30_000)
    assert 0 < told[0] < 0.5
    assert told[1:] == ["dropped"]


@pytest.mark.parametrize("rests", [False, True])
def test_a_text_is_measured_whole(threads, qtbot, rests):
    text, found = make_text(60_000), []
    settings, hyperparameters = RunSettings(held_out=0.5), Hyperparameters(widths=(5,))
    trainer = Trainer(text, hyperparameters, settings=settings)
    client = WorkerClient(HeldOutMeasurer(), threads.start("measuring"), threads)
    request = RunRequest(1, text, DEFAULT, hyperparameters, settings)
    shares = []
    client.order(
        HeldOutMeasurer.measure,
        request,
        trainer.snapshot(),
        rests,
        done=found.append,
        reported=shares.append,
    )
    qtbot.waitUntil(lambda: bool(found), timeout=30_000)
    expected = loss_of_text(trainer.parameters, *text.split(0.5)).nats_per_character
    assert (found[0].step, found[0].nats_per_character) == (0, expected)
    assert shares == sorted(shares)
    assert len(shares) > 5
