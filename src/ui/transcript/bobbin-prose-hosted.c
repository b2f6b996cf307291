/* The real widgets in a prose widget: the frames of code, tables, pictures. They exist near the screen only. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-prose-private.h"

#include "bobbin-image-fetcher.h"
#include "bobbin-image-view.h"
#include "bobbin-links.h"
#include "bobbin-save.h"
#include "bobbin-table-view.h"

#include <glib/gi18n.h>

#define ROW_GUESS   34 /* pixels */
#define TABLE_GUESS 60 /* rows shown at most before all are asked for */
#define IMAGE_GUESS 48

gboolean
_bobbin_prose_is_hosted (const BobbinPiece *piece)
{
  return piece->kind == BOBBIN_MARKUP_TABLE || piece->kind == BOBBIN_MARKUP_IMAGE;
}

/* Code */

int
_bobbin_prose_card_bottom (BobbinProse *self,
                           guint        index)
{
  while (!_bobbin_prose_ends_card (self, index))
    index++;

  return prose_piece (self, index)->end;
}

/* Some line of the card does not fit, as far as is known. */
static gboolean
has_long_lines (BobbinProse *self,
                guint        index)
{
  if (_bobbin_prose_is_flat (self, index))
    return TRUE;

  for (;; index++)
    {
      const BobbinPiece *piece = prose_piece (self, index);

      if (bobbin_flow_is_laid (&piece->flow) && piece->flow.n_lines > MAX (piece->n_lines, 1))
        return TRUE;
      if (_bobbin_prose_ends_card (self, index))
        return FALSE;
    }
}

/* (nullable): all the code of a card. */
static char *
dup_card_code (BobbinProse *self,
               GtkWidget   *card)
{
  GString *code;
  guint i = 0;

  while (i < self->pieces->len && prose_piece (self, i)->frame != card)
    i++;
  if (i == self->pieces->len)
    return NULL;

  code = g_string_new (NULL);
  for (;; i++)
    {
      BobbinFlowText text = _bobbin_prose_flow_text (self, i);

      if (code->len > 0 && code->str[code->len - 1] != '\n' && !prose_piece (self, i)->joins)
        g_string_append_c (code, '\n');
      g_string_append_len (code, text.text, text.block->length);
      if (_bobbin_prose_ends_card (self, i))
        return g_string_free (code, FALSE);
    }
}

static void
copy_code_cb (BobbinProse *self,
              GtkWidget   *card)
{
  g_autofree char *code = dup_card_code (self, card);

  if (code == NULL)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), code);
  bobbin_code_card_confirm (BOBBIN_CODE_CARD (card));
}

static void
save_code_cb (BobbinProse *self,
              GtkWidget   *card)
{
  g_autofree char *code = dup_card_code (self, card);
  const char *language = bobbin_code_card_get_language (BOBBIN_CODE_CARD (card));
  g_autofree char *name = NULL;

  if (code == NULL)
    return;
  if (language == NULL || *language == '\0')
    language = bobbin_highlight_guess (code);
  name = bobbin_code_card_dup_file_name (language);
  bobbin_save_text (GTK_WIDGET (self), name, code);
}

static void
wrap_changed_cb (BobbinProse *self,
                 GParamSpec  *pspec,
                 GtkWidget   *card)
{
  for (guint i = 0; i < self->pieces->len; i++)
    if (prose_piece (self, i)->frame == card)
      _bobbin_prose_set_wrap (self, i, bobbin_code_card_get_wrap (BOBBIN_CODE_CARD (card)));
}

