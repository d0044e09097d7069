import itertools
import os
import string
import unicodedata
from hashlib import sha256

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from engine.data.corpus import MAX_FILE_BYTES, corpus_of_names, names_from_bytes
from engine.data.reader import read_data, read_names
from engine.data.reading.casing import lower_cased, unify
from engine.data.reading.choices import ReadingChoices
from engine.data.sources.pasted_source import PastedSource
from engine.data.training_data import MAX_NAME_LENGTH, CorpusError

# What is cleaned is tested in test_characters.
letter = st.characters(
    exclude_categories=["Cs", "Cc", "Cf", "Cn", "Zl", "Zp", "Zs"],
    exclude_characters="\u2800\u3164\uffa0" + "".join(map(chr, range(0xFE00, 0xFE10))),
)
line = st.one_of(
    st.text(letter, max_size=15),
    st.sampled_from(["", " ", "\t ", "  Rex ", "rex", "REX", "e\u0301", "\u00e9", "İ", "ΑΣ"]),
)
lines = st.lists(line, max_size=20)
word = st.text(string.ascii_letters + "éÉñß", min_size=1, max_size=12)
words = st.lists(word, min_size=2, max_size=20)


def read(lines, **options):
    """Make a corpus of lines, or drop the example where there are no two names in them."""
    cleaned = {lower_cased(line).strip() for line in lines}
    assume(len({unicodedata.normalize("NFC", name) for name in cleaned if name}) >= 2)
    return names_from_bytes("\n".join([*lines, ""]).encode(), "list.txt", **options)


def message_of(call, *arguments):
    with pytest.raises(CorpusError) as caught:
        call(*arguments)
    return str(caught.value)


# What is kept, and what is dropped.


@given(lines)
def test_no_name_is_blank_or_has_space_around_it(lines):
    for name in read(lines).names:
        assert name
        assert name == name.strip()


@given(lines)
def test_every_line_is_a_name_or_blank(lines):
    corpus = read(lines)
    assert len(corpus.names) + corpus.blank_lines == len(lines)
    assert corpus.blank_lines == sum(not line.strip() for line in lines)


@given(lines)
def test_names_are_the_lines_in_their_order(lines):
    expected = [unify(line, lower_case=True).strip() for line in lines]
    assert list(read(lines).names) == [name for name in expected if name]


@given(lines)
def test_distinct_names_stand_at_their_first_places(lines):
    corpus = read(lines)
    assert list(corpus.distinct) == list(dict.fromkeys(corpus.names))
    assert corpus.repeats == len(corpus.names) - len(set(corpus.names))


@given(lines)
def test_the_longest_is_the_first_of_its_length(lines):
    corpus = read(lines)
    length = max(map(len, corpus.names))
    assert corpus.longest == next(name for name in corpus.names if len(name) == length)


@given(lines)
def test_the_vocabulary_is_what_the_names_are_made_of(lines):
    corpus = read(lines)
    assert set(corpus.vocabulary.symbols[1:]) == set("".join(corpus.names))


@given(lines)
def test_a_cleaned_list_reads_as_itself(lines):
    corpus = read(lines)
    again = names_from_bytes("\n".join(corpus.names).encode(), "list.txt")
    assert again.names == corpus.names
    assert again.blank_lines == 0


@given(words)
def test_names_are_lower_cased_by_default(words):
    assume(len({word.lower() for word in words}) >= 2)
    assert all(name == name.lower() for name in read(words).names)
    assert list(read(words, lower_case=False).names) == words


@given(words, st.booleans())
def test_an_accent_is_one_letter_however_it_is_written(words, lower_case):
    assume(len({word.lower() for word in words}) >= 2)
    apart = [unicodedata.normalize("NFD", word) for word in words]
    assert read(apart, lower_case=lower_case) == read(words, lower_case=lower_case)


@given(
    words,
    st.sampled_from(["\r\n", "\r", "\n"]),
    st.sampled_from([b"", b"\xef\xbb\xbf"]),
    st.booleans(),
)
@example(["a", "b"], "\r\n", b"\xef\xbb\xbf", True)
def test_line_ends_and_byte_order_marks_make_no_difference(words, line_end, mark, ends_last_line):
    assume(len({word.lower() for word in words}) >= 2)
    text = line_end.join(words) + (line_end if ends_last_line else "")
    assert names_from_bytes(mark + text.encode(), "list.txt") == read(words)


