/* One conversation read from a file, before it is in the store: the thread, its messages with what hides each, and the files that
 * belong to blocks, which lie in a temporary folder until the store has taken them. Ids are ours where the file has ours, and else
 * made of what the file says, so that reading a file twice gives the same. */
#pragma once

#include "model/bobbin-message.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define BOBBIN_IMPORT_VALUE_MAX (256 * 1024 * 1024) /* bytes of one message, or of one conversation of ChatGPT */
#define BOBBIN_IMPORT_FILE_MAX  (512 * 1024 * 1024) /* bytes of one attached file */

typedef struct
{
  BobbinBlock *block;        /* owned */
  char        *path;         /* in the temporary folder */
  char        *name;
  char        *content_type; /* (nullable) */
} BobbinImportFile;

/* Where conversations go that belong to none of the accounts. */
typedef struct
{
  GPtrArray *accounts;       /* of BobbinAccount */
  gint64     account_id;
} BobbinImportPlace;

typedef struct
{
  BobbinThread *thread;
  GPtrArray    *messages;    /* of BobbinMessage */
  GArray       *hidden;      /* of gint64, one a message */
  GPtrArray    *files;       /* of BobbinImportFile */
  /* while it is read */
  const char   *dir;         /* the temporary folder, borrowed */
  gint64        last_id;
  gint64        last_us;     /* for what has no time: that of what stands before it, at first when the file was written */
  GHashTable   *ids;         /* text of the file → gint64 */
  GPtrArray    *versions;    /* what message i says it is a version of, and what hides it */
  gsize         text_bytes;
} BobbinImportThread;

BobbinImportThread *bobbin_import_thread_new  (const char *dir) G_GNUC_WARN_UNUSED_RESULT;
void                bobbin_import_thread_free (BobbinImportThread *self);
/* @text (nullable), when it is an id of ours and not from the future; else one made of time and text. */
gint64              bobbin_import_make_id            (const char *text, gint64 created_us);
/* The same for a message: it comes after all that were given. */
gint64              bobbin_import_thread_make_id     (BobbinImportThread *self, const char *text, gint64 created_us);
void                bobbin_import_thread_add_message (BobbinImportThread *self, BobbinMessage *message, gint64 hidden);
/* Keeps @length bytes for @block. */
gboolean            bobbin_import_thread_add_file    (BobbinImportThread *self, BobbinBlock *block, const char *name, const char *content_type,
                                                      const void *bytes, gsize length, GError **error);
/* What was sent, written or asked elsewhere is not going on here. */
void                bobbin_import_settle_message     (BobbinMessage *message);
gint64              bobbin_import_clamp_us           (gint64 us);

/* bobbin-import-json.c: @object has the members of a conversation but its messages, which are there already. */
gboolean bobbin_import_json_thread  (BobbinImportThread *self, JsonObject *object, const BobbinImportPlace *place, GError **error);
gboolean bobbin_import_json_message (BobbinImportThread *self, JsonObject *object, GError **error);
/* All is there. */
void     bobbin_import_json_end     (BobbinImportThread *self);
/* bobbin-import-content.c: what agents' servers call a message's content, as blocks. */
void     bobbin_import_add_content  (BobbinImportThread *self, BobbinMessage *message, JsonObject *object);

/* bobbin-import-chatgpt.c: @object is one of conversations.json. Files have a name that begins theirs in the archive, and no path yet. */
gboolean bobbin_import_chatgpt      (BobbinImportThread *self, JsonObject *object, const BobbinImportPlace *place, GError **error);
gboolean bobbin_import_is_chatgpt   (JsonObject *object);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinImportThread, bobbin_import_thread_free)

G_END_DECLS
