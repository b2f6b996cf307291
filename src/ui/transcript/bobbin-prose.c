#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-prose-private.h"

#include "bobbin-table-view.h"
#include "model/bobbin-block.h"

#include <adwaita.h>
#include <string.h>
#include <time.h>

#define SLICE         32768 /* bytes read at one go */
#define BUDGET_US     6000  /* CPU time in which more slices are begun */
#define NATURAL_BYTES 4096 /* a longer text always wants all the width */
#define NATURAL_SURE 4000   /* pixels */
#define FALLBACK_WIDTH 300 /* pixels, when asked for a height without a width */

enum { PROP_BLOCK = 1, PROP_TEXT, N_PROPS };

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (BobbinProse, bobbin_prose, GTK_TYPE_WIDGET)

void
_bobbin_prose_piece_clear (BobbinPiece *piece)
{
  bobbin_flow_clear (&piece->flow);
  g_clear_pointer (&piece->frame, gtk_widget_unparent);
  g_clear_pointer (&piece->slider, gtk_widget_unparent);
  g_clear_pointer (&piece->host, gtk_widget_unparent);
  g_clear_pointer (&piece->table, bobbin_table_unref);
  piece->n_rows = 0;
  g_clear_pointer (&piece->highlight, bobbin_highlight_free);
  g_clear_pointer (&piece->order, g_free);
  piece->colored = 0;
  piece->scroll = 0;
}

static void
piece_clear (gpointer data)
{
  _bobbin_prose_piece_clear (data);
}

const BobbinMarkupBlock *
_bobbin_prose_block (BobbinProse *self,
                     guint        index)
{
  return bobbin_prose_source_get (self->source, index);
}

BobbinFlowText
_bobbin_prose_flow_text (BobbinProse *self,
                         guint        index)
{
  const BobbinMarkupBlock *block = bobbin_prose_source_get (self->source, index);

  return (BobbinFlowText) {
    _bobbin_prose_style (self, index), block, bobbin_markup_block_get_text (block, bobbin_prose_get_text (self, NULL)),
    prose_piece (self, index)->joins,
  };
}

const char *
bobbin_prose_get_text (BobbinProse *self,
                       gsize       *ret_length)
{
  g_return_val_if_fail (BOBBIN_IS_PROSE (self), NULL);

  if (ret_length != NULL)
    *ret_length = self->block != NULL ? bobbin_block_get_length (self->block) : strlen (self->text);

  return self->block != NULL ? bobbin_block_get_text (self->block) : self->text;
}

/* What a piece shows of its block that a layout does not: another kind of block is another piece. */
static void
update_piece (BobbinProse *self,
              guint        index)
{
  const BobbinMarkupBlock *block = _bobbin_prose_block (self, index);
  BobbinPiece *piece = prose_piece (self, index);

  if (piece->kind != block->kind || piece->continues != block->continues || piece->level != block->level)
    {
      if (piece->host != NULL && BOBBIN_IS_TABLE_VIEW (piece->host) && bobbin_table_view_is_fresh (BOBBIN_TABLE_VIEW (piece->host)))
        _bobbin_prose_put_spare (self, g_steal_pointer (&piece->host)); /* half a row may look like text for a moment */
      _bobbin_prose_piece_clear (piece);
      piece->kind = block->kind;
      piece->continues = block->continues;
      piece->level = block->level;
      piece->same = 0;
    }
  if (index < self->n_frozen && block->same != G_MAXUINT)
    self->n_rebuilt++;
  piece->same = MIN (piece->same, block->same);
}

/* All of a card moves when there are numbers beside it, or longer ones. */
static void
set_card_lines (BobbinProse *self,
                guint        head,
                guint        n_lines)
{
  guint before = prose_piece (self, head)->card_lines;

  prose_piece (self, head)->card_lines = n_lines;
  if (_bobbin_prose_count_digits (before) != _bobbin_prose_count_digits (n_lines))
    self->n_placed = MIN (self->n_placed, head);
}

/* Which card a piece is of, and at which of its lines it begins. */
static void
number_cards (BobbinProse *self,
              guint        changed)
{
  const char *text = bobbin_prose_get_text (self, NULL);

  for (guint i = changed > 0 ? changed - 1 : 0; i < self->pieces->len; i++)
    {
      const BobbinMarkupBlock *block = _bobbin_prose_block (self, i);
      BobbinPiece *piece = prose_piece (self, i);
      const BobbinPiece *last = i > 0 ? prose_piece (self, i - 1) : NULL;

      piece->card = last != NULL ? last->card : 0;
      piece->joins = FALSE;
      if (piece->continues && last != NULL)
        {
          const BobbinMarkupBlock *before = _bobbin_prose_block (self, i - 1);

          piece->head = last->head;
          piece->joins = memchr (text + before->end, '\n', block->start - before->end) == NULL;
          piece->first_line = last->first_line + before->n_lines - (piece->joins && before->n_lines > 0 ? 1 : 0);
        }
      else
        {
          piece->head = i;
          piece->card += _bobbin_prose_starts_card (self, i) ? 1 : 0;
          piece->first_line = 0;
        }
      set_card_lines (self, piece->head, piece->first_line + block->n_lines);
    }
}

