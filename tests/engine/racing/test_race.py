"""Several runs at once: each is the run that it would be alone, to the bit."""

import numpy as np
import pytest

from engine.racing.lane import Lane
from engine.racing.race import Race, RacePlan
from engine.runs.reach import reach
from engine.sampling.log_entries import log_entry
from engine.sampling.names import sample_names
from engine.training.settings import Hyperparameters
from engine.training.trainer import Trainer


def alone(race, lane, steps):
    """Train the run of a lane without the others, and return its trainer and its log."""
    chosen, log = lane.lane, []
    trainer = Trainer(race.corpus, chosen.hyperparameters, settings=chosen.settings)
    while trainer.step < steps:
        trainer.run(steps - trainer.step)
        if trainer.is_at_log_entry:
            log.append(log_entry(trainer))
    return trainer, log


def test_lanes_go_in_lock_step_and_each_is_as_if_it_were_alone(make_race):
    race = make_race("cell=rnn; cell=gru, batch=3; cell=lstm, optimizer=adam", steps=60)
    seen = set()
    while not race.is_over:
        race.advance(0.002)
        steps = {lane.trainer.step for lane in race.lanes}
        assert len(steps) == 1
        seen |= steps
    assert max(seen) == 60
    assert len(seen) > 1
    for lane in race.lanes:
        expected, log = alone(race, lane, 60)
        assert lane.log == log != []
        assert lane.trainer.parameters.flat.tobytes() == expected.parameters.flat.tobytes()
        np.testing.assert_allclose(
            lane.curve.smoothed[-1, 2], expected.smoothed_loss / expected.smoothed_characters
        )
        assert lane.seconds > 0


def test_the_number_of_steps_of_a_slice_does_not_change_the_networks(make_race, finish):
    small, large = finish(make_race(steps=80), 1e-9), finish(make_race(steps=80), 10)
    for one, other in zip(small.lanes, large.lanes, strict=True):
        assert one.trainer.parameters.flat.tobytes() == other.trainer.parameters.flat.tobytes()
        np.testing.assert_array_equal(one.curve.smoothed[:, ::2], other.curve.smoothed[:, ::2])


def test_a_lane_logs_what_its_run_would_log_alone_however_it_is_sliced(
    make_race, finish, documents
):
    for seconds in (1e-9, 10):
        race = finish(make_race("cell=rnn; cell=gru", data=documents, steps=252), seconds)
        for lane in race.lanes:
            assert [entry.step for entry in lane.log] == [1, 251]
            assert lane.log == alone(race, lane, 252)[1]


def test_long_slices_are_left_between_two_lanes(make_race):
    race, usual = make_race(steps=30), make_race(steps=30)
    uneven, calls = 0, 0
    while not race.is_over and calls < 1_000:
        race.advance(1e-9, longest=0.0)
        steps = [lane.trainer.step for lane in race.lanes]
        uneven += steps[0] != steps[1]
        calls += 1
    assert uneven > 0
    assert [lane.trainer.step for lane in race.lanes] == [30, 30]
    for lane in race.lanes:
        expected = alone(race, lane, 30)[0].parameters.flat
        assert lane.trainer.parameters.flat.tobytes() == expected.tobytes()
    usual.advance(1e-9)
    assert len({lane.trainer.step for lane in usual.lanes}) == 1


def test_the_measurement_before_the_first_step_can_be_interrupted(corpus, base):
    def interrupt(_share):
        raise InterruptedError

    lanes = [base, base.changed(cell="gru")]
    with pytest.raises(InterruptedError):
        Race(corpus, lanes, while_measuring=interrupt)


def test_held_out_losses_are_measured_and_the_lowest_leads(make_race, finish):
    race = finish(make_race("learning_rate=0.02; learning_rate=0.00001", steps=1_300))
    for lane in race.lanes:
        assert lane.curve.held_out[:, 0].tolist() == [0, 1_000]
        assert lane.curve.held_out[0, 1] == 0
        assert 0 < lane.curve.held_out[1, 1] < lane.seconds
    assert race.leader is race.lanes[0]


