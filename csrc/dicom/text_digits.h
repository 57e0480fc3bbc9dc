/* What the digits of a text could be: a number of a patient, a date, a telephone number, an address of the network.
 *
 * For: the rules on texts and runs that are drawn together; these stay apart.
 * Never: a guess in favour of drawing together. In doubt the answer is that they could be one of these.
 */
#ifndef TAGSNIFF_DICOM_TEXT_DIGITS_H
#define TAGSNIFF_DICOM_TEXT_DIGITS_H

#include "base/bytes.h"

static inline bool ts_is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

static inline bool ts_is_letter(uint8_t byte) { return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z'; }

/* Whether six digits and more belong together: in a row, joined by the marks . - / : , _ ( ) + and spaces, or within a
 * word of letters and digits. Of a plain decimal number the digits after the point do not count, nor does a 0 before
 * it. */
bool ts_has_long_digits(ts_text text);

/* Whether a text has a short date (D.M.YY, M/D/YYYY, YYYY-M-D...; or with the name of a month in one of several
 * languages), or an IP address of four numbers with
 * points between them. */
bool ts_has_short_date(ts_text text);
bool ts_has_ip_address(ts_text text);

#endif
