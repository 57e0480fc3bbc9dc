/* Feeding a parser, and the checks of every result: the functions of fed_parse.h.
 *
 * For: the fuzzers of this folder.
 * Never: a window that is longer than the parser was told, so that the sanitizers detect a read beyond it.
 */
#include "fed_parse.h"
#include "base/status.h"
#include "parse/element.h"
#include "parse/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    OPTION_LIMITS,
    OPTION_DEPTH,
    OPTION_ELEMENTS,
    OPTION_SEED /* and the next three */
};

fuzz_input fuzz_read_options(const uint8_t *bytes, size_t length) {
    fuzz_input input = {.bytes = bytes, .length = length};
    if (length >= FUZZ_OPTIONS_AT + FUZZ_OPTIONS_BYTES) {
        memcpy(input.options, &bytes[FUZZ_OPTIONS_AT], FUZZ_OPTIONS_BYTES);
    }
    return input;
}

ts_limits fuzz_limits(const fuzz_input *input) {
    static const uint64_t value_limits[] = {65536, 64, 3, 0};
    static const uint64_t whole_limits[] = {1u << 20, 0, 16, 100};
    static const uint64_t inflate_limits[] = {1u << 28, 0, 100, 2000};
    ts_limits limits = TS_LIMITS_DEFAULT;
    limits.value_limit_bytes = value_limits[input->options[OPTION_LIMITS] % 4];
    limits.digests_long_values = input->options[OPTION_LIMITS] / 4 % 2 == 1;
    limits.whole_limit_bytes = whole_limits[input->options[OPTION_LIMITS] / 8 % 4];
    limits.captures_long_text = input->options[OPTION_LIMITS] / 32 % 2 == 1;
    limits.records_other_bytes = input->options[OPTION_LIMITS] / 64 % 2 == 1;
    limits.reads_all_bytes = input->options[OPTION_LIMITS] / 128 % 2 == 1;
    limits.depth_limit = input->options[OPTION_DEPTH] % 4 == 1 ? 2 : limits.depth_limit;
    limits.inflate_limit_bytes = inflate_limits[input->options[OPTION_ELEMENTS] / 4 % 4];
    limits.element_limit = input->options[OPTION_ELEMENTS] % 4 == 1 ? 20 : limits.element_limit;
    return limits;
}

uint32_t fuzz_seed(const fuzz_input *input) {
    const uint8_t *seed = &input->options[OPTION_SEED];
    return 1 + (((uint32_t)seed[0] << 24 | (uint32_t)seed[1] << 16 | (uint32_t)seed[2] << 8 | seed[3]) & 0x7FFFFFFF);
}

