/* Printable runs in binary values: the implementation of printable_runs.h.
 *
 * For: text, and with it names, that vendors store in their own binary structures.
 * Never: more memory than a run of TS_RUN_LIMIT_BYTES, and TS_HISTORY_BYTES of the value.
 *
 * A value is processed in blocks that are the same however it arrives, so that the order of the runs is the same too.
 */
#include "dicom/printable_runs.h"

#include <string.h>

/* Whether a byte can be in a segment, and bits for what is not printable ASCII: ESC, and all bytes from 80 on. */
enum { BREAKS = 0, TEXT = 1, OTHER_TEXT = 2, ESCAPE = 4 };
/* clang-format off */
#define ROW_OF(kind) kind, kind, kind, kind, kind, kind, kind, kind, kind, kind, kind, kind, kind, kind, kind, kind
static const uint8_t BYTE_KINDS[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, TEXT, 0, 0, 0, 0, 0, 0,                /* 09: tab */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, OTHER_TEXT | ESCAPE, 0, 0, 0, 0, /* 1B: ESC */
    ROW_OF(TEXT), ROW_OF(TEXT), ROW_OF(TEXT), ROW_OF(TEXT), ROW_OF(TEXT), /* 20 to 6F */
    TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, BREAKS, /* 7F: DEL */
    ROW_OF(OTHER_TEXT), ROW_OF(OTHER_TEXT), ROW_OF(OTHER_TEXT), ROW_OF(OTHER_TEXT),
    ROW_OF(OTHER_TEXT), ROW_OF(OTHER_TEXT), ROW_OF(OTHER_TEXT), ROW_OF(OTHER_TEXT)};
/* clang-format on */

enum { BITMAP_BYTES = TS_HISTORY_BYTES / 8, WORD_BYTES = 8 };

void ts_runs_begin(ts_runs *runs) {
    ts_buffer_begin(&runs->history, sizeof(uint8_t));
    ts_buffer_begin(&runs->segment, sizeof(uint8_t));
    ts_buffer_begin(&runs->wide, sizeof(uint8_t));
    ts_buffer_begin(&runs->scratch, sizeof(uint8_t));
    ts_runs_clear(runs);
    runs->charset_kind = TS_CHARSET_PLAIN;
    runs->has_lines = false;
    runs->take = NULL;
    runs->context = NULL;
}

void ts_runs_free(ts_runs *runs) {
    ts_buffer_free(&runs->history);
    ts_buffer_free(&runs->segment);
    ts_buffer_free(&runs->wide);
    ts_buffer_free(&runs->scratch);
}

void ts_runs_clear(ts_runs *runs) {
    runs->segment.count = runs->wide.count = 0;
    runs->wide_characters = runs->wide_ascii = 0;
    runs->is_wide = runs->expects_zero = false;
    runs->block_bytes = 0;
    runs->at = 0;
    runs->zeros = 0;
    runs->utf16.letters = 0;
}

static uint8_t *block_of(const ts_runs *runs) { return &((uint8_t *)runs->history.items)[runs->at % TS_HISTORY_BYTES]; }

/* The byte before the block; 0 if there is none. */
static uint8_t byte_before(const ts_runs *runs) {
    return runs->at == 0 ? 0 : ((const uint8_t *)runs->history.items)[(runs->at - 1) % TS_HISTORY_BYTES];
}

static ts_history history_of(const ts_runs *runs) {
    const uint8_t *bytes = runs->history.items;
    return (ts_history){.bytes = bytes, .is_text = &bytes[TS_HISTORY_BYTES]};
}

static bool push(ts_buffer *buffer, const uint8_t *bytes, size_t length) {
    if (!ts_buffer_reserve(buffer, length)) {
        return false;
    }
    memcpy(&((uint8_t *)buffer->items)[buffer->count], bytes, length);
    buffer->count += length;
    return true;
}

/* Segments */

/* Notes in the history that the bytes before `end`, an offset in the value, are text, so that they are not taken for
 * UTF-16. What is far back is left out: UTF-16 is looked for near its end. */
