#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-math-font.h"

#include <string.h>

#define CACHE_KEY   "bobbin-math-fonts"
#define CACHE_SIZES 8
#define SCALE       1024.0 /* of HarfBuzz's positions to pixels */
#define PARTS_MAX   32
#define REPEATS_MAX 200

/* In the order of how well they read on a screen beside a typeface for interfaces. */
static const char *const families[] = {
  "STIX Two Math", "Libertinus Math", "TeX Gyre Pagella Math", "TeX Gyre Termes Math", "XITS Math", "TeX Gyre Bonum Math",
  "TeX Gyre Schola Math", "Latin Modern Math", "Cambria Math", "Noto Sans Math", "DejaVu Math TeX Gyre", "TeX Gyre DejaVu Math",
  "Asana Math", "STIX Math", "Fira Math",
};

/* Kept at the font map. */
typedef struct
{
  guint       serial;  /* of the font map */
  gboolean    looked;
  char       *family;  /* (nullable): none is installed */
  GPtrArray  *fonts;   /* of BobbinMathFont */
} Cache;

static void
cache_clear (Cache *cache)
{
  g_clear_pointer (&cache->family, g_free);
  g_ptr_array_set_size (cache->fonts, 0);
  cache->looked = FALSE;
}

static void
cache_free (gpointer data)
{
  Cache *cache = data;

  cache_clear (cache);
  g_ptr_array_unref (cache->fonts);
  g_free (cache);
}

static Cache *
get_cache (PangoFontMap *map)
{
  Cache *cache = g_object_get_data (G_OBJECT (map), CACHE_KEY);

  if (cache == NULL)
    {
      cache = g_new0 (Cache, 1);
      cache->fonts = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_math_font_unref);
      cache->serial = pango_font_map_get_serial (map);
      g_object_set_data_full (G_OBJECT (map), CACHE_KEY, cache, cache_free);
    }
  if (cache->serial != pango_font_map_get_serial (map))
    {
      cache_clear (cache);
      cache->serial = pango_font_map_get_serial (map);
    }

  return cache;
}

/* (transfer full) (nullable) */
static PangoFont *
load (PangoContext *context,
      const char   *family,
      double        size)
{
  PangoFontDescription *description = pango_font_description_new ();
  PangoFont *font;

  pango_font_description_set_family (description, family);
  pango_font_description_set_absolute_size (description, size * PANGO_SCALE);
  font = pango_context_load_font (context, description);
  pango_font_description_free (description);

  return font;
}

/* Whether @font is that family and has the table: for what is not installed another font is loaded. */
static gboolean
is_math (PangoFont  *font,
         const char *family)
{
  hb_font_t *shaper = font != NULL ? pango_font_get_hb_font (font) : NULL;
  PangoFontDescription *description;
  gboolean same;

  if (shaper == NULL)
    return FALSE;
  description = pango_font_describe (font);
  same = g_ascii_strcasecmp (pango_font_description_get_family (description), family) == 0;
  pango_font_description_free (description);

  return same && hb_ot_math_has_data (hb_font_get_face (shaper));
}

static const char *
find_family (PangoContext *context,
             Cache        *cache)
{
  for (gsize i = 0; !cache->looked && i < G_N_ELEMENTS (families); i++)
    {
      PangoFont *font = load (context, families[i], 12);

      if (is_math (font, families[i]))
        {
          cache->family = g_strdup (families[i]);
          cache->looked = TRUE;
        }
      g_clear_object (&font);
    }
  cache->looked = TRUE;

  return cache->family;
}

/* (transfer full): measures as the font was drawn, without what hinting rounds. */
static hb_font_t *
make_shaper (PangoFont *font,
             double     size)
{
  hb_font_t *shaper = hb_font_create (hb_font_get_face (pango_font_get_hb_font (font)));

  hb_ot_font_set_funcs (shaper);
  hb_font_set_scale (shaper, (int) (size * SCALE), (int) (size * SCALE));

  return shaper;
}

static double
x_height (PangoFont *font,
          double     size)
{
  hb_font_t *shaper = make_shaper (font, size);
  hb_position_t height = 0;

  hb_ot_metrics_get_position_with_fallback (shaper, HB_OT_METRICS_TAG_X_HEIGHT, &height);
  hb_font_destroy (shaper);

  return height / SCALE;
}

