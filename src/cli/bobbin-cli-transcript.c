#define G_LOG_DOMAIN "bobbin-cli"
#include "config.h"
#include "cli/bobbin-cli-transcript.h"

#include "export/bobbin-export-html.h"
#include "export/bobbin-export-json.h"

static void
append_begin (BobbinExportChunk *out,
              BobbinThread      *thread,
              BobbinAccount     *account,
              BobbinExportFormat format)
{
  g_autofree char *title = bobbin_export_dup_title (thread);

  switch (format)
    {
    case BOBBIN_EXPORT_HTML:
      bobbin_export_html_begin (out, title);
      bobbin_export_html_thread (out, thread, 1);
      break;
    case BOBBIN_EXPORT_JSON:
      bobbin_export_json_thread (out, thread, account);
      break;
    case BOBBIN_EXPORT_MARKDOWN:
    case BOBBIN_EXPORT_TEXT:
    case BOBBIN_EXPORT_N_FORMATS:
    default:
      g_string_append_printf (out->text, "%s%s\n\n", format == BOBBIN_EXPORT_MARKDOWN ? "# " : "", title);
    }
}

static void
append_message (BobbinExportChunk *out,
                BobbinMessage     *message,
                gboolean           first,
                BobbinExportFormat format)
{
  switch (format)
    {
    case BOBBIN_EXPORT_HTML:
      bobbin_export_html_message (out, message, 1, BOBBIN_EXPORT_FILES_PATHS);
      break;
    case BOBBIN_EXPORT_JSON:
      bobbin_export_json_message (out, message, 0, first, BOBBIN_EXPORT_FILES_PATHS);
      break;
    case BOBBIN_EXPORT_MARKDOWN:
    case BOBBIN_EXPORT_TEXT:
    case BOBBIN_EXPORT_N_FORMATS:
    default:
      bobbin_export_append_text (out->text, message, format, BOBBIN_EXPORT_FILES_PATHS);
    }
}

char *
bobbin_cli_thread_to_text (BobbinThread      *thread,
                           BobbinAccount     *account,
                           GPtrArray         *messages,
                           BobbinExportFormat format)
{
  g_autoptr(BobbinExportChunk) out = bobbin_export_chunk_new ();

  append_begin (out, thread, account, format);
  for (guint i = 0; i < messages->len; i++)
    append_message (out, messages->pdata[i], i == 0, format);
  if (format == BOBBIN_EXPORT_HTML)
    bobbin_export_html_end (out);
  else if (format == BOBBIN_EXPORT_JSON)
    bobbin_export_json_end (out, g_get_real_time ());
  else
    g_string_truncate (out->text, out->text->len - 1);

  return g_strdup (out->text->str);
}
