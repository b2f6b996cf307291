/* What the files of BobbinProse share: bobbin-prose.c (object, text), -stream.c (text that is written), -style.c (fonts), -layout.c
 * (sizes and places), -draw.c, -hosted.c (cards, tables, pictures), -spare.c (those that wait), -color.c (of code), -scroll.c
 * (sideways), -points.c (to the text and back), -access.c (widgets for assistive tools and links). */
#pragma once

#include "model/bobbin-table.h"
#include "ui/transcript/bobbin-code-card.h"
#include "ui/transcript/bobbin-flow.h"
#include "ui/transcript/bobbin-highlight.h"
#include "ui/transcript/bobbin-prose-source.h"
#include "ui/transcript/bobbin-prose.h"
#include "ui/transcript/bobbin-view-state.h"

G_BEGIN_DECLS

/* One block on the screen. */
typedef struct
{
  BobbinFlow        flow;
  BobbinMarkupKind  kind;
  gboolean          continues;
  gboolean          rtl;    /* by its text; it and its marks stand at the right */
  guint             level;
  guint             n_lines;
  guint             head;   /* the first piece of the same card or table */
  guint             card;   /* cards up to here, this one included */
  guint             first_line; /* of the card's lines, from 0 */
  guint             card_lines; /* all of them, in the head */
  gboolean          joins;  /* goes on in the middle of a line */
  guint             same;   /* drawn bytes that have not changed since the flow was fitted */
  int               gutter; /* left of the text, for the numbers of lines */
  int               scroll; /* sideways, of a card's head or a formula */
  int               x;      /* of the text, pixels */
  int               width;
  int               y;      /* top of the text */
  int               height; /* of the text */
  int               end;    /* where the next one may start: with the padding of a card */
  GtkWidget        *frame;  /* (nullable) code, first of its card, near the screen */
  GtkWidget        *slider; /* (nullable) of what is wider than its place, near the screen */
  GtkWidget        *host;   /* (nullable) table or picture: the widget that shows it */
  int               measured; /* width the height of a table or picture is for */
  gboolean          pending; /* a picture whose address may go on */
  BobbinTable      *table;  /* (nullable) what the host of a table shows */
  guint             n_rows; /* of it that are finished */
  BobbinHighlight  *highlight; /* (nullable) code, first of its card */
  gpointer          order;  /* (nullable) what it was asked for */
  gsize             colored; /* bytes of the card it was asked for */
  gint64            colored_us; /* frame time */
  BobbinHighlightLook look;
} BobbinPiece;

typedef enum
{
  PROSE_STYLE_TEXT,
  PROSE_STYLE_CODE,
  PROSE_STYLE_FLAT, /* code, its lines not broken */
  PROSE_STYLE_NOTE,
  PROSE_STYLE_H1,
  PROSE_STYLE_H6 = PROSE_STYLE_H1 + 5,
  PROSE_N_STYLES
} BobbinProseStyle;

struct _BobbinProse
{
  GtkWidget          parent_instance;
  /* owned */
  BobbinBlock       *block;      /* (nullable) */
  char              *text;       /* without a block */
  BobbinViewState   *state;      /* (nullable) */
  BobbinProseSource *source;
  GArray            *pieces;     /* of BobbinPiece, one a block */
  GPtrArray         *proxies;    /* of BobbinProxy, children: the pieces near the screen */
  GPtrArray         *links;      /* of BobbinProxy, children: the addresses in them */
  GPtrArray         *spares;     /* children that are not shown */
  char              *search;     /* (nullable) what tables mark */
  GArray            *matches;    /* of BobbinTextRange: what find has found */
  GHashTable        *numbers;    /* of list items, as they are set: see bobbin-prose-draw.c → PangoLayout */
  BobbinFlowStyle    styles[PROSE_N_STYLES]; /* those that were asked for, and that of text */
  PangoContext      *code_context; /* (nullable) of code; other text has that of its style */

