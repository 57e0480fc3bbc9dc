/* Printable runs in binary values: ASCII and UTF-16 (PS3.5 2026b, 6.1).
 *
 * For: values of binary VRs, whose text must be seen.
 * Never: the whole value in memory.
 */
#ifndef TAGSNIFF_DICOM_PRINTABLE_RUNS_H
#define TAGSNIFF_DICOM_PRINTABLE_RUNS_H

#include "base/buffer.h"
#include "base/bytes.h"

/* Runs of four printable characters and more in bytes that come piece by piece: ASCII, and UTF-16 in either byte order
 * (characters up to U+00FF, at least half of them ASCII, or every row of small numbers were text), given as UTF-8
 * without outer spaces. A run above TS_RUN_LIMIT_BYTES is given in pieces. */
enum { TS_RUN_CHARACTERS = 4, TS_RUN_LIMIT_BYTES = 65536 };

typedef struct ts_runs {
    ts_buffer narrow; /* uint8_t: the run of printable bytes that is open */
    ts_buffer wide;   /* uint8_t: the run of printable bytes with a zero between each two, as UTF-8 */
    size_t wide_characters;
    size_t wide_ascii; /* how many of them are ASCII */
    bool expects_zero;
    bool (*take)(void *context, ts_text run); /* false when memory runs out */
    void *context;
} ts_runs;

void ts_runs_begin(ts_runs *runs);
void ts_runs_free(ts_runs *runs);
/* Forgets a run that was not ended. */
void ts_runs_clear(ts_runs *runs);
/* False when memory runs out, here and below. */
bool ts_runs_add(ts_runs *runs, const uint8_t *bytes, size_t length);
bool ts_runs_end(ts_runs *runs);

#endif
