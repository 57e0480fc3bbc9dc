/* SHA-256 with the instructions that some x86 processors have for it.
 *
 * For: sha256.c, which checks at run time whether the processor has them.
 * Never: a result other than that of sha256.c. A test compares both with other implementations.
 */
#ifndef TAGSNIFF_BASE_SHA256_X86_H
#define TAGSNIFF_BASE_SHA256_X86_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Only with compilers that can check at run time for these instructions. */
#if (defined(__x86_64__) || defined(__i386__)) && defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 11
#define TS_HAS_DIGEST_X86 1
#else
#define TS_HAS_DIGEST_X86 0
#endif

#if TS_HAS_DIGEST_X86
/* Whether the processor has the instructions. */
bool ts_digest_x86_is_there(void);
/* Adds `count` whole blocks of 64 bytes to the state; `constants` are those of FIPS 180-4, 4.2.2. */
void ts_digest_x86_take(uint32_t state[8], const uint8_t *blocks, size_t count, const uint32_t constants[64]);
#endif

#endif
