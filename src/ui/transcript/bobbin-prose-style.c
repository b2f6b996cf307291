/* The fonts of a prose widget. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-prose-private.h"

#include "bobbin-flow-math.h"

#define LINE_FACTOR 1.25
#define HEAD_FACTOR 1.15
#define CODE_FACTOR 1.2
#define CODE_SCALE  0.92
#define NOTE_SCALE  0.9

static const double head_scales[] = { 1.55, 1.32, 1.16, 1.06, 1.0, 0.92 };

static void
style_clear (BobbinFlowStyle *style)
{
  g_clear_object (&style->context);
  g_clear_pointer (&style->font, pango_font_description_free);
  g_clear_pointer (&style->attrs, pango_attr_list_unref);
  g_clear_pointer (&style->formulas, g_hash_table_unref);
}

void
_bobbin_prose_clear_styles (BobbinProse *self)
{
  for (guint i = 0; i < PROSE_N_STYLES; i++)
    style_clear (&self->styles[i]);
  g_clear_object (&self->code_context);
  g_hash_table_remove_all (self->numbers);
}

static void
style_make (BobbinFlowStyle *style,
            PangoContext    *context,
            double           scale,
            double           factor)
{
  const PangoFontDescription *font = pango_context_get_font_description (context);
  int size = pango_font_description_get_size (font);
  PangoFontMetrics *metrics;
  int natural;

  style->context = g_object_ref (context);
  style->formulas = _bobbin_flow_formulas_new ();
  style->font = pango_font_description_copy (font);
  if (style->code)
    pango_font_description_set_family_static (style->font, "Monospace");
  if (pango_font_description_get_size_is_absolute (font))
    pango_font_description_set_absolute_size (style->font, size * scale);
  else
    pango_font_description_set_size (style->font, (int) (size * scale));

  metrics = pango_context_get_metrics (context, style->font, NULL);
  style->attrs = pango_attr_list_new ();
  pango_attr_list_insert (style->attrs, pango_attr_line_height_new (factor));
  /* A hyphen where a long address, name or checksum breaks would be read as part of it. */
  pango_attr_list_insert (style->attrs, pango_attr_insert_hyphens_new (FALSE));
  natural = pango_font_metrics_get_ascent (metrics) + pango_font_metrics_get_descent (metrics);
  style->line_height = (int) (natural * factor);
  style->ascent = pango_font_metrics_get_ascent (metrics) + (style->line_height - natural) / 2;
  style->x_height = pango_font_metrics_get_ascent (metrics) / 2;
  style->digit_width = pango_font_metrics_get_approximate_digit_width (metrics);
  style->char_width = (int) (pango_font_metrics_get_approximate_char_width (metrics) * 0.9);
  pango_font_metrics_unref (metrics);
}

/* The font changed (theme, text size, first use): everything is laid out anew. */
void
_bobbin_prose_ensure_styles (BobbinProse *self)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  PangoContext *text;

  if (self->styles[0].context != NULL && self->serial == pango_context_get_serial (context))
    return;

  _bobbin_prose_clear_styles (self);
  self->serial = pango_context_get_serial (context);

  /* Each paragraph has the direction of its own first letter, whatever that of the interface; Pango turns the alignment
   * round against the direction of the context. */
  text = gtk_widget_create_pango_context (GTK_WIDGET (self));
  pango_context_set_base_dir (text, PANGO_DIRECTION_WEAK_LTR);
  self->code_context = gtk_widget_create_pango_context (GTK_WIDGET (self));
  pango_context_set_base_dir (self->code_context, PANGO_DIRECTION_LTR);

  style_make (&self->styles[PROSE_STYLE_TEXT], text, 1.0, LINE_FACTOR);
  g_object_unref (text);
  self->em = MAX (PANGO_PIXELS (self->styles[PROSE_STYLE_TEXT].line_height) * 2 / 3, 1);

  for (guint i = 0; i < self->pieces->len; i++)
    bobbin_flow_unlay (&prose_piece (self, i)->flow);
  self->width = -1;
  self->head = 0;
  self->natural_length = G_MAXSIZE;
}

/* Each takes a look at its font, and most texts have one or two. */
const BobbinFlowStyle *
_bobbin_prose_get_style (BobbinProse      *self,
                         BobbinProseStyle  which)
{
  PangoContext *text = self->styles[PROSE_STYLE_TEXT].context;
  BobbinFlowStyle *style = &self->styles[which];

  if (style->context != NULL || text == NULL)
    return style;

  style->link = self->styles[PROSE_STYLE_TEXT].link;
  style->code = which == PROSE_STYLE_CODE || which == PROSE_STYLE_FLAT;
  style->no_wrap = which == PROSE_STYLE_FLAT;
  if (style->code)
    style_make (style, self->code_context, CODE_SCALE, CODE_FACTOR);
  else if (which >= PROSE_STYLE_H1)
    style_make (style, text, head_scales[which - PROSE_STYLE_H1], HEAD_FACTOR);
  else
    style_make (style, text, NOTE_SCALE, LINE_FACTOR);
  if (which >= PROSE_STYLE_H1)
    pango_font_description_set_weight (style->font, PANGO_WEIGHT_BOLD);

  return style;
}

static gboolean
is_note (const BobbinMarkupBlock *block)
{
  return block->n_boxes > 0 && block->boxes[0].kind == BOBBIN_BOX_NOTE;
}

const BobbinFlowStyle *
_bobbin_prose_style (BobbinProse *self,
                     guint        index)
{
  const BobbinMarkupBlock *block = _bobbin_prose_block (self, index);

  if (block->kind == BOBBIN_MARKUP_CODE)
    return _bobbin_prose_get_style (self, _bobbin_prose_is_flat (self, index) ? PROSE_STYLE_FLAT : PROSE_STYLE_CODE);
  if (block->kind == BOBBIN_MARKUP_HEADING)
    return _bobbin_prose_get_style (self, PROSE_STYLE_H1 + CLAMP (block->level, 1, 6) - 1);

  return _bobbin_prose_get_style (self, is_note (block) ? PROSE_STYLE_NOTE : PROSE_STYLE_TEXT);
}

void
_bobbin_prose_update_colors (BobbinProse *self)
{
  GtkStyleContext *css = gtk_widget_get_style_context (GTK_WIDGET (self));
  const PangoColor *old = &self->styles[0].link;
  GdkRGBA accent;
  PangoColor link;

  if (!gtk_style_context_lookup_color (css, "accent_color", &accent))
    gtk_style_context_get_color (css, &accent);
  link = (PangoColor) { (guint16) (accent.red * 65535), (guint16) (accent.green * 65535), (guint16) (accent.blue * 65535) };
  if (link.red == old->red && link.green == old->green && link.blue == old->blue)
    return;

  for (guint i = 0; i < PROSE_N_STYLES; i++)
    self->styles[i].link = link;
  for (guint i = 0; i < self->pieces->len; i++)
    if (_bobbin_prose_block (self, i)->runs != NULL)
      bobbin_flow_drop (&prose_piece (self, i)->flow);
}
