/* Words in a whole thread, found as they are typed: first in the messages that are in memory, then, in slices, in those of the
 * store, from the newest back. Matches are counted as in bobbin-needle.h and numbered from the top of the thread.
 *
 * Signal "changed" (): more, fewer or other matches are known. Main thread only. */
#pragma once

#include "bobbin-types.h"

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct
{
  gint64 message_id;
  gint64 block_id;
  guint  nth;        /* match of the block, from 0 */
} BobbinFindPlace;

#define BOBBIN_TYPE_FINDER (bobbin_finder_get_type ())
G_DECLARE_FINAL_TYPE (BobbinFinder, bobbin_finder, BOBBIN, FINDER, GObject)

BobbinFinder *bobbin_finder_new          (BobbinSession *session) G_GNUC_WARN_UNUSED_RESULT;
/* "" finds nothing. */
void          bobbin_finder_set_text     (BobbinFinder *self, const char *text);
const char   *bobbin_finder_get_text     (BobbinFinder *self);
/* Looks again in what is in memory, where something came or went. */
void          bobbin_finder_refresh      (BobbinFinder *self);
gboolean      bobbin_finder_get_busy     (BobbinFinder *self); /* not all of the thread was looked through yet */
guint         bobbin_finder_get_n        (BobbinFinder *self); /* matches so far */
gboolean      bobbin_finder_get_place    (BobbinFinder *self, guint index, BobbinFindPlace *ret_place);
/* The number of that match, or of the first one after it; the number of matches when there is none. */
guint         bobbin_finder_get_index    (BobbinFinder *self, const BobbinFindPlace *place);
/* Messages with matches, from the newest back: gint64 each. */
GArray       *bobbin_finder_list_messages (BobbinFinder *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
