/* Comparison of byte strings: the function of bytes.h that is not inline.
 *
 * For: sorting and merging by bytes.
 * Never: a character set or a locale. The order must be the same on every machine.
 */
#include "base/bytes.h"

int ts_text_order(ts_text a, ts_text b) {
    const size_t common = a.length < b.length ? a.length : b.length;
    const int order = common == 0 ? 0 : memcmp(a.bytes, b.bytes, common);
    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}
