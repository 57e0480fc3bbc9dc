/* Printable runs in binary values: ASCII, UTF-8, the declared character set, and UTF-16 (PS3.5 2026b, 6.1).
 *
 * For: values of binary VRs: the text in them must be shown.
 * Never: the whole value in memory. It arrives piece by piece; where it is cut into pieces changes nothing.
 */
#ifndef TAGSNIFF_DICOM_PRINTABLE_RUNS_H
#define TAGSNIFF_DICOM_PRINTABLE_RUNS_H

#include "dicom/text_segments.h"
#include "dicom/utf16_runs.h"

/* What is a run of text:
 *   in bytes   see text_segments.h
 *   in UTF-16, of either byte order: characters up to U+00FF, at least half of them ASCII (otherwise every series of
 *              small numbers would be text), as many as in ASCII; and see utf16_runs.h
 * A run is passed on as it is in the declared character set, otherwise as UTF-8, without outer spaces; one longer than
 * TS_RUN_LIMIT_BYTES in pieces. */
enum { TS_RUN_LIMIT_BYTES = 65536 };

typedef struct ts_runs {
    ts_charset_kind charset_kind; /* of the declared character set; set before the first bytes of a value */
    bool has_lines;               /* the bytes are known to be text: a line ends as at a NUL; set likewise */
    ts_take_run take;
    void *context;

    ts_buffer history;  /* uint8_t: a ring, and a bit for each of its bytes: see ts_history */
    size_t block_bytes; /* bytes of the current block, which is processed when it is full */
    uint64_t at;        /* offset of the block in the value */

    ts_buffer segment;     /* uint8_t: the bytes of a segment that began in an earlier block */
    unsigned segment_seen; /* which kinds of bytes it has */
    bool segment_begins_at_nul;

    ts_buffer wide; /* uint8_t: the open run of characters up to U+00FF with a zero byte between each two, as UTF-8 */
    size_t wide_characters;
    size_t wide_ascii; /* how many of them are ASCII */
    bool is_wide;
    bool expects_zero;
    unsigned zeros; /* zero bytes directly before the position, up to 3 */

    ts_utf16_text utf16; /* the best one that ended near the position; passed on a few bytes later */
    ts_buffer scratch;   /* uint8_t: a run of other UTF-16 characters as UTF-8 */
} ts_runs;

/* Starts with no run; the caller then sets `charset_kind`, `has_lines`, `take` and `context`. */
void ts_runs_begin(ts_runs *runs);
void ts_runs_free(ts_runs *runs);
/* Begins a value, and discards what is left of one that was not ended. */
void ts_runs_clear(ts_runs *runs);
/* Adds the next bytes of a value; ts_runs_end ends it, and begins another. Both return false when memory runs out. */
bool ts_runs_add(ts_runs *runs, const uint8_t *bytes, size_t length);
bool ts_runs_end(ts_runs *runs);

#endif
