#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-copy.h"

#include "bobbin-links.h"
#include "bobbin-sources-view.h"

#include "markup/bobbin-markup-write.h"
#include "model/bobbin-attachment.h"
#include "model/bobbin-block.h"
#include "model/bobbin-chart.h"
#include "model/bobbin-message.h"
#include "model/bobbin-table.h"
#include "util/bobbin-json.h"

#include <glib/gi18n.h>
#include <string.h>

BobbinCopy *
bobbin_copy_new (void)
{
  BobbinCopy *self = g_new0 (BobbinCopy, 1);

  self->text = g_string_new (NULL);
  self->markdown = g_string_new (NULL);
  self->html = g_string_new (NULL);

  return self;
}

void
bobbin_copy_free (BobbinCopy *self)
{
  if (self == NULL)
    return;

  g_string_free (self->text, TRUE);
  g_string_free (self->markdown, TRUE);
  g_string_free (self->html, TRUE);
  g_free (self);
}

static void
separate (BobbinCopy *self)
{
  if (self->text->len > 0)
    g_string_append (self->text, "\n\n");
  if (self->markdown->len > 0)
    g_string_append (self->markdown, "\n\n");
  if (self->html->len > 0)
    g_string_append_c (self->html, '\n');
}

static void
add_html (BobbinCopy *self,
          const char *open,
          const char *text,
          const char *close)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_string_append_printf (self->html, "%s%s%s", open, escaped, close);
}

/* A fence longer than any run of backticks in the code. */
static void
add_code (BobbinCopy *self,
          const char *code,
          const char *language)
{
  gsize length = strlen (code);
  gsize longest = 2;
  gsize run = 0;
  g_autofree char *fence = NULL;

  if (*code == '\0')
    return;

  for (const char *p = code; *p != '\0'; p++)
    {
      run = *p == '`' ? run + 1 : 0;
      longest = MAX (longest, run);
    }
  fence = g_strnfill (longest + 1, '`');
  separate (self);
  g_string_append (self->text, code);
  g_string_append_printf (self->markdown, "%s%s\n%s%s%s", fence, language != NULL ? language : "", code,
                          code[length - 1] == '\n' ? "" : "\n", fence);
  add_html (self, "<pre><code>", code, "</code></pre>");
}

static void
add_json (BobbinCopy *self,
          const char *data)
{
  g_autoptr(JsonNode) node = data != NULL ? bobbin_json_parse (data, -1, NULL) : NULL;
  g_autofree char *pretty = node != NULL ? bobbin_json_to_text (node, TRUE) : g_strdup (data);

  if (pretty != NULL)
    add_code (self, pretty, node != NULL ? "json" : NULL);
}

static void
add_heading (BobbinCopy *self,
             const char *words)
{
  if (words == NULL || *words == '\0')
    return;

  separate (self);
  g_string_append (self->text, words);
  g_string_append_printf (self->markdown, "**%s**", words);
  add_html (self, "<p><strong>", words, "</strong></p>");
}

/* Paragraphs of running text as HTML: what is between blank lines. */
static void
add_paragraphs (BobbinCopy *self,
                const char *text)
{
  g_auto(GStrv) parts = g_strsplit (text, "\n\n", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      g_autofree char *escaped = g_markup_escape_text (g_strstrip (parts[i]), -1);
      g_auto(GStrv) lines = g_strsplit (escaped, "\n", -1);
      g_autofree char *joined = g_strjoinv ("<br>\n", lines);

      if (*joined != '\0')
        g_string_append_printf (self->html, "<p>%s</p>\n", joined);
    }
}

static void
add_forms (BobbinCopy *self,
           const char *text,
           const char *markdown,
           const char *html)
{
  separate (self);
  g_string_append (self->text, text);
  g_string_append (self->markdown, markdown);
  g_string_append (self->html, html);
}

