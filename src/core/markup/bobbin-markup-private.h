/* What the files of the Markdown core share: -parse.c (one stretch of source through cmark-gfm), -walk.c (its tree to blocks),
 * -inline.c (half-open constructs), -cut.c (where a long block is cut), bobbin-markup.c (the document that grows). */
#pragma once

#include "markup/bobbin-markup.h"
#include "markup/bobbin-math-scan.h"

#include <cmark-gfm.h>

G_BEGIN_DECLS

#define BOBBIN_PRELUDE_MARK "\u00a0" /* begins a paragraph and nothing else */
#define BOBBIN_MATH_MARK    "\xef\xb7\x90" /* U+FDD0: stands for the first bytes of a formula */
#define BOBBIN_OBJECT       "\xef\xbf\xbc" /* U+FFFC: what is drawn for a formula */

typedef enum { LEAF_NONE, LEAF_PARAGRAPH, LEAF_CODE, LEAF_TABLE } BobbinMarkupLeaf;

/* What is open where a stretch of source begins, when a long block was cut there. */
typedef struct
{
  BobbinMarkupBox  boxes[BOBBIN_MARKUP_DEPTH];
  guint            widths[BOBBIN_MARKUP_DEPTH]; /* columns an item takes from its content */
  guint            n_boxes;
  BobbinMarkupLeaf leaf;
  gboolean         mid_line;    /* PARAGRAPH: the stretch begins within a line */
  char            *head;        /* CODE: the line of the fence; TABLE: head and delimiter row; owned */
  gboolean         in_list;     /* the first list goes on from: */
  gsize            list;
  guint            number;
} BobbinMarkupContext;

typedef struct _BobbinMarkupRefs BobbinMarkupRefs;

/* One stretch of source with what cmark-gfm made of it. */
typedef struct
{
  const char                *source;   /* of the document, borrowed */
  gsize                      from;
  gsize                      to;
  const BobbinMarkupContext *context;  /* borrowed */
  BobbinMarkupRefs          *refs;     /* (nullable) borrowed */
  gboolean                   strict;   /* CommonMark and nothing else */
  gboolean                   whole;    /* what stands behind it does not matter to the formulas in it */
  gboolean                   final;    /* what has no definition by now has none */
  /* owned */
  GString                   *buf;      /* prelude, the stretch with formulas made opaque, suffix */
  gsize                      prelude;  /* bytes */
  guint                      prelude_lines;
  GArray                    *lines;    /* of gsize: where they start in @buf */
  GArray                    *math;     /* of BobbinMathSpan in the stretch's source offsets */
  gsize                      settled;  /* source: up to here formulas are known */
  cmark_node                *root;
} BobbinMarkupParse;

/* -data.c: (nullable) (transfer full): the large picture that begins at @from. @ret_end: where what follows it begins; 0: it has not
 * ended yet. @seen: how far it was looked at. */
BobbinMarkupBlock *_bobbin_markup_read_data (const char *text, gsize from, gsize length, gboolean final, gsize *seen, gsize *ret_end);

/* -parse.c */
void        _bobbin_markup_context_clear (BobbinMarkupContext *context);
void        _bobbin_markup_parse_init    (BobbinMarkupParse *parse, const char *suffix);
void        _bobbin_markup_parse_clear   (BobbinMarkupParse *parse);
gsize       _bobbin_markup_parse_line    (const BobbinMarkupParse *parse, int line);        /* start in buf; 1 is the first */
gsize       _bobbin_markup_parse_source  (const BobbinMarkupParse *parse, gsize buf_offset);
cmark_node *_bobbin_markup_parse_last_unit (const BobbinMarkupParse *parse, cmark_node **ret_before);
gboolean    _bobbin_markup_node_is       (cmark_node *node, const char *type);
gboolean    _bobbin_markup_node_is_item  (cmark_node *node);

/* -walk.c: blocks of the stretch, in order (transfer full) */
GPtrArray  *_bobbin_markup_walk          (BobbinMarkupParse *parse);

/* -inline.c */
/* What to add so that the open inline constructs of the last line look finished; @ret_to: what of the text is kept. */
char       *_bobbin_markup_inline_close  (const char *text, gsize from, gsize to, gsize *ret_to);
/* A place in (from + least, to] where a paragraph may be cut. */
gsize       _bobbin_markup_inline_cut    (const char *text, gsize from, gsize to, gsize least);
/* Whether the unfinished line [from, to) may still turn out to be something else than text. */
gboolean    _bobbin_markup_must_hold     (const char *text, gsize from, gsize to);

/* -cut.c: cuts the only unit of @parse; returns the source offset where the rest begins and what is open there. */
gsize       _bobbin_markup_cut           (BobbinMarkupParse *parse, GPtrArray *blocks, BobbinMarkupContext *ret_context);

/* -refs.c: link definitions and footnote labels of a document */
BobbinMarkupRefs *_bobbin_markup_refs_new     (void);
void              _bobbin_markup_refs_free    (BobbinMarkupRefs *self);
/* Takes in the definitions in a stretch of source; none stands in what one of @blocks shows. */
void              _bobbin_markup_refs_collect (BobbinMarkupRefs *self, GPtrArray *blocks, const char *source, gsize from, gsize to);
/* The definitions of what [from, to) names, as Markdown, for the prelude of a parse; "" when none. */
void              _bobbin_markup_refs_append  (BobbinMarkupRefs *self, const char *source, gsize from, gsize to, GString *out);
/* Whether [from, to) names something that is defined, or a footnote that is not. */
gboolean          _bobbin_markup_refs_concern (BobbinMarkupRefs *self, const char *source, gsize from, gsize to);
guint             _bobbin_markup_refs_note    (BobbinMarkupRefs *self, const char *label, gsize length, gboolean define);
gboolean          _bobbin_markup_refs_has_note (BobbinMarkupRefs *self, const char *label, gsize length);

/* -footnote.c */
struct cmark_syntax_extension *_bobbin_markup_footnote_extension (void);
gboolean                       _bobbin_markup_node_is_footnote   (cmark_node *node);

G_END_DECLS