def test_a_blank_line_counts_alike_with_every_line_end():
    for line_end in ("\n", "\r\n", "\r"):
        content = line_end.join(["a", "", "b", "  ", ""]).encode()
        assert names_from_bytes(content, "list.txt").blank_lines == 2


def test_names_may_hold_spaces_within_and_any_script():
    corpus = names_from_bytes("Yi qi\n恐龍\nДинозавр\n🦖\n".encode(), "list.txt")
    assert corpus.names == ("yi qi", "恐龍", "динозавр", "🦖")


# The split.


@given(st.integers(2, 300), st.integers(0, 2**32))
def test_a_split_is_a_partition_with_a_tenth_held_out(count, seed):
    corpus = read([f"name {number}" for number in range(count)])
    training, held_out = corpus.split(seed)
    assert sorted(training + held_out) == sorted(corpus.distinct)
    assert min(len(training), len(held_out)) >= 1
    assert abs(len(held_out) - count / 10) < 1
    for part in (training, held_out):
        assert part == [name for name in corpus.distinct if name in set(part)]


@pytest.mark.parametrize("seed", [0, 1, 2**40])
def test_the_same_seed_gives_the_same_split(corpus, seed):
    assert corpus.split(seed) == corpus.split(seed)
    assert corpus.split(seed)[1] != corpus.split(seed + 1)[1]


def test_repeats_do_not_leak_from_one_part_into_the_other(make_corpus):
    training, held_out = make_corpus(["rex", "mei", "yi"] * 50).split(3)
    assert sorted(training + held_out) == ["mei", "rex", "yi"]


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_another_share_leaves_each_part_a_name(corpus, share):
    training, held_out = corpus.split(0, share)
    assert len(held_out) == pytest.approx(share * len(corpus.distinct), abs=1)
    assert training


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, float("nan")])
def test_a_share_that_is_none_is_refused(corpus, share):
    with pytest.raises(ValueError, match="share must be between 0 and 1"):
        corpus.split(0, share)


# Files.


def test_a_file_is_named_as_its_corpus(tmp_path):
    path = tmp_path / "Дино names.txt"
    path.write_bytes(b"Rex\nMei\n")
    assert read_names(path) == names_from_bytes(b"Rex\nMei\n", "Дино names.txt")
    assert read_names(str(path), lower_case=False).names == ("Rex", "Mei")


def test_progress_ends_at_one_and_never_goes_back(tmp_path):
    path = tmp_path / "names.txt"
    path.write_text("".join(f"{number:09}\n" for number in range(400_000)))  # some MB, some chunks
    shares = []
    read_names(path, on_progress=shares.append)
    assert len(shares) >= 6
    assert shares == sorted(shares)
    assert 0 <= shares[0] < 0.2
    assert shares[-1] == 1.0


def test_300_000_names_load(tmp_path):
    names = ["".join(four) for four in itertools.product(string.ascii_lowercase, repeat=4)]
    names = names[:290_000] + names[:9_000]
    path = tmp_path / "names.txt"
    path.write_text("\n".join(names) + "\n" * 1_001)
    corpus = read_names(path)
    assert corpus.names == tuple(names)
    assert (len(corpus.distinct), corpus.repeats, corpus.blank_lines) == (290_000, 9_000, 1_000)
    assert len(corpus.split(0)[1]) == 29_000


def test_the_course_s_dinosaurs(dinos_path):
    corpus = read_names(dinos_path)
    assert (len(corpus.names), len(corpus.distinct), corpus.repeats) == (1_536, 1_524, 12)
    assert (len(corpus.vocabulary), len(corpus.longest), corpus.blank_lines) == (27, 26, 0)
    assert min(map(len, corpus.names)) == 3
    assert np.mean([len(name) for name in corpus.names]) == pytest.approx(11.96, abs=0.005)


