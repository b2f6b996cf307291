/* What the files of BobbinComposer share: bobbin-composer.c (object, session, draft), -keys.c (keyboard, recall, sending),
 * -files.c (choosing, pasting, dropping), -spelling.c. */
#pragma once

#include "ui/app/bobbin-scroller.h"
#include "ui/composer/bobbin-composer.h"
#include "ui/composer/bobbin-speller.h"

G_BEGIN_DECLS

struct _BobbinComposer
{
  GtkWidget          parent_instance;
  /* template children */
  GtkWidget         *clamp;
  GtkRevealer       *problem_revealer;
  GtkWidget         *problem_box;
  GtkWidget         *problem_close;
  GtkRevealer       *offer_revealer;
  GtkLabel          *offer_label;
  GtkButton         *keep_text_button;
  GtkButton         *paste_file_button;
  GtkWidget         *frame;
  GtkWidget         *chips_scrolled;
  GtkBox            *chips;
  GtkWidget         *attach_button;
  GtkScrolledWindow *text_scrolled;
  GtkTextView       *text_view;
  GtkLabel          *hint_label;
  GtkWidget         *stop_button;
  GtkWidget         *send_button;
  GtkWidget         *footer;
  GtkLabel          *attaching_label;
  GtkLabel          *queue_label;
  /* borrowed, within problem_box */
  BobbinScroller    *problem_scroller;
  GtkLabel          *problem_label;
  /* owned */
  BobbinSession     *session;      /* (nullable) */
  BobbinDraft       *draft;        /* (nullable): of the session */
  GdkSurface        *surface;      /* (nullable): whose height is watched */
  GtkTextMark       *paste_start;  /* (nullable): the long text that was pasted last */
  GtkTextMark       *paste_end;
  GtkFileChooserNative *chooser;   /* (nullable): while it is open */
  GCancellable      *cancellable;  /* of pasting, with the session */
  BobbinSpeller     *speller;      /* (nullable): from the first words on, where spelling is checked */
  char              *recalled;     /* (nullable): the earlier prompt that is shown */
  guint              recall_back;  /* how many prompts ago */

  gboolean           pasting_file; /* the pasted text is becoming a file */
  gboolean           ctrl_enter_sends;
  gboolean           check_spelling;
  gboolean           syncing;      /* the buffer is set from the draft, or the other way round */
  gboolean           preediting;   /* an input method shows what is not yet text */
};

/* bobbin-composer.c */
void  _bobbin_composer_update       (BobbinComposer *self);
void  _bobbin_composer_show_problem (BobbinComposer *self, const char *text); /* (nullable): hides it */
char *_bobbin_composer_dup_text     (BobbinComposer *self) G_GNUC_WARN_UNUSED_RESULT;
/* bobbin-composer-keys.c */
void  _bobbin_composer_init_keys    (BobbinComposer *self);
void  _bobbin_composer_send         (BobbinComposer *self);
/* bobbin-composer-files.c */
void  _bobbin_composer_init_files   (BobbinComposer *self);
void  _bobbin_composer_choose_files (BobbinComposer *self);
void  _bobbin_composer_paste_as_file (BobbinComposer *self);
void  _bobbin_composer_attached     (BobbinComposer *self);
void  _bobbin_composer_clear_offer  (BobbinComposer *self);
void  _bobbin_composer_take_focus_from (BobbinComposer *self,
                                        GtkRevealer    *revealer);

/* bobbin-composer-spelling.c: after the text, the session or the setting changed */
void  _bobbin_composer_update_spelling (BobbinComposer *self);

G_END_DECLS
