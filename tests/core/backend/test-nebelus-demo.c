/* The backend against the demo agent, which is written from the same reference by other hands: recorded sessions over real
 * sockets, on WebSocket and on SSE, with the same outcome. */
#include "config.h"

#include "backend/bobbin-backend.h"
#include "backend/bobbin-doctor.h"
#include "demo/bobbin-demo-server.h"
#include "model/bobbin-account.h"
#include "model/bobbin-attachment.h"
#include "util/bobbin-clock.h"

#include "channel-recorder.h"
#include "server-fixture.h"

#include <glib/gstdio.h>

typedef struct
{
  BobbinDemoServer *server;
  BobbinClock      *clock;
  BobbinAccount    *account;
  BobbinBackend    *backend;
  ChannelRecorder  *channel;
} Fixture;

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  f->server = bobbin_demo_server_new ();
  g_assert_true (bobbin_demo_server_start (f->server, 0, NULL, &error));
  bobbin_demo_server_set_speed (f->server, BOBBIN_DEMO_SPEED_FLAT_OUT);
  f->clock = bobbin_system_clock_new ();
  f->account = bobbin_account_new (0, BOBBIN_SERVICE_DEMO, "Demo", bobbin_demo_server_get_base_url (f->server));
  bobbin_account_set_agent_id (f->account, bobbin_demo_server_get_agent_id (f->server));
  bobbin_account_set_transport (f->account, GPOINTER_TO_INT (data));
  f->backend = bobbin_registry_create (f->account, f->clock);
  bobbin_backend_set_credential (f->backend, bobbin_demo_server_get_key (f->server));
}

static void
close_channel (Fixture *f)
{
  if (f->channel != NULL)
    channel_recorder_free (f->channel);
  f->channel = NULL;
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  close_channel (f);
  test_settle ();
  g_assert_finalize_object (f->backend);
  bobbin_demo_server_stop (f->server);
  g_assert_finalize_object (f->server);
  g_assert_finalize_object (f->account);
  g_assert_finalize_object (f->clock);
}

static void
fault (Fixture    *f,
       const char *json)
{
  g_autoptr(GError) error = NULL;

  bobbin_demo_server_queue_fault (f->server, json, &error);
  g_assert_no_error (error);
}

static void
open_on (Fixture    *f,
         const char *thread_id)
{
  close_channel (f);
  f->channel = channel_recorder_new (bobbin_backend_open_channel (f->backend, NULL, thread_id));
  channel_recorder_start (f->channel);
}

static void
ask (Fixture    *f,
     const char *text)
{
  channel_recorder_reset (f->channel);
  channel_recorder_send (f->channel, text);
  test_wait_until (f->channel->stopped || f->channel->closed);
}

static void
test_answer (Fixture      *f,
             gconstpointer data)
{
  open_on (f, NULL);
  g_assert_true (f->channel->ready);
  ask (f, "hello");
  g_assert_cmpuint (f->channel->text->len, >, 0);
  g_assert_nonnull (strstr (f->channel->log->str, "turn-stopped:end_turn"));
  ask (f, "write 200 words");
  g_assert_cmpuint (f->channel->text->len, >, 500);
}