static void mark_as_text(ts_runs *runs, uint64_t end, size_t length) {
    uint8_t *marks = &((uint8_t *)runs->history.items)[TS_HISTORY_BYTES];
    const size_t marked = length < TS_HISTORY_BLOCK ? length : TS_HISTORY_BLOCK;
    for (uint64_t at = end - marked; at < end; at++) {
        const uint64_t place = at % TS_HISTORY_BYTES;
        marks[place / 8] = (uint8_t)(marks[place / 8] | 1u << place % 8);
    }
}

typedef struct segment_place {
    ts_runs *runs;
    const uint8_t *bytes;
    uint64_t at; /* of the bytes in the value */
} segment_place;

static bool take_run(void *context, const ts_run *run) {
    const segment_place *place = context;
    if (run->is_sure) {
        mark_as_text(place->runs, place->at + (uint64_t)(run->text.bytes - place->bytes) + run->text.length,
                     run->text.length);
    }
    return place->runs->take(place->runs->context, run);
}

/* Finds the runs of a segment that ends before the byte at `end`. */
static bool close_segment(ts_runs *runs, const ts_segment *segment, uint64_t end) {
    segment_place place = {.runs = runs, .bytes = segment->bytes.bytes, .at = end - segment->bytes.length};
    return segment->bytes.length < TS_RUN_LETTERS || ts_segment_find(segment, take_run, &place);
}

/* Passes on all of a segment of TS_RUN_LIMIT_BYTES but its end, which is long enough to be a run whatever follows. */
static bool close_front(ts_runs *runs, uint64_t end) {
    enum { MOST_KEPT = 64 };
    uint8_t *bytes = runs->segment.items;
    size_t kept = TS_RUN_CHARACTERS;
    while (kept < MOST_KEPT && bytes[runs->segment.count - kept] >= 0x80) { /* before a character of ASCII */
        kept++;
    }
    const ts_segment segment = {.bytes = {.bytes = bytes, .length = runs->segment.count - kept},
                                .has_others = (runs->segment_seen & OTHER_TEXT) != 0,
                                .has_escapes = (runs->segment_seen & ESCAPE) != 0,
                                .begins_at_nul = runs->segment_begins_at_nul,
                                .kind = runs->charset_kind};
    if (!close_segment(runs, &segment, end - kept)) {
        return false;
    }
    memmove(bytes, &bytes[runs->segment.count - kept], kept);
    runs->segment.count = kept;
    runs->segment_begins_at_nul = false;
    return true;
}

/* Adds the part of a segment that is in the block and goes on in the next one, or began in an earlier one. */
static bool extend_segment(ts_runs *runs, const uint8_t *bytes, size_t length, uint64_t at) {
    while (length > 0) {
        if (runs->segment.count >= TS_RUN_LIMIT_BYTES && !close_front(runs, at)) {
            return false;
        }
        const size_t room = TS_RUN_LIMIT_BYTES - runs->segment.count;
        const size_t taken = length < room ? length : room;
        if (!push(&runs->segment, bytes, taken)) {
            return false;
        }
        bytes = &bytes[taken];
        length -= taken;
        at += taken;
    }
    return true;
}

static bool close_open_segment(ts_runs *runs, bool ends_at_nul, uint64_t end) {
    const ts_segment segment = {.bytes = {.bytes = runs->segment.items, .length = runs->segment.count},
                                .has_others = (runs->segment_seen & OTHER_TEXT) != 0,
                                .has_escapes = (runs->segment_seen & ESCAPE) != 0,
                                .begins_at_nul = runs->segment_begins_at_nul,
                                .ends_at_nul = ends_at_nul,
                                .kind = runs->charset_kind};
    runs->segment.count = 0;
    return segment.bytes.length == 0 || close_segment(runs, &segment, end);
}

/* Whether a text may begin after the byte, or end before it. */
static bool is_border(const ts_runs *runs, uint8_t byte) {
    return byte == 0 || (runs->has_lines && (byte == '\n' || byte == '\r'));
}

/* The index of the first byte from `at` on that can be in a segment. */
static size_t skip_breaks(const uint8_t *bytes, size_t at, size_t length) {
    for (;;) {
        while (length - at >= WORD_BYTES && ts_word_is_below(ts_text_word_8(&bytes[at]), '\t')) {
            at += WORD_BYTES;
        }
        const size_t end = length - at >= WORD_BYTES ? at + WORD_BYTES : length;
        while (at < end && BYTE_KINDS[bytes[at]] == BREAKS) {
            at++;
        }
        if (at < end || at == length) {
            return at;
        }
    }
}

