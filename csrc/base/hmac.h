/* HMAC-SHA-256 (RFC 2104, FIPS 198-1), computed piece by piece.
 *
 * For: digests of texts of few bits. Without the key, the text cannot be found by trying all texts.
 * Never: the key itself in memory after ts_hmac_begin.
 */
#ifndef TAGSNIFF_BASE_HMAC_H
#define TAGSNIFF_BASE_HMAC_H

#include "base/sha256.h"

enum { TS_HMAC_KEY_BYTES = 32 };

/* A state that was begun may be copied: each copy computes the code of another message with the same key. */
typedef struct ts_hmac {
    ts_digest inner, outer;
} ts_hmac;

/* Begin, add any number of times, end. */
void ts_hmac_begin(ts_hmac *hmac, const uint8_t key[TS_HMAC_KEY_BYTES]);
void ts_hmac_add(ts_hmac *hmac, const uint8_t *bytes, size_t length);
void ts_hmac_end(ts_hmac *hmac, uint8_t result[TS_DIGEST_BYTES]);

#endif
