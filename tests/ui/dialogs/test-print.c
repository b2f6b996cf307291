#include "config.h"
#include "ui-fixture.h"

#include "dialogs/bobbin-print-pages.h"
#include "dialogs/bobbin-print.h"
#include "model/bobbin-attachment.h"
#include "model/bobbin-block.h"
#include "store/bobbin-store.h"
#include "util/bobbin-id.h"

#include <cairo-pdf.h>
#include <glib/gstdio.h>
#include <string.h>

#define WIDTH  595.0
#define HEIGHT 842.0
#define MARGIN 54.0

static BobbinBlock *
add_block (BobbinMessage   *message,
           BobbinBlockKind  kind,
           const char      *text,
           const char      *data)
{
  g_autoptr(BobbinBlock) block = bobbin_block_new (bobbin_id_new (), kind);

  bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
  if (text != NULL)
    bobbin_block_set_text (block, text);
  bobbin_block_set_data (block, data);
  bobbin_message_add_block (message, block);

  return block;
}

static BobbinMessage *
make_message (BobbinRole  role,
              const char *text)
{
  BobbinMessage *message = bobbin_message_new (bobbin_id_new (), role, UI_FIXTURE_NOW_US);

  bobbin_message_set_delivery (message, BOBBIN_DELIVERY_COMPLETE);
  if (text != NULL)
    add_block (message, BOBBIN_BLOCK_TEXT, text, NULL);

  return message;
}

static BobbinPrintPages *
make_pages (GPtrArray *items)
{
  PangoFontMap *fonts = pango_cairo_font_map_get_default ();
  PangoContext *context = pango_font_map_create_context (fonts);
  BobbinPrintPages *pages;

  pango_cairo_context_set_resolution (context, 72);
  pages = bobbin_print_pages_new (items, context, WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN, "Harbour", "18.03.2026");
  g_object_unref (context);
  while (!bobbin_print_pages_step (pages, 1000))
    ;

  return pages;
}

/* What pdftotext reads in the file; (transfer full). */
static char *
read_pdf (const char *path)
{
  const char *const argv[] = { "pdftotext", "-layout", path, "-", NULL };
  g_autoptr(GError) error = NULL;
  char *text = NULL;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &text, NULL, NULL, &error);
  g_assert_no_error (error);

  return text;
}

/* Draws all pages and reads them back. */
static char *
draw (BobbinPrintPages *pages)
{
  g_autofree char *path = g_strdup_printf ("%s/bobbin-print-%08x.pdf", g_get_tmp_dir (), g_random_int ());
  cairo_surface_t *surface = cairo_pdf_surface_create (path, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);
  char *text;

  for (guint i = 0; i < bobbin_print_pages_get_n (pages); i++)
    {
      cairo_save (cr);
      cairo_translate (cr, MARGIN, MARGIN);
      bobbin_print_pages_draw (pages, cr, i);
      cairo_restore (cr);
      cairo_show_page (cr);
    }
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  g_assert_cmpint (cairo_surface_status (surface), ==, CAIRO_STATUS_SUCCESS);
  cairo_surface_destroy (surface);
  text = read_pdf (path);
  if (g_getenv ("BOBBIN_KEEP_PDF") != NULL)
    g_assert_cmpint (g_rename (path, g_getenv ("BOBBIN_KEEP_PDF")), ==, 0);
  else
    g_unlink (path);

  return text;
}

static guint
count (const char *text,
       const char *words)
{
  guint n = 0;

  for (const char *p = strstr (text, words); p != NULL; p = strstr (p + 1, words))
    n++;

  return n;
}

static const char everything[] =
  "# A heading\n\nSome **bold** and *soft* words, `code` and a [link](https://example.org/), $e^{i\\pi}$ too.\n\n"
  "1. one\n2. two\n   - nested\n\n- [x] done\n\n> a quotation\n> of two lines\n\n```c\nint main (void)\n{\n  return 0;\n}\n```\n\n"
  "| Left | Right |\n|------|------:|\n| a **b** | 1.50 |\n| c | 2 |\n\n---\n\n$$\nx^2\n$$\n";

