/* Rows as lines of text, made of columns that lead into pools of texts, or are counts.
 *
 * For: the writers of reports, which may have millions of rows.
 * Never: an escape, a quote or a separator of its own; those are the format's, and stand in the texts.
 */
#ifndef TAGSNIFF_REPORT_LINES_H
#define TAGSNIFF_REPORT_LINES_H

#include "base/text_pool.h"

/* What every line has in one place. The columns have an entry for each row; their numbers lead into the pool. */
typedef struct ts_line_part {
    const ts_pool *texts;    /* NULL: counts */
    const uint32_t *numbers; /* of the texts; NULL: the first one in every line */
    const uint64_t *counts;  /* in decimal digits */
    uint32_t width;          /* of a count: so many characters at least, spaces before it */
} ts_line_part;

enum { TS_LINE_WIDTH_LIMIT = 64 };

/* Appends the lines of the rows from `start` to before `end` (uint8_t); the last part ends a line. False when memory
 * runs out. A width is at most TS_LINE_WIDTH_LIMIT. */
bool ts_append_lines(ts_buffer *lines, const ts_line_part *parts, size_t part_count, size_t start, size_t end);

#endif
