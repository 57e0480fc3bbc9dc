/* Rows in their order: the function behind row_order.h.
 *
 * For: rows that are dealt out to their uses, where mostly few are to be ordered, or many that are in order.
 * Never: a comparison of whole rows.
 */
#include "report/row_order.h"

#include <stdlib.h>

#include "base/radix_sort.h"

/* What is below zero is no number of a table, and stays; false if it leads out of the table. */
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
    return move(moves->uses, &row->group) && move(moves->values, &row->value) &&
           move(moves->decisions, &row->decision) && move(moves->paths, &row->example);
}

/* A number that is -1 or more, as one that goes before all others if it is -1. */
static uint64_t order_number(int32_t number) { return (uint32_t)number + UINT32_C(1); }

/* What it takes to put rows in order, by new number of their use. */
typedef struct row_order {
    const ts_row *rows;
    size_t count;
    const ts_row_moves *moves;
    size_t *ends;           /* of each use and one more: where its places end */
    uint64_t *places;       /* of one use behind those of another: the value, and the number of the row below it */
    ts_ordered_word *words; /* twice as many as the largest use has rows */
} row_order;

enum { VALUE_AT = 32 };

static uint32_t row_of(uint64_t place) { return (uint32_t)place; }

/* Finds where the places of each use begin, which is in `ends` then, and makes room to order those of the largest. */
static ts_row_order find_starts(row_order *order, size_t *ordered_count) {
    const ts_new_numbers uses = order->moves->uses;
    for (size_t i = 0; i < order->count; i++) {
        int32_t use = order->rows[i].group;
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

/* Gives each row a place in its use. */
static ts_row_order deal_out(row_order *order) {
    for (size_t i = 0; i < order->count; i++) {
        ts_row row = order->rows[i];
        if (!move_row(order->moves, &row)) {
            return TS_ROWS_BAD_INDEX;
        }
        if (row.group >= 0) {
            order->places[order->ends[row.group]++] = order_number(row.value) << VALUE_AT | i;
        }
    }
    return TS_ROWS_ORDERED;
}

static bool are_ordered(const uint64_t *places, size_t count) {
    for (size_t i = 1; i < count; i++) {
        if (places[i - 1] > places[i]) {
            return false;
        }
    }
    return true;
}

/* Rows of one value are in the order of their numbers, and so are their places. */
static void order_by_value(const row_order *order, uint64_t *places, size_t count) {
    if (are_ordered(places, count)) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        order->words[i] = (ts_ordered_word){.word = places[i] >> VALUE_AT, .number = row_of(places[i])};
    }
    ts_radix_sort(order->words, &order->words[count], count);
    for (size_t i = 0; i < count; i++) {
        places[i] = order->words[i].word << VALUE_AT | order->words[i].number;
    }
}

/* Orders the places of rows with the same use and value by decision and flags. */
static void order_alike(const row_order *order, uint64_t *places, size_t count) {
    const uint64_t value = places[0] >> VALUE_AT << VALUE_AT;
    for (size_t i = 0; i < count; i++) {
        ts_row row = order->rows[row_of(places[i])];
        (void)move_row(order->moves, &row); /* it was looked at before */
        order->words[i] =
            (ts_ordered_word){.word = order_number(row.decision) << 16 | row.flags, .number = row_of(places[i])};
    }
    ts_radix_sort(order->words, &order->words[count], count);
    for (size_t i = 0; i < count; i++) {
        places[i] = value | order->words[i].number;
    }
}

static void order_use(const row_order *order, uint64_t *places, size_t count) {
    order_by_value(order, places, count);
    for (size_t first = 0, end; first < count; first = end) {
        for (end = first + 1; end < count && places[end] >> VALUE_AT == places[first] >> VALUE_AT; end++) {
        }
        if (end - first > 1) {
            order_alike(order, &places[first], end - first);
        }
    }
}

static ts_row_order order_places(row_order *order, size_t *ordered_count) {
    ts_row_order result = find_starts(order, ordered_count);
    if (result == TS_ROWS_ORDERED) {
        result = deal_out(order);
    }
    size_t start = 0;
    for (size_t use = 0; result == TS_ROWS_ORDERED && use < order->moves->uses.count; use++) {
        order_use(order, &order->places[start], order->ends[use] - start);
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
    order.places = malloc((count + 1) * sizeof *order.places);
    const bool has_memory = order.ends != NULL && order.places != NULL;
    const ts_row_order result = has_memory ? order_places(&order, ordered_count) : TS_ROWS_NO_MEMORY;
    free(order.ends);
    free(order.words);
    for (size_t i = 0; result == TS_ROWS_ORDERED && i < count; i++) {
        new_rows[i] = -1;
    }
    for (size_t i = 0; result == TS_ROWS_ORDERED && i < *ordered_count; i++) {
        const uint32_t number = row_of(order.places[i]);
        ordered[i] = rows[number];
        (void)move_row(moves, &ordered[i]);
        new_rows[number] = (int32_t)i;
    }
    free(order.places);
    return result;
}
