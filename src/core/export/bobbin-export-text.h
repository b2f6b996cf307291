/* Blocks and messages as Markdown and as plain text, and the words both share with HTML. */
#pragma once

#include "export/bobbin-export-format.h"
#include "model/bobbin-message.h"
#include "model/bobbin-table.h"

G_BEGIN_DECLS

/* What becomes of attached files. */
typedef enum
{
  BOBBIN_EXPORT_FILES_PATHS,  /* where they lie on this computer */
  BOBBIN_EXPORT_FILES_NAMES,  /* name and size */
  BOBBIN_EXPORT_FILES_INLINE, /* HTML, JSON: in the text, base 64 */
  BOBBIN_EXPORT_FILES_FOLDER, /* beside it, in a folder of that name */
} BobbinExportFiles;

#define BOBBIN_EXPORT_FOLDER "files"

/* Everything of @block (and for text its text), without a newline at the end; "" when there is nothing to read. @format: MARKDOWN
 * or TEXT. */
char *bobbin_export_block_to_text (BobbinBlock *block, BobbinExportFormat format, BobbinExportFiles files) G_GNUC_WARN_UNUSED_RESULT;
/* The head and the blocks, each followed by an empty line. */
void  bobbin_export_append_text   (GString *out, BobbinMessage *message, BobbinExportFormat format, BobbinExportFiles files);

/* "You · 2026-01-31 12:00 · stopped" */
char        *bobbin_export_dup_heading    (BobbinMessage *message) G_GNUC_WARN_UNUSED_RESULT;
const char  *bobbin_export_notice_words   (BobbinBlock *block);
char        *bobbin_export_dup_tool_title (BobbinBlock *block) G_GNUC_WARN_UNUSED_RESULT;
char        *bobbin_export_dup_question   (BobbinBlock *block) G_GNUC_WARN_UNUSED_RESULT; /* of an APPROVAL */
/* (nullable): of a TABLE or a CHART whose data is understood. */
BobbinTable *bobbin_export_block_to_table (BobbinBlock *block) G_GNUC_WARN_UNUSED_RESULT;
/* Pretty JSON, or the text as it is; NULL when there is none. @ret_is_json: (nullable) */
char        *bobbin_export_dup_json       (const char *text, gboolean *ret_is_json) G_GNUC_WARN_UNUSED_RESULT;
/* "[1] grit.txt: “…”", one a line. */
char        *bobbin_export_dup_sources    (BobbinBlock *block) G_GNUC_WARN_UNUSED_RESULT;
/* What a file in the folder of an export is called: unique, and fit for every file system. */
char        *bobbin_export_dup_file_name  (BobbinAttachment *attachment) G_GNUC_WARN_UNUSED_RESULT;
/* What the title of a conversation is shown as. */
char        *bobbin_export_dup_title      (BobbinThread *thread) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
