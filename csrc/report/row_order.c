/* Sorts the rows of values: the implementation of row_order.h.
 *
 * For: a counting sort by element use, then a sort within each use: of few rows mostly, or of many that are already in
 *      order.
 * Never: a comparison of whole rows. They are sorted by keys of 64 bits.
 */
#include "report/row_order.h"

#include <stdlib.h>

#include "base/radix_sort.h"

/* Replaces an index by the new one. A negative one refers to nothing and stays. False if it is out of range. */
static bool move(ts_new_numbers moves, int32_t *number) {
    if (*number < 0) {
        return true;
    }
    if ((size_t)*number >= moves.count) {
        return false;
    }
    *number = moves.numbers[*number];
    return true;
}

static bool move_row(const ts_row_moves *moves, ts_row *row) {
    return move(moves->uses, &row->use) && move(moves->values, &row->value) && move(moves->decisions, &row->decision) &&
           move(moves->paths, &row->example);
}

/* An index, or -1, as an unsigned key: -1 sorts first. */
static uint64_t key_of_index(int32_t number) { return (uint32_t)number + UINT32_C(1); }

/* The state of a sort. Element uses have their new indexes. */
typedef struct row_order {
    const ts_row *rows;
    size_t count;
    const ts_row_moves *moves;
    size_t *ends;           /* for each use, and one more for rows without a use: the end of its range in `keys` */
    uint64_t *keys;         /* grouped by use: the key of the value in the upper, the row index in the lower 32 bits */
    ts_ordered_word *words; /* two for each row of the largest use */
} row_order;

enum { VALUE_SHIFT = 32 };

static uint32_t row_of(uint64_t key) { return (uint32_t)key; }

/* Finds the start of the range of each use, which `ends` holds afterwards, and allocates `words` for the largest. */
static ts_row_order find_starts(row_order *order, size_t *ordered_count) {
    const ts_new_numbers uses = order->moves->uses;
    for (size_t i = 0; i < order->count; i++) {
        int32_t use = order->rows[i].use;
        if (!move(uses, &use) || (use >= 0 && (size_t)use >= uses.count)) {
            return TS_ROWS_BAD_INDEX;
        }
        order->ends[use < 0 ? uses.count : (size_t)use]++;
    }
    size_t most = 1;
    size_t start = 0;
    for (size_t use = 0; use < uses.count; use++) {
        const size_t rows = order->ends[use];
        order->ends[use] = start;
        start += rows;
        most = rows > most ? rows : most;
    }
    *ordered_count = start;
    order->words = malloc(2 * most * sizeof *order->words);
    return order->words != NULL ? TS_ROWS_ORDERED : TS_ROWS_NO_MEMORY;
}

/* Writes each row into the range of its use. `ends` holds the ends of the ranges afterwards. */
static ts_row_order fill_ranges(row_order *order) {
    for (size_t i = 0; i < order->count; i++) {
        ts_row row = order->rows[i];
        if (!move_row(order->moves, &row)) {
            return TS_ROWS_BAD_INDEX;
        }
        if (row.use >= 0) {
            order->keys[order->ends[row.use]++] = key_of_index(row.value) << VALUE_SHIFT | i;
        }
    }
    return TS_ROWS_ORDERED;
}

static bool are_ordered(const uint64_t *keys, size_t count) {
    for (size_t i = 1; i < count; i++) {
        if (keys[i - 1] > keys[i]) {
            return false;
        }
    }
    return true;
}

/* Sorts the rows of one use by value. They are in the order of their indexes, and the sort is stable. */
static void sort_by_value(const row_order *order, uint64_t *keys, size_t count) {
    if (are_ordered(keys, count)) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        order->words[i] = (ts_ordered_word){.word = keys[i] >> VALUE_SHIFT, .number = row_of(keys[i])};
    }
    ts_radix_sort(order->words, &order->words[count], count);
    for (size_t i = 0; i < count; i++) {
        keys[i] = order->words[i].word << VALUE_SHIFT | order->words[i].number;
    }
}

/* Sorts rows of the same use and value by decision and flags. */
static void sort_equal_values(const row_order *order, uint64_t *keys, size_t count) {
    const uint64_t value = keys[0] >> VALUE_SHIFT << VALUE_SHIFT;
    for (size_t i = 0; i < count; i++) {
        ts_row row = order->rows[row_of(keys[i])];
        (void)move_row(order->moves, &row); /* its indexes were checked before */
        order->words[i] =
            (ts_ordered_word){.word = key_of_index(row.decision) << 16 | row.flags, .number = row_of(keys[i])};
    }
    ts_radix_sort(order->words, &order->words[count], count);
    for (size_t i = 0; i < count; i++) {
        keys[i] = value | order->words[i].number;
    }
}

static void sort_use(const row_order *order, uint64_t *keys, size_t count) {
    sort_by_value(order, keys, count);
    for (size_t first = 0, end; first < count; first = end) {
        for (end = first + 1; end < count && keys[end] >> VALUE_SHIFT == keys[first] >> VALUE_SHIFT; end++) {
        }
        if (end - first > 1) {
            sort_equal_values(order, &keys[first], end - first);
        }
    }
}

static ts_row_order sort_keys(row_order *order, size_t *ordered_count) {
    ts_row_order result = find_starts(order, ordered_count);
    if (result == TS_ROWS_ORDERED) {
        result = fill_ranges(order);
    }
    size_t start = 0;
    for (size_t use = 0; result == TS_ROWS_ORDERED && use < order->moves->uses.count; use++) {
        sort_use(order, &order->keys[start], order->ends[use] - start);
        start = order->ends[use];
    }
    return result;
}

ts_row_order ts_rows_sort(const ts_row *rows, size_t count, const ts_row_moves *moves, ts_row *ordered,
                          int32_t *new_rows, size_t *ordered_count) {
    row_order order = {.rows = rows, .count = count, .moves = moves};
    *ordered_count = 0;
    if (count > INT32_MAX || count > SIZE_MAX / (2 * sizeof *order.words) || moves->uses.count > INT32_MAX) {
        return TS_ROWS_NO_MEMORY;
    }
    order.ends = calloc(moves->uses.count + 1, sizeof *order.ends);
    order.keys = malloc((count + 1) * sizeof *order.keys);
    const bool has_memory = order.ends != NULL && order.keys != NULL;
    const ts_row_order result = has_memory ? sort_keys(&order, ordered_count) : TS_ROWS_NO_MEMORY;
    free(order.ends);
    free(order.words);
    for (size_t i = 0; result == TS_ROWS_ORDERED && i < count; i++) {
        new_rows[i] = -1;
    }
    for (size_t i = 0; result == TS_ROWS_ORDERED && i < *ordered_count; i++) {
        const uint32_t number = row_of(order.keys[i]);
        ordered[i] = rows[number];
        (void)move_row(moves, &ordered[i]);
        new_rows[number] = (int32_t)i;
    }
    free(order.keys);
    return result;
}
