/* The template: what is kept of a file for the files after it.
 *
 * For: files of a series, which differ in a few values.
 * Never: memory for a long file.
 */
#ifndef TAGSNIFF_PARSE_TEMPLATE_MODEL_H
#define TAGSNIFF_PARSE_TEMPLATE_MODEL_H

#include "parse/parser_state.h"

/* Takes what the file has in common with the one before, which is all up to where the model was noted; false if it is
 * not like it. The window is the first one. */
TS_ONCE_A_FILE bool ts_take_like_before(ts_parser *parser);
/* Notes the model, if there is none of this file yet and if it can be one; at an element of the root data set, or its
 * end. */
TS_ONCE_A_FILE void ts_note_model(ts_parser *parser);

#endif