/* As it was typed. */
static void
add_typed (BobbinCopy  *self,
           BobbinBlock *block,
           gsize        from,
           gsize        to)
{
  g_autofree char *part = g_strndup (bobbin_block_get_text (block) + from, to - from);

  separate (self);
  g_string_append (self->text, part);
  g_string_append (self->markdown, part);
  add_paragraphs (self, part);
}

/* As it reads: what an agent writes is Markdown, what the user types is not. */
static void
add_text (BobbinCopy    *self,
          BobbinMessage *message,
          BobbinBlock   *block,
          gsize          from,
          gsize          to)
{
  gsize length = bobbin_block_get_length (block);
  const char *source = bobbin_block_get_text (block);
  g_autoptr(BobbinMarkup) document = NULL;
  g_autofree char *text = NULL;
  g_autofree char *markdown = NULL;
  g_autofree char *html = NULL;

  to = MIN (to, length);
  if (from >= to)
    return;
  if (bobbin_message_get_role (message) == BOBBIN_ROLE_USER)
    {
      add_typed (self, block, from, to);
      return;
    }

  document = bobbin_markup_new (BOBBIN_MARKUP_EXTENDED);
  bobbin_markup_feed (document, source, length, TRUE);
  text = bobbin_markup_write (document, BOBBIN_MARKUP_TO_TEXT, source, length, from, to);
  markdown = bobbin_markup_write (document, BOBBIN_MARKUP_TO_MARKDOWN, source, length, from, to);
  html = bobbin_markup_write (document, BOBBIN_MARKUP_TO_HTML, source, length, from, to);
  add_forms (self, text, markdown, html);
}

void
bobbin_copy_add_prose (BobbinCopy  *self,
                       BobbinProse *prose,
                       gsize        from,
                       gsize        to)
{
  g_autofree char *text = bobbin_prose_dup_selection (prose, from, to, BOBBIN_MARKUP_TO_TEXT);
  g_autofree char *markdown = bobbin_prose_dup_selection (prose, from, to, BOBBIN_MARKUP_TO_MARKDOWN);
  g_autofree char *html = bobbin_prose_dup_selection (prose, from, to, BOBBIN_MARKUP_TO_HTML);

  add_forms (self, text, markdown, html);
}

/* "[name](<address>)" and so on. */
static void
append_markdown_link (GString    *out,
                      const char *name,
                      const char *url)
{
  g_string_append_c (out, '[');
  for (const char *p = name; *p != '\0'; p++)
    {
      if (strchr ("\\[]*_`<>", *p) != NULL)
        g_string_append_c (out, '\\');
      g_string_append_c (out, *p);
    }
  g_string_append_printf (out, "](<%s>)", url);
}

static void
add_link (BobbinCopy *self,
          const char *name,
          const char *url,
          gboolean    image)
{
  g_autofree char *safe = g_markup_escape_text (url, -1);
  g_autofree char *words = g_markup_escape_text (name, -1);

  separate (self);
  g_string_append (self->text, url);
  g_string_append (self->markdown, image ? "!" : "");
  append_markdown_link (self->markdown, name, url);
  g_string_append_printf (self->html, image ? "<p><img src=\"%s\" alt=\"%s\"></p>" : "<p><a href=\"%s\">%s</a></p>", safe, words);
}

static void
add_source (BobbinCopy *self,
            JsonObject *source,
            guint       number)
{
  g_autofree char *title = bobbin_sources_dup_title (source);
  g_autofree char *words = g_markup_escape_text (title, -1);
  const char *url = bobbin_json_get_string (source, "url");

  if (url == NULL || !bobbin_links_is_safe (url))
    {
      g_string_append_printf (self->text, "\n[%u] %s", number, title);
      g_string_append_printf (self->markdown, "\n%u. %s", number, title);
      g_string_append_printf (self->html, "<li value=\"%u\">%s</li>\n", number, words);
    }
  else
    {
      g_autofree char *safe = g_markup_escape_text (url, -1);

      g_string_append_printf (self->text, strcmp (title, url) == 0 ? "\n[%u] %s" : "\n[%u] %s, %s", number, title, url);
      g_string_append_printf (self->markdown, "\n%u. ", number);
      append_markdown_link (self->markdown, title, url);
      g_string_append_printf (self->html, "<li value=\"%u\"><a href=\"%s\">%s</a></li>\n", number, safe, words);
    }
}

