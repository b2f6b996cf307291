/* What the files of BobbinTranscript share: bobbin-transcript.c (object, session, reading position), -actions.c (intents). */
#pragma once

#include "ui/transcript/bobbin-announcer.h"
#include "ui/transcript/bobbin-column.h"
#include "ui/transcript/bobbin-transcript.h"

G_BEGIN_DECLS

struct _BobbinTranscript
{
  GtkWidget        parent_instance;
  /* template children */
  GtkWidget       *overlay;
  BobbinColumn    *column;
  GtkRevealer     *jump_revealer;
  GtkWidget       *jump_button;
  GtkLabel        *jump_label;
  GtkLabel        *announcer;
  GtkWidget       *greeting;
  GtkLabel        *greeting_title;
  GtkLabel        *greeting_text;
  /* owned */
  BobbinSession   *session;       /* (nullable) */
  BobbinAnnouncer *announcements;
  guint            n_new;
  guint            pages_left;    /* older pages that may be loaded to find the reading position */
  gboolean         restoring;     /* the reading position is still looked for */
};

/* bobbin-transcript-actions.c */
void _bobbin_transcript_install_actions (GtkWidgetClass *widget_class);

G_END_DECLS
