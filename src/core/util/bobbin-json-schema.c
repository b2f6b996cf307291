#define G_LOG_DOMAIN "bobbin-util"
#include "config.h"
#include "util/bobbin-json-schema.h"

#include "util/bobbin-error.h"
#include "util/bobbin-json.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define MAX_DEPTH 64 /* of references into the same schema: one that refers to itself ends here */

typedef struct
{
  JsonObject *root;
  GString    *path;
  guint       depth;
} Check;

static gboolean check_value (Check *self, JsonObject *schema, JsonNode *value, gboolean partial, GError **error);

G_GNUC_PRINTF (3, 4)
static gboolean
refuse (Check      *self,
        GError    **error,
        const char *format,
        ...)
{
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  if (self->path->len > 0) /* Translators: the place in a JSON value, and what is wrong there */
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, _("“%1$s” %2$s"), self->path->str, what);
  else /* Translators: what is wrong with a JSON value as a whole */
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, _("The value %s"), what);

  return FALSE;
}

/* Types */

static const char *
type_of (JsonNode *value)
{
  if (JSON_NODE_HOLDS_OBJECT (value))
    return "object";
  if (JSON_NODE_HOLDS_ARRAY (value))
    return "array";
  if (JSON_NODE_HOLDS_NULL (value))
    return "null";

  switch (json_node_get_value_type (value))
    {
    case G_TYPE_BOOLEAN:
      return "boolean";
    case G_TYPE_STRING:
      return "string";
    case G_TYPE_INT64:
      return "integer";
    default:
      return "number";
    }
}

static gboolean
has_type (JsonNode   *value,
          const char *type)
{
  const char *actual = type_of (value);

  if (g_str_equal (type, actual))
    return TRUE;
  if (g_str_equal (type, "number"))
    return g_str_equal (actual, "integer");

  return g_str_equal (type, "integer") && g_str_equal (actual, "number") && trunc (json_node_get_double (value)) == json_node_get_double (value);
}

static const char *
type_name (const char *type)
{
  static const struct { const char *type; const char *name; } names[] = {
    { "string", N_("text") }, { "integer", N_("a whole number") }, { "number", N_("a number") }, { "boolean", N_("true or false") },
    { "object", N_("an object") }, { "array", N_("a list") }, { "null", N_("null") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i].type, type))
      return _(names[i].name);

  return type;
}

static gboolean
check_type (Check      *self,
            JsonObject *schema,
            JsonNode   *value,
            GError    **error)
{
  const char *type = bobbin_json_get_string (schema, "type");
  JsonArray *types = bobbin_json_get_array (schema, "type");
  g_autoptr(GString) names = g_string_new (NULL);

  if (type != NULL)
    return has_type (value, type) || refuse (self, error, _("must be %s"), type_name (type));
  if (types == NULL)
    return TRUE;

  for (guint i = 0; i < json_array_get_length (types); i++)
    {
      JsonNode *one = json_array_get_element (types, i);

      if (!JSON_NODE_HOLDS_VALUE (one) || json_node_get_value_type (one) != G_TYPE_STRING)
        return TRUE;
      if (has_type (value, json_node_get_string (one)))
        return TRUE;
      g_string_append_printf (names, "%s%s", i > 0 ? C_("list", ", ") : "", type_name (json_node_get_string (one)));
    }

  return refuse (self, error, _("must be one of: %s"), names->str);
}

static gboolean
check_enum (Check      *self,
            JsonObject *schema,
            JsonNode   *value,
            GError    **error)
{
  JsonArray *allowed = bobbin_json_get_array (schema, "enum");
  JsonNode *only = json_object_has_member (schema, "const") ? json_object_get_member (schema, "const") : NULL;
  g_autofree char *text = NULL;

  if (only != NULL && !json_node_equal (only, value))
    {
      text = bobbin_json_to_text (only, FALSE);
      return refuse (self, error, _("must be %s"), text);
    }
  if (allowed == NULL)
    return TRUE;

  for (guint i = 0; i < json_array_get_length (allowed); i++)
    if (json_node_equal (json_array_get_element (allowed, i), value))
      return TRUE;
  text = bobbin_json_to_text (json_object_get_member (schema, "enum"), FALSE);

  return refuse (self, error, _("must be one of %s"), text);
}

/* Numbers and text */

