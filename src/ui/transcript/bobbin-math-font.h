/* A font for formulas at one size: an OpenType font with a MATH table, found through Pango, read through HarfBuzz.
 *
 * Lengths are pixels. Levels are the three sizes of a formula: 0 text, 1 scripts, 2 scripts of scripts. Fonts are kept at
 * their font map, a few sizes of them; the first of the list below that is installed serves. Reference counted by its users. */
#pragma once

#include <hb-ot.h>
#include <hb.h>
#include <pango/pango.h>

G_BEGIN_DECLS

#define BOBBIN_MATH_LEVELS 3

typedef struct
{
  gatomicrefcount  refs;
  double           size; /* pixels of an em at level 0 */
  /* owned */
  PangoFont       *fonts[BOBBIN_MATH_LEVELS];
  hb_font_t       *shapers[BOBBIN_MATH_LEVELS];
} BobbinMathFont;

/* A glyph that was asked for at some size: itself, a larger one, or parts that are put together. */
typedef struct
{
  hb_codepoint_t glyph;
  double         offset; /* from the start (left, or bottom) to where this part begins */
  double         length; /* along the direction */
} BobbinMathPart;

/* (transfer full) (nullable): for formulas in text of @description (NULL: that of @context). NULL without a font for formulas. */
BobbinMathFont *bobbin_math_font_get      (PangoContext *context, const PangoFontDescription *description) G_GNUC_WARN_UNUSED_RESULT;
void            bobbin_math_font_unref    (BobbinMathFont *self);
/* Pixels; at level 0 a percentage for the constants that are one. */
double          bobbin_math_font_constant (BobbinMathFont *self, hb_ot_math_constant_t constant, int level);
/* The glyph of one character as it is in scripts of @level; FALSE when the font has none. */
gboolean        bobbin_math_font_glyph    (BobbinMathFont *self, gunichar c, int level, hb_codepoint_t *ret_glyph);
double          bobbin_math_font_advance  (BobbinMathFont *self, hb_codepoint_t glyph, int level);
/* What is drawn: distances from the origin, depth downwards. */
void            bobbin_math_font_ink      (BobbinMathFont *self, hb_codepoint_t glyph, int level, double *ret_left, double *ret_right,
                                           double *ret_height, double *ret_depth);
/* Appends the parts (BobbinMathPart) of @glyph stretched to @length or more; along @direction HB_DIRECTION_BTT or LTR. With
 * @at_most no variant is longer, and none is put together. Returns the length. */
double          bobbin_math_font_stretch  (BobbinMathFont *self, hb_codepoint_t glyph, int level, hb_direction_t direction, double length,
                                           gboolean at_most, GArray *parts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinMathFont, bobbin_math_font_unref)

G_END_DECLS
