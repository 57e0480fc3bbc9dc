"""The string pool of a scan: as a sequence, in byte order, and with other numbers inside its texts.

For: `tagsniff._core.Texts`, and ``csrc/base/text_pool_sort.c`` that it uses.
Never: a text whose first bytes alone are compared.
"""

from __future__ import annotations

import copy
import pickle
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagsniff._core import Texts

# Few letters, with the smallest and the largest, so that texts have common prefixes; lengths around multiples of 8.
SHORT = st.lists(st.sampled_from([b"\0", b"a", b"\xff"]), max_size=4).map(b"".join)
LONG = st.builds(lambda start, count, end: start * count + end, SHORT, st.integers(0, 9), SHORT)
TEXTS = st.lists(st.one_of(SHORT, LONG), max_size=40, unique=True)


class TestOrder:
    @given(TEXTS)
    def test_is_the_order_of_the_bytes(self, texts: list[bytes]) -> None:
        made = Texts(texts)
        numbers = made.order(range(len(texts)))
        assert numbers.dtype == np.int64
        assert [texts[number] for number in numbers] == sorted(texts)
        assert list(made.pick(numbers)) == sorted(texts)

    @given(TEXTS, st.data())
    def test_only_the_given_indexes_are_ordered(self, texts: list[bytes], data: st.DataObject) -> None:
        asked = data.draw(st.lists(st.sampled_from(range(len(texts))), unique=True)) if texts else []
        assert Texts(texts).order(asked).tolist() == sorted(asked, key=texts.__getitem__)

    def test_a_zero_byte_sorts_after_no_byte(self) -> None:
        texts = [b"12345678" + b"\0" * count for count in (9, 1, 0, 8)] + [b"1234567", b"12345678\0\0a"]
        assert list(Texts(texts).pick(Texts(texts).order(range(6)))) == sorted(texts)

    def test_many_texts_with_different_ends(self) -> None:
        texts = [b"1.2.840.113619.2.55." + str(number * 7919 % 10007).encode() for number in range(10007)]
        numbers = Texts(texts).order(range(len(texts)))
        assert [texts[number] for number in numbers] == sorted(texts)

    @pytest.mark.parametrize("count", [511, 512, 3000])
    def test_many_texts_of_any_length(self, count: int) -> None:
        rng = random.Random(count)
        letters = b"\0\1a\x7f\x80\xff"
        lengths = rng.choices((0, 1, 7, 8, 9, 15, 16, 17, 40), k=2 * count)
        made = dict.fromkeys(bytes(rng.choices(letters, k=length)) for length in lengths)
        texts = [b"same to begin with" + text for text in made][:count]
        numbers = Texts(texts).order(range(len(texts)))
        assert [texts[number] for number in numbers] == sorted(texts)

    def test_a_long_text_and_its_own_prefix(self) -> None:
        texts = [b"a" * 65536, b"a" * 65535, b"a" * 65535 + b"b"]
        assert Texts(texts).order(range(3)).tolist() == [1, 0, 2]


