#define G_LOG_DOMAIN "bobbin-util"
#include "config.h"
#include "util/bobbin-redact.h"

#include <string.h>

static GMutex mutex;
static GPtrArray *needles; /* of char *: each secret as it is, in Base64 and percent-encoded; guarded by mutex */

/* What looks like a credential. Each keeps its first group, so that a log still says what was there. */
static const char *const patterns[] = {
  "(\\b[a-z-]*(?:authorization|cookie|api-key|(?:api|auth)-token)\"?\\s*[:=]\\s*|sec-websocket-protocol\\s*:\\s*)[^\\r\\n]+",
  "(\\b(?:bearer|basic|api-key|token)\\s+)[a-z0-9._~+/=-]{8,}",
  "([?&](?:api[_-]?key|key|(?:access[_-]?)?token|auth|secret|password)=)[^&\\s#\"'<>]+",
  "(\"(?:api[_-]?key|(?:access[_-]?)?token|secret|password)\"\\s*:\\s*)\"(?:[^\"\\\\]|\\\\.)*\"",
  "(://)[^/\\s:@\"]+:[^/\\s@\"]+(?=@)",
  "(\\b)(?:sk|pk|rk)-[a-z0-9_-]{8,}",
};

static gboolean
is_known (const char *needle)
{
  for (guint i = 0; i < needles->len; i++)
    if (strcmp (g_ptr_array_index (needles, i), needle) == 0)
      return TRUE;

  return FALSE;
}

static void
take_needle (char *needle)
{
  if (is_known (needle))
    g_free (needle);
  else
    g_ptr_array_add (needles, needle);
}

void
bobbin_redact_add_secret (const char *secret)
{
  gsize length = secret != NULL ? strlen (secret) : 0;

  if (length < BOBBIN_REDACT_MIN_LENGTH)
    return;

  g_mutex_lock (&mutex);
  if (needles == NULL)
    needles = g_ptr_array_new ();
  take_needle (g_strdup (secret));
  take_needle (g_base64_encode ((const guchar *) secret, length));
  take_needle (g_uri_escape_bytes ((const guchar *) secret, length, NULL));
  g_mutex_unlock (&mutex);
}

static void
replace_needles (GString *text)
{
  g_mutex_lock (&mutex);
  for (guint i = 0; needles != NULL && i < needles->len; i++)
    g_string_replace (text, g_ptr_array_index (needles, i), BOBBIN_REDACTED, 0);
  g_mutex_unlock (&mutex);
}

static GRegex *
get_regex (gsize index)
{
  static GRegex *regexes[G_N_ELEMENTS (patterns)];
  static gsize ready;

  if (g_once_init_enter (&ready))
    {
      for (gsize i = 0; i < G_N_ELEMENTS (patterns); i++)
        regexes[i] = g_regex_new (patterns[i], G_REGEX_CASELESS | G_REGEX_RAW | G_REGEX_OPTIMIZE, 0, NULL);
      g_once_init_leave (&ready, 1);
    }

  return regexes[index];
}

char *
bobbin_redact (const char *text)
{
  g_autoptr(GString) known = g_string_new (text);
  char *clean;

  g_return_val_if_fail (text != NULL, NULL);

  replace_needles (known);
  clean = g_strdup (known->str);
  for (gsize i = 0; i < G_N_ELEMENTS (patterns); i++)
    {
      g_autofree char *before = g_steal_pointer (&clean);

      clean = g_regex_replace (get_regex (i), before, -1, 0, "\\1" BOBBIN_REDACTED, 0, NULL);
      /* The matcher gave up (a limit of its own): nothing is shown rather than a key. */
      if (clean == NULL)
        return g_strdup (BOBBIN_REDACTED);
    }

  return clean;
}