static GtkWidget *
take_card (BobbinProse *self,
           const char  *language,
           gboolean     wrap)
{
  GtkWidget *card = _bobbin_prose_take_spare (self, BOBBIN_TYPE_CODE_CARD, GTK_ACCESSIBLE_ROLE_GROUP);

  if (card != NULL)
    {
      bobbin_code_card_set_language (BOBBIN_CODE_CARD (card), language);
      bobbin_code_card_set_wrap (BOBBIN_CODE_CARD (card), wrap);
      return card;
    }

  card = bobbin_code_card_new (language);
  bobbin_code_card_set_wrap (BOBBIN_CODE_CARD (card), wrap);
  g_signal_connect_object (card, "copy", G_CALLBACK (copy_code_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (card, "save", G_CALLBACK (save_code_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (card, "notify::wrap", G_CALLBACK (wrap_changed_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_insert_after (card, GTK_WIDGET (self), NULL);

  return card;
}

/* What the head of a card takes is asked of a real one, before any piece has its place. */
void
_bobbin_prose_ensure_head (BobbinProse *self)
{
  GtkWidget *card;

  if (self->head > 0)
    return;

  card = take_card (self, NULL, TRUE);
  gtk_widget_measure (card, GTK_ORIENTATION_VERTICAL, -1, &self->head, NULL, NULL, NULL);
  _bobbin_prose_put_spare (self, card);
}

static void
allocate_card (BobbinProse *self,
               guint        index,
               int          near_top,
               int          near_bottom)
{
  BobbinPiece *piece = prose_piece (self, index);
  int left = piece->x - piece->gutter - CODE_PAD;
  GtkAllocation area = { left, piece->y - self->head, piece->gutter + piece->width + 2 * CODE_PAD, 0 };

  area.height = _bobbin_prose_card_bottom (self, index) - area.y;
  if (area.y >= near_bottom || area.y + area.height <= near_top)
    {
      if (piece->frame != NULL)
        _bobbin_prose_put_spare (self, g_steal_pointer (&piece->frame));
      return;
    }
  if (piece->frame == NULL)
    piece->frame = take_card (self, _bobbin_prose_block (self, index)->info, !_bobbin_prose_is_flat (self, index));
  bobbin_code_card_set_n_lines (BOBBIN_CODE_CARD (piece->frame), piece->card_lines);
  bobbin_code_card_set_can_wrap (BOBBIN_CODE_CARD (piece->frame), has_long_lines (self, index));
  _bobbin_prose_color_card (self, index, piece->card_lines);
  gtk_widget_measure (piece->frame, GTK_ORIENTATION_VERTICAL, area.width, NULL, NULL, NULL, NULL);
  gtk_widget_size_allocate (piece->frame, &area, -1);
}

/* Tables */

static void
open_tags (GString *out,
           guint    flags)
{
  if (flags & BOBBIN_RUN_STRONG)
    g_string_append (out, "<b>");
  if (flags & BOBBIN_RUN_EMPHASIS)
    g_string_append (out, "<i>");
  if (flags & BOBBIN_RUN_STRIKE)
    g_string_append (out, "<s>");
  if (flags & BOBBIN_RUN_CODE)
    g_string_append (out, "<tt>");
  if (flags & (BOBBIN_RUN_LINK | BOBBIN_RUN_IMAGE))
    g_string_append (out, "<u>");
  if (flags & BOBBIN_RUN_NOTE)
    g_string_append (out, "<sup>");
}

static void
close_tags (GString *out,
            guint    flags)
{
  if (flags & BOBBIN_RUN_NOTE)
    g_string_append (out, "</sup>");
  if (flags & (BOBBIN_RUN_LINK | BOBBIN_RUN_IMAGE))
    g_string_append (out, "</u>");
  if (flags & BOBBIN_RUN_CODE)
    g_string_append (out, "</tt>");
  if (flags & BOBBIN_RUN_STRIKE)
    g_string_append (out, "</s>");
  if (flags & BOBBIN_RUN_EMPHASIS)
    g_string_append (out, "</i>");
  if (flags & BOBBIN_RUN_STRONG)
    g_string_append (out, "</b>");
}

static void
append_escaped (GString    *out,
                const char *text,
                guint       length)
{
  g_autofree char *escaped = g_markup_escape_text (text, length);

  g_string_append (out, escaped);
}

/* (nullable): a cell with its styles as Pango markup. */
static char *
cell_markup (const BobbinFlowText   *text,
             const BobbinMarkupCell *cell)
{
  const GArray *runs = text->block->runs;
  GString *out = NULL;
  guint at = cell->start;

  for (guint i = 0; runs != NULL && i < runs->len; i++)
    {
      const BobbinMarkupRun *run = &g_array_index (runs, BobbinMarkupRun, i);

      if (run->end <= cell->start || run->start >= cell->end)
        continue;
      if (out == NULL)
        out = g_string_new (NULL);
      append_escaped (out, text->text + at, run->start - at);
      open_tags (out, run->flags);
      append_escaped (out, text->text + run->start, run->end - run->start);
      close_tags (out, run->flags);
      at = run->end;
    }
  if (out == NULL)
    return NULL;
  append_escaped (out, text->text + at, cell->end - at);

  return g_string_free (out, FALSE);
}

/* (nullable): the cell as it is written. */
static char *
cell_source (BobbinProse            *self,
             const BobbinFlowText   *text,
             const BobbinMarkupCell *cell)
{
  gsize from = bobbin_markup_block_to_source (text->block, cell->start);
  gsize to = bobbin_markup_block_to_source (text->block, cell->end);
  const char *source = bobbin_prose_get_text (self, NULL);

  if (text->block->runs == NULL || to <= from || to - from > 4096)
    return NULL;
  while (from > text->block->start && strchr ("|\n", source[from - 1]) == NULL)
    from--;
  while (to > from && strchr ("|\n\r \t", source[to - 1]) != NULL)
    to--;
  while (from < to && source[from] == ' ')
    from++;

  return g_strndup (source + from, to - from);
}

static BobbinAlign
cell_align (const BobbinMarkupBlock *block,
            guint                    column)
{
  switch (column < G_N_ELEMENTS (block->aligns) ? block->aligns[column] : 0)
    {
    case 'l':
      return BOBBIN_ALIGN_START;
    case 'c':
      return BOBBIN_ALIGN_CENTER;
    case 'r':
      return BOBBIN_ALIGN_END;
    default:
      return BOBBIN_ALIGN_NONE;
    }
}

static void
fill_cell (BobbinProse *self,
           BobbinTable *table,
           guint        index,
           guint        cell_index,
           gboolean     head,
           guint        row)
{
  BobbinFlowText text = _bobbin_prose_flow_text (self, index);
  const BobbinMarkupCell *cell = &g_array_index (text.block->cells, BobbinMarkupCell, cell_index);
  guint column = cell_index % text.block->n_columns;
  g_autofree char *plain = g_strndup (text.text + cell->start, cell->end - cell->start);
  g_autofree char *markup = cell_markup (&text, cell);
  g_autofree char *source = cell_source (self, &text, cell);

  if (head)
    bobbin_table_set_column (table, column, plain, markup, source, cell_align (text.block, column));
  else
    bobbin_table_set_cell (table, row, column, plain, markup, source);
}

/* Adds the rows that came; the last ones may still grow and are written once more. TRUE: something is new. */
static gboolean
fill_table (BobbinProse *self,
            guint        first)
{
  BobbinPiece *piece = prose_piece (self, first);
  guint n_columns = _bobbin_prose_block (self, first)->n_columns;
  guint row = 0;
  gboolean changed = piece->table == NULL || piece->same != G_MAXUINT;

  if (piece->table == NULL || bobbin_table_get_n_columns (piece->table) != n_columns ||
      (piece->same != G_MAXUINT && piece->same < _bobbin_prose_block (self, first)->length / 2))
    {
      g_clear_pointer (&piece->table, bobbin_table_unref);
      piece->table = bobbin_table_new (n_columns);
      piece->n_rows = 0;
    }

  for (guint i = first; i < self->pieces->len && (i == first || prose_piece (self, i)->continues); i++)
    {
      const BobbinMarkupBlock *block = _bobbin_prose_block (self, i);
      guint n = block->cells->len / MAX (n_columns, 1);

      changed = changed || prose_piece (self, i)->same != G_MAXUINT;
      prose_piece (self, i)->same = G_MAXUINT;
      for (guint k = 0; k < n; k++)
        {
          gboolean head = i == first && k == 0;
          gboolean finished = row + 1 < piece->n_rows;

          if (!head && row >= bobbin_table_get_n_rows (piece->table))
            bobbin_table_add_row (piece->table);
          for (guint c = 0; c < n_columns && !finished && block->n_columns == n_columns; c++)
            fill_cell (self, piece->table, i, k * n_columns + c, head, row);
          if (!head)
            row++;
        }
    }
  piece->n_rows = row;

  return changed;
}

static GtkWidget *
take_table (BobbinProse *self,
            BobbinTable *table)
{
  GtkWidget *view = _bobbin_prose_take_spare (self, BOBBIN_TYPE_TABLE_VIEW, GTK_ACCESSIBLE_ROLE_GROUP);

  if (view != NULL)
    {
      bobbin_table_view_renew (BOBBIN_TABLE_VIEW (view), table);
    }
  else
    {
      view = bobbin_table_view_new (table);
      gtk_widget_insert_before (view, GTK_WIDGET (self), NULL);
    }
  bobbin_table_view_set_search (BOBBIN_TABLE_VIEW (view), self->search);

  return view;
}

/* One that is made while sizes are asked for may turn out to be far from the screen: it is looked at when places are given. */
static void
hold_host (BobbinProse *self,
           guint        index)
{
  self->held_first = MIN (self->held_first, index);
  self->held_last = MAX (self->held_last, index + 1);
}

static int
measure_table (BobbinProse *self,
               guint        index,
               gboolean     near)
{
  BobbinPiece *piece = prose_piece (self, index);
  int height;

  if (piece->continues && index > 0)
    return 0;
  if (!near && piece->host == NULL)
    {
      guint rows = _bobbin_prose_block (self, index)->cells->len / MAX (_bobbin_prose_block (self, index)->n_columns, 1);

      return piece->height > 0 && piece->same == G_MAXUINT ? piece->height : (int) MIN (rows + 1, TABLE_GUESS) * ROW_GUESS;
    }

  if (fill_table (self, index) && piece->host != NULL)
    bobbin_table_view_set_table (BOBBIN_TABLE_VIEW (piece->host), piece->table);
  if (piece->host == NULL)
    piece->host = take_table (self, piece->table);
  hold_host (self, index);
  gtk_widget_measure (piece->host, GTK_ORIENTATION_VERTICAL, piece->width, NULL, &height, NULL, NULL);

  return height;
}

/* Pictures */

static void
picture_clicked_cb (GtkWidget   *button,
                    BobbinProse *self)
{
  for (guint i = 0; i < self->pieces->len; i++)
    {
      BobbinPiece *piece = prose_piece (self, i);

      if (piece->host == button)
        bobbin_prose_popup_link (self, &(GdkRectangle) { piece->x, piece->y, MIN (piece->width, 240), piece->height },
                                 _bobbin_prose_block (self, i)->info);
    }
}

static GtkWidget *
picture_new (BobbinProse *self,
             guint        index)
{
  BobbinFlowText text = _bobbin_prose_flow_text (self, index);
  g_autofree char *alt = g_strndup (text.text, text.block->length);
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *label = gtk_label_new (alt);
  g_autofree char *name = g_strdup_printf (C_("picture in a text", "Picture: %s"), alt);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("bobbin-image-symbolic"));
  gtk_box_append (GTK_BOX (box), label);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (picture_clicked_cb), self, 0);

  return button;
}

/* Nothing that is not finished is loaded: its address may go on. */
static gboolean
is_pending (BobbinProse *self,
            guint        index)
{
  return index >= self->n_frozen && !self->final;
}

static GtkWidget *
image_new (BobbinProse *self,
           guint        index)
{
  BobbinFlowText text = _bobbin_prose_flow_text (self, index);
  g_autofree char *alt = g_strndup (text.text, text.block->length);
  const char *uri = text.block->info != NULL ? text.block->info : "";
  g_autofree char *host = bobbin_image_fetcher_dup_host (uri);

  /* an address that is nowhere to be had is shown, not loaded */
  if (is_pending (self, index) || (host == NULL && !g_str_has_prefix (uri, "data:")))
    return picture_new (self, index);

  return bobbin_image_view_new_for_uri (uri, alt);
}

static int
measure_picture (BobbinProse *self,
                 guint        index,
                 gboolean     near)
{
  BobbinPiece *piece = prose_piece (self, index);
  int height;

  if (piece->same != G_MAXUINT || (piece->pending && !is_pending (self, index)))
    g_clear_pointer (&piece->host, gtk_widget_unparent);
  piece->same = G_MAXUINT;
  piece->pending = is_pending (self, index);
  if (!near && piece->host == NULL)
    return piece->height > 0 ? piece->height : IMAGE_GUESS;
  if (piece->host == NULL)
    {
      piece->host = image_new (self, index);
      gtk_widget_insert_before (piece->host, GTK_WIDGET (self), NULL);
    }
  gtk_widget_measure (piece->host, GTK_ORIENTATION_VERTICAL, piece->width, NULL, &height, NULL, NULL);

  return height;
}

int
_bobbin_prose_measure_host (BobbinProse *self,
                            guint        index,
                            gboolean     near,
                            gboolean     exactly)
{
  BobbinPiece *piece = prose_piece (self, index);
  gboolean known = piece->height > 0 && piece->same == G_MAXUINT && piece->measured == piece->width;

  near = near || (exactly && !known);
  if (near)
    piece->measured = piece->width;
  if (piece->kind == BOBBIN_MARKUP_TABLE)
    return measure_table (self, index, near);

  return measure_picture (self, index, near);
}

static void
allocate_host (BobbinProse *self,
               guint        index,
               int          near_top,
               int          near_bottom)
{
  BobbinPiece *piece = prose_piece (self, index);
  GtkAllocation area = { piece->x, piece->y, piece->width, piece->height };
  gboolean near = area.y < near_bottom && area.y + area.height > near_top;
  gboolean rtl = piece->kind == BOBBIN_MARKUP_TABLE ? gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL : piece->rtl;
  int natural;

  if (near && piece->host == NULL && !(piece->kind == BOBBIN_MARKUP_TABLE && piece->continues && index > 0))
    _bobbin_prose_measure_host (self, index, TRUE, TRUE);
  if (piece->host == NULL)
    return;

  if (!near && BOBBIN_IS_TABLE_VIEW (piece->host) && bobbin_table_view_is_fresh (BOBBIN_TABLE_VIEW (piece->host)))
    {
      _bobbin_prose_put_spare (self, g_steal_pointer (&piece->host));
      return;
    }
  gtk_widget_set_child_visible (piece->host, near);
  if (!near)
    return;

  if (piece->kind == BOBBIN_MARKUP_TABLE)
    {
      const BobbinMarkupBlock *block = _bobbin_prose_block (self, index);

      if (self->vis_bottom > self->vis_top)
        bobbin_table_view_set_visible_range (BOBBIN_TABLE_VIEW (piece->host), self->vis_top - piece->y,
                                             self->vis_bottom - piece->y);
      bobbin_table_view_set_selected (BOBBIN_TABLE_VIEW (piece->host),
                                      self->sel_from < self->sel_to && self->sel_from < block->end &&
                                      self->sel_to > block->start);
    }
  gtk_widget_measure (piece->host, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
  natural = CLAMP (natural, 1, area.width);
  area.x += rtl ? area.width - natural : 0;
  area.width = natural;
  /* a table makes its cells when it is given its place, and what is new in it asks for a place again: one without cannot be drawn */
  for (guint i = 0; i < 2; i++)
    {
      gtk_widget_measure (piece->host, GTK_ORIENTATION_VERTICAL, area.width, NULL, NULL, NULL, NULL);
      gtk_widget_size_allocate (piece->host, &area, -1);
    }
}

/* Cards and hosted widgets near the screen exist, others do not. */
void
_bobbin_prose_allocate_hosted (BobbinProse *self)
{
  int near_top;
  int near_bottom;
  guint first;
  guint last;
  guint from;
  guint to;

  _bobbin_prose_near (self, &near_top, &near_bottom);
  _bobbin_prose_pieces_in (self, near_top, near_bottom, &first, &last);

  /* those that were near the last time may have to be given up */
  from = MIN (first, self->held_first);
  to = MIN (MAX (last, self->held_last), self->pieces->len);
  for (guint i = from; i < to; i++)
    if (_bobbin_prose_starts_card (self, i))
      allocate_card (self, i, near_top, near_bottom);
    else if (_bobbin_prose_is_hosted (prose_piece (self, i)))
      allocate_host (self, i, near_top, near_bottom);
  _bobbin_prose_allocate_sliders (self, from, to, near_top, near_bottom);
  self->held_first = first;
  self->held_last = last;
}
