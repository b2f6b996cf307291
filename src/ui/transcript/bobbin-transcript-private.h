/* What the files of BobbinTranscript share: bobbin-transcript.c (object, session), -reading.c (where the reader is), -find.c,
 * -actions.c (intents). */
#pragma once

#include "ui/transcript/bobbin-announcer.h"
#include "ui/transcript/bobbin-column.h"
#include "ui/transcript/bobbin-find-bar.h"
#include "ui/transcript/bobbin-find-marks.h"
#include "session/bobbin-pager.h"
#include "ui/transcript/bobbin-transcript.h"

G_BEGIN_DECLS

struct _BobbinTranscript
{
  GtkWidget        parent_instance;
  /* template children */
  GtkWidget       *box;
  GtkWidget       *overlay;
  BobbinColumn    *column;
  GtkRevealer     *jump_revealer;
  GtkWidget       *jump_button;
  GtkLabel        *jump_label;
  GtkLabel        *announcer;
  BobbinFindBar   *find_bar;
  BobbinFindMarks *marks;
  GtkWidget       *greeting;
  GtkLabel        *greeting_title;
  GtkLabel        *greeting_text;
  /* owned */
  BobbinSession   *session;       /* (nullable) */
  BobbinAnnouncer *announcements;
  char            *wanted_text;   /* (nullable) */
  BobbinFinder    *finder;        /* (nullable): while something is looked for */
  GHashTable      *fetches;       /* gint64 block id → GCancellable, of files on their way */
  /* borrowed */
  BobbinPager     *pager;         /* of the session */

  guint            n_new;
  gint64           new_after;     /* the newest message seen when the reader left, until the line is drawn */
  gint64           wanted_id;     /* a message to go to, 0 none */
  gint64           wanted_block;  /* the block of it the words are in, 0 not known */
  guint            wanted_nth;    /* which of the places with them in it */
  guint            lit_id;        /* while they are marked */
  BobbinLocus      wanted_locus;  /* where in it, where that is known; there without lighting up */
  gboolean         wanted_placed; /* it was scrolled to, and is not loaded yet */
  gboolean         wanted_revealed;
  BobbinFindPlace  found;         /* the present match; no message: none */
  gboolean         finding;       /* it is still to be shown */
  gboolean         found_placed;  /* its message was scrolled to, and is not loaded yet */
  gboolean         restoring;     /* the reading position is still looked for */
};

/* bobbin-transcript-reading.c */
void _bobbin_transcript_keep_position (BobbinTranscript *self);
void _bobbin_transcript_restore       (BobbinTranscript *self);
void _bobbin_transcript_mark_new      (BobbinTranscript *self);
void _bobbin_transcript_walk          (BobbinTranscript *self, int step);
void _bobbin_transcript_show_wanted   (BobbinTranscript *self);

/* bobbin-transcript-find.c */
void _bobbin_transcript_show_found    (BobbinTranscript *self);
void _bobbin_transcript_update_marks  (BobbinTranscript *self);
void _bobbin_transcript_install_find  (GtkWidgetClass *widget_class);

/* bobbin-transcript-actions.c */
void _bobbin_transcript_install_actions (GtkWidgetClass *widget_class);
/* (nullable) (transfer full): the message with that id; @ret_position: (nullable): where it is. */
BobbinMessage *_bobbin_transcript_find_message (BobbinTranscript *self, gint64 id, guint *ret_position) G_GNUC_WARN_UNUSED_RESULT;
BobbinBlock   *_bobbin_transcript_find_block   (BobbinMessage *message, gint64 id); /* (nullable) borrowed */

/* bobbin-transcript-remote.c */
void _bobbin_transcript_update_service (BobbinTranscript *self);
void _bobbin_transcript_install_remote (GtkWidgetClass *widget_class);

G_END_DECLS