/* The index of the first byte from `at` on that cannot be in a segment. Adds the kinds of those before it to `seen`. */
static size_t skip_text(const uint8_t *bytes, size_t at, size_t length, unsigned *seen) {
    for (;;) {
        while (length - at >= WORD_BYTES && ts_word_is_from(ts_text_word_8(&bytes[at]), ' ')) {
            at += WORD_BYTES;
        }
        const size_t end = length - at >= WORD_BYTES ? at + WORD_BYTES : length;
        while (at < end && BYTE_KINDS[bytes[at]] != BREAKS) {
            *seen |= BYTE_KINDS[bytes[at]];
            at++;
        }
        if (at < end || at == length) {
            return at;
        }
    }
}

static bool find_segments(ts_runs *runs, const uint8_t *bytes, size_t length) {
    size_t at = 0;
    while (at < length) {
        const size_t start = runs->segment.count > 0 ? 0 : skip_breaks(bytes, at, length);
        unsigned seen = 0;
        at = skip_text(bytes, start, length, &seen);
        if (runs->segment.count == 0 && at < length && at - start < TS_RUN_LETTERS) {
            continue;
        }
        const bool begins_at_nul = is_border(runs, start == 0 ? byte_before(runs) : bytes[start - 1]);
        if (start == at && runs->segment.count == 0) {
            return true;
        }
        if (runs->segment.count == 0 && at < length) {
            const ts_segment segment = {.bytes = {.bytes = &bytes[start], .length = at - start},
                                        .has_others = (seen & OTHER_TEXT) != 0,
                                        .has_escapes = (seen & ESCAPE) != 0,
                                        .begins_at_nul = begins_at_nul,
                                        .ends_at_nul = is_border(runs, bytes[at]),
                                        .kind = runs->charset_kind};
            if (!close_segment(runs, &segment, runs->at + at)) {
                return false;
            }
            continue;
        }
        if (runs->segment.count == 0) {
            runs->segment_seen = 0;
            runs->segment_begins_at_nul = begins_at_nul;
        }
        runs->segment_seen |= seen;
        if (!extend_segment(runs, &bytes[start], at - start, runs->at + start) ||
            (at < length && !close_open_segment(runs, is_border(runs, bytes[at]), runs->at + at))) {
            return false;
        }
    }
    return true;
}

/* UTF-16 */

static bool give_wide(ts_runs *runs, size_t length, size_t characters, bool is_word) {
    const ts_run run = {.text = ts_text_trim((ts_text){.bytes = runs->wide.items, .length = length}, false),
                        .is_utf16 = true};
    return (characters < TS_RUN_CHARACTERS && !is_word) || run.text.length == 0 || runs->take(runs->context, &run);
}

static bool close_wide(ts_runs *runs, bool ends_at_nul) {
    const bool is_text = 2 * runs->wide_ascii >= runs->wide_characters;
    const size_t characters = is_text ? runs->wide_characters : 0;
    const bool is_word = ends_at_nul && runs->wide_characters == TS_RUN_LETTERS && runs->wide.count == TS_RUN_LETTERS &&
                         ts_is_word(runs->wide.items);
    const size_t length = runs->wide.count;
    runs->wide_characters = runs->wide_ascii = 0;
    runs->is_wide = runs->expects_zero = false;
    runs->wide.count = 0;
    return length == 0 || give_wide(runs, length, characters, is_word);
}

/* Passes on a run of TS_RUN_LIMIT_BYTES but its last characters, which are long enough to be a run whatever follows. */
static bool close_wide_front(ts_runs *runs) {
    uint8_t *bytes = runs->wide.items;
    size_t kept_from = runs->wide.count;
    for (size_t characters = 0; characters < TS_RUN_CHARACTERS;) {
        kept_from--;
        characters += (bytes[kept_from] & 0xC0) != 0x80 ? 1 : 0;
    }
    const size_t kept = runs->wide.count - kept_from;
    if (2 * runs->wide_ascii >= runs->wide_characters && !give_wide(runs, kept_from, kept_from, false)) {
        return false;
    }
    memmove(bytes, &bytes[kept_from], kept);
    runs->wide.count = kept;
    runs->wide_characters = runs->wide_ascii = TS_RUN_CHARACTERS;
    return true;
}