def test_by_seconds_each_lane_is_trained_for_the_same_time(make_race, finish):
    race = make_race("batch=1; batch=60", pace="seconds", seconds=0.1)
    race.advance(0.02)
    assert all(lane.seconds >= 0.01 for lane in race.lanes)
    finish(race)
    quick, slow = race.lanes
    assert min(quick.seconds, slow.seconds) >= 0.1
    assert quick.trainer.step > slow.trainer.step


def test_by_seconds_a_race_can_end_after_steps(make_race, finish):
    race = finish(make_race("batch=1; batch=20", pace="seconds", steps=30))
    assert [lane.trainer.step for lane in race.lanes] == [30, 30]


def test_a_lane_that_diverges_stops_alone(make_race, finish):
    race = finish(make_race("learning_rate=0.01; learning_rate=1e15", steps=50))
    sound, diverged = race.lanes
    assert (sound.has_diverged, sound.trainer.step) == (False, 50)
    assert diverged.has_diverged
    assert diverged.trainer.step < 50
    assert diverged.trainer.parameters.is_finite()
    step = diverged.trainer.step
    race.plan = RacePlan(steps=60)
    finish(race)
    assert (sound.trainer.step, diverged.trainer.step) == (60, step)


def test_a_race_that_is_over_goes_on_when_its_plan_is_longer(make_race, finish):
    race = finish(make_race(steps=20))
    race.advance(1)
    assert race.step == 20
    race.plan = RacePlan(steps=45)
    finish(race)
    expected, _ = alone(race, race.lanes[1], 45)
    found = race.lanes[1].trainer
    assert found.parameters.flat.tobytes() == expected.parameters.flat.tobytes()


def test_any_step_of_a_lane_can_be_reached(make_race, finish, corpus):
    race = finish(make_race(steps=300))
    for lane in race.lanes:
        assert [each.step for each in lane.trainer.checkpoints] == [0, 250]
        reached = reach(lane.trainer.history, corpus, 260).trainer
        expected, _ = alone(race, lane, 260)
        assert reached.parameters.flat.tobytes() == expected.parameters.flat.tobytes()


def test_names_come_from_the_same_random_numbers(make_race, finish):
    race = finish(make_race(steps=10))
    for lane in race.lanes:
        trainer = lane.trainer
        expected = sample_names(trainer.parameters, trainer.vocabulary, 4, seed=7)
        assert lane.names(4, seed=7) == expected
    same = make_race("learning_rate=0.01; learning_rate=0.02")  # one network before the first step
    assert same.lanes[0].names(5) == same.lanes[1].names(5)


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"pace": "miles"}, "pace must be one of steps, seconds, got 'miles'."),
        ({"steps": 0}, "steps must be a whole number from 1 to"),
        ({"pace": "seconds", "seconds": 0.0}, "seconds must be above 0, got 0.0."),
        ({"seconds": 3.0}, "A race by steps does not end after seconds. Let it go by seconds."),
    ],
)
def test_a_plan_that_no_race_can_have_is_refused(plan, said):
    with pytest.raises(ValueError, match=said):
        RacePlan(**plan)


def test_lanes_that_cannot_race_are_refused_before_they_train(corpus):
    with pytest.raises(ValueError, match="Lanes 1 and 2 are the same"):
        Race(corpus, [Lane(Hyperparameters(0.1)), Lane(Hyperparameters(0.1))])


@pytest.mark.parametrize("plan", [{"steps": 40}, {"pace": "seconds", "seconds": 0.05}])
def test_all_steps_are_handed_over_in_their_order(make_race, plan):
    race = make_race(**plan)
    losses = {lane: [] for lane in race.lanes}
    while not race.is_over:
        for lane, chunk in race.advance(0.01):
            losses[lane].extend(chunk.smoothed_loss / chunk.smoothed_characters)
    assert race.advance(0.01) == []
    for lane in race.lanes:
        assert len(losses[lane]) == lane.trainer.step
        assert losses[lane][-1] == lane.curve.smoothed[-1, 2]
        assert len(lane.opening) == 0
