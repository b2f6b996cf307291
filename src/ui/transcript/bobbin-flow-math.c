#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-flow-math.h"

#include "bobbin-math-box.h"

#include <string.h>

#define MARK_BYTES  3    /* of U+FFFC */
#define LEAST_SCALE 0.7  /* what is wider still is scrolled sideways, or cut off at the edge within a sentence */
#define KEPT_MAX    512  /* formulas */
#define AIR         (2 * PANGO_SCALE) /* above and below */

/* What a shape holds; shared by the copies Pango makes of it. */
typedef struct
{
  gatomicrefcount  refs;
  BobbinMathBox   *box;
  double           scale;
} Formula;

static gpointer
formula_ref (gconstpointer data)
{
  Formula *formula = (Formula *) data;

  g_atomic_ref_count_inc (&formula->refs);

  return formula;
}

static void
formula_unref (gpointer data)
{
  Formula *formula = data;

  if (!g_atomic_ref_count_dec (&formula->refs))
    return;

  bobbin_math_box_free (formula->box);
  g_free (formula);
}

static void
insert (PangoAttrList  *attrs,
        PangoAttribute *attribute,
        guint           start)
{
  attribute->start_index = start;
  attribute->end_index = start + MARK_BYTES;
  pango_attr_list_insert (attrs, attribute);
}

GHashTable *
_bobbin_flow_formulas_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, formula_unref);
}

/* (transfer full) */
static Formula *
make_formula (const BobbinFlowStyle *style,
              const char            *tex,
              gboolean               display,
              int                    width)
{
  g_autofree char *key = g_strdup_printf ("%c%d %s", display ? 'd' : 't', width, tex);
  Formula *formula = style->formulas != NULL ? g_hash_table_lookup (style->formulas, key) : NULL;

  if (formula != NULL)
    return formula_ref (formula);

  formula = g_new0 (Formula, 1);
  g_atomic_ref_count_init (&formula->refs);
  formula->box = bobbin_math_box_new (tex, -1, style->context, style->font, display);
  bobbin_math_box_wrap (formula->box, width);
  formula->scale = formula->box->width > width && width > 0 ? MAX ((double) width / formula->box->width, LEAST_SCALE) : 1;
  if (style->formulas == NULL)
    return formula;

  if (g_hash_table_size (style->formulas) >= KEPT_MAX)
    g_hash_table_remove_all (style->formulas);
  g_hash_table_insert (style->formulas, g_steal_pointer (&key), formula_ref (formula));

  return formula;
}

void
_bobbin_flow_add_formula (PangoAttrList         *attrs,
                          const BobbinFlowStyle *style,
                          const char            *tex,
                          gboolean               display,
                          guint                  start,
                          int                    width)
{
  Formula *formula = make_formula (style, tex, display, width);
  const BobbinMathBox *box = formula->box;
  PangoRectangle area = {
    0, -(int) (box->ascent * formula->scale) - AIR, (int) (box->width * formula->scale),
    (int) ((box->ascent + box->descent) * formula->scale) + 2 * AIR,
  };

  insert (attrs, pango_attr_shape_new_with_data (&area, &area, formula, formula_ref, formula_unref), start);
  /* the air between lines of text is not for what is tall already */
  insert (attrs, pango_attr_line_height_new (1), start);
}

gboolean
_bobbin_flow_formula_fits (PangoAttrList *attrs,
                           int            width)
{
  GSList *all = pango_attr_list_get_attributes (attrs);
  gboolean fits = TRUE;

  for (GSList *item = all; item != NULL; item = item->next)
    if (((PangoAttribute *) item->data)->klass->type == PANGO_ATTR_SHAPE)
      fits = fits && ((PangoAttrShape *) item->data)->logical_rect.width <= width;
  g_slist_free_full (all, (GDestroyNotify) pango_attribute_destroy);

  return fits;
}

/* (nullable): what the run stands for; a formula is a run of its own. */
static const Formula *
formula_of (const PangoLayoutRun *run)
{
  for (const GSList *item = run->item->analysis.extra_attrs; item != NULL; item = item->next)
    if (((const PangoAttribute *) item->data)->klass->type == PANGO_ATTR_SHAPE)
      return ((const PangoAttrShape *) item->data)->data;

  return NULL;
}

void
_bobbin_flow_snapshot_formulas (PangoLayout   *layout,
                                GtkSnapshot   *snapshot,
                                int            top,
                                int            bottom,
                                const GdkRGBA *color)
{
  PangoLayoutIter *iter;

  if (pango_layout_get_attributes (layout) == NULL || strstr (pango_layout_get_text (layout), "\357\277\274") == NULL)
    return;

  iter = pango_layout_get_iter (layout);
  do
    {
      const PangoLayoutRun *run = pango_layout_iter_get_run_readonly (iter);
      const Formula *formula = run != NULL ? formula_of (run) : NULL;
      PangoRectangle place;

      if (formula == NULL)
        continue;
      pango_layout_iter_get_run_extents (iter, NULL, &place);
      if (place.y + place.height > top && place.y < bottom)
        bobbin_math_box_snapshot (formula->box, snapshot, place.x / (double) PANGO_SCALE,
                                  pango_layout_iter_get_baseline (iter) / (double) PANGO_SCALE, formula->scale, color);
    }
  while (pango_layout_iter_next_run (iter));

  pango_layout_iter_free (iter);
}