uint32_t fuzz_next(uint32_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

void fuzz_demand(bool holds, const char *rule) {
    if (!holds) {
        (void)fprintf(stderr, "failed check: %s\n", rule);
        abort();
    }
}

/* Checks that records and fault point into the file, for any bytes. Offsets in a deflated data set count inflated
 * bytes, whose number is not known here. */
static void check_results(const ts_parser *parser, const fuzz_input *input) {
    size_t count;
    size_t captured;
    uint64_t fault_offset;
    uint32_t fault_tag;
    const ts_element *elements = ts_parser_elements(parser, &count);
    (void)ts_parser_captured(parser, &captured);
    const bool is_plain = ts_parser_deflated_from(parser) == TS_UNKNOWN_SIZE;
    const ts_status status = ts_parser_status(parser, &fault_offset, &fault_tag);
    fuzz_demand((int)status < (int)TS_DEVIATION_FIRST, "the status is not a deviation");
    fuzz_demand(!is_plain || fault_offset <= input->length, "the fault is in the file");
    fuzz_demand(status != TS_OK || count > 0 || ts_parser_is_stopped(parser),
                "a file that was read to its end has an element");
    fuzz_demand(ts_parser_transfer_syntax(parser) < (int32_t)count, "the transfer syntax is a record");
    for (size_t i = 0; i < count; i++) {
        const ts_element *element = &elements[i];
        const ts_element *parent = element->parent < 0 ? NULL : &elements[element->parent];
        const uint16_t around = parent == NULL ? 0 : parent->depth;
        fuzz_demand(element->parent < (int32_t)i, "a parent precedes its children");
        fuzz_demand(element->creator < (int32_t)count, "a private creator is a record");
        fuzz_demand(element->value_offset <= element->end_offset, "a value ends after its start");
        fuzz_demand(!is_plain || element->value_offset <= input->length, "a value begins in the file");
        fuzz_demand(status != TS_OK || !is_plain || element->end_offset <= input->length, "a value ends in the file");
        fuzz_demand(element->depth == around + (element->tag == TS_TAG_ITEM ? 1 : 0),
                    "the depth follows from the parent");
        fuzz_demand(element->tag != TS_TAG_ITEM || parent != NULL, "an item is in a sequence");
        fuzz_demand(parent == NULL || (parent->tag == TS_TAG_ITEM) != (element->tag == TS_TAG_ITEM),
                    "items contain elements, sequences contain items");
        if (element->captured_at != TS_NOT_CAPTURED && (element->flags & TS_FLAG_DIGESTED) == 0) {
            fuzz_demand(element->captured_at <= captured && element->value_length <= captured - element->captured_at,
                        "a captured value is in the captured bytes");
        }
        if ((element->flags & TS_FLAG_DIGESTED) != 0) {
            fuzz_demand(element->captured_at <= captured && captured - element->captured_at >= TS_LONG_VALUE_HEAD_BYTES,
                        "a digest is in the captured bytes");
            size_t captured_length;
            const ts_text text = ts_digested_text(element, ts_parser_captured(parser, &captured_length));
            fuzz_demand(text.length <= captured - element->captured_at - TS_LONG_VALUE_HEAD_BYTES,
                        "the text of a digested value is in the captured bytes");
        }
    }
}

/* The limit on the bytes requested, a multiple of the file's length: each byte is read several times as part of a
 * header, once as a value, and with digests once more for each level of values that may be a sequence. */
static uint64_t most_bytes_read(const fuzz_input *input, ts_limits limits) {
    const uint64_t levels = limits.digests_long_values ? limits.depth_limit : 0;
    return (8 + levels) * ((uint64_t)input->length + 256);
}

static uint64_t choose_length(fuzz_feeding feeding, uint64_t needed, uint64_t left, uint32_t *state) {
    const uint64_t more = feeding == FUZZ_WHOLE ? left : feeding == FUZZ_EXACT ? 0 : fuzz_next(state) % 300;
    const uint64_t wanted = needed + more;
    return wanted < left ? wanted : left;
}

/* Feeds a copy of exactly this length, so that the sanitizers detect a read beyond it. Frees the previous window. */
static uint8_t *feed_copy(ts_parser *parser, uint8_t *before, const uint8_t *from, uint64_t offset, uint64_t length) {
    uint8_t *window = malloc(length == 0 ? 1 : (size_t)length);
    fuzz_demand(window != NULL, "memory is available");
    if (length > 0) {
        memcpy(window, from, (size_t)length);
    }
    ts_parser_feed(parser, offset, window, length);
    free(before); /* the parser used it until now */
    return window;
}

void fuzz_parse(ts_parser *parser, const fuzz_input *input, ts_limits limits, fuzz_feeding feeding,
                bool is_size_known) {
    uint32_t state = fuzz_seed(input);
    uint8_t *window = NULL;
    uint64_t asked = 0;
    ts_parser_begin(parser, is_size_known ? input->length : TS_UNKNOWN_SIZE);
    while (ts_parser_run(parser) == TS_PARSE_MORE) {
        const uint64_t offset = ts_parser_need_offset(parser);
        const uint64_t needed = ts_parser_need_length(parser);
        fuzz_demand(needed > 0 && needed <= TS_NEED_LIMIT, "the bytes requested at once are limited");
        const uint64_t left = offset > input->length ? 0 : input->length - offset;
        asked += needed < left ? needed : left;
        fuzz_demand(asked <= most_bytes_read(input, limits), "the bytes requested are a multiple of the file's");
        const uint64_t length = choose_length(feeding, needed, left, &state);
        window = feed_copy(parser, window, left == 0 ? input->bytes : &input->bytes[offset], offset, length);
        if (length < needed) {
            ts_parser_end(parser, input->length);
        }
    }
    free(window);
    check_results(parser, input);
}

void fuzz_parse_broken(ts_parser *parser, const fuzz_input *input, size_t end, bool is_read_error) {
    uint8_t *window = NULL;
    ts_parser_begin(parser, input->length);
    while (ts_parser_run(parser) == TS_PARSE_MORE) {
        const uint64_t offset = ts_parser_need_offset(parser);
        const uint64_t needed = ts_parser_need_length(parser);
        const uint64_t left = offset > end ? 0 : end - offset;
        if (left < needed && is_read_error) {
            ts_parser_stop(parser, TS_CANNOT_READ);
            continue;
        }
        const uint64_t length = needed < left ? needed : left;
        window = feed_copy(parser, window, left == 0 ? input->bytes : &input->bytes[offset], offset, length);
        if (length < needed) {
            ts_parser_end(parser, offset + length);
        }
    }
    free(window);
    check_results(parser, input);
}

/* Compares member by member, because the padding between members is undefined. */
static bool is_same_record(const ts_element *one, const ts_element *other) {
#define SAME_MEMBER(type, name, dimension, format) memcmp(&one->name, &other->name, sizeof one->name) == 0 &&
    return TS_ELEMENT_FIELDS(SAME_MEMBER) true;
#undef SAME_MEMBER
}

void fuzz_demand_same(const ts_parser *one, const ts_parser *other) {
    uint64_t offsets[2];
    uint32_t tags[2];
    size_t counts[2];
    size_t lengths[2];
    const ts_status statuses[2] = {ts_parser_status(one, &offsets[0], &tags[0]),
                                   ts_parser_status(other, &offsets[1], &tags[1])};
    const ts_element *elements[2] = {ts_parser_elements(one, &counts[0]), ts_parser_elements(other, &counts[1])};
    const uint8_t *captured[2] = {ts_parser_captured(one, &lengths[0]), ts_parser_captured(other, &lengths[1])};
    fuzz_demand(statuses[0] == statuses[1] && offsets[0] == offsets[1] && tags[0] == tags[1],
                "windows do not change the status");
    fuzz_demand(counts[0] == counts[1], "windows do not change the number of records");
    for (size_t i = 0; i < counts[0]; i++) {
        fuzz_demand(is_same_record(&elements[0][i], &elements[1][i]), "windows do not change the records");
    }
    fuzz_demand(lengths[0] == lengths[1] && (lengths[0] == 0 || memcmp(captured[0], captured[1], lengths[0]) == 0),
                "windows do not change the captured bytes");
    for (int i = 0; i < TS_DEVIATION_COUNT; i++) {
        const ts_deviation *deviations[2] = {ts_parser_deviation(one, (ts_status)(TS_DEVIATION_FIRST + i)),
                                             ts_parser_deviation(other, (ts_status)(TS_DEVIATION_FIRST + i))};
        fuzz_demand(deviations[0]->count == deviations[1]->count && deviations[0]->offset == deviations[1]->offset &&
                        deviations[0]->tag == deviations[1]->tag,
                    "windows do not change the deviations");
    }
}
