#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-math-layout-private.h"

#include <string.h>

#define MU (1.0 / 18)

MathBox *
_bobbin_math_box_new (MathLayout  *layout,
                      MathBoxKind  kind)
{
  MathBox *box = g_new0 (MathBox, 1);

  box->kind = kind;
  box->attach = -1;
  box->colored = layout->colored;
  box->rgb = layout->rgb;
  g_ptr_array_add (layout->boxes, box);

  return box;
}

void
_bobbin_math_box_put (MathBox *parent,
                      MathBox *child,
                      double   x,
                      double   y)
{
  child->x = x;
  child->y = y;
  if (parent->last == NULL)
    parent->first = child;
  else
    parent->last->next = child;
  parent->last = child;
  parent->width = MAX (parent->width, x + child->width);
  parent->height = MAX (parent->height, child->height - y);
  parent->depth = MAX (parent->depth, child->depth + y);
}

MathBox *
_bobbin_math_box_rule (MathLayout *layout,
                       double      width,
                       double      height,
                       double      depth)
{
  MathBox *rule = _bobbin_math_box_new (layout, MATH_BOX_RULE);

  rule->width = width;
  rule->height = height;
  rule->depth = depth;

  return rule;
}

int
_bobbin_math_level (MathStyle style)
{
  return MAX (style.level - 1, 0);
}

MathStyle
_bobbin_math_cramped (MathStyle style)
{
  return (MathStyle) { style.level, TRUE };
}

double
_bobbin_math_constant (MathLayout            *layout,
                       hb_ot_math_constant_t  constant,
                       MathStyle              style)
{
  return bobbin_math_font_constant (layout->font, constant, _bobbin_math_level (style));
}

double
_bobbin_math_em (MathLayout *layout,
                 MathStyle   style)
{
  int x;

  hb_font_get_scale (layout->font->shapers[_bobbin_math_level (style)], &x, NULL);

  return x / 1024.0;
}

MathBox *
_bobbin_math_box_glyph (MathLayout     *layout,
                        hb_codepoint_t  glyph,
                        int             level)
{
  MathBox *box = _bobbin_math_box_new (layout, MATH_BOX_GLYPH);
  hb_font_t *shaper = layout->font->shapers[level];
  double left, right;

  bobbin_math_font_ink (layout->font, glyph, level, &left, &right, &box->height, &box->depth);
  box->glyph = glyph;
  box->level = level;
  box->single = TRUE;
  box->italic = hb_ot_math_get_glyph_italics_correction (shaper, glyph) / 1024.0;
  box->width = bobbin_math_font_advance (layout->font, glyph, level) + box->italic;
  box->attach = hb_ot_math_get_glyph_top_accent_attachment (shaper, glyph) / 1024.0;

  return box;
}

MathBox *
_bobbin_math_box_words (MathLayout *layout,
                        const char *text,
                        guint       flags,
                        MathStyle   style)
{
  MathBox *box = _bobbin_math_box_new (layout, MATH_BOX_WORDS);
  PangoFontDescription *font =
    pango_font_description_copy (layout->words != NULL ? layout->words : pango_context_get_font_description (layout->context));
  double scale = _bobbin_math_em (layout, style) / layout->font->size;
  int size = (int) (pango_font_description_get_size (font) * scale);
  PangoRectangle logical;
  PangoRectangle ink;

  if (pango_font_description_get_size_is_absolute (font))
    pango_font_description_set_absolute_size (font, size);
  else
    pango_font_description_set_size (font, size);
  if ((flags & BOBBIN_MATH_FLAG_BOLD) != 0)
    pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  if ((flags & BOBBIN_MATH_FLAG_SLANTED) != 0)
    pango_font_description_set_style (font, PANGO_STYLE_ITALIC);
  if ((flags & BOBBIN_MATH_FLAG_MONO) != 0)
    pango_font_description_set_family_static (font, "Monospace");

  box->layout = pango_layout_new (layout->context);
  pango_layout_set_font_description (box->layout, font);
  pango_layout_set_single_paragraph_mode (box->layout, TRUE);
  pango_layout_set_text (box->layout, text, -1);
  pango_layout_get_extents (box->layout, &ink, &logical);
  box->width = logical.width / (double) PANGO_SCALE;
  box->height = MAX ((pango_layout_get_baseline (box->layout) - ink.y) / (double) PANGO_SCALE, 0);
  box->depth = MAX (ink.height / (double) PANGO_SCALE - box->height, 0);
  pango_font_description_free (font);

  return box;
}

