/* Fuzzer of the collectors: for any files the tables are consistent, equal for every order of the files, and equal to
 * those of merged collectors.
 *
 * For: libFuzzer (`make fuzz`). The input is a file, or up to RUN_FILES concatenated files; options as in fed_parse.h.
 *      A hash of the query replaces the profile, so that every code and collapse rule occurs.
 * Never: a check of the number of rows, which depends on the order of the files.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text_marks.h"
#include "base/text_pool_sort.h"
#include "collect/merge_identities.h"
#include "collect/merge_values.h"
#include "collect/occurrences.h"
#include "collect/values.h"
#include "collect/varying_values.h"
#include "fed_parse.h"
#include "report/lines.h"
#include "report/row_order.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { OPTION_MAX_VALUES = 10, OPTION_ANSWERS, OPTION_WAYS, PREAMBLE_BYTES = 128, DECISIONS = 7, RUN_FILES = 6 };

/* A file of the collection. If it has a fault, what was read of it is counted. */
typedef struct collected_file {
    const char *path;
    fuzz_input input;
    const struct collected_file *options_of; /* all use the options of the first */
} collected_file;

/* The state of the function that replaces the profile. */
typedef struct answers {
    ts_value_collector *collector;
    uint32_t seed;
} answers;

static uint64_t mix(uint64_t sum, uint64_t word) {
    sum = (sum ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    return sum ^ sum >> 29;
}

static uint64_t mix_bytes(uint64_t sum, const uint8_t *bytes, size_t length) {
    for (size_t i = 0; i < length; i++) {
        sum = mix(sum, bytes[i]);
    }
    return mix(sum, length);
}

static uint64_t mix_text(uint64_t sum, const ts_pool *pool, int32_t number) {
    uint32_t length;
    if (number < 0) {
        return mix(sum, 1);
    }
    fuzz_demand((size_t)number < pool->entries.count, "a text is in its table");
    const uint8_t *text = ts_pool_get(pool, (uint32_t)number, &length);
    return mix_bytes(sum, text, length);
}

static uint64_t mix_equipment(uint64_t sum, const ts_value_tables *tables, int32_t number) {
    fuzz_demand(number >= 0 && (size_t)number < tables->equipment_count, "an equipment is in its table");
    const ts_equipment *row = &tables->equipment[number];
    sum = mix_text(mix_text(sum, tables->texts, row->modality), tables->texts, row->manufacturer);
    return mix_text(mix_text(sum, tables->texts, row->model), tables->texts, row->software);
}

static uint64_t mix_identity(uint64_t sum, const ts_tables *tables, int32_t number) {
    fuzz_demand(number >= 0 && (size_t)number < tables->identity_count, "an identity is in its table");
    while (number >= 0) {
        const ts_identity *row = &tables->identities[number];
        fuzz_demand(row->parent < number, "the identity of a sequence precedes those inside it");
        sum = mix(mix(sum, row->tag), row->block);
        sum = row->creator < 0 ? mix(sum, (uint64_t)(uint32_t)row->creator)
                               : mix_text(sum, tables->creators, row->creator);
        number = row->parent;
    }
    return sum;
}

static uint64_t mix_blocks(uint64_t sum, const ts_value_collector *collector, int32_t number) {
    while (number >= 0) {
        const ts_block_path *path = ts_value_collector_block_path(collector, number);
        fuzz_demand(path->parent < number, "the blocks of a sequence precede those inside it");
        sum = mix(sum, (uint64_t)(uint16_t)path->block);
        number = path->parent;
    }
    return sum;
}

/* Answers from the meaning of the query and not from its indexes, which depend on the order of the files. */
static bool answer(void *context, const ts_question *question, ts_decision *decision) {
    static const uint8_t roots[] = "1.2";
    answers *answers_of = context;
    ts_value_collector *collector = answers_of->collector;
    const ts_value_tables tables = ts_value_collector_tables(collector);
    uint64_t hash = mix_equipment(answers_of->seed, &tables, question->equipment);
    hash = mix_identity(hash, &tables.identities, question->identity);
    hash = mix(mix_blocks(hash, collector, question->block_path), question->vr);
    decision->number = (int32_t)(hash % DECISIONS);
    decision->records_values = hash >> 8 & 3;
    decision->shows_broken = hash >> 10 & 1;
    decision->drawn = (uint8_t)(hash >> 16 & 63);
    decision->always = (uint8_t)(hash >> 22 & 63);
    decision->uid_root = ts_value_collector_intern_text(collector, roots, hash >> 14 & 1 ? sizeof roots - 1 : 1);
    return decision->uid_root >= 0;
}

static void check_counts(uint64_t occurrences, uint64_t files, uint64_t series, int32_t patients) {
    fuzz_demand(series > 0 && series <= files && files <= occurrences, "series <= files <= occurrences");
    fuzz_demand(patients > 0 && (uint64_t)patients <= files, "patients <= files");
}

static uint64_t sum_identities(const ts_tables *tables) {
    uint64_t sum = mix(mix(tables->files, tables->series->entries.count), tables->patients->entries.count);
    for (size_t i = 0; i < TS_DEVIATION_COUNT; i++) {
        sum = mix(sum, tables->deviation_files[i]);
        fuzz_demand(tables->deviation_files[i] <= tables->files, "a deviation is in at most all files");
    }
    for (size_t i = 0; i < tables->identity_count; i++) {
        const ts_identity *identity = &tables->identities[i];
        uint64_t row = mix(mix(mix(identity->vrs, identity->occurrences), identity->files), identity->series);
        row = mix(row, (uint64_t)(uint32_t)identity->patients);
        for (size_t word = 0; word < sizeof identity->blocks / sizeof identity->blocks[0]; word++) {
            row = mix(row, identity->blocks[word]);
        }
        sum += mix_identity(row, tables, (int32_t)i);
        check_counts(identity->occurrences, identity->files, identity->series, identity->patients);
        fuzz_demand(identity->files <= tables->files, "an identity is in at most all files");
    }
    return sum;
}

/* A row of values; `*kept` counts the rows to which a bound applies. */
static uint64_t sum_row(const ts_value_tables *tables, const ts_row *row, uint32_t *kept) {
    const ts_element_use *use = &tables->uses[row->use];
    check_counts(row->occurrences, row->files, row->series, row->patients);
    fuzz_demand(row->files <= use->files, "a value is in at most as many files as its element");
    uint64_t hash = mix(mix(mix(row->occurrences, row->files), row->series), (uint64_t)(uint32_t)row->decision);
    hash = mix(mix(mix(mix(hash, (uint64_t)(uint32_t)row->patients), row->flags), use->vr), use->kind);
    hash = mix_text(hash, tables->paths, row->example);
    hash = mix_identity(mix_equipment(hash, tables, use->equipment), &tables->identities, use->identity);
    if (row->value < 0) {
        return hash;
    }
    uint32_t length;
    fuzz_demand((size_t)row->value < tables->values->entries.count, "a value is in its table");
    const uint8_t *value = ts_pool_get(tables->values, (uint32_t)row->value, &length);
    fuzz_demand(length >= TS_VALUE_HEAD_BYTES, "a value has a form and a character set");
    *kept += value[0] == 'C' ? 0 : 1;
    hash = mix_bytes(mix(hash, value[0]), &value[TS_VALUE_HEAD_BYTES], length - TS_VALUE_HEAD_BYTES);
    return mix_text(hash, tables->charsets, (int32_t)ts_value_charset(value));
}

/* A sum over the rows of all tables: equal for the same collection, whatever the order of its files. */
static uint64_t sum_tables(ts_value_collector *collector, uint32_t max_values) {
    ts_value_collector_estimate(collector);
    fuzz_demand(ts_value_collector_find_varying(collector) != NULL, "memory is available");
    fuzz_demand(ts_value_collector_fill_counts(collector), "memory is available");
    const ts_value_tables tables = ts_value_collector_tables(collector);
    uint64_t sum = sum_identities(&tables.identities);
    uint32_t *kept = calloc(tables.use_count + 1, sizeof *kept);
    fuzz_demand(kept != NULL, "memory is available");
    for (size_t i = 0; i < tables.row_count; i++) {
        const ts_row *row = &tables.rows[i];
        if (row->use >= 0) {
            fuzz_demand((size_t)row->use < tables.use_count, "a use is in its table");
            sum += sum_row(&tables, row, &kept[row->use]);
        }
    }
    for (size_t i = 0; i < tables.use_count; i++) {
        const ts_element_use *use = &tables.uses[i];
        check_counts(use->occurrences, use->files, use->series, use->patients);
        fuzz_demand(kept[i] <= max_values, "a bound on values holds");
        fuzz_demand(use->distinct_estimate >= kept[i] + (uint64_t)use->is_bounded,
                    "values that were left out are estimated");
        uint64_t hash = mix(mix(mix(use->occurrences, use->files), use->series), use->is_bounded);
        hash = mix(mix(mix(hash, use->distinct_estimate), use->vr), use->kind);
        hash = mix(mix(hash, (uint64_t)(uint32_t)use->patients), use->patient_relation);
        sum += mix_identity(mix_equipment(hash, &tables, use->equipment), &tables.identities, use->identity);
    }
    free(kept);
    return sum;
}

/* Checks that sorting returns each text once, in byte order and unchanged. */
static void check_order(const ts_pool *pool) {
    const size_t count = pool->entries.count;
    uint32_t *numbers = malloc((count + 1) * sizeof *numbers);
    fuzz_demand(numbers != NULL, "memory is available");
    for (size_t i = 0; i < count; i++) {
        numbers[i] = (uint32_t)i;
    }
    ts_pool ordered;
    ts_pool_begin(&ordered, pool->key);
    fuzz_demand(ts_pool_sort(pool, numbers, count) && ts_pool_append(&ordered, pool, numbers, count),
                "memory is available");
    for (size_t i = 0; i < count; i++) {
        uint32_t length;
        uint32_t copied_length;
        const uint8_t *bytes = ts_pool_get(pool, numbers[i], &length);
        const uint8_t *copied = ts_pool_get(&ordered, (uint32_t)i, &copied_length);
        fuzz_demand(length == copied_length && (length == 0 || memcmp(bytes, copied, length) == 0),
                    "the text has this index");
        if (i > 0) {
            uint32_t length_before;
            const uint8_t *before = ts_pool_get(&ordered, (uint32_t)i - 1, &length_before);
            const uint32_t common = length < length_before ? length : length_before;
            const int order = common == 0 ? 0 : memcmp(before, copied, common);
            fuzz_demand(order < 0 || (order == 0 && length_before < length), "no text follows a greater one");
        }
    }
    fuzz_demand(ts_pool_is_ascending(&ordered), "sorted texts are ascending");
    ts_pool_free(&ordered);
    free(numbers);
}

/* Checks that lines are as long as their parts, and that marks show which texts have only the given bytes. */
static void check_lines(const ts_pool *pool) {
    const size_t count = pool->entries.count;
    uint32_t *numbers = malloc((count + 1) * sizeof *numbers);
    uint64_t *counts = malloc((count + 1) * sizeof *counts);
    uint8_t *marks = malloc(count + 1);
    fuzz_demand(numbers != NULL && counts != NULL && marks != NULL, "memory is available");
    ts_byte_set letters;
    for (int byte = 0; byte < 256; byte++) {
        letters.first[byte] = byte % 2 == 0;
        letters.others[byte] = byte >= 0x20 && byte < 0x7F;
    }
    ts_pool_mark(pool, &letters, marks);
    size_t length_of_all = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t length;
        const uint8_t *bytes = ts_pool_get(pool, (uint32_t)i, &length);
        bool is_of_letters = length == 0 || letters.first[bytes[0]];
        for (uint32_t at = 1; at < length; at++) {
            is_of_letters = is_of_letters && letters.others[bytes[at]];
        }
        fuzz_demand(marks[i] == is_of_letters, "the mark of a text is right");
        numbers[i] = (uint32_t)(count - 1 - i);
        counts[i] = i % 3 == 0 ? UINT64_MAX : i;
        length_of_all += length;
    }
    const ts_line_part parts[] = {{.texts = pool, .numbers = numbers}, {.counts = counts, .width = 20}};
    ts_buffer lines;
    ts_buffer_begin(&lines, sizeof(uint8_t));
    fuzz_demand(ts_append_lines(&lines, parts, 2, 0, count), "memory is available");
    fuzz_demand(lines.count == length_of_all + 20 * count, "lines are as long as their parts");
    ts_buffer_free(&lines);
    free(numbers);
    free(counts);
    free(marks);
}

