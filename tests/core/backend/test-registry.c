/* The registry: what is built in, and how typed addresses become base URLs. */
#include "config.h"

#include "backend/bobbin-backend.h"
#include "model/bobbin-account.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-error.h"

typedef struct
{
  BobbinService   service;
  gboolean        allow_plain;
  const char     *typed;
  const char     *kept;   /* NULL: refused with: */
  BobbinErrorCode code;
} Row;

static const Row rows[] = {
  { BOBBIN_SERVICE_NEBELUS, FALSE, "https://api.nebelus.ai", "https://api.nebelus.ai", 0 },
  { BOBBIN_SERVICE_NEBELUS, FALSE, "  https://api.nebelus.ai//  ", "https://api.nebelus.ai", 0 },
  { BOBBIN_SERVICE_NEBELUS, FALSE, "wss://API.Nebelus.AI/", "https://api.nebelus.ai", 0 },
  { BOBBIN_SERVICE_NEBELUS, FALSE, "api.nebelus.ai", "https://api.nebelus.ai", 0 },
  { BOBBIN_SERVICE_NEBELUS, FALSE, "api.nebelus.ai:8443", "https://api.nebelus.ai:8443", 0 },
  { BOBBIN_SERVICE_NEBELUS, FALSE, "HTTPS://api.nebelus.ai:443/", "https://api.nebelus.ai", 0 },
  { BOBBIN_SERVICE_NEBELUS, FALSE, "https://example.org/gate/", "https://example.org/gate", 0 },
  { BOBBIN_SERVICE_NEBELUS, FALSE, "https://api.nebelus.ai/api/agents/3f6b/chat/", "https://api.nebelus.ai", 0 },
  { BOBBIN_SERVICE_NEBELUS, FALSE, "wss://api.nebelus.ai/ws/agents/3f6b/threads/x/", "https://api.nebelus.ai", 0 },
  { BOBBIN_SERVICE_NEBELUS, FALSE, "http://127.0.0.1:8080/", "http://127.0.0.1:8080", 0 },
  { BOBBIN_SERVICE_NEBELUS, FALSE, "ws://[::1]:80", "http://[::1]", 0 },
  { BOBBIN_SERVICE_NEBELUS, FALSE, "localhost:8000", "http://localhost:8000", 0 },
  { BOBBIN_SERVICE_NEBELUS, FALSE, "[::1]:8000", "http://[::1]:8000", 0 },
  { BOBBIN_SERVICE_NEBELUS, FALSE, "http://api.nebelus.ai", NULL, BOBBIN_ERROR_INSECURE },
  { BOBBIN_SERVICE_NEBELUS, TRUE, "http://192.168.1.4", NULL, BOBBIN_ERROR_INSECURE },
  { BOBBIN_SERVICE_NEBELUS, FALSE, "http://127.0.0.1.example.org", NULL, BOBBIN_ERROR_INSECURE },
  { BOBBIN_SERVICE_NEBELUS, FALSE, "http://localhost.example.org", NULL, BOBBIN_ERROR_INSECURE },
  { BOBBIN_SERVICE_NEBELUS, FALSE, "", NULL, BOBBIN_ERROR_INVALID },
  { BOBBIN_SERVICE_NEBELUS, FALSE, "https://", NULL, BOBBIN_ERROR_INVALID },
  { BOBBIN_SERVICE_NEBELUS, FALSE, "ftp://example.org", NULL, BOBBIN_ERROR_INVALID },
  { BOBBIN_SERVICE_NEBELUS, FALSE, "file:///etc/passwd", NULL, BOBBIN_ERROR_INVALID },
  { BOBBIN_SERVICE_NEBELUS, FALSE, "https://key@example.org", NULL, BOBBIN_ERROR_INVALID },
  { BOBBIN_SERVICE_NEBELUS, FALSE, "https://example.org/?api_key=x", NULL, BOBBIN_ERROR_INVALID },
  { BOBBIN_SERVICE_NEBELUS, FALSE, "https://exa mple.org", NULL, BOBBIN_ERROR_INVALID },
  { BOBBIN_SERVICE_NEBELUS, FALSE, "what is this", NULL, BOBBIN_ERROR_INVALID },
  { BOBBIN_SERVICE_NEBELUS, FALSE, "https://exa<mple.org", NULL, BOBBIN_ERROR_INVALID },
  { BOBBIN_SERVICE_NEBELUS, FALSE, "https://bücher.example", "https://xn--bcher-kva.example", 0 },
  { BOBBIN_SERVICE_NEBELUS, FALSE, "https://example.org:99999", NULL, BOBBIN_ERROR_INVALID },
  { BOBBIN_SERVICE_DEMO, FALSE, "http://127.0.0.1:4711", "http://127.0.0.1:4711", 0 },
  { BOBBIN_SERVICE_AGENTFLOW, FALSE, "http://127.0.0.1:8000/v1", "http://127.0.0.1:8000", 0 },
  { BOBBIN_SERVICE_AGENTFLOW, FALSE, "https://example.org/flow/v1/", "https://example.org/flow", 0 },
  { BOBBIN_SERVICE_AGENTFLOW, TRUE, "http://192.168.1.4:8000", "http://192.168.1.4:8000", 0 },
  { BOBBIN_SERVICE_AGENTFLOW, FALSE, "http://192.168.1.4:8000", NULL, BOBBIN_ERROR_INSECURE },
  { BOBBIN_SERVICE_AGENTFLOW, TRUE, "http://8.8.8.8:8000", NULL, BOBBIN_ERROR_INSECURE },
  { BOBBIN_SERVICE_AGENTFLOW, TRUE, "http://172.32.0.1", NULL, BOBBIN_ERROR_INSECURE },
  { BOBBIN_SERVICE_ENTITIES, FALSE, "http://localhost:9000/v1/", "http://localhost:9000", 0 },
  { BOBBIN_SERVICE_ENTITIES, FALSE, "https://example.org/app", NULL, BOBBIN_ERROR_INVALID },
  { BOBBIN_SERVICE_ENTITIES, TRUE, "http://server.local:9000", "http://server.local:9000", 0 },
  { BOBBIN_SERVICE_ASSISTANTS, FALSE, "https://api.example.org/v1/", "https://api.example.org/v1", 0 },
  { BOBBIN_SERVICE_ASSISTANTS, FALSE, "https://api.example.org/v1/assistants", "https://api.example.org/v1", 0 },
  { BOBBIN_SERVICE_AIBTC, FALSE, "https://example.org/chat/ws", "wss://example.org", 0 },
  { BOBBIN_SERVICE_AIBTC, FALSE, "ws://localhost:8000/chat/ws", "ws://localhost:8000", 0 },
  { BOBBIN_SERVICE_AIBTC, TRUE, "ws://192.168.1.4", NULL, BOBBIN_ERROR_INSECURE },
};