/* One script, two transports: the same events. */
static void
test_script (Fixture      *f,
             gconstpointer data)
{
  fault (f, "{\"script\":["
            "{\"event\":\"message_start\",\"data\":{\"agent_message_id\":\"am_1\",\"model\":\"m\"}},"
            "{\"event\":\"content_block\",\"data\":{\"content_type\":\"thinking\",\"state\":\"delta\",\"index\":0,\"data\":{\"thinking\":\"Hm\"}}},"
            "{\"event\":\"content_block\",\"data\":{\"content_type\":\"tool_use\",\"state\":\"complete\",\"index\":1,\"data\":{\"tool_name\":\"find\",\"tool_call_id\":\"c1\",\"input\":{}}}},"
            "{\"event\":\"content_block\",\"data\":{\"content_type\":\"tool_result\",\"state\":\"complete\",\"index\":2,\"data\":{\"tool_call_id\":\"c1\",\"output\":\"found\"}}},"
            "{\"event\":\"content_block\",\"data\":{\"content_type\":\"text\",\"state\":\"delta\",\"index\":3,\"data\":{\"text\":\"It \"}}},"
            "{\"event\":\"content_block\",\"data\":{\"content_type\":\"text\",\"state\":\"delta\",\"index\":3,\"data\":{\"text\":\"is.\"}}},"
            "{\"event\":\"content_block\",\"data\":{\"content_type\":\"text\",\"state\":\"complete\",\"index\":3}},"
            "{\"event\":\"usage_metadata\",\"data\":{\"input_tokens\":412,\"output_tokens\":38}},"
            "{\"event\":\"message_stop\",\"data\":{\"stop_reason\":\"end_turn\"}}]}");
  open_on (f, NULL);
  ask (f, "go");
  g_assert_cmpstr (f->channel->text->str, ==, "HmIt is.");
  g_assert_nonnull (strstr (f->channel->log->str, "tool_use:1> tool_use:1>=found text:3+It  text:3+is. text:3> usage turn-stopped:end_turn"));
}

static void
test_approval (Fixture      *f,
               gconstpointer data)
{
  BobbinDemoCounters counters;

  open_on (f, NULL);
  channel_recorder_send (f->channel, "ask for approval");
  test_wait_until (strstr (f->channel->log->str, "approval") != NULL || f->channel->stopped || f->channel->closed);
  g_assert_false (f->channel->stopped || f->channel->closed);
  channel_recorder_decide (f->channel, BOBBIN_DECISION_APPROVE, NULL, "{\"tools\":[{\"name\":\"send_mail\",\"args\":{}}]}", "send_mail");
  test_wait_until (f->channel->stopped || f->channel->closed);
  g_assert_true (f->channel->stopped);
  bobbin_demo_server_get_counters (f->server, &counters);
  g_assert_cmpuint (counters.resumes, ==, 1);
  g_assert_cmpuint (counters.bad_messages, ==, 0);
}

static void
test_cancel (Fixture      *f,
             gconstpointer data)
{
  bobbin_demo_server_set_speed (f->server, BOBBIN_DEMO_SPEED_HUMAN);
  open_on (f, NULL);
  channel_recorder_send (f->channel, "write 2000 words");
  test_wait_until (f->channel->n_deltas > 0);
  channel_recorder_cancel (f->channel);
  test_wait_until (f->channel->stopped);
  g_assert_nonnull (strstr (f->channel->log->str, "turn-stopped:cancelled"));
}

static void
test_refusals (Fixture      *f,
               gconstpointer data)
{
  static const struct { guint status; BobbinErrorCode code; } rows[] = {
    { 403, BOBBIN_ERROR_FORBIDDEN }, { 404, BOBBIN_ERROR_NOT_FOUND }, { 429, BOBBIN_ERROR_RATE_LIMITED },
    { 503, BOBBIN_ERROR_RATE_LIMITED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"refuse\":%u,\"retry_after\":4,\"times\":2}", rows[i].status);

      bobbin_demo_server_clear_faults (f->server);
      fault (f, json);
      open_on (f, NULL);
      if (!f->channel->closed)
        ask (f, "hello");
      g_assert_cmpstr (bobbin_error_code_nick (f->channel->failure->code), ==, bobbin_error_code_nick (rows[i].code));
      g_assert_cmpuint (f->channel->failure->http_status, ==, rows[i].status);
      g_assert_cmpint (f->channel->failure->certainty, <=, BOBBIN_CERTAINTY_REFUSED);
      if (rows[i].status == 429 || rows[i].status == 503)
        g_assert_cmpint (f->channel->failure->retry_after_ms, ==, 4000);
    }
}

static char *
learn_thread (Fixture *f)
{
  const char *found;

  open_on (f, NULL);
  ask (f, "hello");
  found = strstr (f->channel->log->str, "turn-started:");
  if (found == NULL)
    {
      /* Over WebSocket the greeting told it. */
      g_autoptr(GPtrArray) chats = bobbin_demo_server_dup_chats (f->server);
      BobbinDemoChat *chat = g_ptr_array_index (chats, 0);

      return g_strdup (chat->thread_id);
    }
  found += strlen ("turn-started:");

  return g_strndup (found, strcspn (found, " "));
}

