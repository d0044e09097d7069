"""Names and texts in grapheme clusters: read, counted, encoded, and exported."""

import sys
from collections import Counter

import numpy as np
import pytest
import regex
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.data.corpus import corpus_of_names
from engine.data.data_export import DATA_FORMATS
from engine.data.preview import preview
from engine.data.reader import read_data
from engine.data.reading.choices import ReadingChoices
from engine.data.sources.pasted_source import PastedSource
from engine.data.spelling import grapheme_clusters
from engine.data.text import text_of_symbols
from engine.data.text_encoder import TextEncoder
from engine.data.training_data import MAX_NAME_LENGTH, CorpusError
from engine.data.vocabulary import DOCUMENT_END, UnknownSymbolError, Vocabulary

FAMILY, FLAME, FLAG = "👨‍👩‍👧", "❤\ufe0f‍🔥", "🇩🇪"
HINDI = "अनन\u094dया\nक\u094dषितिज\nप\u094dरिया\nहिन\u094dदी\n"
GRAPHEMES = ReadingChoices(graphemes=True)
PARTS = "aé क\u094d\u093fष\u200d👩👧🇩🇪\u0301\ufe0f각\u1112\u1161"
NAMES = st.lists(st.text(PARTS, min_size=1, max_size=8), min_size=1, max_size=12)


def spelled(names):
    return corpus_of_names(
        names, "made up", 0, lower_case=False, at_least=1, spelling=grapheme_clusters()
    )


def test_hindi_syllables_and_families_of_emoji_are_single_symbols(shared_file):
    corpus = read_data(shared_file("cases/16-hindi.txt"), GRAPHEMES)
    split = corpus.vocabulary.split
    assert split("क\u094dषितिज") == ("क\u094dषि", "ति", "ज")
    assert split("अनन\u094dया") == ("अ", "न", "न\u094dया")
    assert corpus.vocabulary.lengths(["क\u094dषितिज", "अनन\u094dया"]) == [3, 3]
    family = read_data(PastedSource(f"{FAMILY}a{FLAG}\nb{FLAME}\n"), GRAPHEMES)
    assert family.vocabulary.symbols == ("\n", "a", "b", FLAME, FLAG, FAMILY)
    assert family.longest == f"{FAMILY}a{FLAG}"
    assert "Longest: “👨‍👩‍👧a🇩🇪”, 3 letters" in family.summary()
    assert family.mean_length == 3.5
    assert "3 symbols are grapheme clusters" in family.report.sentence()


def test_without_the_choice_nothing_changes():
    points, clusters = (read_data(PastedSource(HINDI), c) for c in (ReadingChoices(), GRAPHEMES))
    assert points.names == clusters.names
    assert all(len(symbol) == 1 for symbol in points.vocabulary.symbols)
    assert points.fingerprint != clusters.fingerprint
    plain = [read_data(PastedSource("anna\nzoë\n"), c) for c in (ReadingChoices(), GRAPHEMES)]
    assert plain[0].fingerprint == plain[1].fingerprint
    assert plain[0] == plain[1]


@given(NAMES)
def test_names_are_cut_as_the_library_cuts_them_and_decode_to_the_same_text(names):
    corpus = spelled(names)
    vocabulary, encoded = corpus.vocabulary, corpus.vocabulary.encode_all(names)
    for name, indices in zip(names, encoded, strict=True):
        clusters = regex.findall(r"\X", name)
        assert list(vocabulary.split(name)) == clusters
        assert vocabulary.lengths([name]) == [len(clusters)] == [len(indices) - 1]
        assert vocabulary.encode(name).tolist() == indices[:-1].tolist()
        assert vocabulary.decode(indices[:-1]) == name
        assert len(vocabulary.one_each(name)) == len(clusters)
    assert len({*map(vocabulary.one_each, names)}) == len({*names})


@given(NAMES)
def test_an_export_gives_the_same_symbols_again(names):
    assume(len({*names}) > 1)
    data = read_data(PastedSource("\n".join(names)), GRAPHEMES, kind="names", for_training=False)
    for form in DATA_FORMATS["names"]:
        again = read_data(
            PastedSource(form.to_text(data)), form.choices(data), kind="names", for_training=False
        )
        assert (again.names, again.vocabulary) == (data.names, data.vocabulary)
        assert again.fingerprint == data.fingerprint


