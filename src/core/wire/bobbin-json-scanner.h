/* A scanner for the one shape of JSON that makes up nearly all of a stream: the text delta. No tree, no copy but of the text itself.
 *
 * A codec describes its delta as a few calls on a cursor; whatever differs (other members, other types, bad escapes, invalid UTF-8)
 * makes a call fail, and the codec takes the slow path, which judges it. So what is accepted here must mean the same there. */
#pragma once

#include <glib.h>

#include <string.h>

G_BEGIN_DECLS

typedef struct
{
  const char *p;
  const char *end;
} BobbinJsonCursor;

/* A string as it stands in the JSON, without its quotes. */
typedef struct
{
  const char *start;
  gsize       length;
  gboolean    has_escapes;
} BobbinJsonRaw;

static inline void
bobbin_json_skip_space (BobbinJsonCursor *c)
{
  while (c->p < c->end && (*c->p == ' ' || *c->p == '\t' || *c->p == '\n' || *c->p == '\r'))
    c->p++;
}

/* Behind space, exactly @wanted. */
static inline gboolean
bobbin_json_take (BobbinJsonCursor *c,
                  char              wanted)
{
  bobbin_json_skip_space (c);
  if (c->p >= c->end || *c->p != wanted)
    return FALSE;
  c->p++;

  return TRUE;
}

static inline gboolean
bobbin_json_at_end (BobbinJsonCursor *c)
{
  bobbin_json_skip_space (c);

  return c->p == c->end;
}

static inline gboolean
bobbin_json_raw_is (const BobbinJsonRaw *raw,
                    const char          *text)
{
  return !raw->has_escapes && raw->length == strlen (text) && memcmp (raw->start, text, raw->length) == 0;
}

gboolean bobbin_json_take_string (BobbinJsonCursor *c, BobbinJsonRaw *ret_raw);
/* A member's name and its colon. */
gboolean bobbin_json_take_key    (BobbinJsonCursor *c, BobbinJsonRaw *ret_raw);
/* 0 to 999999 in plain digits. */
gboolean bobbin_json_take_index  (BobbinJsonCursor *c, gint *ret_index);
/* One value of any kind, of which nothing is wanted; FALSE where the slow path must judge it, also when it is nested deeply. */
gboolean bobbin_json_skip_value  (BobbinJsonCursor *c);
/* Exactly that word: null, true, false. */
gboolean bobbin_json_take_word   (BobbinJsonCursor *c, const char *word);
/* Returns: (transfer full) (nullable): what @raw means; NULL when the slow path must judge it. */
char    *bobbin_json_raw_dup     (const BobbinJsonRaw *raw, gsize *ret_length) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
