/* Conversations as JSON: thread, messages with role, content, timestamp and state, exported_at. Everything of the person's is in it,
 * so that reading it (bobbin-import-json.h) gives the same again: the blocks whole, their files, versions that are not shown. Of
 * accounts there is the name and the service alone.
 *
 * What a block has as JSON text stands as a value where writing that value gives the very same text; else "…_text" has the text. */
#pragma once

#include "export/bobbin-export-chunk.h"
#include "export/bobbin-export-text.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Adds kind, state and whatever else @block has. @files: PATHS or NAMES. */
void bobbin_export_fill_block (JsonObject *object, BobbinBlock *block, BobbinExportFiles files);
/* Adds the counters that are known. */
void bobbin_export_set_usage  (JsonObject *object, BobbinMessage *message);

/* {"thread":…, …, "messages":[ ; the messages, the first without a comma; ], "exported_at":…}. @account: (nullable) */
void bobbin_export_json_thread  (BobbinExportChunk *out, BobbinThread *thread, BobbinAccount *account);
/* @hidden: the version it belongs to that is not shown, 0: it is shown. */
void bobbin_export_json_message (BobbinExportChunk *out, BobbinMessage *message, gint64 hidden, gboolean first, BobbinExportFiles files);
void bobbin_export_json_end     (BobbinExportChunk *out, gint64 now_us);

/* Words of the format for what has no nick of its own; reading an unknown word gives FALSE. */
const char *bobbin_export_title_origin_word      (int origin);
gboolean    bobbin_export_title_origin_from_word (const char *word, int *ret_origin);
const char *bobbin_export_certainty_word         (int certainty);
gboolean    bobbin_export_certainty_from_word    (const char *word, int *ret_certainty);

G_END_DECLS
