/* The element record: the parser's only output is a flat array of these.
 *
 * For: every stage after the parser. There is one record for each data element and one for each item (PS3.5 2026b, 7.1
 *      and 7.5), in the order of the file.
 * Never: a pointer; records hold offsets, so they can be copied, saved and read by numpy.
 *
 * TS_ELEMENT_FIELDS is the only definition: the struct below and the numpy dtype both come from it.
 * X(type, name, dimension, numpy format)
 *   value_offset  of the value field, in bytes from the start of the stream
 *   end_offset    first byte after the value field and its delimitation item, if it has one
 *   captured_at   offset of the value in the parser's captured bytes; TS_NOT_CAPTURED if the value was skipped
 *   tag           gggg * 65536 + eeee; TS_TAG_ITEM for an item
 *   value_length  as in the file; TS_UNDEFINED_LENGTH where it is undefined
 *   parent        record index of the item that holds the element, or of the sequence that holds the item; -1 at the
 *                 root
 *   creator       record index of the private creator element, or one of ts_creator
 *   vr            two letters; zero bytes for an item
 *   depth         number of items around the element; an item has the depth of its elements
 *   flags         ts_element_flag
 *   header_bytes  from the tag to the value field: the element begins at value_offset - header_bytes
 */
#ifndef TAGSNIFF_PARSE_ELEMENT_H
#define TAGSNIFF_PARSE_ELEMENT_H

#include <stdint.h>

#include "base/field.h"
#include "dicom/tag.h"
#include "dicom/vr.h"

/* clang-format off */
#define TS_ELEMENT_FIELDS(X)                                                                                           \
    X(uint64_t, value_offset,    , "u8")                                                                               \
    X(uint64_t, end_offset,      , "u8")                                                                               \
    X(uint64_t, captured_at,     , "u8")                                                                               \
    X(uint32_t, tag,             , "u4")                                                                               \
    X(uint32_t, value_length,    , "u4")                                                                               \
    X(int32_t,  parent,          , "i4")                                                                               \
    X(int32_t,  creator,         , "i4")                                                                               \
    X(char,     vr,           [2], "S2")                                                                               \
    X(uint16_t, depth,           , "u2")                                                                               \
    X(uint16_t, flags,           , "u2")                                                                               \
    X(uint16_t, header_bytes,    , "u2")
/* clang-format on */

typedef struct ts_element {
    TS_ELEMENT_FIELDS(TS_FIELD_MEMBER)
} ts_element;

/* Returns the members of a ts_element in their order; *count becomes their number. The table is static. */
const ts_field *ts_element_fields(uint32_t *count);

/* The index of the VR; TS_VR_UNKNOWN for an item, and for letters that are not a VR of the standard. */
static inline ts_vr ts_element_vr(const ts_element *element) {
    const uint8_t letters[2] = {(uint8_t)element->vr[0], (uint8_t)element->vr[1]};
    return ts_vr_find(letters);
}

#define TS_NOT_CAPTURED UINT64_MAX

typedef enum ts_creator {
    TS_CREATOR_NOT_PRIVATE = -1, /* the element is not in a private block */
    TS_CREATOR_NONE = -2,        /* no private creator reserved the block */
    TS_CREATOR_EMPTY = -3,       /* the value of the private creator is empty */
    TS_CREATOR_UNUSABLE = -4     /* too long, a sequence or fragments, or two that differ for one block */
} ts_creator;

typedef enum ts_element_flag {
    TS_FLAG_BIG_ENDIAN = 1,  /* the value is big endian */
    TS_FLAG_IMPLICIT_VR = 2, /* the element has no VR in the file: vr comes from the dictionary */
    TS_FLAG_FILE_META = 4,   /* in the file meta information */
    TS_FLAG_COMMAND = 8,     /* in a command set */
    TS_FLAG_SEQUENCE = 16,   /* a sequence; its items follow as records of their own */
    TS_FLAG_FRAGMENTS = 32,  /* the value field consists of fragments */
    TS_FLAG_WAS_UN = 64,     /* UN in the file, or implicit VR and not in the dictionary, but read as a sequence */
    TS_FLAG_AMBIGUOUS = 128, /* implicit VR, and the dictionary allows several VRs */
    TS_FLAG_DIGESTED = 256   /* captured_at is the offset of the digest and the printable runs, not of the value */
} ts_element_flag;

#endif
