#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-math-layout-private.h"

#define ACCENT_GAP   0.08 /* em between a brace or arrow and what it spans */
#define NULL_SPACE   0.12 /* em on both sides of a fraction */
#define ARROW_LEAST  1.4  /* em */
#define ARROW_PAD    0.35 /* em on both sides of the words of an arrow */
#define FRAME_PAD    0.3  /* em */

static MathStyle
smaller (MathStyle style,
         gboolean  cramped)
{
  return (MathStyle) { MIN (style.level + 1, 3), style.cramped || cramped };
}

static MathStyle
script_style (MathStyle style,
              gboolean  cramped)
{
  return (MathStyle) { style.level < 2 ? 2 : 3, style.cramped || cramped };
}

/* @glyph stretched to @length: parts upwards from the foot, or rightwards from the left. */
static MathBox *
stretch (MathLayout     *layout,
         hb_codepoint_t  glyph,
         double          length,
         gboolean        across,
         gboolean        at_most,
         int             level)
{
  g_autoptr(GArray) parts = g_array_new (FALSE, FALSE, sizeof (BobbinMathPart));
  MathBox *list = _bobbin_math_box_new (layout, MATH_BOX_LIST);

  bobbin_math_font_stretch (layout->font, glyph, level, across ? HB_DIRECTION_LTR : HB_DIRECTION_BTT, length, at_most, parts);
  for (guint i = 0; i < parts->len; i++)
    {
      const BobbinMathPart *part = &g_array_index (parts, BobbinMathPart, i);
      MathBox *box = _bobbin_math_box_glyph (layout, part->glyph, level);
      double left, right, height, depth;

      bobbin_math_font_ink (layout->font, part->glyph, level, &left, &right, &height, &depth);
      if (across)
        {
          box->width = right - left;
          /* the ink begins where the box does */
          _bobbin_math_box_put (list, box, part->offset - left, 0);
          list->width = MAX (part->offset + right - left, 0);
        }
      else
        {
          if (parts->len == 1)
            list->italic = box->italic;
          box->width -= box->italic;
          _bobbin_math_box_put (list, box, 0, -(part->offset + depth));
        }
    }

  return list;
}

MathBox *
_bobbin_math_delimiter_box (MathLayout *layout,
                            const char *text,
                            double      size,
                            MathStyle   style)
{
  double axis = _bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_AXIS_HEIGHT, style);
  int level = _bobbin_math_level (style);
  hb_codepoint_t glyph;
  MathBox *outer;
  MathBox *box;

  if (text == NULL || *text == '\0')
    return NULL;
  if (!bobbin_math_font_glyph (layout->font, g_utf8_get_char (text), 0, &glyph))
    return _bobbin_math_box_words (layout, text, 0, style);

  box = stretch (layout, glyph, size, FALSE, FALSE, level);
  outer = _bobbin_math_box_new (layout, MATH_BOX_LIST);
  _bobbin_math_box_put (outer, box, 0, (box->height - box->depth) / 2 - axis);
  /* what is stretched may hang wholly above its baseline */
  outer->height = (box->height + box->depth) / 2 + axis;
  outer->depth = (box->height + box->depth) / 2 - axis;

  return outer;
}

/* What delimiters must span to be as tall as @inner on both sides of the axis. A hair less will do: sizes come in steps. */
static double
span_of (MathLayout    *layout,
         const MathBox *inner,
         MathStyle      style)
{
  double axis = _bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_AXIS_HEIGHT, style);
  double half = MAX (inner->height - axis, inner->depth + axis);

  return MAX (2 * half * 0.92, 2 * half - 0.3 * _bobbin_math_em (layout, style));
}

MathBox *
_bobbin_math_enclose (MathLayout *layout,
                      MathBox    *inner,
                      const char *open,
                      const char *close,
                      MathStyle   style)
{
  MathBox *list = _bobbin_math_box_new (layout, MATH_BOX_LIST);
  double size = span_of (layout, inner, style);
  MathBox *left = _bobbin_math_delimiter_box (layout, open, size, style);
  MathBox *right = _bobbin_math_delimiter_box (layout, close, size, style);
  double x = 0;

  if (left != NULL)
    {
      _bobbin_math_box_put (list, left, 0, 0);
      x = left->width;
    }
  _bobbin_math_box_put (list, inner, x, 0);
  x += inner->width;
  if (right != NULL)
    _bobbin_math_box_put (list, right, x, 0);

  return list;
}

