/* What a conversation can be written as. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_EXPORT_MARKDOWN,
  BOBBIN_EXPORT_HTML,
  BOBBIN_EXPORT_TEXT,
  BOBBIN_EXPORT_JSON,
  BOBBIN_EXPORT_N_FORMATS
} BobbinExportFormat;

const char *bobbin_export_format_get_extension (BobbinExportFormat format); /* "md", without the dot; also its name on the command line */
/* By extension or name, in either case; FALSE, with nothing written, for anything else. */
gboolean    bobbin_export_format_from_name     (const char *name, BobbinExportFormat *ret_format);

G_END_DECLS
