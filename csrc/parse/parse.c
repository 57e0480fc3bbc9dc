/* The header parser: the implementation of parse.h (PS3.5 and PS3.10, edition 2026b).
 *
 * For: starting and freeing a parser, and the loop that runs one step after another.
 * Never: a read of file bytes; the steps are in part10.c, data_set.c, sequences.c, capture.c and stream.c.
 */
#include "parse/parse.h"
#include "parse/capture.h"
#include "parse/data_set.h"
#include "parse/fragments.h"
#include "parse/other_bytes.h"
#include "parse/part10.h"
#include "parse/private_blocks.h"
#include "parse/sequences.h"
#include "parse/stream.h"
#include "parse/template.h"
#include "parse/trials.h"

#include <stdlib.h>
#include <string.h>

#include "parse/parser_state.h"

/* A step in a phase that has no open container. */
static ts_step step_outside(ts_parser *parser) {
    switch ((unsigned)parser->phase) {
    case TS_PHASE_START:
        return ts_step_start(parser);
    case TS_PHASE_PADDING:
        return ts_step_padding(parser);
    case TS_PHASE_TRAILING:
        return ts_step_trailing_bytes(parser);
    default:
        return ts_stream_check_tail(parser);
    }
}

static ts_step take_step(ts_parser *parser) {
    if (parser->capture_left > 0) {
        return ts_step_capture(parser);
    }
    if (parser->phase < TS_PHASE_META || parser->phase > TS_PHASE_DATA) {
        return step_outside(parser);
    }
    const ts_frame *frame = ts_top(parser);
    while (frame->end != TS_NO_END && parser->cursor.at == frame->end) { /* never true for the root */
        ts_close_frame(parser);
        if (parser->status != TS_OK) {
            return TS_STEP_GO;
        }
        frame = ts_top(parser);
    }
    switch (frame->kind) {
    case TS_FRAME_SEQUENCE:
        return ts_step_sequence(parser);
    case TS_FRAME_FRAGMENTS:
        return ts_step_fragments(parser);
    case TS_FRAME_ROOT:
    case TS_FRAME_ITEM:
        break;
    }
    return ts_step_element(parser);
}

/* Whether the fault shows that the value of the innermost trial is not a sequence. Faults of limits, memory, inflation
 * and reading do not show that. */
static bool is_undone(const ts_parser *parser) {
    if (parser->trials.count == 0) {
        return false;
    }
    switch ((unsigned)parser->status) {
    case TS_TOO_DEEP:
    case TS_TOO_MANY_ELEMENTS:
    case TS_TOO_MANY_DEEP:
    case TS_OUT_OF_MEMORY:
    case TS_BAD_DEFLATE:
    case TS_TRUNCATED_DEFLATE:
    case TS_INFLATE_LIMIT:
    case TS_CANNOT_READ:
    case TS_FILE_CHANGED:
        return false;
    default:
        return true;
    }
}

/* After a fault: closes all containers, so that private creators are resolved for the records that were read. */
static void close_all(ts_parser *parser) {
    if (parser->capture_left > 0 || parser->is_digesting) { /* an incomplete value is not captured */
        ts_element *last = ts_record(parser, (int32_t)(parser->elements.count - 1));
        last->captured_at = TS_NOT_CAPTURED;
        last->flags = (uint16_t)(last->flags & ~TS_FLAG_DIGESTED);
        parser->capture_left = 0;
        parser->is_digesting = parser->fragments.is_digested = false;
    }
    parser->trials.count = 0;
    ts_add_preamble(parser);
    while (parser->frames.count > 0) {
        ts_top(parser)->is_trial = false;
        ts_close_frame(parser);
    }
    parser->phase = TS_PHASE_DONE;
}

ts_parse ts_parser_run(ts_parser *parser) {
    if (parser->phase == TS_PHASE_DONE) {
        return TS_PARSE_DONE;
    }
    while (parser->phase != TS_PHASE_DONE) {
        const ts_step step = parser->status == TS_OK ? take_step(parser) : TS_STEP_GO;
        if (parser->status != TS_OK) {
            if (!is_undone(parser)) {
                close_all(parser);
                break;
            }
            parser->status = TS_OK;
            parser->fault_offset = 0;
            parser->fault_tag = TS_NO_TAG;
            ts_undo_trial(parser);
        } else if (step == TS_STEP_MORE) {
            return TS_PARSE_MORE;
        }
    }
    if (parser->status == TS_OK) {
        ts_template_finish(parser);
    }
    return TS_PARSE_DONE;
}

void ts_parser_stop(ts_parser *parser, ts_status status) {
    ts_fail(parser, status, parser->cursor.at, TS_NO_TAG);
    (void)ts_parser_run(parser);
}

ts_parser *ts_parser_new(ts_limits limits) {
    ts_parser *parser = calloc(1, sizeof *parser);
    if (parser == NULL) {
        return NULL;
    }
    parser->limits = limits;
    ts_buffer_begin(&parser->elements, sizeof(ts_element));
    ts_buffer_begin(&parser->captured, sizeof(uint8_t));
    ts_buffer_begin(&parser->frames, sizeof(ts_frame));
    ts_buffer_begin(&parser->trials, sizeof(ts_trial));
    ts_buffer_begin(&parser->private_pending, sizeof(int32_t));
    ts_buffer_begin(&parser->sorted, sizeof(int32_t));
    ts_buffer_begin(&parser->ambiguous_pending, sizeof(int32_t));
    ts_template_begin(&parser->previous);
    ts_text_finder_begin(&parser->finder);
    ts_block_table_begin(&parser->private_blocks);
    ts_parser_begin(parser, TS_UNKNOWN_SIZE);
    parser->file_number = 0; /* ts_parser_begin counted a file that there is not */
    return parser;
}