static void
add_sources (BobbinCopy *self,
             const char *data)
{
  g_autoptr(JsonObject) object = data != NULL ? bobbin_json_parse_object (data, -1, NULL) : NULL;
  JsonArray *sources = object != NULL ? bobbin_json_get_array (object, "sources") : NULL;
  guint number = 0;

  if (sources == NULL)
    {
      add_json (self, data);
      return;
    }

  add_heading (self, _("Sources"));
  g_string_append_c (self->markdown, '\n');
  g_string_append (self->html, "\n<ol>\n");
  for (guint i = 0; i < json_array_get_length (sources); i++)
    {
      JsonNode *node = json_array_get_element (sources, i);

      /* one that is none has a number too: the text refers to it */
      number++;
      if (JSON_NODE_HOLDS_OBJECT (node))
        add_source (self, json_node_get_object (node), number);
    }
  g_string_append (self->html, "</ol>");
}

static void
add_file (BobbinCopy  *self,
          BobbinBlock *block)
{
  BobbinAttachment *attachment = bobbin_block_get_attachment (block);
  const char *name = attachment != NULL ? bobbin_attachment_get_name (attachment) : bobbin_block_get_name (block);
  const char *data = bobbin_block_get_data (block);
  g_autoptr(JsonObject) object = data != NULL ? bobbin_json_parse_object (data, -1, NULL) : NULL;
  const char *url = object != NULL ? bobbin_json_get_string (object, "url") : NULL;

  if (attachment == NULL && url != NULL && bobbin_links_is_safe (url))
    {
      add_link (self, name != NULL && *name != '\0' ? name : url, url, bobbin_block_get_kind (block) == BOBBIN_BLOCK_IMAGE);
      return;
    }
  if (name == NULL)
    return;

  separate (self);
  g_string_append (self->text, name);
  g_string_append_printf (self->markdown, "`%s`", name);
  add_html (self, "<p>", name, "</p>");
}

static void
add_html_row (BobbinCopy        *self,
              const BobbinTable *table,
              gint64             row)
{
  const char *tag = row < 0 ? "th" : "td";

  g_string_append (self->html, "<tr>");
  for (guint i = 0; i < bobbin_table_get_n_columns (table); i++)
    {
      const char *cell = row < 0 ? bobbin_table_get_name (table, i) : bobbin_table_get_text (table, (guint) row, i);
      g_autofree char *escaped = g_markup_escape_text (cell, -1);

      g_string_append_printf (self->html, "<%s>%s</%s>", tag, escaped, tag);
    }
  g_string_append (self->html, "</tr>\n");
}

static void
add_table (BobbinCopy        *self,
           const BobbinTable *table)
{
  g_autofree char *text = bobbin_table_to_text (table, BOBBIN_TABLE_TSV, NULL);
  g_autofree char *markdown = bobbin_table_to_text (table, BOBBIN_TABLE_MARKDOWN, NULL);

  separate (self);
  g_string_append (self->text, text);
  g_string_append (self->markdown, markdown);
  g_string_append (self->html, "<table>\n");
  if (bobbin_table_has_names (table))
    add_html_row (self, table, -1);
  for (guint i = 0; i < bobbin_table_get_n_rows (table); i++)
    add_html_row (self, table, i);
  g_string_append (self->html, "</table>");
}

