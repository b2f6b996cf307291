#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "dialogs/bobbin-print-items.h"

#include "export/bobbin-export-text.h"
#include "markup/bobbin-markup.h"
#include "model/bobbin-attachment.h"
#include "model/bobbin-block.h"
#include "util/bobbin-text.h"

#include <glib/gi18n.h>
#include <string.h>

#define BODY_PT      10.0
#define SMALL_PT     8.5
#define CODE_PT      8.5
#define TITLE_PT     17.0
#define PARAGRAPH_PT 6.0
#define COLUMN_CHARS 40

static const double heading_pt[] = { 14, 12.5, 11.5, 10.5, 10, 10 };

static void
clear_columns (gpointer data)
{
  BobbinPrintColumns *columns = data;

  g_free (columns->natural);
  g_free (columns->aligns);
}

static void
item_free (gpointer data)
{
  BobbinPrintItem *item = data;

  g_free (item->text);
  g_clear_pointer (&item->attributes, pango_attr_list_unref);
  g_free (item->mark);
  g_strfreev (item->cells);
  if (item->columns != NULL)
    g_rc_box_release_full (item->columns, clear_columns);
  g_free (item->path);
  g_free (item);
}

static BobbinPrintItem *
add_item (GPtrArray       *items,
          BobbinPrintKind  kind,
          const char      *text,
          double           size,
          double           space)
{
  BobbinPrintItem *item = g_new0 (BobbinPrintItem, 1);

  item->kind = kind;
  item->text = g_strdup (text);
  item->size = size;
  item->space = space;
  item->pad_above = kind == BOBBIN_PRINT_CODE;
  item->pad_below = kind == BOBBIN_PRINT_CODE;
  g_ptr_array_add (items, item);

  return item;
}

GPtrArray *
bobbin_print_items_new (const char *title)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (item_free);
  BobbinPrintItem *item = add_item (items, BOBBIN_PRINT_TEXT, title, TITLE_PT, 0);

  item->bold = TRUE;
  item->keep = TRUE;

  return items;
}

/* Text of Markdown */

static void
set_style (BobbinPrintItem *item,
           guint            flags,
           guint            start,
           guint            end)
{
  PangoAttribute *list[8];
  guint n = 0;

  if (flags & BOBBIN_RUN_STRONG)
    list[n++] = pango_attr_weight_new (PANGO_WEIGHT_BOLD);
  if (flags & BOBBIN_RUN_EMPHASIS)
    list[n++] = pango_attr_style_new (PANGO_STYLE_ITALIC);
  if (flags & BOBBIN_RUN_STRIKE)
    list[n++] = pango_attr_strikethrough_new (TRUE);
  if (flags & (BOBBIN_RUN_CODE | BOBBIN_RUN_MATH))
    list[n++] = pango_attr_family_new ("monospace");
  if (flags & BOBBIN_RUN_LINK)
    list[n++] = pango_attr_foreground_new (0x1a1a, 0x5f5f, 0xb4b4);
  if (flags & BOBBIN_RUN_NOTE)
    list[n++] = pango_attr_rise_new (3 * PANGO_SCALE);
  for (guint i = 0; i < n; i++)
    {
      list[i]->start_index = start;
      list[i]->end_index = end;
      pango_attr_list_insert (item->attributes, list[i]);
    }
}

/* [from, to) of what a block draws, with formulas as their source. */
static void
append_runs (BobbinPrintItem         *item,
             GString                 *out,
             const BobbinMarkupBlock *block,
             const char              *text,
             guint                    from,
             guint                    to)
{
  if (item->attributes == NULL)
    item->attributes = pango_attr_list_new ();
  for (guint i = 0; block->runs != NULL && i < block->runs->len; i++)
    {
      const BobbinMarkupRun *run = &g_array_index (block->runs, BobbinMarkupRun, i);
      const char *target = bobbin_markup_block_target (block, run);
      guint start = MAX (run->start, from);
      guint end = MIN (run->end, to);
      gsize at;

      if (start >= end)
        continue;
      g_string_append_len (out, text + from, start - from);
      at = out->len;
      if ((run->flags & BOBBIN_RUN_MATH) && target != NULL)
        g_string_append (out, target);
      else
        g_string_append_len (out, text + start, end - start);
      set_style (item, run->flags, (guint) at, (guint) out->len);
      from = end;
    }
  g_string_append_len (out, text + from, to - from);
}

