#include "config.h"
#include "agentflow-fixture.h"

static void
answer_free (gpointer data)
{
  AgentflowAnswer *answer = data;

  g_free (answer->what);
  g_free (answer->type);
  g_free (answer->body);
  g_free (answer);
}

static void
left_cb (SoupServerMessage *message,
         gpointer           user_data)
{
  AgentflowFixture *f = user_data;

  f->n_left++;
  if (f->run == message)
    g_clear_object (&f->run);
}

static void
request_cb (ServerFixture     *server,
            SoupServerMessage *message,
            const char        *path,
            gpointer           user_data)
{
  AgentflowFixture *f = user_data;
  g_autofree char *what = g_strdup_printf ("%s %s", soup_server_message_get_method (message), path);

  for (guint i = f->answers->len; i-- > 0;)
    {
      AgentflowAnswer *answer = f->answers->pdata[i];

      if (!g_str_equal (answer->what, what))
        continue;
      if (answer->status == 429)
        soup_message_headers_append (soup_server_message_get_response_headers (message), "Retry-After", "7");
      if (answer->status != 0)
        {
          server_message_answer (message, answer->status, answer->type, answer->body);
          return;
        }
      f->n_runs++;
      g_signal_connect (message, "finished", G_CALLBACK (left_cb), f);
      g_signal_connect (message, "disconnected", G_CALLBACK (left_cb), f);
      server_message_stream (message);
      g_set_object (&f->run, message);
      return;
    }
  server_message_answer (message, 404, "application/json", "{\"error\":{\"code\":\"HTTPException\",\"message\":\"Not Found\"}}");
}

void
agentflow_fixture_set_up (AgentflowFixture *f,
                          gconstpointer     data)
{
  f->server = server_fixture_new ();
  f->server->on_request = request_cb;
  f->server->user_data = f;
  f->answers = g_ptr_array_new_with_free_func (answer_free);
  f->clock = bobbin_manual_clock_new (G_GINT64_CONSTANT (1700000000000000));
  f->account = bobbin_account_new (0, BOBBIN_SERVICE_AGENTFLOW, "Test", f->server->url);
  f->backend = bobbin_registry_create (f->account, BOBBIN_CLOCK (f->clock));
  bobbin_backend_set_credential (f->backend, AGENTFLOW_KEY);
  agentflow_fixture_answer (f, "GET /ping", 200, "{\"data\":\"pong\"}");
  agentflow_fixture_answer (f, "GET /v1/graph", 200, AGENTFLOW_GRAPH (""));
  agentflow_fixture_answer (f, "GET /v1/config/multimodal", 200, "{\"data\":{\"media_max_size_mb\":25.0}}");
  agentflow_fixture_answer (f, "POST /v1/graph/stream", 0, NULL);
}

void
agentflow_fixture_tear_down (AgentflowFixture *f,
                             gconstpointer     data)
{
  if (f->channel != NULL)
    channel_recorder_free (f->channel);
  if (f->run != NULL)
    {
      g_signal_handlers_disconnect_by_data (f->run, f);
      server_message_end (f->run);
    }
  g_clear_object (&f->run);
  test_settle ();
  g_assert_finalize_object (f->backend);
  g_assert_cmpint (bobbin_manual_clock_next_ms (f->clock), ==, -1);
  server_fixture_free (f->server);
  g_assert_finalize_object (f->account);
  g_assert_finalize_object (f->clock);
  g_ptr_array_unref (f->answers);
}

void
agentflow_fixture_answer (AgentflowFixture *f,
                          const char       *what,
                          guint             status,
                          const char       *body)
{
  AgentflowAnswer *answer = g_new0 (AgentflowAnswer, 1);

  answer->what = g_strdup (what);
  answer->status = status;
  answer->type = g_strdup (body != NULL && *body == '<' ? "text/html" : "application/json");
  answer->body = g_strdup (body != NULL ? body : "");
  g_ptr_array_add (f->answers, answer);
}

void
agentflow_fixture_open (AgentflowFixture *f,
                        const char       *thread_id)
{
  f->channel = channel_recorder_new (bobbin_backend_open_channel (f->backend, NULL, thread_id));
  channel_recorder_start (f->channel);
  g_assert_true (f->channel->ready);
  channel_recorder_reset (f->channel);
}

void
agentflow_fixture_send (AgentflowFixture *f,
                        const char       *text)
{
  guint n_runs = f->n_runs;

  channel_recorder_send (f->channel, text);
  test_wait_until (f->n_runs > n_runs);
}

ServerRequest *
agentflow_fixture_find (AgentflowFixture *f,
                        const char       *what)
{
  for (guint i = f->server->requests->len; i-- > 0;)
    {
      ServerRequest *request = server_fixture_get_request (f->server, i);
      g_autofree char *made = g_strdup_printf ("%s %s", request->method, request->path);

      if (g_str_equal (made, what))
        return request;
    }

  return NULL;
}

guint
agentflow_fixture_count (AgentflowFixture *f,
                         const char       *what)
{
  guint n = 0;

  for (guint i = 0; i < f->server->requests->len; i++)
    {
      ServerRequest *request = server_fixture_get_request (f->server, i);
      g_autofree char *made = g_strdup_printf ("%s %s", request->method, request->path);

      n += g_str_equal (made, what);
    }

  return n;
}

char *
agentflow_fixture_dup_body (ServerRequest *request)
{
  return g_strndup (g_bytes_get_data (request->body, NULL), g_bytes_get_size (request->body));
}

void
agentflow_fixture_run_until (AgentflowFixture *f,
                             gboolean         *done)
{
  while (!*done)
    {
      test_settle ();
      if (!*done && bobbin_manual_clock_next_ms (f->clock) >= 0 && bobbin_manual_clock_next_ms (f->clock) < 9000)
        bobbin_manual_clock_advance (f->clock, bobbin_manual_clock_next_ms (f->clock));
      else if (!*done)
        g_main_context_iteration (NULL, TRUE);
    }
}

char *
agentflow_dup_recording (const char *name)
{
  g_autofree char *file = g_strconcat (name, ".body", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "agentflow", file, NULL);
  char *content = NULL;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));

  return content;
}