void ts_parser_free(ts_parser *parser) {
    if (parser == NULL) {
        return;
    }
    ts_buffer_free(&parser->elements);
    ts_buffer_free(&parser->captured);
    ts_buffer_free(&parser->frames);
    ts_buffer_free(&parser->trials);
    ts_buffer_free(&parser->private_pending);
    ts_buffer_free(&parser->sorted);
    ts_buffer_free(&parser->ambiguous_pending);
    ts_template_free(&parser->previous);
    ts_text_finder_free(&parser->finder);
    ts_inflate_free(&parser->inflater);
    free(parser);
}

void ts_parser_begin(ts_parser *parser, uint64_t stream_size) {
    parser->phase = TS_PHASE_START;
    parser->cursor = (ts_cursor){.window = NULL};
    parser->file = (ts_cursor){.window = NULL};
    parser->size = stream_size;
    parser->file_size = TS_UNKNOWN_SIZE;
    parser->deflated_from = TS_UNKNOWN_SIZE;
    parser->need_offset = parser->need_length = 0;
    parser->elements.count = 0;
    parser->captured.count = 0;
    parser->frames.count = 0;
    parser->trials.count = 0;
    parser->private_pending.count = 0;
    parser->ambiguous_pending.count = 0;
    parser->file_number++;
    parser->previous.same_as = 0;
    parser->previous.taken_records = 0;
    parser->previous.is_taken_resolved = false;
    parser->capture_left = 0;
    parser->is_digesting = false;
    parser->fragments.is_digested = false;
    parser->deep_steps = 0;
    parser->facts = (ts_facts){.transfer_syntax = -1};
    parser->has_deflate_trailer = false;
    parser->has_preamble = false;
    parser->is_stopped = false;
    parser->status = TS_OK;
    parser->fault_offset = 0;
    parser->fault_tag = TS_NO_TAG;
    memset(parser->deviations, 0, sizeof parser->deviations);
}

ts_status ts_parser_status(const ts_parser *parser, uint64_t *offset, uint32_t *tag) {
    *offset = parser->fault_offset;
    *tag = parser->fault_tag;
    return parser->status;
}

const ts_element *ts_parser_elements(const ts_parser *parser, size_t *count) {
    *count = parser->elements.count;
    return parser->elements.items;
}

ts_text ts_digested_text(const ts_element *element, const uint8_t *captured) {
    const uint8_t *head = &captured[element->captured_at];
    uint64_t length = 0;
    for (size_t i = 0; i < 8; i++) {
        length |= (uint64_t)head[TS_LONG_VALUE_DIGEST_BYTES + i] << 8 * i;
    }
    return (ts_text){.bytes = &head[TS_LONG_VALUE_HEAD_BYTES], .length = (size_t)length};
}

const uint8_t *ts_parser_captured(const ts_parser *parser, size_t *length) {
    *length = parser->captured.count;
    return parser->captured.items;
}

const ts_deviation *ts_parser_deviation(const ts_parser *parser, ts_status status) {
    return &parser->deviations[(unsigned)status - TS_DEVIATION_FIRST];
}

bool ts_parser_is_stopped(const ts_parser *parser) { return parser->is_stopped; }

bool ts_parser_reads_all_bytes(const ts_parser *parser) { return parser->limits.reads_all_bytes; }

ts_repeat ts_parser_repeat(const ts_parser *parser) {
    const ts_template *previous = &parser->previous;
    return (ts_repeat){.file = parser->file_number,
                       .same_as = previous->same_as,
                       .changed = previous->changed.items,
                       .changed_count = previous->same_as == 0 ? 0 : previous->changed.count,
                       .taken_count = previous->taken_records};
}

int32_t ts_parser_transfer_syntax(const ts_parser *parser) { return parser->facts.transfer_syntax; }

uint64_t ts_parser_deflated_from(const ts_parser *parser) { return parser->deflated_from; }

void ts_parser_feed(ts_parser *parser, uint64_t offset, const uint8_t *bytes, uint64_t length) {
    ts_cursor *cursor = parser->deflated_from == TS_UNKNOWN_SIZE ? &parser->cursor : &parser->file;
    const uint64_t size = parser->deflated_from == TS_UNKNOWN_SIZE ? parser->size : parser->file_size;
    /* A file that has grown since its size was determined is read up to that size. */
    if (size != TS_UNKNOWN_SIZE && (offset > size || length > size - offset)) {
        length = offset > size ? 0 : size - offset;
    }
    cursor->window = bytes;
    cursor->window_offset = offset;
    cursor->window_length = length;
}

void ts_parser_end(ts_parser *parser, uint64_t stream_size) {
    uint64_t *size = parser->deflated_from == TS_UNKNOWN_SIZE ? &parser->size : &parser->file_size;
    if (*size != TS_UNKNOWN_SIZE && stream_size < *size) {
        ts_fail(parser, TS_FILE_CHANGED, stream_size, TS_NO_TAG);
        return;
    }
    *size = stream_size;
}

uint64_t ts_parser_need_offset(const ts_parser *parser) { return parser->need_offset; }

uint64_t ts_parser_need_length(const ts_parser *parser) { return parser->need_length; }
