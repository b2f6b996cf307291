/* Nebelus seen from the server: what a client sends, read; what a server says, framed. For the demo agent and
 * the tests. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_NEBELUS_MESSAGE_CHAT,
  BOBBIN_NEBELUS_MESSAGE_RESUME,
  BOBBIN_NEBELUS_MESSAGE_CANCEL,
  BOBBIN_NEBELUS_MESSAGE_PING,
} BobbinNebelusMessageType;

typedef struct
{
  char   *name;
  char   *content_type;
  GBytes *bytes;        /* decoded; NULL when "data" was no base64 */
  char   *sha256;       /* hex, of bytes; NULL with them */
} BobbinNebelusFile;

typedef struct
{
  char     *type;       /* (nullable): approve, reject, edit */
  char     *node_name;  /* (nullable) */
  int       approved;   /* 1, 0, or -1 when absent */
  char     *arguments;  /* (nullable): JSON object text */
} BobbinNebelusAnswer;

typedef struct
{
  BobbinNebelusMessageType type;
  /* CHAT */
  char      *text;                /* never NULL */
  char      *thread_id;           /* (nullable): SSE */
  gboolean   stream;              /* SSE */
  gboolean   return_context;
  gboolean   return_timing;
  gboolean   return_accumulated;
  GPtrArray *files;               /* of BobbinNebelusFile */
  /* RESUME */
  GPtrArray *answers;             /* of BobbinNebelusAnswer */
} BobbinNebelusMessage;

/* @length: bytes, -1 for a C string. Returns: NULL with BOBBIN_ERROR_PROTOCOL. */
BobbinNebelusMessage *bobbin_nebelus_message_new_from_frame (const char *text, gssize length,
                                                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The body of the POST: the last user message counts. */
BobbinNebelusMessage *bobbin_nebelus_message_new_from_body  (const char *text, gssize length,
                                                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
void                  bobbin_nebelus_message_free           (BobbinNebelusMessage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinNebelusMessage, bobbin_nebelus_message_free)

/* @data: JSON object text. */
char *bobbin_nebelus_encode_frame     (const char *name, const char *data) G_GNUC_WARN_UNUSED_RESULT;
char *bobbin_nebelus_encode_sse_block (const char *name, const char *data) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
