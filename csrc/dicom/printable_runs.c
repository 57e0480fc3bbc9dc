/* Printable runs inside binary values: the implementation of printable_runs.h.
 *
 * For: text, and with it names, that vendors store in their own binary structures.
 * Never: more memory than a run of TS_RUN_LIMIT_BYTES.
 */
#include <string.h>

#include "dicom/printable_runs.h"
#include "dicom/text.h"

void ts_runs_begin(ts_runs *runs) {
    ts_buffer_begin(&runs->narrow, sizeof(uint8_t));
    ts_buffer_begin(&runs->wide, sizeof(uint8_t));
    ts_runs_clear(runs);
    runs->take = NULL;
    runs->context = NULL;
}

void ts_runs_free(ts_runs *runs) {
    ts_buffer_free(&runs->narrow);
    ts_buffer_free(&runs->wide);
}

void ts_runs_clear(ts_runs *runs) {
    runs->narrow.count = runs->wide.count = 0;
    runs->wide_characters = runs->wide_ascii = 0;
    runs->expects_zero = false;
}

static bool push(ts_buffer *buffer, uint8_t byte) {
    if (!ts_buffer_reserve(buffer, 1)) {
        return false;
    }
    ((uint8_t *)buffer->items)[buffer->count++] = byte;
    return true;
}

static bool emit(ts_runs *runs, ts_buffer *buffer, size_t characters) {
    const ts_text text = {.bytes = buffer->items, .length = buffer->count};
    buffer->count = 0;
    if (characters < TS_RUN_CHARACTERS) {
        return true;
    }
    const ts_text trimmed = ts_text_trim(text, false);
    return trimmed.length == 0 || runs->take(runs->context, trimmed);
}

/* For a run that has reached the limit: passes on all but its last TS_RUN_CHARACTERS characters, so that the rest is
 * long enough to be a run whatever follows. */
static bool emit_front(ts_runs *runs, ts_buffer *buffer) {
    uint8_t *bytes = buffer->items;
    uint8_t kept[2 * TS_RUN_CHARACTERS]; /* a character up to U+00FF has at most two bytes */
    size_t kept_from = buffer->count;
    for (size_t characters = 0; characters < TS_RUN_CHARACTERS;) {
        kept_from--;
        characters += (bytes[kept_from] & 0xC0) != 0x80 ? 1 : 0;
    }
    const size_t kept_length = buffer->count - kept_from;
    memcpy(kept, &bytes[kept_from], kept_length);
    buffer->count = kept_from;
    if (!emit(runs, buffer, kept_from)) {
        return false;
    }
    memcpy(bytes, kept, kept_length);
    buffer->count = kept_length;
    return true;
}

static bool close_narrow(ts_runs *runs) { return emit(runs, &runs->narrow, runs->narrow.count); }

static bool close_wide(ts_runs *runs) {
    const bool is_text = 2 * runs->wide_ascii >= runs->wide_characters;
    const size_t characters = is_text ? runs->wide_characters : 0;
    runs->wide_characters = runs->wide_ascii = 0;
    runs->expects_zero = false;
    return emit(runs, &runs->wide, characters);
}

static bool push_narrow(ts_runs *runs, uint8_t byte) {
    if (runs->narrow.count >= TS_RUN_LIMIT_BYTES && !emit_front(runs, &runs->narrow)) {
        return false;
    }
    return push(&runs->narrow, byte);
}

static bool push_wide(ts_runs *runs, uint8_t byte) {
    if (runs->wide.count >= TS_RUN_LIMIT_BYTES) {
        if (!emit_front(runs, &runs->wide)) {
            return false;
        }
        runs->wide_characters = runs->wide_ascii = TS_RUN_CHARACTERS;
    }
    runs->wide_characters++;
    runs->expects_zero = true;
    if (byte < 0x80) {
        runs->wide_ascii++;
        return push(&runs->wide, byte);
    }
    return push(&runs->wide, (uint8_t)(0xC0 | byte >> 6)) && push(&runs->wide, (uint8_t)(0x80 | (byte & 0x3F)));
}

static bool is_narrow(uint8_t byte) { return (byte >= 0x20 && byte <= 0x7E) || byte == '\t'; }

static bool is_wide(uint8_t byte) { return is_narrow(byte) || byte >= 0xA0; }

static bool add_byte(ts_runs *runs, uint8_t byte) {
    const bool is_ascii = is_narrow(byte);
    if (is_ascii ? !push_narrow(runs, byte) : !close_narrow(runs)) {
        return false;
    }
    if (byte == 0 && runs->expects_zero) {
        runs->expects_zero = false;
        return true;
    }
    if (byte == 0 || (!is_ascii && byte < 0xA0)) {
        return close_wide(runs);
    }
    if (runs->expects_zero && !close_wide(runs)) { /* no zero between two: only the second can begin a wide run */
        return false;
    }
    return push_wide(runs, byte);
}

static bool is_idle(const ts_runs *runs) {
    return runs->narrow.count == 0 && runs->wide.count == 0 && !runs->expects_zero;
}

/* Where the next run may begin, searched from `at` on while no run is open: at four printable bytes, at a printable
 * byte before a zero, or near the end, where the bytes that decide are not there yet. add_byte would discard the bytes
 * that are skipped. */
static size_t find_start(const uint8_t *bytes, size_t at, size_t length) {
    size_t printable = 0; /* number of printable bytes directly before this one */
    for (; at < length; at++) {
        const uint8_t byte = bytes[at];
        if (is_narrow(byte)) {
            if (++printable == TS_RUN_CHARACTERS) {
                return at + 1 - TS_RUN_CHARACTERS;
            }
            continue;
        }
        if (byte == 0 && at > 0 && is_wide(bytes[at - 1])) {
            return at - (printable > 0 ? printable : 1);
        }
        printable = 0;
        while (byte == 0 && length - at > 8 && memcmp(&bytes[at + 1], "\0\0\0\0\0\0\0", 8) == 0) {
            at += 8;
        }
    }
    if (printable > 0) {
        return length - printable;
    }
    return length > 0 && is_wide(bytes[length - 1]) ? length - 1 : length;
}

bool ts_runs_add(ts_runs *runs, const uint8_t *bytes, size_t length) {
    size_t at = 0;
    while (at < length) {
        if (is_idle(runs)) {
            at = find_start(bytes, at, length);
        }
        if (at < length && !add_byte(runs, bytes[at])) {
            return false;
        }
        at++;
    }
    return true;
}

bool ts_runs_end(ts_runs *runs) { return close_narrow(runs) && close_wide(runs); }
