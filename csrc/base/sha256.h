/* SHA-256 (FIPS 180-4), fed piece by piece.
 *
 * For: telling binary and very long values apart without keeping them.
 * Never: a promise of secrecy; a digest of a short value can be guessed back.
 */
#ifndef TAGSNIFF_BASE_SHA256_H
#define TAGSNIFF_BASE_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TS_DIGEST_BYTES = 32, TS_DIGEST_BLOCK_BYTES = 64 };

typedef struct ts_digest {
    uint64_t length; /* bytes taken so far */
    uint32_t state[8];
    uint8_t block[TS_DIGEST_BLOCK_BYTES]; /* bytes that do not fill a block yet */
    bool uses_processor;                  /* it has instructions for this */
} ts_digest;

void ts_digest_begin(ts_digest *digest);
void ts_digest_add(ts_digest *digest, const uint8_t *bytes, size_t length);
void ts_digest_end(ts_digest *digest, uint8_t result[TS_DIGEST_BYTES]);

#endif
