"""The head's sentence names the strongest baseline that the loss beats."""

import pytest

from dinogui.panels.loss.head.statement import ShownLoss, state
from engine.evaluation.held_out.size import HeldOutSize
from engine.evaluation.units import Unit

SIZE = HeldOutSize(20_000, 111_539, "symbol")
N_GRAMS = (2.81, 2.19, 1.91, 1.85, 1.88)


def shown(loss, held_out=SIZE, n_grams=N_GRAMS, step=1_500):
    unit = Unit.NATS_PER_CHARACTER
    return ShownLoss("text", unit, loss, step, held_out, False, 3.30, n_grams)


@pytest.mark.parametrize(
    ("loss", "sentence"),
    [
        (3.5, "held out · worse than guessing (3.30)"),
        (3.30, "held out · as good as guessing"),
        (3.0, "held out · better than guessing (3.30)"),
        (2.81, "held out · better than guessing (3.30)"),
        (2.5, "held out · better than 1-gram counting (2.81)"),
        (1.90, "held out · better than 3-gram counting (1.91)"),
        (1.86, "held out · better than 5-gram counting (1.88)"),
        (1.71, "held out · better than all counting (1.85)"),
    ],
)
def test_it_names_the_strongest_that_is_beaten(loss, sentence):
    said = state(shown(loss))
    assert said.sentences[0] == sentence
    assert said.figure == f"{loss:.2f}"
    lengths = [len(text) for text in said.sentences]
    assert lengths == sorted(lengths, reverse=True)


def test_before_the_first_step_guessing_is_shown():
    said = state(shown(None))
    assert (said.figure, said.sentences[0]) == ("3.30", "as good as guessing")
    assert state(ShownLoss()).figure == ""


def test_the_training_loss_is_compared_with_guessing_alone():
    said = state(shown(2.5, held_out=None, n_grams=()))
    assert said.sentences[0] == "training · better than guessing (3.30)"
    assert "Smoothed training loss at step 1,500" in said.details


def test_the_details_say_on_how_much_and_when_it_was_measured():
    said = state(shown(1.712)).details
    assert "step 1,500, measured on 20,000 of 111,539 symbols" in said
    assert "1.71 nats per symbol" in said
    assert "n = 1: 2.81, 2: 2.19, 3: 1.91, 4: 1.85, 5: 1.88." in said


def test_a_step_whose_loss_was_not_kept_is_not_said_to_be_as_good_as_guessing():
    said = state(ShownLoss(guessing=41.52, looked_at=1097))
    assert said.figure == "–"
    assert said.sentences[0] == "step 1,097 · its loss was not kept"
    beginning = state(ShownLoss(guessing=41.52, looked_at=0))
    assert (beginning.figure, beginning.sentences[0]) == ("41.52", "step 0 · as good as guessing")


@pytest.mark.parametrize(
    ("accuracy", "sentence"),
    [
        (2.0, "held out · worse than guessing (5.6\u00a0%)"),
        (30.0, "held out · better than guessing (5.6\u00a0%)"),
        (53.0, "held out · better than the largest kind (52.0\u00a0%)"),
        (70.0, "held out · better than 1-gram Bayes (60.0\u00a0%)"),
        (90.0, "held out · better than all n-gram Bayes (80.7\u00a0%)"),
    ],
)
def test_of_accuracies_the_highest_is_the_strongest(accuracy, sentence):
    unit, n_grams = Unit.TOLD_RIGHT, (60.0, 75.0, 80.7)
    known = {"guessing": 5.6, "n_grams": n_grams, "largest_kind": 52.0, "tells": True}
    said = state(ShownLoss("names", unit, accuracy, 400, SIZE, **known))
    assert said.sentences[0] == sentence
    assert "Kinds told right at step 400" in said.details
    assert "Guessing, every kind equally likely: 5.6\u00a0%." in said.details


def test_what_was_not_measured_yet_is_not_taken_for_guessing():
    begun = ShownLoss("names", Unit.TOLD_RIGHT, None, 30, guessing=5.6, tells=True)
    said = state(begun)
    assert said.figure == "–"
    assert "nothing of it has been told" in said.details
    before = state(ShownLoss("names", Unit.TOLD_RIGHT, None, 0, guessing=5.6, tells=True))
    assert (before.figure, before.sentences[0]) == ("5.6\u00a0%", "as good as guessing")
