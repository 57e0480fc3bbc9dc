/* SHA-256 (FIPS 180-4), computed piece by piece.
 *
 * For: telling binary and very long values apart without storing them.
 * Never: protection of a value. A short value can be found from its digest by trying all values.
 */
#ifndef TAGSNIFF_BASE_SHA256_H
#define TAGSNIFF_BASE_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TS_DIGEST_BYTES = 32, TS_DIGEST_BLOCK_BYTES = 64 };

typedef struct ts_digest {
    uint64_t length; /* bytes added so far */
    uint32_t state[8];
    uint8_t block[TS_DIGEST_BLOCK_BYTES]; /* the bytes that do not fill a block yet */
    bool uses_processor;                  /* the processor has instructions for SHA-256 */
} ts_digest;

/* Begin, add any number of times, end. Nothing is allocated; `bytes` may be any piece of the input. */
void ts_digest_begin(ts_digest *digest);
void ts_digest_add(ts_digest *digest, const uint8_t *bytes, size_t length);
void ts_digest_end(ts_digest *digest, uint8_t result[TS_DIGEST_BYTES]);

#endif
