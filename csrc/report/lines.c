/* Rows as lines of text: the implementation of lines.h.
 *
 * For: a few nanoseconds for each part of a line.
 * Never: an incomplete part. Memory is reserved before a part is written.
 */
#include "report/lines.h"

#include <string.h>

enum { DIGITS_LIMIT = 20 };

static bool append_text(ts_buffer *lines, const ts_pool *texts, uint32_t number) {
    uint32_t length;
    const uint8_t *bytes = ts_pool_get(texts, number, &length);
    if (!ts_buffer_reserve(lines, length)) {
        return false;
    }
    if (length > 0) {
        memcpy((uint8_t *)lines->items + lines->count, bytes, length);
        lines->count += length;
    }
    return true;
}

static bool append_count(ts_buffer *lines, uint64_t count, uint32_t width) {
    uint8_t digits[DIGITS_LIMIT];
    uint32_t at = DIGITS_LIMIT;
    do {
        digits[--at] = (uint8_t)('0' + count % 10);
        count /= 10;
    } while (count > 0);
    const uint32_t length = DIGITS_LIMIT - at;
    const uint32_t spaces = width > length ? width - length : 0;
    if (!ts_buffer_reserve(lines, spaces + length)) {
        return false;
    }
    uint8_t *end = (uint8_t *)lines->items + lines->count;
    memset(end, ' ', spaces);
    memcpy(end + spaces, &digits[at], length);
    lines->count += spaces + length;
    return true;
}

static bool append_part(ts_buffer *lines, const ts_line_part *part, size_t row) {
    if (part->texts == NULL) {
        return append_count(lines, part->counts[row], part->width);
    }
    return append_text(lines, part->texts, part->numbers == NULL ? 0 : part->numbers[row]);
}

bool ts_append_lines(ts_buffer *lines, const ts_line_part *parts, size_t part_count, size_t start, size_t end) {
    for (size_t row = start; row < end; row++) {
        for (size_t i = 0; i < part_count; i++) {
            if (!append_part(lines, &parts[i], row)) {
                return false;
            }
        }
    }
    return true;
}
