from collections import Counter
from hashlib import sha256

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.data.corpus import corpus_of_entries, corpus_of_names
from engine.data.name_kinds import MAX_KINDS, NameKinds
from engine.data.reading.layout import Entries
from engine.data.training_data import CorpusError
from engine.evaluation.held_out.data import held_out_of
from engine.evaluation.held_out.size import HeldOutSize
from engine.racing.gradient_pieces import pieces_of
from engine.sampling.known_names import KnownNames, NameStatus
from engine.training.loaders.name_loader import NameLoader
from engine.training.recipes import RECIPES
from engine.training.settings import RunSettings

PAIRS = [
    *[("anna", "Greek"), ("bran", "Irish"), ("anna", "Irish"), ("anna", "Greek"), ("cy", "Greek")],
    *[("dara", "Irish"), ("io", "Greek"), ("niamh", "Irish"), ("anna", "Greek")],
]
pairs = st.lists(
    st.tuples(st.text("abc", min_size=1, max_size=3), st.sampled_from(["K", "L", "M", "N"])),
    min_size=4,
    max_size=60,
)


def of_pairs(found, **options):
    names, kinds = [name for name, _ in found], [kind for _, kind in found]
    return corpus_of_names(names, "people", 0, lower_case=True, kinds=kinds, **options)


def made(found):
    """Make a corpus of pairs, or drop the example where they cannot be trained on."""
    try:
        return of_pairs(found)
    except CorpusError:
        assume(False)


def message_of(found, **options):
    with pytest.raises(CorpusError) as caught:
        of_pairs(found, **options)
    return str(caught.value)


def pairs_at(corpus, places):
    return [(corpus.distinct[place], corpus.kinds.title_of(place)) for place in places]


@given(pairs)
def test_a_name_stands_there_once_for_each_of_its_kinds(found):
    corpus = made(found)
    assert pairs_at(corpus, range(len(corpus.distinct))) == list(dict.fromkeys(found))
    titles = corpus.kinds.titles
    assert titles == tuple(dict.fromkeys(kind for _, kind in found))
    assert [titles[kind] for kind in corpus.kinds.of_names] == [kind for _, kind in found]
    assert corpus.names == tuple(name for name, _ in found)
    assert corpus.distinct_names == tuple(dict.fromkeys(corpus.names))
    counts = Counter(kind for _, kind in set(found))
    assert corpus.kinds.counts == tuple(counts[title] for title in titles)


@given(pairs, st.integers(0, 9), st.sampled_from([0.1, 0.3, 0.5, 0.9]))
def test_a_name_is_held_out_in_all_of_its_kinds_or_in_none(found, seed, share):
    corpus = made(found)
    training, held_out = corpus.split_places(seed, share)
    assert sorted([*training, *held_out]) == list(range(len(corpus.distinct)))
    assert len(training) > 0
    assert len(held_out) > 0
    assert not {corpus.distinct[i] for i in training} & {corpus.distinct[i] for i in held_out}
    for kind, count in enumerate(corpus.kinds.counts):
        out = sum(corpus.kinds.of_distinct[place] == kind for place in held_out)
        assert out <= min(max(round(share * count), 1), count - 1)
    names = corpus.split(seed, share)
    assert names == (corpus.distinct_at(training), corpus.distinct_at(held_out))
    assert corpus.held_out_count(share, seed) == HeldOutSize.of(corpus, share, seed=seed).whole
    assert corpus.held_out_count(share, seed) == len(held_out)


def test_a_share_of_each_kind_is_held_out():
    sizes = {"large": 300, "middle": 40, "small": 5, "two": 2, "one": 1}
    corpus = of_pairs([(f"{kind}{i}", kind) for kind, size in sizes.items() for i in range(size)])
    seen = set()
    for seed in range(5):
        _, held_out = corpus.split_places(seed, 0.1)
        seen.add(tuple(held_out))
        counts = Counter(kind for _, kind in pairs_at(corpus, held_out))
        assert counts == {"large": 30, "middle": 4, "small": 1, "two": 1}
        assert tuple(corpus.split_places(seed, 0.1)[1]) == tuple(held_out)
    assert len(seen) == 5


def test_names_without_kinds_are_split_as_before():
    corpus = corpus_of_names([f"n{i}" for i in range(30)], "x", 0, lower_case=True)
    training, held_out = corpus.split_places(4, 0.2)
    chosen = np.random.default_rng(4).permutation(30)[:6]
    assert list(held_out) == sorted(chosen)
    assert corpus.split(4, 0.2) == (corpus.distinct_at(training), corpus.distinct_at(held_out))
    assert corpus.distinct_names is corpus.distinct


def test_kinds_change_the_fingerprint():
    plain = corpus_of_names([name for name, _ in PAIRS], "people", 0, lower_case=True)
    kinds = of_pairs(PAIRS)
    lines = "".join(f"{name}\n" for name, _ in PAIRS)
    titles = "".join(f"{kind}\n" for _, kind in PAIRS)
    content = f"names lower\n{lines}\nkinds\n{titles}"
    assert kinds.fingerprint == sha256(content.encode()).hexdigest()
    renamed = of_pairs([(name, kind.replace("Irish", "Gaelic")) for name, kind in PAIRS])
    moved = of_pairs([*PAIRS[:1], ("bran", "Greek"), *PAIRS[2:]])
    weighted = of_pairs(PAIRS, weights=(1,) * 7)
    found = {each.fingerprint for each in (plain, kinds, renamed, moved, weighted)}
    assert len(found) == 5


def test_a_fingerprint_of_weights_and_kinds_does_not_depend_on_repeats():
    once = list(dict.fromkeys(PAIRS))
    weights = (3, 1, 1, 1, 1, 1, 1)
    found = [of_pairs(pairs, weights=weights).fingerprint for pairs in (PAIRS, once)]
    assert found[0] == found[1]