/* What stands around a block: lists and quotes. */
static void
set_boxes (BobbinPrintItem         *item,
           const BobbinMarkupBlock *block)
{
  for (guint i = 0; i < block->n_boxes; i++)
    {
      const BobbinMarkupBox *box = &block->boxes[i];

      item->indent++;
      if (box->kind == BOBBIN_BOX_QUOTE)
        item->quotes++;
      if (!box->first)
        continue;
      g_free (item->mark);
      if (box->task != 0)
        item->mark = g_strdup (box->task == 'x' ? "☑" : "☐");
      else if (box->kind == BOBBIN_BOX_NUMBER || box->kind == BOBBIN_BOX_NOTE)
        item->mark = g_strdup_printf (box->kind == BOBBIN_BOX_NUMBER ? "%u." : "%u", box->number);
      else
        item->mark = box->kind == BOBBIN_BOX_BULLET ? g_strdup ("•") : NULL;
    }
}

static BobbinPrintColumns *
columns_new (guint n_columns)
{
  BobbinPrintColumns *columns = g_rc_box_new0 (BobbinPrintColumns);

  columns->n_columns = n_columns;
  columns->natural = g_new0 (double, n_columns);
  columns->aligns = g_new0 (PangoAlignment, n_columns);

  return columns;
}

/* Takes @cells. */
static BobbinPrintItem *
add_row (GPtrArray          *items,
         BobbinPrintColumns *columns,
         GStrv               cells,
         gboolean            head)
{
  BobbinPrintItem *item = add_item (items, BOBBIN_PRINT_ROW, NULL, SMALL_PT + 0.5, head ? PARAGRAPH_PT : 0);

  item->columns = g_rc_box_acquire (columns);
  item->cells = cells;
  item->head = head;
  item->keep = head;
  for (guint i = 0; i < columns->n_columns && cells[i] != NULL; i++)
    columns->natural[i] = MAX (columns->natural[i], CLAMP ((double) g_utf8_strlen (cells[i], -1), 3, COLUMN_CHARS));

  return item;
}

static void
add_markup_table (GPtrArray               *items,
                  const BobbinMarkupBlock *block,
                  const char              *text)
{
  BobbinPrintColumns *columns = columns_new (block->n_columns);

  for (guint i = 0; i < MIN (block->n_columns, G_N_ELEMENTS (block->aligns)); i++)
    columns->aligns[i] = block->aligns[i] == 'r' ? PANGO_ALIGN_RIGHT : block->aligns[i] == 'c' ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT;
  for (guint i = 0; i + block->n_columns <= block->cells->len; i += block->n_columns)
    {
      GStrv cells = g_new0 (char *, block->n_columns + 1);

      for (guint column = 0; column < block->n_columns; column++)
        {
          const BobbinMarkupCell *cell = &g_array_index (block->cells, BobbinMarkupCell, i + column);
          BobbinPrintItem plain = { 0 };
          GString *words = g_string_new (NULL);

          append_runs (&plain, words, block, text, cell->start, cell->end);
          g_clear_pointer (&plain.attributes, pango_attr_list_unref);
          cells[column] = g_string_free (words, FALSE);
        }
      add_row (items, columns, cells, i == 0 && !block->continues);
    }
  g_rc_box_release_full (columns, clear_columns);
}

