#define G_LOG_DOMAIN "bobbin-export"
#include "config.h"
#include "export/bobbin-export-text.h"

#include "model/bobbin-attachment.h"
#include "model/bobbin-block.h"
#include "util/bobbin-text.h"

#include <glib/gi18n.h>
#include <string.h>

/* A fence longer than any run of back quotes inside. */
static char *
fence (const char *text,
       const char *language)
{
  gsize longest = 2;
  gsize run = 0;
  g_autofree char *ticks = NULL;
  g_autofree char *info = bobbin_text_one_line (language);

  for (const char *p = text; *p != '\0'; p++)
    {
      run = *p == '`' ? run + 1 : 0;
      longest = MAX (longest, run);
    }
  ticks = g_strnfill (longest + 1, '`');
  g_strdelimit (info, "`", '\'');

  return g_strdup_printf ("%s%s\n%s%s%s", ticks, info, text, g_str_has_suffix (text, "\n") ? "" : "\n", ticks);
}

static char *
verbatim (const char        *text,
          const char        *language,
          BobbinExportFormat format)
{
  return format == BOBBIN_EXPORT_MARKDOWN ? fence (text, language) : g_strdup (text);
}

static char *
json_verbatim (const char        *text,
               BobbinExportFormat format)
{
  gboolean is_json = FALSE;
  g_autofree char *pretty = bobbin_export_dup_json (text, &is_json);

  return pretty != NULL ? verbatim (pretty, is_json ? "json" : "", format) : g_strdup ("");
}

static char *
table_to_text (BobbinBlock       *block,
               BobbinExportFormat format)
{
  g_autoptr(BobbinTable) table = bobbin_export_block_to_table (block);
  const char *title = table != NULL ? bobbin_table_get_title (table) : NULL;
  g_autofree char *text = NULL;

  if (table == NULL)
    return json_verbatim (bobbin_block_get_data (block), format);

  text = bobbin_table_to_text (table, BOBBIN_TABLE_MARKDOWN, NULL);
  g_strchomp (text);
  if (title == NULL || *title == '\0')
    return g_steal_pointer (&text);

  return g_strdup_printf (format == BOBBIN_EXPORT_MARKDOWN ? "**%s**\n\n%s" : "%s\n\n%s", title, text);
}

static char *
quote (const char        *text,
       BobbinExportFormat format)
{
  g_auto(GStrv) lines = NULL;
  g_autofree char *joined = NULL;

  if (format != BOBBIN_EXPORT_MARKDOWN || *text == '\0')
    return g_strdup (text);

  lines = g_strsplit (text, "\n", -1);
  joined = g_strjoinv ("\n> ", lines);
  return g_strconcat ("> ", joined, NULL);
}

/* What stands between [ and ]. */
static char *
escape_link_text (const char *text)
{
  GString *out = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++)
    {
      if (strchr ("\\[]*_`<>", *p) != NULL)
        g_string_append_c (out, '\\');
      g_string_append_c (out, *p);
    }

  return g_string_free (out, FALSE);
}

/* (nullable): where a reader of the export finds it. */
static char *
dup_target (BobbinAttachment *attachment,
            BobbinExportFiles files)
{
  g_autofree char *name = NULL;

  switch (files)
    {
    case BOBBIN_EXPORT_FILES_PATHS:
      return g_strdup (bobbin_attachment_get_path (attachment));
    case BOBBIN_EXPORT_FILES_FOLDER:
      name = bobbin_export_dup_file_name (attachment);
      return g_strconcat (BOBBIN_EXPORT_FOLDER "/", name, NULL);
    case BOBBIN_EXPORT_FILES_NAMES:
    case BOBBIN_EXPORT_FILES_INLINE:
    default:
      return NULL;
    }
}

