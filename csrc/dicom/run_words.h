/* Runs of characters found in bytes: which of them have a word, a number or anything else that a person must read.
 *
 * For: what looks like text in binary values by chance, which is drawn together.
 * Never: a run that may hold a name, a date, a number, a path or an address, of any length or script.
 */
#ifndef TAGSNIFF_DICOM_RUN_WORDS_H
#define TAGSNIFF_DICOM_RUN_WORDS_H

#include "base/bytes.h"

/* Whether a run has to be read. It does not if it is ASCII, and has none of these:
 * - ^, @, two slashes or backslashes in a row, or a drive (C:\ or C:/)
 * - five digits in a row, six that belong together, a short date or an IP address
 *   (text_digits.h)
 * - nothing but letters and the marks of names: spaces ' - . ,
 * - a word of three letters and more with a vowel (a e i o u y): small letters, capitals, or one capital first, also
 *   within a row of letters
 * - a row of two letters and more, of the same case or with one capital first, between the ends of the run, spaces and
 *   the marks = : , ; " ' _ - . / \ ( ) < > [ ] | */
bool ts_run_is_to_be_read(ts_text run);

#endif
