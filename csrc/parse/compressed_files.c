/* Compressed files and archives: the implementation of compressed_files.h.
 *
 * For: the first bytes that each format prescribes.
 * Never: a read after `length`.
 */
#include "parse/compressed_files.h"

#include <stddef.h>
#include <string.h>

typedef struct signature {
    const char *bytes;
    uint8_t length;
    uint8_t offset; /* that of tar is 257: see below */
} signature;

static const signature signatures[] = {
    {"\x1F\x8B\x08", 3, 0},             /* gzip (RFC 1952, 2.3.1) */
    {"\x1F\x9D", 2, 0},                 /* compress */
    {"1AY&SY", 6, 4},                   /* bzip2: the first block; see is_bzip2 */
    {"\x17\x72\x45\x38\x50\x90", 6, 4}, /* bzip2 without a block */
    {"\xFD"
     "7zXZ\0",
     6, 0},                       /* xz */
    {"\x28\xB5\x2F\xFD", 4, 0},   /* zstd (RFC 8878, 3.1.1) */
    {"\x2A\x4D\x18", 3, 1},       /* a skippable frame of zstd or lz4; see is_skippable */
    {"\x04\x22\x4D\x18", 4, 0},   /* lz4 */
    {"LZIP", 4, 0},               /* lzip */
    {"PK\x03\x04", 4, 0},         /* zip */
    {"PK\x05\x06", 4, 0},         /* zip without a member */
    {"PK\x07\x08", 4, 0},         /* zip in parts */
    {"7z\xBC\xAF\x27\x1C", 6, 0}, /* 7z */
    {"Rar!\x1A\x07", 6, 0},       /* rar */
    {"MSCF\0\0\0\0", 8, 0},       /* cab */
};

enum { TAR_CHECKSUM_AT = 148, TAR_CHECKSUM_BYTES = 8, TAR_HEADER_BYTES = 512 };

static bool has_signature(const uint8_t *bytes, uint64_t length, const signature *wanted) {
    if (length < wanted->offset || wanted->length > length - wanted->offset ||
        memcmp(&bytes[wanted->offset], wanted->bytes, wanted->length) != 0) {
        return false;
    }
    if (wanted->offset == 4) {
        return memcmp(bytes, "BZh", 3) == 0 && bytes[3] >= '1' && bytes[3] <= '9';
    }
    return wanted->offset != 1 || bytes[0] >> 4 == 5;
}

/* The header of a tar archive ends with its checksum: the sum of its bytes, with spaces in place of the checksum
 * itself, as an octal number. Archives without the word "ustar" have it, too. */
static bool is_tar(const uint8_t *bytes, uint64_t length) {
    if (length < TAR_HEADER_BYTES || bytes[0] == 0) {
        return false;
    }
    uint32_t sum = 0;
    uint32_t written = 0;
    size_t digits = 0;
    for (size_t i = 0; i < TAR_HEADER_BYTES; i++) {
        const bool is_checksum = i >= TAR_CHECKSUM_AT && i < TAR_CHECKSUM_AT + TAR_CHECKSUM_BYTES;
        sum += is_checksum ? ' ' : bytes[i];
        if (is_checksum && bytes[i] >= '0' && bytes[i] <= '7') {
            written = written * 8 + (bytes[i] - '0');
            digits++;
        } else if (is_checksum && bytes[i] != ' ' && bytes[i] != 0) {
            return false;
        }
    }
    return digits > 0 && sum == written;
}

bool ts_is_compressed_file(const uint8_t *bytes, uint64_t length) {
    for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++) {
        if (has_signature(bytes, length, &signatures[i])) {
            return true;
        }
    }
    return is_tar(bytes, length);
}