def test_the_course_s_dinosaurs_as_other_copies_write_them(dinos_path, tmp_path):
    content = dinos_path.read_bytes()
    assert b"\r" not in content
    path = tmp_path / "dinos.txt"
    path.write_bytes(b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n") + b"\r\n\r\n")
    copy, original = read_names(path), read_names(dinos_path)
    assert copy.names == original.names
    assert copy.blank_lines == 1


def test_makemore_s_first_names(shared_file):
    corpus = read_names(shared_file("data/names.txt"))
    assert (len(corpus.names), len(corpus.distinct)) == (32_033, 29_494)
    assert (len(corpus.vocabulary), len(corpus.longest)) == (27, 15)


# Bad input: each a sentence that says what is wrong and what to do.


def test_missing_file(tmp_path):
    path = tmp_path / "none.txt"
    assert message_of(read_names, path) == (
        f"There is no file “{path}”. Check the name and the folder."
    )


def test_an_empty_folder(tmp_path):
    assert message_of(read_names, tmp_path) == (
        f"“{tmp_path.name}” has no files to read. Choose a folder with text files."
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_named_pipe(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)  # opened, it would wait for ever for someone who writes
    assert message_of(read_names, path) == (f"“{path}” is not a regular file. Choose a text file.")


READ_AS_NOBODY = """
import os, sys
from engine.data.reader import read_names
from engine.data.reading.casing import lower_cased, unify
from engine.data.training_data import CorpusError
if os.geteuid() == 0:
    os.setuid(65534)  # everything is permitted to root
try:
    read_names(sys.argv[1])
except CorpusError as error:
    print(error)
"""


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no permissions of this kind here")
def test_no_permission(tmp_path, run_python):
    path = tmp_path / "secret.txt"
    path.write_text("rex\nmei\n")
    path.chmod(0)
    ended = run_python("-c", READ_AS_NOBODY, path)
    assert ended.stdout == (
        f"You do not have permission to read “{path}”. "
        "Change its permissions, or choose another file.\n"
    )


@pytest.mark.parametrize("name", ["a\0b.txt", "a" * 5000])
def test_a_path_that_no_file_can_have(tmp_path, name):
    message = message_of(read_names, tmp_path / name)
    assert message.startswith("“")
    assert "cannot be read: " in message


def test_file_too_large(tmp_path):
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)  # sparse: takes no room
    assert message_of(read_names, path) == (
        "“large.txt” has 50 MB. Files of up to 50 MB can be opened here."
    )


@pytest.mark.parametrize(
    "content", [b"", b"\n", b" \n\t\r\n\r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"]
)
def test_empty_or_blank(tmp_path, content):
    path = tmp_path / "empty.txt"
    path.write_bytes(content)
    assert message_of(read_names, path) == (
        "There are no names in “empty.txt”. Write one name on each line."
    )


@pytest.mark.parametrize("content", [b"Rex", b"\nRex\n\n", b"rex\nREX\n rex \n"])
def test_a_single_name(content):
    assert message_of(names_from_bytes, content, "one.txt") == (
        "There is a single name, “rex”, in “one.txt”. "
        "Training needs at least two different names: one to learn from, one to hold out."
    )


def test_two_names_are_enough():
    assert names_from_bytes(b"rex\nmei", "two.txt").split(0)[0]


def test_binary():
    content = b"\x7fELF" + b"x" * 1230 + b"\0\xff\0"
    assert message_of(names_from_bytes, content, "program") == (
        "“program” is not a text file: byte 1,234 is zero. "
        "Choose a text file with one name per line."
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le", "utf-32"])
def test_utf_16_and_32_with_a_byte_order_mark(encoding):
    marks = {"utf-16-be": b"\xfe\xff", "utf-16-le": b"\xff\xfe"}
    content = marks.get(encoding, b"") + "Rex\r\nZoë\n".encode(encoding)
    assert names_from_bytes(content, "wide.txt").names == ("rex", "zoë")


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"rex\nb\xe9b\xe9\n", "byte 5 (0xe9) in line 2"),
        (b"\xef\xbb\xbfrex\nb\xe9b\xe9\n", "byte 8 (0xe9) in line 2"),
        (b"\xe9", "byte 0 (0xe9) in line 1"),
        (b"\xef\xbb\xbf\xff", "byte 3 (0xff) in line 1"),
        (b"x" * 12_345 + b"\xc3", "byte 12,345 (0xc3) in line 1"),
        (b"r\n\xed\xa0\x80\n", "byte 2 (0xed) in line 2"),  # half of a surrogate pair
    ],
)
def test_not_utf_8_says_at_which_byte(content, place):
    assert message_of(names_from_bytes, content, "latin.txt") == (
        f"“latin.txt” is not UTF-8 text: {place} is invalid. "
        "Choose its encoding, or save it as UTF-8 and open it again."
    )