static void
test_expiry (Fixture      *f,
             gconstpointer data)
{
  static const char *const ways[] = { "loud", "4004", "404" };
  g_autofree char *thread_id = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"expire\":\"%s\"}", ways[i]);

      bobbin_demo_server_clear_faults (f->server);
      g_free (thread_id);
      thread_id = learn_thread (f);
      fault (f, json);
      open_on (f, thread_id);
      if (!f->channel->closed)
        ask (f, "hello");
      g_assert_true (f->channel->closed);
      g_assert_cmpstr (bobbin_error_code_nick (f->channel->failure->code), ==, "not-found");
      g_assert_cmpint (f->channel->failure->certainty, <=, BOBBIN_CERTAINTY_REFUSED);
    }

  /* Silently: the answer comes on a thread of another id. */
  thread_id = (g_free (thread_id), learn_thread (f));
  fault (f, "{\"expire\":\"silent\"}");
  open_on (f, thread_id);
  g_assert_false (f->channel->closed);
  ask (f, "hello");
  g_assert_true (f->channel->stopped);
}

static void
test_attachment (Fixture      *f,
                 gconstpointer data)
{
  g_autofree char *dir = g_dir_make_tmp ("bobbin-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "file", NULL);
  g_autofree char *content = g_strnfill (200000, 'z');
  g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, content, -1);
  g_autoptr(GPtrArray) attachments = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) chats = NULL;
  g_autoptr(BobbinTurn) turn = NULL;
  BobbinDemoFile *file;

  g_assert_true (g_file_set_contents (path, content, -1, NULL));
  g_ptr_array_add (attachments, bobbin_attachment_new (0, "z \"ü\".txt", "text/plain", 200000, sha256, path));
  turn = bobbin_turn_new ("Read this", attachments);
  open_on (f, NULL);
  channel_recorder_send_turn (f->channel, turn);
  test_wait_until (f->channel->stopped || f->channel->closed);
  g_assert_true (f->channel->stopped);
  chats = bobbin_demo_server_dup_chats (f->server);
  file = g_ptr_array_index (((BobbinDemoChat *) g_ptr_array_index (chats, 0))->files, 0);
  g_assert_cmpstr (file->name, ==, "z \"ü\".txt");
  g_assert_cmpstr (file->sha256, ==, sha256);
  g_unlink (path);
  g_rmdir (dir);
}

static void
checked_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (bobbin_doctor_run_finish (BOBBIN_DOCTOR (source), result, &error));
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

static void
test_doctor (Fixture      *f,
             gconstpointer data)
{
  g_autoptr(BobbinDoctor) doctor = bobbin_doctor_new (f->account, f->backend, f->clock);
  gboolean done = FALSE;

  bobbin_doctor_run_async (doctor, NULL, checked_cb, &done);
  test_wait_until (done);
}

typedef void (*TestFunc) (Fixture *, gconstpointer);

static void
add (const char *name,
     TestFunc    func)
{
  static const BobbinTransport transports[] = { BOBBIN_TRANSPORT_WS, BOBBIN_TRANSPORT_SSE, BOBBIN_TRANSPORT_AUTO };

  for (guint i = 0; i < G_N_ELEMENTS (transports); i++)
    {
      g_autofree char *path = g_strdup_printf ("/backend/nebelus/demo/%s/%s", bobbin_transport_get_nick (transports[i]), name);

      g_test_add (path, Fixture, GINT_TO_POINTER (transports[i]), set_up, func, tear_down);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("answer", test_answer);
  add ("script", test_script);
  add ("approval", test_approval);
  add ("cancel", test_cancel);
  add ("refusals", test_refusals);
  add ("expiry", test_expiry);
  add ("attachment", test_attachment);
  add ("doctor", test_doctor);

  return g_test_run ();
}
