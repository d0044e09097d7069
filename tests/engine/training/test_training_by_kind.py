"""Training by kind: what it needs, what it holds out, what it logs, and its changes on the way."""

import dataclasses

import numpy as np
import pytest

from engine.data.text import text_of_pieces
from engine.nn.cells import CELLS
from engine.nn.classifier import probabilities_of_names
from engine.nn.kinds import blend_of, of_blend
from engine.nn.network import loss_of_names
from engine.sampling.log_entries import name_log_entry
from engine.training.loaders.data_loader import check_run
from engine.training.recipes import DEFAULT, NOTEBOOK
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer

pytestmark = pytest.mark.usefixtures("each_backend")

TELL = {"task": "tell"}
TASKS = pytest.mark.parametrize(
    "settings", [{}, TELL, {"task": "tell", "both_directions": True}], ids=["write", "tell", "both"]
)


def test_telling_needs_names_with_kinds(corpus, kind_corpus):
    settings = RunSettings(task="tell")
    with pytest.raises(ValueError, match="learns from names with kinds"):
        Trainer(corpus, settings=settings)
    check_run(kind_corpus, DEFAULT, Hyperparameters(), settings)


def test_a_text_has_no_kinds_to_tell():
    text = text_of_pieces(
        ["some text of some length " * 20], "text.txt", lower_case=False, document_break=None
    )
    with pytest.raises(ValueError, match="learns from names with kinds"):
        Trainer(text, settings=RunSettings(task="tell"))


def test_the_recipe_of_the_course_knows_no_kinds(kind_corpus):
    with pytest.raises(ValueError, match="The notebook recipe is the course's"):
        Trainer(kind_corpus, recipe=NOTEBOOK)


def test_no_name_is_held_out_in_one_kind_and_learned_in_another(train_kinds, kind_corpus):
    trainer = train_kinds(0)
    training, held_out = kind_corpus.split(trainer.settings.seed)
    assert not set(training) & set(held_out)
    data = trainer.learner.loader.held_out_data
    assert len(data.names()) == len(held_out)
    assert set(data.names().kinds) == {0, 1, 2}, "each kind has names that are held out"


def test_the_held_out_loss_is_that_of_each_name_in_its_kind(train_kinds):
    trainer = train_kinds(20, batch=8, widths=(8,))
    names = trainer.learner.loader.held_out_data.names()
    total = 0.0
    for place, kind in enumerate(names.kinds):
        plain = of_blend(trainer.parameters, np.eye(3)[kind])
        one = dataclasses.replace(names.take(np.array([place])), kinds=None)
        total += loss_of_names(plain, one).nats_per_name
    found = trainer.held_out_loss()
    assert found.nats_per_name == pytest.approx(total / len(names))
    assert found.accuracy is None


def test_accuracy_and_loss_are_those_of_the_probabilities(train_kinds):
    trainer = train_kinds(20, batch=8, widths=(8,), **TELL)
    names = trainer.learner.loader.held_out_data.names()
    told = probabilities_of_names(trainer.parameters, names)
    found = trainer.held_out_loss()
    own = told[np.arange(len(names)), names.kinds]
    assert found.nats_per_name == found.nats_per_character == pytest.approx(-np.log(own).mean())
    assert found.accuracy == (told.argmax(axis=1) == names.kinds).mean()


def test_a_network_learns_to_tell_the_kinds(train_kinds):
    trainer = train_kinds(250, batch=16, widths=(16,), optimizer="adam", cell="gru", **TELL)
    assert trainer.held_out_loss().accuracy > 0.8
    assert trainer.held_out_trend.best.accuracy is not None


def test_a_network_learns_to_write_by_kind(train_kinds):
    trainer = train_kinds(250, batch=16, widths=(24,), optimizer="adam", learning_rate=0.01)
    snapshot = trainer.snapshot()
    assert snapshot.kinds == ("Saurian", "Raptor", "Old Bird")
    bird = snapshot.of_blend(blend_of(snapshot.kinds, {"Old Bird": 1}))
    assert bird.kinds == ()
    assert bird.parameters.architecture.n_kinds == 0
    names = trainer.vocabulary.encode_all(["baraptor", "basaurus"])
    as_raptor = of_blend(trainer.parameters, np.array([0.0, 1.0, 0.0]))
    as_saurian = of_blend(trainer.parameters, np.array([1.0, 0.0, 0.0]))
    for place, (liked, other) in enumerate([(as_raptor, as_saurian), (as_saurian, as_raptor)]):
        name = names.take(np.array([place]))
        assert loss_of_names(liked, name).nats_per_name < loss_of_names(other, name).nats_per_name


def test_a_log_entry_says_the_kind_of_each_name(train_kinds):
    entry = name_log_entry(train_kinds(1, batch=4))
    assert len(entry.names) == len(entry.kinds) == 7
    assert set(entry.kinds) == {"Saurian", "Raptor", "Old Bird"}


def test_a_network_that_tells_logs_what_it_tells(train_kinds):
    trainer = train_kinds(1, batch=4, **TELL)
    entry = name_log_entry(trainer)
    assert (entry.step, entry.smoothed_loss) == (1, trainer.smoothed_loss)
    assert entry.accuracy == trainer.held_out_trend.latest.accuracy
    assert 0 < len(entry.told) <= 7
    assert {each.kind for each in entry.told} <= {*trainer.kinds}


def test_without_kinds_a_log_entry_has_none(train):
    assert name_log_entry(train(1)).kinds == ()


@pytest.mark.parametrize(
    "settings", [{}, TELL, TELL | {"both_directions": True}], ids=["write", "tell", "both"]
)
@pytest.mark.parametrize("cell", CELLS)
def test_widths_and_layers_change_while_it_trains(train_kinds, advance, cell, settings):
    trainer = train_kinds(12, batch=8, widths=(6,), cell=cell, **settings)
    before = trainer.held_out_loss().nats_per_name
    for widths in ((9,), (9, 5), (4, 5)):
        trainer.set_hyperparameters(dataclasses.replace(trainer.hyperparameters, widths=widths))
        architecture = trainer.parameters.architecture
        assert architecture.widths == widths
        assert (architecture.n_kinds, architecture.task) == (3, trainer.settings.task)
        if widths == (9,):
            assert trainer.held_out_loss().nats_per_name == pytest.approx(before)
        advance(trainer, 5)
    assert np.isfinite(trainer.held_out_loss().nats_per_name)


@TASKS
def test_a_run_goes_back_to_its_best_network(train_kinds, settings):
    trainer = train_kinds(200, batch=8, widths=(8,), learning_rate=0.02, **settings)
    step, flat = trainer.best.step, trainer.best.parameters.flat.copy()
    trainer.go_to_best()
    assert trainer.parameters.flat.tobytes() == flat.tobytes()
    assert trainer.snapshot().step == step


@TASKS
def test_a_run_goes_back_to_its_last_healthy_network(train_kinds, advance, settings):
    trainer = train_kinds(300, batch=4, widths=(8,), **settings)
    trainer.go_back(halve_rate=True)
    assert trainer.snapshot().step == trainer.good_step < 300
    advance(trainer, 5)


@pytest.mark.parametrize("batch", [1, 5])
def test_one_name_a_step_is_read_with_its_kind(train_kinds, batch):
    trainer = train_kinds(30, batch=batch, widths=(6,))
    named = trainer.parameters.named
    assert (abs(named["K"]).sum(axis=1) > 0).all(), "each kind has learned something of its own"
