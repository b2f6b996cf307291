/* What holds for every model object, checked over all its properties. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Each writable property that is not construct-only notifies once when it changes, not at all when it is set to what it is, and
 * gives back what it was given. */
void assert_notifies_once (GObject *object);
/* Counts emissions of @signal (or "notify::name"). */
void count_signal         (gpointer object, const char *signal, guint *count);

typedef const char *(*GetNick)  (int value);
typedef gboolean    (*FromNick) (const char *nick, int *ret_value);

/* Every value has a nick of its own that reads back; anything else does not. */
void assert_nicks         (int n_values, GetNick get_nick, FromNick from_nick);

G_END_DECLS
