/* What the files of the layout share: bobbin-math-layout.c (boxes, symbols, rows), -parts.c (fractions, roots, accents,
 * delimiters), -scripts.c, -tables.c; bobbin-math-box.c keeps and draws what they make.
 *
 * A box has its origin at the left end of its baseline; y grows downwards. Boxes live in the layout's arena until the formula
 * is flattened into what is drawn. Lengths are pixels. Rules and names are those of The TeXbook, appendix G, with the
 * constants of the OpenType MATH table in the place of TeX's font dimensions. */
#pragma once

#include "markup/bobbin-math-tree.h"
#include "ui/transcript/bobbin-math-font.h"

G_BEGIN_DECLS

typedef enum
{
  MATH_BOX_LIST,  /* only its children */
  MATH_BOX_GLYPH,
  MATH_BOX_RULE,
  MATH_BOX_WORDS, /* a PangoLayout */
  MATH_BOX_LINE,  /* from corner to corner */
} MathBoxKind;

typedef struct _MathBox MathBox;

struct _MathBox
{
  MathBoxKind     kind;
  double          width;
  double          height;   /* above the baseline */
  double          depth;    /* below it */
  double          italic;   /* how much its top leans over its foot; part of the width */
  double          x;        /* of its origin in that of its parent */
  double          y;
  double          attach;   /* where an accent sits, from the left; < 0: in the middle */
  hb_codepoint_t  glyph;    /* GLYPH; of a LIST that stands for one glyph: that, for kerning */
  gboolean        single;   /* one glyph as it is in the font */
  int             level;    /* GLYPH: size */
  gboolean        colored;
  guint32         rgb;
  gboolean        falling;  /* LINE */
  PangoLayout    *layout;   /* WORDS, owned */
  MathBox        *first;
  MathBox        *last;
  MathBox        *next;
};

typedef struct
{
  int      level;   /* 0 display, 1 text, 2 script, 3 scriptscript */
  gboolean cramped;
} MathStyle;

typedef struct
{
  BobbinMathFont             *font;
  PangoContext               *context;
  const PangoFontDescription *words;   /* (nullable) font of \text */
  GPtrArray                  *boxes;   /* the arena */
  gboolean                    colored; /* what is made now */
  guint32                     rgb;
} MathLayout;

#define MATH_UP(box, by)  ((box)->y -= (by))

/* bobbin-math-layout.c */
MathBox   *_bobbin_math_box_new       (MathLayout *layout, MathBoxKind kind);
/* @child moves to (@x, @y); the measures of @parent grow to hold it. */
void       _bobbin_math_box_put       (MathBox *parent, MathBox *child, double x, double y);
MathBox   *_bobbin_math_box_rule      (MathLayout *layout, double width, double height, double depth);
MathBox   *_bobbin_math_layout_node   (MathLayout *layout, const BobbinMathNode *node, MathStyle style);
MathBox   *_bobbin_math_layout_row    (MathLayout *layout, const BobbinMathNode *node, MathStyle style);
/* With the space that a relation has after something on its left. */
MathBox   *_bobbin_math_layout_cell   (MathLayout *layout, const BobbinMathNode *node, MathStyle style);
MathBox   *_bobbin_math_box_glyph     (MathLayout *layout, hb_codepoint_t glyph, int level);
MathBox   *_bobbin_math_box_char      (MathLayout *layout, gunichar c, MathStyle style);
MathBox   *_bobbin_math_box_words     (MathLayout *layout, const char *text, guint flags, MathStyle style);
double     _bobbin_math_constant      (MathLayout *layout, hb_ot_math_constant_t constant, MathStyle style);
double     _bobbin_math_em            (MathLayout *layout, MathStyle style);
int        _bobbin_math_level         (MathStyle style);
MathStyle  _bobbin_math_cramped       (MathStyle style);

/* bobbin-math-layout-parts.c */
MathBox   *_bobbin_math_fraction      (MathLayout *layout, const BobbinMathNode *node, MathStyle style);
MathBox   *_bobbin_math_radical       (MathLayout *layout, const BobbinMathNode *node, MathStyle style);
MathBox   *_bobbin_math_accent        (MathLayout *layout, const BobbinMathNode *node, MathStyle style);
MathBox   *_bobbin_math_arrow         (MathLayout *layout, const BobbinMathNode *node, MathStyle style);
MathBox   *_bobbin_math_fenced        (MathLayout *layout, const BobbinMathNode *node, MathStyle style);
MathBox   *_bobbin_math_boxed         (MathLayout *layout, const BobbinMathNode *node, MathStyle style);
MathBox   *_bobbin_math_struck        (MathLayout *layout, const BobbinMathNode *node, MathStyle style);
/* (nullable) for no delimiter: @text at least @size tall, its middle on the axis. */
MathBox   *_bobbin_math_delimiter_box (MathLayout *layout, const char *text, double size, MathStyle style);
/* @inner between delimiters that are as tall as it. */
MathBox   *_bobbin_math_enclose       (MathLayout *layout, MathBox *inner, const char *open, const char *close, MathStyle style);

/* bobbin-math-layout-scripts.c */
MathBox   *_bobbin_math_scripts       (MathLayout *layout, const BobbinMathNode *node, MathStyle style);
MathBox   *_bobbin_math_operator      (MathLayout *layout, const BobbinMathNode *node, MathStyle style);

/* bobbin-math-layout-tables.c */
MathBox   *_bobbin_math_table         (MathLayout *layout, const BobbinMathNode *node, MathStyle style);

G_END_DECLS