gint64
_bobbin_prose_cpu_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* Where what is read at one go ends: at a line's end if there is one, else between two characters. */
static gsize
slice_end (const char *text,
           gsize       from,
           gsize       length)
{
  gsize end = from + SLICE;

  if (length - from <= SLICE)
    return length;
  for (gsize i = end; i > end - SLICE / 4; i--)
    if (text[i - 1] == '\n')
      return i;
  while ((text[end] & 0xc0) == 0x80)
    end--;

  return end;
}

/* Pieces outside of [changed, end) are not touched. */
static void
take_blocks (BobbinProse *self,
             guint        changed,
             guint        end)
{
  guint frozen = self->n_frozen;

  for (guint i = changed; i < end; i++)
    update_piece (self, i);
  number_cards (self, changed);
  self->n_frozen = bobbin_prose_source_get_n_frozen (self->source);
  self->n_placed = MIN (self->n_placed, changed > 0 ? changed - 1 : 0); /* the one before may have ended a card */
  if (self->n_frozen > frozen)
    self->n_placed = MIN (self->n_placed, frozen); /* pictures that are finished are loaded */
}

static gboolean
has_more (BobbinProse *self,
          gsize        length)
{
  return self->fed < length || bobbin_prose_source_get_pending (self->source);
}

static void
read_slice (BobbinProse *self,
            const char  *text,
            gsize        length)
{
  gsize end = slice_end (text, MIN (self->fed, length), length);
  guint n_blocks;
  guint changed;

  if (self->fed == length && bobbin_prose_source_get_pending (self->source))
    {
      changed = bobbin_prose_source_resolve (self->source, text, &n_blocks);
      if (changed < n_blocks)
        take_blocks (self, changed, n_blocks);
      return;
    }

  self->fed = end;
  self->final = end == length && (self->block == NULL || bobbin_block_get_state (self->block) != BOBBIN_BLOCK_OPEN);
  changed = bobbin_prose_source_feed (self->source, text, end, self->final);
  n_blocks = bobbin_prose_source_get_n (self->source);

  if (self->pieces->len > n_blocks)
    g_array_set_size (self->pieces, n_blocks);
  while (self->pieces->len < n_blocks)
    {
      const BobbinMarkupBlock *block = _bobbin_prose_block (self, self->pieces->len);
      BobbinPiece piece = { .kind = block->kind, .continues = block->continues, .level = block->level };

      g_array_append_val (self->pieces, piece);
    }
  take_blocks (self, MIN (changed, n_blocks), n_blocks);
}

static gboolean
read_on_cb (gpointer user_data)
{
  BobbinProse *self = user_data;

  self->read_on = 0;
  self->dirty = TRUE;
  _bobbin_prose_sync (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));

  return G_SOURCE_REMOVE;
}

void
_bobbin_prose_read_on (BobbinProse *self)
{
  if (self->read_on == 0)
    self->read_on = g_idle_add (read_on_cb, self);
}

void
_bobbin_prose_sync (BobbinProse *self)
{
  gsize length;
  const char *text = bobbin_prose_get_text (self, &length);
  gint64 started;

  if (!self->dirty && !self->grown)
    return;

  self->dirty = FALSE;
  self->grown = FALSE;
  started = _bobbin_prose_cpu_us ();
  do
    read_slice (self, text, length);
  while (has_more (self, length) && _bobbin_prose_cpu_us () - started < BUDGET_US);

  if (has_more (self, length))
    _bobbin_prose_read_on (self);
}

void
_bobbin_prose_sync_all (BobbinProse *self)
{
  gsize length;
  const char *text = bobbin_prose_get_text (self, &length);

  _bobbin_prose_sync (self);
  while (has_more (self, length))
    read_slice (self, text, length);
  g_clear_handle_id (&self->read_on, g_source_remove);
}