MathBox *
_bobbin_math_box_char (MathLayout *layout,
                       gunichar    c,
                       MathStyle   style)
{
  hb_codepoint_t glyph;
  char text[8] = "";

  if (bobbin_math_font_glyph (layout->font, c, _bobbin_math_level (style), &glyph))
    return _bobbin_math_box_glyph (layout, glyph, _bobbin_math_level (style));

  /* Another font may have it; a letter of an alphabet that is nowhere is better plain than missing. */
  if (c >= 0x1d400 && c <= 0x1d7ff)
    {
      g_autofree char *plain = NULL;

      g_unichar_to_utf8 (c, text);
      plain = g_utf8_normalize (text, -1, G_NORMALIZE_NFKC);
      return _bobbin_math_box_words (layout, plain, 0, style);
    }
  g_unichar_to_utf8 (c, text);

  return _bobbin_math_box_words (layout, text, 0, style);
}

/* Upright words such as "sin", numbers: shaped, so that letters are kerned. */
static MathBox *
shape (MathLayout *layout,
       const char *text,
       MathStyle   style)
{
  MathBox *list = _bobbin_math_box_new (layout, MATH_BOX_LIST);
  int level = _bobbin_math_level (style);
  hb_buffer_t *buffer = hb_buffer_create ();
  hb_glyph_position_t *positions;
  hb_glyph_info_t *infos;
  unsigned int n;
  double x = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      hb_codepoint_t glyph;

      if (!bobbin_math_font_glyph (layout->font, g_utf8_get_char (p), level, &glyph))
        {
          hb_buffer_destroy (buffer);
          return _bobbin_math_box_words (layout, text, 0, style);
        }
    }
  hb_buffer_add_utf8 (buffer, text, -1, 0, -1);
  hb_buffer_set_script (buffer, HB_SCRIPT_MATH);
  hb_buffer_set_direction (buffer, HB_DIRECTION_LTR);
  hb_shape (layout->font->shapers[level], buffer, NULL, 0);
  infos = hb_buffer_get_glyph_infos (buffer, &n);
  positions = hb_buffer_get_glyph_positions (buffer, &n);
  for (unsigned int i = 0; i < n; i++)
    {
      MathBox *box = _bobbin_math_box_glyph (layout, infos[i].codepoint, level);

      box->width -= box->italic;
      _bobbin_math_box_put (list, box, x + positions[i].x_offset / 1024.0, -positions[i].y_offset / 1024.0);
      x += positions[i].x_advance / 1024.0;
    }
  list->width = x;
  hb_buffer_destroy (buffer);

  return list;
}

/* A stroke through what has no negated sign of its own. */
static MathBox *
negate (MathLayout *layout,
        MathBox    *base,
        MathStyle   style)
{
  MathBox *list = _bobbin_math_box_new (layout, MATH_BOX_LIST);
  MathBox *stroke = _bobbin_math_box_char (layout, '/', style);
  double axis = _bobbin_math_constant (layout, HB_OT_MATH_CONSTANT_AXIS_HEIGHT, style);

  _bobbin_math_box_put (list, base, 0, 0);
  _bobbin_math_box_put (list, stroke, (base->width - stroke->width) / 2, (stroke->height - stroke->depth) / 2 - axis);

  return list;
}

static MathBox *
layout_symbol (MathLayout           *layout,
               const BobbinMathNode *node,
               MathStyle             style)
{
  MathBox *box;

  if ((node->flags & BOBBIN_MATH_FLAG_LARGE) != 0)
    box = _bobbin_math_operator (layout, node, style);
  else if (*node->text == '\0' || *g_utf8_next_char (node->text) == '\0')
    box = _bobbin_math_box_char (layout, g_utf8_get_char (node->text), style);
  else
    box = shape (layout, node->text, style);

  return (node->flags & BOBBIN_MATH_FLAG_NEGATED) != 0 ? negate (layout, box, style) : box;
}

static MathBox *
layout_phantom (MathLayout           *layout,
                const BobbinMathNode *node,
                MathStyle             style)
{
  MathBox *inner = _bobbin_math_layout_node (layout, node->a, style);
  MathBox *box = _bobbin_math_box_new (layout, MATH_BOX_LIST);

  if ((node->flags & BOBBIN_MATH_FLAG_NO_WIDTH) == 0)
    box->width = inner->width;
  if ((node->flags & BOBBIN_MATH_FLAG_NO_HEIGHT) == 0)
    {
      box->height = inner->height;
      box->depth = inner->depth;
    }

  return box;
}

