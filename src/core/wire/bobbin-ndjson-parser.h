/* A stream of JSON objects, one a line, back to back or spread over lines (agentflow.md, "Stream framing"):
 * bytes in at any split, the text of whole objects out.
 *
 * The frame is found by counting braces outside strings; a line end is only a hint. Blank lines, lines
 * that start with ":", a leading "data:", and the brackets and commas of an array around the objects are
 * read past. A line end inside a string, which JSON forbids, ends a broken object, so that one bad object
 * costs at most its line. Text is decoded a whole object at a time; invalid UTF-8 becomes U+FFFD. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _BobbinNdjsonParser BobbinNdjsonParser;

/* @max_bytes: the largest object; 0 means 16 MiB. */
BobbinNdjsonParser *bobbin_ndjson_parser_new    (gsize max_bytes) G_GNUC_WARN_UNUSED_RESULT;
void                bobbin_ndjson_parser_free   (BobbinNdjsonParser *self);
void                bobbin_ndjson_parser_feed   (BobbinNdjsonParser *self, const char *bytes, gsize length);
/* The body ended: an object that is not complete is an error of its own. */
void                bobbin_ndjson_parser_finish (BobbinNdjsonParser *self);
/* Returns: TRUE with the text of one object, borrowed until the next call; FALSE without @error when more
 * bytes are needed; FALSE with @error for what was skipped: call again, reading goes on behind it.
 * BOBBIN_ERROR_TOO_LARGE: an object above the limit; BOBBIN_ERROR_PROTOCOL: bytes that are no object;
 * BOBBIN_ERROR_NETWORK, only after finish: the stream was cut inside an object. */
gboolean            bobbin_ndjson_parser_next   (BobbinNdjsonParser *self, const char **ret_text,
                                                 gsize *ret_length, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinNdjsonParser, bobbin_ndjson_parser_free)

G_END_DECLS
