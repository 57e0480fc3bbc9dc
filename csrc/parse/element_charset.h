/* The character set of one element while the file is parsed (PS3.3 2026b, C.12.1.1.2).
 *
 * For: text in binary values that are digested as they are read.
 * Never: a character set that comes after the element, as the standard does not allow; the collector knows these.
 */
#ifndef TAGSNIFF_PARSE_ELEMENT_CHARSET_H
#define TAGSNIFF_PARSE_ELEMENT_CHARSET_H

#include "dicom/text.h"
#include "parse/parser_state.h"

/* Returns the kind of the character set of an element: of its item, of one around it, or of the root. */
ts_charset_kind ts_find_charset_kind(const ts_parser *parser, const ts_element *element);

#endif
