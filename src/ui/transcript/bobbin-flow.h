/* The layout of one block: a run of PangoLayouts, cut where a line ends, so that what is finished is never laid out again
 * and a paragraph that grows costs its last lines only, however long it is.
 *
 * Cutting at a line's start changes nothing on the screen: lines are broken one after the other. Layouts far from the screen
 * are dropped; their heights stay. Lengths are Pango units, offsets are bytes of the drawn text. Plain struct, owned by the
 * prose widget; block and text are handed in, they may have moved since the last call. */
#pragma once

#include <gtk/gtk.h>

#include "markup/bobbin-markup-block.h"

G_BEGIN_DECLS

/* How one kind of text is set. Owned by the prose widget. */
typedef struct
{
  PangoContext         *context;
  PangoFontDescription *font;     /* (nullable) */
  PangoAttrList        *attrs;
  GHashTable           *formulas; /* (nullable) set before: layouts are dropped and made again, formulas take long */
  PangoColor            link;     /* of addresses */
  gboolean              code;     /* left to right, broken between characters where nothing else serves */
  gboolean              no_wrap;
  int                   line_height;
  int                   ascent;   /* from the top of a line to its baseline */
  int                   x_height;
  int                   char_width;
  int                   digit_width;
} BobbinFlowStyle;

typedef struct
{
  guint        start;
  guint        end;
  guint        safe;   /* as long as the text up to here stays, so does where this chunk ends */
  int          width;
  int          height;
  guint        n_lines; /* as broken */
  gboolean     broken; /* lines are, though the style does not want it: of a line nobody could scroll along */
  PangoLayout *layout; /* (nullable): far from the screen */
  GskRenderNode *drawn; /* (nullable): the layout as it was last drawn, in drawn_color */
  GdkRGBA      drawn_color;
  GskRenderNode *beside; /* (nullable): what was last drawn beside its lines, with beside_color and beside_first */
  GdkRGBA      beside_color;
  guint        beside_first;
} BobbinFlowChunk;

/* A piece of highlighted code. */
typedef struct
{
  guint      start;
  guint      end;
  PangoColor color;
  guint8     bold;
  guint8     italic;
  guint8     underline;
  guint8     colored;
} BobbinFlowSpan;

typedef struct
{
  GArray *chunks;      /* of BobbinFlowChunk; NULL: never laid out at this width */
  GArray *spans;       /* (nullable) of BobbinFlowSpan */
  guint   length;
  int     width;       /* it was laid out for */
  int     height;      /* of all chunks; an estimate while there are none */
  int     natural;     /* widest line */
  guint   n_lines;     /* as broken, of all chunks */
  guint   n_layouts;   /* made so far: for tests of what is laid out again */
} BobbinFlow;

/* What is drawn behind a part of the text. */
typedef struct
{
  guint   start;
  guint   end;
  GdkRGBA color;
  float   radius;
} BobbinFlowMark;

typedef struct
{
  const BobbinFlowStyle   *style;
  const BobbinMarkupBlock *block;
  const char              *text;  /* drawn */
  gboolean                 joins; /* it begins in the middle of a line */
} BobbinFlowText;

void     bobbin_flow_clear      (BobbinFlow *self);
/* Forgets what was laid out, but not the height. */
void     bobbin_flow_unlay      (BobbinFlow *self);
gboolean bobbin_flow_is_laid    (const BobbinFlow *self);
/* Sets a height from the number of bytes; costs nothing. */
void     bobbin_flow_estimate   (BobbinFlow *self, const BobbinFlowText *text, int width);
/* Lays out the text; the first @same bytes are as they were the last time: all but the last lines of them are kept. */
void     bobbin_flow_fit        (BobbinFlow *self, const BobbinFlowText *text, guint same, int width);
/* Drops the layouts and keeps the heights. */
void     bobbin_flow_drop       (BobbinFlow *self);
/* Draws what crosses [top, bottom) with its left top corner at the origin of @snapshot, over @marks, of BobbinFlowMark. */
void     bobbin_flow_snapshot   (BobbinFlow *self, const BobbinFlowText *text, GtkSnapshot *snapshot, int top, int bottom,
                                 const GdkRGBA *color, GArray *marks);
/* Draws what belongs beside the lines of the text, as its line ends part them, that cross [top, bottom). @func draws one: which it
 * is, counted from @first, and how far below the origin its baseline is, in pixels. It is kept, as letters are: until the layouts
 * go, or @color or @first are others. */
typedef void (*BobbinFlowLineFunc) (GtkSnapshot *snapshot, guint line, int baseline, const GdkRGBA *color, gpointer data);
void     bobbin_flow_snapshot_beside (BobbinFlow *self, const BobbinFlowText *text, GtkSnapshot *snapshot, int top, int bottom,
                                      const GdkRGBA *color, guint first, BobbinFlowLineFunc func, gpointer data);
/* The byte at a point; beyond the ends the first or the last. */
guint    bobbin_flow_hit        (BobbinFlow *self, const BobbinFlowText *text, int x, int y);
/* Where the character at @offset is. */
void     bobbin_flow_get_rect   (BobbinFlow *self, const BobbinFlowText *text, guint offset, PangoRectangle *ret_rect);
/* From the top to the baseline of the first line; 0: not laid out. */
int      bobbin_flow_baseline   (BobbinFlow *self, const BobbinFlowText *text);

G_END_DECLS
