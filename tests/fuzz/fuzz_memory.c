/* Fuzzer of failing allocations: the result is a fault or a refusal, no memory is leaked, and the next file is read
 * normally.
 *
 * For: libFuzzer (`make fuzz`). csrc/ is built with the three functions below in place of malloc, calloc and realloc;
 *      the options choose which call fails.
 * Never: a check that an allocation is needed; the program may do without one that only makes it faster.
 */
#include <stdlib.h>

#include "base/text_pool_sort.h"
#include "collect/merge_values.h"
#include "collect/values.h"
#include "collect/varying_values.h"
#include "fed_parse.h"
#include "fuzz_memory.h"
#include "report/lines.h"
#include "report/row_order.h"
#include "select/selector.h"

void *fuzz_malloc(size_t bytes);
void *fuzz_calloc(size_t count, size_t bytes);
void *fuzz_realloc(void *old, size_t bytes);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { OPTION_FOR_GOOD = 13, OPTION_ALLOCATION /* and the next one */ };

enum { DECISIONS = 3 };

/* Number of allocations until the one that fails, itself included; 0 if none fails. A fuzzer has one thread, so globals
 * are safe. */
static uint32_t left;
static bool fails_for_good;
static uint32_t failed;

/* From now on this allocation fails, counted from 0, and all after it too if `for_good`. */
static void fail_memory(uint32_t allocation, bool for_good) {
    left = allocation + 1;
    fails_for_good = for_good;
    failed = 0;
}

/* Ends the failures; returns how many allocations failed. */
static uint32_t mend_memory(void) {
    left = 0;
    return failed;
}

static bool has_failed(void) {
    if (left == 0 || --left > 0) {
        return false;
    }
    left = fails_for_good ? 1 : 0;
    failed++;
    return true;
}

void *fuzz_malloc(size_t bytes) { return has_failed() ? NULL : malloc(bytes); }

void *fuzz_calloc(size_t count, size_t bytes) { return has_failed() ? NULL : calloc(count, bytes); }

void *fuzz_realloc(void *old, size_t bytes) { return has_failed() ? NULL : realloc(old, bytes); }

static bool answer(void *context, const ts_question *question, ts_decision *decision) {
    ts_value_collector **collector = context;
    *decision = (ts_decision){
        .number = (int32_t)question->vr % DECISIONS, .records_values = question->vr % 4 != 0, .shows_broken = true};
    decision->uid_root = ts_value_collector_intern_text(*collector, (const uint8_t *)"1", 1);
    return decision->uid_root >= 0;
}

static ts_value_collector *new_collector(ts_value_collector **self) {
    static const uint8_t patient_key[TS_HMAC_KEY_BYTES] = {7};
    *self = ts_value_collector_new((ts_hash_key){.words = {5, 6}}, patient_key, 3, answer, (void *)self);
    return *self;
}

/* The parser alone: after a fault its results are still consistent, and it then reads the file like a new parser.
 * Returns the number of failed allocations. */
static uint32_t check_parser(const fuzz_input *input, ts_limits limits, uint32_t allocation, bool for_good) {
    fail_memory(allocation, for_good);
    ts_parser *parser = ts_parser_new(limits);
    if (parser == NULL) {
        return mend_memory();
    }
    fuzz_parse(parser, input, limits, FUZZ_PIECES, true);
    uint32_t failures = mend_memory();
    /* Once more, now that the file is the template of itself. */
    fuzz_parse(parser, input, limits, FUZZ_WHOLE, true);
    fail_memory(allocation, for_good);
    fuzz_parse(parser, input, limits, FUZZ_WHOLE, true);
    failures += mend_memory();
    ts_parser *other = ts_parser_new(limits);
    fuzz_demand(other != NULL, "memory is available");
    fuzz_parse(parser, input, limits, FUZZ_WHOLE, true);
    fuzz_parse(other, input, limits, FUZZ_WHOLE, true);
    fuzz_demand_same(parser, other);
    ts_parser_free(other);
    ts_parser_free(parser);
    return failures;
}

/* Whether the texts were sorted, copied in that order, and written as lines. */
static bool order_texts(const ts_pool *pool) {
    const size_t count = pool->entries.count;
    uint32_t *numbers = malloc((count + 1) * sizeof *numbers);
    fuzz_demand(numbers != NULL, "memory is available");
    for (size_t i = 0; i < count; i++) {
        numbers[i] = (uint32_t)(count - 1 - i);
    }
    ts_pool ordered;
    ts_pool_begin(&ordered, pool->key);
    const bool is_done = ts_pool_sort(pool, numbers, count) && ts_pool_append(&ordered, pool, numbers, count);
    fuzz_demand(!is_done || ordered.entries.count == count, "all texts are copied");
    const ts_line_part part = {.texts = pool, .numbers = numbers};
    ts_buffer lines;
    ts_buffer_begin(&lines, sizeof(uint8_t));
    const bool has_lines = is_done && ts_append_lines(&lines, &part, 1, 0, count);
    ts_buffer_free(&lines);
    ts_pool_free(&ordered);
    free(numbers);
    return has_lines;
}

