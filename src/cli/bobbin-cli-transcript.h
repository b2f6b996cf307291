/* A conversation as text: what "show" prints, in the forms that "export" writes. */
#pragma once

#include "export/bobbin-export-format.h"
#include "model/bobbin-account.h"

G_BEGIN_DECLS

/* @messages: of BobbinMessage, oldest first; @account: (nullable) */
char *bobbin_cli_thread_to_text (BobbinThread *thread, BobbinAccount *account, GPtrArray *messages, BobbinExportFormat format) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
