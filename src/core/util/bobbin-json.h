/* Typed reading of JSON that strangers sent. Every reader tests the node's type first: a wrong type,
 * a null and an absent member all give the default. Strings returned are borrowed and valid UTF-8. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Deepest nesting accepted before parsing; json-glib 1.6 recurses without a limit of its own. */
#define BOBBIN_JSON_MAX_DEPTH 128

/* Parses @length bytes (-1: a C string). Invalid UTF-8 is replaced, nesting above
 * BOBBIN_JSON_MAX_DEPTH and text after the value are BOBBIN_ERROR_PROTOCOL. */
JsonNode   *bobbin_json_parse        (const char *text, gssize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same, and the root must be an object. */
JsonObject *bobbin_json_parse_object (const char *text, gssize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;

const char *bobbin_json_get_string (JsonObject *object, const char *member); /* (nullable) only a string */
/* (nullable) (transfer full): a string as it is; numbers and booleans as their text. */
char       *bobbin_json_dup_text   (JsonObject *object, const char *member) G_GNUC_WARN_UNUSED_RESULT;
gint64      bobbin_json_get_int    (JsonObject *object, const char *member, gint64 otherwise); /* also "12" and 12.0 */
double      bobbin_json_get_double (JsonObject *object, const char *member, double otherwise);
gboolean    bobbin_json_get_bool   (JsonObject *object, const char *member, gboolean otherwise);
JsonObject *bobbin_json_get_object (JsonObject *object, const char *member); /* (nullable) */
JsonArray  *bobbin_json_get_array  (JsonObject *object, const char *member); /* (nullable) */
JsonNode   *bobbin_json_get_node   (JsonObject *object, const char *member); /* (nullable) any type but null */

/* bobbin-json-write.c: members keep their order, numbers their shortest form. */
char       *bobbin_json_to_text        (JsonNode *node, gboolean pretty) G_GNUC_WARN_UNUSED_RESULT;
char       *bobbin_json_object_to_text (JsonObject *object, gboolean pretty) G_GNUC_WARN_UNUSED_RESULT;
/* Appends @text as a JSON string with its quotes. */
void        bobbin_json_append_string  (GString *out, const char *text);

G_END_DECLS
