/* Text in base64 (RFC 4648) inside a printable run.
 *
 * For: text that is found in bytes: names in it must be shown.
 * Never: a word that is base64 by chance only: all that is decoded from it must be text.
 */
#ifndef TAGSNIFF_DICOM_BASE64_TEXT_H
#define TAGSNIFF_DICOM_BASE64_TEXT_H

#include "base/buffer.h"
#include "base/bytes.h"

/* Finds the next stretch of base64 in *rest that is text in UTF-8 when decoded, and removes the bytes up to its end
 * from the front of *rest. Returns 1 with the text in `decoded` (uint8_t), 0 if there is none, -1 when memory runs out.
 * Tabs and line ends are text too; a NUL ends it. */
int ts_base64_next(ts_text *rest, ts_buffer *decoded);

#endif