MathBox *
_bobbin_math_fenced (MathLayout           *layout,
                     const BobbinMathNode *node,
                     MathStyle             style)
{
  MathBox *list = _bobbin_math_box_new (layout, MATH_BOX_LIST);
  g_autoptr(GPtrArray) boxes = g_ptr_array_new ();
  MathBox *all = _bobbin_math_box_new (layout, MATH_BOX_LIST); /* only measured */
  double size;
  double x = 0;
  guint i = 0;

  for (const BobbinMathNode *child = node->first; child != NULL; child = child->next)
    {
      MathBox *box = child->kind != BOBBIN_MATH_DELIMITER ? _bobbin_math_layout_row (layout, child, style) : NULL;

      g_ptr_array_add (boxes, box);
      if (box != NULL)
        {
          all->height = MAX (all->height, box->height);
          all->depth = MAX (all->depth, box->depth);
        }
    }
  size = span_of (layout, all, style);
  for (const BobbinMathNode *child = node->first; child != NULL; child = child->next, i++)
    {
      MathBox *box = g_ptr_array_index (boxes, i);

      if (box == NULL)
        box = _bobbin_math_delimiter_box (layout, child->text, size, style);
      if (box == NULL)
        continue;
      _bobbin_math_box_put (list, box, x, 0);
      x += box->width;
    }
  list->width = x;

  return _bobbin_math_enclose (layout, list, node->open, node->close, style);
}

/* Rules 15c and 15d: how far the two parts move away from the baseline. */
static void
shift_parts (MathLayout    *layout,
             const MathBox *above,
             const MathBox *below,
             gboolean       ruled,
             MathStyle      style,
             double        *ret_up,
             double        *ret_down)
{
  gboolean display = style.level == 0;
  double axis = _bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_AXIS_HEIGHT, style);

  if (ruled)
    {
      double half = _bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_FRACTION_RULE_THICKNESS, style) / 2;
      double gap_up = _bobbin_math_constant (layout, display ? HB_OT_MATH_CONSTANT_FRACTION_NUM_DISPLAY_STYLE_GAP_MIN
                                                             : HB_OT_MATH_CONSTANT_FRACTION_NUMERATOR_GAP_MIN, style);
      double gap_down = _bobbin_math_constant (layout, display ? HB_OT_MATH_CONSTANT_FRACTION_DENOM_DISPLAY_STYLE_GAP_MIN
                                                               : HB_OT_MATH_CONSTANT_FRACTION_DENOMINATOR_GAP_MIN, style);

      *ret_up = _bobbin_math_constant (layout, display ? HB_OT_MATH_CONSTANT_FRACTION_NUMERATOR_DISPLAY_STYLE_SHIFT_UP
                                                       : HB_OT_MATH_CONSTANT_FRACTION_NUMERATOR_SHIFT_UP, style);
      *ret_down = _bobbin_math_constant (layout, display ? HB_OT_MATH_CONSTANT_FRACTION_DENOMINATOR_DISPLAY_STYLE_SHIFT_DOWN
                                                         : HB_OT_MATH_CONSTANT_FRACTION_DENOMINATOR_SHIFT_DOWN, style);
      *ret_up = MAX (*ret_up, axis + half + gap_up + above->depth);
      *ret_down = MAX (*ret_down, below->height + gap_down + half - axis);
    }
  else
    {
      double least = _bobbin_math_constant (layout, display ? HB_OT_MATH_CONSTANT_STACK_DISPLAY_STYLE_GAP_MIN
                                                            : HB_OT_MATH_CONSTANT_STACK_GAP_MIN, style);
      double gap;

      *ret_up = _bobbin_math_constant (layout, display ? HB_OT_MATH_CONSTANT_STACK_TOP_DISPLAY_STYLE_SHIFT_UP
                                                       : HB_OT_MATH_CONSTANT_STACK_TOP_SHIFT_UP, style);
      *ret_down = _bobbin_math_constant (layout, display ? HB_OT_MATH_CONSTANT_STACK_BOTTOM_DISPLAY_STYLE_SHIFT_DOWN
                                                         : HB_OT_MATH_CONSTANT_STACK_BOTTOM_SHIFT_DOWN, style);
      gap = (*ret_up - above->depth) - (below->height - *ret_down);
      if (gap < least)
        {
          *ret_up += (least - gap) / 2;
          *ret_down += (least - gap) / 2;
        }
    }
}