static void
test_everything (void)
{
  g_autoptr(GPtrArray) items = bobbin_print_items_new ("Harbour");
  g_autoptr(BobbinMessage) prompt = make_message (BOBBIN_ROLE_USER, "Show me **everything**\nplease");
  g_autoptr(BobbinMessage) answer = make_message (BOBBIN_ROLE_ASSISTANT, everything);
  g_autoptr(BobbinPrintPages) pages = NULL;
  g_autofree char *text = NULL;
  g_autofree char *path = g_strdup_printf ("%s/bobbin-%08x.png", g_get_tmp_dir (), g_random_int ());
  g_autoptr(GdkPixbuf) picture = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 120, 60);
  g_autoptr(BobbinAttachment) image = NULL;

  gdk_pixbuf_fill (picture, 0x3584e4ff);
  g_assert_true (gdk_pixbuf_save (picture, path, "png", NULL, NULL));
  image = bobbin_attachment_new (0, "sea.png", "image/png", 100, "00", path);
  bobbin_block_set_attachment (add_block (answer, BOBBIN_BLOCK_IMAGE, NULL, NULL), image);
  bobbin_block_set_name (add_block (answer, BOBBIN_BLOCK_TOOL_CALL, NULL, "{\"place\":\"Leeds\"}"), "get_weather");
  add_block (answer, BOBBIN_BLOCK_CHART, NULL,
             "{\"type\":\"bar\",\"title\":\"Sales\",\"labels\":[\"p\",\"q\"],\"datasets\":[{\"label\":\"year\",\"data\":[1,2]}]}");
  bobbin_print_items_add_message (items, prompt);
  bobbin_print_items_add_message (items, answer);
  pages = make_pages (items);
  text = draw (pages);
  g_unlink (path);

  for (const char *const *words = (const char *const[]) { "Harbour", "18.03.2026", "Show me **everything**", "A heading", "Some bold and soft words",
                                                          "e^{i\\pi}", "1. one", "• nested", "☑ done", "a quotation", "return 0;", "Left", "1.50",
                                                          "x^2", "Tool get_weather", "\"place\": \"Leeds\"", "Sales", "Page 1 of ", NULL };
       *words != NULL; words++)
    {
      g_test_message ("%s", *words);
      g_assert_nonnull (strstr (text, *words));
    }
  g_assert_null (strstr (text, "**bold**"));
}

/* Every line of a long text is there once, on as many pages as are announced. */
static void
test_long (void)
{
  g_autoptr(GPtrArray) items = bobbin_print_items_new ("Long");
  g_autoptr(GString) source = g_string_new (NULL);
  g_autoptr(BobbinMessage) message = NULL;
  g_autoptr(BobbinPrintPages) pages = NULL;
  g_autofree char *text = NULL;
  g_autofree char *last = NULL;

  for (guint i = 0; i < 400; i++)
    g_string_append_printf (source, "Line%04u of a text that goes on over several pages and wraps where the paper ends, of course.\n\n", i);
  g_string_append (source, "```\n");
  for (guint i = 0; i < 200; i++)
    g_string_append_printf (source, "code%04u\n", i);
  g_string_append (source, "```\n");
  message = make_message (BOBBIN_ROLE_ASSISTANT, source->str);
  bobbin_print_items_add_message (items, message);
  pages = make_pages (items);
  g_assert_cmpuint (bobbin_print_pages_get_n (pages), >, 8);
  text = draw (pages);
  for (guint i = 0; i < 400; i++)
    {
      g_autofree char *words = g_strdup_printf ("Line%04u", i);

      g_assert_cmpuint (count (text, words), ==, 1);
    }
  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *words = g_strdup_printf ("code%04u", i);

      g_assert_cmpuint (count (text, words), ==, 1);
    }
  g_assert_cmpuint (count (text, "\f"), ==, bobbin_print_pages_get_n (pages));
  last = g_strdup_printf ("Page %u of %u", bobbin_print_pages_get_n (pages), bobbin_print_pages_get_n (pages));
  g_assert_nonnull (strstr (text, last));
}

