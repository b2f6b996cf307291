/* A formula that is set and ready to be drawn, by TeX's rules, with a font for formulas (BobbinMathFont).
 *
 * Always succeeds: what cannot be read or has no font to be set in is shown as words, and "fallback" says so; the owner may
 * then prefer to show the source in its own text. Left to right in any interface. Lengths are pixels unless they say Pango
 * units. Plain struct, not tied to a widget. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct
{
  int         width;    /* Pango units, all three; never negative */
  int         ascent;   /* above the baseline */
  int         descent;  /* below it */
  gboolean    fallback;
  /* owned */
  char       *text;     /* in one line, for assistive tools */
  GPtrArray  *items;    /* what is drawn, private */
  gpointer    font;     /* (nullable) private */
} BobbinMathBox;

/* @length may be -1; @font NULL: that of @context. @display: as a formula of its own, else within a line. */
BobbinMathBox *bobbin_math_box_new      (const char *tex, gssize length, PangoContext *context, const PangoFontDescription *font,
                                         gboolean display) G_GNUC_WARN_UNUSED_RESULT;
/* Words in the place of a formula that are wider than @width (Pango units) are broken into lines. Before it is drawn. */
void           bobbin_math_box_wrap     (BobbinMathBox *self, int width);
void           bobbin_math_box_free     (BobbinMathBox *self);
/* With the left end of its baseline at (@x, @baseline), @scale times as large. */
void           bobbin_math_box_snapshot (BobbinMathBox *self, GtkSnapshot *snapshot, double x, double baseline, double scale,
                                         const GdkRGBA *color);
const char    *bobbin_math_box_get_text (BobbinMathBox *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinMathBox, bobbin_math_box_free)

G_END_DECLS