static gboolean
check_number (Check      *self,
              JsonObject *schema,
              JsonNode   *value,
              GError    **error)
{
  static const struct { const char *member; gboolean lower; gboolean open; } limits[] = {
    { "minimum", TRUE, FALSE },
    { "exclusiveMinimum", TRUE, TRUE },
    { "maximum", FALSE, FALSE },
    { "exclusiveMaximum", FALSE, TRUE },
  };
  double number = json_node_get_value_type (value) == G_TYPE_INT64 ? (double) json_node_get_int (value) : json_node_get_double (value);

  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      double limit = bobbin_json_get_double (schema, limits[i].member, NAN);
      double over = limits[i].lower ? limit - number : number - limit;

      if (isnan (limit) || over < 0 || (over <= 0 && !limits[i].open))
        continue;
      switch (i)
        {
        case 0:
          return refuse (self, error, _("must be at least %g"), limit);
        case 1:
          return refuse (self, error, _("must be more than %g"), limit);
        case 2:
          return refuse (self, error, _("must be at most %g"), limit);
        default:
          return refuse (self, error, _("must be less than %g"), limit);
        }
    }

  return TRUE;
}

/* A server's number may be anything. */
static gulong
plural (gint64 n)
{
  return (gulong) CLAMP (n, 0, G_MAXINT);
}

static gboolean
check_length (Check      *self,
              JsonObject *schema,
              const char *text,
              GError    **error)
{
  glong length = g_utf8_strlen (text, -1);
  gint64 min = bobbin_json_get_int (schema, "minLength", 0);
  gint64 max = bobbin_json_get_int (schema, "maxLength", G_MAXINT64);

  if (length < min)
    return refuse (self, error, ngettext ("must have at least %d character", "must have at least %d characters", plural (min)), (int) min);
  if (length > max)
    return refuse (self, error, ngettext ("may have at most %d character", "may have at most %d characters", plural (max)), (int) max);

  return TRUE;
}

/* Objects and lists */

static gboolean
check_inside (Check      *self,
              JsonObject *schema,
              JsonNode   *value,
              const char *name,
              GError    **error)
{
  gsize before = self->path->len;
  gboolean fits;

  if (*name != '[' && before > 0)
    g_string_append_c (self->path, '.');
  g_string_append (self->path, name);
  fits = check_value (self, schema, value, FALSE, error);
  g_string_truncate (self->path, before);

  return fits;
}

static gboolean
check_member (Check      *self,
              JsonObject *schema,
              const char *name,
              JsonNode   *value,
              GError    **error)
{
  JsonObject *properties = bobbin_json_get_object (schema, "properties");
  JsonObject *of_member = properties != NULL ? bobbin_json_get_object (properties, name) : NULL;
  JsonObject *names = bobbin_json_get_object (schema, "propertyNames");
  JsonObject *others = bobbin_json_get_object (schema, "additionalProperties");
  g_autoptr(JsonNode) name_node = json_node_init_string (json_node_alloc (), name);

  if (names != NULL && !check_inside (self, names, name_node, name, error))
    return FALSE;
  if (of_member != NULL)
    return check_inside (self, of_member, value, name, error);
  if (others != NULL)
    return check_inside (self, others, value, name, error);
  if (!bobbin_json_get_bool (schema, "additionalProperties", TRUE) &&
      (properties == NULL || !json_object_has_member (properties, name)))
    return refuse (self, error, _("has no member “%s”"), name);

  return TRUE;
}

static gboolean
check_object (Check      *self,
              JsonObject *schema,
              JsonObject *object,
              gboolean    partial,
              GError    **error)
{
  JsonArray *required = bobbin_json_get_array (schema, "required");
  gint64 max = bobbin_json_get_int (schema, "maxProperties", G_MAXINT64);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (json_object_get_size (object) > max)
    return refuse (self, error, ngettext ("may have at most %d member", "may have at most %d members", plural (max)), (int) max);
  for (guint i = 0; !partial && required != NULL && i < json_array_get_length (required); i++)
    {
      JsonNode *node = json_array_get_element (required, i);

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING &&
          !json_object_has_member (object, json_node_get_string (node)))
        return refuse (self, error, _("lacks “%s”"), json_node_get_string (node));
    }

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &value))
    if (!check_member (self, schema, name, value, error))
      return FALSE;

  return TRUE;
}