/* A table, or a chart as the numbers behind it; what is neither as its JSON. */
static void
add_numbers (BobbinCopy  *self,
             BobbinBlock *block)
{
  const char *data = bobbin_block_get_data (block);
  g_autoptr(BobbinJsonIndex) json = data != NULL ? bobbin_json_index_new (data, -1, NULL) : NULL;
  g_autoptr(BobbinTable) table = NULL;
  g_autoptr(BobbinChart) chart = NULL;

  if (json != NULL && bobbin_block_get_kind (block) == BOBBIN_BLOCK_CHART)
    chart = bobbin_chart_new_from_json (json);
  else if (json != NULL)
    table = bobbin_table_new_from_json (json);
  if (chart != NULL)
    {
      add_heading (self, bobbin_chart_get_title (chart));
      table = bobbin_chart_to_table (chart);
    }
  if (table == NULL)
    {
      add_json (self, data);
      return;
    }

  if (chart == NULL)
    add_heading (self, bobbin_table_get_title (table));
  add_table (self, table);
}

void
bobbin_copy_add_block (BobbinCopy    *self,
                       BobbinMessage *message,
                       BobbinBlock   *block,
                       gsize          from,
                       gsize          to)
{
  g_autofree char *part = NULL;

  switch (bobbin_block_get_kind (block))
    {
    case BOBBIN_BLOCK_TEXT:
    case BOBBIN_BLOCK_THINKING:
      add_text (self, message, block, from, to);
      break;
    case BOBBIN_BLOCK_CODE:
      to = MIN (to, bobbin_block_get_length (block));
      part = g_strndup (bobbin_block_get_text (block) + MIN (from, to), to - MIN (from, to));
      add_code (self, part, bobbin_block_get_name (block));
      break;
    case BOBBIN_BLOCK_TOOL_CALL:
      add_heading (self, bobbin_block_get_name (block));
      add_json (self, bobbin_block_get_data (block));
      add_json (self, bobbin_block_get_result (block));
      break;
    case BOBBIN_BLOCK_APPROVAL:
      add_text (self, message, block, 0, G_MAXSIZE);
      add_json (self, bobbin_block_get_data (block));
      break;
    case BOBBIN_BLOCK_IMAGE:
    case BOBBIN_BLOCK_FILE:
      add_file (self, block);
      break;
    case BOBBIN_BLOCK_NOTICE:
      break;
    case BOBBIN_BLOCK_TABLE:
    case BOBBIN_BLOCK_CHART:
      add_numbers (self, block);
      break;
    case BOBBIN_BLOCK_SOURCES:
      add_sources (self, bobbin_block_get_data (block));
      break;
    case BOBBIN_BLOCK_JSON:
    case BOBBIN_BLOCK_UNKNOWN:
    case BOBBIN_N_BLOCK_KINDS:
    default:
      add_json (self, bobbin_block_get_data (block));
      break;
    }
}

void
bobbin_copy_add_message (BobbinCopy    *self,
                         BobbinMessage *message)
{
  for (guint i = 0; i < bobbin_message_get_n_blocks (message); i++)
    {
      BobbinBlock *block = bobbin_message_get_block (message, i);

      if (bobbin_block_get_kind (block) != BOBBIN_BLOCK_THINKING)
        bobbin_copy_add_block (self, message, block, 0, G_MAXSIZE);
    }
}

gboolean
bobbin_copy_is_empty (BobbinCopy *self)
{
  return self->text->len == 0;
}

static GdkContentProvider *
provide (const char *type,
         GString    *string)
{
  g_autoptr(GBytes) bytes = g_bytes_new (string->str, string->len);

  return gdk_content_provider_new_for_bytes (type, bytes);
}

GdkContentProvider *
bobbin_copy_to_content (BobbinCopy *self)
{
  GdkContentProvider *forms[] = {
    gdk_content_provider_new_typed (G_TYPE_STRING, self->text->str),
    provide ("text/html", self->html),
    provide ("text/markdown", self->markdown),
  };

  return gdk_content_provider_new_union (forms, G_N_ELEMENTS (forms));
}
