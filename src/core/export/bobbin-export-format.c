#define G_LOG_DOMAIN "bobbin-export"
#include "config.h"
#include "export/bobbin-export-format.h"

static const struct
{
  const char        *name;
  BobbinExportFormat format;
} names[] = {
  { "md", BOBBIN_EXPORT_MARKDOWN },
  { "html", BOBBIN_EXPORT_HTML },
  { "txt", BOBBIN_EXPORT_TEXT },
  { "json", BOBBIN_EXPORT_JSON },
  { "markdown", BOBBIN_EXPORT_MARKDOWN },
  { "htm", BOBBIN_EXPORT_HTML },
  { "text", BOBBIN_EXPORT_TEXT },
};

const char *
bobbin_export_format_get_extension (BobbinExportFormat format)
{
  g_return_val_if_fail (format < BOBBIN_EXPORT_N_FORMATS, NULL);

  return names[format].name;
}

gboolean
bobbin_export_format_from_name (const char         *name,
                                BobbinExportFormat *ret_format)
{
  for (gsize i = 0; name != NULL && i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (names[i].name, name) == 0)
      {
        *ret_format = names[i].format;
        return TRUE;
      }

  return FALSE;
}
