#define G_LOG_DOMAIN "bobbin-util"
#include "config.h"
#include "util/bobbin-json.h"

#include "util/bobbin-error.h"

#include <math.h>
#include <string.h>

static gboolean
is_whole_escape (const char *p,
                 const char *end)
{
  if (end - p < 6)
    return FALSE;
  for (int i = 2; i < 6; i++)
    if (!g_ascii_isxdigit (p[i]))
      return FALSE;

  return TRUE;
}

/* Where @text is in a value. */
typedef struct
{
  guint    depth;
  gboolean in_string;
  gboolean in_word;  /* a number, true: at the top, as all that is neither string nor container */
  gboolean closed;   /* the value is whole */
} Shape;

/* Takes one character outside of strings. (nullable) static: what is wrong with it. */
static const char *
take_plain (Shape *shape,
            char   c)
{
  if (g_ascii_isspace (c))
    {
      shape->closed = shape->closed || shape->in_word;
      return NULL;
    }
  if (shape->closed || (shape->in_word && strchr ("\"{[", c) != NULL))
    return "Text after the end of the JSON";
  if (c == '\'' || c == '/')
    return "Not JSON: a comment, or a text in single quotes";

  if (c == '"')
    shape->in_string = TRUE;
  else if (c == '{' || c == '[')
    shape->depth++;
  else if ((c == '}' || c == ']') && shape->depth > 0)
    shape->closed = --shape->depth == 0;
  else if (shape->depth == 0)
    shape->in_word = TRUE;

  return shape->depth > BOBBIN_JSON_MAX_DEPTH ? "JSON nested too deeply" : NULL;
}

/* What json-glib 1.6 does not see to: FALSE with @error where @text is nested deeper than the limit, or goes on after its value, or
 * has what json-glib reads in a way of its own: comments and strings in single quotes, which would hide nesting from this look,
 * \u without four digits, which would eat the bytes that follow, and escapes by number, which make half characters. */
static gboolean
check_shape (const char *text,
             gsize       length,
             GError    **error)
{
  Shape shape = { 0 };
  const char *wrong = NULL;

  for (gsize i = 0; i < length && wrong == NULL; i++)
    {
      char c = text[i];

      if (!shape.in_string)
        wrong = take_plain (&shape, c);
      else if (c == '\\' && i + 1 < length && text[i + 1] == 'u' && !is_whole_escape (text + i, text + length))
        wrong = "Not JSON: an escape without its four digits";
      else if (c == '\\' && i + 1 < length && g_ascii_isdigit (text[i + 1]))
        wrong = "Not JSON: an escape by number";
      else if (c == '\\')
        i++;
      else if (c == '"')
        {
          shape.in_string = FALSE;
          shape.closed = shape.depth == 0;
        }
    }
  if (wrong != NULL)
    g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL, wrong);

  return wrong == NULL;
}

/* The code unit of a \u escape at @p, -1 when there is none. */
static int
escaped_unit (const char *p,
              const char *end)
{
  int unit = 0;

  if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
    return -1;
  for (int i = 2; i < 6; i++)
    {
      int digit = g_ascii_xdigit_value (p[i]);

      if (digit < 0)
        return -1;
      unit = unit << 4 | digit;
    }

  return unit;
}

static gboolean
in_range (int unit,
          int first)
{
  return unit >= first && unit < first + 0x400;
}

/* json-glib ends a string at an escaped NUL, and what follows would be lost; half a surrogate pair becomes bytes that are no UTF-8.
 * Such an escape becomes the replacement character, which is as long. (nullable): NULL when nothing looks like one. */
static char *
dup_clean_escapes (const char *text,
                   gsize       length)
{
  char *copy, *p, *end;

  if (g_strstr_len (text, (gssize) length, "\\u0000") == NULL && g_strstr_len (text, (gssize) length, "\\ud") == NULL &&
      g_strstr_len (text, (gssize) length, "\\uD") == NULL)
    return NULL;

  copy = g_strndup (text, length);
  end = copy + length;
  for (p = copy; p < end; p++)
    {
      int unit;

      if (*p != '\\')
        continue;
      unit = escaped_unit (p, end);
      if (in_range (unit, 0xd800) && in_range (escaped_unit (p + 6, end), 0xdc00))
        p += 6;
      else if (unit == 0 || in_range (unit, 0xd800) || in_range (unit, 0xdc00))
        memcpy (p, "\\ufffd", 6);
      p += unit >= 0 ? 5 : 1;
    }

  return copy;
}

