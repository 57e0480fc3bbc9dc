/* Trials: the implementation of trials.h (PS3.5 2026b, 6.2.2 and 7.5).
 *
 * For: values whose VR does not say whether they are a sequence.
 * Never: a record or deviation of a trial that failed.
 */
#include "parse/trials.h"

#include <string.h>

#include "parse/capture.h"
#include "parse/fragments.h"
#include "parse/parser_state.h"
#include "parse/sequences.h"

void ts_open_trial(ts_parser *parser, int32_t record, ts_encoding encoding) {
    const ts_element *element = ts_record(parser, record);
    if (!ts_buffer_reserve(&parser->trials, 1)) {
        ts_fail(parser, TS_OUT_OF_MEMORY, parser->cursor.at, TS_NO_TAG);
        return;
    }
    ts_trial *trial = &((ts_trial *)parser->trials.items)[parser->trials.count++];
    memcpy(trial->vr, element->vr, sizeof trial->vr);
    trial->is_fragments = element->value_length == TS_UNDEFINED_LENGTH;
    trial->element_count = parser->elements.count;
    trial->captured_count = parser->captured.count;
    trial->frame_count = parser->frames.count;
    trial->private_count = parser->private_pending.count;
    trial->ambiguous_count = parser->ambiguous_pending.count;
    trial->stepped_over = parser->stepped_over;
    memcpy(trial->deviations, parser->deviations, sizeof trial->deviations);
    ts_open_sequence(parser, record, encoding);
    if (parser->status == TS_OK) {
        ts_top(parser)->is_trial = true;
    }
}

/* The value in fragments of undefined length is no sequence. Its bytes are read again, which a deflated data set does
 * not allow: there is no trial in it. */
static void read_as_fragments(ts_parser *parser, int32_t record) {
    const ts_element *element = ts_record(parser, record);
    ts_deviate(parser, TS_FRAGMENTS_ELSEWHERE, element->value_offset, element->tag);
    ts_open_fragments(parser, record);
}

void ts_undo_trial(ts_parser *parser) {
    /* A copy: the place of the trial is used by the next one. */
    const ts_trial undone = ((const ts_trial *)parser->trials.items)[--parser->trials.count];
    const ts_trial *trial = &undone;
    parser->elements.count = trial->element_count;
    parser->captured.count = trial->captured_count;
    parser->frames.count = trial->frame_count;
    parser->private_pending.count = trial->private_count;
    parser->ambiguous_pending.count = trial->ambiguous_count;
    parser->capture_left = 0;
    parser->is_digesting = false;
    parser->fragments.is_digested = false;
    memcpy(parser->deviations, trial->deviations, sizeof trial->deviations);

    const int32_t record = (int32_t)(trial->element_count - 1);
    ts_element *element = ts_record(parser, record);
    memcpy(element->vr, trial->vr, sizeof element->vr);
    element->flags = (uint16_t)(element->flags & ~(TS_FLAG_SEQUENCE | TS_FLAG_WAS_UN));
    if (trial->is_fragments) {
        parser->stepped_over = trial->stepped_over;
        read_as_fragments(parser, record);
        return;
    }
    ts_deviate(parser, TS_UN_NOT_SEQUENCE, element->value_offset, element->tag);
    const bool is_read_again = parser->limits.digests_long_values && parser->deflated_from == TS_UNKNOWN_SIZE;
    if (element->value_length > TS_TRIAL_WINDOW_BYTES && !is_read_again) { /* the window has moved on */
        element->end_offset = element->value_offset + element->value_length;
        ts_step_over(parser, element->end_offset - parser->cursor.at);
    } else {
        parser->cursor.at = element->value_offset;
        parser->stepped_over = trial->stepped_over;
        ts_take_value(parser, record);
    }
}
