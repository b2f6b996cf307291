/* One connection's conversation: takes what the client says, plays scripts in answer. */
#pragma once

#include "demo/bobbin-demo-server-private.h"

G_BEGIN_DECLS

typedef struct _BobbinDemoTalk BobbinDemoTalk;

/* @stream: (transfer full). @head: of the response. @thread: whose conversation it is; borrowed. The talk tells
 * the server when it ends. */
BobbinDemoTalk *bobbin_demo_talk_new   (BobbinDemoServer *server, GIOStream *stream, BobbinDemoLinkKind kind,
                                        const char *head,
                                        BobbinDemoThread *thread) G_GNUC_WARN_UNUSED_RESULT;
void            bobbin_demo_talk_free  (BobbinDemoTalk *self);
/* WS: "connection". */
void            bobbin_demo_talk_greet (BobbinDemoTalk *self);
/* WS: an error, then a close code; either may be left out (NULL, 0). */
void            bobbin_demo_talk_refuse (BobbinDemoTalk *self, const char *error_type, const char *words,
                                         guint close_code);
/* Plays steps given as JSON, see the server's faults. */
void            bobbin_demo_talk_play  (BobbinDemoTalk *self, const char *steps);
/* SSE: the one turn. */
void            bobbin_demo_talk_chat  (BobbinDemoTalk *self, const BobbinNebelusMessage *message);

/* The answer to @message in one piece, for a client that wants no stream. Returns: (transfer full): JSON. */
char           *bobbin_demo_reply_json (BobbinDemoServer *server, BobbinDemoThread *thread,
                                        const BobbinNebelusMessage *message) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
