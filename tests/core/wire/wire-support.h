/* Events as text, so that a test is a table of input and what comes of it. */
#pragma once

#include "model/bobbin-event.h"
#include "wire/bobbin-nebelus-decoder.h"

G_BEGIN_DECLS

/* One line: the type's nick and every field that is set, in a fixed order. */
char *describe_event  (const BobbinEvent *event);
/* Takes all events of @decoder; each line of @out ends in a newline. */
void  describe_events (BobbinNebelusDecoder *decoder, GString *out);
/* Feeds the WebSocket frames in @frames, one a line, and describes what comes; "! nick" for a frame refused. */
char *decode_frames   (const char *frames, gboolean fast_path);
/* The same frames as an SSE body, and such a body decoded in pieces cut at @split (0: whole). */
char *frames_to_sse   (const char *frames);
char *decode_sse      (const char *body, gsize length, gsize split);

G_END_DECLS
