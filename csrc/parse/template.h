/* The template: what the parser keeps of the previous file, and what the next file has in common with it.
 *
 * For: files of a series, which differ in a few values (docs/repeated-files.md).
 * Never: a result other than that of a parser without a template, or memory beyond the bounds in template.c
 *        and TS_REPEAT_RECORDS.
 *
 * A file is compared twice. Before it is parsed, its bytes are compared with those of the header of the template: if
 * only values differ, the records are taken over. After it was read, its other records are compared with those of the
 * template. ts_parser_repeat returns the result.
 */
#ifndef TAGSNIFF_PARSE_TEMPLATE_H
#define TAGSNIFF_PARSE_TEMPLATE_H

#include "parse/parser_state.h"

/* For ts_parser_new and ts_parser_free. */
void ts_template_begin(ts_template *previous);
void ts_template_free(ts_template *previous);

/* Called at the start of a file, with its first window. If the file is like the header of the template, takes over the
 * records of that header and moves the position to its end. False if it is not like it, or if memory runs out; the file
 * is then parsed from its start. */
TS_ONCE_A_FILE bool ts_template_take(ts_parser *parser);
/* Called if the file is parsed from its start: keeps the records of the template for the comparison, because the parser
 * overwrites its own arrays. */
TS_ONCE_A_FILE void ts_template_replace(ts_parser *parser);
/* Notes the header, if it can be part of a template. Called at an element of the root data set, or at its end; only the
 * first header noted for a file counts. */
TS_ONCE_A_FILE void ts_template_note_header(ts_parser *parser);
/* Called when the file was read to its end: finds out which file it repeats, and makes it the template. */
TS_ONCE_A_FILE void ts_template_finish(ts_parser *parser);

#endif
