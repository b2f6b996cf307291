/* The layout of one segment: a run of PangoLayouts, cut where a line ends, so that what is finished is never laid out again
 * and a paragraph that grows costs its last lines only, however long it is.
 *
 * Cutting at a line's start changes nothing on the screen: lines are broken one after the other. Layouts far from the screen
 * are dropped; their heights stay. Lengths are Pango units, offsets are bytes of the block's text. Plain struct, owned by the
 * prose widget. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How one kind of text is set. Owned by the prose widget. */
typedef struct
{
  PangoContext         *context;
  PangoFontDescription *font;     /* (nullable) */
  PangoAttrList        *attrs;
  PangoColor            link;     /* of addresses */
  gboolean              code;     /* left to right, broken between characters where nothing else serves */
  int                   line_height;
  int                   char_width;
} BobbinFlowStyle;

typedef struct
{
  gsize        start;
  gsize        end;
  int          width;
  int          height;
  PangoLayout *layout; /* (nullable): far from the screen */
} BobbinFlowChunk;

typedef struct
{
  GArray *chunks;      /* of BobbinFlowChunk; NULL: never laid out at this width */
  GArray *links;       /* (nullable) of BobbinTextLink: addresses in [start, end) */
  gsize   start;
  gsize   end;
  int     width;       /* it was laid out for */
  int     height;      /* of all chunks; an estimate while there are none */
  int     natural;     /* widest line */
  guint   n_layouts;   /* made so far: for tests of what is laid out again */
} BobbinFlow;

void     bobbin_flow_clear      (BobbinFlow *self);
/* Forgets what was laid out, but not the height. */
void     bobbin_flow_unlay      (BobbinFlow *self);
gboolean bobbin_flow_is_laid    (const BobbinFlow *self);
/* Sets a height from the number of bytes; costs nothing. */
void     bobbin_flow_estimate   (BobbinFlow *self, const BobbinFlowStyle *style, gsize start, gsize end, guint n_lines, int width);
/* Lays out [start, end) of @text; a flow that only grew keeps all but its last lines. */
void     bobbin_flow_fit        (BobbinFlow *self, const BobbinFlowStyle *style, const char *text, gsize start, gsize end, int width);
/* Drops the layouts and keeps the heights. */
void     bobbin_flow_drop       (BobbinFlow *self);
/* Draws what crosses [top, bottom) with its left top corner at the origin of @snapshot; [from, to) is marked as selected. */
void     bobbin_flow_snapshot   (BobbinFlow *self, const BobbinFlowStyle *style, const char *text, GtkSnapshot *snapshot,
                                 int top, int bottom, const GdkRGBA *color, gsize from, gsize to, const GdkRGBA *selected);
/* The ground behind [from, to), in the same place. */
void     bobbin_flow_snapshot_ground (BobbinFlow *self, const BobbinFlowStyle *style, const char *text, GtkSnapshot *snapshot,
                                      int top, int bottom, gsize from, gsize to, const GdkRGBA *ground);
/* The byte at a point; beyond the ends the first or the last. */
gsize    bobbin_flow_hit        (BobbinFlow *self, const BobbinFlowStyle *style, const char *text, int x, int y);
/* Where the character at @offset is. */
void     bobbin_flow_get_rect   (BobbinFlow *self, const BobbinFlowStyle *style, const char *text, gsize offset, PangoRectangle *ret_rect);

G_END_DECLS