def test_the_longest_name_is_limited_in_symbols():
    most = "\n".join([FAMILY * MAX_NAME_LENGTH, "ab"])
    choices = ReadingChoices(graphemes=True, layout="names")
    assert read_data(PastedSource(most), choices).longest_length == MAX_NAME_LENGTH
    with pytest.raises(CorpusError, match="has 201 characters"):
        read_data(PastedSource(FAMILY + most), choices)


def test_an_unknown_cluster_is_named_as_a_whole():
    vocabulary = Vocabulary(("\n", "क", "क\u0941", "न"))
    with pytest.raises(UnknownSymbolError, match=r"the letter “कि”\. Write “क” instead"):
        vocabulary.encode("नकि")


def test_the_preview_counts_clusters():
    found = preview(PastedSource(HINDI), GRAPHEMES)
    counts = Counter(s for name in HINDI.split() for s in regex.findall(r"\X", name))
    assert found.symbols == tuple(sorted(counts))
    assert {rare.symbol: rare.count for rare in found.rarest}.items() <= counts.items()
    examples = {
        rare.symbol: rare.examples for rare in preview(PastedSource("क\nकि"), GRAPHEMES).rarest
    }
    assert examples == {"क": ("क",), "कि": ("कि",)}


VERSE = f"{HINDI}{FAMILY} aé {FLAG}{FLAME}\n" * 3
AS_TEXT = ReadingChoices(layout="text", graphemes=True)


def test_a_text_is_read_in_whole_letters():
    text = read_data(PastedSource(VERSE), AS_TEXT)
    clusters = regex.findall(r"\X", VERSE)
    assert text.vocabulary.symbols == tuple(sorted(set(clusters)))
    assert [text.vocabulary.symbols[i] for i in text.symbols] == clusters
    assert text.decode(text.symbols) == VERSE
    assert text.lines == VERSE.count("\n")
    assert text.longest_line == max(len(regex.findall(r"\X", line)) for line in VERSE.split("\n"))
    assert "are grapheme clusters of several code points" in text.report.sentence()
    points = read_data(PastedSource(VERSE), ReadingChoices(layout="text"))
    assert points.fingerprint != text.fingerprint
    plain = [
        read_data(PastedSource("to be or\n" * 20), ReadingChoices(layout="text", graphemes=chosen))
        for chosen in (False, True)
    ]
    assert plain[0].fingerprint == plain[1].fingerprint
    again = text_of_symbols(text.symbols, text.vocabulary, "again", lower_case=False)
    assert (again.vocabulary, again.fingerprint) == (text.vocabulary, text.fingerprint)
    np.testing.assert_array_equal(again.symbols, text.symbols)


def test_each_document_of_clusters_ends_with_the_end_of_a_document():
    choices = ReadingChoices(separator="---", graphemes=True)
    text = read_data(PastedSource(f"{HINDI * 3}---\n{FAMILY}{HINDI}---\n{HINDI}{FLAG}"), choices)
    assert len(text.documents) == 3
    assert text.vocabulary.symbols[0] == DOCUMENT_END
    assert FAMILY in text.vocabulary.symbols


@given(st.lists(st.text(PARTS + " \n", max_size=8), min_size=1, max_size=12))
def test_a_text_is_cut_as_the_library_cuts_it_wherever_its_pieces_end(pieces):
    encoder, whole = TextEncoder(grapheme_clusters()), "".join(pieces)
    for piece in pieces:
        encoder.add(piece)
    symbols, vocabulary = encoder.finish()
    assert [vocabulary.symbols[i] for i in symbols] == regex.findall(r"\X", whole)


def test_a_text_is_measured_by_a_network_that_has_learned_clusters():
    text, points = (
        read_data(PastedSource(VERSE), c) for c in (AS_TEXT, ReadingChoices(layout="text"))
    )
    np.testing.assert_array_equal(points.in_terms_of(text.vocabulary), text.symbols)
    with pytest.raises(UnknownSymbolError):
        text.in_terms_of(Vocabulary(("a", "b")))


def test_the_export_of_a_text_of_clusters_gives_the_same_text(tmp_path):
    text = read_data(PastedSource(VERSE), AS_TEXT)
    chosen = DATA_FORMATS["text"][0]
    path = tmp_path / "verse.txt"
    path.write_text(chosen.to_text(text), encoding="utf-8")
    assert read_data(path, chosen.choices(text)).fingerprint == text.fingerprint


def test_without_the_package_a_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "regex", None)
    with pytest.raises(CorpusError, match="Install it with “pip install regex”"):
        read_data(PastedSource(HINDI), GRAPHEMES)
    assert read_data(PastedSource(HINDI)).vocabulary.split("कि") == "कि"
