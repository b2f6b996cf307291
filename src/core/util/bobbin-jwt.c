#define G_LOG_DOMAIN "bobbin-util"
#include "config.h"
#include "util/bobbin-jwt.h"

#include "util/bobbin-json.h"

#include <string.h>

#define MAX_PAYLOAD 16384                        /* of base64 */
#define MAX_SECONDS G_GINT64_CONSTANT (253402300799) /* the end of the year 9999 */

/* RFC 7515: base64 with two other signs, and without the padding. Returns: (transfer full) (nullable): zero-terminated. */
static char *
decode (const char *text,
        gsize       length)
{
  GString *base64 = g_string_sized_new (length + 4);
  guchar *bytes;
  gsize n_bytes;
  char *decoded;

  for (gsize i = 0; i < length; i++)
    g_string_append_c (base64, text[i] == '-' ? '+' : text[i] == '_' ? '/' : text[i]);
  while (base64->len % 4 != 0)
    g_string_append_c (base64, '=');
  bytes = g_base64_decode (base64->str, &n_bytes);
  decoded = g_strndup ((const char *) bytes, n_bytes);
  explicit_bzero (bytes, n_bytes);
  explicit_bzero (base64->str, base64->len);
  g_free (bytes);
  g_string_free (base64, TRUE);

  return decoded;
}

gint64
bobbin_jwt_get_expiry_us (const char *token)
{
  const char *payload = token != NULL ? strchr (token, '.') : NULL;
  const char *end = payload != NULL ? strchr (payload + 1, '.') : NULL;
  g_autofree char *text = NULL;
  g_autoptr(JsonObject) claims = NULL;
  double seconds;

  if (end == NULL || end - payload - 1 > MAX_PAYLOAD)
    return 0;

  text = decode (payload + 1, (gsize) (end - payload - 1));
  claims = bobbin_json_parse_object (text, -1, NULL);
  seconds = claims != NULL ? bobbin_json_get_double (claims, "exp", 0) : 0;
  explicit_bzero (text, strlen (text));

  return seconds > 0 && seconds <= (double) MAX_SECONDS ? (gint64) seconds * G_USEC_PER_SEC : 0;
}
