#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "app/bobbin-link.h"

#include <string.h>

#define MAX_ID_LENGTH 512

void
bobbin_link_free (BobbinLink *self)
{
  if (self == NULL)
    return;

  g_free (self->thread_id);
  g_free (self->text);
  g_free (self);
}

/* NUL and control characters have no place in what is typed. */
static char *
dup_clean_text (const char *text)
{
  GString *clean = g_string_new (NULL);
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\n' || c == '\t' || !g_unichar_iscntrl (c))
        g_string_append_unichar (clean, c);
    }

  return g_string_free (clean, FALSE);
}

static gboolean
is_thread_id (const char *id)
{
  gsize length = strlen (id);

  if (length == 0 || length > MAX_ID_LENGTH || !g_utf8_validate (id, (gssize) length, NULL))
    return FALSE;

  for (const char *p = id; *p != '\0'; p = g_utf8_next_char (p))
    if (!g_unichar_isgraph (g_utf8_get_char (p)))
      return FALSE;

  return TRUE;
}

BobbinLink *
bobbin_link_parse (const char *uri)
{
  g_autoptr(BobbinLink) self = NULL;
  g_autoptr(GUri) parsed = NULL;
  const char *path;

  g_return_val_if_fail (uri != NULL, NULL);

  if (strlen (uri) > BOBBIN_LINK_MAX_LENGTH)
    return NULL;

  /* The query stays encoded, or "&" inside the text would end it. */
  parsed = g_uri_parse (uri, G_URI_FLAGS_ENCODED_QUERY, NULL);
  if (parsed == NULL || g_ascii_strcasecmp (g_uri_get_scheme (parsed), "bobbin") != 0)
    return NULL;

  path = g_uri_get_path (parsed);
  while (*path == '/')
    path++;
  if (*path == '\0' && g_uri_get_host (parsed) != NULL)
    path = g_uri_get_host (parsed);

  self = g_new0 (BobbinLink, 1);
  if (strcmp (path, "new") == 0)
    {
      const char *query = g_uri_get_query (parsed);

      self->kind = BOBBIN_LINK_NEW;
      if (query != NULL)
        {
          g_autoptr(GHashTable) params = g_uri_parse_params (query, -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
          const char *text = params != NULL ? g_hash_table_lookup (params, "text") : NULL;

          self->text = text != NULL ? dup_clean_text (text) : NULL;
        }
      return g_steal_pointer (&self);
    }

  if (!is_thread_id (path))
    return NULL;

  self->kind = BOBBIN_LINK_THREAD;
  self->thread_id = g_strdup (path);

  return g_steal_pointer (&self);
}
