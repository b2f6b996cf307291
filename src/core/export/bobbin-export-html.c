#define G_LOG_DOMAIN "bobbin-export"
#include "config.h"
#include "export/bobbin-export-html.h"

#include "markup/bobbin-markup-write.h"
#include "model/bobbin-attachment.h"
#include "model/bobbin-block.h"
#include "model/bobbin-thread.h"
#include "util/bobbin-text.h"

#include <glib/gi18n.h>
#include <string.h>

static const char head[] =
  "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n"
  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n"
  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
  "<meta name=\"color-scheme\" content=\"light dark\">\n"
  "<title>%s</title>\n<style>\n"
  ":root{color-scheme:light dark;--bg:#fff;--fg:#242424;--dim:#5e5c64;--card:#f4f4f5;--user:#e4f0fd;--line:#d8d8dc;--link:#1a5fb4}\n"
  "@media (prefers-color-scheme:dark){:root{--bg:#1e1e1e;--fg:#f2f2f2;--dim:#b5b5bb;--card:#2b2b2d;--user:#1f3550;--line:#48484d;"
  "--link:#99c1f1}}\n"
  "body{max-width:48em;margin:2em auto;padding:0 1em;background:var(--bg);color:var(--fg);font:1em/1.5 system-ui,sans-serif;"
  "overflow-wrap:anywhere}\n"
  "a{color:var(--link)}h1,h2,h3{line-height:1.25}.who{margin:1.8em 0 .4em;font-size:.9em;font-weight:normal;color:var(--dim)}\n"
  ".user{margin-inline-start:15%%;padding:.1em 1em;border-radius:12px;background:var(--user)}.typed{white-space:pre-wrap}\n"
  "pre{padding:.8em 1em;border-radius:8px;background:var(--card);overflow:auto;white-space:pre}"
  "code{font-family:ui-monospace,monospace;font-size:.92em}\n"
  "table{display:block;overflow:auto;border-collapse:collapse}th,td{border:1px solid var(--line);padding:.3em .7em;text-align:start}"
  "th{background:var(--card)}\n"
  "blockquote{margin-inline:0;padding-inline-start:1em;border-inline-start:3px solid var(--line)}img{max-width:100%%;border-radius:8px}\n"
  "details{margin:.6em 0;padding:.3em .9em;border:1px solid var(--line);border-radius:8px}summary{color:var(--dim);cursor:pointer}\n"
  ".note{color:var(--dim);font-style:italic}hr{border:0;border-top:1px solid var(--line)}\n"
  "@media print{body{margin:0;max-width:none}.user,pre{break-inside:avoid}}\n"
  "</style>\n</head>\n<body>\n";

/* What browsers show without running anything of it. */
static const char *const pictures[] = { "image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/avif", NULL };

static void
append_escaped (GString    *out,
                const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_string_append (out, escaped);
}

static void
append_element (GString    *out,
                const char *open,
                const char *text,
                const char *close)
{
  if (text == NULL || *text == '\0')
    return;

  g_string_append (out, open);
  append_escaped (out, text);
  g_string_append (out, close);
}

static void
append_json (GString    *out,
             const char *text)
{
  g_autofree char *pretty = bobbin_export_dup_json (text, NULL);

  append_element (out, "<pre><code>", pretty, "</code></pre>\n");
}

static void
append_markup (GString    *out,
               const char *text,
               gsize       length)
{
  g_autoptr(BobbinMarkup) document = bobbin_markup_new (BOBBIN_MARKUP_EXTENDED);
  g_autofree char *html = NULL;

  bobbin_markup_feed (document, text, length, TRUE);
  html = bobbin_markup_write (document, BOBBIN_MARKUP_TO_HTML, text, length, 0, length);
  g_string_append (out, html);
}

