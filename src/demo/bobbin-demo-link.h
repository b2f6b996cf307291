/* One connection taken over from libsoup's server: the bytes of a WebSocket, server side, or of a streamed HTTP body.
 *
 * libsoup's own WebSocket can only behave; here a frame can be cut in half, a byte sent at a time, a connection
 * left without a close frame. No extension is agreed on. Lives in the server's thread; reference counted. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _BobbinDemoLink BobbinDemoLink;

typedef enum
{
  BOBBIN_DEMO_LINK_WS,
  BOBBIN_DEMO_LINK_SSE,
} BobbinDemoLinkKind;

typedef struct
{
  /* A whole text frame of the client. @text is NUL-terminated and may be changed. */
  void (*message) (BobbinDemoLink *link, char *text, gsize length, gpointer user_data);
  /* The connection is over, whoever ended it; comes once, nothing after it. */
  void (*gone)    (BobbinDemoLink *link, gpointer user_data);
} BobbinDemoLinkFuncs;

/* @stream: (transfer full). @head: the response head, written as it is. */
BobbinDemoLink *bobbin_demo_link_new   (GIOStream *stream, BobbinDemoLinkKind kind, const char *head,
                                        const BobbinDemoLinkFuncs *funcs,
                                        gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;
BobbinDemoLink *bobbin_demo_link_ref   (BobbinDemoLink *self);
void            bobbin_demo_link_unref (BobbinDemoLink *self);
/* No function of the owner is called any more. */
void            bobbin_demo_link_forget_owner (BobbinDemoLink *self);

BobbinDemoLinkKind bobbin_demo_link_get_kind (BobbinDemoLink *self);
gboolean        bobbin_demo_link_is_open     (BobbinDemoLink *self);
/* Bytes not yet taken by the socket. */
gsize           bobbin_demo_link_get_backlog (BobbinDemoLink *self);

void            bobbin_demo_link_send_event  (BobbinDemoLink *self, const char *name, const char *data);
/* A text frame, or the bytes of the body. */
void            bobbin_demo_link_send_text   (BobbinDemoLink *self, const char *text, gsize length);
/* Bytes without a frame around them; on SSE the same as the one above. */
void            bobbin_demo_link_send_raw    (BobbinDemoLink *self, const char *bytes, gsize length);
/* A frame that announces @length bytes and brings half of them. */
void            bobbin_demo_link_send_half   (BobbinDemoLink *self, const char *text, gsize length);
/* WS: a close frame (@code 0: none), then the end, once all is written. SSE: the end of the body. */
void            bobbin_demo_link_close       (BobbinDemoLink *self, guint code, const char *reason);
/* The end of the connection in the middle of whatever it is, once all is written. @reset: RST instead of FIN. */
void            bobbin_demo_link_drop        (BobbinDemoLink *self, gboolean reset);
/* The end now, whatever is left to write. */
void            bobbin_demo_link_abort       (BobbinDemoLink *self);
/* Neither reads nor takes anything to send any more, and stays open: what a lost network looks like. */
void            bobbin_demo_link_stall       (BobbinDemoLink *self);
/* From now on one byte at a time, @byte_us apart; 0 ends it. */
void            bobbin_demo_link_set_drip    (BobbinDemoLink *self, guint byte_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinDemoLink, bobbin_demo_link_unref)

G_END_DECLS
