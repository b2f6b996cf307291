/* A formula as a tree, read from TeX: what the layout sets, what tests and assistive tools read.
 *
 * bobbin_math_parse() always gives a tree. A command that is not known stands in it as its source; what cannot be read at all
 * (braces that do not close, more than the bounds below, definitions of macros, which are never carried out) gives a tree that
 * is "broken", with the whole source as its root. Time is linear in the source. Plain data, never changed after parsing; all
 * nodes and their texts belong to the tree. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BOBBIN_MATH_DEPTH_MAX  48   /* nesting of groups */
#define BOBBIN_MATH_NODES_MAX  6000
#define BOBBIN_MATH_SOURCE_MAX 32768 /* bytes */
#define BOBBIN_MATH_SPACE_MAX  180   /* mu, either way */

/* TeX's classes of atoms; they decide the space between two. */
typedef enum
{
  BOBBIN_MATH_ORD,
  BOBBIN_MATH_OP,
  BOBBIN_MATH_BIN,
  BOBBIN_MATH_REL,
  BOBBIN_MATH_OPENING,
  BOBBIN_MATH_CLOSING,
  BOBBIN_MATH_PUNCT,
  BOBBIN_MATH_INNER,
} BobbinMathClass;

/* a, b, c: the slots. */
typedef enum
{
  BOBBIN_MATH_ROW,       /* children, one after the other */
  BOBBIN_MATH_SYMBOL,    /* text: one atom, in its alphabet */
  BOBBIN_MATH_WORDS,     /* text, as \text has it */
  BOBBIN_MATH_SOURCE,    /* text: what is not known, as it was written */
  BOBBIN_MATH_SPACE,     /* amount in mu */
  BOBBIN_MATH_FRACTION,  /* a over b; flag NO_RULE; the delimiters of a binomial */
  BOBBIN_MATH_RADICAL,   /* a; b: index */
  BOBBIN_MATH_SCRIPTS,   /* a; b: below, c: above */
  BOBBIN_MATH_ACCENT,    /* a; text: the sign, none for a rule; flags UNDER, STRETCHY */
  BOBBIN_MATH_FENCED,    /* children, among them DELIMITERs of size 0 (\middle); open, close */
  BOBBIN_MATH_DELIMITER, /* text; amount: 1 to 4 for \big to \Bigg */
  BOBBIN_MATH_TABLE,     /* children: ROWs, whose children are the cells and whose a is a tag; open, close, columns */
  BOBBIN_MATH_ARROW,     /* text: the arrow; b: below, c: above */
  BOBBIN_MATH_STYLE,     /* a in style amount: 0 display to 3 scriptscript */
  BOBBIN_MATH_COLOR,     /* a in colour rgb */
  BOBBIN_MATH_PHANTOM,   /* a takes its room, unseen; flags NO_WIDTH, NO_HEIGHT */
  BOBBIN_MATH_BOXED,     /* a in a frame */
  BOBBIN_MATH_STRUCK,    /* a struck through; flags UP, DOWN */
} BobbinMathKind;

typedef enum
{
  BOBBIN_MATH_FLAG_LIMITS    = 1 << 0, /* scripts above and below, in displays */
  BOBBIN_MATH_FLAG_ALWAYS    = 1 << 1, /* … in every style */
  BOBBIN_MATH_FLAG_LARGE     = 1 << 2, /* the operator grows in displays */
  BOBBIN_MATH_FLAG_STRETCHY  = 1 << 3,
  BOBBIN_MATH_FLAG_UNDER     = 1 << 4,
  BOBBIN_MATH_FLAG_NO_RULE   = 1 << 5,
  BOBBIN_MATH_FLAG_NO_WIDTH  = 1 << 6,
  BOBBIN_MATH_FLAG_NO_HEIGHT = 1 << 7,
  BOBBIN_MATH_FLAG_NEGATED   = 1 << 8,  /* a stroke through the symbol */
  BOBBIN_MATH_FLAG_UP        = 1 << 9,  /* strokes */
  BOBBIN_MATH_FLAG_DOWN      = 1 << 10,
  BOBBIN_MATH_FLAG_RULED     = 1 << 11, /* ROW of a TABLE: a line above it */
  BOBBIN_MATH_FLAG_CONTINUED = 1 << 12, /* \cfrac: parts in display style */
  BOBBIN_MATH_FLAG_BOLD      = 1 << 13, /* WORDS */
  BOBBIN_MATH_FLAG_SLANTED   = 1 << 14,
  BOBBIN_MATH_FLAG_MONO      = 1 << 15,
} BobbinMathFlags;

