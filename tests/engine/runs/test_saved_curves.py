"""The curves of the command line's runs, in their files."""

import numpy as np
import pytest

from engine.cli.main import main
from engine.evaluation.units import Unit
from engine.racing.race_folder import open_lanes
from engine.runs.run_file import load_run, save_run
from engine.runs.saved_curves import curve_extras, known_curves, read_curves
from engine.training.curves.axis_quantity import AxisQuantity
from engine.training.trainer import Trainer

NATS = Unit.NATS_PER_CHARACTER


@pytest.fixture
def run(capsys):
    """Return a function that runs a command in here, and returns its messages."""

    def run(*arguments):
        assert main([str(word) for word in arguments]) == 0
        return capsys.readouterr().err

    return run


@pytest.fixture
def trained(run, names_path, tmp_path):
    """Return a function that trains for so many steps, and returns the file."""

    def trained(steps, *options):
        path = tmp_path / f"{steps}.npz"
        run("train", names_path, "--hidden", 8, "--steps", steps, *options, "--save", path)
        return path

    return trained


def curves_in(path):
    saved = load_run(path)
    return read_curves(saved.extras, saved.state.step)


def points(curve):
    return [each.tolist() for each in curve.points(0, 10_000, 1 << 14)]


def all_points(curves):
    drawn = [points(each(NATS)) for each in (curves.raw, curves.smoothed, curves.held_out)]
    return [*drawn, [each.tolist() for each in curves.quantiles(NATS).points(0, 10_000)]]


def test_a_saved_run_has_the_losses_of_all_its_steps(trained):
    path = trained(120)
    saved, curves = load_run(path), curves_in(path)
    again = Trainer(
        saved.data(), saved.record.hyperparameters, saved.state.recipe, saved.state.settings
    )
    chunks = [again.run(1) for _ in range(120)]
    losses = [float(chunk.loss[0] / chunk.characters[0]) for chunk in chunks]
    steps, found = (np.unique(each) for each in curves.raw(NATS).points(0, 120, 1 << 14))
    np.testing.assert_array_equal(steps, np.arange(1, 121))
    np.testing.assert_array_equal(found, np.unique(losses))
    measured = [each.nats_per_character for chunk in chunks for each in chunk.held_out]
    assert sorted(set(points(curves.held_out(NATS))[1])) == sorted(set(measured))
    seconds = curves.clock.amounts(AxisQuantity.TIME, np.array([120.0]))[0]
    assert seconds == saved.seconds > 0


def test_resuming_goes_on_with_the_curve(run, trained):
    path = trained(70)
    run("resume", path, "--steps", 50)
    assert all_points(curves_in(path)) == all_points(curves_in(trained(120)))
    assert curves_in(path).last_step == 120


def test_a_run_that_goes_on_from_an_earlier_step_has_the_curve_up_to_there(run, trained, tmp_path):
    path, later = trained(120), tmp_path / "later.npz"
    run("resume", path, "--at", 40, "--steps", 10, "--save", later)
    assert all_points(curves_in(later)) == all_points(curves_in(trained(50)))


def test_a_text_is_measured_before_its_first_step(run, tmp_path):
    path, text = tmp_path / "text.npz", tmp_path / "some.txt"
    text.write_text("To be, or not to be, that is the question. " * 40)
    run("train", text, "--text", "--hidden", 8, "--steps", 5, "--save", path)
    assert curves_in(path).held_out(NATS).first_step == 0


def test_the_curve_of_a_run_that_kept_none_begins_where_it_goes_on(run, trained):
    path = trained(60)
    saved = load_run(path)
    save_run(path, saved.data(), saved.state, {"seconds": saved.seconds})
    assert curves_in(path) is None
    known = known_curves(saved.state)
    assert known.smoothed(NATS).first_step == 60
    assert known.held_out(NATS).lowest_point is not None
    run("resume", path, "--steps", 20)
    assert curves_in(path).smoothed(NATS).first_step == 60
    assert curves_in(path).raw(NATS).first_step == 61


def test_a_damaged_curve_begins_anew_and_the_run_goes_on(run, trained):
    path = trained(60)
    saved = load_run(path)
    extras = dict(saved.extras) | {"curve.smoothed per name.buckets": np.full((3, 4), np.nan)}
    save_run(path, saved.data(), saved.state, extras)
    said = run("resume", path, "--steps", 20)
    assert "The curve in the file is damaged, and begins anew: buckets and open must be" in said
    assert curves_in(path).raw(NATS).first_step == 61


def test_a_curve_beyond_the_last_step_is_damaged(trained):
    path = trained(60)
    saved = load_run(path)
    with pytest.raises(ValueError, match="last_step"):
        read_curves(saved.extras, 59)


def test_a_run_without_a_step_has_an_empty_curve(corpus):
    trainer = Trainer(corpus)
    curves = known_curves(trainer.state())
    assert not curves.has_losses
    assert read_curves(curve_extras(curves), 0).last_step == 0


def test_the_lanes_of_a_race_have_their_curves_and_go_on_with_them(run, names_path, tmp_path):
    folder, longer = tmp_path / "race", tmp_path / "longer"
    options = "--lanes", "rates", "--hidden", 8
    run("race", names_path, *options, "--steps", 30, "--save", folder)
    run("race", names_path, *options, "--steps", 50, "--save", longer)
    run("race", folder, "--steps", 20)
    for (_, lane), (_, whole) in zip(open_lanes(folder), open_lanes(longer), strict=True):
        curves = read_curves(lane.extras, 50)
        assert all_points(curves) == all_points(read_curves(whole.extras, 50))
        seconds = curves.clock.amounts(AxisQuantity.TIME, np.array([50.0]))[0]
        assert seconds == lane.seconds > 0


def test_a_race_that_kept_no_curves_goes_on_without(run, names_path, tmp_path):
    folder = tmp_path / "race"
    run("race", names_path, "--lanes", "rates", "--hidden", 8, "--steps", 20, "--save", folder)
    for path in folder.glob("*.npz"):
        saved = load_run(path)
        kept = {n: value for n, value in saved.extras.items() if not n.startswith("curve.")}
        save_run(path, saved.data(), saved.state, kept)
    run("race", folder, "--steps", 10)
    for _, lane in open_lanes(folder):
        assert read_curves(lane.extras, 30) is None
        assert lane.extras["race.smoothed"][-1, 0] == 30
