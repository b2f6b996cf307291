#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "sidebar/bobbin-search-result.h"

#include "model/bobbin-message.h"
#include "util/bobbin-text.h"

#include <glib/gi18n.h>
#include <string.h>

#define MATCH_BEGINS 0xE000
#define MATCH_ENDS   0xE001
#define LEAD_CHARS   28 /* before the first match: it is seen in a narrow list */

struct _BobbinSearchResult
{
  GObject parent_instance;

  gint64  thread_id;
  gint64  message_id;
  gint64  block_id;
  gint64  created_us;
  char   *title;
  char   *source;  /* (nullable) */
  char   *excerpt;
  GArray *matches; /* of guint, in pairs */
  guint   nth;
};

G_DEFINE_FINAL_TYPE (BobbinSearchResult, bobbin_search_result, G_TYPE_OBJECT)

static void
bobbin_search_result_finalize (GObject *object)
{
  BobbinSearchResult *self = BOBBIN_SEARCH_RESULT (object);

  g_free (self->title);
  g_free (self->source);
  g_free (self->excerpt);
  g_array_unref (self->matches);

  G_OBJECT_CLASS (bobbin_search_result_parent_class)->finalize (object);
}

static void
bobbin_search_result_class_init (BobbinSearchResultClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bobbin_search_result_finalize;
}

static void
bobbin_search_result_init (BobbinSearchResult *self)
{
  self->matches = g_array_new (FALSE, FALSE, sizeof (guint));
}

/* Takes the marks out, and makes one line of it as bobbin_text_clean_name() does, with its places known. */
static void
read_excerpt (BobbinSearchResult *self,
              const char         *marked)
{
  GString *plain = g_string_new (NULL);
  gboolean inside = FALSE;

  for (const char *p = marked; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      guint at = (guint) plain->len;

      if (c == MATCH_BEGINS || c == MATCH_ENDS)
        {
          if ((c == MATCH_BEGINS) != inside)
            {
              g_array_append_val (self->matches, at);
              inside = !inside;
            }
        }
      else if (g_unichar_isspace (c))
        {
          if (plain->len > 0 && plain->str[plain->len - 1] != ' ')
            g_string_append_c (plain, ' ');
        }
      else if (!bobbin_text_is_unfit (c))
        g_string_append_unichar (plain, c);
    }

  if (inside)
    {
      guint at = (guint) plain->len;

      g_array_append_val (self->matches, at);
    }

  self->excerpt = g_string_free (plain, FALSE);
}

/* Cuts what is far before the first match, between words where there are some. */
static void
trim_lead (BobbinSearchResult *self)
{
  guint first = self->matches->len > 0 ? g_array_index (self->matches, guint, 0) : 0;
  const char *from = self->excerpt + first;
  g_autofree char *cut = NULL;
  guint removed;

  for (guint i = 0; i < LEAD_CHARS && from > self->excerpt; i++)
    from = g_utf8_prev_char (from);
  if (from == self->excerpt)
    return;

  for (const char *p = from; p < self->excerpt + first; p++)
    if (*p == ' ')
      {
        from = p + 1;
        break;
      }
  removed = (guint) (from - self->excerpt);
  cut = g_strconcat ("…", from, NULL);
  g_free (self->excerpt);
  self->excerpt = g_steal_pointer (&cut);
  for (guint i = 0; i < self->matches->len; i++)
    g_array_index (self->matches, guint, i) = g_array_index (self->matches, guint, i) - removed + (guint) strlen ("…");
}