static void
add_markup_block (GPtrArray               *items,
                  const BobbinMarkupBlock *block,
                  const char              *source)
{
  const char *text = bobbin_markup_block_get_text (block, source);
  double space = block->continues ? 0 : block->n_boxes > 0 && !block->loose ? 2 : PARAGRAPH_PT;
  BobbinPrintItem *item;
  GString *words;

  if (block->kind == BOBBIN_MARKUP_TABLE)
    {
      add_markup_table (items, block, text);
      return;
    }

  words = g_string_new (NULL);
  item = add_item (items, block->kind == BOBBIN_MARKUP_RULE ? BOBBIN_PRINT_RULE
                          : block->kind == BOBBIN_MARKUP_CODE ? BOBBIN_PRINT_CODE : BOBBIN_PRINT_TEXT,
                   NULL, block->kind == BOBBIN_MARKUP_CODE ? CODE_PT : BODY_PT, space);
  if (block->continues && items->len > 1)
    {
      item->pad_above = FALSE;
      ((BobbinPrintItem *) items->pdata[items->len - 2])->pad_below = FALSE;
    }
  if (block->kind == BOBBIN_MARKUP_CODE)
    g_string_append_len (words, text, block->length);
  else if (block->kind == BOBBIN_MARKUP_MATH)
    {
      g_string_append (words, block->info);
      item->attributes = pango_attr_list_new ();
      set_style (item, BOBBIN_RUN_MATH, 0, (guint) words->len);
    }
  else
    append_runs (item, words, block, text, 0, block->length);
  if (block->kind == BOBBIN_MARKUP_HEADING)
    {
      item->size = heading_pt[CLAMP (block->level, 1, 6) - 1];
      item->bold = TRUE;
      item->keep = TRUE;
      item->space += PARAGRAPH_PT / 2;
    }
  item->text = g_string_free (words, FALSE);
  if (block->kind == BOBBIN_MARKUP_MATH)
    g_strstrip (item->text);
  set_boxes (item, block);
}

static void
add_markup (GPtrArray   *items,
            BobbinBlock *block)
{
  g_autoptr(BobbinMarkup) document = bobbin_markup_new (BOBBIN_MARKUP_EXTENDED);
  const char *source = bobbin_block_get_text (block);

  bobbin_markup_feed (document, source, bobbin_block_get_length (block), TRUE);
  for (guint i = 0; i < bobbin_markup_get_n (document); i++)
    add_markup_block (items, bobbin_markup_get (document, i), source);
}

/* Blocks */

static void
add_json (GPtrArray  *items,
          const char *text)
{
  g_autofree char *pretty = bobbin_export_dup_json (text, NULL);

  if (pretty != NULL)
    add_item (items, BOBBIN_PRINT_CODE, pretty, CODE_PT, PARAGRAPH_PT);
}

static void
add_note (GPtrArray  *items,
          const char *text)
{
  BobbinPrintItem *item;

  if (text == NULL || *text == '\0')
    return;

  item = add_item (items, BOBBIN_PRINT_TEXT, text, SMALL_PT, PARAGRAPH_PT);
  item->dim = TRUE;
}

static void
add_table (GPtrArray   *items,
           BobbinBlock *block)
{
  g_autoptr(BobbinTable) table = bobbin_export_block_to_table (block);
  guint n_columns = table != NULL ? bobbin_table_get_n_columns (table) : 0;
  BobbinPrintColumns *columns;

  if (n_columns == 0)
    {
      add_json (items, bobbin_block_get_data (block));
      return;
    }

  if (bobbin_table_get_title (table) != NULL)
    {
      BobbinPrintItem *title = add_item (items, BOBBIN_PRINT_TEXT, bobbin_table_get_title (table), BODY_PT, PARAGRAPH_PT);

      title->bold = TRUE;
      title->keep = TRUE;
    }
  columns = columns_new (n_columns);
  for (guint column = 0; column < n_columns; column++)
    columns->aligns[column] = bobbin_table_get_align (table, column) == BOBBIN_ALIGN_END ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT;
  for (guint row = bobbin_table_has_names (table) ? 0 : 1; row <= bobbin_table_get_n_rows (table); row++)
    {
      GStrv cells = g_new0 (char *, n_columns + 1);

      for (guint column = 0; column < n_columns; column++)
        cells[column] = g_strdup (row == 0 ? bobbin_table_get_name (table, column) : bobbin_table_get_text (table, row - 1, column));
      add_row (items, columns, cells, row == 0);
    }
  g_rc_box_release_full (columns, clear_columns);
}

