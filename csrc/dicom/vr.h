/* The value representations of PS3.5, edition 2026b, 6.2 and 7.1.2.
 *
 * For: which letters are a VR, and which of the two explicit VR header forms it has.
 * Never: a guess; letters that the standard does not define have index TS_VR_UNKNOWN.
 *
 * X(letters, first, second, long_form): long_form is 1 where explicit VR has two reserved bytes and a 32-bit value
 * length.
 */
#ifndef TAGSNIFF_DICOM_VR_H
#define TAGSNIFF_DICOM_VR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* clang-format off */
#define TS_VR_LIST(X)                                                                                                  \
    X(AE, 'A', 'E', 0) X(AS, 'A', 'S', 0) X(AT, 'A', 'T', 0) X(CS, 'C', 'S', 0) X(DA, 'D', 'A', 0)                     \
    X(DS, 'D', 'S', 0) X(DT, 'D', 'T', 0) X(FD, 'F', 'D', 0) X(FL, 'F', 'L', 0) X(IS, 'I', 'S', 0)                     \
    X(LO, 'L', 'O', 0) X(LT, 'L', 'T', 0) X(OB, 'O', 'B', 1) X(OD, 'O', 'D', 1) X(OF, 'O', 'F', 1)                     \
    X(OL, 'O', 'L', 1) X(OV, 'O', 'V', 1) X(OW, 'O', 'W', 1) X(PN, 'P', 'N', 0) X(SH, 'S', 'H', 0)                     \
    X(SL, 'S', 'L', 0) X(SQ, 'S', 'Q', 1) X(SS, 'S', 'S', 0) X(ST, 'S', 'T', 0) X(SV, 'S', 'V', 1)                     \
    X(TM, 'T', 'M', 0) X(UC, 'U', 'C', 1) X(UI, 'U', 'I', 0) X(UL, 'U', 'L', 0) X(UN, 'U', 'N', 1)                     \
    X(UR, 'U', 'R', 1) X(US, 'U', 'S', 0) X(UT, 'U', 'T', 1) X(UV, 'U', 'V', 1)
/* clang-format on */

typedef enum ts_vr {
#define TS_VR_ENUM(letters, first, second, long_form) TS_VR_##letters,
    TS_VR_LIST(TS_VR_ENUM)
#undef TS_VR_ENUM
        TS_VR_UNKNOWN,
    TS_VR_COUNT
} ts_vr;

enum { TS_VR_LETTERS = 26 };

/* The tables of the functions below, which are inline because they run for every element. */
extern const uint8_t ts_vr_of_letters[TS_VR_LETTERS * TS_VR_LETTERS]; /* VR + 1 by first and second letter, or 0 */
extern const bool ts_vr_long_form[TS_VR_COUNT];
extern const char ts_vr_letter_pairs[TS_VR_COUNT][3];

/* The VR of any two bytes; TS_VR_UNKNOWN if they are not a VR of the standard. */
static inline ts_vr ts_vr_find(const uint8_t letters[2]) {
    const unsigned first = (unsigned)letters[0] - 'A';
    const unsigned second = (unsigned)letters[1] - 'A';
    if (first >= TS_VR_LETTERS || second >= TS_VR_LETTERS) {
        return TS_VR_UNKNOWN;
    }
    const uint8_t cell = ts_vr_of_letters[first * TS_VR_LETTERS + second];
    return cell == 0 ? TS_VR_UNKNOWN : (ts_vr)(cell - 1);
}

/* Whether an explicit VR header of this VR has two reserved bytes and a 32-bit length; false for TS_VR_UNKNOWN. */
static inline bool ts_vr_is_long(ts_vr vr) { return ts_vr_long_form[vr]; }

/* Two letters and a zero byte; "??" for TS_VR_UNKNOWN. */
static inline const char *ts_vr_letters(ts_vr vr) { return ts_vr_letter_pairs[vr]; }

/* The VRs of text, UIDs and numbers in text included (PS3.5 6.2). */
static inline bool ts_vr_is_text(ts_vr vr) {
    switch ((unsigned)vr) {
    case TS_VR_AE:
    case TS_VR_AS:
    case TS_VR_CS:
    case TS_VR_DA:
    case TS_VR_DS:
    case TS_VR_DT:
    case TS_VR_IS:
    case TS_VR_LO:
    case TS_VR_LT:
    case TS_VR_PN:
    case TS_VR_SH:
    case TS_VR_ST:
    case TS_VR_TM:
    case TS_VR_UC:
    case TS_VR_UI:
    case TS_VR_UR:
    case TS_VR_UT:
        return true;
    default:
        return false;
    }
}

/* The bytes of one number of a VR with binary numbers, or of one tag; 0 for the other VRs. */
static inline size_t ts_vr_number_bytes(ts_vr vr) {
    switch ((unsigned)vr) {
    case TS_VR_US:
    case TS_VR_SS:
        return 2;
    case TS_VR_UL:
    case TS_VR_SL:
    case TS_VR_FL:
    case TS_VR_AT:
        return 4;
    case TS_VR_UV:
    case TS_VR_SV:
    case TS_VR_FD:
        return 8;
    default:
        return 0;
    }
}

/* OB, OD, OF, OL, OV and OW: bytes or words, not text. */
static inline bool ts_vr_is_other(ts_vr vr) {
    return vr == TS_VR_OB || vr == TS_VR_OD || vr == TS_VR_OF || vr == TS_VR_OL || vr == TS_VR_OV || vr == TS_VR_OW;
}

#endif