/* New indexes that reverse a table. */
static ts_new_numbers turn_round(size_t count, int32_t **made) {
    *made = malloc((count + 1) * sizeof **made);
    fuzz_demand(*made != NULL, "memory is available");
    for (size_t i = 0; i < count; i++) {
        (*made)[i] = (int32_t)(count - 1 - i);
    }
    return (ts_new_numbers){.numbers = *made, .count = count};
}

static bool stands_before(const ts_row *row, const ts_row *other) {
    if (row->use != other->use) {
        return row->use < other->use;
    }
    if (row->value != other->value) {
        return row->value < other->value;
    }
    return row->decision != other->decision ? row->decision < other->decision : row->flags < other->flags;
}

/* Checks that all rows with a use are sorted. The order is strict, so no row occurs twice. */
static void check_row_order(const ts_value_tables *tables) {
    int32_t *uses;
    int32_t *values;
    int32_t *decisions;
    int32_t *paths;
    const size_t count = tables->row_count;
    const ts_row_moves moves = {.uses = turn_round(tables->use_count, &uses),
                                .values = turn_round(tables->values->entries.count, &values),
                                .decisions = turn_round(DECISIONS, &decisions),
                                .paths = turn_round(tables->paths->entries.count, &paths)};
    ts_row *ordered = malloc((count + 1) * sizeof *ordered);
    int32_t *new_rows = malloc((count + 1) * sizeof *new_rows);
    size_t ordered_count;
    fuzz_demand(ordered != NULL && new_rows != NULL &&
                    ts_rows_sort(tables->rows, count, &moves, ordered, new_rows, &ordered_count) == TS_ROWS_ORDERED,
                "memory is available, and no index is out of range");
    size_t standing = 0;
    for (size_t i = 0; i < count; i++) {
        const ts_row *row = &tables->rows[i];
        standing += row->use >= 0 ? 1 : 0;
        fuzz_demand((new_rows[i] >= 0) == (row->use >= 0), "exactly the rows with a use have an index");
        if (row->use >= 0) {
            const ts_row *moved = &ordered[new_rows[i]];
            fuzz_demand(moved->use == uses[row->use] && moved->occurrences == row->occurrences &&
                            moved->files == row->files && moved->series == row->series && moved->flags == row->flags &&
                            moved->value == (row->value < 0 ? row->value : values[row->value]) &&
                            moved->example == (row->example < 0 ? row->example : paths[row->example]),
                        "a row is unchanged except for new indexes");
        }
    }
    fuzz_demand(standing == ordered_count, "no row is lost");
    for (size_t i = 1; i < ordered_count; i++) {
        fuzz_demand(stands_before(&ordered[i - 1], &ordered[i]), "rows are sorted");
    }
    free(uses);
    free(values);
    free(decisions);
    free(paths);
    free(ordered);
    free(new_rows);
}