static void
add_file (GPtrArray   *items,
          BobbinBlock *block)
{
  BobbinAttachment *attachment = bobbin_block_get_attachment (block);
  g_autofree char *text = bobbin_export_block_to_text (block, BOBBIN_EXPORT_TEXT, BOBBIN_EXPORT_FILES_NAMES);

  if (attachment != NULL && bobbin_attachment_is_image (attachment) && bobbin_attachment_get_path (attachment) != NULL)
    {
      BobbinPrintItem *item = add_item (items, BOBBIN_PRINT_IMAGE, text, SMALL_PT, PARAGRAPH_PT);

      item->path = g_strdup (bobbin_attachment_get_path (attachment));
      item->dim = TRUE;
      return;
    }

  add_note (items, text);
}

static void
add_tool (GPtrArray   *items,
          BobbinBlock *block)
{
  gboolean asks = bobbin_block_get_kind (block) == BOBBIN_BLOCK_APPROVAL;
  g_autofree char *title = asks ? bobbin_export_dup_question (block) : bobbin_export_dup_tool_title (block);

  add_note (items, title);
  ((BobbinPrintItem *) items->pdata[items->len - 1])->keep = TRUE;
  add_json (items, bobbin_block_get_data (block));
  add_json (items, bobbin_block_get_result (block));
}

static void
add_block (GPtrArray   *items,
           BobbinBlock *block,
           gboolean     typed)
{
  g_autofree char *sources = NULL;

  switch (bobbin_block_get_kind (block))
    {
    case BOBBIN_BLOCK_TEXT:
      if (typed)
        add_item (items, BOBBIN_PRINT_TEXT, bobbin_block_get_text (block), BODY_PT, PARAGRAPH_PT);
      else
        add_markup (items, block);
      break;
    case BOBBIN_BLOCK_THINKING:
      add_note (items, bobbin_block_get_text (block));
      break;
    case BOBBIN_BLOCK_CODE:
      add_item (items, BOBBIN_PRINT_CODE, bobbin_block_get_text (block), CODE_PT, PARAGRAPH_PT);
      break;
    case BOBBIN_BLOCK_TABLE:
    case BOBBIN_BLOCK_CHART:
      add_table (items, block);
      break;
    case BOBBIN_BLOCK_TOOL_CALL:
    case BOBBIN_BLOCK_APPROVAL:
      add_tool (items, block);
      break;
    case BOBBIN_BLOCK_SOURCES:
      sources = bobbin_export_dup_sources (block);
      add_note (items, sources);
      break;
    case BOBBIN_BLOCK_IMAGE:
    case BOBBIN_BLOCK_FILE:
      add_file (items, block);
      break;
    case BOBBIN_BLOCK_NOTICE:
      add_note (items, bobbin_export_notice_words (block));
      break;
    case BOBBIN_BLOCK_JSON:
    case BOBBIN_BLOCK_UNKNOWN:
    case BOBBIN_N_BLOCK_KINDS:
    default:
      add_json (items, bobbin_block_get_data (block));
    }
}

void
bobbin_print_items_add_message (GPtrArray     *items,
                                BobbinMessage *message)
{
  gboolean typed = bobbin_message_get_role (message) == BOBBIN_ROLE_USER;
  g_autofree char *heading = bobbin_export_dup_heading (message);
  BobbinPrintItem *item = add_item (items, BOBBIN_PRINT_TEXT, heading, SMALL_PT, 16);
  guint first = items->len;

  item->dim = TRUE;
  item->keep = TRUE;
  for (guint i = 0; i < bobbin_message_get_n_blocks (message); i++)
    add_block (items, bobbin_message_get_block (message, i), typed);
  for (guint i = first; typed && i < items->len; i++)
    {
      item = items->pdata[i];
      item->tinted = TRUE;
      item->pad_above = item->pad_above || i == first;
      item->pad_below = item->pad_below || i + 1 == items->len;
    }
}
