/* Files that may hold DICOM files and are not read: compressed files and archives.
 *
 * For: the start of a file that is not DICOM, so that it is a fault and not an exclusion (PS3.10 2026b, 7, has no such
 *      files).
 * Never: an opinion on what is inside.
 */
#ifndef TAGSNIFF_PARSE_COMPRESSED_FILES_H
#define TAGSNIFF_PARSE_COMPRESSED_FILES_H

#include <stdbool.h>
#include <stdint.h>

/* The first bytes of a file that are enough: the first header of a tar archive. */
enum { TS_COMPRESSED_HEAD_BYTES = 512 };

/* Whether a file is compressed, or an archive: gzip, bzip2, xz, zstd, lz4, lzip, compress, zip, 7z, rar, cab, tar.
 * `length` is TS_COMPRESSED_HEAD_BYTES, or that of the whole file if it is shorter. */
bool ts_is_compressed_file(const uint8_t *bytes, uint64_t length);

#endif