/* Letters of formulas are as tall as those around. */
static double
match_size (PangoContext               *context,
            const PangoFontDescription *description,
            const char                 *family)
{
  PangoFont *text = pango_context_load_font (context, description);
  PangoFont *math;
  PangoFontDescription *absolute = pango_font_describe_with_absolute_size (text);
  double size = CLAMP (pango_font_description_get_size (absolute) / (double) PANGO_SCALE, 4, 400);
  double theirs;
  double ours;

  pango_font_description_free (absolute);
  math = load (context, family, size);
  theirs = x_height (text, size);
  ours = x_height (math, size);
  g_object_unref (math);
  g_object_unref (text);

  return theirs > 0 && ours > 0 ? size * CLAMP (theirs / ours, 0.95, 1.2) : size;
}

static BobbinMathFont *
make_font (PangoContext *context,
           const char   *family,
           double        size)
{
  BobbinMathFont *self = g_new0 (BobbinMathFont, 1);
  hb_font_t *shaper;

  g_atomic_ref_count_init (&self->refs);
  self->size = size;
  self->fonts[0] = load (context, family, size);
  self->shapers[0] = shaper = make_shaper (self->fonts[0], size);
  for (int i = 1; i < BOBBIN_MATH_LEVELS; i++)
    {
      int percent = hb_ot_math_get_constant (shaper, i == 1 ? HB_OT_MATH_CONSTANT_SCRIPT_PERCENT_SCALE_DOWN
                                                            : HB_OT_MATH_CONSTANT_SCRIPT_SCRIPT_PERCENT_SCALE_DOWN);
      double scaled = size * CLAMP (percent > 0 ? percent : 70, 50, 90) / 100;

      self->fonts[i] = load (context, family, scaled);
      self->shapers[i] = make_shaper (self->fonts[i], scaled);
    }

  return self;
}

static BobbinMathFont *
font_ref (BobbinMathFont *self)
{
  g_atomic_ref_count_inc (&self->refs);

  return self;
}

BobbinMathFont *
bobbin_math_font_get (PangoContext               *context,
                      const PangoFontDescription *description)
{
  Cache *cache = get_cache (pango_context_get_font_map (context));
  const char *family = find_family (context, cache);
  double size;

  if (family == NULL)
    return NULL;

  size = match_size (context, description != NULL ? description : pango_context_get_font_description (context), family);
  for (guint i = 0; i < cache->fonts->len; i++)
    {
      BobbinMathFont *font = g_ptr_array_index (cache->fonts, i);

      if (ABS (font->size - size) < 0.01)
        return font_ref (font);
    }
  if (cache->fonts->len >= CACHE_SIZES)
    g_ptr_array_set_size (cache->fonts, 0);
  g_ptr_array_add (cache->fonts, make_font (context, family, size));

  return font_ref (g_ptr_array_index (cache->fonts, cache->fonts->len - 1));
}

void
bobbin_math_font_unref (BobbinMathFont *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;

  for (int i = 0; i < BOBBIN_MATH_LEVELS; i++)
    {
      g_clear_object (&self->fonts[i]);
      g_clear_pointer (&self->shapers[i], hb_font_destroy);
    }
  g_free (self);
}

double
bobbin_math_font_constant (BobbinMathFont        *self,
                           hb_ot_math_constant_t  constant,
                           int                    level)
{
  double value = hb_ot_math_get_constant (self->shapers[level], constant);

  return constant == HB_OT_MATH_CONSTANT_RADICAL_DEGREE_BOTTOM_RAISE_PERCENT ? value : value / SCALE;
}

gboolean
bobbin_math_font_glyph (BobbinMathFont *self,
                        gunichar        c,
                        int             level,
                        hb_codepoint_t *ret_glyph)
{
  hb_feature_t features[] = { { HB_TAG ('s', 's', 't', 'y'), (uint32_t) level, 0, (unsigned int) -1 } };
  hb_codepoint_t glyph;
  hb_buffer_t *buffer;
  hb_glyph_info_t *infos;
  unsigned int n;

  if (!hb_font_get_nominal_glyph (self->shapers[level], c, &glyph))
    return FALSE;
  *ret_glyph = glyph;
  if (level == 0)
    return TRUE;

  buffer = hb_buffer_create ();
  hb_buffer_add_utf32 (buffer, &c, 1, 0, 1);
  hb_buffer_set_script (buffer, HB_SCRIPT_MATH);
  hb_buffer_set_direction (buffer, HB_DIRECTION_LTR);
  hb_shape (self->shapers[level], buffer, features, G_N_ELEMENTS (features));
  infos = hb_buffer_get_glyph_infos (buffer, &n);
  if (n == 1)
    *ret_glyph = infos[0].codepoint;
  hb_buffer_destroy (buffer);

  return TRUE;
}

double
bobbin_math_font_advance (BobbinMathFont *self,
                          hb_codepoint_t  glyph,
                          int             level)
{
  return hb_font_get_glyph_h_advance (self->shapers[level], glyph) / SCALE;
}

