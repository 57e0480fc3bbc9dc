/* The shape of a text: the text with each digit written as 9.
 *
 * For: numbered texts, which are drawn together by their shape: `MR Recon 9/99/9/9`.
 * Never: a shape for a text whose digits could identify; a letter that is left out.
 */
#ifndef TAGSNIFF_DICOM_TEXT_SHAPE_H
#define TAGSNIFF_DICOM_TEXT_SHAPE_H

#include "base/bytes.h"

enum { TS_SHAPE_BYTES = 1024 };

/* Writes the shape of an ASCII text and returns its length, which is at most that of the text. 0 if it has none: the
 * text has no digit or is longer than TS_SHAPE_BYTES; it has an @ or ://; or its digits could identify
 * (text_digits.h).
 *
 * `name = value`, where the name is made of letters, digits, blanks and . _ [ ] < > " -, has a shape of its own: an
 * index in brackets, of up to five digits, becomes [9]; a decimal number that could not identify
 * (ts_number_may_identify), or up to four hexadecimal digits after 0x, become one 9; a value whose digits could
 * identify stays as it is. There is no such shape if the digits of the name that are in no brackets could identify. */
size_t ts_text_shape(ts_text text, uint8_t shape[TS_SHAPE_BYTES]);

#endif
