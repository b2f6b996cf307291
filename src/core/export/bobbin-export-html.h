/* A conversation as one HTML file that needs nothing else: no script, nothing is loaded from anywhere, pictures and files inside,
 * a style sheet for light and dark. What agents and people wrote is escaped. */
#pragma once

#include "export/bobbin-export-chunk.h"
#include "export/bobbin-export-text.h"

G_BEGIN_DECLS

void bobbin_export_html_begin   (BobbinExportChunk *out, const char *title);
/* The head of one conversation. @level: 1, or 2 where several are in one file. */
void bobbin_export_html_thread  (BobbinExportChunk *out, BobbinThread *thread, guint level);
void bobbin_export_html_message (BobbinExportChunk *out, BobbinMessage *message, guint level, BobbinExportFiles files);
void bobbin_export_html_end     (BobbinExportChunk *out);

G_END_DECLS
