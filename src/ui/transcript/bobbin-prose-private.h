/* What the files of BobbinProse share: bobbin-prose.c (object, text, points), -layout.c (sizes and drawing), -access.c
 * (widgets for assistive tools and links). */
#pragma once

#include "ui/transcript/bobbin-code-card.h"
#include "ui/transcript/bobbin-flow.h"
#include "ui/transcript/bobbin-prose.h"

G_BEGIN_DECLS

/* One segment on the screen. */
typedef struct
{
  BobbinFlow        flow;
  BobbinSegmentKind kind;
  gboolean          continues;
  guint             n_lines;
  int               y;      /* top of the text, pixels */
  int               height; /* of the text, pixels */
  int               end;    /* where the next one may start: with the padding of a card */
  GtkWidget        *card;   /* (nullable) code, first of its card, near the screen */
} BobbinPiece;

struct _BobbinProse
{
  GtkWidget        parent_instance;
  /* owned */
  BobbinBlock     *block;      /* (nullable) */
  char            *text;       /* without a block */
  BobbinSegmenter *segmenter;
  GArray          *pieces;     /* of BobbinPiece, one a segment */
  GPtrArray       *proxies;    /* of BobbinProxy, children: the pieces near the screen */
  GPtrArray       *links;      /* of BobbinProxy, children: the addresses in them */
  BobbinFlowStyle  prose_style;
  BobbinFlowStyle  code_style;

  gboolean         over_link;  /* the pointer is */
  gboolean         bare;       /* code without cards */
  gboolean         dirty;      /* the text changed since it was last cut */
  gboolean         final;      /* it was cut to its end */
  guint            serial;     /* of the Pango context the styles were made for */
  int              width;      /* the pieces are placed for */
  int              height;
  int              head;       /* height of a code card's head */
  int              vis_top;
  int              vis_bottom; /* below vis_top: not known, all is near */
  int              drawn_top;
  int              drawn_bottom;
  gsize            sel_from;
  gsize            sel_to;
  GArray          *matches;    /* (nullable) of BobbinTextRange, rising */
  int              current;    /* of them, -1 none */
  gsize            natural_length; /* of the text natural_width is for */
  int              natural_width;
  gint64           proxies_us;     /* frame time of the last update of the open paragraph's proxy */
};

#define PROSE_MARGIN 400   /* pixels around the visible range that are kept ready */
#define PROSE_SMALL  16384 /* bytes up to which all of a text is laid out */
#define CODE_PAD     12

static inline BobbinPiece *
prose_piece (BobbinProse *self,
             guint        index)
{
  return &g_array_index (self->pieces, BobbinPiece, index);
}

/* bobbin-prose.c */
void _bobbin_prose_sync (BobbinProse *self);

/* bobbin-prose-layout.c */
BobbinFlowStyle *_bobbin_prose_style         (BobbinProse *self, const BobbinPiece *piece);
void             _bobbin_prose_ensure_styles (BobbinProse *self);
void             _bobbin_prose_place         (BobbinProse *self, int width);
int              _bobbin_prose_piece_x       (BobbinProse *self, const BobbinPiece *piece);
void             _bobbin_prose_lay_piece     (BobbinProse *self, BobbinPiece *piece, guint index);
void             _bobbin_prose_snapshot      (GtkWidget *widget, GtkSnapshot *snapshot);
void             _bobbin_prose_allocate_cards (BobbinProse *self);
void             _bobbin_prose_near          (BobbinProse *self, int *ret_top, int *ret_bottom);

/* bobbin-prose-access.c */
void             _bobbin_prose_update_proxies (BobbinProse *self);
void             _bobbin_prose_init_links      (BobbinProse *self);

G_END_DECLS
