"""A run that has learned to tell kinds."""

from dataclasses import replace

import pytest


@pytest.fixture
def begin_telling(window, qtbot, train_until, corpus_of_kinds):
    """Return a function that trains a run on three kinds, of another task if that is asked for."""

    def begin(**settings):
        window.resize(1500, 1000)
        session = window.session
        session.use(corpus_of_kinds)
        wanted = replace(session.settings, **({"task": "tell", "cell": "gru"} | settings))
        hyperparameters = replace(
            session.hyperparameters, optimizer="adam", batch=8, widths=(12,), learning_rate=0.02
        )
        with qtbot.waitSignal(session.network_made, timeout=20_000):
            session.restart(hyperparameters=hyperparameters, settings=wanted)
        train_until(session, 60)
        return window

    return begin
