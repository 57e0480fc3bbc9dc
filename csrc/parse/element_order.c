/* The order of the data elements: ascending by tag, each tag once (PS3.5 2026b, 7.1).
 *
 * For: noting where a data set breaks this rule, and sorting record indexes by tag.
 * Never: a change of the order of the records, which is that of the file.
 */
#include <string.h>

#include "parse/element_order.h"
#include "parse/parser_state.h"

/* A bottom-up merge sort. */
void ts_sort_by_tag(ts_parser *parser, int32_t *records, int32_t *scratch, size_t count) {
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t first = 0; first < count; first += 2 * width) {
            const size_t middle = width < count - first ? first + width : count;
            const size_t last = width < count - middle ? middle + width : count;
            size_t left = first;
            size_t right = middle;
            for (size_t to = first; to < last; to++) {
                const bool take_left = left < middle && (right >= last || ts_record(parser, records[left])->tag <=
                                                                              ts_record(parser, records[right])->tag);
                scratch[to] = take_left ? records[left++] : records[right++];
            }
        }
        memcpy(records, scratch, count * sizeof *records);
    }
}

void ts_note_order(ts_parser *parser, ts_frame *frame, uint32_t tag, uint64_t offset) {
    if (!frame->is_first && tag == frame->last_tag) {
        ts_deviate(parser, TS_DUPLICATE_ELEMENT, offset, tag);
        frame->repeated_count++;
    } else if (!frame->is_first && tag < frame->last_tag) {
        ts_deviate(parser, TS_UNORDERED, offset, tag);
        frame->is_unordered = true;
    }
    frame->is_first = false;
    frame->last_tag = tag;
}

bool ts_note_duplicates(ts_parser *parser, const ts_frame *frame) {
    if (!frame->is_unordered) {
        return true;
    }
    const int32_t first = frame->record + 1;
    const int32_t end = (int32_t)parser->elements.count;
    parser->sorted.count = 0;
    if (!ts_buffer_reserve(&parser->sorted, 2 * (size_t)(end - first))) {
        return false;
    }
    int32_t *records = parser->sorted.items;
    size_t count = 0;
    for (int32_t i = first; i < end; i++) {
        if (ts_record(parser, i)->parent == frame->record) {
            records[count++] = i;
        }
    }
    ts_sort_by_tag(parser, records, &records[count], count);
    uint32_t noted = frame->repeated_count;
    for (size_t i = 1; i < count; i++) {
        const ts_element *element = ts_record(parser, records[i]);
        if (element->tag != ts_record(parser, records[i - 1])->tag) {
            continue;
        }
        if (noted > 0) {
            noted--;
        } else {
            ts_deviate(parser, TS_DUPLICATE_ELEMENT, element->value_offset, element->tag);
        }
    }
    return true;
}
