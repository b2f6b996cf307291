/* A request body made of text and of files, in base64 or as they are, read lazily: constant memory, length known ahead.
 *
 * Every file must be a regular file of the size it was announced with, and stay so: one that shrank, grew, vanished or is something
 * else ends the stream with BOBBIN_ERROR_FILE, naming it. Built on the main thread, read on any one thread at a time. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_BODY_STREAM (bobbin_body_stream_get_type ())
G_DECLARE_FINAL_TYPE (BobbinBodyStream, bobbin_body_stream, BOBBIN, BODY_STREAM, GInputStream)

BobbinBodyStream *bobbin_body_stream_new         (void) G_GNUC_WARN_UNUSED_RESULT;
/* @length in bytes, -1: a C string. */
void              bobbin_body_stream_append_text (BobbinBodyStream *self, const char *text, gssize length);
/* @name: for messages; @size: the raw bytes it must have. */
void              bobbin_body_stream_append_file (BobbinBodyStream *self, const char *path, const char *name, gint64 size);
/* The same, its bytes as they are. */
void              bobbin_body_stream_append_raw_file (BobbinBodyStream *self, const char *path, const char *name, gint64 size);
/* Bytes in all, what Content-Length says. */
gint64            bobbin_body_stream_get_length  (BobbinBodyStream *self);
/* Reads all of it into one buffer, on a thread of its own. */
void              bobbin_body_stream_read_all_async  (BobbinBodyStream *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GBytes           *bobbin_body_stream_read_all_finish (BobbinBodyStream *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