typedef enum
{
  BOBBIN_MATH_TABLE_MATRIX,
  BOBBIN_MATH_TABLE_SMALL,
  BOBBIN_MATH_TABLE_CASES,
  BOBBIN_MATH_TABLE_ALIGNED,  /* pairs of columns that meet */
  BOBBIN_MATH_TABLE_GATHERED,
  BOBBIN_MATH_TABLE_SUBSTACK,
} BobbinMathTableKind;

typedef enum
{
  BOBBIN_MATH_ALPHABET_NORMAL, /* letters slanted, digits upright */
  BOBBIN_MATH_ALPHABET_ROMAN,
  BOBBIN_MATH_ALPHABET_ITALIC,
  BOBBIN_MATH_ALPHABET_BOLD,
  BOBBIN_MATH_ALPHABET_BOLD_ITALIC,
  BOBBIN_MATH_ALPHABET_SCRIPT,
  BOBBIN_MATH_ALPHABET_BOLD_SCRIPT,
  BOBBIN_MATH_ALPHABET_FRAKTUR,
  BOBBIN_MATH_ALPHABET_BOLD_FRAKTUR,
  BOBBIN_MATH_ALPHABET_DOUBLE,
  BOBBIN_MATH_ALPHABET_SANS,
  BOBBIN_MATH_ALPHABET_SANS_BOLD,
  BOBBIN_MATH_ALPHABET_MONO,
} BobbinMathAlphabet;

typedef struct _BobbinMathNode BobbinMathNode;

struct _BobbinMathNode
{
  BobbinMathKind       kind;
  BobbinMathClass      atom;    /* its class */
  guint                flags;   /* BobbinMathFlags */
  BobbinMathTableKind  table;
  double               amount;
  guint32              rgb;     /* 0xRRGGBB */
  const char          *text;    /* (nullable) */
  const char          *open;    /* (nullable): none */
  const char          *close;   /* (nullable) */
  const char          *columns; /* (nullable) l, c, r and | in order */
  BobbinMathNode      *a;       /* (nullable) */
  BobbinMathNode      *b;       /* (nullable) */
  BobbinMathNode      *c;       /* (nullable) */
  BobbinMathNode      *first;   /* (nullable): the first child */
  BobbinMathNode      *next;    /* (nullable): the next of its siblings */
};

typedef struct
{
  BobbinMathNode *root;
  BobbinMathNode *tag;    /* (nullable): \tag of the whole formula */
  gboolean        broken; /* root is the source */
  /* owned */
  GPtrArray      *nodes;
  GStringChunk   *texts;
} BobbinMathTree;

/* @length may be -1. */
BobbinMathTree *bobbin_math_parse         (const char *tex, gssize length) G_GNUC_WARN_UNUSED_RESULT;
void            bobbin_math_tree_free     (BobbinMathTree *self);
/* (transfer full): in one line that can be read, such as "√(x² + 1)/2". */
char           *bobbin_math_tree_dup_text (const BobbinMathTree *self) G_GNUC_WARN_UNUSED_RESULT;
/* @c in @alphabet; itself where that has no such letter. */
gunichar        bobbin_math_alphabet_map  (BobbinMathAlphabet alphabet, gunichar c);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinMathTree, bobbin_math_tree_free)

G_END_DECLS