static void
append_table (GString     *out,
              BobbinBlock *block)
{
  g_autoptr(BobbinTable) table = bobbin_export_block_to_table (block);

  if (table == NULL)
    {
      append_json (out, bobbin_block_get_data (block));
      return;
    }

  append_element (out, "<p><strong>", bobbin_table_get_title (table), "</strong></p>\n");
  g_string_append (out, "<table>\n");
  for (guint row = 0; row <= bobbin_table_get_n_rows (table); row++)
    {
      if (row == 0 && !bobbin_table_has_names (table))
        continue;
      g_string_append (out, "<tr>");
      for (guint column = 0; column < bobbin_table_get_n_columns (table); column++)
        {
          g_string_append (out, row == 0 ? "<th>" : "<td>");
          append_escaped (out, row == 0 ? bobbin_table_get_name (table, column) : bobbin_table_get_text (table, row - 1, column));
          g_string_append (out, row == 0 ? "</th>" : "</td>");
        }
      g_string_append (out, "</tr>\n");
    }
  g_string_append (out, "</table>\n");
}

/* The address of a file: in the page itself, beside it, or where it lies. */
static void
append_address (BobbinExportChunk *out,
                BobbinAttachment  *attachment,
                const char        *type,
                BobbinExportFiles  files)
{
  const char *path = bobbin_attachment_get_path (attachment);
  g_autofree char *name = NULL;
  g_autofree char *escaped = NULL;

  switch (files)
    {
    case BOBBIN_EXPORT_FILES_INLINE:
      g_string_append_printf (out->text, "data:%s;base64,", type);
      bobbin_export_chunk_add_file (out, path);
      break;
    case BOBBIN_EXPORT_FILES_FOLDER:
      name = bobbin_export_dup_file_name (attachment);
      escaped = g_uri_escape_string (name, NULL, FALSE);
      g_string_append_printf (out->text, BOBBIN_EXPORT_FOLDER "/%s", escaped);
      break;
    case BOBBIN_EXPORT_FILES_PATHS:
    case BOBBIN_EXPORT_FILES_NAMES:
    default:
      escaped = g_filename_to_uri (path, NULL, NULL);
      append_escaped (out->text, escaped != NULL ? escaped : "");
    }
}

static void
append_file (BobbinExportChunk *out,
             BobbinBlock       *block,
             BobbinExportFiles  files)
{
  BobbinAttachment *attachment = bobbin_block_get_attachment (block);
  const char *type = attachment != NULL ? bobbin_attachment_get_content_type (attachment) : NULL;
  const char *name = attachment != NULL ? bobbin_attachment_get_shown_name (attachment) : bobbin_block_get_name (block);
  const char *path = attachment != NULL ? bobbin_attachment_get_path (attachment) : NULL;
  g_autofree char *size = attachment != NULL ? bobbin_text_size (bobbin_attachment_get_size (attachment)) : NULL;
  gboolean as_picture = type != NULL && g_strv_contains (pictures, type);

  if (attachment == NULL && bobbin_block_get_data (block) != NULL)
    {
      append_json (out->text, bobbin_block_get_data (block));
      return;
    }
  if (path == NULL || files == BOBBIN_EXPORT_FILES_NAMES || !g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      append_element (out->text, "<p>", name, "</p>\n");
      return;
    }

  if (as_picture)
    {
      g_string_append (out->text, "<p><img alt=\"");
      append_escaped (out->text, name);
      g_string_append (out->text, "\" src=\"");
      append_address (out, attachment, type, files);
      g_string_append (out->text, "\"></p>\n");
      return;
    }

  g_string_append (out->text, "<p>📎 <a download=\"");
  append_escaped (out->text, name);
  g_string_append (out->text, "\" href=\"");
  append_address (out, attachment, "application/octet-stream", files);
  append_element (out->text, "\">", name, "</a>");
  append_element (out->text, " (", size, ")</p>\n");
}

static void
append_details (GString    *out,
                const char *summary,
                const char *first,
                const char *second)
{
  append_element (out, "<details><summary>", summary, "</summary>\n");
  append_json (out, first);
  append_json (out, second);
  g_string_append (out, "</details>\n");
}

static void
append_thinking (GString     *out,
                 BobbinBlock *block)
{
  /* Translators: the head of a folded part: what the agent thought before it answered. */
  append_element (out, "<details><summary>", _("Thinking"), "</summary>\n");
  append_markup (out, bobbin_block_get_text (block), bobbin_block_get_length (block));
  g_string_append (out, "</details>\n");
}

