/* Walks through JSON of any size as it is read: into an object or an array, member by member, and takes or skips the values found
 * there. Memory is what the largest value that is taken needs. Nothing is believed of the input: nesting is bounded, and so is
 * each value. Used by one thread; blocks where the source does. Errors are BOBBIN_ERROR_PROTOCOL, _TOO_LARGE or the source's. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _BobbinJsonStream BobbinJsonStream;

/* Bytes read; 0 at the end, -1 with @error. */
typedef gssize (*BobbinReadFunc) (gpointer source, void *buffer, gsize length, GError **error);

BobbinJsonStream *bobbin_json_stream_new   (BobbinReadFunc read, gpointer source) G_GNUC_WARN_UNUSED_RESULT;
void              bobbin_json_stream_free  (BobbinJsonStream *self);
/* How the value here begins: '{', '[', '"', or '0' for anything else; 0 with @error at the end. */
char              bobbin_json_stream_peek  (BobbinJsonStream *self, GError **error);
/* Into the object or the array that begins here. */
gboolean          bobbin_json_stream_enter (BobbinJsonStream *self, GError **error);
/* On to the next member or element, whose value is then here; 0: there is none, and it is left; -1 with @error. @ret_name: (nullable)
 * (transfer full): of a member; NULL of an element. */
int               bobbin_json_stream_next  (BobbinJsonStream *self, char **ret_name, GError **error);
/* The value that is here, at most @max_bytes of it. */
JsonNode         *bobbin_json_stream_take  (BobbinJsonStream *self, gsize max_bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean          bobbin_json_stream_skip  (BobbinJsonStream *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinJsonStream, bobbin_json_stream_free)

G_END_DECLS