/* Checks that the tables that a collector hands over are those that it had. */
static void check_taking(ts_value_collector *collector) {
    const ts_value_tables tables = ts_value_collector_tables(collector);
    const size_t row_count = tables.row_count;
    const size_t value_count = tables.values->entries.count;
    const ts_row *items = tables.rows;
    ts_buffer rows;
    ts_pool values;
    ts_pool paths;
    ts_buffer_begin(&rows, 1);
    ts_pool_begin(&values, (ts_hash_key){.words = {0, 0}});
    ts_pool_begin(&paths, (ts_hash_key){.words = {0, 0}});
    ts_value_collector_take(collector, &rows, &values, &paths);
    fuzz_demand(rows.items == items && rows.count == row_count && values.entries.count == value_count,
                "the tables are handed over unchanged");
    fuzz_demand(ts_value_collector_tables(collector).row_count == 0, "the tables are no longer in the collector");
    ts_buffer_free(&rows);
    ts_pool_free(&values);
    ts_pool_free(&paths);
}

static void check_occurrences(ts_value_collector *collector, uint64_t stream_size, bool is_plain) {
    const ts_occurrences listed = ts_value_collector_occurrences(collector);
    const ts_value_tables tables = ts_value_collector_tables(collector);
    for (size_t i = 0; i < listed.count; i++) {
        const ts_occurrence *occurrence = &listed.occurrences[i];
        fuzz_demand(!is_plain || occurrence->offset < stream_size, "an occurrence is in its file");
        fuzz_demand((size_t)occurrence->row < tables.row_count, "the row of an occurrence is in its table");
        fuzz_demand((size_t)occurrence->path < tables.paths->entries.count,
                    "the path of an occurrence is in its table");
        fuzz_demand(occurrence->first_item <= listed.item_count &&
                        occurrence->depth <= listed.item_count - occurrence->first_item,
                    "the items of an occurrence are in their list");
    }
    for (size_t i = 0; i < listed.item_count; i++) {
        fuzz_demand(listed.items[i] >= 0, "item numbers start at 0");
    }
    ts_value_collector_forget_occurrences(collector);
}

