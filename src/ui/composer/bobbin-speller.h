/* Checks the spelling of a text view as one writes: what the dictionary does not know is underlined, and the context menu offers
 * what was meant, to take the word into the dictionary, and another language. Only what changed is looked at, a slice at a time,
 * never while an input method composes, and not the word that is being typed. Code, addresses and words with digits are left out.
 *
 * Owned by whoever owns the text view, which it does not hold. Dictionaries are opened on a thread, as that takes tens of
 * milliseconds. Property "language": what was set; notifies when the person chooses another one in the menu. Main thread only. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_SPELLER (bobbin_speller_get_type ())
G_DECLARE_FINAL_TYPE (BobbinSpeller, bobbin_speller, BOBBIN, SPELLER, GObject)

BobbinSpeller *bobbin_speller_new          (GtkTextView *view) G_GNUC_WARN_UNUSED_RESULT;
/* @language: as in bobbin-dictionary.h; NULL that of the desktop, "" none. One without a dictionary is as good as none. */
void           bobbin_speller_set_language (BobbinSpeller *self, const char *language);
const char    *bobbin_speller_get_language (BobbinSpeller *self); /* (nullable) */
/* FALSE: no underline and no menu. TRUE at first. */
void           bobbin_speller_set_enabled  (BobbinSpeller *self, gboolean enabled);
/* While an input method composes. */
void           bobbin_speller_set_composing (BobbinSpeller *self, gboolean composing);

G_END_DECLS
