/* How data elements are encoded: byte order and explicit or implicit VR (PS3.5 2026b, 7.1, 10 and annex A).
 *
 * For: the encoding that a Transfer Syntax UID means, and the encoding that the first element header shows if there
 *      is no such UID or if it is wrong.
 * Never: a read of more than the eight given bytes. The parser finds out whether the rest can be read.
 */
#ifndef TAGSNIFF_DICOM_ENCODING_H
#define TAGSNIFF_DICOM_ENCODING_H

#include <stdbool.h>
#include <stdint.h>

typedef struct ts_encoding {
    bool big_endian;
    bool implicit_vr;
    bool deflated; /* the data set is one raw deflate stream (PS3.5 A.5) */
} ts_encoding;

/* The encoding of a Transfer Syntax UID without padding. A UID outside the root of the standard sets *is_standard to
 * false and is read as explicit VR little endian, like every syntax since 1993. */
ts_encoding ts_encoding_of_uid(const uint8_t *uid, uint64_t length, bool *is_standard);

/* The encoding of a data set or item that begins with the eight bytes of `header`; `room` is the number of bytes left
 * from its first byte on. It is `declared`, unless the bytes contradict that and agree with another encoding. */
ts_encoding ts_encoding_check(ts_encoding declared, const uint8_t header[8], uint64_t room);

/* Whether ts_encoding_check could give another result for a larger or smaller `room` that the element still fits in. */
bool ts_encoding_depends_on_room(ts_encoding declared, const uint8_t header[8], uint64_t room);

/* ts_encoding_check without a declared encoding. False if the bytes are not a data element in any encoding; *encoding
 * is then unchanged. */
bool ts_encoding_guess(const uint8_t header[8], uint64_t room, ts_encoding *encoding);

/* The encoding of an element that ts_encoding_guess does not know, from its shape alone: explicit VR if it has the
 * letters of a VR, in the byte order in which its group is lower. */
ts_encoding ts_encoding_of_shape(const uint8_t header[8]);

/* Whether a data set in this encoding can have an element that begins with these bytes: PS3.6 has the tag, or it is
 * private, and in explicit VR it has the letters of a VR. False for most headers that are read in a wrong encoding. */
bool ts_encoding_can_have(ts_encoding encoding, const uint8_t header[8]);

/* Whether the tag of these bytes is surely read in the right byte order: PS3.6 has it, or it is private. The VR counts
 * only for private elements and group lengths. */
bool ts_encoding_proves_tag(ts_encoding encoding, const uint8_t header[8]);

/* Compares byte order and VR, not `deflated`. */
static inline bool ts_encoding_equal(ts_encoding a, ts_encoding b) {
    return a.big_endian == b.big_endian && a.implicit_vr == b.implicit_vr;
}

#endif