void
bobbin_math_font_ink (BobbinMathFont *self,
                      hb_codepoint_t  glyph,
                      int             level,
                      double         *ret_left,
                      double         *ret_right,
                      double         *ret_height,
                      double         *ret_depth)
{
  hb_glyph_extents_t extents = { 0 };

  hb_font_get_glyph_extents (self->shapers[level], glyph, &extents);
  *ret_left = extents.x_bearing / SCALE;
  *ret_right = (extents.x_bearing + extents.width) / SCALE;
  *ret_height = extents.y_bearing / SCALE;
  *ret_depth = -(extents.y_bearing + extents.height) / SCALE;
}

/* The parts laid one after the other, those that may be repeated @repeats times; overlapping as much as they must, or more so
 * that it is no longer than it must be. */
static double
assemble (const hb_ot_math_glyph_part_t *pieces,
          guint                          n_pieces,
          guint                          repeats,
          double                         least,
          double                         length,
          GArray                        *parts)
{
  double full = 0;
  double slack = 0; /* how much more the joints may overlap */
  double at = 0;
  double tighten;
  double before = -1; /* the connector of the part before */
  guint n_joints = 0;

  for (int pass = 0; pass < 2; pass++)
    {
      tighten = pass == 1 && n_joints > 0 && full > length ? MIN ((full - length) / n_joints, slack / n_joints) : 0;
      before = -1;
      for (guint i = 0; i < n_pieces; i++)
        {
          gboolean extender = (pieces[i].flags & HB_OT_MATH_GLYPH_PART_FLAG_EXTENDER) != 0;

          for (guint k = 0; k < (extender ? repeats : 1); k++)
            {
              double start = pieces[i].start_connector_length / SCALE;
              double advance = pieces[i].full_advance / SCALE;

              if (before >= 0 && pass == 0)
                {
                  full -= least;
                  slack += MAX (MIN (before, start) - least, 0);
                  n_joints++;
                }
              if (pass == 0)
                full += advance;
              if (pass == 1)
                {
                  BobbinMathPart part = { pieces[i].glyph, 0, advance };

                  if (before >= 0)
                    at -= least + MIN (tighten, MAX (MIN (before, start) - least, 0));
                  part.offset = at;
                  at += advance;
                  g_array_append_val (parts, part);
                }
              before = pieces[i].end_connector_length / SCALE;
            }
        }
      if (pass == 0 && parts == NULL)
        return full;
    }

  return at;
}

static double
stretch_by_parts (BobbinMathFont *self,
                  hb_codepoint_t  glyph,
                  int             level,
                  hb_direction_t  direction,
                  double          length,
                  GArray         *parts)
{
  hb_ot_math_glyph_part_t pieces[PARTS_MAX];
  unsigned int n = PARTS_MAX;
  double least = hb_ot_math_get_min_connector_overlap (self->shapers[level], direction) / SCALE;
  guint repeats = 1;

  hb_ot_math_get_glyph_assembly (self->shapers[level], glyph, direction, 0, &n, pieces, NULL);
  if (n == 0)
    return -1;
  while (repeats < REPEATS_MAX && assemble (pieces, n, repeats, least, length, NULL) < length)
    repeats++;

  return assemble (pieces, n, repeats, least, length, parts);
}

double
bobbin_math_font_stretch (BobbinMathFont *self,
                          hb_codepoint_t  glyph,
                          int             level,
                          hb_direction_t  direction,
                          double          length,
                          gboolean        at_most,
                          GArray         *parts)
{
  hb_ot_math_glyph_variant_t variants[PARTS_MAX];
  unsigned int n = PARTS_MAX;
  BobbinMathPart part = { glyph, 0, 0 };
  double left, right, height, depth;
  double assembled;

  bobbin_math_font_ink (self, glyph, level, &left, &right, &height, &depth);
  part.length = direction == HB_DIRECTION_LTR ? right - left : height + depth;
  hb_ot_math_get_glyph_variants (self->shapers[level], glyph, direction, 0, &n, variants);
  for (unsigned int i = 0; i < n && (at_most || part.length < length); i++)
    {
      double advance = variants[i].advance / SCALE;

      if (advance < part.length || (at_most && advance > length))
        continue;
      part.glyph = variants[i].glyph;
      part.length = advance;
    }
  if (part.length < length && !at_most)
    {
      assembled = stretch_by_parts (self, glyph, level, direction, length, parts);
      if (assembled >= 0)
        return assembled;
    }
  g_array_append_val (parts, part);

  return part.length;
}
