/* The values of one group that are kept: the heap behind bounded_values.h.
 *
 * For: a logarithmic step for each new value.
 * Never: a walk over all that are kept.
 */
#include "bounded_values.h"

void ts_bounded_begin(ts_bounded *bounded) {
    ts_buffer_begin(&bounded->kept, sizeof(ts_kept_value));
    bounded->leaving = 0;
}

void ts_bounded_free(ts_bounded *bounded) { ts_buffer_free(&bounded->kept); }

bool ts_bounded_refuses(const ts_bounded *bounded, uint32_t max_values, uint64_t hash) {
    const ts_kept_value *kept = bounded->kept.items;
    return bounded->kept.count >= max_values && hash > kept[0].hash;
}

static int32_t take_largest(ts_bounded *bounded) {
    ts_kept_value *kept = bounded->kept.items;
    const int32_t row = kept[0].row;
    const size_t count = --bounded->kept.count;
    const ts_kept_value last = kept[count];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= count) {
            break;
        }
        if (child + 1 < count && kept[child + 1].hash > kept[child].hash) {
            child++;
        }
        if (kept[child].hash <= last.hash) {
            break;
        }
        kept[at] = kept[child];
        at = child;
    }
    kept[at] = last;
    return row;
}

/* How many values have the largest hash; more than one only where hashes are equal by chance or on purpose. */
static size_t count_largest(const ts_bounded *bounded) {
    const ts_kept_value *kept = bounded->kept.items;
    const size_t count = bounded->kept.count;
    if ((count < 2 || kept[1].hash != kept[0].hash) && (count < 3 || kept[2].hash != kept[0].hash)) {
        return 1;
    }
    size_t largest = 0;
    for (size_t i = 0; i < count; i++) {
        largest += kept[i].hash == kept[0].hash ? 1 : 0;
    }
    return largest;
}

bool ts_bounded_give_way(ts_bounded *bounded, uint32_t max_values, uint64_t hash, int32_t *row) {
    if (bounded->leaving == 0) {
        const ts_kept_value *kept = bounded->kept.items;
        if (bounded->kept.count < max_values || hash >= kept[0].hash) {
            return false;
        }
        const size_t largest = count_largest(bounded);
        if (bounded->kept.count + 1 - largest < max_values) {
            return false;
        }
        bounded->leaving = largest;
    }
    bounded->leaving--;
    *row = take_largest(bounded);
    return true;
}

bool ts_bounded_add(ts_bounded *bounded, uint64_t hash, int32_t row) {
    if (!ts_buffer_reserve(&bounded->kept, 1)) {
        return false;
    }
    ts_kept_value *kept = bounded->kept.items;
    size_t at = bounded->kept.count++;
    while (at > 0 && kept[(at - 1) / 2].hash < hash) {
        kept[at] = kept[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    kept[at] = (ts_kept_value){.hash = hash, .row = row};
    return true;
}

uint64_t ts_bounded_estimate(const ts_bounded *bounded) {
    const ts_kept_value *kept = bounded->kept.items;
    if (bounded->kept.count < 2 || kept[0].hash == 0) {
        return bounded->kept.count;
    }
    const double share = ((double)kept[0].hash + 1.0) / 18446744073709551616.0; /* of all hashes */
    return (uint64_t)((double)(bounded->kept.count - 1) / share + 0.5);
}