static ts_value_collector *collect(const collected_file *const *files, size_t count, uint32_t max_values,
                                   answers *answers_of) {
    /* The key of the hashes must not change the tables. */
    static const ts_hash_key keys[] = {{.words = {1, 2}}, {.words = {3, 4}}};
    static const uint8_t patient_key[TS_HMAC_KEY_BYTES] = {7};
    ts_limits limits = fuzz_limits(&files[0]->options_of->input);
    limits.digests_long_values = true;
    ts_parser *parser = ts_parser_new(limits);
    ts_value_collector *collector =
        ts_value_collector_new(keys[count % 2], patient_key, max_values, answer, answers_of);
    fuzz_demand(parser != NULL && collector != NULL, "memory is available");
    answers_of->collector = collector;
    if (count < RUN_FILES) { /* in a run nothing is listed, because counts of listed elements are not deferred */
        ts_value_collector_list_decision(collector, 0);
    }
    for (size_t i = 0; i < count; i++) {
        const collected_file *file = files[i];
        fuzz_parse(parser, &file->input, limits, FUZZ_WHOLE, true);
        fuzz_demand(
            ts_value_collector_add(collector, parser, (const uint8_t *)file->path, (uint32_t)strlen(file->path), true),
            "no file stops the collection");
        check_occurrences(collector, file->input.length, ts_parser_deflated_from(parser) == TS_UNKNOWN_SIZE);
    }
    ts_parser_free(parser);
    return collector;
}