def test_the_summary_tells_the_kinds():
    summary = of_pairs(PAIRS).summary()
    assert summary.startswith("people: 9 names in 2 kinds, 6 distinct (7 with their kinds), ")
    assert summary.endswith("Dropped: 0 blank lines, 2 repeats. 1 name has several kinds.")
    two = of_pairs([*PAIRS, ("io", "Irish")]).summary(keeps_repeats=True)
    assert two.endswith("Kept: 2 repeats. 2 names have several kinds.")
    assert (
        "several" not in of_pairs([pair for pair in PAIRS if pair != ("anna", "Irish")]).summary()
    )


def test_entries_have_weights_of_pairs():
    entries = Entries(
        ["Anna", "bran ", "ANNA", "", "anna", "cy", "Di"],
        weights=[1, 2, 4, 9, 8, 3, 5],
        kinds=["Greek", "Irish", "Irish", "Greek", "Greek", "Greek", "Irish"],
    )
    corpus = corpus_of_entries(entries, "people")
    assert pairs_at(corpus, range(5)) == [
        *[("anna", "Greek"), ("bran", "Irish"), ("anna", "Irish"), ("cy", "Greek"), ("di", "Irish")]
    ]
    assert corpus.weights == (9, 2, 4, 3, 5)
    assert corpus.weights_at([2, 0]) == (4, 9)
    assert (corpus.blank_lines, corpus.repeats) == (1, 1)
    capped = corpus_of_entries(entries, "people", weight_cap=4)
    assert capped.weights == (4, 2, 4, 3, 4)


def test_the_loader_takes_the_weight_of_each_pair():
    pairs = [(f"{'ab'[kind]}n{i}", f"k{kind}") for kind in range(2) for i in range(6)]
    pairs += [("same", "k0"), ("same", "k1")]
    weights = tuple(10 * i + 1 for i in range(len(pairs)))
    corpus = of_pairs(pairs, weights=weights)
    for recipe in RECIPES.values():
        loader = NameLoader(corpus, recipe, RunSettings(seed=2, held_out=0.2))
        decode = corpus.vocabulary.decode
        names = [decode(loader.training[i])[:-1] for i in range(len(loader))]
        wanted = {name: [] for name, _ in pairs}
        for (name, _), weight in zip(pairs, weights, strict=True):
            wanted[name].append(weight)
        found = {name: [] for name in names}
        for name, weight in zip(names, loader._weights, strict=True):
            found[name].append(weight)
        assert {name: sorted(each) for name, each in found.items()} == {
            name: wanted[name] for name in found
        }


def test_what_is_held_out_is_measured_once_for_each_kind():
    corpus = of_pairs(
        [("same", kind) for kind in "KL"] + [(f"{k}x{i}", k) for k in "KL" for i in "ab"]
    )
    held_out = held_out_of(corpus, 0, 0.5)
    assert held_out.size.whole == corpus.held_out_count(0.5, 0)


def test_known_names_and_pieces_have_a_name_once():
    corpus = of_pairs(PAIRS)
    known = KnownNames(*corpus.split(0, 0.3))
    training = set(corpus.split(0, 0.3)[0])
    assert len(known.training) == len(training)
    for name in corpus.distinct_names:
        status = NameStatus.TRAINING if name in training else NameStatus.HELD_OUT
        assert known.status_of(name) is status
    pieces = pieces_of(corpus).pieces
    assert len(set(pieces)) == len(pieces)


def test_more_kinds_than_a_network_can_learn():
    found = [(f"name{i}", f"kind {i % 2_000}") for i in range(4_000)]
    message = message_of(found)
    assert message.startswith(
        "There are 2,000 kinds of names in “people”; a network can learn 500 at most."
    )
    assert "merges" in message
    assert "leave out" in message
    assert len(of_pairs([(n, f"{int(k[5:]) % MAX_KINDS}") for n, k in found]).kinds) == MAX_KINDS


def test_one_kind_only():
    assert message_of([("anna", "Greek"), ("io", "Greek")]).startswith(
        "There is only one kind of names, “Greek”, in “people”."
    )
    measured = of_pairs([("anna", "Greek"), ("io", "Greek")], at_least=1)
    assert measured.kinds.titles == ("Greek",)


def test_each_name_the_only_one_of_its_kind():
    wanted = "each name is the only one of its kind"
    assert wanted in message_of([("anna", "Greek"), ("bran", "Irish")])
    # “anna” cannot be held out, as “Irish” would have no name left, and neither can “bran”.
    assert wanted in message_of(
        [("anna", "Greek"), ("anna", "Irish"), ("bran", "Greek"), ("bran", "Welsh")]
    )
    assert "There is a single name" in message_of([("anna", "Greek"), ("anna", "Irish")])


@pytest.mark.parametrize(
    ("titles", "of_distinct", "message"),
    [
        ((), (), "one or more"),
        (("a", "a"), (0, 1), "different"),
        (("a", " b"), (0, 1), "one line"),
        (("a", ""), (0, 1), "one line"),
        (("a", "b\nc"), (0, 1), "one line"),
        (("a", "b"), (0, 2), "of_distinct"),
        (("a", "b"), (0, 0), "of_distinct"),
        (("a", "b"), (0, -1), "of_distinct"),
    ],
)
def test_kinds_that_fit_no_corpus(titles, of_distinct, message):
    with pytest.raises(ValueError, match=message):
        NameKinds(titles, of_distinct, of_distinct)
    with pytest.raises(ValueError, match="of_names"):
        NameKinds(("a", "b"), (0, 1), (0, 0))
