"""Which runs are on the plot, whatever is restarted, opened, shown again and deleted."""

from dataclasses import replace

import pytest

from dinogui.session.run import RunState
from engine.data.corpus import corpus_of_names
from engine.training.settings import Hyperparameters

PEOPLE = ["anna", "berta", "carla", "dora", "emil", "frida", "gustav", "hanna"]


@pytest.fixture
def training(session, qtbot):
    """Return a function that trains a session's run up to a step."""
    session.use(corpus_of_names(PEOPLE, "people", 0, lower_case=True))

    def train(step):
        session.train(step)
        qtbot.waitUntil(
            lambda: session.state is not RunState.TRAINING and session.steps_made == step
        )
        qtbot.waitUntil(lambda: session.snapshot_step == step)

    return train


def ids(session):
    return [run.run_id for run in session.on_plot.overlaid]


def test_only_the_run_before_is_added_by_itself(session, training):
    training(20)
    session.restart()
    training(30)
    session.restart()
    assert ids(session) == [2]
    assert session.on_plot.overlaid[0].step == 30
    session.restart()
    assert ids(session) == [2], "a run without steps takes nobody's place"


def test_a_run_that_a_person_shows_stays(session, training):
    training(20)
    session.restart()
    session.on_plot.hide_all()
    assert ids(session) == []
    session.on_plot.use_source(Source(session))
    session.on_plot.show("run 1")
    training(30)
    session.restart()
    assert ids(session) == [1, 2]
    colours = [run.colour for run in session.on_plot.overlaid]
    session.on_plot.hide("run 1")
    session.on_plot.show("run 1")
    assert ids(session) == [2, 1]
    assert [run.colour for run in session.on_plot.overlaid] == colours[::-1], "the free one again"


def test_the_present_run_is_never_beside_itself(session, training):
    training(20)
    session.restart()
    training(30)
    session.show_run(1)
    assert ids(session) == [2]
    session.show_run(2)
    assert ids(session) == [1]


def test_a_run_on_the_same_names_in_another_list_stays_and_one_on_others_goes(session, training):
    training(20)
    session.use(corpus_of_names(PEOPLE, "copy", 0, lower_case=True))
    assert ids(session) == [1]
    session.use(corpus_of_names(PEOPLE[1:], "others", 0, lower_case=True))
    assert ids(session) == []


def test_a_deleted_run_leaves_the_plot(session, training):
    training(20)
    session.restart()
    source = Source(session)
    session.on_plot.use_source(source)
    session.on_plot.refresh()
    assert ids(session) == [1]
    source.deleted.add(1)
    session.on_plot.refresh()
    assert ids(session) == []


def test_a_run_that_is_going_on_again_is_compared_from_its_true_beginning(session, training):
    training(20)
    session.set_hyperparameters(learning_rate=0.05)
    training(25)
    session.set_hyperparameters(learning_rate=0.2, widths=(60,))
    training(40)
    session.restart(hyperparameters=replace(session.hyperparameters))
    (run,) = session.on_plot.overlaid
    begun = Hyperparameters(
        **{**vars(session.hyperparameters), "learning_rate": 0.01, "widths": (50,)}
    )
    assert run.record.hyperparameters == begun
    assert [step for step, _ in run.curves.clock.sizes] == [0, 25]


class Source:
    """The list of a session's open runs."""

    def __init__(self, session):
        self.session, self.deleted = session, set()

    def key_of(self, run):
        return f"run {run.id}"

    def colour_of(self, key):
        return None

    def choices(self):
        runs = self.session.runs.all_earlier
        return [(self.key_of(r), f"{r.id}", r.id) for r in runs if r.id not in self.deleted]

    def read(self, key, done, refused):
        refused("That run is no longer there.")
