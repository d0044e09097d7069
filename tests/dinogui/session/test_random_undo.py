"""Random orders of resizes, other changes, training, undo and redo, on a trainer without a window.

Some of the runs have a learning rate at which the loss soon is far above that of guessing: even
then, undo brings back what was there.
"""

import random
from dataclasses import replace

import numpy as np
import pytest

from dinogui.session.undo import Undo
from engine.data.corpus import names_from_bytes
from engine.runs.replay import replay
from engine.training.recipes import DEFAULT
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer

WIDTHS = (4, 6, 9, 14, 23)
NAMES = b"anna\nbob\nclara\ndavid\nemil\nfrieda\ngustav\nhanna\nida\njonas\n" * 3


class Person:
    """Changes a trainer as the window does: every change is recorded by undo."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.undo = Undo()
        self.undo.show(1)
        begin = Hyperparameters(learning_rate=0.01, clip=None, widths=(14,))
        corpus = names_from_bytes(NAMES, "people")
        self.trainer = Trainer(corpus, begin, DEFAULT, RunSettings(seed=seed))
        self.reports = []

    def apply(self, values, group, *, undo=True):
        wanted = replace(self.trainer.hyperparameters, **values)
        report = self.trainer.set_hyperparameters(wanted, group, undo=undo)
        if report is not None:
            self.reports.append(report)
        return True

    def change(self, **changes):
        now = self.trainer.hyperparameters
        changes = {name: new for name, new in changes.items() if new != getattr(now, name)}
        if changes:
            before = {name: getattr(now, name) for name in changes}
            group = self.undo.group_for(before, changes)
            self.apply(changes, group, undo=False)
            self.undo.record_hyperparameters(before, changes, group, self.apply)

    def train(self, steps):
        end = self.trainer.step + steps
        while self.trainer.step < end:
            self.trainer.run(end - self.trainer.step)
            assert self.trainer.divergence is None

    def do_something(self):
        widths, dice = self.trainer.hyperparameters.widths, self.random
        what = dice.choices(
            ("resize", "add", "rate", "pause", "train", "undo", "redo"), (7, 1, 2, 2, 3, 4, 2)
        )[0]
        if what == "resize":
            place = dice.randrange(len(widths))
            self.change(widths=(*widths[:place], dice.choice(WIDTHS), *widths[place + 1 :]))
        elif what == "add" and len(widths) < 3:
            self.change(widths=(*widths, dice.choice(WIDTHS)))
        elif what == "rate":
            self.change(learning_rate=dice.choice((0.003, 0.01, 0.3, 40.0)))
        elif what == "pause":
            self.undo.end_gesture()
        elif what == "train":
            self.train(dice.choice((1, 5, 20)))
        elif what in ("undo", "redo"):
            getattr(self.undo, what)()


@pytest.mark.parametrize("seed", range(6))
def test_undo_knows_every_change_of_the_widths(qapp, seed):
    person = Person(seed)
    trainer = person.trainer
    for _ in range(40):
        person.do_something()
    assert len(person.reports) > 10
    assert not any(report.is_forgotten for report in person.reports)
    # What is undone at once is undone to the last bit.
    person.undo.end_gesture()
    before, widths = trainer.parameters.flat.copy(), trainer.hyperparameters.widths
    person.change(widths=(5, *widths[1:]))
    person.undo.undo()
    np.testing.assert_array_equal(trainer.parameters.flat, before)
    # The record repeats all of it.
    again = replay(trainer.record, trainer.corpus, trainer.parameters, trainer.step)
    assert again.difference is None


def test_undo_knows_a_narrowing_of_a_network_that_is_worse_than_guessing(qapp):
    person = Person(1)
    trainer = person.trainer
    person.change(learning_rate=40.0)
    person.train(30)
    guessing = np.log(len(trainer.vocabulary.symbols))
    assert trainer.smoothed_loss > 2 * guessing * trainer.smoothed_characters
    before = trainer.parameters.flat.copy()
    person.change(widths=(6,))
    person.undo.undo()
    assert not person.reports[-1].is_forgotten
    np.testing.assert_array_equal(trainer.parameters.flat, before)
