#include "config.h"

#include "model/bobbin-event.h"
#include "util/bobbin-error.h"

static void
test_event (void)
{
  for (int type = 0; type < BOBBIN_N_EVENTS; type++)
    {
      g_autoptr(BobbinEvent) event = bobbin_event_new ((BobbinEventType) type);

      g_assert_nonnull (bobbin_event_type_get_nick (event->type));
      g_assert_cmpint (event->usage.input_tokens, ==, -1);
      g_assert_cmpfloat (event->usage.cost, ==, -1);
      g_assert_null (event->text);
    }
}

static void
test_full (void)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_BLOCK);

  event->thread_id = g_strdup ("t");
  event->message_id = g_strdup ("m");
  event->user_message_id = g_strdup ("u");
  event->agent_id = g_strdup ("a");
  event->name = g_strdup ("n");
  event->model = g_strdup ("m");
  event->text = g_strdup ("t");
  event->key = g_strdup ("k");
  event->call_id = g_strdup ("c");
  event->data = g_strdup ("{}");
  event->result = g_strdup ("r");
  event->content_type = g_strdup ("image/png");
  event->bytes = g_bytes_new_static ("x", 1);
  event->failure = bobbin_failure_new (BOBBIN_ERROR_FAILED, BOBBIN_CERTAINTY_UNKNOWN, NULL);
  bobbin_event_free (event); /* the leak checker looks */
  bobbin_event_free (NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/event/event", test_event);
  g_test_add_func ("/event/full", test_full);

  return g_test_run ();
}
