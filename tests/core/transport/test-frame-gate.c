/* BobbinFrameGate: headers found at every split, text renamed, pieces added up. */
#include "config.h"

#include "transport/bobbin-frame-gate.h"
#include "util/bobbin-error.h"

#include <string.h>

/* text "ab"; ping "p"; text of 126 bytes in two pieces, a pong between them; empty text; masked text "wxyz"; binary of 70,000 */
static GByteArray *
make_stream (gboolean renamed)
{
  const guint8 text = renamed ? 2 : 1;
  GByteArray *stream = g_byte_array_new ();
  g_autofree guint8 *large = g_malloc (70000);
  const guint8 head[] = { 0x80 | text, 2, 0x81, 0x01, 0x89, 1, 'p', text, 126, 0, 126 };
  const guint8 middle[] = { 0x8a, 0, 0x80, 1, 0x01, 0x80 | text, 0, 0x80 | text, 0x84, 1, 1, 1, 1, 'w', 'x', 'y', 'z',
                            0x82, 127, 0, 0, 0, 0, 0, 1, 0x11, 0x70 };

  memset (large, 0x81, 70000); /* looks like headers */
  g_byte_array_append (stream, head, sizeof head);
  g_byte_array_append (stream, large, 126);
  g_byte_array_append (stream, middle, sizeof middle);
  g_byte_array_append (stream, large, 70000);
  g_byte_array_append (stream, head, 4);

  return stream;
}

static void
test_splits (void)
{
  static const gsize sizes[] = { 1, 2, 3, 5, 7, 64, 1000, 1000000 };
  g_autoptr(GByteArray) wanted = make_stream (TRUE);

  for (gsize s = 0; s < G_N_ELEMENTS (sizes); s++)
    {
      BobbinFrameGate gate = { .max_message = 70000 };
      g_autoptr(GByteArray) stream = make_stream (FALSE);
      g_autoptr(GError) error = NULL;

      for (gsize i = 0; i < stream->len; i += sizes[s])
        {
          gsize n = MIN (sizes[s], stream->len - i);

          g_assert_cmpuint (bobbin_frame_gate_pass (&gate, stream->data + i, n, &error), ==, n);
          g_assert_no_error (error);
        }
      g_assert_cmpmem (stream->data, stream->len, wanted->data, wanted->len);
    }
}

static void
assert_too_large (const guint8 *bytes,
                  gsize         n_bytes,
                  guint64       max_message)
{
  g_autofree guint8 *copy = g_memdup2 (bytes, n_bytes);
  guint8 ping[] = { 0x89, 0 };
  BobbinFrameGate gate = { .max_message = max_message };
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (bobbin_frame_gate_pass (&gate, copy, n_bytes, &error), <, n_bytes);
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_REPLY_TOO_LARGE);
  g_clear_error (&error);
  g_assert_cmpuint (bobbin_frame_gate_pass (&gate, ping, sizeof ping, &error), ==, 0);
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_REPLY_TOO_LARGE);
}

static void
test_too_large (void)
{
  static const guint8 pieces[] = { 0x01, 3, 'a', 'b', 'c', 0x89, 0, 0x00, 3, 'd', 'e', 'f', 0x00, 1 };
  static const guint8 one[] = { 0x81, 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
  static const guint8 sum[] = { 0x01, 1, 'a', 0x00, 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

  assert_too_large (pieces, sizeof pieces, 6);
  assert_too_large (one, sizeof one, 100);
  assert_too_large (sum, sizeof sum, 100);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/transport/frame-gate/splits", test_splits);
  g_test_add_func ("/transport/frame-gate/too-large", test_too_large);

  return g_test_run ();
}
