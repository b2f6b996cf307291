/* A place in a conversation where a search found its words: what the sidebar lists below the
 * conversations. Immutable. */
#pragma once

#include "store/bobbin-store.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_SEARCH_RESULT (bobbin_search_result_get_type ())
G_DECLARE_FINAL_TYPE (BobbinSearchResult, bobbin_search_result, BOBBIN, SEARCH_RESULT, GObject)

BobbinSearchResult *bobbin_search_result_new            (const BobbinSearchHit *hit) G_GNUC_WARN_UNUSED_RESULT;
gint64              bobbin_search_result_get_thread_id  (BobbinSearchResult *self);
gint64              bobbin_search_result_get_message_id (BobbinSearchResult *self); /* 0: the title matched */
gint64              bobbin_search_result_get_block_id   (BobbinSearchResult *self); /* 0: not known */
/* Which of the places with these words in the block is meant, from 0. */
guint               bobbin_search_result_get_nth        (BobbinSearchResult *self);
/* (nullable): "You", the agent, "Tool"… of a message. */
const char         *bobbin_search_result_get_source     (BobbinSearchResult *self);
const char         *bobbin_search_result_get_title      (BobbinSearchResult *self); /* never NULL */
gint64              bobbin_search_result_get_created_us (BobbinSearchResult *self);
/* The line without the marks of the matches. */
const char         *bobbin_search_result_get_excerpt    (BobbinSearchResult *self);
/* The matches within the excerpt: pairs of start and end in bytes. */
const guint        *bobbin_search_result_get_matches    (BobbinSearchResult *self, guint *ret_n_pairs);
/* Returns: (transfer full) (nullable): the first words that matched, as they are written there. */
char               *bobbin_search_result_dup_match      (BobbinSearchResult *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