MathBox *
_bobbin_math_fraction (MathLayout           *layout,
                       const BobbinMathNode *node,
                       MathStyle             style)
{
  gboolean ruled = (node->flags & BOBBIN_MATH_FLAG_NO_RULE) == 0;
  gboolean continued = (node->flags & BOBBIN_MATH_FLAG_CONTINUED) != 0;
  double axis = _bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_AXIS_HEIGHT, style);
  double side = node->open == NULL ? NULL_SPACE * _bobbin_math_em (layout, style) : 0;
  MathBox *above = _bobbin_math_layout_node (layout, node->a, continued ? style : smaller (style, FALSE));
  MathBox *below = _bobbin_math_layout_node (layout, node->b, continued ? _bobbin_math_cramped (style) : smaller (style, TRUE));
  MathBox *list = _bobbin_math_box_new (layout, MATH_BOX_LIST);
  double width = MAX (above->width, below->width);
  double up;
  double down;

  if (continued)
    above->height = MAX (above->height, 0.7 * 1.2 * _bobbin_math_em (layout, style));
  shift_parts (layout, above, below, ruled, style, &up, &down);
  _bobbin_math_box_put (list, above, side + (width - above->width) / 2, -up);
  _bobbin_math_box_put (list, below, side + (width - below->width) / 2, down);
  if (ruled)
    {
      double half = _bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_FRACTION_RULE_THICKNESS, style) / 2;

      _bobbin_math_box_put (list, _bobbin_math_box_rule (layout, width, half, half), side, -axis);
    }
  list->width = width + 2 * side;

  return node->open != NULL ? _bobbin_math_enclose (layout, list, node->open, node->close, style) : list;
}

/* Rule 11. */
MathBox *
_bobbin_math_radical (MathLayout           *layout,
                      const BobbinMathNode *node,
                      MathStyle             style)
{
  MathBox *inner = _bobbin_math_layout_node (layout, node->a, _bobbin_math_cramped (style));
  MathBox *list = _bobbin_math_box_new (layout, MATH_BOX_LIST);
  double rule = _bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_RADICAL_RULE_THICKNESS, style);
  double gap = _bobbin_math_constant (layout, style.level == 0 ? HB_OT_MATH_CONSTANT_RADICAL_DISPLAY_STYLE_VERTICAL_GAP
                                                               : HB_OT_MATH_CONSTANT_RADICAL_VERTICAL_GAP, style);
  int level = _bobbin_math_level (style);
  hb_codepoint_t glyph;
  MathBox *sign;
  double tall;
  double x = 0;

  if (!bobbin_math_font_glyph (layout->font, 0x221a, 0, &glyph))
    return inner;

  sign = stretch (layout, glyph, inner->height + inner->depth + gap + rule, FALSE, FALSE, level);
  tall = sign->height + sign->depth;
  /* what the sign is too tall is shared by above and below */
  gap = MAX (gap, (gap + tall - rule - inner->height - inner->depth) / 2);
  if (node->b != NULL)
    {
      MathBox *degree = _bobbin_math_layout_node (layout, node->b, (MathStyle) { 3, TRUE });
      double raise = _bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_RADICAL_DEGREE_BOTTOM_RAISE_PERCENT, style) / 100;
      double foot = inner->height + gap + rule - tall;
      double before = _bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_RADICAL_KERN_BEFORE_DEGREE, style);
      double after = _bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_RADICAL_KERN_AFTER_DEGREE, style);

      x = MAX (before + degree->width + after, 0);
      _bobbin_math_box_put (list, degree, MAX (x - after - degree->width, 0), -(foot + raise * tall + degree->depth));
    }
  _bobbin_math_box_put (list, sign, x, -(inner->height + gap + rule - sign->height));
  x += sign->width;
  _bobbin_math_box_put (list, _bobbin_math_box_rule (layout, inner->width, rule, 0), x, -(inner->height + gap));
  _bobbin_math_box_put (list, inner, x, 0);
  list->height += _bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_RADICAL_EXTRA_ASCENDER, style);

  return list;
}

