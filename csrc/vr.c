/* The value representations of PS3.5, edition 2026b, 6.2 and 7.1.2: the tables behind vr.h.
 *
 * For: constant-time look-ups.
 * Never: state; every table is constant.
 */
#include "vr.h"

enum { LETTERS = 26 };

/* VR + 1 by first and second letter; 0 where the letters are no VR. */
static const uint8_t vr_of_letters[LETTERS * LETTERS] = {
#define TS_VR_CELL(vr, first, second, long_form) [((first) - 'A') * LETTERS + ((second) - 'A')] = TS_VR_##vr + 1,
    TS_VR_LIST(TS_VR_CELL)
#undef TS_VR_CELL
};

static const bool vr_long_form[TS_VR_COUNT] = {
#define TS_VR_LONG(vr, first, second, long_form) [TS_VR_##vr] = (long_form) != 0,
    TS_VR_LIST(TS_VR_LONG)
#undef TS_VR_LONG
};

static const char vr_letters[TS_VR_COUNT][3] = {
#define TS_VR_LETTERS(vr, first, second, long_form) [TS_VR_##vr] = #vr,
    TS_VR_LIST(TS_VR_LETTERS)
#undef TS_VR_LETTERS
        [TS_VR_UNKNOWN] = "??",
};

ts_vr ts_vr_find(const uint8_t letters[2]) {
    const unsigned first = (unsigned)letters[0] - 'A';
    const unsigned second = (unsigned)letters[1] - 'A';
    if (first >= LETTERS || second >= LETTERS) {
        return TS_VR_UNKNOWN;
    }
    const uint8_t cell = vr_of_letters[first * LETTERS + second];
    return cell == 0 ? TS_VR_UNKNOWN : (ts_vr)(cell - 1);
}

bool ts_vr_is_long(ts_vr vr) { return vr_long_form[vr]; }

const char *ts_vr_letters(ts_vr vr) { return vr_letters[vr]; }

bool ts_vr_is_other(ts_vr vr) {
    return vr == TS_VR_OB || vr == TS_VR_OD || vr == TS_VR_OF || vr == TS_VR_OL || vr == TS_VR_OV || vr == TS_VR_OW;
}
