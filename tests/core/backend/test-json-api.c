/* BobbinJsonApi: what is repeated and what never is, what an answer that is no JSON becomes, and cancelling at any moment. */
#include "config.h"

#include "backend/bobbin-json-api.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-json.h"

#include "server-fixture.h"

typedef struct
{
  ServerFixture     *server;
  BobbinManualClock *clock;
  BobbinHttp        *http;
  GCancellable      *cancellable;
  const guint       *statuses;    /* of the answers, the last one for ever */
  const char        *body;
  const char        *content_type;
  /* result */
  JsonNode          *root;
  BobbinFailure     *failure;
  gboolean           done;
} Fixture;

static void
request_cb (ServerFixture     *server,
            SoupServerMessage *message,
            const char        *path,
            gpointer           user_data)
{
  Fixture *f = user_data;
  guint status = *f->statuses;

  if (f->statuses[1] != 0)
    f->statuses++;
  if (status == 429)
    soup_message_headers_append (soup_server_message_get_response_headers (message), "Retry-After", "7");
  if (status == 1)
    {
      soup_server_message_pause (message);
      return;
    }
  server_message_answer (message, status, f->content_type, f->body);
}

static BobbinHttpRequest *
make_request (GObject    *service,
              const char *method,
              const char *path)
{
  Fixture *f = g_object_get_data (service, "fixture");
  g_autofree char *url = g_strconcat (f->server->url, path, NULL);
  BobbinHttpRequest *request = bobbin_http_request_new (method, url);

  bobbin_http_request_set_header (request, "Authorization", "Bearer key");

  return request;
}

static BobbinFailure *
make_failure (GObject    *service,
              guint       status,
              const char *body,
              gsize       length,
              gint64      retry_after_ms)
{
  BobbinFailure *failure =
    bobbin_failure_new (status == 429 ? BOBBIN_ERROR_RATE_LIMITED : status >= 500 ? BOBBIN_ERROR_SERVER : BOBBIN_ERROR_INVALID,
                        BOBBIN_CERTAINTY_UNKNOWN, "no");

  failure->retry_after_ms = retry_after_ms;

  return failure;
}

static gboolean
is_nothing (GObject    *service,
            const char *method,
            const char *path,
            guint       status,
            const char *body,
            gsize       length)
{
  g_assert_cmpstr (path, ==, "/v1/x?limit=1");

  return status == 410 && g_str_equal (method, "GET") && length == 7;
}

static const BobbinJsonApi api = { make_request, make_failure, is_nothing, NULL, 2 };

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  f->server = server_fixture_new ();
  f->server->on_request = request_cb;
  f->server->user_data = f;
  f->clock = bobbin_manual_clock_new (G_GINT64_CONSTANT (1700000000000000));
  f->http = bobbin_http_new (BOBBIN_CLOCK (f->clock));
  f->cancellable = g_cancellable_new ();
  f->body = "{\"a\":1}";
  f->content_type = "application/json";
  g_object_set_data (G_OBJECT (f->http), "fixture", f);
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  test_settle ();
  g_clear_pointer (&f->root, json_node_unref);
  bobbin_failure_free (f->failure);
  g_assert_cmpint (bobbin_manual_clock_next_ms (f->clock), ==, -1);
  g_assert_finalize_object (f->http);
  g_assert_finalize_object (f->cancellable);
  server_fixture_free (f->server);
  g_assert_finalize_object (f->clock);
}

static void
called_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture *f = user_data;

  f->root = bobbin_json_api_call_finish (result, &f->failure);
  f->done = TRUE;
}

static void
begin (Fixture     *f,
       const char  *method,
       const guint *statuses)
{
  f->statuses = statuses;
  f->done = FALSE;
  g_clear_pointer (&f->root, json_node_unref);
  g_clear_pointer (&f->failure, bobbin_failure_free);
  g_ptr_array_set_size (f->server->requests, 0);
  /* Any object will do for a service. */
  bobbin_json_api_call_async (&api, G_OBJECT (f->http), f->http, method, "/v1/x?limit=1",
                              g_str_equal (method, "GET") ? NULL : "{\"b\":2}", f->cancellable, called_cb, f);
}

static void
finish (Fixture *f)
{
  while (!f->done)
    {
      test_settle ();
      if (!f->done && bobbin_manual_clock_next_ms (f->clock) >= 0 && bobbin_manual_clock_next_ms (f->clock) < 10000)
        bobbin_manual_clock_advance (f->clock, bobbin_manual_clock_next_ms (f->clock));
      else if (!f->done)
        g_main_context_iteration (NULL, TRUE);
    }
}

