/* How data elements are encoded: the implementation of encoding.h (PS3.5 2026b, 7.1, 10 and annex A).
 *
 * For: telling the encodings apart by tag, VR and length of one element.
 * Never: a decision by one of the three alone. VR letters are the same in both byte orders, and an implicit VR length
 *        can look like letters, so a change of encoding needs a tag that PS3.6 has.
 */
#include "dicom/encoding.h"

#include <string.h>

#include "base/cursor.h"
#include "dicom/dictionary.h"
#include "dicom/tag.h"
#include "dicom/vr.h"

static const ts_encoding explicit_little = {false, false, false};
static const ts_encoding explicit_big = {true, false, false};
static const ts_encoding implicit_little = {false, true, false};
static const ts_encoding implicit_big = {true, true, false};
static const ts_encoding explicit_deflated = {false, false, true};

static bool is_group_length(uint32_t tag) { return (tag & 0xFFFF) == 0; }

static bool uid_is(const uint8_t *uid, uint64_t length, const char *text) {
    return length == strlen(text) && memcmp(uid, text, (size_t)length) == 0;
}

ts_encoding ts_encoding_of_uid(const uint8_t *uid, uint64_t length, bool *is_standard) {
    static const char root[] = "1.2.840.10008.1.2";
    *is_standard = length >= sizeof root - 1 && memcmp(uid, root, sizeof root - 1) == 0;
    if (uid_is(uid, length, "1.2.840.10008.1.2")) {
        return implicit_little;
    }
    if (uid_is(uid, length, "1.2.840.10008.1.2.2")) {
        return explicit_big;
    }
    /* Deflated Explicit VR Little Endian, and the JPIP syntaxes that deflate their data set (PS3.5 A.5, A.6, A.8). */
    if (uid_is(uid, length, "1.2.840.10008.1.2.1.99") || uid_is(uid, length, "1.2.840.10008.1.2.4.95") ||
        uid_is(uid, length, "1.2.840.10008.1.2.4.205")) {
        return explicit_deflated;
    }
    return explicit_little;
}

/* A group length (gggg,0000) is known only for a group that PS3.6 has: (0008,0000) read in the other byte order is
 * (0800,0000). */
static bool tag_is_known(uint32_t tag) {
    return is_group_length(tag) ? ts_dictionary_has_group((uint16_t)(tag >> 16)) : ts_dictionary_find(tag) != NULL;
}

static bool is_private(uint32_t tag) { return ts_tag_is_private_creator(tag) || ts_tag_is_in_block(tag); }

/* Whether PS3.6 gives this VR to the tag. Where PS3.6 has a choice of VRs, any of US, SS, OB and OW will do. */
static bool vr_agrees(uint32_t tag, ts_vr vr) {
    const ts_dictionary_entry *entry = ts_dictionary_find(tag);
    if (entry == NULL) {
        return false;
    }
    if (entry->ambiguity != TS_VR_FIXED) {
        return vr == TS_VR_US || vr == TS_VR_SS || vr == TS_VR_OB || vr == TS_VR_OW;
    }
    const char *letters = ts_vr_letters(vr);
    return entry->vr[0] == letters[0] && entry->vr[1] == letters[1];
}

static bool implicit_length_fits(ts_encoding encoding, const uint8_t header[8], uint64_t room) {
    const uint8_t length_bytes[4] = {header[4], header[5], header[6], header[7]};
    const uint32_t length = ts_load_u32(length_bytes, encoding.big_endian);
    const uint32_t tag = ts_load_tag(header, encoding.big_endian);
    if (length == TS_UNDEFINED_LENGTH) {
        const ts_dictionary_entry *entry = ts_dictionary_find(tag);
        return entry == NULL || (entry->vr[0] == 'S' && entry->vr[1] == 'Q') || tag == TS_TAG_PIXEL_DATA;
    }
    if (is_group_length(tag)) {
        return length == 4;
    }
    return room >= 8 && length <= room - 8;
}

/* Whether tag, VR and length all agree with this encoding. */
static bool agrees_fully(ts_encoding encoding, const uint8_t header[8], uint64_t room) {
    const uint32_t tag = ts_load_tag(header, encoding.big_endian);
    if (!tag_is_known(tag) || tag >> 16 == 0xFFFE) {
        return false;
    }
    if (encoding.implicit_vr) {
        return implicit_length_fits(encoding, header, room);
    }
    const uint8_t letters[2] = {header[4], header[5]};
    const ts_vr vr = ts_vr_find(letters);
    if (is_group_length(tag)) { /* its length shows the byte order */
        const uint8_t length_bytes[2] = {header[6], header[7]};
        return vr == TS_VR_UL && ts_load_u16(length_bytes, encoding.big_endian) == 4;
    }
    return vr_agrees(tag, vr);
}

