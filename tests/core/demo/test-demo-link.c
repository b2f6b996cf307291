#include "config.h"
#include "demo/bobbin-demo-link.h"

#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The link at one end of a socket pair; the test reads and writes bytes at the other. */
typedef struct
{
  BobbinDemoLink *link;
  int             peer;
  GString        *messages; /* each followed by ';' */
  guint           n_gone;
} Fixture;

static void
message_cb (BobbinDemoLink *link,
            char           *text,
            gsize           length,
            gpointer        user_data)
{
  Fixture *fixture = user_data;

  g_assert_cmpuint (strlen (text), ==, length);
  g_string_append_printf (fixture->messages, "%s;", text);
}

static void
gone_cb (BobbinDemoLink *link,
         gpointer        user_data)
{
  ((Fixture *) user_data)->n_gone++;
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  static const BobbinDemoLinkFuncs funcs = { message_cb, gone_cb };
  g_autoptr(GInputStream) in = NULL;
  g_autoptr(GOutputStream) out = NULL;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, fds), ==, 0);
  g_unix_set_fd_nonblocking (fds[0], TRUE, NULL);
  g_unix_set_fd_nonblocking (fds[1], TRUE, NULL);
  in = g_unix_input_stream_new (fds[0], FALSE);
  out = g_unix_output_stream_new (fds[0], TRUE);
  fixture->peer = fds[1];
  fixture->messages = g_string_new (NULL);
  fixture->link = bobbin_demo_link_new (g_simple_io_stream_new (in, out), GPOINTER_TO_INT (data), "HEAD\n",
                                        &funcs, fixture);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  bobbin_demo_link_forget_owner (fixture->link);
  bobbin_demo_link_abort (fixture->link);
  bobbin_demo_link_unref (fixture->link);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  close (fixture->peer);
  g_string_free (fixture->messages, TRUE);
}

