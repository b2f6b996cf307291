/* The fast path of the Assistants codec: a message delta of one text part without annotations, which is nearly all of a stream. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *message_id;        /* borrowed from the data, not NUL-terminated */
  gsize       message_id_length;
  gint        index;
  char       *text;              /* owned by the caller */
  gsize       length;            /* bytes */
} BobbinAssistantsDelta;

/* @data need not be NUL-terminated. Returns: FALSE, with nothing set, when this is not a plain text delta. */
gboolean bobbin_assistants_scan_delta (const char *data, gsize length, BobbinAssistantsDelta *ret_delta);

G_END_DECLS
