/* What a profile has answered, for all collectors that ask it: each question is asked once, whoever has it.
 *
 * For: threads with a collector each, which meet the same elements of the same equipment. Whoever shares the answers
 *      holds a lock while he looks one up or adds one.
 * Never: the answer to another question. Questions are compared byte by byte, by what their numbers stand for in the
 *        tables of the collector that asks.
 */
#ifndef TAGSNIFF_COLLECT_SHARED_ANSWERS_H
#define TAGSNIFF_COLLECT_SHARED_ANSWERS_H

#include "collect/values.h"

/* So many are kept; a question beyond them is asked each time. */
enum { TS_MOST_KNOWN_ANSWERS = 65536 };

typedef struct ts_known_answers {
    ts_pool questions;
    ts_pool uid_roots;
    ts_buffer decisions; /* ts_decision, by the number of the question; uid_root is a number of uid_roots */
} ts_known_answers;

void ts_known_answers_begin(ts_known_answers *known, ts_hash_key key);
void ts_known_answers_free(ts_known_answers *known);

/* Writes what the question means into a buffer of uint8_t, and nothing else that was there; false when memory runs out.
 */
bool ts_question_write(ts_value_collector *collector, const ts_question *question, ts_buffer *text);

/* Whether the answer is known: *decision is then one of the collector. *is_known is false, too, when memory runs out,
 * and then the result is. */
bool ts_known_answers_find(const ts_known_answers *known, const ts_buffer *text, ts_value_collector *collector,
                           ts_decision *decision, bool *is_known);

/* Adds an answer that the collector was given, if there is room; without memory it is asked for again. */
void ts_known_answers_add(ts_known_answers *known, const ts_buffer *text, ts_value_collector *collector,
                          const ts_decision *decision);

#endif
