/* The template: what the parser keeps of the file before, and what the next file has in common with it.
 *
 * For: files of a series, which differ in a few values (docs/repeated-files.md).
 * Never: a result that a parser without a template would not have; or memory beyond the bounds below.
 *
 * A file is compared twice. Before it is parsed, its bytes with those of the template's header: if they differ in
 * values only, the records are taken over. When it has been read, its records with those of the template, unless they
 * were taken over; the result is what ts_parser_repeat says.
 */
#ifndef TAGSNIFF_PARSE_TEMPLATE_H
#define TAGSNIFF_PARSE_TEMPLATE_H

#include "parse/parser_state.h"

/* For ts_parser_new and ts_parser_free. */
void ts_template_begin(ts_template *previous);
void ts_template_free(ts_template *previous);

/* At the start of a file, whose first window is at hand: takes over all that it has in common with the template's
 * header; false if it is not like it. */
TS_ONCE_A_FILE bool ts_template_take(ts_parser *parser);
/* The file is parsed from its start: from here on its records are written over those of the template. */
TS_ONCE_A_FILE void ts_template_replace(ts_parser *parser);
/* Notes the header, if it can be part of a template; at an element of the root data set, or at its end. The first call
 * for a file counts. */
TS_ONCE_A_FILE void ts_template_note_header(ts_parser *parser);
/* The file was read to its end: finds out what it repeats, and makes it the template. */
TS_ONCE_A_FILE void ts_template_finish(ts_parser *parser);

#endif
