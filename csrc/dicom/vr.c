/* The value representations of PS3.5, edition 2026b, 6.2 and 7.1.2: the tables of vr.h.
 *
 * For: constant-time look-ups.
 * Never: state; every table is constant.
 */
#include "dicom/vr.h"

const uint8_t ts_vr_of_letters[TS_VR_LETTERS * TS_VR_LETTERS] = {
#define TS_VR_CELL(vr, first, second, long_form) [((first) - 'A') * TS_VR_LETTERS + ((second) - 'A')] = TS_VR_##vr + 1,
    TS_VR_LIST(TS_VR_CELL)
#undef TS_VR_CELL
};

const bool ts_vr_long_form[TS_VR_COUNT] = {
#define TS_VR_LONG(vr, first, second, long_form) [TS_VR_##vr] = (long_form) != 0,
    TS_VR_LIST(TS_VR_LONG)
#undef TS_VR_LONG
};

const char ts_vr_letter_pairs[TS_VR_COUNT][3] = {
#define TS_VR_PAIR(vr, first, second, long_form) [TS_VR_##vr] = #vr,
    TS_VR_LIST(TS_VR_PAIR)
#undef TS_VR_PAIR
        [TS_VR_UNKNOWN] = "??",
};
