#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-math-layout-private.h"

#define INTEGRAL_MOST  2.4  /* em: how tall an integral is in displays, where the font has it so */
#define OPERATOR_LEAST 1.3 /* em */
#define UPPER_GAP      0.11 /* em, at least; as TeX has it, some fonts have none */
#define LOWER_GAP      0.16

static MathStyle
script_style (MathStyle style,
              gboolean  cramped)
{
  return (MathStyle) { style.level < 2 ? 2 : 3, style.cramped || cramped };
}

/* Rule 13: larger in displays, its middle on the axis. */
MathBox *
_bobbin_math_operator (MathLayout           *layout,
                       const BobbinMathNode *node,
                       MathStyle             style)
{
  int level = _bobbin_math_level (style);
  double axis = _bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_AXIS_HEIGHT, style);
  MathBox *list = _bobbin_math_box_new (layout, MATH_BOX_LIST);
  double left, right, height, depth;
  hb_codepoint_t glyph;
  MathBox *box;

  if (!bobbin_math_font_glyph (layout->font, g_utf8_get_char (node->text), level, &glyph))
    return _bobbin_math_box_words (layout, node->text, 0, style);

  if (style.level == 0)
    {
      g_autoptr(GArray) parts = g_array_new (FALSE, FALSE, sizeof (BobbinMathPart));
      double em = _bobbin_math_em (layout, style);
      double least = _bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_DISPLAY_OPERATOR_MIN_HEIGHT, style);
      gboolean integral = (node->flags & BOBBIN_MATH_FLAG_LIMITS) == 0;

      bobbin_math_font_stretch (layout->font, glyph, level, HB_DIRECTION_BTT,
                                integral ? INTEGRAL_MOST * em : MAX (least, OPERATOR_LEAST * em), integral, parts);
      if (parts->len == 1)
        glyph = g_array_index (parts, BobbinMathPart, 0).glyph;
    }
  box = _bobbin_math_box_glyph (layout, glyph, level);
  /* some fonts count the slant into the advance */
  bobbin_math_font_ink (layout->font, glyph, level, &left, &right, &height, &depth);
  if (right < box->width - box->italic / 2)
    box->width -= box->italic;
  _bobbin_math_box_put (list, box, 0, (box->height - box->depth) / 2 - axis);
  list->italic = box->italic;
  list->glyph = glyph;
  list->level = level;

  return list;
}

/* How much a script may move in below the overhang of a slanted letter, or must move out. */
static double
cut_in (MathLayout        *layout,
        const MathBox     *base,
        const MathBox     *script,
        double             shift,
        hb_ot_math_kern_t  corner,
        hb_ot_math_kern_t  opposite)
{
  const MathBox *first = script;
  double heights[2];
  double least = 0;

  if (!base->single)
    return 0;
  while (first->kind == MATH_BOX_LIST && first->first != NULL)
    first = first->first;

  if (corner == HB_OT_MATH_KERN_TOP_RIGHT)
    {
      heights[0] = shift - script->depth;
      heights[1] = base->height;
    }
  else
    {
      heights[0] = script->height - shift;
      heights[1] = -base->depth;
    }
  for (int i = 0; i < 2; i++)
    {
      double kern = hb_ot_math_get_glyph_kerning (layout->font->shapers[base->level], base->glyph, corner,
                                                  (hb_position_t) (heights[i] * 1024)) / 1024.0;

      if (first->kind == MATH_BOX_GLYPH)
        {
          double theirs = corner == HB_OT_MATH_KERN_TOP_RIGHT ? heights[i] - shift : heights[i] + shift;

          kern += hb_ot_math_get_glyph_kerning (layout->font->shapers[first->level], first->glyph, opposite,
                                                (hb_position_t) (theirs * 1024)) / 1024.0;
        }
      least = i == 0 ? kern : MIN (least, kern);
    }

  return least;
}