static char *
file_to_text (BobbinBlock       *block,
              BobbinExportFormat format,
              BobbinExportFiles  files)
{
  BobbinAttachment *attachment = bobbin_block_get_attachment (block);
  const char *name = attachment != NULL ? bobbin_attachment_get_name (attachment) : bobbin_block_get_name (block);
  g_autofree char *clean = bobbin_text_clean_name (name != NULL ? name : "");
  g_autofree char *target = attachment != NULL ? dup_target (attachment, files) : NULL;
  g_autofree char *size = attachment != NULL ? bobbin_text_size (bobbin_attachment_get_size (attachment)) : NULL;
  g_autofree char *text = format == BOBBIN_EXPORT_MARKDOWN ? escape_link_text (clean) : g_strdup (clean);
  gboolean as_image = attachment != NULL && bobbin_attachment_is_image (attachment) && files == BOBBIN_EXPORT_FILES_FOLDER;

  if (attachment == NULL)
    return bobbin_block_get_data (block) != NULL ? json_verbatim (bobbin_block_get_data (block), format) : g_steal_pointer (&text);
  if (target == NULL)
    /* Translators: an attached file in an exported conversation: its name, then its size. */
    return g_strdup_printf (_("Attached: %1$s (%2$s)"), text, size);
  if (format == BOBBIN_EXPORT_MARKDOWN)
    return g_strdup_printf ("%s[%s](<%s>)", as_image ? "!" : "", text, target);

  return g_strdup_printf ("%s: %s", text, target);
}

static char *
tool_to_text (BobbinBlock       *block,
              BobbinExportFormat format)
{
  g_autofree char *title = bobbin_export_dup_tool_title (block);
  g_autofree char *arguments = json_verbatim (bobbin_block_get_data (block), format);
  g_autofree char *result = json_verbatim (bobbin_block_get_result (block), format);

  return g_strconcat (title, *arguments != '\0' ? "\n\n" : "", arguments, *result != '\0' ? "\n\n" : "", result, NULL);
}

static char *
approval_to_text (BobbinBlock       *block,
                  BobbinExportFormat format)
{
  g_autofree char *question = bobbin_export_dup_question (block);
  const char *body = bobbin_block_get_result (block) != NULL ? bobbin_block_get_result (block) : bobbin_block_get_data (block);
  g_autofree char *details = json_verbatim (body, format);

  return body != NULL ? g_strdup_printf ("%s\n\n%s", question, details) : g_steal_pointer (&question);
}

char *
bobbin_export_block_to_text (BobbinBlock       *block,
                             BobbinExportFormat format,
                             BobbinExportFiles  files)
{
  const char *name = bobbin_block_get_name (block);

  switch (bobbin_block_get_kind (block))
    {
    case BOBBIN_BLOCK_TEXT:
      return g_strdup (bobbin_block_get_text (block));
    case BOBBIN_BLOCK_THINKING:
      return quote (bobbin_block_get_text (block), format);
    case BOBBIN_BLOCK_CODE:
      return verbatim (bobbin_block_get_text (block), name != NULL ? name : "", format);
    case BOBBIN_BLOCK_TABLE:
    case BOBBIN_BLOCK_CHART:
      return table_to_text (block, format);
    case BOBBIN_BLOCK_TOOL_CALL:
      return tool_to_text (block, format);
    case BOBBIN_BLOCK_JSON:
    case BOBBIN_BLOCK_UNKNOWN:
      return json_verbatim (bobbin_block_get_data (block), format);
    case BOBBIN_BLOCK_SOURCES:
      return bobbin_export_dup_sources (block);
    case BOBBIN_BLOCK_IMAGE:
    case BOBBIN_BLOCK_FILE:
      return file_to_text (block, format, files);
    case BOBBIN_BLOCK_APPROVAL:
      return approval_to_text (block, format);
    case BOBBIN_BLOCK_NOTICE:
      return quote (bobbin_export_notice_words (block), format);
    case BOBBIN_N_BLOCK_KINDS:
    default:
      return g_strdup ("");
    }
}

void
bobbin_export_append_text (GString           *out,
                           BobbinMessage     *message,
                           BobbinExportFormat format,
                           BobbinExportFiles  files)
{
  g_autofree char *heading = bobbin_export_dup_heading (message);

  g_string_append_printf (out, format == BOBBIN_EXPORT_MARKDOWN ? "## %s\n\n" : "[%s]\n", heading);
  for (guint i = 0; i < bobbin_message_get_n_blocks (message); i++)
    {
      g_autofree char *text = bobbin_export_block_to_text (bobbin_message_get_block (message, i), format, files);

      if (*text != '\0')
        g_string_append_printf (out, "%s\n\n", text);
    }
}
