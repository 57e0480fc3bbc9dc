# The pools of csrc/ as sequences of bytes; a part of _core.pyx.
#
# For: the texts of a scan, of which there may be millions: each takes only a few bytes more than its own.
# Never: change a text, or use an index that is out of range.

cdef extern from "Python.h":
    str PyUnicode_Decode(const char *text, Py_ssize_t length, const char *encoding, const char *errors)


cdef object copy_texts(const ts_pool *pool):
    cdef uint32_t length
    cdef const uint8_t *text
    result = []
    for number in range(pool.entries.count):
        text = ts_pool_get(pool, number, &length)
        result.append(text[:length] if length > 0 else b"")
    return result


cdef class Texts:
    cdef ts_pool pool

    def __cinit__(self, texts=()):
        cdef ts_hash_key key
        cdef const uint8_t[::1] joined
        cdef size_t at = 0
        key.words[0] = key.words[1] = 0  # no text is looked up, so the key of the hashes does not matter
        ts_pool_begin(&self.pool, key)
        listed = list(texts)
        whole = b"".join(listed)
        cdef ts_pool_entry *entry = self.make_room(len(whole), len(listed))
        if len(whole) > 0:
            joined = whole
            memcpy(self.pool.bytes.items, &joined[0], joined.shape[0])
        for text in listed:
            entry[0] = ts_pool_entry(at=at, length=len(text))
            at += entry[0].length
            entry += 1

    def __dealloc__(self):
        ts_pool_free(&self.pool)

    cdef ts_pool_entry *make_room(self, size_t length, size_t count) except? NULL:
        """Reserve ``count`` entries and ``length`` bytes in an empty pool, and return its entries, still unset."""
        if not ts_buffer_reserve(&self.pool.bytes, length) or not ts_buffer_reserve(&self.pool.entries, count):
            raise MemoryError
        self.pool.bytes.count = length
        self.pool.entries.count = count
        return <ts_pool_entry *>self.pool.entries.items

    cdef const uint8_t *get(self, int64_t number, uint32_t *length) except? NULL:
        if not 0 <= number < <int64_t>self.pool.entries.count:
            raise IndexError("no such text")
        return ts_pool_get(&self.pool, <uint32_t>number, length)

    def __len__(self):
        return self.pool.entries.count

    def __getitem__(self, key):
        cdef uint32_t length
        cdef const uint8_t *text
        if isinstance(key, slice):
            return self.get_slice(range(*key.indices(len(self))))
        number = index(key)
        text = self.get(number + len(self) if number < 0 else number, &length)
        return text[:length] if length > 0 else b""

    cdef Texts get_slice(self, object numbers):
        """Return the texts of a range of indexes, all of which must be valid."""
        cdef Texts picked = Texts()
        cdef ts_buffer items
        cdef bint is_done
        cdef uint32_t number
        cdef size_t at = 0
        ts_buffer_begin(&items, sizeof(uint32_t))
        is_done = ts_buffer_resize(&items, len(numbers))
        if is_done:
            for number in numbers:
                (<uint32_t *>items.items)[at] = number
                at += 1
            is_done = ts_pool_append(&picked.pool, &self.pool, <const uint32_t *>items.items, items.count)
        ts_buffer_free(&items)
        if not is_done:
            raise MemoryError
        return picked

    def __iter__(self):
        return iter(copy_texts(&self.pool))

    def __add__(self, other):
        cdef Texts more = other
        cdef Texts joined = Texts()
        cdef size_t start = self.pool.bytes.count
        cdef size_t count = self.pool.entries.count
        cdef ts_pool_entry *entries = joined.make_room(start + more.pool.bytes.count, count + more.pool.entries.count)
        joined.append_pool(entries, &self.pool, 0)
        joined.append_pool(entries + count, &more.pool, start)
        return joined

    cdef void append_pool(self, ts_pool_entry *entries, const ts_pool *source, size_t at) noexcept:
        if source.bytes.count > 0:
            memcpy(<uint8_t *>self.pool.bytes.items + at, source.bytes.items, source.bytes.count)
        for number in range(source.entries.count):
            entries[number] = (<const ts_pool_entry *>source.entries.items)[number]
            entries[number].at += at

    def __eq__(self, other):
        if not isinstance(other, Texts):
            return NotImplemented
        return list(self) == list(other)

    def __reduce__(self):
        return Texts, (copy_texts(&self.pool),)

    def __repr__(self):
        return f"<{len(self)} texts>"

    cdef object read_numbers(self, numbers):
        """Return indexes of texts as the core has them: checked, uint32, contiguous."""
        import numpy as np

        given = np.asarray(numbers)
        if len(given) == 0:
            return np.empty(0, np.uint32)
        if given.dtype.kind not in "iu":
            raise TypeError("indexes of texts are integers")
        if not 0 <= given.min() <= given.max() < len(self):
            raise IndexError("no such text")
        return np.ascontiguousarray(given, dtype=np.uint32)

    def order(self, numbers):
        ordered = self.read_numbers(numbers).copy()
        cdef uint32_t[::1] items = ordered
        cdef size_t count = items.shape[0]
        cdef bint is_done = True
        if count > 0:
            with nogil:
                is_done = ts_pool_sort(&self.pool, &items[0], count)
        if not is_done:
            raise MemoryError
        return ordered.astype("i8")

    def pick(self, numbers):
        cdef const uint32_t[::1] items = self.read_numbers(numbers)
        cdef Texts picked = Texts()
        if items.shape[0] > 0 and not ts_pool_append(&picked.pool, &self.pool, &items[0], items.shape[0]):
            raise MemoryError
        return picked

    def cut(self, uint32_t start):
        cdef Texts rest = copy_pool(&self.pool)
        cdef ts_pool_entry *entries = <ts_pool_entry *>rest.pool.entries.items
        cdef uint32_t cut_bytes
        for number in range(rest.pool.entries.count):
            cut_bytes = min(start, entries[number].length)
            entries[number].at += cut_bytes
            entries[number].length -= cut_bytes
        return rest

    def decode(self, numbers, str encoding not None="utf-8", str errors not None="strict"):
        cdef const uint32_t[::1] items = self.read_numbers(numbers)
        cdef uint32_t length
        cdef const uint8_t *text
        cdef bytes encoding_name = encoding.encode("ascii")
        cdef bytes errors_name = errors.encode("ascii")
        cdef const char *by = encoding_name
        cdef const char *at_errors = errors_name
        decoded = []
        for number in range(items.shape[0]):
            text = ts_pool_get(&self.pool, items[number], &length)
            decoded.append(PyUnicode_Decode(<const char *>text, length, by, at_errors) if length > 0 else "")
        return decoded

    def mark(self, letters, first):
        import numpy as np

        cdef ts_byte_set asked
        cdef const uint8_t[::1] of_first = bytes(first)
        cdef const uint8_t[::1] of_others = bytes(letters)
        cdef uint8_t[::1] marks
        for byte in range(256):
            asked.first[byte] = asked.others[byte] = False
        for number in range(of_first.shape[0]):
            asked.first[of_first[number]] = True
        for number in range(of_others.shape[0]):
            asked.others[of_others[number]] = True
        marked = np.empty(len(self), np.uint8)
        marks = marked
        if marks.shape[0] > 0:
            with nogil:
                ts_pool_mark(&self.pool, &asked, &marks[0])
        return marked.view(bool)

    def is_ascending(self):
        return bool(ts_pool_is_ascending(&self.pool))

    def lengths(self):
        import numpy as np

        cdef uint32_t[::1] items
        cdef uint32_t length
        found = np.empty(len(self), np.uint32)
        items = found
        for number in range(self.pool.entries.count):
            ts_pool_get(&self.pool, number, &length)
            items[number] = length
        return found

    def join(self, bytes separator not None):
        cdef size_t count = self.pool.entries.count
        cdef size_t total = 0
        cdef size_t separator_bytes = len(separator)
        cdef const uint8_t *between = separator
        cdef const uint8_t *text
        cdef uint8_t *at
        cdef uint32_t length
        cdef size_t number
        for number in range(count):
            ts_pool_get(&self.pool, number, &length)
            total += length + (separator_bytes if number > 0 else 0)
        joined = PyBytes_FromStringAndSize(NULL, total)
        at = <uint8_t *><char *>joined
        for number in range(count):
            if number > 0:
                memcpy(at, between, separator_bytes)
                at += separator_bytes
            text = ts_pool_get(&self.pool, number, &length)
            if length > 0:
                memcpy(at, text, length)
                at += length
        return joined

    def read_u32(self, uint32_t at):
        import numpy as np

        cdef uint32_t[::1] numbers
        cdef uint32_t length
        cdef const uint8_t *text
        found = np.empty(len(self), np.uint32)
        numbers = found
        for number in range(self.pool.entries.count):
            text = ts_pool_get(&self.pool, number, &length)
            if length < at or length - at < 4:
                raise ValueError("a text is too short")
            numbers[number] = text[at] | text[at + 1] << 8 | text[at + 2] << 16 | <uint32_t>text[at + 3] << 24
        return found

    def write_u32(self, uint32_t at, const uint32_t[::1] numbers not None):
        cdef uint32_t length
        cdef uint8_t *text
        cdef uint32_t byte
        cdef Texts written = copy_pool(&self.pool)
        if numbers.shape[0] != len(self):
            raise ValueError("there must be a number for each text")
        for number in range(self.pool.entries.count):
            text = <uint8_t *>ts_pool_get(&written.pool, number, &length)
            if length < at or length - at < 4:
                raise ValueError("a text is too short")
            for byte in range(4):
                text[at + byte] = numbers[number] >> 8 * byte & 0xFF
        return written


cdef Texts copy_pool(const ts_pool *pool):
    """Return a copy of the texts of a pool."""
    cdef Texts copied = Texts()
    cdef ts_pool_entry *entries = copied.make_room(pool.bytes.count, pool.entries.count)
    if pool.bytes.count > 0:
        memcpy(copied.pool.bytes.items, pool.bytes.items, pool.bytes.count)
    if pool.entries.count > 0:
        memcpy(entries, pool.entries.items, pool.entries.count * sizeof(ts_pool_entry))
    return copied


cdef Texts view_texts(texts):
    """Return texts from Python in the form that csrc/ reads."""
    return texts if isinstance(texts, Texts) else Texts(texts)
