/* BobbinBodyStream: text and files in base64, lazily; files that change are told of. */
#include "config.h"

#include "transport/bobbin-body-stream.h"
#include "util/bobbin-error.h"

#include "server-fixture.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  char *dir;
  char *path;
} Fixture;

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  f->dir = g_dir_make_tmp ("bobbin-XXXXXX", NULL);
  f->path = g_build_filename (f->dir, "file", NULL);
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  if (g_rmdir (f->path) != 0)
    g_unlink (f->path);
  g_assert_cmpint (g_rmdir (f->dir), ==, 0);
  g_free (f->path);
  g_free (f->dir);
}

static void
write_file (Fixture *f,
            gsize    size)
{
  g_autofree char *content = g_malloc (size + 1);

  for (gsize i = 0; i < size; i++)
    content[i] = (char) (i * 7 + i / 251);
  g_assert_true (g_file_set_contents (f->path, content, (gssize) size, NULL));
}

static char *
encode_file (Fixture *f)
{
  g_autofree char *content = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (f->path, &content, &length, NULL));

  return g_base64_encode ((const guchar *) content, length);
}

static BobbinBodyStream *
stream_of (Fixture *f,
           gint64   size)
{
  BobbinBodyStream *stream = bobbin_body_stream_new ();

  bobbin_body_stream_append_text (stream, "{\"data\":\"", -1);
  bobbin_body_stream_append_file (stream, f->path, "q3.csv", size);
  bobbin_body_stream_append_text (stream, "\"}", 2);
  bobbin_body_stream_append_text (stream, "", 0);

  return stream;
}

/* Every length around a step, read in pieces of every awkward size. */
static void
test_content (Fixture      *f,
              gconstpointer data)
{
  static const gsize sizes[] = { 0, 1, 2, 3, 4, 49151, 49152, 49153, 98304, 150001 };
  static const gsize pieces[] = { 1, 7, 1000, 8192, 70000, 300000 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *encoded = NULL;
      g_autofree char *expected = NULL;

      write_file (f, sizes[i]);
      encoded = encode_file (f);
      expected = g_strconcat ("{\"data\":\"", encoded, "\"}", NULL);
      for (guint j = sizes[i] > 1000 ? 1 : 0; j < G_N_ELEMENTS (pieces); j++)
        {
          g_autoptr(BobbinBodyStream) stream = stream_of (f, (gint64) sizes[i]);
          g_autoptr(GString) got = g_string_new (NULL);
          g_autofree char *piece = g_malloc (pieces[j]);
          gssize n;

          g_assert_cmpint (bobbin_body_stream_get_length (stream), ==, (gint64) strlen (expected));
          while ((n = g_input_stream_read (G_INPUT_STREAM (stream), piece, pieces[j], NULL, NULL)) > 0)
            g_string_append_len (got, piece, n);
          g_assert_cmpint (n, ==, 0);
          g_assert_cmpstr (got->str, ==, expected);
        }
    }
}

static void
assert_refused (Fixture    *f,
                gint64      announced,
                const char *words)
{
  g_autoptr(BobbinBodyStream) stream = stream_of (f, announced);
  g_autoptr(GError) error = NULL;
  g_autofree char *buffer = g_malloc (1000000);
  gsize n;

  g_assert_false (g_input_stream_read_all (G_INPUT_STREAM (stream), buffer, 1000000, &n, NULL, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "q3.csv"));
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_changed_before (Fixture      *f,
                     gconstpointer data)
{
  assert_refused (f, 10, "cannot be read");
  write_file (f, 100);
  assert_refused (f, 10, "has changed");
  assert_refused (f, 101, "has changed");
  g_unlink (f->path);
  g_assert_cmpint (g_mkdir (f->path, 0700), ==, 0);
  assert_refused (f, 0, "is not a file");
}

static void
test_fifo (Fixture      *f,
           gconstpointer data)
{
  g_assert_cmpint (mkfifo (f->path, 0600), ==, 0);
  assert_refused (f, 0, "is not a file");
}

static void
test_changed_while_read (Fixture      *f,
                         gconstpointer data)
{
  gboolean grows = data != NULL;
  g_autoptr(BobbinBodyStream) stream = NULL;
  g_autoptr(GError) error = NULL;
  char piece[1000];
  gssize n;

  write_file (f, 200000);
  stream = stream_of (f, 200000);
  g_assert_cmpint (g_input_stream_read (G_INPUT_STREAM (stream), piece, sizeof piece, NULL, NULL), ==, sizeof piece);
  g_assert_cmpint (truncate (f->path, grows ? 200001 : 100000), ==, 0);
  while ((n = g_input_stream_read (G_INPUT_STREAM (stream), piece, sizeof piece, NULL, &error)) > 0)
    ;
  g_assert_cmpint (n, ==, -1);
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, grows ? "grew" : "shorter"));
}

static void
read_all_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
test_read_all (Fixture      *f,
               gconstpointer data)
{
  g_autoptr(BobbinBodyStream) stream = NULL;
  g_autoptr(BobbinBodyStream) wrong = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;

  write_file (f, 100000);
  stream = stream_of (f, 100000);
  bobbin_body_stream_read_all_async (stream, NULL, read_all_cb, &result);
  test_wait_until (result != NULL);
  bytes = bobbin_body_stream_read_all_finish (stream, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, (gsize) bobbin_body_stream_get_length (stream));

  g_clear_object (&result);
  wrong = stream_of (f, 99999);
  bobbin_body_stream_read_all_async (wrong, NULL, read_all_cb, &result);
  test_wait_until (result != NULL);
  g_assert_null (bobbin_body_stream_read_all_finish (wrong, result, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FILE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/transport/body-stream/content", Fixture, NULL, set_up, test_content, tear_down);
  g_test_add ("/transport/body-stream/changed-before", Fixture, NULL, set_up, test_changed_before, tear_down);
  g_test_add ("/transport/body-stream/fifo", Fixture, NULL, set_up, test_fifo, tear_down);
  g_test_add ("/transport/body-stream/shrinks", Fixture, NULL, set_up, test_changed_while_read, tear_down);
  g_test_add ("/transport/body-stream/grows", Fixture, "", set_up, test_changed_while_read, tear_down);
  g_test_add ("/transport/body-stream/read-all", Fixture, NULL, set_up, test_read_all, tear_down);

  return g_test_run ();
}