static bool push_wide(ts_runs *runs, uint8_t byte) {
    if (runs->wide.count >= TS_RUN_LIMIT_BYTES && !close_wide_front(runs)) {
        return false;
    }
    const uint8_t utf8[2] = {(uint8_t)(byte < 0x80 ? byte : 0xC0 | byte >> 6), (uint8_t)(0x80 | (byte & 0x3F))};
    runs->is_wide = runs->expects_zero = true;
    runs->wide_characters++;
    runs->wide_ascii += byte < 0x80 ? 1 : 0;
    return push(&runs->wide, utf8, byte < 0x80 ? 1 : 2);
}

static bool is_wide(uint8_t byte) { return ts_is_printable(byte) || byte >= 0xA0; }

/* Passes on the text that was found by looking back. */
static bool close_utf16(ts_runs *runs) {
    const ts_utf16_text text = runs->utf16;
    runs->utf16.letters = 0;
    return text.letters == 0 || ts_utf16_give(history_of(runs), &text, &runs->scratch, runs->take, runs->context);
}

static bool look_back(ts_runs *runs, uint64_t end, bool big_endian) {
    const ts_utf16_text text = ts_utf16_look_back(history_of(runs), end, big_endian);
    if (text.letters > 0 && !text.is_shifted) {
        return ts_utf16_give(history_of(runs), &text, &runs->scratch, runs->take, runs->context);
    }
    if (text.letters > 0 && (runs->utf16.letters == 0 || ts_utf16_is_better(&text, &runs->utf16))) {
        runs->utf16 = text;
    }
    return true;
}

/* Looks back at the end of a character where the unit after it is a control: the byte at `at` of the value and the one
 * before it are that unit, and one of them is zero. */
static inline bool look_back_before(ts_runs *runs, uint64_t at, uint8_t before, uint8_t byte) {
    enum { OVERLAP = 4 };
    if (runs->utf16.letters > 0 && at - runs->utf16.end >= OVERLAP && !close_utf16(runs)) {
        return false;
    }
    const bool may_be_little = byte == 0 && before < 0x20;
    const bool may_be_big = before == 0 && byte < 0x20;
    return at == 0 ||
           ((!may_be_little || look_back(runs, at - 1, false)) && (!may_be_big || look_back(runs, at - 1, true)));
}

/* The index of the next byte at which UTF-16 can begin or end: the first zero from `at` on. */
static size_t find_zero(const uint8_t *bytes, size_t at, size_t length) {
    if (at < length && bytes[at] == 0) {
        return at;
    }
    const uint8_t *zero = at < length ? memchr(&bytes[at], 0, length - at) : NULL;
    return zero == NULL ? length : (size_t)(zero - bytes);
}

static size_t skip_zeros(const uint8_t *bytes, size_t at, size_t length) {
    while (length - at >= WORD_BYTES && ts_text_word_8(&bytes[at]) == 0) {
        at += WORD_BYTES;
    }
    while (at < length && bytes[at] == 0) {
        at++;
    }
    return at;
}

/* Whether the zeros from `zero` to `stop`, and the other byte there, neither begin nor end UTF-16: a quick answer for
 * most small numbers and padding. The bytes before are no UTF-16 either, and two follow. */
static bool is_quiet(const uint8_t *bytes, size_t zero, size_t stop) {
    const size_t zeros = stop - zero;
    const uint8_t *end = &bytes[zero];
    if (zeros == 1 && is_wide(end[-1]) && is_wide(end[1]) && end[2] == 0) {
        return false; /* characters up to U+00FF: fewer than these two are no text */
    }
    if (end[-2] == 0 && end[-3] == 0 && end[-4] == 0) {
        return true; /* a control before the last unit, wherever the units begin */
    }
    if (zeros == 1) {
        return (end[-1] >= 0x20 || !ts_utf16_may_end(end - 1, false)) &&
               (end[1] >= 0x20 || !ts_utf16_may_end(end, true));
    }
    return (end[-1] >= 0x20 || !ts_utf16_may_end(end - 1, false)) && !ts_utf16_may_end(end, false) &&
           !ts_utf16_may_end(end, true) && (zeros == 2 || !ts_utf16_may_end(end + 1, false)) &&
           ((zeros == 2 && bytes[stop] >= 0x20) || !ts_utf16_may_end(end + 1, true));
}