class TestSequence:
    @given(st.lists(SHORT))
    def test_contains_the_given_texts(self, texts: list[bytes]) -> None:
        made = Texts(iter(texts))
        assert len(made) == len(texts)
        assert list(made) == texts == [made[number] for number in range(len(texts))]
        assert [made[number - len(texts)] for number in range(len(texts))] == texts
        assert made == Texts(texts)
        assert (made == Texts([*texts, b""])) is False
        assert made != texts

    @given(st.lists(SHORT))
    def test_can_be_pickled_and_copied(self, texts: list[bytes]) -> None:
        assert list(pickle.loads(pickle.dumps(Texts(texts)))) == texts
        assert copy.deepcopy(Texts(texts)) == Texts(texts)

    @given(st.lists(SHORT), st.slices(8))
    def test_slices(self, texts: list[bytes], part: slice) -> None:
        assert list(Texts(texts)[part]) == texts[part]

    @given(st.lists(SHORT), st.lists(SHORT))
    def test_concatenation(self, first: list[bytes], second: list[bytes]) -> None:
        one, other = Texts(first), Texts(second)
        assert list(one + other) == first + second
        assert (list(one), list(other)) == (first, second)

    @given(st.lists(SHORT), st.integers(0, 6))
    def test_cut_removes_the_prefixes(self, texts: list[bytes], start: int) -> None:
        made = Texts(texts)
        assert list(made.cut(start)) == [text[start:] for text in texts]
        assert list(made) == texts

    @given(st.lists(LONG))
    def test_is_ascending(self, texts: list[bytes]) -> None:
        assert Texts(texts).is_ascending() is (texts == sorted(set(texts)))
        assert Texts(sorted(set(texts))).is_ascending() is True

    @given(st.lists(LONG), st.binary(max_size=8), st.binary(max_size=8))
    def test_mark_finds_texts_of_the_given_letters(self, texts: list[bytes], letters: bytes, first: bytes) -> None:
        marks = Texts(texts).mark(letters, first)
        assert marks.dtype == np.bool_
        assert marks.tolist() == [set(text[:1]) <= set(first) and set(text[1:]) <= set(letters) for text in texts]

    def test_decode(self) -> None:
        made = Texts([b"a", "\u00e9".encode(), b"", b"\xff"])
        assert made.decode([1, 0, 2, 1]) == ["\u00e9", "a", "", "\u00e9"]
        assert made.decode([3, 0], "utf-8", "surrogateescape") == ["\udcff", "a"]
        assert made.decode([1], "latin-1") == ["\u00c3\u00a9"]
        assert made.decode([]) == []
        with pytest.raises(UnicodeDecodeError):
            made.decode([3])

    @given(st.lists(SHORT), SHORT)
    def test_join(self, texts: list[bytes], separator: bytes) -> None:
        assert Texts(texts).join(separator) == separator.join(texts)

    @pytest.mark.parametrize("number", [2, -3, 1 << 40])
    def test_an_index_out_of_range(self, number: int) -> None:
        made = Texts([b"a", b"b"])
        with pytest.raises(IndexError):
            made[number]
        if number != -3:
            for use in (made.pick, made.order, made.decode):
                with pytest.raises(IndexError):
                    use([0, number])

    def test_a_negative_index_is_out_of_range_for_bulk_calls(self) -> None:
        for use in (Texts([b"a"]).pick, Texts([b"a"]).order, Texts([b"a"]).decode):
            with pytest.raises(IndexError):
                use([-1])

    def test_accepts_only_bytes(self) -> None:
        with pytest.raises(TypeError):
            Texts(["a"])  # type: ignore[list-item]


class TestNumbersInTexts:
    def test_numbers_are_read_and_written(self) -> None:
        made = Texts([b"T\x01\x02\x03\x84abc", b"N\xff\xff\xff\xff"])
        assert made.read_u32(1).tolist() == [0x84030201, 0xFFFFFFFF]
        written = made.write_u32(1, np.array([0xFFFEFDFC, 3], np.uint32))
        assert list(written) == [b"T\xfc\xfd\xfe\xffabc", b"N\x03\0\0\0"]
        assert list(made) == [b"T\x01\x02\x03\x84abc", b"N\xff\xff\xff\xff"]

    def test_texts_too_short_for_a_number(self) -> None:
        for text in (b"", b"T", b"T\0\0\0"):
            with pytest.raises(ValueError, match="too short"):
                Texts([b"T\0\0\0\0", text]).read_u32(1)
            with pytest.raises(ValueError, match="too short"):
                Texts([b"T\0\0\0\0", text]).write_u32(1, np.zeros(2, np.uint32))
        with pytest.raises(ValueError, match="for each text"):
            Texts([b"T\0\0\0\0"]).write_u32(1, np.zeros(2, np.uint32))

    def test_no_texts(self) -> None:
        assert len(Texts().read_u32(1)) == 0
        assert len(Texts().write_u32(1, np.zeros(0, np.uint32))) == 0
