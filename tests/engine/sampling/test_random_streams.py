import numpy as np
import pytest

from engine.sampling.random_streams import MAX_POSITIONS, RandomStreams

_MASK = 2**64 - 1


def splitmix(counter):
    """Return the counter's number, written with Python's whole numbers."""
    bits = (counter + 0x9E3779B97F4A7C15) & _MASK
    bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & _MASK
    return bits ^ (bits >> 31)


def test_the_generator_is_the_published_one():
    # The first numbers of SplitMix64 from the state 1234567, as the reference code prints them.
    state, expected = 1234567, [6457827717110365317, 3203168211198807973, 9817491932198370423]
    drawn = [splitmix((state + i * 0x9E3779B97F4A7C15) & _MASK) for i in range(3)]
    assert drawn == expected


@pytest.mark.parametrize("seed", [0, 7, 2**32 - 2, 2**64 - 1])
def test_numbers_belong_to_seed_name_place_and_symbol(seed):
    names, place = np.array([0, 3, 2**31 - 1]), MAX_POSITIONS - 1
    found = RandomStreams(seed).uniforms(names, place, 4)
    for row, name in enumerate(names.tolist()):
        for symbol in range(4):
            counter = ((name << 12) + place << 21) + symbol
            bits = splitmix((counter * 0x9E3779B97F4A7C15 + splitmix(seed)) & _MASK)
            assert found[row, symbol] == ((bits >> 12) + 0.5) / 2**52


def test_numbers_spread_evenly():
    u = RandomStreams(1).uniforms(np.arange(2_000), 5, 30)
    assert u.min() > 0
    assert u.max() < 1
    counts = np.histogram(u, 20, (0, 1))[0]
    assert ((counts - 3_000) ** 2 / 3_000).sum() < 19 + 5 * np.sqrt(2 * 19)
    for axis in (0, 1):
        one, other = np.take(u, range(1), axis).ravel(), np.take(u, [1], axis).ravel()
        assert abs(np.corrcoef(one, other)[0, 1]) < 5 / np.sqrt(len(one))


def test_places_and_seeds_have_nothing_to_do_with_each_other():
    names = np.arange(500)
    drawn = [RandomStreams(seed).uniforms(names, place, 27) for seed in (0, 1) for place in (0, 1)]
    for i, one in enumerate(drawn):
        for other in drawn[:i]:
            assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 5 / np.sqrt(one.size)


def test_gumbel_noise_has_its_mean_and_spread():
    noise = RandomStreams(2).gumbel(np.arange(5_000), 0, 27)
    assert noise.mean() == pytest.approx(np.euler_gamma, abs=0.02)
    assert noise.std() == pytest.approx(np.pi / np.sqrt(6), abs=0.02)


def test_a_seed_below_0_is_refused():
    with pytest.raises(ValueError, match="seed must be 0 or more, got -1"):
        RandomStreams(-1)


def test_large_vocabularies_have_the_same_numbers():
    # More than one block of rows, and rows of more than one block.
    for count, symbols in ((1_000, 90), (3, 20_001)):
        names = np.arange(count)
        found = RandomStreams(5).uniforms(names, 2, symbols)
        for name in (0, count // 2, count - 1):
            alone = RandomStreams(5).uniforms(names[name : name + 1], 2, symbols)
            assert found[name].tobytes() == alone.tobytes()
            counter = ((name << 12) + 2 << 21) + symbols - 1
            bits = splitmix((counter * 0x9E3779B97F4A7C15 + splitmix(5)) & _MASK)
            assert found[name, -1] == ((bits >> 12) + 0.5) / 2**52


def test_gumbel_noise_is_made_of_the_uniform_numbers():
    names = np.arange(700)
    noise = RandomStreams(9).gumbel(names, 1, 60)
    expected = -np.log(-np.log(RandomStreams(9).uniforms(names, 1, 60)))
    assert noise.tobytes() == expected.tobytes()
