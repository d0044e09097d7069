import numpy as np

from dinogui.history import History
from engine.messages import HeldOutLoss, Stretch
from engine.units import Unit


def test_history_keeps_nats_a_name_and_nats_a_character_apart():
    history = History()
    stretch = Stretch(
        loss=np.array([20.0, 30.0]),
        characters=np.array([5.0, 15.0]),
        smoothed_loss=np.array([20.0, 25.0]),
        smoothed_characters=np.array([5.0, 10.0]),
        held_out=(HeldOutLoss(0, 40.0, 3.3),),
    )
    history.append(2, stretch)
    assert history.last_step == 2
    assert history.raw(Unit.NATS_A_NAME).nearest(2) == (2.0, 30.0)
    assert history.raw(Unit.PERPLEXITY).nearest(2) == (2.0, 2.0)
    assert history.smoothed(Unit.NATS_A_NAME).nearest(2) == (2.0, 25.0)
    assert history.smoothed(Unit.BITS_A_CHARACTER).nearest(2) == (2.0, 2.5)
    assert history.held_out(Unit.NATS_A_NAME).nearest(0) == (0.0, 40.0)
    assert history.held_out(Unit.NATS_A_CHARACTER).nearest(0) == (0.0, 3.3)