static GtkSizeRequestMode
bobbin_prose_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
bobbin_prose_measure (GtkWidget      *widget,
                      GtkOrientation  orientation,
                      int             for_size,
                      int            *minimum,
                      int            *natural,
                      int            *minimum_baseline,
                      int            *natural_baseline)
{
  BobbinProse *self = BOBBIN_PROSE (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = 1;
      *natural = self->fills ? 1 : MAX (bobbin_prose_get_natural_width (self, G_MAXINT16), 1);
      return;
    }

  _bobbin_prose_place (self, for_size > 0 ? for_size : MAX (self->width, FALLBACK_WIDTH));
  *minimum = *natural = self->height;
}

static void
bobbin_prose_size_allocate (GtkWidget *widget,
                            int        width,
                            int        height,
                            int        baseline)
{
  BobbinProse *self = BOBBIN_PROSE (widget);

  if (self->width != width || self->dirty || self->n_placed < self->pieces->len)
    _bobbin_prose_place (self, width);
  _bobbin_prose_allocate_hosted (self);
  _bobbin_prose_follow_proxies (self);
  gtk_widget_queue_draw (widget);
}

void
_bobbin_prose_text_changed (BobbinProse *self)
{
  if (self->dirty)
    return;

  self->dirty = TRUE;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/* What is being written takes the room that the row has been given for it. */
static void
state_cb (BobbinProse *self)
{
  gtk_widget_set_vexpand (GTK_WIDGET (self), bobbin_block_get_state (self->block) == BOBBIN_BLOCK_OPEN);
  _bobbin_prose_text_changed (self);
}

static void
text_replaced_cb (BobbinProse *self)
{
  bobbin_prose_source_reset (self->source);
  self->n_frozen = 0;
  self->n_placed = 0;
  self->fed = 0;
  g_array_set_size (self->pieces, 0);
  self->sel_from = self->sel_to = 0;
  g_array_set_size (self->matches, 0);
  self->dirty = FALSE;
  _bobbin_prose_text_changed (self);
}

/* The language of a code block may come after its first lines. */
static void
name_changed_cb (BobbinProse *self)
{
  if (bobbin_block_get_kind (self->block) != BOBBIN_BLOCK_CODE)
    return;

  bobbin_prose_source_set_info (self->source, bobbin_block_get_name (self->block));
  text_replaced_cb (self);
}

static void
bobbin_prose_constructed (GObject *object)
{
  BobbinProse *self = BOBBIN_PROSE (object);

  G_OBJECT_CLASS (bobbin_prose_parent_class)->constructed (object);

  if (self->block == NULL)
    return;

  g_signal_connect_object (self->block, "appended", G_CALLBACK (_bobbin_prose_appended), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->block, "notify::state", G_CALLBACK (state_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->block, "text-replaced", G_CALLBACK (text_replaced_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->block, "notify::name", G_CALLBACK (name_changed_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_vexpand (GTK_WIDGET (self), bobbin_block_get_state (self->block) == BOBBIN_BLOCK_OPEN);
}

static void
bobbin_prose_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  BobbinProse *self = BOBBIN_PROSE (object);

  switch (prop_id)
    {
    case PROP_BLOCK:
      self->block = g_value_dup_object (value);
      break;
    case PROP_TEXT:
      self->text = g_value_dup_string (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_prose_dispose (GObject *object)
{
  BobbinProse *self = BOBBIN_PROSE (object);
  GtkWidget *child;

  g_clear_handle_id (&self->read_on, g_source_remove);
  g_clear_handle_id (&self->later, g_source_remove);
  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
  if (self->pieces != NULL)
    g_array_set_size (self->pieces, 0);
  if (self->proxies != NULL)
    g_ptr_array_set_size (self->proxies, 0);
  if (self->links != NULL)
    g_ptr_array_set_size (self->links, 0);
  if (self->spares != NULL)
    g_ptr_array_set_size (self->spares, 0);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (bobbin_prose_parent_class)->dispose (object);
}

static void
bobbin_prose_finalize (GObject *object)
{
  BobbinProse *self = BOBBIN_PROSE (object);

  g_clear_object (&self->block);
  g_clear_pointer (&self->state, bobbin_view_state_unref);
  g_free (self->text);
  g_clear_pointer (&self->source, bobbin_prose_source_free);
  g_array_unref (self->pieces);
  g_ptr_array_unref (self->proxies);
  g_ptr_array_unref (self->links);
  g_ptr_array_unref (self->spares);
  g_free (self->search);
  g_array_unref (self->matches);
  _bobbin_prose_clear_styles (self);
  g_hash_table_unref (self->numbers);

  G_OBJECT_CLASS (bobbin_prose_parent_class)->finalize (object);
}

static void
bobbin_prose_class_init (BobbinProseClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = bobbin_prose_constructed;
  object_class->set_property = bobbin_prose_set_property;
  object_class->dispose = bobbin_prose_dispose;
  object_class->finalize = bobbin_prose_finalize;

  widget_class->get_request_mode = bobbin_prose_get_request_mode;
  widget_class->measure = bobbin_prose_measure;
  widget_class->size_allocate = bobbin_prose_size_allocate;
  widget_class->snapshot = _bobbin_prose_snapshot;

  gtk_widget_class_set_css_name (widget_class, "prose");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);

  props[PROP_BLOCK] =
    g_param_spec_object ("block", NULL, NULL, BOBBIN_TYPE_BLOCK,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  props[PROP_TEXT] =
    g_param_spec_string ("text", NULL, NULL, NULL,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_signal_new ("grew", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, g_signal_accumulator_true_handled, NULL, NULL,
                G_TYPE_BOOLEAN, 0);
}

static void
bobbin_prose_init (BobbinProse *self)
{
  self->pieces = g_array_new (FALSE, TRUE, sizeof (BobbinPiece));
  g_array_set_clear_func (self->pieces, piece_clear);
  self->proxies = g_ptr_array_new ();
  self->links = g_ptr_array_new ();
  self->spares = g_ptr_array_new ();
  self->matches = g_array_new (FALSE, FALSE, sizeof (BobbinTextRange));
  self->numbers = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  self->match = -1;
  self->dirty = TRUE;
  self->width = -1;
  self->vis_top = 0;
  self->vis_bottom = -1;
  self->natural_length = G_MAXSIZE;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "text");
  g_signal_connect_object (adw_style_manager_get_default (), "notify::high-contrast", G_CALLBACK (gtk_widget_queue_draw), self,
                           G_CONNECT_SWAPPED);
  _bobbin_prose_init_links (self);
  _bobbin_prose_init_scroll (self);
}

GtkWidget *
bobbin_prose_new_for_block (BobbinBlock   *block,
                            BobbinGrammar  grammar)
{
  BobbinProse *self = g_object_new (BOBBIN_TYPE_PROSE, "block", block, NULL);

  self->source = bobbin_prose_source_new (grammar, bobbin_block_get_name (block));

  return GTK_WIDGET (self);
}

GtkWidget *
bobbin_prose_new_for_text (const char    *text,
                           BobbinGrammar  grammar,
                           const char    *info)
{
  BobbinProse *self = g_object_new (BOBBIN_TYPE_PROSE, "text", text != NULL ? text : "", NULL);

  self->source = bobbin_prose_source_new (grammar, info);
  self->bare = grammar == BOBBIN_GRAMMAR_BARE;

  return GTK_WIDGET (self);
}

void
bobbin_prose_bind_state (BobbinProse     *self,
                         BobbinViewState *state)
{
  g_return_if_fail (BOBBIN_IS_PROSE (self));
  g_return_if_fail (self->block != NULL);
  g_return_if_fail (self->state == NULL);

  self->state = bobbin_view_state_ref (state);
  self->unwrapped = (guint) bobbin_view_state_get_slot (state, bobbin_block_get_id (self->block), BOBBIN_VIEW_FLAT);
}

void
bobbin_prose_set_fills (BobbinProse *self,
                        gboolean     fills)
{
  g_return_if_fail (BOBBIN_IS_PROSE (self));

  if (self->fills == fills)
    return;

  self->fills = fills;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

BobbinBlock *
bobbin_prose_get_block (BobbinProse *self)
{
  g_return_val_if_fail (BOBBIN_IS_PROSE (self), NULL);

  return self->block;
}

void
bobbin_prose_set_visible_range (BobbinProse *self,
                                int          top,
                                int          bottom)
{
  gsize length;
  int height = self->height;

  g_return_if_fail (BOBBIN_IS_PROSE (self));

  if (self->vis_top == top && self->vis_bottom == bottom)
    return;

  self->vis_top = top;
  self->vis_bottom = MAX (bottom, top + 1);
  bobbin_prose_get_text (self, &length);
  if (self->width > 0 && length > PROSE_SMALL)
    {
      _bobbin_prose_place (self, self->width);
      if (self->height != height)
        {
          gtk_widget_queue_resize (GTK_WIDGET (self));
          return;
        }
    }

  if (self->width > 0 && (MAX (top, 0) < self->drawn_top || MIN (bottom, self->height) > self->drawn_bottom))
    {
      /* at once: the column is in the middle of its allocation, where a request for one would be lost */
      _bobbin_prose_allocate_hosted (self);
      _bobbin_prose_follow_proxies (self);
      gtk_widget_queue_draw (GTK_WIDGET (self));
    }
}

void
bobbin_prose_set_selection (BobbinProse *self,
                            gsize        from,
                            gsize        to)
{
  g_return_if_fail (BOBBIN_IS_PROSE (self));

  if (self->sel_from == from && self->sel_to == to)
    return;

  self->sel_from = from;
  self->sel_to = to;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

guint
bobbin_prose_get_n_layouts (BobbinProse *self)
{
  guint n_layouts = 0;

  g_return_val_if_fail (BOBBIN_IS_PROSE (self), 0);

  for (guint i = 0; i < self->pieces->len; i++)
    n_layouts += prose_piece (self, i)->flow.n_layouts;

  return n_layouts;
}

void
bobbin_prose_set_matches (BobbinProse           *self,
                          const BobbinTextRange *ranges,
                          guint                  n,
                          int                    current)
{
  g_return_if_fail (BOBBIN_IS_PROSE (self));

  if (self->matches->len == n && self->match == current &&
      (n == 0 || memcmp (self->matches->data, ranges, n * sizeof *ranges) == 0))
    return;

  g_array_set_size (self->matches, 0);
  if (n > 0)
    g_array_append_vals (self->matches, ranges, n);
  self->match = current;
  if (current >= 0 && (guint) current < n)
    _bobbin_prose_reveal (self, ranges[current].start);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
bobbin_prose_set_search (BobbinProse *self,
                         const char  *text)
{
  g_return_if_fail (BOBBIN_IS_PROSE (self));

  if (g_strcmp0 (self->search, text) == 0)
    return;

  g_free (self->search);
  self->search = g_strdup (text);
  for (guint i = 0; i < self->pieces->len; i++)
    if (prose_piece (self, i)->host != NULL && BOBBIN_IS_TABLE_VIEW (prose_piece (self, i)->host))
      bobbin_table_view_set_search (BOBBIN_TABLE_VIEW (prose_piece (self, i)->host), text);
}

char *
bobbin_prose_dup_selection (BobbinProse        *self,
                            gsize               from,
                            gsize               to,
                            BobbinMarkupFormat  format)
{
  BobbinMarkupWriter *writer;
  gsize length;
  const char *text = bobbin_prose_get_text (self, &length);

  g_return_val_if_fail (BOBBIN_IS_PROSE (self), NULL);

  _bobbin_prose_sync_all (self);
  writer = bobbin_markup_writer_new (format, text, length, from, to);
  for (guint i = 0; i < self->pieces->len; i++)
    bobbin_markup_writer_add (writer, _bobbin_prose_block (self, i));

  return bobbin_markup_writer_finish (writer);
}

guint
bobbin_prose_get_n_rebuilt (BobbinProse *self)
{
  g_return_val_if_fail (BOBBIN_IS_PROSE (self), 0);

  return self->n_rebuilt;
}

/* Without a line broken; G_MAXINT16: as wide as may be. */
static int
piece_natural_width (BobbinProse *self,
                     guint        index)
{
  BobbinFlowText text = _bobbin_prose_flow_text (self, index);
  g_autoptr(PangoLayout) layout = NULL;
  int width;

  if (prose_piece (self, index)->kind != BOBBIN_MARKUP_PARAGRAPH && prose_piece (self, index)->kind != BOBBIN_MARKUP_HEADING)
    return G_MAXINT16;
  /* wider than any column, whatever its letters */
  if ((gint64) text.block->length * text.style->char_width > (gint64) NATURAL_SURE * PANGO_SCALE && text.block->n_lines <= 1)
    return G_MAXINT16;

  layout = pango_layout_new (text.style->context);
  pango_layout_set_font_description (layout, text.style->font);
  pango_layout_set_text (layout, text.text, (int) text.block->length);
  pango_layout_get_size (layout, &width, NULL);

  return PANGO_PIXELS_CEIL (width) + 1 + _bobbin_prose_indent (self, text.block, text.block->n_boxes);
}

int
bobbin_prose_get_natural_width (BobbinProse *self,
                                int          limit)
{
  gsize length;

  g_return_val_if_fail (BOBBIN_IS_PROSE (self), 0);

  bobbin_prose_get_text (self, &length);
  _bobbin_prose_ensure_styles (self);
  _bobbin_prose_sync (self);

  if (self->natural_length != length)
    {
      self->natural_length = length;
      self->natural_width = length > NATURAL_BYTES ? G_MAXINT16 : 0;
      for (guint i = 0; self->natural_width < G_MAXINT16 && i < self->pieces->len; i++)
        {
          int width = piece_natural_width (self, i);

          self->natural_width = MAX (self->natural_width, width);
        }
    }

  return MIN (self->natural_width, limit);
}