/* \big and its kin. */
static MathBox *
layout_delimiter (MathLayout           *layout,
                  const BobbinMathNode *node,
                  MathStyle             style)
{
  static const double sizes[] = { 0, 1.1, 1.65, 2.2, 2.75 };
  MathBox *box = _bobbin_math_delimiter_box (layout, node->text, sizes[(int) CLAMP (node->amount, 0, 4)] *
                                             _bobbin_math_em (layout, style), style);

  return box != NULL ? box : _bobbin_math_box_new (layout, MATH_BOX_LIST);
}

MathBox *
_bobbin_math_layout_node (MathLayout           *layout,
                          const BobbinMathNode *node,
                          MathStyle             style)
{
  switch (node->kind)
    {
    case BOBBIN_MATH_SYMBOL:
      return layout_symbol (layout, node, style);
    case BOBBIN_MATH_WORDS:
      return _bobbin_math_box_words (layout, node->text, node->flags, style);
    case BOBBIN_MATH_SOURCE:
      return _bobbin_math_box_words (layout, node->text, BOBBIN_MATH_FLAG_MONO, style);
    case BOBBIN_MATH_FRACTION:
      return _bobbin_math_fraction (layout, node, style);
    case BOBBIN_MATH_RADICAL:
      return _bobbin_math_radical (layout, node, style);
    case BOBBIN_MATH_SCRIPTS:
      return _bobbin_math_scripts (layout, node, style);
    case BOBBIN_MATH_ACCENT:
      return _bobbin_math_accent (layout, node, style);
    case BOBBIN_MATH_FENCED:
      return _bobbin_math_fenced (layout, node, style);
    case BOBBIN_MATH_DELIMITER:
      return layout_delimiter (layout, node, style);
    case BOBBIN_MATH_TABLE:
      return _bobbin_math_table (layout, node, style);
    case BOBBIN_MATH_ARROW:
      return _bobbin_math_arrow (layout, node, style);
    case BOBBIN_MATH_PHANTOM:
      return layout_phantom (layout, node, style);
    case BOBBIN_MATH_BOXED:
      return _bobbin_math_boxed (layout, node, style);
    case BOBBIN_MATH_STRUCK:
      return _bobbin_math_struck (layout, node, style);
    case BOBBIN_MATH_ROW:
    case BOBBIN_MATH_SPACE:
    case BOBBIN_MATH_STYLE:
    case BOBBIN_MATH_COLOR:
    default:
      return _bobbin_math_layout_row (layout, node, style);
    }
}

/* One member of a row, after groups that only change style or colour are opened. */
typedef struct
{
  const BobbinMathNode *node;
  MathStyle             style;
  gboolean              colored;
  guint32               rgb;
  BobbinMathClass       atom;
} Member;

static void
gather (MathLayout           *layout,
        GArray               *members,
        const BobbinMathNode *node,
        MathStyle             style,
        gboolean              open)
{
  Member member = { node, style, layout->colored, layout->rgb, node->atom };

  if (node->kind == BOBBIN_MATH_STYLE)
    {
      style.level = (int) CLAMP (node->amount, 0, 3);
      gather (layout, members, node->a, style, TRUE);
    }
  else if (node->kind == BOBBIN_MATH_COLOR)
    {
      layout->colored = TRUE;
      layout->rgb = node->rgb;
      gather (layout, members, node->a, style, TRUE);
      layout->colored = member.colored;
      layout->rgb = member.rgb;
    }
  else if (open && node->kind == BOBBIN_MATH_ROW)
    {
      for (const BobbinMathNode *child = node->first; child != NULL; child = child->next)
        gather (layout, members, child, style, FALSE);
    }
  else
    {
      g_array_append_val (members, member);
    }
}

