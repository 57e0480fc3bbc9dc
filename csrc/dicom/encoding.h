/* How data elements are encoded: byte order and explicit or implicit VR (PS3.5 2026b, 7.1, 10 and annex A).
 *
 * For: what a Transfer Syntax UID means for the data set, and what the first element header says where there is no
 *      such UID or where it is wrong.
 * Never: a look at more than the eight bytes given; whether the rest can be read is the parser's to find out.
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

/* The encoding of a Transfer Syntax UID, padding taken off; *is_standard is false for UIDs outside the standard's root,
 * which are taken as explicit VR little endian like every syntax since 1993. */
ts_encoding ts_encoding_of_uid(const uint8_t *uid, uint64_t length, bool *is_standard);

/* The encoding of a data set or item that begins with the given eight bytes, `room` bytes being left from its first
 * byte on. `declared` stands unless the bytes contradict it and agree with another. */
ts_encoding ts_encoding_check(ts_encoding declared, const uint8_t header[8], uint64_t room);

/* Whether more room, or less, could have changed what ts_encoding_check says of an element that fits in both. */
bool ts_encoding_depends_on_room(ts_encoding declared, const uint8_t header[8], uint64_t room);

/* The same as ts_encoding_check where nothing is declared; false if the bytes are no data element in any encoding. */
bool ts_encoding_guess(const uint8_t header[8], uint64_t room, ts_encoding *encoding);

static inline bool ts_encoding_equal(ts_encoding a, ts_encoding b) {
    return a.big_endian == b.big_endian && a.implicit_vr == b.implicit_vr;
}

#endif