static void
append_tool (GString     *out,
             BobbinBlock *block)
{
  gboolean asks = bobbin_block_get_kind (block) == BOBBIN_BLOCK_APPROVAL;
  g_autofree char *title = asks ? bobbin_export_dup_question (block) : bobbin_export_dup_tool_title (block);

  append_details (out, title, bobbin_block_get_data (block), bobbin_block_get_result (block));
}

static void
append_block (BobbinExportChunk *out,
              BobbinBlock       *block,
              gboolean           typed,
              BobbinExportFiles  files)
{
  g_autofree char *sources = NULL;

  switch (bobbin_block_get_kind (block))
    {
    case BOBBIN_BLOCK_TEXT:
      if (typed)
        append_element (out->text, "<p class=\"typed\">", bobbin_block_get_text (block), "</p>\n");
      else
        append_markup (out->text, bobbin_block_get_text (block), bobbin_block_get_length (block));
      break;
    case BOBBIN_BLOCK_THINKING:
      append_thinking (out->text, block);
      break;
    case BOBBIN_BLOCK_CODE:
      append_element (out->text, "<pre><code>", bobbin_block_get_text (block), "</code></pre>\n");
      break;
    case BOBBIN_BLOCK_TABLE:
    case BOBBIN_BLOCK_CHART:
      append_table (out->text, block);
      break;
    case BOBBIN_BLOCK_TOOL_CALL:
    case BOBBIN_BLOCK_APPROVAL:
      append_tool (out->text, block);
      break;
    case BOBBIN_BLOCK_SOURCES:
      sources = bobbin_export_dup_sources (block);
      append_element (out->text, "<p class=\"typed note\">", sources, "</p>\n");
      break;
    case BOBBIN_BLOCK_IMAGE:
    case BOBBIN_BLOCK_FILE:
      append_file (out, block, files);
      break;
    case BOBBIN_BLOCK_NOTICE:
      append_element (out->text, "<p class=\"note\">", bobbin_export_notice_words (block), "</p>\n");
      break;
    case BOBBIN_BLOCK_JSON:
    case BOBBIN_BLOCK_UNKNOWN:
    case BOBBIN_N_BLOCK_KINDS:
    default:
      append_json (out->text, bobbin_block_get_data (block));
    }
}

void
bobbin_export_html_begin (BobbinExportChunk *out,
                          const char        *title)
{
  g_autofree char *escaped = g_markup_escape_text (title, -1);

  g_string_append_printf (out->text, head, escaped);
}

void
bobbin_export_html_thread (BobbinExportChunk *out,
                           BobbinThread      *thread,
                           guint              level)
{
  g_autofree char *title = bobbin_export_dup_title (thread);
  g_autofree char *escaped = g_markup_escape_text (title, -1);

  g_string_append_printf (out->text, "<h%u dir=\"auto\">%s</h%u>\n", level, escaped, level);
}

void
bobbin_export_html_message (BobbinExportChunk *out,
                            BobbinMessage     *message,
                            guint              level,
                            BobbinExportFiles  files)
{
  gboolean typed = bobbin_message_get_role (message) == BOBBIN_ROLE_USER;
  g_autofree char *heading = bobbin_export_dup_heading (message);
  g_autofree char *escaped = g_markup_escape_text (heading, -1);

  g_string_append_printf (out->text, "<h%u class=\"who\">%s</h%u>\n<div dir=\"auto\" class=\"%s\">\n", level + 1, escaped, level + 1,
                          bobbin_role_get_nick (bobbin_message_get_role (message)));
  for (guint i = 0; i < bobbin_message_get_n_blocks (message); i++)
    append_block (out, bobbin_message_get_block (message, i), typed, files);
  g_string_append (out->text, "</div>\n");
}

void
bobbin_export_html_end (BobbinExportChunk *out)
{
  g_string_append (out->text, "</body>\n</html>\n");
}
