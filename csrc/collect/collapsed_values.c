/* The values that one row draws together: the implementation of collapsed_values.h.
 *
 * For: a comparison for most values, once there are many.
 * Never: more than TS_DISTINCT_HASHES hashes.
 */
#include "collect/collapsed_values.h"

#include <stdlib.h>
#include <string.h>

#include "collect/collapse_rules.h"
#include "dicom/numbers.h"

enum { FIRST_ROOM = 4 };

TS_DEFINE_FIELDS(ts_distinct_hash_fields, ts_distinct_hash, TS_DISTINCT_HASH_FIELDS)

void ts_collapsed_values_free(ts_collapsed_values *values) {
    free(values->hashes);
    free(values->only);
    *values = (ts_collapsed_values){.hashes = NULL};
}

/* The index of the first kept hash that is not smaller. */
static uint32_t find_place(const ts_collapsed_values *values, uint64_t hash) {
    uint32_t low = 0;
    uint32_t high = values->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (values->hashes[middle].hash < hash) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool ts_collapsed_values_note(ts_collapsed_values *values, const ts_distinct_hash *value) {
    const uint32_t place = find_place(values, value->hash);
    if (place == values->count || values->hashes[place].hash != value->hash) {
        return false;
    }
    values->hashes[place].patient = ts_unite_patients(values->hashes[place].patient, value->patient);
    return true;
}

static bool make_room(ts_collapsed_values *values) {
    if (values->count < values->room) {
        return true;
    }
    const uint32_t room = values->room == 0 ? FIRST_ROOM : 2 * values->room;
    ts_distinct_hash *hashes = realloc(values->hashes, room * sizeof *hashes);
    if (hashes == NULL) {
        return false;
    }
    values->hashes = hashes;
    values->room = room;
    return true;
}

/* Adds a hash, if it is new and among the smallest. */
static bool add_hash(ts_collapsed_values *values, const ts_distinct_hash *value) {
    if (ts_collapsed_values_note(values, value)) {
        return true;
    }
    const uint32_t place = find_place(values, value->hash);
    if (values->count == TS_DISTINCT_HASHES) {
        values->is_estimated = true;
        if (place == values->count) {
            return true;
        }
        values->count--; /* the largest one gives its place */
    } else if (!make_room(values)) {
        return false;
    }
    memmove(&values->hashes[place + 1], &values->hashes[place], (values->count - place) * sizeof *values->hashes);
    values->hashes[place] = *value;
    values->count++;
    return true;
}

static void drop_only(ts_collapsed_values *values) {
    free(values->only);
    values->only = NULL;
    values->only_length = 0;
}

static bool store_only(ts_collapsed_values *values, ts_text head, ts_text payload) {
    if (payload.length > UINT32_MAX - head.length) {
        return true; /* longer than any value that is drawn together */
    }
    values->only = malloc(head.length + payload.length + 1);
    if (values->only == NULL) {
        return false;
    }
    memcpy(values->only, head.bytes, head.length);
    if (payload.length > 0) {
        memcpy(&values->only[head.length], payload.bytes, payload.length);
    }
    values->only_length = (uint32_t)(head.length + payload.length);
    return true;
}

bool ts_collapsed_values_add(ts_collapsed_values *values, const ts_distinct_hash *value, ts_text head,
                             ts_text payload) {
    if (values->count == 0 && !store_only(values, head, payload)) {
        return false;
    }
    if (!add_hash(values, value)) {
        return false;
    }
    if (values->count > 1 && values->only != NULL) {
        drop_only(values);
    }
    return true;
}

bool ts_collapsed_values_merge(ts_collapsed_values *values, const ts_distinct_hash *hashes, size_t count,
                               bool is_estimated, ts_text only) {
    const ts_text nothing = {.bytes = (const uint8_t *)"", .length = 0};
    if (values->count == 0 && only.length > 0 && !store_only(values, nothing, only)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!add_hash(values, &hashes[i])) {
            return false;
        }
    }
    values->is_estimated = values->is_estimated || is_estimated;
    if (values->count > 1 && values->only != NULL) {
        drop_only(values);
    }
    return true;
}

/* A valid age in days, as far as years and months have a number of days. */
static unsigned days_of(ts_text age) {
    enum { AGE_BYTES = 4 };
    if (age.length != AGE_BYTES) {
        return 0;
    }
    const unsigned number =
        (unsigned)(age.bytes[0] - '0') * 100 + (unsigned)(age.bytes[1] - '0') * 10 + (unsigned)(age.bytes[2] - '0');
    switch (age.bytes[3]) {
    case 'D':
        return number;
    case 'W':
        return number * 7;
    case 'M':
        return number * 30;
    default:
        return number * 365;
    }
}

static int order_ends(uint8_t kind, ts_vr vr, ts_text a, ts_text b) {
    if (kind == TS_COLLAPSE_NUMBERS) {
        const size_t size_bytes = ts_vr_number_bytes(vr);
        if (size_bytes == 0) {
            return ts_number_order(a, b);
        }
        return a.length == size_bytes && b.length == size_bytes ? ts_binary_number_order(vr, a.bytes, b.bytes) : 0;
    }
    if (vr == TS_VR_AS && days_of(a) != days_of(b)) {
        return days_of(a) < days_of(b) ? -1 : 1;
    }
    return ts_text_order(a, b);
}

static void set_end(ts_range_end *end, ts_text text) {
    memcpy(end->bytes, text.bytes, text.length);
    end->length = (uint8_t)text.length;
}

void ts_collapsed_values_extend(ts_collapsed_values *values, uint8_t kind, ts_vr vr, ts_text end) {
    if (end.length == 0 || end.length > TS_END_BYTES) {
        return;
    }
    const ts_text smallest = {.bytes = values->smallest.bytes, .length = values->smallest.length};
    const ts_text largest = {.bytes = values->largest.bytes, .length = values->largest.length};
    if (smallest.length == 0 || order_ends(kind, vr, end, smallest) < 0) {
        set_end(&values->smallest, end);
    }
    if (largest.length == 0 || order_ends(kind, vr, end, largest) > 0) {
        set_end(&values->largest, end);
    }
}

void ts_collapsed_values_resize(ts_collapsed_values *values, uint64_t least_size, uint64_t most_size) {
    values->least_size = !values->has_size || least_size < values->least_size ? least_size : values->least_size;
    values->most_size = most_size > values->most_size ? most_size : values->most_size;
    values->has_size = true;
}

uint64_t ts_collapsed_values_distinct(const ts_collapsed_values *values) {
    if (!values->is_estimated || values->count < 2) {
        return values->count;
    }
    /* The share of all hashes that are not larger than the largest kept one. */
    const double share = ((double)values->hashes[values->count - 1].hash + 1.0) / 18446744073709551616.0;
    const uint64_t estimate = (uint64_t)((double)(values->count - 1) / share + 0.5);
    return estimate > values->count ? estimate : (uint64_t)values->count + 1;
}
