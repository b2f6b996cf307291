/* The fast path of the Nebelus decoder: one pass over a text delta, without building a JSON tree.
 *
 * Accepts only what it understands wholly: strict JSON, known members once each, state "delta", content type
 * text or thinking, a string that is valid UTF-8. Anything else, however slightly off, is left to the json-glib
 * path, whose result for an accepted frame is the same (tests/core/wire/test-nebelus-decoder.c compares the
 * two). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gboolean  thinking;  /* else text */
  gint      index;     /* -1 when absent */
  char     *text;      /* owned by the caller */
  gsize     length;    /* bytes */
} BobbinNebelusDelta;

/* @frame: a WebSocket frame, {"event":"content_block","data":{…}}; @data: what is inside "data", as SSE brings
 * it. Neither need be NUL-terminated. Returns: FALSE, with nothing set, when this is not a plain delta. */
gboolean bobbin_nebelus_scan_delta_frame (const char *frame, gsize length, BobbinNebelusDelta *ret_delta);
gboolean bobbin_nebelus_scan_delta_data  (const char *data, gsize length, BobbinNebelusDelta *ret_delta);

G_END_DECLS
