/* SHA-256 with the instructions that some x86 processors have for it.
 *
 * For: sha256.c, which asks whether they are there.
 * Never: another result than that of sha256.c; a test compares both with other implementations.
 */
#ifndef TAGSNIFF_BASE_SHA256_X86_H
#define TAGSNIFF_BASE_SHA256_X86_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Other compilers do not know how to ask the processor. */
#if (defined(__x86_64__) || defined(__i386__)) && defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 11
#define TS_HAS_DIGEST_X86 1
#else
#define TS_HAS_DIGEST_X86 0
#endif

#if TS_HAS_DIGEST_X86
bool ts_digest_x86_is_there(void);
/* Takes whole blocks of 64 bytes; `constants` are those of FIPS 180-4, 4.2.2. */
void ts_digest_x86_take(uint32_t state[8], const uint8_t *blocks, size_t count, const uint32_t constants[64]);
#endif

#endif