/* A sign with nothing to its left or right to work on is no binary operator. */
static void
settle_classes (GArray  *members,
                gboolean after_something)
{
  Member *before = NULL;

  for (guint i = 0; i < members->len; i++)
    {
      Member *member = &g_array_index (members, Member, i);
      BobbinMathClass left = before != NULL ? before->atom : after_something ? BOBBIN_MATH_ORD : BOBBIN_MATH_OPENING;

      if (member->node->kind == BOBBIN_MATH_SPACE)
        continue;
      if (member->atom == BOBBIN_MATH_BIN &&
          (left == BOBBIN_MATH_BIN || left == BOBBIN_MATH_OP || left == BOBBIN_MATH_REL || left == BOBBIN_MATH_OPENING ||
           left == BOBBIN_MATH_PUNCT))
        member->atom = BOBBIN_MATH_ORD;
      if (before != NULL && before->atom == BOBBIN_MATH_BIN &&
          (member->atom == BOBBIN_MATH_REL || member->atom == BOBBIN_MATH_CLOSING || member->atom == BOBBIN_MATH_PUNCT))
        before->atom = BOBBIN_MATH_ORD;
      before = member;
    }
  if (before != NULL && before->atom == BOBBIN_MATH_BIN)
    before->atom = BOBBIN_MATH_ORD;
}

/* The TeXbook, chapter 18: 1 thin, 2 medium, 3 thick; negative: not in scripts. In mu. */
static double
space_between (BobbinMathClass left,
               BobbinMathClass right,
               MathStyle       style)
{
  static const gint8 table[8][8] = {
    /*           ord op  bin rel open cl punct inner */
    /* ord   */ { 0, 1, -2, -3, 0, 0, 0, -1 },
    /* op    */ { 1, 1, 0, -3, 0, 0, 0, -1 },
    /* bin   */ { -2, -2, 0, 0, -2, 0, 0, -2 },
    /* rel   */ { -3, -3, 0, 0, -3, 0, 0, -3 },
    /* open  */ { 0, 0, 0, 0, 0, 0, 0, 0 },
    /* close */ { 0, 1, -2, -3, 0, 0, 0, -1 },
    /* punct */ { -1, -1, 0, -1, -1, -1, -1, -1 },
    /* inner */ { -1, 1, -2, -3, -1, 0, -1, -1 },
  };
  static const double mu[] = { 0, 3, 4, 5 };
  int space = table[left][right];

  return space < 0 && style.level >= 2 ? 0 : mu[ABS (space)];
}

static MathBox *
layout_members (MathLayout *layout,
                GArray     *members,
                gboolean    after_something)
{
  MathBox *list = _bobbin_math_box_new (layout, MATH_BOX_LIST);
  const Member *before = NULL;
  gboolean colored = layout->colored;
  guint32 rgb = layout->rgb;
  double x = 0;

  settle_classes (members, after_something);
  for (guint i = 0; i < members->len; i++)
    {
      const Member *member = &g_array_index (members, Member, i);
      double em = _bobbin_math_em (layout, member->style);
      MathBox *box;

      if (member->node->kind == BOBBIN_MATH_SPACE)
        {
          x += member->node->amount * MU * em;
          continue;
        }
      layout->colored = member->colored;
      layout->rgb = member->rgb;
      if (before != NULL)
        x += space_between (before->atom, member->atom, member->style) * MU * em;
      else if (after_something)
        x += space_between (BOBBIN_MATH_ORD, member->atom, member->style) * MU * em;
      box = member->node->kind == BOBBIN_MATH_ROW ? _bobbin_math_layout_row (layout, member->node, member->style)
                                                  : _bobbin_math_layout_node (layout, member->node, member->style);
      _bobbin_math_box_put (list, box, x, 0);
      x += box->width;
      before = member;
    }
  layout->colored = colored;
  layout->rgb = rgb;
  list->width = MAX (x, 0);

  return list;
}

static MathBox *
layout_list (MathLayout           *layout,
             const BobbinMathNode *node,
             MathStyle             style,
             gboolean              after_something)
{
  g_autoptr(GArray) members = g_array_new (FALSE, FALSE, sizeof (Member));
  MathBox *list;

  gather (layout, members, node, style, TRUE);
  list = layout_members (layout, members, after_something);

  /* One symbol stays one: its accent and scripts need its slant. */
  if (members->len == 1 && !after_something && list->first != NULL)
    {
      MathBox *only = list->first;

      list->italic = only->italic;
      list->attach = only->attach;
      list->single = only->single;
      list->glyph = only->glyph;
      list->level = only->level;
    }

  return list;
}

MathBox *
_bobbin_math_layout_row (MathLayout           *layout,
                         const BobbinMathNode *node,
                         MathStyle             style)
{
  return layout_list (layout, node, style, FALSE);
}

MathBox *
_bobbin_math_layout_cell (MathLayout           *layout,
                          const BobbinMathNode *node,
                          MathStyle             style)
{
  return layout_list (layout, node, style, TRUE);
}
