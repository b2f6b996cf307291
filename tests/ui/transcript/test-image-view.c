#include "config.h"

#include "messages.h"
#include "stage.h"
#include "ui/transcript/bobbin-image-fetcher.h"
#include "ui/transcript/bobbin-image-load.h"
#include "ui/transcript/bobbin-image-view.h"
#include "ui/transcript/bobbin-image-window.h"
#include "ui/transcript/bobbin-sources-view.h"
#include "model/bobbin-attachment.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-error.h"

#include "server-fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static char *
make_picture (int width,
              int height)
{
  g_autoptr(GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  g_autoptr(GError) error = NULL;
  char *path = NULL;
  int fd = g_file_open_tmp ("bobbin-image-XXXXXX.png", &path, &error);

  g_assert_no_error (error);
  close (fd);
  gdk_pixbuf_fill (pixbuf, 0x336699ff);
  gdk_pixbuf_save (pixbuf, path, "png", &error, NULL);
  g_assert_no_error (error);

  return path;
}

static BobbinBlock *
make_block (const char *path)
{
  BobbinBlock *block = bobbin_block_new (0, BOBBIN_BLOCK_IMAGE);
  g_autoptr(BobbinAttachment) attachment = bobbin_attachment_new (0, "picture.png", "image/png", 100,
                                                                  "00", path);

  bobbin_block_set_attachment (block, attachment);

  return block;
}

static gboolean
has_picture (gpointer window)
{
  return stage_find (window, GTK_TYPE_PICTURE, NULL) != NULL;
}

/* What is known of an image's size is kept: made again it has its height at once. */
static void
test_place (void)
{
  g_autofree char *path = make_picture (200, 100);
  g_autoptr(BobbinBlock) block = make_block (path);
  g_autoptr(BobbinViewState) state = bobbin_view_state_new ();
  GtkWidget *window = stage_new (bobbin_image_view_new (block, state), 500, 400);
  GtkWidget *again;
  int height;

  g_assert_true (stage_wait (has_picture, window));
  again = g_object_ref_sink (bobbin_image_view_new (block, state));
  g_assert_null (stage_find (again, GTK_TYPE_PICTURE, NULL));
  gtk_widget_measure (again, GTK_ORIENTATION_VERTICAL, 400, NULL, &height, NULL, NULL);
  g_assert_cmpint (height, ==, 100);
  gtk_widget_measure (again, GTK_ORIENTATION_VERTICAL, 100, NULL, &height, NULL, NULL);
  g_assert_cmpint (height, ==, 50);
  g_object_unref (again);
  stage_free (window);
  g_unlink (path);
}

/* Headers that claim a thousand million pixels, with nothing behind them. */

static void
put_be (GByteArray *out,
        guint32     value,
        guint       bytes)
{
  for (guint i = bytes; i > 0; i--)
    g_byte_array_append (out, &(guint8) { (guint8) (value >> (8 * (i - 1))) }, 1);
}

static void
put_le (GByteArray *out,
        guint32     value,
        guint       bytes)
{
  for (guint i = 0; i < bytes; i++)
    g_byte_array_append (out, &(guint8) { (guint8) (value >> (8 * i)) }, 1);
}

static void
put_text (GByteArray *out,
          const char *text,
          guint       length)
{
  g_byte_array_append (out, (const guint8 *) text, length);
}

static void
make_png_header (GByteArray *out,
                 guint       side)
{
  guint32 crc = 0xffffffff;

  put_text (out, "\x89PNG\r\n\x1a\n", 8);
  put_be (out, 13, 4);
  put_text (out, "IHDR", 4);
  put_be (out, side, 4);
  put_be (out, side, 4);
  put_text (out, "\x08\x02\0\0\0", 5);
  for (guint i = 12; i < out->len; i++)
    {
      crc ^= out->data[i];
      for (int bit = 0; bit < 8; bit++)
        crc = (crc >> 1) ^ ((crc & 1) ? 0xedb88320 : 0);
    }
  put_be (out, crc ^ 0xffffffff, 4);
  put_be (out, 4, 4);
  put_text (out, "IDAT\x78\x9c\x03\0\0\0\0\0", 12);
}

static void
make_jpeg_header (GByteArray *out,
                  guint       side)
{
  put_text (out, "\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0", 20);
  put_text (out, "\xff\xdb\0\x43\0", 5);
  for (guint i = 0; i < 64; i++)
    put_be (out, 16, 1);
  put_text (out, "\xff\xc0\0\x0b\x08", 5);
  put_be (out, side, 2);
  put_be (out, side, 2);
  put_text (out, "\1\1\x11\0", 4);
  put_text (out, "\xff\xc4\0\x14\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 22);
  put_text (out, "\xff\xc4\0\x14\x10\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 22);
  put_text (out, "\xff\xda\0\x08\1\1\0\0\x3f\0", 10);
}

static void
make_gif_header (GByteArray *out,
                 guint       side)
{
  put_text (out, "GIF89a", 6);
  put_le (out, side, 2);
  put_le (out, side, 2);
  put_text (out, "\x80\0\0\0\0\0\xff\xff\xff", 9);
  put_text (out, ",\0\0\0\0", 5);
  put_le (out, side, 2);
  put_le (out, side, 2);
  put_text (out, "\0\2\2L\1\0;", 7);
}

/* Beside a frame of one pixel, which is no image of that size. */
static void
make_webp_header (GByteArray *out,
                  guint       side)
{
  put_text (out, "RIFF", 4);
  put_le (out, 4 + 18 + 8 + 20, 4);
  put_text (out, "WEBPVP8X", 8);
  put_le (out, 10, 4);
  put_le (out, 0, 4);
  put_le (out, side - 1, 3);
  put_le (out, side - 1, 3);
  put_text (out, "VP8L", 4);
  put_le (out, 20, 4);
  put_text (out, "/\0\0\0\0\x07\xd0\xff\xfe\xf7\xbf\xff\x81\x88\x88\x08\0\0\0\0", 20);
}

typedef struct
{
  const char *name;
  void      (*make) (GByteArray *out, guint side);
} Header;

static const Header headers[] = {
  { "png", make_png_header }, { "jpeg", make_jpeg_header }, { "gif", make_gif_header }, { "webp", make_webp_header },
};

static gboolean
says_too_large (gpointer window)
{
  return stage_find (window, GTK_TYPE_LABEL, "This image is too large to be shown. You can save it.") != NULL;
}

/* Refused before one pixel is made, with a sentence; whether or not there is a loader for it. */
static void
test_huge_header (gconstpointer data)
{
  const Header *header = data;
  g_autofree char *path = make_picture (4, 4);
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  g_autoptr(BobbinBlock) block = NULL;
  GtkWidget *window;

  header->make (bytes, 31623);
  g_assert_true (g_file_set_contents (path, (const char *) bytes->data, bytes->len, NULL));
  block = make_block (path);
  {
    g_autoptr(BobbinViewState) state = bobbin_view_state_new ();

    stage_take_stall ();
    window = stage_new (bobbin_image_view_new (block, state), 500, 400);
    g_assert_true (stage_wait (says_too_large, window));
    stage_assert_stall (stage_take_stall ());
    stage_free (window);
  }
  g_unlink (path);
}

static gboolean
says_cannot (gpointer window)
{
  return stage_find (window, GTK_TYPE_LABEL, "This image cannot be shown.") != NULL;
}

static void
test_broken (void)
{
  g_autofree char *path = make_picture (4, 4);
  g_autoptr(BobbinBlock) block = make_block (path);
  g_autoptr(BobbinViewState) state = bobbin_view_state_new ();
  GtkWidget *window;

  g_assert_true (g_file_set_contents (path, "\x89PNG\r\n\x1a\nbroken", -1, NULL));
  window = stage_new (bobbin_image_view_new (block, state), 500, 400);
  g_assert_true (stage_wait (says_cannot, window));
  stage_free (window);
  g_unlink (path);
}

static void
test_data_uri (void)
{
  g_autofree char *path = make_picture (30, 20);
  g_autofree char *data = NULL;
  g_autofree char *base64 = NULL;
  g_autofree char *good = NULL;
  gsize length;
  GtkWidget *window;

  g_assert_true (g_file_get_contents (path, &data, &length, NULL));
  base64 = g_base64_encode ((const guchar *) data, length);
  good = g_strconcat ("data:image/png;base64,", base64, NULL);
  window = stage_new (bobbin_image_view_new_for_uri (good, "A dot"), 400, 300);
  g_assert_true (stage_wait (has_picture, window));
  stage_free (window);

  window = stage_new (bobbin_image_view_new_for_uri ("data:nothing", NULL), 400, 300);
  g_assert_true (stage_wait (says_cannot, window));
  stage_free (window);
  g_unlink (path);
}

/* Nothing is loaded by itself; a host can be remembered; only https has a host. */
static void
test_web (void)
{
  g_autoptr(BobbinClock) clock = bobbin_system_clock_new ();
  g_autoptr(GSettings) settings = g_settings_new (BOBBIN_APP_ID);
  g_autoptr(BobbinImageFetcher) fetcher = bobbin_image_fetcher_new (clock, settings);
  g_autofree char *host = bobbin_image_fetcher_dup_host ("https://Example.org/a.png");
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *window;

  g_assert_cmpstr (host, ==, "example.org");
  g_assert_null (bobbin_image_fetcher_dup_host ("http://example.org/a.png"));
  g_assert_null (bobbin_image_fetcher_dup_host ("file:///etc/passwd"));
  g_assert_null (bobbin_image_fetcher_dup_host ("https://user:pw@example.org/a.png"));
  g_assert_null (bobbin_image_fetcher_dup_host ("nonsense"));

  bobbin_image_fetcher_attach (fetcher, box);
  gtk_box_append (GTK_BOX (box), bobbin_image_view_new_for_uri ("https://example.invalid/a.png", NULL));
  window = stage_new (box, 400, 300);
  g_assert_nonnull (stage_find (window, GTK_TYPE_BUTTON, "Load Image"));
  g_assert_nonnull (stage_find (window, GTK_TYPE_LABEL, "https://example.invalid/a.png"));
  g_assert_false (bobbin_image_fetcher_is_remembered (fetcher, "example.invalid"));
  bobbin_image_fetcher_remember (fetcher, "example.invalid");
  bobbin_image_fetcher_remember (fetcher, "example.invalid");
  g_assert_true (bobbin_image_fetcher_is_remembered (fetcher, "example.invalid"));
  {
    g_auto(GStrv) hosts = g_settings_get_strv (settings, "image-hosts");

    g_assert_cmpuint (g_strv_length (hosts), ==, 1);
  }
  g_settings_reset (settings, "image-hosts");
  stage_free (window);

  /* an address that may not be loaded offers nothing */
  window = stage_new (bobbin_image_view_new_for_uri ("http://example.org/a.png", NULL), 400, 300);
  g_assert_null (stage_find (window, GTK_TYPE_BUTTON, "Load Image"));
  stage_free (window);
}

static gboolean
says_not_loaded (gpointer window)
{
  return stage_find (window, GTK_TYPE_LABEL, "This image is too large to be loaded.") != NULL;
}

/* A server with pictures; which of them it says in the path. */
static void
serve_picture (ServerFixture     *server,
               SoupServerMessage *message,
               const char        *path,
               gpointer           png)
{
  if (g_str_equal (path, "/missing.png"))
    server_message_answer (message, 404, "text/plain", "no such picture");
  else if (g_str_equal (path, "/page.png"))
    server_message_answer (message, 200, "text/html", "<html>log in first</html>");
  else if (g_str_equal (path, "/huge.png"))
    {
      GBytes *bytes = g_bytes_new_take (g_malloc0 (BOBBIN_IMAGE_BYTES_MAX + 1), BOBBIN_IMAGE_BYTES_MAX + 1);

      soup_server_message_set_status (message, 200, NULL);
      soup_message_body_append_bytes (soup_server_message_get_response_body (message), bytes);
      g_bytes_unref (bytes);
    }
  else
    {
      soup_server_message_set_status (message, 200, NULL);
      soup_server_message_set_response (message, "image/png", SOUP_MEMORY_COPY, g_bytes_get_data (png, NULL), g_bytes_get_size (png));
    }
}

typedef struct
{
  ServerFixture      *server;
  BobbinImageFetcher *fetcher;
  GtkWidget          *box;
  GtkWidget          *window;
} Web;

static GtkWidget *
add_image (Web        *web,
           const char *path)
{
  g_autofree char *uri = g_strconcat (web->server->url, path, NULL);
  GtkWidget *view = bobbin_image_view_new_for_uri (uri, NULL);

  gtk_box_append (GTK_BOX (web->box), view);
  return view;
}

static void
click_load (GtkWidget *view)
{
  GtkWidget *button = stage_find (view, GTK_TYPE_BUTTON, "Load Image");

  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
}

/* Loaded when asked for, once; from a remembered host without asking; nothing is told to the server that it need not know. */
static void
test_download (void)
{
  g_autoptr(BobbinClock) clock = bobbin_system_clock_new ();
  g_autoptr(GSettings) settings = g_settings_new (BOBBIN_APP_ID);
  g_autofree char *path = make_picture (30, 20);
  g_autofree char *pin = server_fixture_dup_fingerprint ();
  g_autoptr(BobbinImageFetcher) fetcher = bobbin_image_fetcher_new (clock, settings);
  g_autoptr(GBytes) png = NULL;
  Web web = { server_fixture_new_tls (), fetcher, gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), NULL };
  GtkWidget *view;
  char *data;
  gsize length;

  g_assert_true (g_file_get_contents (path, &data, &length, NULL));
  png = g_bytes_new_take (data, length);
  web.server->on_request = serve_picture;
  web.server->user_data = png;
  bobbin_image_fetcher_pin (fetcher, pin);
  bobbin_image_fetcher_attach (fetcher, web.box);
  web.window = stage_new (web.box, 500, 500);

  view = add_image (&web, "/a.png");
  stage_settle (web.window);
  g_assert_cmpuint (web.server->requests->len, ==, 0);
  click_load (view);
  g_assert_true (stage_wait (has_picture, view));
  g_assert_cmpuint (web.server->requests->len, ==, 1);
  g_assert_null (server_fixture_get_request (web.server, 0)->authorization);
  g_assert_null (server_fixture_get_request (web.server, 0)->origin);

  /* it is known now; another of the same host is not, until the host may be asked */
  view = add_image (&web, "/a.png");
  g_assert_true (stage_wait (has_picture, view));
  g_assert_cmpuint (web.server->requests->len, ==, 1);
  view = add_image (&web, "/b.png");
  stage_settle (web.window);
  g_assert_cmpuint (web.server->requests->len, ==, 1);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (stage_find (view, GTK_TYPE_CHECK_BUTTON, NULL)), TRUE);
  click_load (view);
  g_assert_true (stage_wait (has_picture, view));
  g_assert_true (bobbin_image_fetcher_is_remembered (fetcher, "127.0.0.1"));
  view = add_image (&web, "/c.png");
  g_assert_true (stage_wait (has_picture, view));
  g_assert_cmpuint (web.server->requests->len, ==, 3);

  /* what is no picture, is not there or has no end is said to be so */
  for (guint i = 0; i < 3; i++)
    {
      view = add_image (&web, ((const char *[]) { "/missing.png", "/page.png", "/huge.png" })[i]);
      g_assert_true (stage_wait (i < 2 ? says_cannot : says_not_loaded, view));
    }

  g_settings_reset (settings, "image-hosts");
  stage_free (web.window);
  server_fixture_free (web.server);
  g_unlink (path);
}

static gboolean
is_ready (gpointer window)
{
  return bobbin_image_window_is_ready (window);
}

static void
test_zoom (void)
{
  g_autofree char *path = make_picture (300, 200);
  g_autofree char *data = NULL;
  g_autoptr(GBytes) bytes = NULL;
  GtkWidget *window;
  gsize length;

  g_assert_true (g_file_get_contents (path, &data, &length, NULL));
  bytes = g_bytes_new (data, length);
  window = bobbin_image_window_new (NULL, bytes, "picture.png");
  gtk_window_present (GTK_WINDOW (window));
  g_assert_true (stage_wait (is_ready, window));
  stage_settle (window);
  g_assert_cmpfloat (bobbin_image_window_get_zoom (BOBBIN_IMAGE_WINDOW (window)), ==, 0);
  gtk_widget_activate_action (window, "image.zoom-one", NULL);
  g_assert_cmpfloat (bobbin_image_window_get_zoom (BOBBIN_IMAGE_WINDOW (window)), ==, 1);
  gtk_widget_activate_action (window, "image.zoom-in", NULL);
  g_assert_cmpfloat (bobbin_image_window_get_zoom (BOBBIN_IMAGE_WINDOW (window)), >, 1.1);
  stage_settle (window);
  for (guint i = 0; i < 40; i++)
    gtk_widget_activate_action (window, "image.zoom-out", NULL);
  g_assert_cmpfloat (bobbin_image_window_get_zoom (BOBBIN_IMAGE_WINDOW (window)), >=, 0.05);
  gtk_widget_activate_action (window, "image.zoom-fit", NULL);
  g_assert_cmpfloat (bobbin_image_window_get_zoom (BOBBIN_IMAGE_WINDOW (window)), ==, 0);
  stage_free (window);
  g_unlink (path);
}

static void
test_sources (void)
{
  g_autoptr(BobbinBlock) block = bobbin_block_new (0, BOBBIN_BLOCK_SOURCES);
  g_autoptr(BobbinViewState) state = bobbin_view_state_new ();
  g_autoptr(BobbinViewState) fetching = bobbin_view_state_new ();
  GtkWidget *window;

  bobbin_block_set_data (block, "{\"sources\":[{\"title\":\"Tides\",\"url\":\"https://tides.example/cadiz\",\"page\":3},"
                                "{\"file_id\":\"file_1\",\"quote\":\"high water\"},{\"url\":\"javascript:alert(1)\"},7]}");
  window = stage_new (bobbin_sources_view_new (block, state), 400, 300);
  g_assert_nonnull (stage_find (window, GTK_TYPE_LABEL, "Tides, page 3"));
  g_assert_nonnull (stage_find (window, GTK_TYPE_BUTTON, "https://tides.example/cadiz"));
  g_assert_nonnull (stage_find (window, GTK_TYPE_LABEL, "“high water”"));
  g_assert_nonnull (stage_find (window, GTK_TYPE_LABEL, "[2]"));
  /* what is not safe is words only */
  g_assert_null (stage_find (window, GTK_TYPE_BUTTON, "javascript:alert(1)"));
  bobbin_block_set_data (block, "{\"sources\":[{\"title\":\"Other\"}]}");
  stage_settle (window);
  g_assert_nonnull (stage_find (window, GTK_TYPE_LABEL, "Other"));
  g_assert_null (stage_find (window, GTK_TYPE_LABEL, "[2]"));
  stage_free (window);

  /* a cited file is saved where the service gives it */
  bobbin_view_state_set_service (fetching, TRUE, FALSE);
  bobbin_block_set_data (block, "{\"sources\":[{\"title\":\"grit.txt\",\"file_id\":\"file_1\"}]}");
  window = stage_new (bobbin_sources_view_new (block, state), 400, 300);
  g_assert_null (stage_find (window, GTK_TYPE_BUTTON, "Save As…"));
  stage_free (window);
  window = stage_new (bobbin_sources_view_new (block, fetching), 400, 300);
  g_assert_nonnull (stage_find (window, GTK_TYPE_BUTTON, "Save As…"));
  stage_free (window);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  stage_init ();
  g_test_add_func ("/image-view/place", test_place);
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autofree char *test_path = g_strconcat ("/image-view/huge-header/", headers[i].name, NULL);

      g_test_add_data_func (test_path, &headers[i], test_huge_header);
    }
  g_test_add_func ("/image-view/broken", test_broken);
  g_test_add_func ("/image-view/data-uri", test_data_uri);
  g_test_add_func ("/image-view/web", test_web);
  g_test_add_func ("/image-view/download", test_download);
  g_test_add_func ("/image-view/zoom", test_zoom);
  g_test_add_func ("/image-view/sources", test_sources);

  return g_test_run ();
}
