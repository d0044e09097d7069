"""Passages of tunes, as a run that tells their kinds reads them."""

import itertools

import numpy as np
import pytest

from engine.data.melodies import melodies_of
from engine.data.name_kinds import NameKinds
from engine.melody.note import Melody, Note
from engine.storage.validated_mapping import ValidatedMapping
from engine.training.loaders.passage_loader import PassageLoader
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer

pytestmark = pytest.mark.usefixtures("each_backend")

SETTINGS = RunSettings(
    cell="gru", task="tell", both_directions=True, dtype="float32", seed=2, held_out=0.25
)


def tunes_of(transpose="none", counts=(8, 4)):
    """Return tunes of two kinds, whose lengths and notes differ."""
    random = np.random.default_rng(5)
    kinds = [kind for kind, count in enumerate(counts) for _ in range(count)]
    tunes = [
        Melody(
            tuple(
                Note(int(pitch), 1)
                for pitch in 55 + 12 * kind + random.integers(0, 12, 40 + 16 * (place % 3))
            ),
            f"tune {place}",
        )
        for place, kind in enumerate(kinds)
    ]
    of_each = NameKinds(("low", "high"), tuple(kinds), tuple(kinds))
    return melodies_of(tunes, "tunes", grid="swing", transpose=transpose, kinds=of_each)


def drawn(loader, count):
    """Return the symbols of each passage of a batch, without its end, and their kinds."""
    batch = loader.next_batch(count)
    rows = [[] for _ in range(batch.n_names)]
    for step in batch.steps:
        for row, place in zip(range(step.start, step.stop), itertools.count()):
            rows[place].append(int(batch.inputs[row]))
    assert all(row[0] == -1 for row in rows)  # nothing is read before the first symbol
    return [tuple(row[1:]) for row in rows], batch.kinds.tolist()


def test_each_passage_is_eight_bars_of_a_training_tune_of_its_kind():
    melodies = tunes_of()
    loader = PassageLoader(melodies, SETTINGS)
    held_out = {tuple(loader.held_out[place][:-1]) for place in range(len(loader.held_out))}
    tunes = [melodies.melody(number) for number in range(12)]
    texts = [[note.pitch for note in tune.notes] for tune in tunes]
    begins = set()
    for _ in range(6):
        passages, kinds = drawn(loader, len(loader))
        for passage, kind in zip(passages, kinds, strict=True):
            assert passage not in held_out
            pitches = [note.pitch for note in melodies.notes.notes_of(passage)]
            assert len(pitches) == 32
            found = [
                (number, begin)
                for number, text in enumerate(texts)
                for begin in range(len(text))
                if text[begin : begin + 32] == pitches
            ]
            assert len(found) == 1
            number, begin = found[0]
            assert begin % 4 == 0
            assert melodies.kinds.of_distinct[number] == kind
            begins.add((number, begin))
    assert len({number for number, _ in begins}) == 9  # a quarter of each kind is held out
    assert len(begins) > 2 * len(loader)  # each epoch draws anew


def test_a_state_continues_with_the_same_passages():
    melodies = tunes_of("all")
    loader, other = (PassageLoader(melodies, SETTINGS, 0.5) for _ in range(2))
    drawn(loader, 17)
    other.restore(ValidatedMapping(loader.state()), None)
    assert drawn(loader, 30) == drawn(other, 30)
    assert loader.latest.tolist() == other.latest.tolist()


def test_all_keys_are_drawn_and_kinds_as_evenly_as_asked():
    loader = PassageLoader(tunes_of("all", (12, 4)), SETTINGS)
    passages, kinds = drawn(loader, 10 * len(loader))
    assert len(set(passages)) > 60
    assert np.mean(kinds) < 0.35
    loader.set_balance(1.0)
    assert abs(np.mean(drawn(loader, 10 * len(loader))[1]) - 0.5) < 0.05


def test_a_run_learns_who_plays_and_measures_accuracy():
    trainer = Trainer(
        tunes_of(),
        Hyperparameters(0.02, 1.0, (8,), clipping="norm", optimizer="adam", batch=8),
        settings=SETTINGS,
    )
    assert trainer.held_out_size.noun == "passage"
    while trainer.step < 40:
        trainer.run(40)
    assert trainer.held_out_loss().accuracy == 1.0
    assert trainer.held_out_title(0).endswith(", bars 1–8")


@pytest.mark.parametrize(
    ("melodies", "sentence"),
    [
        (tunes_of(counts=(1, 1)), "each tune is the only one of its kind"),
        (
            melodies_of(
                [Melody((Note(60, 1), Note(62, 2)) * 30)] * 2 + [Melody((Note(60, 1),) * 50)],
                "plain",
                grid="swing",
            ),
            "learns from tunes with kinds",
        ),
    ],
)
def test_tunes_of_which_no_kind_can_be_told_are_refused(melodies, sentence):
    with pytest.raises(ValueError, match=sentence):
        Trainer(melodies, Hyperparameters(widths=(4,)), settings=SETTINGS)
