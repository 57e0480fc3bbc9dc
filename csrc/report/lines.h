/* Rows as lines of text, made of columns of counts and of indexes into pools of texts.
 *
 * For: the writers of reports, which may have millions of rows.
 * Never: an escape, a quote or a separator of its own. The format decides about these, and they are part of the texts.
 */
#ifndef TAGSNIFF_REPORT_LINES_H
#define TAGSNIFF_REPORT_LINES_H

#include "base/text_pool.h"

/* One part of every line. The columns have one entry for each row; all are borrowed. */
typedef struct ts_line_part {
    const ts_pool *texts;    /* NULL: the part is a count */
    const uint32_t *numbers; /* indexes into the texts; NULL: the first text in every line */
    const uint64_t *counts;  /* written in decimal digits */
    uint32_t width;          /* minimum number of characters of a count, padded with spaces on the left */
} ts_line_part;

enum { TS_LINE_WIDTH_LIMIT = 64 };

/* Appends the lines of the rows from `start` to `end`, which is not included, to `lines` (uint8_t). The last part must
 * hold the line end. A width is at most TS_LINE_WIDTH_LIMIT. False when memory runs out; the last line may then be
 * incomplete. */
bool ts_append_lines(ts_buffer *lines, const ts_line_part *parts, size_t part_count, size_t start, size_t end);

#endif
