import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.reading.encodings import (
    EncodingError,
    check_encoding,
    decode,
    decoded_head,
    decoded_pieces,
)
from engine.data.training_data import CorpusError

TEXT = "Zoë\nÅsne\n恐龙\n🦕\n"
MARKED = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}


def cut(content, size):
    return [content[start : start + size] for start in range(0, len(content), size)]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 1000])
@pytest.mark.parametrize("encoding", MARKED)
def test_a_byte_order_mark_decides(encoding, size):
    content = MARKED[encoding] + TEXT.replace("\n", "\r\n").encode(encoding)
    decoded = decode(content, None, "list")
    assert (decoded.text, decoded.encoding, decoded.had_mark) == (TEXT, encoding, True)
    first, rest = content[:4], content[4:]
    assert "".join(decoded_pieces([first, *cut(rest, size)], "list")) == TEXT


@given(st.text(max_size=40), st.integers(1, 9))
def test_pieces_make_the_same_text_as_the_whole(text, size):
    content = text.encode("utf-8", "ignore")
    if b"\0" in content or content.startswith(tuple(MARKED.values())):
        return
    expected = content.decode().replace("\r\n", "\n").replace("\r", "\n")
    assert "".join(decoded_pieces(cut(content, size), "list")) == expected


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Zoë’s\n"),
        ("cp1251", "Анна\n"),
        ("shift_jis", "さとう\n"),
        ("gb18030", "恐龙🦕\n"),
        ("utf-16-le", "Zoë\n"),
        ("utf-16", "Zoë\n"),
        ("mac-roman", "Zoë\n"),
        ("UTF8", "Zoë\n"),
    ],
)
def test_an_encoding_that_is_chosen_is_taken(encoding, text):
    content = text.encode(encoding)
    assert decode(content, encoding, "list").text == text
    assert "".join(decoded_pieces(cut(content, 1), "list", encoding)) == text


def test_the_head_may_be_cut_within_a_character():
    content = "恐龙\r\n恐龙".encode()
    for end in range(len(content)):
        assert "恐龙\n恐龙".startswith(decoded_head(content[:end], "list").rstrip("\r"))


@pytest.mark.parametrize("name", ["utf-9", "", "hex", "rot13", "base64", "x" * 300, "a\0b"])
def test_what_is_no_encoding_is_refused(name):
    with pytest.raises(CorpusError, match="is not the name of an encoding"):
        check_encoding(name)


@pytest.mark.parametrize(
    ("content", "encoding", "place"),
    [
        (b"rex\nb\xe9b\xe9\n", None, "UTF-8 text: byte 5 (0xe9) in line 2"),
        (b"rex\n\x81\n", "cp1252", "“cp1252” text: byte 4 (0x81) in line 2"),
        (b"\xff\xfea\0\n\0\x00\xd8\n\0", None, "byte 4 (0x00) in line 2"),
        (b"ab\n\x82", "shift_jis", "byte 3 (0x82) in line 2"),
    ],
)
@pytest.mark.parametrize("size", [1, 1000])
def test_the_first_byte_that_does_not_fit_is_named(content, encoding, place, size):
    if size == 1 and content[:1] == b"\xff":
        size = 2
    with pytest.raises(EncodingError) as caught:
        "".join(decoded_pieces(cut(content, size), "list", encoding))
    assert place.partition(": ")[2] in str(caught.value) or place in str(caught.value)


@pytest.mark.parametrize("rest", [b"a\0\n", b"a\0\n\0\x00\xd8b\0"])
@pytest.mark.parametrize("size", [2, 1000])
def test_where_a_mark_names_the_encoding_no_other_is_offered(rest, size):
    with pytest.raises(
        EncodingError, match=r"begins as UTF-16 text, but byte \d .*damaged"
    ) as caught:
        "".join(decoded_pieces(cut(codecs.BOM_UTF16_LE + rest, size), "list"))
    assert not caught.value.fitting


def test_utf_16_without_a_mark_is_offered_and_not_assumed():
    for encoding in ("utf-16-le", "utf-16-be"):
        content = "Rex\nMei\nAllo\n".encode(encoding)
        with pytest.raises(EncodingError, match="without a byte order mark") as caught:
            decode(content, None, "list")
        assert [guess.name for guess in caught.value.fitting] == [encoding]
        assert caught.value.fitting[0].lines == ("Rex", "Mei", "Allo")


def test_a_zero_byte_is_no_text():
    with pytest.raises(CorpusError, match="“list” is not a text file: byte 4 is zero"):
        decode(b"rex\n\0\0mei", None, "list")
    with pytest.raises(CorpusError, match="character 1 is zero"):
        decode(b"\xff\xfea\0\0\0", None, "list")
