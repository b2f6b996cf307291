/* One block of a Markdown document as it is read: a paragraph, a heading, a piece of code… with the boxes (quotes, list items,
 * footnotes) it stands in. Its text is what is drawn, without markup; a map leads from there to the source and back. Plain data.
 *
 * Offsets called drawn are bytes of the drawn text, offsets called source are bytes of the document. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_MARKUP_PARAGRAPH,
  BOBBIN_MARKUP_HEADING,
  BOBBIN_MARKUP_CODE,
  BOBBIN_MARKUP_RULE,
  BOBBIN_MARKUP_TABLE,   /* text: cells parted by tabs, rows by line ends */
  BOBBIN_MARKUP_IMAGE,   /* info: the address, text: what stands for it */
  BOBBIN_MARKUP_MATH,    /* info: TeX, text: U+FFFC */
} BobbinMarkupKind;

typedef enum
{
  BOBBIN_RUN_EMPHASIS = 1 << 0,
  BOBBIN_RUN_STRONG   = 1 << 1,
  BOBBIN_RUN_STRIKE   = 1 << 2,
  BOBBIN_RUN_CODE     = 1 << 3,
  BOBBIN_RUN_LINK     = 1 << 4, /* target: the address as written */
  BOBBIN_RUN_IMAGE    = 1 << 5, /* target: the address as written */
  BOBBIN_RUN_NOTE     = 1 << 6, /* a footnote's number; target: its label */
  BOBBIN_RUN_MATH     = 1 << 7, /* one U+FFFC; target: TeX */
  BOBBIN_RUN_DISPLAY  = 1 << 8, /* with MATH: a formula of its own line */
} BobbinRunFlags;

/* Runs are in order and do not overlap; what no run covers is plain. */
typedef struct
{
  guint start;  /* drawn */
  guint end;
  guint flags;
  guint target; /* 1 + index of the block's targets; 0: none */
} BobbinMarkupRun;

/* From @drawn on, up to the next step, drawn and source go side by side. */
typedef struct
{
  guint drawn;
  gsize source;
} BobbinMarkupStep;

typedef enum
{
  BOBBIN_BOX_QUOTE,
  BOBBIN_BOX_BULLET,
  BOBBIN_BOX_NUMBER,
  BOBBIN_BOX_NOTE,     /* a footnote's text */
} BobbinBoxKind;

typedef struct
{
  BobbinBoxKind kind;
  gsize         id;      /* source offset where it starts: two blocks with the same id stand in the same box */
  gsize         list;    /* BULLET, NUMBER: id of the list */
  guint         number;  /* NUMBER, NOTE */
  guint8        task;    /* BULLET, NUMBER: 0, or ' ' (open) or 'x' (done) */
  gboolean      first;   /* the block is the first in the box: its mark is drawn here */
} BobbinMarkupBox;

#define BOBBIN_MARKUP_DEPTH 12 /* boxes around a block; what is deeper is shown at that depth */

typedef struct
{
  guint start; /* drawn */
  guint end;
} BobbinMarkupCell;

typedef struct
{
  BobbinMarkupKind kind;
  gboolean         continues; /* goes on from the block before: no gap, same card */
  gboolean         loose;     /* a blank line stands before it */
  gsize            start;     /* source: [start, end) */
  gsize            end;
  guint            level;     /* HEADING: 1-6 */
  guint            n_lines;   /* CODE: lines; 0: none yet. Others: 1 or more */
  char            *info;      /* CODE: language (nullable); IMAGE: address; MATH: TeX */
  char            *text;      /* (nullable) drawn; NULL: the source from start to end as it is */
  guint            length;    /* bytes drawn */
  GArray          *runs;      /* (nullable) of BobbinMarkupRun */
  GArray          *steps;     /* (nullable) of BobbinMarkupStep, the first at 0; NULL: side by side from start */
  GPtrArray       *targets;   /* (nullable) of char * */
  BobbinMarkupBox  boxes[BOBBIN_MARKUP_DEPTH]; /* from the outside in */
  guint            n_boxes;
  guint            n_columns; /* TABLE */
  GArray          *cells;     /* TABLE: of BobbinMarkupCell, row by row; the first row is the head */
  char             aligns[32]; /* TABLE: of the first columns: 0, 'l', 'c' or 'r' */
  gboolean         open_refs; /* names a link or a footnote that is not defined so far */
  guint            same;      /* drawn bytes that are as they were before the last feed */
} BobbinMarkupBlock;

BobbinMarkupBlock *bobbin_markup_block_new       (BobbinMarkupKind kind) G_GNUC_WARN_UNUSED_RESULT;
void               bobbin_markup_block_free      (BobbinMarkupBlock *self);
/* What is drawn of it; @source is the text of the document. */
const char        *bobbin_markup_block_get_text  (const BobbinMarkupBlock *self, const char *source);
/* Both clamp. What is hidden belongs to the drawn byte after it. */
gsize              bobbin_markup_block_to_source (const BobbinMarkupBlock *self, guint drawn);
guint              bobbin_markup_block_to_drawn  (const BobbinMarkupBlock *self, gsize source);
const char        *bobbin_markup_block_target    (const BobbinMarkupBlock *self, const BobbinMarkupRun *run); /* (nullable) */
/* How many drawn bytes from the start are the same, with the same runs; G_MAXUINT: the blocks are the same altogether. */
guint              bobbin_markup_block_compare   (const BobbinMarkupBlock *a, const BobbinMarkupBlock *b, const char *source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinMarkupBlock, bobbin_markup_block_free)

G_END_DECLS