ts_encoding ts_encoding_check(ts_encoding declared, const uint8_t header[8], uint64_t room) {
    const uint8_t letters[2] = {header[4], header[5]};
    const bool has_vr = ts_vr_find(letters) != TS_VR_UNKNOWN;
    const uint32_t tag = ts_load_tag(header, declared.big_endian);
    ts_encoding other_vr = declared;
    ts_encoding other_order = declared;
    ts_encoding other_both = declared;
    other_vr.implicit_vr = other_both.implicit_vr = !declared.implicit_vr;
    other_order.big_endian = other_both.big_endian = !declared.big_endian;

    if (tag >> 16 == 0xFFFE || agrees_fully(declared, header, room)) {
        /* The implicit VR length of a short first element never has the bytes of the right VR letters. */
        return declared.implicit_vr && agrees_fully(other_vr, header, room) ? other_vr : declared;
    }
    if (!declared.implicit_vr && has_vr) {
        /* A group length that got so far has another length than 4. */
        const bool is_other = !is_private(tag) && (!tag_is_known(tag) || is_group_length(tag));
        return is_other && agrees_fully(other_order, header, room) ? other_order : declared;
    }
    if (declared.implicit_vr && has_vr && !implicit_length_fits(declared, header, room)) {
        return agrees_fully(other_both, header, room) && !is_private(tag) ? other_both : other_vr;
    }
    if (agrees_fully(other_vr, header, room)) {
        return other_vr;
    }
    if (!declared.implicit_vr && is_private(tag) && implicit_length_fits(other_vr, header, room)) {
        return other_vr;
    }
    if (agrees_fully(other_order, header, room)) {
        return other_order;
    }
    return agrees_fully(other_both, header, room) ? other_both : declared;
}

bool ts_encoding_depends_on_room(ts_encoding declared, const uint8_t header[8], uint64_t room) {
    const uint8_t letters[2] = {header[4], header[5]};
    if (ts_load_tag(header, declared.big_endian) >> 16 == 0xFFFE) {
        return false;
    }
    return declared.implicit_vr ? !agrees_fully(declared, header, room) : ts_vr_find(letters) == TS_VR_UNKNOWN;
}

/* The byte order in which the first tag has the lower group: data sets begin with low groups. */
static bool has_lower_group_in_big_endian(const uint8_t header[8]) {
    return ts_load_tag(header, true) >> 16 < ts_load_tag(header, false) >> 16;
}

bool ts_encoding_guess(const uint8_t header[8], uint64_t room, ts_encoding *encoding) {
    const bool is_big_first = has_lower_group_in_big_endian(header);
    const ts_encoding candidates[] = {
        is_big_first ? explicit_big : explicit_little, is_big_first ? explicit_little : explicit_big,
        is_big_first ? implicit_big : implicit_little, is_big_first ? implicit_little : implicit_big};
    for (size_t i = 0; i < sizeof candidates / sizeof candidates[0]; i++) {
        if (agrees_fully(candidates[i], header, room)) {
            *encoding = candidates[i];
            return true;
        }
    }
    return false;
}

ts_encoding ts_encoding_of_shape(const uint8_t header[8]) {
    const uint8_t letters[2] = {header[4], header[5]};
    return (ts_encoding){.big_endian = has_lower_group_in_big_endian(header),
                         .implicit_vr = ts_vr_find(letters) == TS_VR_UNKNOWN};
}

bool ts_encoding_can_have(ts_encoding encoding, const uint8_t header[8]) {
    const uint32_t tag = ts_load_tag(header, encoding.big_endian);
    const uint8_t letters[2] = {header[4], header[5]};
    if (!encoding.implicit_vr && ts_vr_find(letters) == TS_VR_UNKNOWN) {
        return false;
    }
    if (ts_tag_is_odd(tag)) {
        return is_private(tag) || (is_group_length(tag) && !ts_tag_is_illegal(tag));
    }
    return tag_is_known(tag);
}

bool ts_encoding_proves_tag(ts_encoding encoding, const uint8_t header[8]) {
    const uint32_t tag = ts_load_tag(header, encoding.big_endian);
    if (is_group_length(tag)) {
        return agrees_fully(encoding, header, UINT64_MAX);
    }
    return ts_tag_is_odd(tag) ? ts_encoding_can_have(encoding, header) : ts_dictionary_find(tag) != NULL;
}