/* Whether the rows were sorted; all uses and values become one, so that they do not decide the order. */
static bool order_rows(const ts_value_tables *tables) {
    const size_t counts[] = {tables->use_count, tables->values->entries.count, DECISIONS, tables->paths->entries.count};
    size_t most = 1;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        most = counts[i] > most ? counts[i] : most;
    }
    int32_t *numbers = calloc(most, sizeof *numbers);
    int32_t *new_rows = malloc((tables->row_count + 1) * sizeof *new_rows);
    ts_row *ordered = malloc((tables->row_count + 1) * sizeof *ordered);
    fuzz_demand(numbers != NULL && new_rows != NULL && ordered != NULL, "memory is available");
    const ts_row_moves moves = {{numbers, counts[0]}, {numbers, counts[1]}, {numbers, counts[2]}, {numbers, counts[3]}};
    size_t ordered_count;
    const ts_row_order order = ts_rows_sort(tables->rows, tables->row_count, &moves, ordered, new_rows, &ordered_count);
    fuzz_demand(order != TS_ROWS_BAD_INDEX, "no index is out of range");
    free(numbers);
    free(new_rows);
    free(ordered);
    return order == TS_ROWS_ORDERED;
}

/* The same file several times, like the files of a series. */
static bool collect_run(ts_value_collector *collector, ts_parser *parser, const fuzz_input *input, ts_limits limits) {
    static const char *const paths[] = {"c", "d", "e", "f"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        fuzz_parse(parser, input, limits, FUZZ_WHOLE, true);
        if (!ts_value_collector_add(collector, parser, (const uint8_t *)paths[i], 1, true)) {
            return false;
        }
    }
    return true;
}

/* Collects, merges and sorts. Only a failing allocation may stop this; what was made is then freed. Returns the number
 * of failed allocations. */
static uint32_t check_collectors(const fuzz_input *input, ts_limits limits, uint32_t allocation, bool for_good) {
    ts_value_collector *one;
    ts_value_collector *other = NULL;
    ts_parser *parser = ts_parser_new(limits);
    fuzz_demand(parser != NULL, "memory is available");
    fuzz_parse(parser, input, limits, FUZZ_WHOLE, true);
    fail_memory(allocation, for_good);
    bool is_done = new_collector(&one) != NULL && new_collector(&other) != NULL &&
                   ts_value_collector_add(one, parser, (const uint8_t *)"a", 1, true) &&
                   ts_value_collector_add(other, parser, (const uint8_t *)"b", 1, true) &&
                   collect_run(one, parser, input, limits) && ts_value_collector_fill_counts(one) &&
                   ts_value_collector_find_varying(one) != NULL && order_texts(ts_value_collector_tables(one).values);
    if (is_done) {
        ts_value_tables tables = ts_value_collector_tables(other);
        is_done = order_rows(&tables);
        if (ts_value_collector_list_drawn(other, &tables) &&
            ts_value_collector_list_series(other, NULL, &tables.identities)) {
            (void)ts_value_collector_merge(one, &tables);
        }
    }
    const uint32_t failures = mend_memory();
    fuzz_demand(is_done || failures > 0, "only a failing allocation stops a collection");
    ts_value_collector_free(one);
    ts_value_collector_free(other);
    ts_parser_free(parser);
    return failures;
}

/* The same for a selector, its columns and its cells. */
static uint32_t check_selector(const fuzz_input *input, ts_limits limits, uint32_t allocation, bool for_good) {
    static const uint8_t name[] = {'A'};
    const ts_step_asked steps[] = {{.tag = 0x00080060, .creator = TS_CREATOR_NOT_PRIVATE},
                                   {.tag = 0x00100010, .creator = TS_CREATOR_NOT_PRIVATE},
                                   {.tag = 0x00090002, .creator = 0, .name = name, .name_length = 1}};
    ts_parser *parser = ts_parser_new(limits);
    fuzz_demand(parser != NULL, "memory is available");
    fuzz_parse(parser, input, limits, FUZZ_WHOLE, true);
    fail_memory(allocation, for_good);
    ts_selector *selector = ts_selector_new((ts_hash_key){.words = {5, 6}});
    bool is_done = selector != NULL;
    for (size_t i = 0; is_done && i < sizeof steps / sizeof steps[0]; i++) {
        is_done = ts_selector_add_step(selector, &steps[i], true);
    }
    is_done = is_done && ts_selector_add(selector, parser) && ts_selector_add(selector, parser);
    const uint32_t failures = mend_memory();
    fuzz_demand(is_done || failures > 0, "only a failing allocation stops a selection");
    ts_selector_free(selector);
    ts_parser_free(parser);
    return failures;
}

uint32_t fuzz_without_memory(const fuzz_input *input, uint32_t of_parser, uint32_t of_collectors, bool for_good) {
    ts_limits limits = fuzz_limits(input);
    uint32_t failures = check_parser(input, limits, of_parser, for_good);
    failures += check_selector(input, limits, of_parser, for_good);
    limits.digests_long_values = true;
    return failures + check_collectors(input, limits, of_collectors, for_good);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    const fuzz_input input = fuzz_read_options(bytes, length);
    const uint8_t *which = &input.options[OPTION_ALLOCATION];
    const uint32_t allocation = (uint32_t)which[0] | (uint32_t)which[1] << 8;
    const bool for_good = input.options[OPTION_FOR_GOOD] % 2 == 1;
    (void)fuzz_without_memory(&input, allocation % 64, allocation % 512, for_good);
    return 0;
}
