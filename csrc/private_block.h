/* The text of a private creator (PS3.5 2026b, 7.8.1).
 *
 * For: whoever compares or interns private creators.
 * Never: a character set; (0008,0005) does not apply to private creators.
 */
#ifndef TAGSNIFF_PRIVATE_BLOCK_H
#define TAGSNIFF_PRIVATE_BLOCK_H

#include <stdint.h>

/* The part of a private creator's value that counts: outer spaces and NULs at the end taken away. */
typedef struct ts_creator_text {
    const uint8_t *bytes;
    uint32_t length;
} ts_creator_text;

ts_creator_text ts_creator_trim(const uint8_t *value, uint32_t length);

#endif
