/* A table as text for other programs. */
#define G_LOG_DOMAIN "bobbin-model"
#include "config.h"
#include "model/bobbin-table-private.h"

#include <string.h>

/* Tabs and line ends would begin another cell: they become spaces. */
static void
append_tsv (GString    *out,
            const char *text)
{
  for (; *text != '\0'; text++)
    g_string_append_c (out, *text == '\t' || *text == '\n' || *text == '\r' ? ' ' : *text);
}

static void
append_csv (GString    *out,
            const char *text)
{
  if (text[strcspn (text, "\",\r\n")] == '\0' && *text != ' ')
    {
      g_string_append (out, text);
      return;
    }
  g_string_append_c (out, '"');
  for (; *text != '\0'; text++)
    {
      if (*text == '"')
        g_string_append_c (out, '"');
      g_string_append_c (out, *text);
    }
  g_string_append_c (out, '"');
}

static void
append_markdown (GString    *out,
                 const char *text,
                 gboolean    is_source)
{
  for (; *text != '\0'; text++)
    {
      if (*text == '\n')
        g_string_append (out, is_source ? " " : "<br>");
      else if (is_source || strchr ("|\\`*_[]<>", *text) == NULL)
        g_string_append_c (out, *text == '\r' ? ' ' : *text);
      else
        g_string_append_printf (out, "\\%c", *text);
    }
}

static void
append_cell (GString           *out,
             BobbinTableFormat  format,
             const BobbinCell  *cell)
{
  const char *text = cell->text != NULL ? cell->text : "";

  switch (format)
    {
    case BOBBIN_TABLE_TSV:
      append_tsv (out, text);
      break;
    case BOBBIN_TABLE_CSV:
      append_csv (out, text);
      break;
    case BOBBIN_TABLE_MARKDOWN:
    default:
      append_markdown (out, cell->source != NULL ? cell->source : text, cell->source != NULL);
      break;
    }
}

static void
append_line (GString           *out,
             const BobbinTable *self,
             BobbinTableFormat  format,
             gboolean           head,
             guint              row)
{
  static const char *const between[] = { "\t", ",", " | " };

  if (format == BOBBIN_TABLE_MARKDOWN)
    g_string_append (out, "| ");
  for (guint i = 0; i < self->n_columns; i++)
    {
      if (i > 0)
        g_string_append (out, between[format]);
      append_cell (out, format, head ? &self->columns[i].cell : _bobbin_table_cell (self, row, i));
    }
  g_string_append (out, format == BOBBIN_TABLE_MARKDOWN ? " |\n" : format == BOBBIN_TABLE_CSV ? "\r\n" : "\n");
}

static void
append_rule (GString           *out,
             const BobbinTable *self)
{
  static const char *const rules[] = { "---", ":---", ":---:", "---:" };

  g_string_append_c (out, '|');
  for (guint i = 0; i < self->n_columns; i++)
    g_string_append_printf (out, " %s |", rules[self->columns[i].align]);
  g_string_append_c (out, '\n');
}

char *
bobbin_table_to_text (const BobbinTable *self,
                      BobbinTableFormat  format,
                      const guint       *order)
{
  GString *out = g_string_new (NULL);

  if (format == BOBBIN_TABLE_MARKDOWN || bobbin_table_has_names (self))
    append_line (out, self, format, TRUE, 0);
  if (format == BOBBIN_TABLE_MARKDOWN)
    append_rule (out, self);
  for (guint i = 0; i < self->n_rows; i++)
    append_line (out, self, format, FALSE, order != NULL ? order[i] : i);

  return g_string_free (out, FALSE);
}
