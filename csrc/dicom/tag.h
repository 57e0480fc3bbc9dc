/* What follows from the number of a tag alone (PS3.5 2026b, 7.8; PS3.3 2026b, C.7.6).
 *
 * For: code that treats some data elements in a special way.
 * Never: a look into the file or the dictionary.
 */
#ifndef TAGSNIFF_DICOM_TAG_H
#define TAGSNIFF_DICOM_TAG_H

#include <stdbool.h>
#include <stdint.h>

#define TS_TAG_META_LENGTH UINT32_C(0x00020000)
#define TS_TAG_TRANSFER_SYNTAX UINT32_C(0x00020010)
#define TS_TAG_SPECIFIC_CHARACTER_SET UINT32_C(0x00080005)
#define TS_TAG_PATIENT_ID UINT32_C(0x00100020)
#define TS_TAG_ISSUER_OF_PATIENT_ID UINT32_C(0x00100021)
#define TS_TAG_SERIES_INSTANCE_UID UINT32_C(0x0020000E)
#define TS_TAG_PIXEL_REPRESENTATION UINT32_C(0x00280103)
#define TS_TAG_PIXEL_DATA UINT32_C(0x7FE00010)

/* The tag of a fault or deviation that belongs to no element. */
#define TS_NO_TAG UINT32_C(0xFFFFFFFF)

/* The value length of a sequence, item or value that ends with a delimitation item (PS3.5 7.5). */
#define TS_UNDEFINED_LENGTH UINT32_C(0xFFFFFFFF)

#define TS_TAG_ITEM UINT32_C(0xFFFEE000)
#define TS_TAG_ITEM_DELIMITATION UINT32_C(0xFFFEE00D)
#define TS_TAG_SEQUENCE_DELIMITATION UINT32_C(0xFFFEE0DD)

/* Records of bytes that are no data element. Group FFFE has no data elements (PS3.5 7.5), so no file can have such a
 * tag: in a data set it is the fault UNREADABLE_ELEMENT. */
#define TS_TAG_PREAMBLE UINT32_C(0xFFFE0001)
#define TS_TAG_TRAILING_BYTES UINT32_C(0xFFFE0002)

/* Float Pixel Data: the first of the tags of Pixel Data. */
#define TS_FIRST_PIXEL_DATA UINT32_C(0x7FE00008)

/* An odd group is private or illegal. */
static inline bool ts_tag_is_odd(uint32_t tag) { return (tag >> 16 & 1) != 0; }

/* An odd group that the standard reserves for no one, so that it must not be used. */
static inline bool ts_tag_is_illegal(uint32_t tag) {
    const uint32_t group = tag >> 16;
    return group == 1 || group == 3 || group == 5 || group == 7 || group == 0xFFFF;
}

/* In the root data set the element decides which series and which patient a file counts for. */
static inline bool ts_tag_is_of_series(uint32_t tag) {
    if ((tag & UINT32_C(0xFFCF0000)) != 0) { /* neither group 0010 nor 0020, as nearly always */
        return false;
    }
    return tag == TS_TAG_SERIES_INSTANCE_UID || tag == TS_TAG_PATIENT_ID || tag == TS_TAG_ISSUER_OF_PATIENT_ID;
}

/* (gggg,0010-00ff) of an odd group: the element reserves a private block. */
static inline bool ts_tag_is_private_creator(uint32_t tag) {
    const uint32_t element = tag & 0xFFFF;
    return ts_tag_is_odd(tag) && !ts_tag_is_illegal(tag) && element >= 0x10 && element <= 0xFF;
}

/* (gggg,1000-ffff) of an odd group: the element belongs to a private block. */
static inline bool ts_tag_is_in_block(uint32_t tag) {
    return ts_tag_is_odd(tag) && !ts_tag_is_illegal(tag) && (tag & 0xFFFF) >= 0x1000;
}

/* Pixel Data, Float and Double Float Pixel Data, and the retired Variable Pixel Data. Whether the value is Pixel Data
 * depends on its VR too (samples.h). */
static inline bool ts_tag_is_pixel_data(uint32_t tag) {
    const uint32_t group = tag >> 16;
    const uint32_t element = tag & 0xFFFF;
    return (group & 0xFF01) == 0x7F00 && (element == 0x10 || (group == 0x7FE0 && (element == 0x08 || element == 0x09)));
}

/* The tags of other samples, which depend on the VR too: overlays, curves, audio, waveforms, LUT data. */
static inline bool ts_tag_is_samples(uint32_t tag) {
    const uint32_t group = tag >> 16;
    const uint32_t element = tag & 0xFFFF;
    if ((group & 0xFF01) == 0x6000 || (group & 0xFF01) == 0x5000) {
        return element == 0x3000 || ((group & 0xFF01) == 0x5000 && element == 0x200C);
    }
    if (group == 0x0028) {
        return element == 0x3006 || (element >= 0x1200 && element <= 0x1203) ||
               (element >= 0x1211 && element <= 0x1213) || (element >= 0x1221 && element <= 0x1223);
    }
    return tag == UINT32_C(0x54001010);
}

#endif
