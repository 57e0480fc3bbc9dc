/* The status list of status.h as a table.
 *
 * For: other languages, which get names, numbers, kinds and texts from it.
 * Never: a status that is not in the list.
 */
#include "base/status.h"

static const ts_status_entry entries[] = {
#define TS_STATUS_ROW(name, number, kind, text) {#name, text, TS_##name, TS_KIND_##kind},
    TS_STATUS_LIST(TS_STATUS_ROW)
#undef TS_STATUS_ROW
};

const ts_status_entry *ts_status_entries(uint32_t *count) {
    *count = (uint32_t)(sizeof entries / sizeof entries[0]);
    return entries;
}

ts_kind ts_status_kind(ts_status status) {
    switch (status) {
#define TS_STATUS_CASE(name, number, kind, text)                                                                       \
    case TS_##name:                                                                                                    \
        return TS_KIND_##kind;
        TS_STATUS_LIST(TS_STATUS_CASE)
#undef TS_STATUS_CASE
    }
    return TS_KIND_FAULT;
}
