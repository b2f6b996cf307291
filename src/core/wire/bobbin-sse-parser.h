/* Server-Sent Events: bytes in at any split, events out one by one. No socket, no main loop, any thread
 * as long as it is one at a time.
 *
 * Reads what servers really send: LF, CR and CRLF line ends, "data:" with and without the space, several
 * data lines (joined by a newline), comments, a byte order mark, and a last block that no empty line
 * follows. A line that starts with "{" is an event of its own, for servers that mix in NDJSON
 * (entities.md, "Stream format"). "id" and "retry" are read past. Text is decoded a whole line at a time;
 * invalid UTF-8 and NUL become U+FFFD. What is fed is read once: the cost is that of the bytes. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _BobbinSseParser BobbinSseParser;

/* Borrowed from the parser, valid until the next call on it. */
typedef struct
{
  const char *name;   /* (nullable): the "event" field */
  const char *data;   /* never NULL, NUL-terminated, valid UTF-8 */
  gsize       length; /* of data, bytes */
} BobbinSseEvent;

/* @max_bytes: the longest line and the most data of one event; 0 means 32 MiB. */
BobbinSseParser *bobbin_sse_parser_new    (gsize max_bytes) G_GNUC_WARN_UNUSED_RESULT;
void             bobbin_sse_parser_free   (BobbinSseParser *self);
/* Gives bytes; then call bobbin_sse_parser_next() until it has no more. */
void             bobbin_sse_parser_feed   (BobbinSseParser *self, const char *bytes, gsize length);
/* The body ended: what is left counts as a last line and a last block. */
void             bobbin_sse_parser_finish (BobbinSseParser *self);
/* Returns: TRUE with an event; FALSE without @error when more bytes are needed; FALSE with
 * BOBBIN_ERROR_TOO_LARGE when an event above the limit was dropped: call again, reading goes on behind it. */
gboolean         bobbin_sse_parser_next   (BobbinSseParser *self, BobbinSseEvent *ret_event, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinSseParser, bobbin_sse_parser_free)

G_END_DECLS