static gboolean
check_array (Check      *self,
             JsonObject *schema,
             JsonArray  *array,
             GError    **error)
{
  JsonObject *items = bobbin_json_get_object (schema, "items");
  gint64 min = bobbin_json_get_int (schema, "minItems", 0);
  gint64 max = bobbin_json_get_int (schema, "maxItems", G_MAXINT64);

  if (json_array_get_length (array) < min)
    return refuse (self, error, ngettext ("must have at least %d item", "must have at least %d items", plural (min)), (int) min);
  if (json_array_get_length (array) > max)
    return refuse (self, error, ngettext ("may have at most %d item", "may have at most %d items", plural (max)), (int) max);
  for (guint i = 0; items != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *name = g_strdup_printf ("[%u]", i);

      if (!check_inside (self, items, json_array_get_element (array, i), name, error))
        return FALSE;
    }

  return TRUE;
}

/* Schemas made of others */

/* "#/$defs/Name": (nullable): any other place is none that can be looked up */
static JsonObject *
follow (Check      *self,
        const char *reference)
{
  g_auto(GStrv) parts = g_strsplit (reference, "/", -1);
  JsonObject *object = self->root;

  if (!g_str_equal (parts[0] != NULL ? parts[0] : "", "#"))
    return NULL;
  for (guint i = 1; parts[i] != NULL && object != NULL; i++)
    object = bobbin_json_get_object (object, parts[i]);

  return object;
}

/* @member: "anyOf" or "oneOf", which is taken for the same: an answer that fits two is the server's to refuse */
static gboolean
check_any (Check      *self,
           JsonObject *schema,
           const char *member,
           JsonNode   *value,
           gboolean    partial,
           GError    **error)
{
  JsonArray *choices = bobbin_json_get_array (schema, member);
  g_autoptr(GError) first = NULL;

  for (guint i = 0; choices != NULL && i < json_array_get_length (choices); i++)
    {
      JsonNode *choice = json_array_get_element (choices, i);
      g_autoptr(GError) local = NULL;

      if (!JSON_NODE_HOLDS_OBJECT (choice) || check_value (self, json_node_get_object (choice), value, partial, &local))
        return TRUE;
      if (first == NULL)
        first = g_steal_pointer (&local);
    }
  if (first == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

static gboolean
check_all (Check      *self,
           JsonObject *schema,
           JsonNode   *value,
           gboolean    partial,
           GError    **error)
{
  JsonArray *parts = bobbin_json_get_array (schema, "allOf");
  const char *reference = bobbin_json_get_string (schema, "$ref");
  JsonObject *target = reference != NULL ? follow (self, reference) : NULL;

  if (target != NULL && !check_value (self, target, value, partial, error))
    return FALSE;
  for (guint i = 0; parts != NULL && i < json_array_get_length (parts); i++)
    {
      JsonNode *part = json_array_get_element (parts, i);

      if (JSON_NODE_HOLDS_OBJECT (part) && !check_value (self, json_node_get_object (part), value, partial, error))
        return FALSE;
    }

  return check_any (self, schema, "anyOf", value, partial, error) && check_any (self, schema, "oneOf", value, partial, error);
}

static gboolean
check_content (Check      *self,
               JsonObject *schema,
               JsonNode   *value,
               gboolean    partial,
               GError    **error)
{
  if (JSON_NODE_HOLDS_OBJECT (value))
    return check_object (self, schema, json_node_get_object (value), partial, error);
  if (JSON_NODE_HOLDS_ARRAY (value))
    return check_array (self, schema, json_node_get_array (value), error);
  if (JSON_NODE_HOLDS_NULL (value) || json_node_get_value_type (value) == G_TYPE_BOOLEAN)
    return TRUE;
  if (json_node_get_value_type (value) == G_TYPE_STRING)
    return check_length (self, schema, json_node_get_string (value), error);

  return check_number (self, schema, value, error);
}

static gboolean
check_value (Check      *self,
             JsonObject *schema,
             JsonNode   *value,
             gboolean    partial,
             GError    **error)
{
  gboolean fits;

  if (self->depth >= MAX_DEPTH)
    return TRUE;

  self->depth++;
  fits = check_type (self, schema, value, error) && check_enum (self, schema, value, error) &&
         check_content (self, schema, value, partial, error) && check_all (self, schema, value, partial, error);
  self->depth--;

  return fits;
}

gboolean
bobbin_json_schema_check (JsonObject *schema,
                          JsonNode   *value,
                          gboolean    partial,
                          GError    **error)
{
  g_autoptr(GString) path = g_string_new (NULL);
  Check self = { schema, path, 0 };

  return check_value (&self, schema, value, partial, error);
}
