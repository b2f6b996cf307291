/* A thread's own, shared by bobbin-thread.c and -labels.c. */
#pragma once

#include "model/bobbin-thread.h"

G_BEGIN_DECLS

struct _BobbinThread
{
  GObject parent_instance;

  gint64 id;
  gint64 account_id;
  char *server_id;
  char *agent_id;
  char *agent_name;
  char *title;
  BobbinTitleOrigin title_origin;
  gint64 created_us;
  gint64 last_used_us;
  gint64 expires_us;
  char *snippet;
  gboolean pinned;
  gboolean archived;
  gint64 deleted_us;
  gboolean unread;
  char *draft;
  gboolean expires_soon;
  BobbinActivity stored_activity;
  BobbinActivity live_activity;
  BobbinActivity shown_activity; /* as last notified */
  char *metadata;
  GArray *labels; /* (nullable) of gint64: ids, none twice, rising */
  BobbinReadingPosition reading_position;
};

void _bobbin_thread_notify_labels (BobbinThread *self);

G_END_DECLS
