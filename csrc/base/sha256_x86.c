/* SHA-256 with the SHA extensions of x86 (Intel 64 and IA-32 Software Developer's Manual, volume 2: SHA256RNDS2,
 * SHA256MSG1, SHA256MSG2): the implementation of sha256_x86.h.
 *
 * For: long binary values, where the digest would take most of the time.
 * Never: a read beyond the given blocks.
 */
#include "base/sha256_x86.h"

#if TS_HAS_DIGEST_X86

#include <immintrin.h>

enum { GROUPS = 16, WORDS_BYTES = 16, BLOCK_BYTES = 64 };

bool ts_digest_x86_is_there(void) {
    return __builtin_cpu_supports("sha") && __builtin_cpu_supports("sse4.1") && __builtin_cpu_supports("ssse3");
}

/* The state is kept in the order that the instructions need: words A B E F in one register, C D G H in the other. */
__attribute__((target("sha,sse4.1,ssse3"))) void ts_digest_x86_take(uint32_t state[8], const uint8_t *blocks,
                                                                    size_t count, const uint32_t constants[64]) {
    const __m128i big_endian = _mm_set_epi64x(0x0C0D0E0F08090A0B, 0x0405060700010203);
    const __m128i dcba = _mm_loadu_si128((const __m128i *)(const void *)&state[0]);
    const __m128i hgfe = _mm_loadu_si128((const __m128i *)(const void *)&state[4]);
    const __m128i cdab = _mm_shuffle_epi32(dcba, 0xB1);
    const __m128i efgh = _mm_shuffle_epi32(hgfe, 0x1B);
    __m128i abef = _mm_alignr_epi8(cdab, efgh, 8);
    __m128i cdgh = _mm_blend_epi16(efgh, cdab, 0xF0);
    for (size_t block = 0; block < count; block++) {
        const uint8_t *bytes = &blocks[block * BLOCK_BYTES];
        const __m128i abef_before = abef;
        const __m128i cdgh_before = cdgh;
        __m128i schedule[4]; /* the last sixteen words, four in each register */
        for (size_t group = 0; group < GROUPS; group++) {
            __m128i *words = &schedule[group % 4];
            if (group < 4) {
                *words = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)&bytes[group * WORDS_BYTES]),
                                          big_endian);
            } else {
                const __m128i last = schedule[(group + 3) % 4];
                const __m128i seven_back = _mm_alignr_epi8(last, schedule[(group + 2) % 4], 4);
                const __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(*words, schedule[(group + 1) % 4]), seven_back);
                *words = _mm_sha256msg2_epu32(sum, last);
            }
            const __m128i rounds =
                _mm_add_epi32(*words, _mm_loadu_si128((const __m128i *)(const void *)&constants[4 * group]));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, rounds);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(rounds, 0x0E));
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    const __m128i feba = _mm_shuffle_epi32(abef, 0x1B);
    const __m128i dchg = _mm_shuffle_epi32(cdgh, 0xB1);
    _mm_storeu_si128((__m128i *)(void *)&state[0], _mm_blend_epi16(feba, dchg, 0xF0));
    _mm_storeu_si128((__m128i *)(void *)&state[4], _mm_alignr_epi8(dchg, feba, 8));
}

#endif
