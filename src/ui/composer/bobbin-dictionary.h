/* A dictionary of one language: a thin skin over Enchant, where the program was built with it; else there are no languages. Plain
 * words only, no state of ours. Main thread only. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _BobbinDictionary BobbinDictionary;

/* @language: as bobbin_dictionary_list_languages() has it. NULL when there is no such dictionary. */
BobbinDictionary *bobbin_dictionary_new     (const char *language) G_GNUC_WARN_UNUSED_RESULT;
void              bobbin_dictionary_free    (BobbinDictionary *self);
gboolean          bobbin_dictionary_knows   (BobbinDictionary *self, const char *word);
/* Returns: (transfer full): best first, perhaps none. */
GStrv             bobbin_dictionary_suggest (BobbinDictionary *self, const char *word) G_GNUC_WARN_UNUSED_RESULT;
/* From now on @word is right: for good, in all programs that use Enchant, or for this run. */
void              bobbin_dictionary_add     (BobbinDictionary *self, const char *word);
void              bobbin_dictionary_ignore  (BobbinDictionary *self, const char *word);

/* "de_AT", "en_US"…, sorted. Returns: (transfer full) */
GStrv             bobbin_dictionary_list_languages (void) G_GNUC_WARN_UNUSED_RESULT;
/* That of the desktop, or one like it. Returns: (transfer full) (nullable) */
char             *bobbin_dictionary_dup_default    (void) G_GNUC_WARN_UNUSED_RESULT;
/* "German (Austria)" in the person's language where the names are installed, else the tag; one for each of @languages. It reads
 * files. Returns: (transfer full) */
GStrv             bobbin_dictionary_dup_names      (const char *const *languages) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinDictionary, bobbin_dictionary_free)

G_END_DECLS
