/* Ranks short lines (titles, names of actions) against a few typed letters, as a palette does: "nc" and "new co" both find "New
 * Conversation". Without regard to case and accents. Plain data, any thread; one is not used by two at once. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _BobbinFuzzy BobbinFuzzy;

BobbinFuzzy *bobbin_fuzzy_new   (const char *query) G_GNUC_WARN_UNUSED_RESULT;
void         bobbin_fuzzy_free  (BobbinFuzzy *self);
gboolean     bobbin_fuzzy_is_empty (BobbinFuzzy *self); /* every line matches alike then */
/* 0: no match; else higher is better. Every word of the query is in @text: at the beginning of a word (best), inside one, or
 * as the first letters of words. */
guint        bobbin_fuzzy_score (BobbinFuzzy *self, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinFuzzy, bobbin_fuzzy_free)

G_END_DECLS
