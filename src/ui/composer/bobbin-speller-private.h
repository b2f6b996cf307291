/* The speller's own, shared by its files: bobbin-speller.c (languages, menu), -check.c (the words). */
#pragma once

#include "bobbin-dictionary.h"
#include "bobbin-speller.h"

G_BEGIN_DECLS

struct _BobbinSpeller
{
  GObject           parent_instance;
  /* owned */
  char             *language;    /* (nullable): as set */
  BobbinDictionary *dictionary;  /* (nullable): of the language, once it is open and if there is one */
  GStrv             languages;   /* (nullable): those there are, once that is known, and their names */
  GStrv             names;
  GCancellable     *loading;     /* (nullable) */
  GtkTextTag       *tag;
  GMenu            *menu;        /* the extra menu of the view */
  GSimpleActionGroup *actions;
  /* borrowed: the view's */
  GtkTextView      *view;        /* weak pointer */
  GtkTextBuffer    *buffer;
  GtkTextMark      *from;        /* what is still to be checked lies between the two */
  GtkTextMark      *to;
  GtkTextMark      *skipped_at;  /* the end of the word that was left out */
  GtkTextMark      *at;          /* the word the menu is about */

  guint             idle_id;
  gboolean          enabled;
  gboolean          composing;
  gboolean          skipped;     /* the word at the cursor was left out */
  gboolean          partly;      /* a line was too long for all of it */
};

gboolean _bobbin_speller_is_working   (BobbinSpeller *self);
void     _bobbin_speller_get_cursor   (BobbinSpeller *self, GtkTextIter *cursor);
/* Looks at everything anew. */
void     _bobbin_speller_check_all    (BobbinSpeller *self);
/* Goes on with what is still to be looked at. */
void     _bobbin_speller_schedule     (BobbinSpeller *self);
void     _bobbin_speller_watch_buffer (BobbinSpeller *self);

G_END_DECLS
