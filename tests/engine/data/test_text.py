import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.reader import read_names, read_text
from engine.data.text import text_of_pieces, text_of_symbols
from engine.data.training_data import CorpusError
from engine.data.vocabulary import DOCUMENT_END, UnknownSymbolError, Vocabulary
from engine.training.loaders.text_loader import window_starts

SENTENCE = re.compile(r"^[“A-Z].+\.$", re.DOTALL)
VERSE = "Shall I compare thee to a summer's day?\nThou art more lovely and more temperate:\n"


def refusal(path, reader=read_text):
    with pytest.raises(CorpusError) as caught:
        reader(path)
    assert SENTENCE.match(str(caught.value))
    return str(caught.value)


def test_the_symbols_are_those_that_occur_in_order(write):
    text = read_text(write(VERSE))
    assert list(text.vocabulary.symbols) == sorted(set(VERSE))
    assert text.vocabulary.decode(text.symbols) == text.decode(text.symbols) == VERSE
    assert text.symbols.dtype == np.uint8
    assert not text.symbols.flags.writeable
    assert (len(text), text.lines, text.longest_line) == (len(VERSE), 2, 40)
    for message in ("text.txt", f"{len(VERSE)} characters", "2 lines", "40 characters"):
        assert message in text.summary()


@pytest.mark.parametrize(
    "content",
    [
        VERSE.encode("utf-8-sig"),
        VERSE.replace("\n", "\r\n").encode(),
        VERSE.replace("\n", "\r").encode(),
    ],
    ids=["byte order mark", "CRLF", "CR"],
)
def test_line_ends_and_a_byte_order_mark_do_not_matter(write, content):
    text = read_text(write(content))
    assert text.decode(text.symbols) == VERSE


def test_case_is_kept_unless_asked(write):
    path = write(VERSE)
    assert "S" in read_text(path).vocabulary.symbols
    lower = read_text(path, lower_case=True)
    assert lower.decode(lower.symbols) == VERSE.lower()
    assert "lower-cased" in lower.summary()


@pytest.mark.parametrize(("count", "dtype"), [(256, np.uint8), (257, np.uint16)])
def test_an_index_takes_no_more_bytes_than_it_needs(write, count, dtype):
    content = "".join(map(chr, range(0x4E00, 0x4E00 + count)))
    text = read_text(write(content))
    assert text.symbols.dtype == dtype
    assert text.decode(text.symbols) == content


def test_pieces_leave_no_seam(write):
    # Accents, line ends, letters of several bytes and final sigmas at every place of a megabyte.
    words = ("e\u0301te\u0301 ", "\u039f\u0394\u039f\u03a3 ", "\u9f8d\r\n", "ab ")
    random = np.random.default_rng(1)
    content = "".join(words[i] for i in random.integers(len(words), size=200_000))
    text = read_text(write(content), lower_case=True)
    expected = (
        content.replace("\r\n", "\n")
        .replace("e\u0301", "\u00e9")
        .replace("\u039f\u0394\u039f\u03a3", "\u03bf\u03b4\u03bf\u03c2")
    )
    assert text.decode(text.symbols) == expected
    assert text.lines == len(expected.split("\n")) - expected.endswith("\n")
    assert text.longest_line == max(map(len, expected.split("\n")))


def test_progress_grows_to_one(write):
    shares = []
    read_text(write(VERSE * 50_000), on_progress=shares.append)
    assert shares == sorted(shares)
    assert len(shares) > 3
    assert shares[-1] == 1.0


def test_what_cannot_be_learned_is_refused(write, tmp_path):
    assert "There is no file" in refusal(tmp_path / "nothing.txt")
    assert "has no files to read" in refusal(tmp_path)
    assert "There are 0 characters in" in refusal(write(b""))
    assert "There are 5 characters in" in refusal(write("short"))
    assert "a single symbol, “a”" in refusal(write("a" * 500))
    assert "byte 80 is zero" in refusal(write(b"ab" * 40 + b"\0"))
    assert "UTF-16" in refusal(write(VERSE.encode("utf-16-le")))


@pytest.mark.parametrize("before", [VERSE.encode(), VERSE.encode() * 30_000], ids=["near", "far"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "marked"])
@pytest.mark.parametrize("bad", [b"\xe9t\xe9", b"\xe2\x82"], ids=["latin", "cut off"])
def test_the_byte_where_utf_8_breaks_is_named(write, before, mark, bad):
    content = mark + before + bad
    place, line = len(mark + before), before.count(b"\n") + 1
    assert f"byte {place:,} (0x{bad[0]:02x}) in line {line:,} " in refusal(write(content))


def test_the_end_is_held_out(write):
    text = read_text(write(VERSE))
    training, held_out = text.split(0.25)
    assert text.decode(training) + text.decode(held_out) == VERSE
    assert len(held_out) == text.held_out_count(0.25) == round(len(VERSE) / 4)
    for share in (0.0, 1.0):
        with pytest.raises(ValueError, match="share must be between 0 and 1"):
            text.split(share)


def test_goes_over_to_another_vocabulary(write):
    text = read_text(write(VERSE))
    other = Vocabulary(tuple(reversed((*text.vocabulary.symbols, "€"))))
    assert other.decode(text.in_terms_of(other)) == VERSE
    with pytest.raises(UnknownSymbolError) as caught:
        text.in_terms_of(Vocabulary(tuple(s for s in text.vocabulary.symbols if s != "T")))
    assert (caught.value.symbol, caught.value.nearest) == ("T", "t")