/* Rule 18: how far up and down the scripts go. */
static void
shift_scripts (MathLayout    *layout,
               const MathBox *base,
               const MathBox *sub,
               const MathBox *sup,
               MathStyle      style,
               double        *ret_up,
               double        *ret_down)
{
  double up = 0;
  double down = 0;
  double gap;

  if (sup != NULL)
    {
      up = _bobbin_math_constant (layout, style.cramped ? HB_OT_MATH_CONSTANT_SUPERSCRIPT_SHIFT_UP_CRAMPED
                                                        : HB_OT_MATH_CONSTANT_SUPERSCRIPT_SHIFT_UP, style);
      if (!base->single)
        up = MAX (up, base->height - _bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_SUPERSCRIPT_BASELINE_DROP_MAX, style));
      up = MAX (up, sup->depth + _bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_SUPERSCRIPT_BOTTOM_MIN, style));
    }
  if (sub != NULL)
    {
      down = _bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_SUBSCRIPT_SHIFT_DOWN, style);
      if (!base->single)
        down = MAX (down, base->depth + _bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_SUBSCRIPT_BASELINE_DROP_MIN, style));
      down = MAX (down, sub->height - _bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_SUBSCRIPT_TOP_MAX, style));
    }
  if (sub != NULL && sup != NULL)
    {
      gap = _bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_SUB_SUPERSCRIPT_GAP_MIN, style) -
            ((up - sup->depth) - (sub->height - down));
      if (gap > 0)
        {
          double lift = _bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_SUPERSCRIPT_BOTTOM_MAX_WITH_SUBSCRIPT, style) -
                        (up - sup->depth);

          lift = CLAMP (lift, 0, gap);
          up += lift;
          down += gap - lift;
        }
    }
  *ret_up = up;
  *ret_down = down;
}

static MathBox *
side_scripts (MathLayout *layout,
              MathBox    *base,
              MathBox    *sub,
              MathBox    *sup,
              MathStyle   style)
{
  MathBox *list = _bobbin_math_box_new (layout, MATH_BOX_LIST);
  double up;
  double down;

  shift_scripts (layout, base, sub, sup, style, &up, &down);
  _bobbin_math_box_put (list, base, 0, 0);
  if (sup != NULL)
    _bobbin_math_box_put (list, sup,
                          base->width + cut_in (layout, base, sup, up, HB_OT_MATH_KERN_TOP_RIGHT, HB_OT_MATH_KERN_BOTTOM_LEFT), -up);
  if (sub != NULL)
    _bobbin_math_box_put (list, sub, base->width - base->italic +
                          cut_in (layout, base, sub, down, HB_OT_MATH_KERN_BOTTOM_RIGHT, HB_OT_MATH_KERN_TOP_LEFT), down);
  list->width += _bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_SPACE_AFTER_SCRIPT, style);

  return list;
}

/* Rule 13a: above and below, middle over middle, the upper one moved along the slant. */
static MathBox *
limits (MathLayout *layout,
        MathBox    *base,
        MathBox    *sub,
        MathBox    *sup,
        MathStyle   style)
{
  MathBox *list = _bobbin_math_box_new (layout, MATH_BOX_LIST);
  double em = _bobbin_math_em (layout, style);
  double width = MAX (base->width, MAX (sub != NULL ? sub->width : 0, sup != NULL ? sup->width : 0));

  _bobbin_math_box_put (list, base, (width - base->width) / 2, 0);
  if (sup != NULL)
    {
      double gap = MAX (_bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_UPPER_LIMIT_GAP_MIN, style),
                        _bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_UPPER_LIMIT_BASELINE_RISE_MIN, style) - sup->depth);

      gap = MAX (gap, UPPER_GAP * em);
      _bobbin_math_box_put (list, sup, (width - sup->width) / 2 + base->italic / 2, -(base->height + gap + sup->depth));
    }
  if (sub != NULL)
    {
      double gap = MAX (_bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_LOWER_LIMIT_GAP_MIN, style),
                        _bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_LOWER_LIMIT_BASELINE_DROP_MIN, style) - sub->height);

      gap = MAX (gap, LOWER_GAP * em);
      _bobbin_math_box_put (list, sub, (width - sub->width) / 2 - base->italic / 2, base->depth + gap + sub->height);
    }

  return list;
}

MathBox *
_bobbin_math_scripts (MathLayout           *layout,
                      const BobbinMathNode *node,
                      MathStyle             style)
{
  gboolean above = (node->flags & BOBBIN_MATH_FLAG_ALWAYS) != 0 ||
                   ((node->flags & BOBBIN_MATH_FLAG_LIMITS) != 0 && style.level == 0);
  MathBox *base = _bobbin_math_layout_node (layout, node->a, style);
  MathBox *sub = node->b != NULL ? _bobbin_math_layout_node (layout, node->b, script_style (style, TRUE)) : NULL;
  MathBox *sup = node->c != NULL ? _bobbin_math_layout_node (layout, node->c, script_style (style, FALSE)) : NULL;

  return above ? limits (layout, base, sub, sup, style) : side_scripts (layout, base, sub, sup, style);
}
