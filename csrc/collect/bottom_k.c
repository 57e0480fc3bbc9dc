/* The kept values of one element use: the implementation of bottom_k.h, a binary heap.
 *
 * For: O(log n) for each new value.
 * Never: a pass over all kept values, except when several of the largest hashes are equal.
 */
#include "collect/bottom_k.h"

void ts_bottom_k_begin(ts_bottom_k *bounded) {
    ts_buffer_begin(&bounded->kept, sizeof(ts_kept_value));
    bounded->leaving = 0;
    bounded->is_ordered = false;
}

void ts_bottom_k_free(ts_bottom_k *bounded) { ts_buffer_free(&bounded->kept); }

bool ts_bottom_k_refuses(const ts_bottom_k *bounded, uint32_t max_values, uint64_t hash) {
    const ts_kept_value *kept = bounded->kept.items;
    return bounded->kept.count >= max_values && hash > kept[0].hash;
}

static int32_t take_largest(ts_bottom_k *bounded) {
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

/* Number of values with the largest hash. It exceeds 1 only where hashes are equal by chance or on purpose. */
static size_t count_largest(const ts_bottom_k *bounded) {
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

bool ts_bottom_k_evict(ts_bottom_k *bounded, uint32_t max_values, uint64_t hash, int32_t *row) {
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

/* Moves the last of the first `count` values up to its position in the heap. */
static void sift_up(ts_kept_value *kept, size_t count) {
    const ts_kept_value value = kept[count - 1];
    size_t at = count - 1;
    while (at > 0 && kept[(at - 1) / 2].hash < value.hash) {
        kept[at] = kept[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    kept[at] = value;
}

bool ts_bottom_k_append(ts_bottom_k *bounded, int32_t row) {
    if (!ts_buffer_reserve(&bounded->kept, 1)) {
        return false;
    }
    ((ts_kept_value *)bounded->kept.items)[bounded->kept.count++] = (ts_kept_value){.hash = 0, .row = row};
    return true;
}

void ts_bottom_k_sort(ts_bottom_k *bounded, uint64_t (*hash_row)(const void *context, int32_t row),
                      const void *context) {
    ts_kept_value *kept = bounded->kept.items;
    for (size_t i = 0; i < bounded->kept.count; i++) {
        kept[i].hash = hash_row(context, kept[i].row);
        sift_up(kept, i + 1);
    }
    bounded->is_ordered = true;
}

bool ts_bottom_k_add(ts_bottom_k *bounded, uint64_t hash, int32_t row) {
    if (!ts_buffer_reserve(&bounded->kept, 1)) {
        return false;
    }
    ts_kept_value *kept = bounded->kept.items;
    kept[bounded->kept.count++] = (ts_kept_value){.hash = hash, .row = row};
    sift_up(kept, bounded->kept.count);
    return true;
}

uint64_t ts_bottom_k_estimate(const ts_bottom_k *bounded) {
    const ts_kept_value *kept = bounded->kept.items;
    if (bounded->kept.count < 2 || kept[0].hash == 0) {
        return bounded->kept.count;
    }
    const double share = ((double)kept[0].hash + 1.0) / 18446744073709551616.0; /* fraction of all hashes */
    return (uint64_t)((double)(bounded->kept.count - 1) / share + 0.5);
}