static void
test_answers (Fixture      *f,
              gconstpointer data)
{
  const guint ok[] = { 200, 0 };
  const guint empty[] = { 204, 0 };
  const guint gone[] = { 410, 0 };

  begin (f, "POST", ok);
  finish (f);
  g_assert_null (f->failure);
  g_assert_cmpint (bobbin_json_get_int (json_node_get_object (f->root), "a", 0), ==, 1);
  g_assert_cmpstr (server_fixture_get_request (f->server, 0)->query, ==, "limit=1");
  g_assert_cmpmem (g_bytes_get_data (server_fixture_get_request (f->server, 0)->body, NULL), 7, "{\"b\":2}", 7);

  f->body = "";
  begin (f, "DELETE", empty);
  finish (f);
  g_assert_true (JSON_NODE_HOLDS_NULL (f->root));

  f->body = "{\"a\":1}";
  begin (f, "GET", gone);
  finish (f);
  g_assert_true (JSON_NODE_HOLDS_NULL (f->root));
  begin (f, "DELETE", gone);
  finish (f);
  g_assert_null (f->root);

  f->body = "<html>";
  f->content_type = "text/html";
  begin (f, "GET", ok);
  finish (f);
  g_assert_null (f->root);
  g_assert_cmpint (f->failure->code, ==, BOBBIN_ERROR_PROTOCOL);
  g_assert_nonnull (strstr (f->failure->detail, "web page"));
}

typedef struct
{
  const char *method;
  guint       statuses[5];
  guint       n_requests;
  gint64      waited_ms;
  int         code;         /* -1: answered */
  int         certainty;
} Row;

static const Row rows[] = {
  { "GET", { 429, 200 }, 2, 7000, -1, 0 },
  { "GET", { 429 }, 2, 7000, BOBBIN_ERROR_RATE_LIMITED, BOBBIN_CERTAINTY_REFUSED },
  { "POST", { 429, 200 }, 1, 0, BOBBIN_ERROR_RATE_LIMITED, BOBBIN_CERTAINTY_REFUSED },
  { "DELETE", { 429, 200 }, 1, 0, BOBBIN_ERROR_RATE_LIMITED, BOBBIN_CERTAINTY_REFUSED },
  { "GET", { 503, 502, 200 }, 3, 3000, -1, 0 },
  { "DELETE", { 500, 200 }, 2, 1000, -1, 0 },
  { "GET", { 500 }, 3, 3000, BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_UNKNOWN },
  { "POST", { 500, 200 }, 1, 0, BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_UNKNOWN },
  { "PUT", { 503, 200 }, 1, 0, BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_UNKNOWN },
  { "GET", { 404, 200 }, 1, 0, BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_REFUSED },
};

static void
test_repeats (Fixture      *f,
              gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gint64 began_us = bobbin_clock_monotonic_us (BOBBIN_CLOCK (f->clock));

      begin (f, rows[i].method, rows[i].statuses);
      finish (f);
      g_assert_cmpuint (f->server->requests->len, ==, rows[i].n_requests);
      g_assert_cmpint ((bobbin_clock_monotonic_us (BOBBIN_CLOCK (f->clock)) - began_us) / 1000, ==, rows[i].waited_ms);
      if (rows[i].code < 0)
        {
          g_assert_nonnull (f->root);
          continue;
        }
      g_assert_cmpint (f->failure->code, ==, rows[i].code);
      g_assert_cmpint (f->failure->certainty, ==, rows[i].certainty);
      g_assert_cmpstr (server_fixture_get_request (f->server, 0)->authorization, ==, "Bearer key");
    }
}

/* While it waits for an answer, and while it waits to ask again. */
static void
test_cancel (Fixture      *f,
             gconstpointer data)
{
  const guint never[] = { 1, 0 };
  const guint limited[] = { 429, 0 };

  begin (f, "GET", never);
  test_wait_until (f->server->requests->len == 1);
  g_cancellable_cancel (f->cancellable);
  test_wait_until (f->done);
  g_assert_null (f->root);
  g_assert_null (f->failure);

  g_object_unref (f->cancellable);
  f->cancellable = g_cancellable_new ();
  begin (f, "GET", limited);
  /* The watch of the request is longer than the wait. */
  test_wait_until (bobbin_manual_clock_next_ms (f->clock) == 7000);
  g_cancellable_cancel (f->cancellable);
  test_wait_until (f->done);
  g_assert_null (f->root);
  g_assert_null (f->failure);
  g_assert_cmpuint (f->server->requests->len, ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/json-api/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("answers", test_answers);
  ADD ("repeats", test_repeats);
  ADD ("cancel", test_cancel);

  return g_test_run ();
}