/* Goes on with an open run, and at its end or without one with the byte at `at`. */
static bool step_wide(ts_runs *runs, uint8_t before, uint8_t byte) {
    if (!runs->is_wide) {
        if (byte != 0 || runs->zeros > 1 || !is_wide(before)) {
            return true;
        }
        if (!push_wide(runs, before)) {
            return false;
        }
    }
    if (byte == 0) {
        const bool is_second = !runs->expects_zero;
        runs->expects_zero = false;
        return !is_second || close_wide(runs, true);
    }
    if (runs->expects_zero || !is_wide(byte)) {
        return close_wide(runs, false); /* the byte begins the next run if a zero follows */
    }
    return push_wide(runs, byte);
}

static bool find_wide(ts_runs *runs, const uint8_t *bytes, size_t length) {
    enum { ZEROS_THAT_MATTER = 3 };
    size_t at = 0;
    while (at < length) {
        if (!runs->is_wide && runs->zeros == 0) {
            at = find_zero(bytes, at, length);
            const size_t stop = skip_zeros(bytes, at, length);
            if (at > TS_UTF16_END_BYTES && length - stop >= 2 && runs->utf16.letters == 0 &&
                is_quiet(bytes, at, stop)) {
                at = stop + 1;
                continue;
            }
        } else if (!runs->is_wide && runs->zeros >= ZEROS_THAT_MATTER) {
            at = skip_zeros(bytes, at, length);
        }
        if (at == length) {
            break;
        }
        const uint8_t byte = bytes[at];
        const uint8_t before = at == 0 ? byte_before(runs) : bytes[at - 1];
        const unsigned zeros = runs->zeros;
        runs->zeros = byte != 0 ? 0 : zeros < ZEROS_THAT_MATTER ? zeros + 1 : zeros;
        if (!step_wide(runs, runs->at + at == 0 ? 0 : before, byte) ||
            ((byte == 0 || zeros > 0) && !look_back_before(runs, runs->at + at, before, byte))) {
            return false;
        }
        at++;
    }
    return true;
}

static bool process_block(ts_runs *runs) {
    const uint8_t *bytes = block_of(runs);
    memset(&((uint8_t *)runs->history.items)[TS_HISTORY_BYTES + runs->at % TS_HISTORY_BYTES / 8], 0,
           TS_HISTORY_BLOCK / 8);
    if (!find_segments(runs, bytes, runs->block_bytes) || !find_wide(runs, bytes, runs->block_bytes)) {
        return false;
    }
    runs->at += runs->block_bytes;
    runs->block_bytes = 0;
    return true;
}

bool ts_runs_add(ts_runs *runs, const uint8_t *bytes, size_t length) {
    if (runs->history.count == 0 && !ts_buffer_resize(&runs->history, TS_HISTORY_BYTES + BITMAP_BYTES)) {
        return false;
    }
    while (length > 0) {
        const size_t room = TS_HISTORY_BLOCK - runs->block_bytes;
        const size_t taken = length < room ? length : room;
        memcpy(&block_of(runs)[runs->block_bytes], bytes, taken);
        runs->block_bytes += taken;
        bytes = &bytes[taken];
        length -= taken;
        if (runs->block_bytes == TS_HISTORY_BLOCK && !process_block(runs)) {
            return false;
        }
    }
    return true;
}

bool ts_runs_end(ts_runs *runs) {
    const bool is_done = (runs->block_bytes == 0 || process_block(runs)) && close_open_segment(runs, true, runs->at) &&
                         close_wide(runs, true) &&
                         (runs->at == 0 || (look_back(runs, runs->at, false) && look_back(runs, runs->at, true))) &&
                         close_utf16(runs);
    ts_runs_clear(runs);
    return is_done;
}
