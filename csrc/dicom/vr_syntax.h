/* The syntax that a VR requires of a value (PS3.5 2026b, 6.2 and 9.1).
 *
 * For: the collector of values, which flags values that break the rules of their VR.
 * Never: a change of a value.
 */
#ifndef TAGSNIFF_DICOM_VR_SYNTAX_H
#define TAGSNIFF_DICOM_VR_SYNTAX_H

#include "dicom/text.h"
#include "dicom/vr.h"

/* At least two numbers, separated by single dots, in at most 64 characters (PS3.5 9.1). */
bool ts_text_is_uid(ts_text text);

/* Whether a component has the syntax of its VR: a number for DS and IS, a code for CS, a date or time for DA, TM and
 * DT, an age for AS, a UID for UI. True for all other VRs. An IS is in the range of 32 bits. The component is without
 * padding. */
bool ts_text_fits(ts_vr vr, ts_text component);

/* Whether a component, or the whole text of ST and LT, has more bytes or characters than its VR allows: DS, IS, AE, SH,
 * LO, PN (each group of it), ST and LT. False for all other VRs: the syntax above bounds them, or nothing does. In
 * doubt the characters are counted low. The component is without padding. */
bool ts_text_is_too_long(ts_vr vr, ts_charset_kind kind, ts_text component);

/* Whether the bytes of binary numbers are those of a text: at least four without the padding at their end, all of them
 * letters, digits, spaces or marks that names have. Four or five bytes are either a word in capitals, small letters or
 * with one capital first, or digits: letters and digits at random are too often true numbers, a float above all. Two
 * spaces are the number 8224, so spaces alone are no text. */
bool ts_bytes_look_like_text(ts_text bytes);

#endif