static void
test_normalize (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *kept = bobbin_registry_normalize_url (rows[i].service, rows[i].typed, rows[i].allow_plain, &error);

      g_test_message ("%s", rows[i].typed);
      g_assert_cmpstr (kept, ==, rows[i].kept);
      if (rows[i].kept == NULL)
        {
          g_assert_error (error, BOBBIN_ERROR, (int) rows[i].code);
          g_assert_null (strstr (error->message, "key@"));
          continue;
        }

      /* What is kept stays as it is. */
      g_assert_no_error (error);
      g_clear_pointer (&kept, g_free);
      kept = bobbin_registry_normalize_url (rows[i].service, rows[i].kept, rows[i].allow_plain, &error);
      g_assert_cmpstr (kept, ==, rows[i].kept);
    }
}

static void
test_create (void)
{
  g_autoptr(BobbinClock) clock = BOBBIN_CLOCK (bobbin_manual_clock_new (0));

  for (guint i = 0; i < BOBBIN_N_SERVICES; i++)
    {
      g_autoptr(BobbinAccount) account = bobbin_account_new (0, i, "A", "http://127.0.0.1:1");
      BobbinBackend *backend = bobbin_registry_create (account, clock);

      g_assert_true ((backend != NULL) == bobbin_registry_has (i));
      if (backend == NULL)
        continue;
      g_assert_cmpuint (bobbin_backend_get_capabilities (backend), ==, bobbin_registry_get_capabilities (i));
      g_assert_finalize_object (backend);
    }
  g_assert_true (bobbin_registry_has (BOBBIN_SERVICE_NEBELUS));
  g_assert_true (bobbin_registry_has (BOBBIN_SERVICE_DEMO));
}

static void
test_nebelus (void)
{
  g_autoptr(BobbinClock) clock = BOBBIN_CLOCK (bobbin_manual_clock_new (0));
  g_autoptr(BobbinAccount) account = bobbin_account_new (0, BOBBIN_SERVICE_NEBELUS, "A", "https://api.nebelus.ai");
  g_autoptr(BobbinBackend) backend = bobbin_registry_create (account, clock);
  const BobbinLimits *limits = bobbin_backend_get_limits (backend);

  g_assert_true (bobbin_backend_can (backend, BOBBIN_CAN_ATTACH | BOBBIN_CAN_CANCEL | BOBBIN_CAN_APPROVE | BOBBIN_CAN_FALL_BACK));
  g_assert_false (bobbin_backend_can (backend, BOBBIN_CAN_LIST_THREADS));
  g_assert_cmpint (limits->file_bytes, ==, 10485760);
  g_assert_cmpint (limits->message_bytes, ==, 26214400);
  g_assert_cmpint (limits->thread_lifetime_us, ==, 30 * G_TIME_SPAN_DAY);
  g_assert_cmpstr (bobbin_registry_get_default_url (BOBBIN_SERVICE_NEBELUS), ==, "https://api.nebelus.ai");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/backend/registry/normalize", test_normalize);
  g_test_add_func ("/backend/registry/create", test_create);
  g_test_add_func ("/backend/registry/nebelus", test_nebelus);

  return g_test_run ();
}