/* A row higher than a page, a heading at the foot of one, a word wider than the paper. */
static void
test_odd (void)
{
  g_autoptr(GPtrArray) items = bobbin_print_items_new ("Odd");
  g_autoptr(GString) source = g_string_new ("| a | b |\n|---|---|\n| ");
  g_autoptr(BobbinMessage) message = NULL;
  g_autoptr(BobbinPrintPages) pages = NULL;
  g_autofree char *text = NULL;
  g_autofree char *wide = g_strnfill (3000, 'w');

  for (guint i = 0; i < 1500; i++)
    g_string_append_printf (source, "cell%04u ", i);
  g_string_append_printf (source, "| x |\n\n%s\n\n", wide);
  for (guint i = 0; i < 120; i++)
    g_string_append_printf (source, "## Head%03u\n\nunder it\n\n", i);
  message = make_message (BOBBIN_ROLE_ASSISTANT, source->str);
  bobbin_print_items_add_message (items, message);
  pages = make_pages (items);
  text = draw (pages);
  g_assert_nonnull (strstr (text, "cell0000"));
  g_assert_nonnull (strstr (text, "cell1499"));
  g_assert_nonnull (strstr (text, "Head119"));
}

static void
printed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* GTK's own operation, a store behind it, a file at the end. */
static void
test_to_file (void)
{
  UiFixture fixture;
  g_autofree char *dir = g_dir_make_tmp ("bobbin-print-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "x.pdf", NULL);
  g_autofree char *nowhere = g_build_filename (dir, "no", "x.pdf", NULL);
  g_autofree char *text = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GAsyncResult) failed = NULL;
  g_autoptr(GAsyncResult) cancelled = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinMessage) message = make_message (BOBBIN_ROLE_USER, "ships in the harbour");
  BobbinThread *thread;
  guint n_pages = 0;

  ui_fixture_open (&fixture);
  thread = ui_fixture_add_thread (&fixture, ui_fixture_add_account (&fixture, BOBBIN_SERVICE_DEMO, "Demo"), "Tides", "", 0);
  bobbin_store_save_message_async (fixture.store, bobbin_thread_get_id (thread), message, NULL, NULL, NULL);
  bobbin_print_to_file_async (NULL, fixture.store, thread, path, NULL, printed_cb, &result);
  ui_wait_until (result != NULL);
  bobbin_print_to_file_finish (result, &n_pages, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_pages, ==, 1);
  text = read_pdf (path);
  g_assert_nonnull (strstr (text, "ships in the harbour"));
  g_assert_nonnull (strstr (text, "Tides"));

  bobbin_print_to_file_async (NULL, fixture.store, thread, nowhere, NULL, printed_cb, &failed);
  ui_wait_until (failed != NULL);
  g_assert_false (bobbin_print_to_file_finish (failed, NULL, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);

  g_cancellable_cancel (cancellable);
  bobbin_print_to_file_async (NULL, fixture.store, thread, path, cancellable, printed_cb, &cancelled);
  ui_wait_until (cancelled != NULL);
  g_assert_false (bobbin_print_to_file_finish (cancelled, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  g_clear_object (&result);
  g_clear_object (&failed);
  g_clear_object (&cancelled);
  g_unlink (path);
  g_assert_cmpint (g_rmdir (dir), ==, 0); /* nothing half is left */
  ui_fixture_close (&fixture);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ui_fixture_init_gtk ();

  g_test_add_func ("/print/everything", test_everything);
  g_test_add_func ("/print/long", test_long);
  g_test_add_func ("/print/odd", test_odd);
  g_test_add_func ("/print/to-file", test_to_file);

  return g_test_run ();
}