  guint              unwrapped;  /* bit n: of card n + 1 the lines are not broken; the last bit is for all that follow */
  gboolean           over_link;  /* the pointer is */
  gboolean           bare;       /* code without cards */
  gboolean           fills;      /* whoever holds it gives it a width, and does not ask which it would like */
  gboolean           dirty;      /* the text changed since it was last read, and a size was asked for */
  gboolean           grown;      /* something was appended since it was last read */
  gboolean           cramped;    /* it has less room than it needs, for a moment */
  gint64             read_us;    /* frame time when the text was last looked at */
  gint64             room_us;    /* frame time when it last asked for room */
  gboolean           final;      /* it was read to its end */
  guint              serial;     /* of the Pango context the styles were made for */
  double             pointer_y;  /* where the pointer was last; negative: never here */
  int                em;         /* pixels */
  int                width;      /* the pieces are placed for */
  int                height;
  int                rest;       /* height of what is not read yet: an estimate */
  int                head;       /* height of a code card's head */
  int                vis_top;
  int                vis_bottom; /* below vis_top: not known, all is near */
  int                drawn_top;
  int                drawn_bottom;
  int                match;      /* the one find is at; -1: none */
  gsize              sel_from;
  gsize              sel_to;
  gsize              natural_length; /* of the text natural_width is for */
  int                natural_width;
  gsize              fed;        /* bytes read so far */
  guint              read_on;    /* idle source while there is more to read, or to lay out; 0: none */
  guint              tick;       /* callback of the next frame: what was appended is read then; 0: none */
  int                placed_top; /* what was near when they were placed the last time */
  int                placed_bottom;
  gint64             lay_frame;  /* the frame lay_until is for */
  gint64             lay_until;  /* CPU time of the thread from which no more is laid out in this frame */
  gboolean           unlaid;     /* something near the screen is not laid out yet */
  guint              n_frozen;   /* pieces that were finished when the text was last read */
  guint              n_placed;   /* pieces from the first on whose places are known */
  guint              held_first; /* pieces that may have cards and hosts on the screen: [first, last) */
  guint              held_last;
  guint              laid_first; /* pieces that may hold layouts: [first, last) */
  guint              laid_last;
  guint              n_rebuilt;
  guint              later;      /* timeout: the proxies follow then; 0: they have */
  gint64             followed_us; /* when they did, monotonic */
  gint64             proxies_us; /* frame time of the last update of the open paragraph's proxy */
};

#define PROSE_MARGIN 400     /* pixels around the visible range that are kept ready */
#define OPEN_MARGIN  96      /* the same that are drawn while it is written: each frame draws them anew */
#define PROSE_SMALL  16384   /* bytes up to which all of a text is laid out */
#define PROSE_FAR    1000000 /* farther than anything, and still an int in Pango units */
#define CODE_PAD     12
#define GUTTER_GAP   12 /* between the numbers of lines and the code */
#define SLIDER_ROOM  12 /* below a formula that can be scrolled */

static inline BobbinPiece *
prose_piece (BobbinProse *self,
             guint        index)
{
  return &g_array_index (self->pieces, BobbinPiece, index);
}

/* bobbin-prose.c */
/* Takes in what arrived, of a long text a slice: the rest follows when the program has nothing else to do. */
void                     _bobbin_prose_sync          (BobbinProse *self);
gint64                   _bobbin_prose_cpu_us        (void);
/* Goes on when the program has nothing else to do. */
void                     _bobbin_prose_read_on       (BobbinProse *self);
/* All of it at once, for what is asked of the whole text. */
void                     _bobbin_prose_sync_all      (BobbinProse *self);
const BobbinMarkupBlock *_bobbin_prose_block         (BobbinProse *self, guint index);
BobbinFlowText           _bobbin_prose_flow_text     (BobbinProse *self, guint index);
void                     _bobbin_prose_piece_clear   (BobbinPiece *piece);

/* Something else than more text came: a size is asked for. */
void                     _bobbin_prose_text_changed  (BobbinProse *self);

/* bobbin-prose-stream.c */
void                     _bobbin_prose_appended      (BobbinProse *self);

