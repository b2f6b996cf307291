/* One request whose answer streams in: bytes to a handler as they come, paced so that no server can freeze the program
 * (bobbin-paced-stream.h). Knows nothing of what the bytes mean. Main thread only.
 *
 * Handlers are called from the main loop, never from inside a call on the stream; each may drop it. After ended() nothing is called. */
#pragma once

#include "transport/bobbin-http.h"

G_BEGIN_DECLS

typedef struct _BobbinHttpStream BobbinHttpStream;

typedef struct
{
  /* The answer is one that streams: status 2xx, and not HTML. (nullable) */
  void (*head)    (BobbinHttpStream *self, gpointer user_data);
  void (*bytes)   (BobbinHttpStream *self, const char *bytes, gsize length, gpointer user_data);
  /* The server said no: its status is with the request. @body: (nullable): at most 64 KiB of what it said. */
  void (*refused) (BobbinHttpStream *self, const char *body, gsize length, gpointer user_data);
  /* The end of the body, or with @error what went wrong: BOBBIN_ERROR, as from bobbin_http_send_finish(). */
  void (*ended)   (BobbinHttpStream *self, const GError *error, gpointer user_data);
} BobbinHttpStreamHandlers;

/* Sends @request at once. */
BobbinHttpStream  *bobbin_http_stream_new         (BobbinHttp *http, BobbinHttpRequest *request, const BobbinHttpStreamHandlers *handlers,
                                                   gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;
/* Closes the connection; no handler is called any more. */
void               bobbin_http_stream_drop        (BobbinHttpStream *self);
BobbinHttpRequest *bobbin_http_stream_get_request (BobbinHttpStream *self); /* borrowed */

G_END_DECLS
