#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-nebelus-decoder-private.h"

#include "util/bobbin-json.h"

#include <string.h>

/* nebelus.md, section 5.1: images are "base64 or URL", files "attachment data"; the member names are published
 * only for what the client sends (section 7), so the usual ones are read, in this order. */
static const char *const base64_members[] = { "data", "base64", "image", "content", "image_data", "file_data",
                                              "bytes", "b64_json" };
static const char *const type_members[] = { "content_type", "mime_type", "media_type", "mime", "mimetype" };
static const char *const name_members[] = { "name", "filename", "file_name", "title" };
static const char *const url_members[] = { "url", "image_url", "file_url", "download_url", "href" };

static const char *
first_string (JsonObject        *object,
              const char *const *members,
              gsize              n_members)
{
  for (gsize i = 0; i < n_members; i++)
    {
      const char *value = bobbin_json_get_string (object, members[i]);

      if (value != NULL && *value != '\0')
        return value;
    }

  return NULL;
}

/* g_base64_decode() takes anything; here a text that is no base64 must not become a picture of noise. */
static GBytes *
decode_base64 (const char *text)
{
  g_autofree char *standard = g_strdup (text);
  guchar *bytes;
  gsize n = 0;
  gsize length;

  for (const char *p = text; *p != '\0'; p++)
    {
      if (g_ascii_isalnum (*p) || *p == '+' || *p == '/')
        standard[n++] = *p;
      else if (*p == '-' || *p == '_')
        standard[n++] = *p == '-' ? '+' : '/';
      else if (*p == '=' && p[strspn (p, "= \r\n\t")] == '\0')
        break;
      else if (!g_ascii_isspace (*p))
        return NULL;
    }
  if (n == 0 || n % 4 == 1)
    return NULL;
  /* The padding is put back by hand: it may have been left out. The buffer has room: at most two, and the text
   * had the rest. */
  standard = g_realloc (standard, n + 3);
  while (n % 4 != 0)
    standard[n++] = '=';
  standard[n] = '\0';
  bytes = g_base64_decode_inplace (standard, &length);
  (void) bytes;

  return g_bytes_new (standard, length);
}

/* "data:image/png;base64,…": gives the type and where the base64 starts. */
static const char *
strip_data_url (const char  *text,
                char       **ret_type)
{
  const char *comma;
  gsize type_length;

  if (g_ascii_strncasecmp (text, "data:", 5) != 0)
    return text;
  comma = strchr (text, ',');
  if (comma == NULL)
    return text;
  type_length = strcspn (text + 5, ";,");
  if (type_length > 0 && *ret_type == NULL)
    *ret_type = g_strndup (text + 5, type_length);

  return comma + 1;
}

static gboolean
set_bytes (BobbinEvent *event,
           const char  *text)
{
  g_autofree char *type = NULL;
  const char *base64 = strip_data_url (text, &type);
  GBytes *bytes = decode_base64 (base64);

  if (bytes == NULL)
    return FALSE;
  g_clear_pointer (&event->bytes, g_bytes_unref);
  event->bytes = bytes;
  if (event->content_type == NULL)
    event->content_type = g_steal_pointer (&type);

  return TRUE;
}

static void
set_url (BobbinEvent *event,
         const char  *url)
{
  GString *out = g_string_new ("{\"url\":");

  bobbin_json_append_string (out, url);
  g_string_append_c (out, '}');
  g_free (event->data);
  event->data = g_string_free (out, FALSE);
}

static gboolean
decode_string (BobbinEvent *event,
               const char  *text)
{
  if (g_ascii_strncasecmp (text, "http://", 7) == 0 || g_ascii_strncasecmp (text, "https://", 8) == 0)
    {
      set_url (event, text);
      return TRUE;
    }

  return set_bytes (event, text);
}

static gboolean
decode_object (BobbinEvent *event,
               JsonObject  *object)
{
  const char *type = first_string (object, type_members, G_N_ELEMENTS (type_members));
  const char *name = first_string (object, name_members, G_N_ELEMENTS (name_members));
  const char *url = first_string (object, url_members, G_N_ELEMENTS (url_members));

  if (url == NULL && bobbin_json_get_object (object, "image_url") != NULL)
    url = bobbin_json_get_string (bobbin_json_get_object (object, "image_url"), "url");
  if (type != NULL && event->content_type == NULL)
    event->content_type = g_strdup (type);
  if (name != NULL && event->name == NULL)
    event->name = g_strdup (name);
  for (gsize i = 0; i < G_N_ELEMENTS (base64_members); i++)
    {
      const char *text = bobbin_json_get_string (object, base64_members[i]);

      if (text != NULL && *text != '\0' && decode_string (event, text))
        return TRUE;
    }
  if (url != NULL && *url != '\0')
    {
      if (g_ascii_strncasecmp (url, "data:", 5) == 0)
        return set_bytes (event, url);
      set_url (event, url);
      return TRUE;
    }
  /* {"source":{"type":"base64","data":…}} and the like: one level down. */
  for (gsize i = 0; i < 2; i++)
    {
      JsonObject *inner = bobbin_json_get_object (object, i == 0 ? "source" : "file");

      if (inner != NULL)
        return decode_object (event, inner);
    }

  return FALSE;
}

gboolean
_bobbin_nebelus_decode_media (JsonNode    *data,
                              BobbinEvent *event)
{
  if (data != NULL && JSON_NODE_HOLDS_OBJECT (data))
    return decode_object (event, json_node_get_object (data));
  if (data != NULL && JSON_NODE_HOLDS_VALUE (data) && json_node_get_value_type (data) == G_TYPE_STRING)
    return decode_string (event, json_node_get_string (data));

  return FALSE;
}
