/* One export, import or backup that runs: shared by bobbin-transfer.c (asking) and bobbin-transfer-run.c (running). */
#pragma once

#include "dialogs/bobbin-progress-dialog.h"
#include "dialogs/bobbin-transfer.h"

G_BEGIN_DECLS

typedef struct
{
  GtkWindow            *parent;
  BobbinLibrary        *library;
  BobbinThread         *thread;     /* (nullable) */
  BobbinThreadPick     *pick;       /* (nullable) */
  BobbinExportFormat    format;
  char                 *path;
  gint64                account_id;
  GCancellable         *cancellable;
  BobbinProgressDialog *progress;   /* (nullable) */
} BobbinTransfer;

BobbinTransfer *_bobbin_transfer_new  (GtkWindow *parent, BobbinLibrary *library) G_GNUC_WARN_UNUSED_RESULT;
void            _bobbin_transfer_free (gpointer self);
/* Each takes @self, whose path is set. */
void            _bobbin_transfer_run_export  (BobbinTransfer *self);
void            _bobbin_transfer_run_import  (BobbinTransfer *self, gboolean restore);
void            _bobbin_transfer_run_back_up (BobbinTransfer *self);

G_END_DECLS
