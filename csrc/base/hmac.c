/* HMAC-SHA-256: the implementation of hmac.h (RFC 2104, section 2).
 *
 * For: keys of TS_HMAC_KEY_BYTES, which are shorter than a block and need no digest of their own.
 * Never: a key of another length.
 */
#include "base/hmac.h"

enum { INNER_PAD = 0x36, OUTER_PAD = 0x5C };

static void begin_padded(ts_digest *digest, const uint8_t *key, uint8_t pad) {
    uint8_t block[TS_DIGEST_BLOCK_BYTES];
    for (size_t i = 0; i < TS_DIGEST_BLOCK_BYTES; i++) {
        block[i] = (uint8_t)((i < TS_HMAC_KEY_BYTES ? key[i] : 0) ^ pad);
    }
    ts_digest_begin(digest);
    ts_digest_add(digest, block, sizeof block);
}

void ts_hmac_begin(ts_hmac *hmac, const uint8_t key[TS_HMAC_KEY_BYTES]) {
    begin_padded(&hmac->inner, key, INNER_PAD);
    begin_padded(&hmac->outer, key, OUTER_PAD);
}

void ts_hmac_add(ts_hmac *hmac, const uint8_t *bytes, size_t length) { ts_digest_add(&hmac->inner, bytes, length); }

void ts_hmac_end(ts_hmac *hmac, uint8_t result[TS_DIGEST_BYTES]) {
    ts_digest_end(&hmac->inner, result);
    ts_digest_add(&hmac->outer, result, TS_DIGEST_BYTES);
    ts_digest_end(&hmac->outer, result);
}