/* Collects one file, and moves its tables into a collector. */
static void merge(ts_value_collector *collector, const collected_file *file, uint32_t max_values, answers *answers_of) {
    ts_value_collector *other = collect(&file, 1, max_values, answers_of);
    ts_value_tables tables = ts_value_collector_tables(other);
    fuzz_demand(ts_value_collector_list_drawn(other, &tables), "memory is available");
    fuzz_demand(ts_value_collector_list_series(other, NULL, &tables.identities), "memory is available");
    fuzz_demand(ts_value_collector_merge(collector, &tables), "no tables stop the collection");
    ts_value_collector_free(other);
}

/* Both files in one collector, or the second one's tables merged. */
static uint64_t sum_in_order(const collected_file *first, const collected_file *second, bool is_merged,
                             uint32_t max_values, answers *answers_of) {
    const collected_file *const files[2] = {first, second};
    ts_value_collector *collector = collect(files, is_merged ? 1 : 2, max_values, answers_of);
    if (is_merged) {
        merge(collector, second, max_values, answers_of);
    }
    const uint64_t sum = sum_tables(collector, max_values);
    const ts_value_tables tables = ts_value_collector_tables(collector);
    check_row_order(&tables);
    check_order(tables.values);
    check_lines(tables.values);
    check_taking(collector);
    ts_value_collector_free(collector);
    return sum;
}

/* The bytes with a few changes: a bit, a byte of another file, or a piece that is removed. Returns the new length. */
static size_t change_bytes(uint8_t *bytes, size_t length, const fuzz_input *other, uint32_t *state) {
    const size_t at = fuzz_next(state) % length;
    switch (fuzz_next(state) % 4) {
    case 0: {
        const size_t removed = 1 + fuzz_next(state) % 16;
        if (at + removed < length) {
            memmove(&bytes[at], &bytes[at + removed], length - at - removed);
            return length - removed;
        }
        return at;
    }
    case 1:
        bytes[at] = at < other->length ? other->bytes[at] : 0;
        return length;
    default:
        bytes[at] ^= (uint8_t)(1u << fuzz_next(state) % 8);
        return length;
    }
}

/* A run of files, and the same files one by one. They are the given ones, or differ a little from the file before, as
 * those of a series do. */
