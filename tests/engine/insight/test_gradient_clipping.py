import numpy as np
import pytest

from engine.insight import clipping

CELLS = pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
NAME = [3, 1, 4, 1, 0]
STEP = 1e-5


@CELLS
@pytest.mark.parametrize("widths", [(4,), (4, 3)], ids=str)
@pytest.mark.parametrize("embedding", [None, 2])
def test_gradients_equal_the_courses(make_snapshot, by_course, cell, widths, embedding):
    snapshot = make_snapshot(widths, cell=cell, embedding=embedding)
    found, parameters = clipping(snapshot, NAME, None), snapshot.parameters.copy()
    assert found.loss == pytest.approx(by_course(parameters, NAME).losses.sum(), abs=1e-12)
    named = parameters.named
    assert [each.name for each in found.gradients] == list(named)
    random = np.random.default_rng(3)
    for each in found.gradients:
        array, before = named[each.name], named[each.name].copy()
        assert each.gradient.shape == array.shape
        direction = random.normal(size=array.shape)
        losses = []
        for sign in (1, -1):
            array[:] = before + sign * STEP * direction
            losses.append(by_course(parameters, NAME).losses.sum())
        array[:] = before
        slope = (losses[0] - losses[1]) / (2 * STEP)
        assert (each.gradient * direction).sum() == pytest.approx(slope, rel=1e-6, abs=1e-8)


def test_clipping_by_entry(make_snapshot):
    found = clipping(make_snapshot(), NAME, 0.2)
    whole = np.concatenate([each.gradient.ravel() for each in found.gradients])
    assert found.norm_before == pytest.approx(np.linalg.norm(whole))
    assert found.norm_after == pytest.approx(np.linalg.norm(np.clip(whole, -0.2, 0.2)))
    shares = [each.share_clipped for each in found.gradients]
    assert shares == [(np.abs(each.gradient) > 0.2).mean() for each in found.gradients]
    assert 0 < max(shares) < 1


def test_clipping_by_norm(make_snapshot):
    tight, loose = (clipping(make_snapshot(), NAME, clip, "norm") for clip in (0.5, 500.0))
    assert tight.norm_before == loose.norm_before == loose.norm_after > 0.5
    assert tight.norm_after == pytest.approx(0.5)
    by_name = {each.name: each for each in tight.gradients}
    assert by_name["Waa"].share_clipped == 1
    # Columns of letters that were not read have no gradient to scale down.
    assert by_name["Wax"].share_clipped == (by_name["Wax"].gradient != 0).mean() < 1
    assert all(each.share_clipped == 0 for each in loose.gradients)


def test_no_clipping(make_snapshot):
    found = clipping(make_snapshot(), NAME, None)
    assert found.norm_before == found.norm_after
    assert all(each.share_clipped == 0 for each in found.gradients)


def test_the_histogram_holds_every_entry(make_snapshot):
    snapshot = make_snapshot()
    found = clipping(snapshot, NAME, 1.0)
    whole = np.concatenate([each.gradient.ravel() for each in found.gradients])
    assert found.histogram.zeros == (whole == 0).sum() > 0
    assert found.histogram.counts.sum() + found.histogram.zeros == whole.size
    above = found.histogram.edges[:-1] >= 0.1 * (1 - 1e-9)
    assert found.histogram.counts[above].sum() == (np.abs(whole) > 0.1).sum() > 0


@CELLS
@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("kind", ["entries", "norm"])
def test_values_that_are_not_finite_are_passed_on_and_counted(
    make_snapshot, spoil, cell, value, kind
):
    found = clipping(spoil(make_snapshot((5, 3), cell=cell), "by", value), NAME, 1.0, kind)
    assert np.isnan(found.loss)
    assert np.isnan(found.norm_before)
    whole = np.concatenate([each.gradient.ravel() for each in found.gradients])
    assert found.not_finite == (~np.isfinite(whole)).sum() > 0


@pytest.mark.parametrize("clip", [0.0, -1.0, float("nan")])
def test_a_clip_value_that_is_not_above_0_is_refused(make_snapshot, clip):
    with pytest.raises(ValueError, match="clip must be above 0, or None for off, got"):
        clipping(make_snapshot(), NAME, clip)


def test_an_unknown_way_to_clip_is_refused(make_snapshot):
    with pytest.raises(ValueError, match="clipping must be one of entries, norm, got 'hair'"):
        clipping(make_snapshot(), NAME, 1.0, "hair")
