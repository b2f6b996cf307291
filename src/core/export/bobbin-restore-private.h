/* A backup that is being taken over: shared by bobbin-restore.c (what belongs to nobody else: accounts, rules, labels) and
 * bobbin-restore-threads.c (conversations, with their labels and drafts). */
#pragma once

#include "export/bobbin-importer.h"

#include "model/bobbin-account.h"
#include "model/bobbin-draft.h"
#include "store/bobbin-store.h"

G_BEGIN_DECLS

typedef struct
{
  /* given */
  BobbinStore        *store;
  char               *dir;
  BobbinProgressFunc  progress;
  gpointer            progress_data;
  /* owned */
  BobbinStore        *from;
  GPtrArray          *accounts;    /* of here */
  GPtrArray          *labels;      /* of here */
  GPtrArray          *theirs;      /* accounts, rules, then labels of the backup, of which the first at_own are done */
  guint               at_own;
  GHashTable         *mapped;      /* account of theirs → of here, gint64 */
  GHashTable         *named;       /* label of theirs → of here, gint64 */
  GArray             *sizes;
  guint               at_thread;
  BobbinThread       *thread;
  GPtrArray          *messages;
  GArray             *hidden;
  guint               at_message;  /* whose files are taken over */
  guint               at_block;
  guint               at_label;    /* of the conversation, to be given */
  BobbinDraft        *their_draft; /* (nullable) */
  BobbinDraft        *draft;       /* (nullable): what of it is taken over */
  guint               at_file;     /* of their draft */
  BobbinImportSum     sum;
} BobbinRestore;

/* Takes both. */
void _bobbin_restore_fail    (GTask *task, GError *error);
/* All conversations; ends @task, which it takes. */
void _bobbin_restore_threads (GTask *task);

G_END_DECLS
