/* What the files of BobbinColumn share: bobbin-column.c (object, model, scrolling), -layout.c (where rows are),
 * -select.c (what is selected), -copy.c, -find.c (what was found), -input.c (pointer and keyboard), -menu.c. */
#pragma once

#include "ui/transcript/bobbin-column.h"
#include "session/bobbin-finder.h"
#include "ui/transcript/bobbin-copy.h"
#include "ui/transcript/bobbin-heights.h"
#include "util/bobbin-needle.h"

G_BEGIN_DECLS

/* One end of a selection. */
typedef struct
{
  gint64 message_id; /* 0: nothing is selected */
  gint64 block_id;   /* 0: the message itself: its start at offset 0, its end at any other */
  gsize  offset;     /* of a block without text: 0 before it, else behind it */
} BobbinPlace;

struct _BobbinColumn
{
  GtkWidget            parent_instance;
  /* owned */
  GListModel          *model;
  GtkAdjustment       *hadjustment;
  GtkAdjustment       *vadjustment;
  BobbinHeights       *heights;
  GHashTable          *rows;      /* BobbinMessage → BobbinMessageView, the children */
  BobbinViewState     *state;
  GtkScrollablePolicy  hscroll_policy;
  GtkScrollablePolicy  vscroll_policy;

  /* The anchor: this line of this row is at anchor_y in the coordinates of vadjustment. */
  guint                anchor;
  BobbinLocus          locus;
  double               anchor_y;
  gboolean             following;
  gboolean             held;        /* the anchor was asked for and is still to be loaded: no other is taken */
  gboolean             configuring; /* the adjustment is changed by us */

  /* The last layout. */
  guint                first;       /* rows [first, last) were placed */
  guint                last;
  int                  width;
  int                  column_width;
  double               first_top;
  gboolean             unsettled;   /* heights still changed when it ended: there is to be another one */
  guint                chars;       /* what a line of text is wide at most */
  int                  text_width;
  guint                text_serial; /* of the Pango context text_width is for */
  gboolean             quiet;
  gboolean             fetches;        /* of the service */
  gboolean             deletes;
  BobbinActivity       activity;
  gint64               new_id;      /* message with the line above it, 0 none */
  gint64               focus_id;    /* message to be focused when it is there, 0 none */
  gboolean             near_top_told;
  guint                told_id;     /* idle source that tells what the last layout found */
  GdkFrameClock       *clock;       /* (nullable) owned: while it is realized */
  gulong               laid_id;     /* handler of the clock, after all of the window is laid out */
  gboolean             measured;    /* its size was asked for since this was cleared */
  gboolean             asked;       /* the last layout was asked for by the column, or the window has another size: all around it
                                       was laid out, too */
  int                  root_width;  /* of the window, in it */
  int                  root_height;
  gint64               repaired;    /* frame in which the layout was done again */
  gboolean             moved;       /* the last layout changed the adjustment, and with it the scrollbar */
  gboolean             waiting;     /* for a layout: where the rows are now is of no account */
  gboolean             focus_late;  /* what has the focus is to be brought into view after it */
  int                  focus_height; /* of a message being written, as last seen */
  gboolean             match_shown; /* the present match was gone to, and the reader is still there */
  gboolean             match_late;  /* and is to be brought into view again after the layout */

  /* Selection: from where it began to where it ends now. */
  BobbinPlace          from;
  BobbinPlace          to;
  BobbinProse         *local;       /* (nullable) weak: a text of its own, inside a card; only within it */
  gsize                local_from;
  gsize                local_to;
  gboolean             selecting;   /* the button is down */
  char                *link;        /* (nullable): the address it went down on */
  GCancellable        *copying;     /* (nullable): what is selected is being read */
  double               drag_x;
  double               drag_y;
  guint                autoscroll_id;

  /* The menu of a message, while it is open. */
  GtkWidget           *menu;        /* (nullable) child */
  gint64               menu_id;     /* the message; 0: none */
  GtkWidget           *menu_focus;  /* (nullable) weak: where the keyboard was before */
  guint                menu_drop_id;
  gboolean             menu_late;   /* it was asked for by a key and opens after the layout */

  /* What is looked for. */
  char                *search;      /* (nullable) */
  BobbinNeedle        *needle;      /* (nullable) */
  BobbinFindPlace      current;     /* the present match; no message: none */
  GtkRoot             *root;        /* (nullable) borrowed: whose focus is watched */
};

/* bobbin-column.c */
BobbinMessage    *_bobbin_column_get_message (BobbinColumn *self, guint position); /* borrowed; NULL: not loaded */
gint64            _bobbin_column_get_id      (BobbinColumn *self, guint position);
gboolean          _bobbin_column_find        (BobbinColumn *self, BobbinMessage *message, guint *ret_position);
BobbinMessageView *_bobbin_column_row_of     (BobbinColumn *self, gint64 message_id); /* (nullable): while it exists */
void              _bobbin_column_set_following (BobbinColumn *self, gboolean following);
void              _bobbin_column_laid_out    (BobbinColumn *self);
/* (nullable): the row with the keyboard, or with the menu that has it. */
BobbinMessageView *_bobbin_column_get_focus_row (BobbinColumn *self);
/* bobbin-column-layout.c */
void              _bobbin_column_size_allocate (GtkWidget *widget, int width, int height, int baseline);
void              _bobbin_column_remove_rows   (BobbinColumn *self);
void              _bobbin_column_window_laid_out (BobbinColumn *self);
/* bobbin-column-select.c */
void              _bobbin_column_clear_selection  (BobbinColumn *self);
void              _bobbin_column_apply_selection  (BobbinColumn *self, BobbinMessageView *row);
void              _bobbin_column_apply_all        (BobbinColumn *self);
void              _bobbin_column_set_local        (BobbinColumn *self, BobbinProse *prose, gsize from, gsize to);
void              _bobbin_place_set               (BobbinPlace *place, gint64 message_id, gint64 block_id, gsize offset);
gboolean          _bobbin_column_get_span         (BobbinColumn *self, BobbinPlace *ret_start, BobbinPlace *ret_end);
/* What of block @index is within the span; FALSE: nothing. A block without text is within it or not. */
gboolean          _bobbin_place_range             (const BobbinPlace *start, const BobbinPlace *end, BobbinMessage *message,
                                                   guint index, gsize *ret_from, gsize *ret_to);
gboolean          _bobbin_column_has_selection    (BobbinColumn *self);
/* bobbin-column-copy.c */
void              _bobbin_column_copy_selection   (BobbinColumn *self, GdkClipboard *clipboard);
/* bobbin-column-find.c */
void              _bobbin_column_apply_matches    (BobbinColumn *self, BobbinMessageView *row);
/* bobbin-column-menu.c */
void              _bobbin_column_init_menu        (BobbinColumn *self);
void              _bobbin_column_drop_menu        (BobbinColumn *self);
/* The focus goes back to where it was before the menu; FALSE when there is no such place. */
gboolean          _bobbin_column_return_focus     (BobbinColumn *self);
void              _bobbin_column_popup_late       (BobbinColumn *self);
/* bobbin-column-input.c */
void              _bobbin_column_init_input       (BobbinColumn *self);
void              _bobbin_column_install_input    (GtkWidgetClass *widget_class);
void              _bobbin_column_show_focus       (BobbinColumn *self);
void              _bobbin_column_show_focus_late  (BobbinColumn *self);

G_END_DECLS
