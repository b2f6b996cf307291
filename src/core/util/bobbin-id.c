#define G_LOG_DOMAIN "bobbin-util"
#include "config.h"
#include "util/bobbin-id.h"

#include <string.h>

static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";

gint64
bobbin_id_new (void)
{
  static GMutex mutex;
  static gint64 last;
  gint64 id = ((g_get_real_time () / 1000) << 20) | g_random_int_range (0, 1 << 20);

  g_mutex_lock (&mutex);
  if (id <= last)
    id = last + 1;
  last = id;
  g_mutex_unlock (&mutex);

  return id;
}

char *
bobbin_id_to_string (gint64 id)
{
  char text[BOBBIN_ID_STRING_LENGTH + 1] = { 0 };
  guint64 rest = (guint64) id;

  g_return_val_if_fail (id >= 0, NULL);

  for (int i = BOBBIN_ID_STRING_LENGTH - 1; i >= 0; i--, rest >>= 5)
    text[i] = digits[rest & 31];

  return g_strdup (text);
}

gboolean
bobbin_id_parse (const char *string,
                 gint64     *ret_id)
{
  guint64 id = 0;

  if (string == NULL || strlen (string) != BOBBIN_ID_STRING_LENGTH || string[0] > '7')
    return FALSE;

  for (const char *p = string; *p != '\0'; p++)
    {
      const char *digit = strchr (digits, g_ascii_tolower (*p));

      if (digit == NULL)
        return FALSE;
      id = (id << 5) | (guint64) (digit - digits);
    }

  *ret_id = (gint64) id;
  return TRUE;
}
