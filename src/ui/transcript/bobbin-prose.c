#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-prose-private.h"

#include "model/bobbin-block.h"

#include <string.h>

#define NATURAL_BYTES 4096 /* a longer text always wants all the width */
#define FALLBACK_WIDTH 300 /* pixels, when asked for a height without a width */

enum { PROP_BLOCK = 1, PROP_TEXT, N_PROPS };

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (BobbinProse, bobbin_prose, GTK_TYPE_WIDGET)

static void
piece_clear (gpointer data)
{
  BobbinPiece *piece = data;

  bobbin_flow_clear (&piece->flow);
  g_clear_pointer (&piece->card, gtk_widget_unparent);
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

/* Takes in what arrived since the last frame. Pieces before the first changed segment are not touched. */
void
_bobbin_prose_sync (BobbinProse *self)
{
  gsize length;
  const char *text = bobbin_prose_get_text (self, &length);
  guint n_segments;

  if (!self->dirty)
    return;

  self->dirty = FALSE;
  self->final = self->block == NULL || bobbin_block_get_state (self->block) != BOBBIN_BLOCK_OPEN;
  bobbin_segmenter_feed (self->segmenter, text, length, self->final);
  n_segments = bobbin_segmenter_get_n (self->segmenter);

  if (self->pieces->len > n_segments)
    g_array_set_size (self->pieces, n_segments);
  while (self->pieces->len < n_segments)
    {
      BobbinPiece piece = { 0 };

      piece.kind = bobbin_segmenter_get (self->segmenter, self->pieces->len)->kind;
      piece.continues = bobbin_segmenter_get (self->segmenter, self->pieces->len)->continues;
      g_array_append_val (self->pieces, piece);
    }

  /* A last segment that was only half there may have come back as another kind. */
  if (n_segments > 0)
    {
      BobbinPiece *last = prose_piece (self, n_segments - 1);
      const BobbinSegment *segment = bobbin_segmenter_get (self->segmenter, n_segments - 1);

      if (last->kind != segment->kind || last->continues != segment->continues)
        {
          piece_clear (last);
          last->kind = segment->kind;
          last->continues = segment->continues;
        }
    }
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
      *natural = MAX (bobbin_prose_get_natural_width (self, G_MAXINT16), 1);
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

  if (self->width != width || self->dirty)
    _bobbin_prose_place (self, width);
  _bobbin_prose_allocate_cards (self);
  _bobbin_prose_update_proxies (self);
  gtk_widget_queue_draw (widget);
}

static void
text_changed (BobbinProse *self)
{
  if (self->dirty)
    return;

  self->dirty = TRUE;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
text_replaced_cb (BobbinProse *self)
{
  bobbin_segmenter_reset (self->segmenter);
  g_array_set_size (self->pieces, 0);
  self->sel_from = self->sel_to = 0;
  g_clear_pointer (&self->matches, g_array_unref);
  self->dirty = FALSE;
  text_changed (self);
}

/* The language of a code block may come after its first lines. */
static void
name_changed_cb (BobbinProse *self)
{
  if (bobbin_block_get_kind (self->block) != BOBBIN_BLOCK_CODE)
    return;

  bobbin_segmenter_set_info (self->segmenter, bobbin_block_get_name (self->block));
  text_replaced_cb (self);
}

static void
bobbin_prose_constructed (GObject *object)
{
  BobbinProse *self = BOBBIN_PROSE (object);

  G_OBJECT_CLASS (bobbin_prose_parent_class)->constructed (object);

  if (self->block == NULL)
    return;

  g_signal_connect_object (self->block, "appended", G_CALLBACK (text_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->block, "notify::state", G_CALLBACK (text_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->block, "text-replaced", G_CALLBACK (text_replaced_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->block, "notify::name", G_CALLBACK (name_changed_cb), self, G_CONNECT_SWAPPED);
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

  if (self->pieces != NULL)
    g_array_set_size (self->pieces, 0);
  if (self->proxies != NULL)
    g_ptr_array_set_size (self->proxies, 0);
  if (self->links != NULL)
    g_ptr_array_set_size (self->links, 0);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (bobbin_prose_parent_class)->dispose (object);
}

static void
bobbin_prose_finalize (GObject *object)
{
  BobbinProse *self = BOBBIN_PROSE (object);

  g_clear_object (&self->block);
  g_free (self->text);
  bobbin_segmenter_free (self->segmenter);
  g_array_unref (self->pieces);
  g_clear_pointer (&self->matches, g_array_unref);
  g_ptr_array_unref (self->proxies);
  g_ptr_array_unref (self->links);
  g_clear_object (&self->prose_style.context);
  g_clear_pointer (&self->prose_style.attrs, pango_attr_list_unref);
  g_clear_object (&self->code_style.context);
  g_clear_pointer (&self->code_style.font, pango_font_description_free);
  g_clear_pointer (&self->code_style.attrs, pango_attr_list_unref);

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
}

static void
bobbin_prose_init (BobbinProse *self)
{
  self->pieces = g_array_new (FALSE, TRUE, sizeof (BobbinPiece));
  g_array_set_clear_func (self->pieces, piece_clear);
  self->proxies = g_ptr_array_new ();
  self->links = g_ptr_array_new ();
  self->dirty = TRUE;
  self->width = -1;
  self->vis_top = 0;
  self->vis_bottom = -1;
  self->natural_length = G_MAXSIZE;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "text");
  _bobbin_prose_init_links (self);
}

GtkWidget *
bobbin_prose_new_for_block (BobbinBlock *block)
{
  BobbinProse *self = g_object_new (BOBBIN_TYPE_PROSE, "block", block, NULL);
  BobbinGrammar grammar = BOBBIN_GRAMMAR_FENCES;

  if (bobbin_block_get_kind (block) == BOBBIN_BLOCK_CODE)
    grammar = BOBBIN_GRAMMAR_CODE;
  else if (bobbin_block_get_kind (block) == BOBBIN_BLOCK_THINKING)
    grammar = BOBBIN_GRAMMAR_PLAIN;
  self->segmenter = bobbin_segmenter_new (grammar, bobbin_block_get_name (block));

  return GTK_WIDGET (self);
}

GtkWidget *
bobbin_prose_new_for_text (const char    *text,
                           BobbinGrammar  grammar,
                           const char    *info)
{
  BobbinProse *self = g_object_new (BOBBIN_TYPE_PROSE, "text", text != NULL ? text : "", NULL);

  self->segmenter = bobbin_segmenter_new (grammar, info);
  self->bare = grammar == BOBBIN_GRAMMAR_BARE;

  return GTK_WIDGET (self);
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
      _bobbin_prose_allocate_cards (self);
      _bobbin_prose_update_proxies (self);
      gtk_widget_queue_draw (GTK_WIDGET (self));
    }
}

void
bobbin_prose_set_matches (BobbinProse           *self,
                          const BobbinTextRange *ranges,
                          guint                  n,
                          int                    current)
{
  g_return_if_fail (BOBBIN_IS_PROSE (self));

  if (n == 0 && self->matches == NULL)
    return;

  g_clear_pointer (&self->matches, g_array_unref);
  self->current = current;
  if (n > 0)
    {
      self->matches = g_array_sized_new (FALSE, FALSE, sizeof (BobbinTextRange), n);
      g_array_append_vals (self->matches, ranges, n);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
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

int
bobbin_prose_get_natural_width (BobbinProse *self,
                                int          limit)
{
  gsize length;
  const char *text = bobbin_prose_get_text (self, &length);

  g_return_val_if_fail (BOBBIN_IS_PROSE (self), 0);

  _bobbin_prose_ensure_styles (self);
  _bobbin_prose_sync (self);

  if (self->natural_length != length)
    {
      self->natural_length = length;
      self->natural_width = 0;
      for (guint i = 0; length > NATURAL_BYTES || i < self->pieces->len; i++)
        {
          g_autoptr(PangoLayout) layout = NULL;
          const BobbinSegment *segment;
          int width;

          if (length > NATURAL_BYTES || prose_piece (self, i)->kind == BOBBIN_SEGMENT_CODE)
            {
              self->natural_width = G_MAXINT16;
              break;
            }
          segment = bobbin_segmenter_get (self->segmenter, i);
          layout = pango_layout_new (self->prose_style.context);
          pango_layout_set_text (layout, text + segment->start, (int) (segment->end - segment->start));
          pango_layout_get_size (layout, &width, NULL);
          self->natural_width = MAX (self->natural_width, PANGO_PIXELS_CEIL (width) + 1);
        }
    }

  return MIN (self->natural_width, limit);
}
