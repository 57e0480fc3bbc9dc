/* SHA-256 (FIPS 180-4, 5.3.3 and 6.2): the implementation of sha256.h.
 *
 * For: values of any length, in constant memory.
 * Never: a read beyond the given bytes.
 */
#include "base/sha256.h"

#include <string.h>

#include "base/sha256_x86.h"

enum { ROUNDS = 64, LENGTH_BYTES = 8 };

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2). */
static const uint32_t round_constants[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t word, unsigned bits) { return word >> bits | word << (32 - bits); }

static void add_block(uint32_t state[8], const uint8_t block[TS_DIGEST_BLOCK_BYTES]) {
    uint32_t schedule[ROUNDS];
    for (size_t i = 0; i < 16; i++) {
        schedule[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
                      (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    }
    for (size_t i = 16; i < ROUNDS; i++) {
        const uint32_t near = schedule[i - 15];
        const uint32_t far = schedule[i - 2];
        schedule[i] = schedule[i - 16] + schedule[i - 7] + (rotate(near, 7) ^ rotate(near, 18) ^ near >> 3) +
                      (rotate(far, 17) ^ rotate(far, 19) ^ far >> 10);
    }
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    for (size_t i = 0; i < ROUNDS; i++) {
        const uint32_t first = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) +
                               round_constants[i] + schedule[i];
        const uint32_t second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        h = g;
        g = f;
        f = e;
        e = d + first;
        d = c;
        c = b;
        b = a;
        a = first + second;
    }
    const uint32_t mixed[8] = {a, b, c, d, e, f, g, h};
    for (size_t i = 0; i < 8; i++) {
        state[i] += mixed[i];
    }
}

static void add_blocks(ts_digest *digest, const uint8_t *blocks, size_t count) {
#if TS_HAS_DIGEST_X86
    if (digest->uses_processor) {
        ts_digest_x86_take(digest->state, blocks, count, round_constants);
        return;
    }
#endif
    for (size_t i = 0; i < count; i++) {
        add_block(digest->state, &blocks[i * TS_DIGEST_BLOCK_BYTES]);
    }
}

void ts_digest_begin(ts_digest *digest) {
    static const uint32_t first_state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                            0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    memcpy(digest->state, first_state, sizeof first_state);
    digest->length = 0;
#if TS_HAS_DIGEST_X86
    digest->uses_processor = ts_digest_x86_is_there();
#else
    digest->uses_processor = false;
#endif
}

void ts_digest_add(ts_digest *digest, const uint8_t *bytes, size_t length) {
    size_t filled = (size_t)(digest->length % TS_DIGEST_BLOCK_BYTES);
    digest->length += length;
    size_t at = 0;
    while (at < length) {
        if (filled == 0 && length - at >= TS_DIGEST_BLOCK_BYTES) { /* whole blocks, not copied */
            const size_t blocks = (length - at) / TS_DIGEST_BLOCK_BYTES;
            add_blocks(digest, &bytes[at], blocks);
            at += blocks * TS_DIGEST_BLOCK_BYTES;
            continue;
        }
        const size_t room = TS_DIGEST_BLOCK_BYTES - filled;
        const size_t piece = length - at < room ? length - at : room;
        memcpy(&digest->block[filled], &bytes[at], piece);
        filled += piece;
        at += piece;
        if (filled == TS_DIGEST_BLOCK_BYTES) {
            add_blocks(digest, digest->block, 1);
            filled = 0;
        }
    }
}

void ts_digest_end(ts_digest *digest, uint8_t result[TS_DIGEST_BYTES]) {
    const uint64_t length_bits = digest->length * 8;
    static const uint8_t padding[TS_DIGEST_BLOCK_BYTES] = {0x80};
    const size_t filled = (size_t)(digest->length % TS_DIGEST_BLOCK_BYTES);
    const size_t last = TS_DIGEST_BLOCK_BYTES - LENGTH_BYTES;
    ts_digest_add(digest, padding, filled < last ? last - filled : TS_DIGEST_BLOCK_BYTES + last - filled);
    uint8_t length_bytes[LENGTH_BYTES];
    for (size_t i = 0; i < LENGTH_BYTES; i++) {
        length_bytes[i] = (uint8_t)(length_bits >> (56 - 8 * i));
    }
    ts_digest_add(digest, length_bytes, LENGTH_BYTES);
    for (size_t i = 0; i < 8; i++) {
        for (size_t j = 0; j < 4; j++) {
            result[4 * i + j] = (uint8_t)(digest->state[i] >> (24 - 8 * j));
        }
    }
}
