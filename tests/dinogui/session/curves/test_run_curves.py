import numpy as np

from dinogui.session.curves.run_curves import Curves
from engine.evaluation.units import Unit
from engine.storage.validated_mapping import ValidatedMapping
from engine.training.messages import Chunk, HeldOutLoss


def test_nats_per_name_and_nats_per_character_are_kept_apart():
    curves = Curves()
    chunk = Chunk(
        loss=np.array([20.0, 30.0]),
        characters=np.array([5.0, 15.0]),
        smoothed_loss=np.array([20.0, 25.0]),
        smoothed_characters=np.array([5.0, 10.0]),
        held_out=(HeldOutLoss(0, 40.0, 3.3),),
    )
    curves.append(2, chunk)
    assert curves.last_step == 2
    assert curves.raw(Unit.NATS_PER_NAME).nearest(2) == (2.0, 30.0)
    assert curves.raw(Unit.PERPLEXITY).nearest(2) == (2.0, 2.0)
    assert curves.smoothed(Unit.NATS_PER_NAME).nearest(2) == (2.0, 25.0)
    assert curves.smoothed(Unit.BITS_PER_CHARACTER).nearest(2) == (2.0, 2.5)
    assert curves.held_out(Unit.NATS_PER_NAME).nearest(0) == (0.0, 40.0)
    assert curves.held_out(Unit.NATS_PER_CHARACTER).nearest(0) == (0.0, 3.3)


def test_curves_saved_by_an_earlier_version_are_read():
    curves = Curves()
    ones = np.ones(5)
    curves.append(5, Chunk(ones, ones, ones, ones, held_out=(HeldOutLoss(0, 40.0, 3.3),)))
    state = curves.state()
    assert {name.partition(".")[0] for name in state} - {"last_step"} == {
        f"{what} per {of}"
        for what in ("raw", "smoothed", "held out")
        for of in ("name", "character")
    }
    earlier = {name.replace(" per ", " a "): value for name, value in state.items()}
    restored = Curves.restored(ValidatedMapping(earlier)).state()
    assert restored.keys() == state.keys()
    for name, value in state.items():
        np.testing.assert_array_equal(restored[name], value)
