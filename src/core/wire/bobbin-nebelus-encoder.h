/* Nebelus, client to server: the JSON text of every message (nebelus.md, sections 4, 7 and 8).
 *
 * A turn with files is written in pieces, so that their base64 need never be in memory at once:
 *   prefix, then for each file: attachment prefix, base64 of the bytes, attachment suffix; then suffix.
 * All pieces together are one JSON object: a WebSocket text frame, or the body of the POST. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *text;               /* never empty: see bobbin_nebelus_dup_content() */
  const char *thread_id;          /* (nullable): SSE only, NULL for a new thread */
  guint       n_attachments;
  gboolean    return_context;     /* WebSocket only, as the next two */
  gboolean    return_timing;
  gboolean    return_accumulated;
} BobbinNebelusChat;

/* Section 7: content is never empty. @names: (nullable) file names.
 * Returns: (transfer full): @text, or "Attached: a.csv, b.png" when it is blank. */
char *bobbin_nebelus_dup_content              (const char *text, const char *const *names,
                                               guint n_names) G_GNUC_WARN_UNUSED_RESULT;

char *bobbin_nebelus_encode_ws_prefix         (const BobbinNebelusChat *chat) G_GNUC_WARN_UNUSED_RESULT;
const char *bobbin_nebelus_get_ws_suffix      (const BobbinNebelusChat *chat);
char *bobbin_nebelus_encode_sse_prefix        (const BobbinNebelusChat *chat) G_GNUC_WARN_UNUSED_RESULT;
const char *bobbin_nebelus_get_sse_suffix     (const BobbinNebelusChat *chat);
/* @position: 0 for the first. @content_type: (nullable): application/octet-stream. */
char *bobbin_nebelus_encode_attachment_prefix (guint position, const char *name,
                                               const char *content_type) G_GNUC_WARN_UNUSED_RESULT;
const char *bobbin_nebelus_get_attachment_suffix (void);

typedef enum
{
  BOBBIN_NEBELUS_APPROVE,
  BOBBIN_NEBELUS_REJECT,
  BOBBIN_NEBELUS_EDIT,
} BobbinNebelusVerdict;

typedef struct
{
  BobbinNebelusVerdict  verdict;
  const char           *arguments; /* EDIT: JSON object text */
} BobbinNebelusDecision;

/* Answers a "human_approval" in the shape its content asks for (section 8). @data: (nullable): {"tools":[…]} as
 * in the event;
 * @node_name: (nullable). One decision stands for all tools (an edit for the first, the others are approved);
 * where there are too few, the tools left over are rejected. An edit whose arguments are no JSON object is
 * rejected: nothing runs that nobody approved. */
char *bobbin_nebelus_encode_resume (const char *data, const char *node_name, const BobbinNebelusDecision *decisions,
                                    guint n_decisions) G_GNUC_WARN_UNUSED_RESULT;
const char *bobbin_nebelus_get_cancel (void); /* whole frames */
const char *bobbin_nebelus_get_ping   (void);

G_END_DECLS
