"""What a run on other data begins with."""

from dataclasses import replace

import pytest

from engine.training.presets import PRESETS, PRESETS_BY_KEY

KINDS = PRESETS_BY_KEY["kinds"]


def is_built_on(run, preset):
    """Return whether a run has the settings and hyperparameters of a preset."""
    settings = replace(preset.settings, seed=run.settings.seed, held_out=run.settings.held_out)
    return (run.settings, run.hyperparameters) == (settings, preset.hyperparameters)


def test_names_with_kinds_begin_with_their_preset(session, names_corpus, corpus_of_kinds):
    session.use(names_corpus)
    session.set_hyperparameters(learning_rate=0.02)
    session.use(corpus_of_kinds)
    assert is_built_on(session.run, KINDS)
    session.use(names_corpus)
    assert is_built_on(session.run, replace(PRESETS[0], hyperparameters=session.hyperparameters))
    assert session.hyperparameters.learning_rate == 0.02


@pytest.mark.parametrize("task", ["write", "tell"])
def test_a_plan_for_kinds_is_kept_for_kinds(session, names_corpus, corpus_of_kinds, task):
    session.use(corpus_of_kinds)
    tells = task == "tell"
    settings = replace(session.settings, cell="gru", task=task, both_directions=tells)
    session.restart(
        hyperparameters=replace(session.hyperparameters, widths=(8,)), settings=settings
    )
    plan = session.run.plan
    session.use(names_corpus)
    assert is_built_on(session.run, PRESETS[0]), "that plan is not used for names without kinds"
    session.use(corpus_of_kinds)
    assert session.run.plan == plan


def test_the_first_data_with_kinds_begin_with_their_preset(session, corpus_of_kinds):
    session.use_plan(None, 7)
    session.use(corpus_of_kinds)
    assert is_built_on(session.run, KINDS)
    assert session.settings.seed == 7


def test_a_stored_plan_for_kinds_is_used_again(session, corpus_of_kinds):
    session.use(corpus_of_kinds)
    session.restart(
        hyperparameters=replace(session.hyperparameters, widths=(8,), balance=0.0),
        settings=replace(session.settings, cell="rnn"),
    )
    stored = type(session.run.plan).from_json(session.run.plan.to_json())
    session.use_plan(stored, None)
    session.use(corpus_of_kinds)
    assert session.run.plan == stored


def test_a_stored_plan_for_kinds_is_not_used_for_other_names(
    session, names_corpus, corpus_of_kinds
):
    session.use(corpus_of_kinds)
    session.use_plan(session.run.plan, None)
    session.use(names_corpus)
    assert is_built_on(session.run, PRESETS[0])