/* (nullable): by whom it was said, or what it is. */
static char *
dup_source (const BobbinSearchHit *hit)
{
  if (hit->message_id == 0)
    return NULL;

  switch ((guint) hit->part)
    {
    case BOBBIN_SEARCH_THINKING:
      return g_strdup (C_("search result", "Thinking"));
    case BOBBIN_SEARCH_CODE:
      return g_strdup (C_("search result", "Code"));
    case BOBBIN_SEARCH_TOOLS:
      return g_strdup (C_("search result", "Tool"));
    case BOBBIN_SEARCH_DATA:
      return g_strdup (C_("search result", "Data"));
    case BOBBIN_SEARCH_FILES:
      return g_strdup (C_("search result", "File"));
    default:
      break;
    }
  if (hit->role == BOBBIN_ROLE_USER)
    return g_strdup (C_("search result", "You"));

  return hit->agent != NULL && *hit->agent != '\0' ? bobbin_text_clean_name (hit->agent) : g_strdup (C_("search result", "Agent"));
}

BobbinSearchResult *
bobbin_search_result_new (const BobbinSearchHit *hit)
{
  BobbinSearchResult *self;
  g_autofree char *excerpt = NULL;

  g_return_val_if_fail (hit != NULL, NULL);

  self = g_object_new (BOBBIN_TYPE_SEARCH_RESULT, NULL);
  self->thread_id = hit->thread_id;
  self->message_id = hit->message_id;
  self->block_id = hit->block_id;
  self->nth = hit->nth;
  self->created_us = hit->created_us;
  self->source = dup_source (hit);
  self->title = bobbin_text_clean_name (hit->title != NULL ? hit->title : "");
  excerpt = g_utf8_make_valid (hit->excerpt != NULL ? hit->excerpt : "", -1);
  read_excerpt (self, excerpt);
  trim_lead (self);

  return self;
}

gint64
bobbin_search_result_get_thread_id (BobbinSearchResult *self)
{
  g_return_val_if_fail (BOBBIN_IS_SEARCH_RESULT (self), 0);

  return self->thread_id;
}

gint64
bobbin_search_result_get_message_id (BobbinSearchResult *self)
{
  g_return_val_if_fail (BOBBIN_IS_SEARCH_RESULT (self), 0);

  return self->message_id;
}

gint64
bobbin_search_result_get_block_id (BobbinSearchResult *self)
{
  g_return_val_if_fail (BOBBIN_IS_SEARCH_RESULT (self), 0);

  return self->block_id;
}

guint
bobbin_search_result_get_nth (BobbinSearchResult *self)
{
  g_return_val_if_fail (BOBBIN_IS_SEARCH_RESULT (self), 0);

  return self->nth;
}

const char *
bobbin_search_result_get_source (BobbinSearchResult *self)
{
  g_return_val_if_fail (BOBBIN_IS_SEARCH_RESULT (self), NULL);

  return self->source;
}

const char *
bobbin_search_result_get_title (BobbinSearchResult *self)
{
  g_return_val_if_fail (BOBBIN_IS_SEARCH_RESULT (self), NULL);

  return self->title;
}

gint64
bobbin_search_result_get_created_us (BobbinSearchResult *self)
{
  g_return_val_if_fail (BOBBIN_IS_SEARCH_RESULT (self), 0);

  return self->created_us;
}

const char *
bobbin_search_result_get_excerpt (BobbinSearchResult *self)
{
  g_return_val_if_fail (BOBBIN_IS_SEARCH_RESULT (self), NULL);

  return self->excerpt;
}

char *
bobbin_search_result_dup_match (BobbinSearchResult *self)
{
  guint from, to;

  g_return_val_if_fail (BOBBIN_IS_SEARCH_RESULT (self), NULL);

  if (self->matches->len < 2)
    return NULL;

  from = g_array_index (self->matches, guint, 0);
  to = g_array_index (self->matches, guint, 1);

  return g_strndup (self->excerpt + from, to - from);
}

const guint *
bobbin_search_result_get_matches (BobbinSearchResult *self,
                                  guint              *ret_n_pairs)
{
  g_return_val_if_fail (BOBBIN_IS_SEARCH_RESULT (self), NULL);

  *ret_n_pairs = self->matches->len / 2;

  return (const guint *) (gpointer) self->matches->data;
}