static gboolean
wake_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Reads until @length bytes have come, or the end when @length is 0. */
static GString *
receive (Fixture *fixture,
         gsize    length)
{
  GString *got = g_string_new (NULL);
  gint64 deadline = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;
  guint wake = g_timeout_add (10, wake_cb, NULL);
  gssize n = -1;

  while ((length == 0 || got->len < length) && n != 0)
    {
      char buffer[65536];

      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      n = read (fixture->peer, buffer, sizeof buffer);
      if (n > 0)
        g_string_append_len (got, buffer, n);
      else if (n < 0)
        g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (wake);

  return got;
}

static void
assert_receives (Fixture    *fixture,
                 const char *expected,
                 gsize       length)
{
  g_autoptr(GString) got = receive (fixture, length);

  g_assert_cmpmem (got->str, got->len, expected, length);
}

/* A frame as a client sends it. */
static void
append_frame (GString    *out,
              guint8      first,
              const char *payload,
              gsize       length)
{
  static const guint8 mask[4] = { 0x12, 0x34, 0x56, 0x78 };

  g_string_append_c (out, (char) first);
  if (length < 126)
    g_string_append_c (out, (char) (0x80 | length));
  else if (length < 65536)
    {
      g_string_append_c (out, (char) (0x80 | 126));
      g_string_append_c (out, (char) (length >> 8));
      g_string_append_c (out, (char) (length & 0xff));
    }
  else
    {
      g_string_append_c (out, (char) (0x80 | 127));
      for (int shift = 56; shift >= 0; shift -= 8)
        g_string_append_c (out, (char) ((guint64) length >> shift & 0xff));
    }
  g_string_append_len (out, (const char *) mask, 4);
  for (gsize i = 0; i < length; i++)
    g_string_append_c (out, (char) (payload[i] ^ mask[i & 3]));
}

static void
deliver (Fixture    *fixture,
         const char *bytes,
         gsize       length)
{
  gsize pos = 0;

  while (pos < length)
    {
      gssize n = write (fixture->peer, bytes + pos, length - pos);

      if (n > 0)
        pos += (gsize) n;
      g_main_context_iteration (NULL, n <= 0);
    }
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_frames_out (Fixture      *fixture,
                 gconstpointer data)
{
  static const gsize lengths[] = { 0, 1, 125, 126, 65535, 65536, 200000 };

  assert_receives (fixture, "HEAD\n", 5);
  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      gsize length = lengths[i];
      gsize head = length < 126 ? 2 : length < 65536 ? 4 : 10;
      g_autofree char *text = g_strnfill (length, 'x');
      g_autoptr(GString) got = NULL;
      guint64 announced = 0;

      bobbin_demo_link_send_text (fixture->link, text, length);
      got = receive (fixture, head + length);
      g_assert_cmphex ((guint8) got->str[0], ==, 0x81);
      for (gsize j = head == 2 ? 1 : 2; j < head; j++)
        announced = announced << 8 | (guint8) got->str[j];
      g_assert_cmpuint (announced, ==, length);
      g_assert_cmpmem (got->str + head, got->len - head, text, length);
    }
}

static void
test_frames_in (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr(GString) input = g_string_new (NULL);
  g_autofree char *big = g_strnfill (70000, 'y');
  g_autofree char *expected = g_strconcat ("one;;", big, ";two;", NULL);

  append_frame (input, 0x81, "one", 3);
  append_frame (input, 0x81, "", 0);
  append_frame (input, 0x8a, "pong", 4);
  append_frame (input, 0x81, big, 70000);
  append_frame (input, 0x01, "t", 1);
  append_frame (input, 0x89, "p", 1);
  append_frame (input, 0x00, "w", 1);
  append_frame (input, 0x80, "o", 1);
  deliver (fixture, input->str, input->len);
  g_assert_cmpstr (fixture->messages->str, ==, expected);
  /* The ping in between was answered. */
  assert_receives (fixture, "HEAD\n\x8a\x01p", 8);

  /* And byte by byte. */
  g_string_truncate (fixture->messages, 0);
  g_string_truncate (input, 0);
  append_frame (input, 0x81, "three", 5);
  for (gsize i = 0; i < input->len; i++)
    deliver (fixture, input->str + i, 1);
  g_assert_cmpstr (fixture->messages->str, ==, "three;");
}

static void
test_bad_frames (Fixture      *fixture,
                 gconstpointer data)
{
  static const struct { const char *bytes; gsize length; guint code; } frames[] = {
    { "\x81\x03" "abc", 5, 1002 },                          /* not masked */
    { "\xc1\x83" "mask" "abc", 9, 1002 },                   /* an extension bit */
    { "\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff" "mask", 14, 1002 },
    { "\x82\x81" "mask" "a", 7, 1003 },                     /* binary */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      g_autoptr(GString) got = NULL;

      deliver (fixture, frames[i].bytes, frames[i].length);
      got = receive (fixture, 0);
      g_assert_cmphex ((guint8) got->str[5], ==, 0x88);
      g_assert_cmpuint ((guint) (guint8) got->str[7] << 8 | (guint8) got->str[8], ==, frames[i].code);
      g_assert_cmpuint (fixture->n_gone, ==, 1);
      tear_down (fixture, data);
      fixture->n_gone = 0;
      set_up (fixture, data);
    }
}

static void
test_close (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr(GString) got = NULL;

  bobbin_demo_link_close (fixture->link, 4004, "gone");
  g_assert_false (bobbin_demo_link_is_open (fixture->link));
  bobbin_demo_link_send_text (fixture->link, "late", 4);
  got = receive (fixture, 0);
  g_assert_cmpmem (got->str, got->len, "HEAD\n\x88\x06\x0f\xa4gone", 13);
  g_assert_cmpuint (fixture->n_gone, ==, 1);
}

static void
test_client_closes (Fixture      *fixture,
                    gconstpointer data)
{
  g_autoptr(GString) input = g_string_new (NULL);
  g_autoptr(GString) got = NULL;

  append_frame (input, 0x88, "\x03\xe8", 2);
  deliver (fixture, input->str, input->len);
  got = receive (fixture, 0);
  g_assert_cmpmem (got->str, got->len, "HEAD\n\x88\x02\x03\xe8", 9);
  g_assert_cmpuint (fixture->n_gone, ==, 1);
}

static void
test_half (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr(GString) got = NULL;

  bobbin_demo_link_send_half (fixture->link, "12345678", 8);
  bobbin_demo_link_drop (fixture->link, FALSE);
  got = receive (fixture, 0);
  g_assert_cmpmem (got->str, got->len, "HEAD\n\x81\x08" "1234", 11);
}

static void
test_stall (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr(GString) input = g_string_new (NULL);
  g_autoptr(GString) got = NULL;

  bobbin_demo_link_send_text (fixture->link, "a", 1);
  bobbin_demo_link_stall (fixture->link);
  bobbin_demo_link_send_text (fixture->link, "b", 1);
  append_frame (input, 0x81, "c", 1);
  deliver (fixture, input->str, input->len);
  got = receive (fixture, 8);
  g_assert_cmpmem (got->str, got->len, "HEAD\n\x81\x01" "a", 8);
  g_assert_cmpstr (fixture->messages->str, ==, "");
  g_assert_cmpuint (fixture->n_gone, ==, 0);
}

/* A peer that does not read holds nothing up. */
static void
test_abort (Fixture      *fixture,
            gconstpointer data)
{
  g_autofree char *text = g_strnfill (10000000, 'x');

  bobbin_demo_link_send_text (fixture->link, text, 10000000);
  bobbin_demo_link_drop (fixture->link, FALSE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (fixture->n_gone, ==, 0);
  bobbin_demo_link_abort (fixture->link);
  g_assert_cmpuint (fixture->n_gone, ==, 1);
}

static void
test_drip (Fixture      *fixture,
           gconstpointer data)
{
  assert_receives (fixture, "HEAD\n", 5);
  bobbin_demo_link_set_drip (fixture->link, 1000);
  bobbin_demo_link_send_text (fixture->link, "abc", 3);
  /* Each byte is a read of its own. */
  for (gsize i = 0; i < 5; i++)
    {
      g_autoptr(GString) got = receive (fixture, 1);

      g_assert_cmpuint (got->len, ==, 1);
      g_assert_cmphex ((guint8) got->str[0], ==, (guint8) "\x81\x03" "abc"[i]);
    }
}

static void
test_sse (Fixture      *fixture,
          gconstpointer data)
{
  g_autoptr(GString) got = NULL;

  assert_receives (fixture, "HEAD\n", 5);
  bobbin_demo_link_send_event (fixture->link, "pong", "{}");
  assert_receives (fixture, "16\r\nevent: pong\ndata: {}\n\n\r\n", 28);
  bobbin_demo_link_close (fixture->link, 1000, NULL);
  got = receive (fixture, 0);
  g_assert_cmpmem (got->str, got->len, "0\r\n\r\n", 5);
  g_assert_cmpuint (fixture->n_gone, ==, 1);
}

static void
test_sse_peer_leaves (Fixture      *fixture,
                      gconstpointer data)
{
  gint64 deadline = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  close (fixture->peer);
  while (fixture->n_gone == 0 && g_get_monotonic_time () < deadline)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (fixture->n_gone, ==, 1);
  fixture->peer = -1;
}

#define ADD(name, kind, func) g_test_add ("/demo/link/" name, Fixture, GINT_TO_POINTER (kind), set_up, func, \
              tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("frames-out", BOBBIN_DEMO_LINK_WS, test_frames_out);
  ADD ("frames-in", BOBBIN_DEMO_LINK_WS, test_frames_in);
  ADD ("bad-frames", BOBBIN_DEMO_LINK_WS, test_bad_frames);
  ADD ("close", BOBBIN_DEMO_LINK_WS, test_close);
  ADD ("client-closes", BOBBIN_DEMO_LINK_WS, test_client_closes);
  ADD ("half", BOBBIN_DEMO_LINK_WS, test_half);
  ADD ("stall", BOBBIN_DEMO_LINK_WS, test_stall);
  ADD ("abort", BOBBIN_DEMO_LINK_WS, test_abort);
  ADD ("drip", BOBBIN_DEMO_LINK_WS, test_drip);
  ADD ("sse", BOBBIN_DEMO_LINK_SSE, test_sse);
  ADD ("sse-peer-leaves", BOBBIN_DEMO_LINK_SSE, test_sse_peer_leaves);

  return g_test_run ();
}