@given(st.binary(max_size=40), st.booleans())
def test_the_byte_that_is_named_is_the_first_that_does_not_fit(content, has_mark):
    content = (b"\xef\xbb\xbf" if has_mark else b"") + content
    assume(b"\0" not in content)
    assume(not content.startswith((b"\xff\xfe", b"\xfe\xff")))
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        place = f"byte {error.start:,} (0x{content[error.start]:02x})"
        assert place in message_of(names_from_bytes, content, "some.txt")
    else:
        assume(False)


def test_a_line_of_a_million_characters(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes(b"rex\r\nmei\r\n\r\n" + b"x" * 1_000_000 + b"\r\nyi\r\n")
    assert message_of(read_names, path) == (
        "Line 4 of “text.txt” has 1,000,000 characters. A name may have 200 at most. "
        "Is this a list with one name per line?"
    )


def test_the_longest_name_allowed(make_corpus):
    longest = "a" * MAX_NAME_LENGTH
    # Space around a name does not count, however much there is.
    assert make_corpus([longest, " " * 10**6, "b" + " " * 300]).names == (longest, "b")
    assert "Line 2 " in message_of(make_corpus, ["b", longest + "a"])


# Weights.


def weighted(weights, names=("anna", "bob", "clara")):
    return corpus_of_names(names, "people", 0, lower_case=True, weights=weights)


def test_only_weights_change_the_fingerprint():
    plain = weighted(None)
    assert plain.fingerprint == sha256(b"names lower\nanna\nbob\nclara\n").hexdigest()
    found = [plain, weighted((1, 1, 1)), weighted((1, 2, 1)), weighted((12, 1, 1))]
    assert len({corpus.fingerprint for corpus in found}) == 4
    with_numbers = weighted(None, ("anna", "bob", "clara", "1", "2", "1"))
    assert with_numbers.fingerprint != weighted((1, 2, 1)).fingerprint


def test_repeats_make_no_difference_to_weighted_names():
    table = "name,count\n{}bob,5\n"
    choices = ReadingChoices(layout="table", weights="count")
    twice, once = (
        read_data(PastedSource(table.format(rows)), choices)
        for rows in ("anna,3\nanna,4\n", "anna,7\n")
    )
    assert twice.weights == once.weights == (7, 5)
    assert twice.fingerprint == once.fingerprint


def test_the_summary_tells_the_weights():
    assert (
        weighted((9, 1_000, 2))
        .summary()
        .endswith("Dropped: 0 blank lines. The counts are weights: 2 to 1,000, 1,011 in all.")
    )
    repeated = weighted((9, 4), ("anna", "bob", "anna"))
    for keeps_repeats in (False, True):
        told = repeated.summary(keeps_repeats=keeps_repeats)
        assert told.endswith("4 to 9, 13 in all. Those of 1 repeat are added up.")
        assert "Kept" not in told
    assert "weights" not in weighted(None).summary()


def test_weights_whose_sum_is_too_large_are_limited():
    table = "name,count\n" + f"anna,{2**53}\n" * 3 + "bob,1\n"
    corpus = read_data(PastedSource(table), ReadingChoices(layout="table", weights="count"))
    assert corpus.weights == (2**53, 1)


def test_the_weights_of_some_of_the_names():
    corpus = weighted((9, 4, 2))
    assert corpus.weights_at([2, 0]) == (2, 9)
    assert weighted(None).weights_at([2]) is None