/* A line above or below. */
static MathBox *
bar (MathLayout *layout,
     MathBox    *inner,
     gboolean    under,
     MathStyle   style)
{
  MathBox *list = _bobbin_math_box_new (layout, MATH_BOX_LIST);
  double gap = _bobbin_math_constant (layout, under ? HB_OT_MATH_CONSTANT_UNDERBAR_VERTICAL_GAP
                                                    : HB_OT_MATH_CONSTANT_OVERBAR_VERTICAL_GAP, style);
  double rule = _bobbin_math_constant (layout, under ? HB_OT_MATH_CONSTANT_UNDERBAR_RULE_THICKNESS
                                                     : HB_OT_MATH_CONSTANT_OVERBAR_RULE_THICKNESS, style);

  _bobbin_math_box_put (list, inner, 0, 0);
  _bobbin_math_box_put (list, _bobbin_math_box_rule (layout, inner->width, rule, 0), 0,
                        under ? inner->depth + gap + rule : -(inner->height + gap));

  return list;
}

/* A brace or an arrow as wide as what it stands over or under. */
static MathBox *
span (MathLayout     *layout,
      MathBox        *inner,
      hb_codepoint_t  glyph,
      gboolean        under,
      MathStyle       style)
{
  MathBox *list = _bobbin_math_box_new (layout, MATH_BOX_LIST);
  MathBox *sign = stretch (layout, glyph, inner->width, TRUE, FALSE, _bobbin_math_level (style));
  double gap = ACCENT_GAP * _bobbin_math_em (layout, style);
  double width = MAX (inner->width, sign->width);
  double top = 0;
  double bottom = 0;

  for (const MathBox *part = sign->first; part != NULL; part = part->next)
    {
      double left, right, height, depth;

      bobbin_math_font_ink (layout->font, part->glyph, part->level, &left, &right, &height, &depth);
      top = part == sign->first ? height : MAX (top, height);
      bottom = part == sign->first ? depth : MAX (bottom, depth);
    }
  _bobbin_math_box_put (list, inner, (width - inner->width) / 2, 0);
  sign->height = MAX (top, 0);
  sign->depth = MAX (bottom, 0);
  _bobbin_math_box_put (list, sign, (width - sign->width) / 2,
                        under ? inner->depth + gap + top : -(inner->height + gap + bottom));
  list->height = MAX (inner->height, under ? 0 : inner->height + gap + bottom + top);
  list->depth = MAX (inner->depth, under ? inner->depth + gap + bottom + top : 0);

  return list;
}

/* Rule 12: a sign over one letter, or a hat as wide as there is one. */
static MathBox *
put_accent (MathLayout     *layout,
            MathBox        *inner,
            hb_codepoint_t  glyph,
            gboolean        wide,
            MathStyle       style)
{
  int level = _bobbin_math_level (style);
  MathBox *list = _bobbin_math_box_new (layout, MATH_BOX_LIST);
  double base = _bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_ACCENT_BASE_HEIGHT, style);
  double width = inner->width;
  double height = inner->height;
  double drop = MIN (inner->height, base);
  double at = inner->single && inner->attach > 0 ? inner->attach : inner->width / 2;
  double left, right, up, down, theirs;
  MathBox *sign;

  if (wide)
    {
      g_autoptr(GArray) parts = g_array_new (FALSE, FALSE, sizeof (BobbinMathPart));

      bobbin_math_font_stretch (layout->font, glyph, level, HB_DIRECTION_LTR, inner->width, TRUE, parts);
      glyph = g_array_index (parts, BobbinMathPart, 0).glyph;
      at = inner->single ? at : inner->width / 2;
    }
  sign = _bobbin_math_box_glyph (layout, glyph, level);
  bobbin_math_font_ink (layout->font, glyph, level, &left, &right, &up, &down);
  theirs = sign->attach > left && sign->attach < right ? sign->attach : (left + right) / 2;
  list->single = inner->single;
  list->glyph = inner->glyph;
  list->level = inner->level;
  list->italic = inner->italic;
  _bobbin_math_box_put (list, inner, 0, 0);
  _bobbin_math_box_put (list, sign, at - theirs, -(height - drop));
  list->width = width;

  return list;
}