/* bobbin-prose-style.c */
void                     _bobbin_prose_clear_styles  (BobbinProse *self);
void                     _bobbin_prose_ensure_styles (BobbinProse *self);
const BobbinFlowStyle   *_bobbin_prose_get_style     (BobbinProse *self, BobbinProseStyle which);
/* That of a piece. */
const BobbinFlowStyle   *_bobbin_prose_style         (BobbinProse *self, guint index);
/* The theme may have changed: layouts with the old colour of links in them go. */
void                     _bobbin_prose_update_colors (BobbinProse *self);

/* bobbin-prose-layout.c */
void                     _bobbin_prose_place         (BobbinProse *self, int width);
/* The same when nothing but what was appended has changed since. */
void                     _bobbin_prose_place_grown   (BobbinProse *self);
int                      _bobbin_prose_count_digits  (guint n_lines);
void                     _bobbin_prose_lay_piece     (BobbinProse *self, guint index);
void                     _bobbin_prose_near          (BobbinProse *self, int *ret_top, int *ret_bottom);
/* Pieces, of those that have their place, that cross [top, bottom); the first with all of its card or table before it. */
void                     _bobbin_prose_pieces_in     (BobbinProse *self, int top, int bottom, guint *ret_first, guint *ret_last);
/* Its layouts exist; they are given up when it is not drawn. */
void                     _bobbin_prose_hold_layouts  (BobbinProse *self, guint index);
gboolean                 _bobbin_prose_starts_card   (BobbinProse *self, guint index);
gboolean                 _bobbin_prose_ends_card     (BobbinProse *self, guint index);
/* Pixels from the edge to the content of box @depth of the piece. */
int                      _bobbin_prose_indent        (BobbinProse *self, const BobbinMarkupBlock *block, guint depth);

/* bobbin-prose-scroll.c */
gboolean                 _bobbin_prose_is_flat       (BobbinProse *self, guint index);
/* Pixels by which the piece is moved to the left. */
int                      _bobbin_prose_shift         (BobbinProse *self, guint index);
/* Wider than its place, and no line of it is broken. */
gboolean                 _bobbin_prose_is_wide       (BobbinProse *self, guint index);
void                     _bobbin_prose_allocate_sliders (BobbinProse *self, guint first, guint last, int near_top, int near_bottom);
void                     _bobbin_prose_set_wrap      (BobbinProse *self, guint index, gboolean wrap);
/* Scrolls sideways so far that the byte of the text is seen. */
void                     _bobbin_prose_reveal        (BobbinProse *self, gsize offset);
void                     _bobbin_prose_init_scroll   (BobbinProse *self);

/* bobbin-prose-draw.c */
void                     _bobbin_prose_snapshot      (GtkWidget *widget, GtkSnapshot *snapshot);

/* bobbin-prose-hosted.c */
gboolean                 _bobbin_prose_is_hosted     (const BobbinPiece *piece);
/* The lower edge of the card the piece is in. */
int                      _bobbin_prose_card_bottom   (BobbinProse *self, guint index);
/* The height of a table or picture at the piece's width. It is made when it is near, or @exactly is asked for and its height is
 * not known; else the height is an estimate. */
int                      _bobbin_prose_measure_host  (BobbinProse *self, guint index, gboolean near, gboolean exactly);
void                     _bobbin_prose_allocate_hosted (BobbinProse *self);
void                     _bobbin_prose_ensure_head   (BobbinProse *self);

/* bobbin-prose-spare.c */
GtkWidget               *_bobbin_prose_take_spare    (BobbinProse *self, GType type, GtkAccessibleRole role);
void                     _bobbin_prose_put_spare     (BobbinProse *self, GtkWidget *widget);

/* bobbin-prose-color.c */
void                     _bobbin_prose_color_card    (BobbinProse *self, guint index, guint n_lines);

/* bobbin-prose-access.c */
void                     _bobbin_prose_update_proxies (BobbinProse *self);
/* The same, of a text that is being written not at each line. */
void                     _bobbin_prose_follow_proxies (BobbinProse *self);
/* They will, even if nothing gets another place until then. */
void                     _bobbin_prose_follow_later   (BobbinProse *self);
void                     _bobbin_prose_init_links     (BobbinProse *self);

G_END_DECLS