static void check_run(const collected_file *given, size_t given_count, uint32_t max_values, answers *answers_of) {
    static const char *const paths[RUN_FILES] = {"b", "c", "d", "e", "f", "g"};
    collected_file files[RUN_FILES];
    const collected_file *run[RUN_FILES];
    uint8_t *bytes[RUN_FILES];
    uint32_t state = fuzz_seed(&given->input);
    for (size_t i = 0; i < RUN_FILES; i++) {
        /* One file: it, and each second time the file before. Several: one of them. */
        const fuzz_input *from = given_count > 1 ? &given[fuzz_next(&state) % given_count].input
                                 : i % 2 == 1    ? &files[i - 1].input
                                                 : &given->input;
        size_t length = from->length;
        bytes[i] = malloc(length + 1);
        fuzz_demand(bytes[i] != NULL, "memory is available");
        memcpy(bytes[i], from->bytes, length);
        const size_t changes = given_count > 1 ? fuzz_next(&state) % 3 : i * 2 / 3;
        for (size_t left = changes; left > 0 && length > 0; left--) {
            length = change_bytes(bytes[i], length, &given[given_count - 1].input, &state);
        }
        files[i] = *given;
        files[i].path = paths[i];
        files[i].input.bytes = bytes[i];
        files[i].input.length = length;
        run[i] = &files[i];
    }
    ts_value_collector *collector = collect(run, RUN_FILES, max_values, answers_of);
    const uint64_t sum = sum_tables(collector, max_values);
    ts_value_collector_free(collector);
    collector = collect(run, 1, max_values, answers_of);
    for (size_t i = 1; i < RUN_FILES; i++) {
        merge(collector, run[i], max_values, answers_of);
    }
    fuzz_demand(sum == sum_tables(collector, max_values), "files of a run count as they do one by one");
    ts_value_collector_free(collector);
    for (size_t i = 0; i < RUN_FILES; i++) {
        free(bytes[i]);
    }
}

/* The first two files, in the way that the options choose; a run takes all of them. */
static void check(const collected_file *files, size_t count, uint32_t max_values, answers *answers_of) {
    const collected_file *one = &files[0];
    collected_file other = files[count > 1 ? 1 : 0];
    if (count == 1) {
        other.input.length -= other.input.length / 4;
    }
    other.path = "a";
    const uint8_t way = one->input.options[OPTION_WAYS] % 4;
    if (way == 2) {
        check_run(files, count, max_values, answers_of);
        return;
    }
    const uint64_t sum = sum_in_order(one, &other, false, max_values, answers_of);
    switch (way) {
    case 0:
        fuzz_demand(sum == sum_in_order(&other, one, false, max_values, answers_of),
                    "the order of the files does not change the tables");
        break;
    case 1:
        fuzz_demand(sum == sum_in_order(one, &other, true, max_values, answers_of),
                    "merging gives the result of one collector");
        break;
    default:
        fuzz_demand(sum == sum_in_order(&other, one, true, max_values, answers_of),
                    "the order of merging does not change the tables");
        break;
    }
}

/* The offset, after `from`, at which another file begins: a preamble, the prefix and an element of group 0002. The end
 * of the input if there is none. */
static size_t find_next_file(const uint8_t *bytes, size_t length, size_t from) {
    static const uint8_t prefix[] = {'D', 'I', 'C', 'M', 2, 0};
    for (size_t at = from + 2 * PREAMBLE_BYTES; at + sizeof prefix <= length; at++) {
        if (memcmp(&bytes[at], prefix, sizeof prefix) == 0) {
            return at - PREAMBLE_BYTES;
        }
    }
    return length;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    static const uint32_t bounds[] = {65536, 1, 2, 7};
    const fuzz_input input = fuzz_read_options(bytes, length);
    collected_file files[RUN_FILES];
    size_t count = 0;
    for (size_t at = 0; count == 0 || (at < length && count < RUN_FILES); count++) {
        const size_t end = find_next_file(bytes, length, at);
        files[count] = (collected_file){.path = "b", .input = input, .options_of = &files[0]};
        files[count].input.bytes = &bytes[at];
        files[count].input.length = end - at;
        at = end;
    }
    answers answers_of = {.seed = input.options[OPTION_ANSWERS]};
    check(files, count, bounds[input.options[OPTION_MAX_VALUES] % 4], &answers_of);
    return 0;
}
