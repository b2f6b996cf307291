/* A conversation as text: what "show" prints, and how "ask" prints the blocks that are no running text. */
#pragma once

#include "bobbin-types.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_CLI_MARKDOWN,
  BOBBIN_CLI_PLAIN,
  BOBBIN_CLI_HTML,
} BobbinCliFormat;

/* Everything of @block (and for text its text), without a newline at the end; "" when there is nothing to read. */
char       *bobbin_cli_block_to_text  (BobbinBlock *block, BobbinCliFormat format) G_GNUC_WARN_UNUSED_RESULT;
/* Adds kind, state and whatever else @block has. */
void        bobbin_cli_fill_block     (JsonObject *object, BobbinBlock *block);
/* Adds the counters that are known. */
void        bobbin_cli_set_usage      (JsonObject *object, BobbinMessage *message);

/* @messages: of BobbinMessage, oldest first */
char       *bobbin_cli_thread_to_text (BobbinThread *thread, GPtrArray *messages, BobbinCliFormat format) G_GNUC_WARN_UNUSED_RESULT;
/* One object: thread, account, agent, title, messages with role, content, timestamp and state, exported_at. */
char       *bobbin_cli_thread_to_json (BobbinThread *thread, const char *account, GPtrArray *messages, gint64 now_us) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
