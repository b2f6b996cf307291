/* One WebSocket connection: one handshake, text frames in and out, one end. No reconnecting, no pings of its own accord: those are its
 * owner's.
 *
 * The owner gives handlers, called from the main loop and never from inside a call on the link. After closed() nothing is called.
 * Frames are handed on as they come, without a copy. Reading is paced, so that no server can freeze the program
 * (bobbin-paced-stream.h). Main thread only. */
#pragma once

#include "bobbin-types.h"

G_BEGIN_DECLS

#define BOBBIN_WS_MAX_FRAME (32 * 1024 * 1024) /* incoming; nebelus.md, section 13 */

#define BOBBIN_TYPE_WS_LINK (bobbin_ws_link_get_type ())
G_DECLARE_FINAL_TYPE (BobbinWsLink, bobbin_ws_link, BOBBIN, WS_LINK, GObject)

typedef struct
{
  /* @text is NUL-terminated and borrowed; it may be no valid UTF-8. */
  void (*text)   (BobbinWsLink *self, const char *text, gsize length, gpointer user_data);
  /* @code: what the server said, 1006 when it said nothing (nebelus.md, section 9.2); @reason: (nullable): its words.
   * @error: (nullable): what we found wrong: a frame that breaks the rules, a message too large. */
  void (*closed) (BobbinWsLink *self, guint code, const char *reason, const GError *error, gpointer user_data);
} BobbinWsHandlers;

/* @url: http, https, ws or wss. */
BobbinWsLink *bobbin_ws_link_new          (BobbinHttp *http, const char *url) G_GNUC_WARN_UNUSED_RESULT;
void          bobbin_ws_link_set_header   (BobbinWsLink *self, const char *name, const char *value);
/* Pings of the WebSocket protocol from the opening on; 0: none. What does not come back is not noticed by them. */
void          bobbin_ws_link_set_keepalive (BobbinWsLink *self, guint seconds);
/* @handlers: static. Cleared by bobbin_ws_link_close(). */
void          bobbin_ws_link_set_handlers (BobbinWsLink *self, const BobbinWsHandlers *handlers, gpointer user_data);
/* @origin: (nullable). @limit_ms: until the handshake is done; BOBBIN_ERROR_TIMED_OUT after it. A refusal is BOBBIN_ERROR_PROTOCOL
 * with a status below. Handlers may be called at once after success. */
void          bobbin_ws_link_open_async   (BobbinWsLink *self, const char *origin, guint limit_ms, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
gboolean      bobbin_ws_link_open_finish  (BobbinWsLink *self, GAsyncResult *result, GError **error);
/* FALSE, and nothing written, when the link is closed or closing. Consumes @text, valid UTF-8 (transfer full). */
gboolean      bobbin_ws_link_send         (BobbinWsLink *self, GBytes *text) G_GNUC_WARN_UNUSED_RESULT;
gboolean      bobbin_ws_link_is_open      (BobbinWsLink *self);
/* Closes in good order; no handler is called any more. Safe at any time. */
void          bobbin_ws_link_close        (BobbinWsLink *self, guint code);

/* Of a handshake that was refused: 0 when there was no answer. */
guint         bobbin_ws_link_get_status         (BobbinWsLink *self);
gint64        bobbin_ws_link_get_retry_after_ms (BobbinWsLink *self); /* -1: told nothing */
const char   *bobbin_ws_link_get_answer_header  (BobbinWsLink *self, const char *name); /* (nullable) */
const char   *bobbin_ws_link_get_refused_certificate (BobbinWsLink *self); /* (nullable) */

G_END_DECLS