MathBox *
_bobbin_math_accent (MathLayout           *layout,
                     const BobbinMathNode *node,
                     MathStyle             style)
{
  gboolean under = (node->flags & BOBBIN_MATH_FLAG_UNDER) != 0;
  gboolean wide = (node->flags & BOBBIN_MATH_FLAG_STRETCHY) != 0;
  MathBox *inner = _bobbin_math_layout_node (layout, node->a, under ? style : _bobbin_math_cramped (style));
  hb_codepoint_t glyph;
  gunichar c;

  if (node->text == NULL)
    return bar (layout, inner, under, style);
  c = g_utf8_get_char (node->text);
  if (!bobbin_math_font_glyph (layout->font, c, _bobbin_math_level (style), &glyph))
    return inner;
  if (wide && (c < 0x300 || c > 0x36f))
    return span (layout, inner, glyph, under, style);

  return put_accent (layout, inner, glyph, wide, style);
}

/* An arrow as long as the words over and under it. */
MathBox *
_bobbin_math_arrow (MathLayout           *layout,
                    const BobbinMathNode *node,
                    MathStyle             style)
{
  double em = _bobbin_math_em (layout, style);
  MathBox *list = _bobbin_math_box_new (layout, MATH_BOX_LIST);
  MathBox *above = _bobbin_math_layout_node (layout, node->c, script_style (style, FALSE));
  MathBox *below = node->b != NULL ? _bobbin_math_layout_node (layout, node->b, script_style (style, TRUE)) : NULL;
  double words = MAX (above->width, below != NULL ? below->width : 0);
  double width = MAX (words + 2 * ARROW_PAD * em, ARROW_LEAST * em);
  double gap = 0.12 * em;
  hb_codepoint_t glyph;
  MathBox *arrow;

  if (!bobbin_math_font_glyph (layout->font, g_utf8_get_char (node->text), 0, &glyph))
    return _bobbin_math_box_words (layout, node->text, 0, style);

  arrow = stretch (layout, glyph, width, TRUE, FALSE, _bobbin_math_level (style));
  width = MAX (width, arrow->width);
  _bobbin_math_box_put (list, arrow, (width - arrow->width) / 2, 0);
  _bobbin_math_box_put (list, above, (width - above->width) / 2, -(arrow->height + gap + above->depth));
  if (below != NULL)
    _bobbin_math_box_put (list, below, (width - below->width) / 2, MAX (arrow->depth, 0) + gap + below->height);
  list->width = width;

  return list;
}

MathBox *
_bobbin_math_boxed (MathLayout           *layout,
                    const BobbinMathNode *node,
                    MathStyle             style)
{
  MathBox *inner = _bobbin_math_layout_node (layout, node->a, style);
  MathBox *list = _bobbin_math_box_new (layout, MATH_BOX_LIST);
  double pad = FRAME_PAD * _bobbin_math_em (layout, style);
  double rule = _bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_FRACTION_RULE_THICKNESS, style);
  double width = inner->width + 2 * pad;
  double top = inner->height + pad;
  double bottom = inner->depth + pad;

  _bobbin_math_box_put (list, inner, pad, 0);
  _bobbin_math_box_put (list, _bobbin_math_box_rule (layout, width, rule, 0), 0, -top);
  _bobbin_math_box_put (list, _bobbin_math_box_rule (layout, width, 0, rule), 0, bottom);
  _bobbin_math_box_put (list, _bobbin_math_box_rule (layout, rule, top, bottom), 0, 0);
  _bobbin_math_box_put (list, _bobbin_math_box_rule (layout, rule, top, bottom), width - rule, 0);

  return list;
}

MathBox *
_bobbin_math_struck (MathLayout           *layout,
                     const BobbinMathNode *node,
                     MathStyle             style)
{
  MathBox *inner = _bobbin_math_layout_node (layout, node->a, style);
  MathBox *list = _bobbin_math_box_new (layout, MATH_BOX_LIST);

  _bobbin_math_box_put (list, inner, 0, 0);
  for (int i = 0; i < 2; i++)
    {
      MathBox *line;

      if ((node->flags & (i == 0 ? BOBBIN_MATH_FLAG_UP : BOBBIN_MATH_FLAG_DOWN)) == 0)
        continue;
      line = _bobbin_math_box_new (layout, MATH_BOX_LINE);
      line->width = inner->width;
      line->height = inner->height;
      line->depth = inner->depth;
      line->falling = i == 1;
      _bobbin_math_box_put (list, line, 0, 0);
    }

  return list;
}
