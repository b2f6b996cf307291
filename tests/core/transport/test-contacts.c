/* The ledger of contacts: what was asked for is in it, what was refused is not. */
#include "config.h"

#include "transport/bobbin-contacts.h"
#include "transport/bobbin-http.h"
#include "transport/bobbin-probe.h"
#include "util/bobbin-clock.h"

#include "server-fixture.h"

static BobbinContact *
find (const char *host)
{
  GListModel *model = bobbin_contacts_get_model ();

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(BobbinContact) contact = g_list_model_get_item (model, i);

      if (g_str_equal (bobbin_contact_get_host (contact), host))
        return contact;
    }

  return NULL;
}

static void
note (const char *address,
      gint64      now_us)
{
  g_autoptr(GUri) uri = g_uri_parse (address, G_URI_FLAGS_NONE, NULL);

  bobbin_contacts_note (uri, now_us);
}

static void
test_note (void)
{
  g_assert_null (find ("chat.example"));
  note ("https://chat.example/v1", 5);
  note ("wss://CHAT.example:443/other", 7);
  g_assert_cmpuint (bobbin_contact_get_times (find ("chat.example")), ==, 2);
  g_assert_cmpint (bobbin_contact_get_last_us (find ("chat.example")), ==, 7);
  g_assert_true (bobbin_contact_get_encrypted (find ("chat.example")));
  g_assert_false (bobbin_contact_get_loopback (find ("chat.example")));

  note ("http://chat.example/", 8);
  g_assert_false (bobbin_contact_get_encrypted (find ("chat.example")));
  note ("ws://127.0.0.1:99/", 9);
  g_assert_true (bobbin_contact_get_loopback (find ("127.0.0.1")));
  bobbin_contacts_note (NULL, 10);
}

static void
called_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  gboolean *done = user_data;

  bobbin_http_send_finish (BOBBIN_HTTP (source), result, NULL);
  *done = TRUE;
}

static void
call (BobbinHttp *http,
      const char *url)
{
  g_autoptr(BobbinHttpRequest) request = bobbin_http_request_new ("GET", url);
  gboolean done = FALSE;

  bobbin_http_send_async (http, request, NULL, called_cb, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_http (void)
{
  g_autoptr(BobbinManualClock) clock = bobbin_manual_clock_new (1234);
  g_autoptr(BobbinHttp) http = bobbin_http_new (BOBBIN_CLOCK (clock));

  /* Nobody listens there; it was tried. */
  call (http, "http://localhost:1/");
  g_assert_nonnull (find ("localhost"));
  g_assert_cmpint (bobbin_contact_get_last_us (find ("localhost")), ==, 1234);
  /* Refused before anything is asked for. */
  call (http, "http://plain.example/");
  g_assert_null (find ("plain.example"));
}

static void
probed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  gboolean *done = user_data;
  g_autofree char *detail = NULL;

  bobbin_probe_run_finish (BOBBIN_PROBE (source), result, &detail, NULL);
  *done = TRUE;
}

static void
test_probe (void)
{
  g_autoptr(GUri) uri = g_uri_parse ("http://[::1]:1/", G_URI_FLAGS_NONE, NULL);
  g_autoptr(BobbinProbe) probe = bobbin_probe_new (uri, NULL);
  gboolean done = FALSE;

  bobbin_probe_run_async (probe, BOBBIN_PROBE_DNS, NULL, probed_cb, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (find ("::1"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/contacts/note", test_note);
  g_test_add_func ("/contacts/http", test_http);
  g_test_add_func ("/contacts/probe", test_probe);

  return g_test_run ();
}
