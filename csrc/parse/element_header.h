/* The header of a data element: tag, VR and value length, and what they say about the value field (PS3.5 2026b, 7.1).
 *
 * For: data_set.c and fast_elements.c, which act on it. Both read headers only with ts_decode_header.
 * Never: a change of the records; a step that lacks bytes reads the header again.
 */
#ifndef TAGSNIFF_PARSE_ELEMENT_HEADER_H
#define TAGSNIFF_PARSE_ELEMENT_HEADER_H

#include "dicom/dictionary.h"
#include "parse/parser_state.h"

enum { TS_SHORT_HEADER_BYTES = 8, TS_LONG_HEADER_BYTES = 12 };

typedef struct ts_element_header {
    uint32_t tag;
    uint32_t value_length;
    uint32_t header_bytes;
    char vr[2];
    ts_vr vr_index;
    ts_status deviation; /* of the header itself; TS_OK if there is none */
    bool is_implicit;
    bool is_ambiguous;
} ts_element_header;

/* What the value field of an element is. */
typedef enum ts_value_shape {
    TS_SHAPE_BYTES,
    TS_SHAPE_SEQUENCE,
    TS_SHAPE_UN_SEQUENCE, /* UN of undefined length: always implicit VR little endian (PS3.5 6.2.2) */
    TS_SHAPE_TRIAL,       /* UN that begins with an item: read as a sequence, and as bytes if that fails */
    TS_SHAPE_FRAGMENTS,
    TS_SHAPE_FRAGMENTS_IMPLICIT, /* fragments that begin with an element in implicit VR: read as a sequence, and as */
    TS_SHAPE_FRAGMENTS_AS_DATA_SET, /* fragments if that fails; or with one in the encoding of the data set */
    TS_SHAPE_NOT_ITEMS,             /* VR SQ, but the value begins with no item: bytes */
    TS_SHAPE_NOT_ALLOWED
} ts_value_shape;

/* Whether an element in explicit VR has a header of the long form. `bytes` are the first eight of the header. */
bool ts_header_is_long(const uint8_t *bytes);

/* Reads a header in explicit VR whose two VR bytes are not a VR of the standard. */
void ts_decode_unknown_vr(const uint8_t *bytes, bool big_endian, ts_element_header *header);

/* Reads the value length and finds the VR of an element without VR in the file: UL for a group length, LO for a private
 * creator, else the VR of PS3.6, or UN if PS3.6 does not have the tag. header->tag is set. */
static inline void ts_decode_implicit(const uint8_t *bytes, bool big_endian, ts_element_header *header) {
    const uint8_t length_bytes[4] = {bytes[4], bytes[5], bytes[6], bytes[7]};
    const char *letters = "UN";
    header->value_length = ts_load_u32(length_bytes, big_endian);
    header->header_bytes = TS_SHORT_HEADER_BYTES;
    header->is_implicit = true;
    if ((header->tag & 0xFFFF) == 0) {
        letters = "UL";
    } else if (ts_tag_is_private_creator(header->tag)) {
        letters = "LO";
    } else {
        const ts_dictionary_entry *entry = ts_dictionary_find(header->tag);
        if (entry != NULL) {
            letters = entry->vr;
            header->is_ambiguous = entry->ambiguity != TS_VR_FIXED;
        }
    }
    const uint8_t vr[2] = {(uint8_t)letters[0], (uint8_t)letters[1]};
    header->vr_index = ts_vr_find(vr);
    memcpy(header->vr, letters, 2);
}

/* Reads a header from its bytes: twelve in explicit VR if ts_header_is_long is true, else eight. */
static inline void ts_decode_header(const uint8_t *bytes, bool implicit_vr, bool big_endian,
                                    ts_element_header *header) {
    const uint8_t tag_bytes[4] = {bytes[0], bytes[1], bytes[2], bytes[3]};
    memset(header, 0, sizeof *header);
    header->tag = ts_load_tag(tag_bytes, big_endian);
    if (implicit_vr) {
        ts_decode_implicit(bytes, big_endian, header);
        return;
    }
    const uint8_t letters[2] = {bytes[4], bytes[5]};
    header->vr_index = ts_vr_find(letters);
    if (header->vr_index == TS_VR_UNKNOWN) {
        ts_decode_unknown_vr(bytes, big_endian, header);
        return;
    }
    memcpy(header->vr, letters, 2);
    if (ts_vr_is_long(header->vr_index)) {
        const uint8_t length_bytes[4] = {bytes[8], bytes[9], bytes[10], bytes[11]};
        header->value_length = ts_load_u32(length_bytes, big_endian);
        header->header_bytes = TS_LONG_HEADER_BYTES;
        header->deviation = (bytes[6] | bytes[7]) == 0 ? TS_OK : TS_RESERVED_NOT_ZERO;
    } else {
        const uint8_t length_bytes[2] = {bytes[6], bytes[7]};
        header->value_length = ts_load_u16(length_bytes, big_endian);
        header->header_bytes = TS_SHORT_HEADER_BYTES;
    }
}

/* Reads the header at the position; its first eight bytes are in the window. TS_HAVE_MORE: bytes are missing.
 * TS_HAVE_END: the header is incomplete, which is now a fault of the parser. */
ts_have ts_read_element_header(ts_parser *parser, const ts_frame *frame, ts_element_header *header);

/* Finds the shape of the value field from the VR, the value length and, where these do not decide, the first bytes of
 * the value. TS_HAVE_MORE: bytes are missing; otherwise TS_HAVE, and *shape is set. */
ts_have ts_find_value_shape(ts_parser *parser, const ts_frame *frame, const ts_element_header *header,
                            ts_value_shape *shape);

#endif
