/* Printable runs in binary values: ASCII and UTF-16 (PS3.5 2026b, 6.1).
 *
 * For: values of binary VRs: the text in them must be shown.
 * Never: the whole value in memory. It arrives piece by piece.
 */
#ifndef TAGSNIFF_DICOM_PRINTABLE_RUNS_H
#define TAGSNIFF_DICOM_PRINTABLE_RUNS_H

#include "base/buffer.h"
#include "base/bytes.h"

/* Runs of at least four printable characters: ASCII, and UTF-16 in either byte order (characters up to U+00FF, at least
 * half of them ASCII; otherwise every series of small numbers would be text). A run is passed on as UTF-8, without
 * outer spaces; a run longer than TS_RUN_LIMIT_BYTES is passed on in pieces. */
enum { TS_RUN_CHARACTERS = 4, TS_RUN_LIMIT_BYTES = 65536 };

typedef struct ts_runs {
    ts_buffer narrow; /* uint8_t: the open run of printable bytes */
    ts_buffer wide;   /* uint8_t: the open run of printable bytes with a zero byte between each two, as UTF-8 */
    size_t wide_characters;
    size_t wide_ascii; /* how many of them are ASCII */
    bool expects_zero;
    bool (*take)(void *context, ts_text run); /* called for each run, which is borrowed; false when memory runs out */
    void *context;
} ts_runs;

/* Starts with no run; the caller then sets `take` and `context`. */
void ts_runs_begin(ts_runs *runs);
void ts_runs_free(ts_runs *runs);
/* Discards a run that was not ended. */
void ts_runs_clear(ts_runs *runs);
/* Adds the next bytes of a value; ts_runs_end ends it. Both return false when memory runs out. */
bool ts_runs_add(ts_runs *runs, const uint8_t *bytes, size_t length);
bool ts_runs_end(ts_runs *runs);

#endif
