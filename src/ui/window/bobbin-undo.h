/* One thing that was done to conversations and can be taken back: changes of one or many, a label that was deleted, a title. A window
 * keeps the last of them. */
#pragma once

#include "bobbin-types.h"
#include "session/bobbin-library.h"

G_BEGIN_DECLS

typedef struct
{
  GPtrArray    *changes;   /* of BobbinThreadChanged, in the order they were made */
  BobbinLabel  *label;     /* (nullable) deleted */
  GArray       *holders;   /* of gint64: who had it */
  BobbinThread *thread;    /* (nullable) the one conversation it was done to; kept, so that it can be opened again */
  char         *title;     /* (nullable) the conversation's title before */
  gboolean      opens;     /* taking it back shows @thread */
  guint         serial;    /* names it */
} BobbinUndo;

BobbinUndo *bobbin_undo_new      (void) G_GNUC_WARN_UNUSED_RESULT;
/* As if a change of @thread alone had been made. */
BobbinUndo *bobbin_undo_new_for  (BobbinThread *thread, BobbinThreadChangeKind kind) G_GNUC_WARN_UNUSED_RESULT;
void        bobbin_undo_free     (BobbinUndo *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinUndo, bobbin_undo_free)

G_END_DECLS
