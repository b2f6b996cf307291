/* The full-text index, shared by its files: bobbin-store-fold.c (text as it is indexed), -plain.c (what of a block can be found),
 * -index.c (how the tables are filled), -query.c (what a person types), -excerpt.c (the line that is shown), -search.c.
 *
 * "docs" numbers the blocks that have something to find, densely and rising with time: small numbers make small lists, and the
 * number tells how new a block is without reading it. Triggers keep it and the tables true. A block whose doc has part 0 waits
 * to be indexed: a database that comes from an older version is caught up with in slices, the newest first. */
#pragma once

#include "store/bobbin-store-private.h"
#include "util/bobbin-needle.h"

G_BEGIN_DECLS

/* bobbin-store-fold.c: any thread */
GString *_bobbin_fold_words     (const char *text, gsize length) G_GNUC_WARN_UNUSED_RESULT;
GString *_bobbin_fold_grams     (const char *text, gsize length) G_GNUC_WARN_UNUSED_RESULT;
/* The words of a question. @ret_single: it ends in one character of a script without spaces, which is the beginning of a pair. */
char    *_bobbin_fold_asked     (const char *text, gboolean *ret_single) G_GNUC_WARN_UNUSED_RESULT;
gboolean _bobbin_fold_is_joined (gunichar c);
gboolean _bobbin_fold_is_symbol (gunichar c);

/* bobbin-store-plain.c: any thread */
BobbinSearchParts _bobbin_plain_part (const char *kind); /* 0: nothing of it is found */
/* What of a block can be found, in lines to read, never JSON; NULL: its text as it is. All arguments are nullable. */
char *_bobbin_plain_new  (const char *kind, const char *text, const char *name, const char *data, const char *result,
                          const char *file_name) G_GNUC_WARN_UNUSED_RESULT;
/* JSON, whole or cut off, as lines "name: value"; what is no JSON as it is. */
void  _bobbin_plain_json (GString *out, const char *json, gboolean with_names);

/* bobbin-store-index.c */
/* The functions the schema calls. */
int      _bobbin_index_functions (sqlite3 *handle);
/* All of it anew. */
gboolean _bobbin_index_rebuild   (BobbinStoreDb *db, GError **error);

/* bobbin-store-query.c: any thread */
typedef struct
{
  char         *text;     /* as typed, without quotes and "*" */
  char         *words;    /* for the tables of words; empty: they do not know it */
  GPtrArray    *grams;    /* of char *: runs of three letters it has; empty: too short */
  BobbinNeedle *needle;   /* (nullable) finds it in a text */
  GPtrArray    *parts;    /* of BobbinNeedle: its words, where it is not found as a whole */
  glong         n_chars;
  gboolean      prefix;   /* more letters may follow */
} BobbinSearchTerm;

void       _bobbin_search_term_free (BobbinSearchTerm *term);
GPtrArray *_bobbin_query_parse      (const char *query) G_GNUC_WARN_UNUSED_RESULT; /* of BobbinSearchTerm */
/* (nullable): for MATCH; nothing of what was typed is syntax in it. NULL: those tables know no term. */
char      *_bobbin_query_words      (GPtrArray *terms) G_GNUC_WARN_UNUSED_RESULT;
char      *_bobbin_query_grams      (GPtrArray *terms) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): (transfer none): the term that only reading finds. */
const BobbinSearchTerm *_bobbin_query_unindexed (GPtrArray *terms);
/* Whether ordering all that begins with so few letters is a waste. */
gboolean   _bobbin_query_is_vague   (GPtrArray *terms);

/* bobbin-store-excerpt.c: any thread */
/* All terms are in it, as they were typed. */
gboolean _bobbin_excerpt_matches (GPtrArray *terms, const char *text, gsize length);
/* The line in which most terms are, in one piece, matches between U+E000 and U+E001. @is_prose: marks of Markdown are left out.
 * @ret_nth: so many times the words of the first match stand before it. */
char    *_bobbin_excerpt_new     (GPtrArray *terms, const char *text, gsize length, gboolean is_prose, guint *ret_nth) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