def test_the_sonnets_are_the_course_s(shared_file):
    text = read_text(shared_file("data/shakespeare.txt"), lower_case=True)
    assert (len(text.vocabulary), len(window_starts(len(text), 40, 3))) == (38, 31_412)
    assert len(read_text(shared_file("data/shakespeare.txt")).vocabulary) == 61
    assert len(read_text(shared_file("data/tinyshakespeare.txt")).vocabulary) == 65


# Whatever may be in a file.

NASTY = st.lists(
    st.one_of(
        st.binary(max_size=12),
        st.text(max_size=12).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.sampled_from(
            [
                *("\ufeff", "\u202e\u05d0\u05d1", "e\u0301\u0323", "\U0001f469\u200d\U0001f467"),
                *("\f\v\x1c\x85\u2028", "\r\n\r", "\u0130\u03a3", "\u0344" * 30, "\0", "a" * 300),
                "\u1100\u1161\u11a8",
            ]
        ).map(str.encode),
        st.just(b"\xed\xa0\x80"),
    ),
    max_size=12,
).map(b"".join)  # fmt: skip


@settings(max_examples=60)
@given(NASTY, st.booleans())
def test_whatever_is_in_a_file_it_is_read_or_refused(tmp_path_factory, content, lower_case):
    path = tmp_path_factory.getbasetemp() / "nasty.txt"
    for written in (content, b"rex\nmei\n" + content, VERSE.encode() + content):
        path.write_bytes(written)
        for read in (read_text, read_names):
            try:
                found = read(path, lower_case=lower_case)
            except CorpusError as error:
                message = str(error)
            else:
                message = found.summary()
                assert found.fingerprint == read(path, lower_case=lower_case).fingerprint
            assert message.endswith((".", "?"))
            assert "\n" not in message.replace(found_name(message), "")


def found_name(message):
    """Return what a sentence quotes of the file, which may hold anything."""
    return message[message.find("“") : message.rfind("”")] if "“" in message else " "


@pytest.mark.parametrize("read", [read_text, read_names], ids=["text", "names"])
@pytest.mark.parametrize("accents", ["\u0301", "\u0301\u0323"], ids=["one", "two in turn"])
def test_ten_megabytes_of_accents_are_refused(write, read, accents):
    path = write("ab\ncd " * 20 + accents * (5_000_000 // len(accents)))
    with pytest.raises(CorpusError, match=r"accents|characters"):
        read(path)


@pytest.mark.parametrize(("letter", "count"), [("a", 10_000_000), ("\u9f8d", 1_000_000)])
def test_a_line_of_megabytes(write, letter, count):
    line = letter * count
    path = write("rex\nmei\n" + line)
    assert read_text(path).longest_line == len(line)
    with pytest.raises(CorpusError, match="Line 3 of"):
        read_names(path)


def test_letters_of_a_few_accents_are_read(write):
    text = read_text(write(VERSE + "e\u0301\u0323" * 40))
    assert text.decode(text.symbols).endswith("\u1eb9\u0301" * 40)


def test_documents_end_with_a_symbol_of_their_own_which_comes_first(make_documents):
    text = make_documents(["Soup\n\x01", "Stew. " * 20])
    assert text.vocabulary.symbols[:3] == (DOCUMENT_END, "\x01", "\n")
    assert text.decode(text.symbols) == f"Soup\n\x01{DOCUMENT_END}{'Stew. ' * 20}{DOCUMENT_END}"
    assert text.documents.lengths.tolist() == [7, 121]
    assert text.summary().startswith("recipes.txt: 2 documents, 128 characters, ")


def test_whole_documents_are_held_out(documents):
    training, held_out = documents.split(0.2, seed=3)
    every, parts = documents.decode(documents.symbols), map(documents.decode, (training, held_out))
    training, held_out = (part.split(DOCUMENT_END)[:-1] for part in parts)
    assert sorted(training + held_out) == sorted(every.split(DOCUMENT_END)[:-1])
    assert len(held_out) == 8
    count = documents.held_out_count(0.2, seed=3)
    assert count == sum(len(each) + 1 for each in held_out)
    assert documents.split(0.2, seed=4)[1].tolist() != documents.split(0.2, seed=3)[1].tolist()


def test_documents_are_other_data_than_a_running_text_and_come_back_from_their_indices(documents):
    again = text_of_symbols(
        documents.symbols,
        documents.vocabulary,
        documents.source,
        lower_case=False,
        document_break=documents.document_break,
    )
    assert again.fingerprint == documents.fingerprint
    assert again.summary() == documents.summary()
    plain = documents.decode(documents.symbols).replace(DOCUMENT_END, documents.document_break)
    running = text_of_pieces([plain], "recipes.txt", lower_case=False)
    assert running.fingerprint != documents.fingerprint
    assert running.documents is None
    with pytest.raises(ValueError, match="end of a document"):
        text_of_symbols(
            documents.symbols[:-1],
            documents.vocabulary,
            "",
            lower_case=False,
            document_break="\n",
        )


@pytest.mark.parametrize(
    ("parts", "found"),
    [(["soup " * 20], "is only one document"), (["soup " * 20] * 3, "are only equal documents")],
)
def test_documents_that_leave_nothing_to_hold_out_are_refused(make_documents, parts, found):
    with pytest.raises(CorpusError) as caught:
        make_documents(parts)
    assert str(caught.value).startswith(
        f"There {found} in “recipes.txt”. At least two different ones"
    )
    assert SENTENCE.match(str(caught.value))