JsonNode *
bobbin_json_parse (const char *text,
                   gssize      length,
                   GError    **error)
{
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  g_autoptr(GError) local_error = NULL;
  g_autofree char *valid = NULL;
  g_autofree char *replaced = NULL;
  gsize n_bytes;

  /* g_bytes_get_data() of nothing is NULL. */
  if (text == NULL)
    text = "";
  n_bytes = length < 0 ? strlen (text) : (gsize) length;
  if (!check_shape (text, n_bytes, error))
    return NULL;
  if (!g_utf8_validate_len (text, n_bytes, NULL))
    {
      valid = g_utf8_make_valid (text, (gssize) n_bytes);
      text = valid;
      n_bytes = strlen (valid);
    }
  replaced = dup_clean_escapes (text, n_bytes);
  if (replaced != NULL)
    text = replaced;
  if (!json_parser_load_from_data (parser, text, (gssize) n_bytes, &local_error))
    {
      /* It names what it stumbled over, perhaps with half a character. */
      g_autofree char *words = g_utf8_make_valid (local_error->message, -1);

      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL, "Not JSON: %s", words);
      return NULL;
    }
  if (json_parser_get_root (parser) == NULL)
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL, "Empty where JSON belongs");
      return NULL;
    }

  return json_parser_steal_root (parser);
}

JsonObject *
bobbin_json_parse_object (const char *text,
                          gssize      length,
                          GError    **error)
{
  g_autoptr(JsonNode) root = bobbin_json_parse (text, length, error);

  if (root == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL, "JSON, but not an object");
      return NULL;
    }

  return json_node_dup_object (root);
}

JsonNode *
bobbin_json_get_node (JsonObject *object,
                      const char *member)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, member) : NULL;

  return node != NULL && !JSON_NODE_HOLDS_NULL (node) ? node : NULL;
}

static JsonNode *
get_value (JsonObject *object,
           const char *member)
{
  JsonNode *node = bobbin_json_get_node (object, member);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? node : NULL;
}

const char *
bobbin_json_get_string (JsonObject *object,
                        const char *member)
{
  JsonNode *node = get_value (object, member);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

char *
bobbin_json_dup_text (JsonObject *object,
                      const char *member)
{
  JsonNode *node = get_value (object, member);

  if (node == NULL)
    return NULL;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return g_strdup (json_node_get_string (node));

  return json_to_string (node, FALSE);
}

static gint64
int_from_double (double value,
                 gint64 otherwise)
{
  return isfinite (value) && fabs (value) < 9e18 ? (gint64) value : otherwise;
}

gint64
bobbin_json_get_int (JsonObject *object,
                     const char *member,
                     gint64      otherwise)
{
  JsonNode *node = get_value (object, member);
  GType type = node != NULL ? json_node_get_value_type (node) : G_TYPE_INVALID;
  gint64 value;

  if (type == G_TYPE_INT64)
    return json_node_get_int (node);
  if (type == G_TYPE_DOUBLE)
    return int_from_double (json_node_get_double (node), otherwise);
  if (type == G_TYPE_STRING &&
      g_ascii_string_to_signed (json_node_get_string (node), 10, G_MININT64, G_MAXINT64, &value, NULL))
    return value;

  return otherwise;
}

double
bobbin_json_get_double (JsonObject *object,
                        const char *member,
                        double      otherwise)
{
  JsonNode *node = get_value (object, member);
  GType type = node != NULL ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (type == G_TYPE_INT64 || type == G_TYPE_DOUBLE)
    return json_node_get_double (node);
  if (type == G_TYPE_STRING)
    {
      const char *text = json_node_get_string (node);
      char *end = NULL;
      double value = g_ascii_strtod (text, &end);

      if (end != text && *end == '\0' && isfinite (value))
        return value;
    }

  return otherwise;
}

gboolean
bobbin_json_get_bool (JsonObject *object,
                      const char *member,
                      gboolean    otherwise)
{
  JsonNode *node = get_value (object, member);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_BOOLEAN ? json_node_get_boolean (node) : otherwise;
}

JsonObject *
bobbin_json_get_object (JsonObject *object,
                        const char *member)
{
  JsonNode *node = bobbin_json_get_node (object, member);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
bobbin_json_get_array (JsonObject *object,
                       const char *member)
{
  JsonNode *node = bobbin_json_get_node (object, member);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}
