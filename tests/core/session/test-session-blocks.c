/* Content: what servers say in what order they please, and what becomes of it. */
#include "config.h"
#include "session-fixture.h"

#include <string.h>

static BobbinBlock *
block (Fixture *self,
       guint    position)
{
  BobbinBlock *found = bobbin_message_get_block (fixture_last (self), position);

  g_assert_nonnull (found);

  return found;
}

static void
begin (Fixture *self)
{
  fixture_ask (self, "go");
  fake_turn_started (fixture_channel (self), "am_1");
}

/* "kind:state:text|result …" of the last message. */
static char *
blocks (BobbinMessage *message)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < bobbin_message_get_n_blocks (message); i++)
    {
      BobbinBlock *one = bobbin_message_get_block (message, i);

      g_string_append_printf (text, "%s%s:%s:%s", i > 0 ? " " : "", bobbin_block_kind_get_nick (bobbin_block_get_kind (one)),
                              bobbin_block_state_get_nick (bobbin_block_get_state (one)), bobbin_block_get_text (one));
      if (bobbin_block_get_name (one) != NULL)
        g_string_append_printf (text, "%s", bobbin_block_get_name (one));
      if (bobbin_block_get_result (one) != NULL)
        g_string_append_printf (text, "=%s", bobbin_block_get_result (one));
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

#define assert_blocks(fixture, wanted) G_STMT_START { \
  g_autofree char *blocks_ = blocks (fixture_last (fixture)); \
  g_assert_cmpstr (blocks_, ==, wanted); } G_STMT_END

/* Stops, restarts from disk, and finds the same. */
static void
stop_and_reload (Fixture    *self,
                 const char *wanted)
{
  fake_stopped (fixture_channel (self), "end_turn");
  fixture_settle (self);
  assert_blocks (self, wanted);
  fixture_restart (self, TRUE);
  assert_blocks (self, wanted);
}

static void
test_order (Fixture       *self,
            gconstpointer  on_disk)
{
  FakeChannel *channel;

  begin (self);
  channel = fixture_channel (self);
  fake_text (channel, "thinking:0", "Need the");
  fixture_advance (self, 2000);
  fake_text (channel, "thinking:0", " address.");
  fixture_advance (self, 1000);
  /* The same index, another type: another block. No start, no complete. */
  fake_text (channel, "text:0", "Asking.");
  g_assert_cmpint (bobbin_block_get_finished_us (block (self, 0)) - bobbin_block_get_started_us (block (self, 0)), ==,
                   3 * G_USEC_PER_SEC);
  fake_block (channel, BOBBIN_BLOCK_TOOL_CALL, BOBBIN_PHASE_COMPLETE, "tool:1", "find", "c1", "{\"name\":\"Acme\"}");
  g_assert_cmpint (bobbin_block_get_state (block (self, 2)), ==, BOBBIN_BLOCK_OPEN);
  fake_result (channel, "result:2", NULL, "c1", "ap@acme.example");
  fake_text (channel, "text:3", "Reminder sent");
  fake_text (channel, "text:3", " to Acme.");
  fake_text_complete (channel, "text:3", "whole text, not needed");
  stop_and_reload (self, "thinking:done:Need the address. text:done:Asking. tool-call:done:find=ap@acme.example"
                         " text:done:Reminder sent to Acme.");
  assert_text (fixture_last (self), "Asking.\n\nReminder sent to Acme.");
  g_assert_cmpstr (bobbin_block_get_data (block (self, 2)), ==, "{\"name\":\"Acme\"}");
  g_assert_cmpstr (bobbin_block_get_call_id (block (self, 2)), ==, "c1");
}

static void
test_no_start (Fixture       *self,
               gconstpointer  on_disk)
{
  fixture_ask (self, "go");
  /* A first block opens the turn. */
  fake_text (fixture_channel (self), "text:0", "Straight on.");
  assert_state (self, STREAMING);
  stop_and_reload (self, "text:done:Straight on.");
  assert_outline (self, "user:complete assistant:complete");
}

static void
test_complete_only (Fixture       *self,
                    gconstpointer  on_disk)
{
  BobbinEvent *event;

  begin (self);
  fake_text_complete (fixture_channel (self), "text:0", "All at once.");
  fake_text_complete (fixture_channel (self), "text:0", "All at once.");
  fake_text_complete (fixture_channel (self), "text:7", NULL);
  fake_text (fixture_channel (self), "text:1", "Draft");
  event = bobbin_event_new (BOBBIN_EVENT_BLOCK);
  event->kind = BOBBIN_BLOCK_TEXT;
  event->key = g_strdup ("text:1");
  event->phase = BOBBIN_PHASE_COMPLETE;
  event->replace = TRUE;
  event->text = g_strdup ("Final.");
  event->text_length = strlen (event->text);
  fake_emit (fixture_channel (self), event);
  /* The place is used again after its end. */
  fake_text (fixture_channel (self), "text:1", "More.");
  stop_and_reload (self, "text:done:All at once. text:done:Final. text:done:More.");
}

static void
test_tools (Fixture       *self,
            gconstpointer  on_disk)
{
  FakeChannel *channel;
  BobbinEvent *event;

  begin (self);
  channel = fixture_channel (self);
  /* By name, where there is no id; in order. */
  fake_block (channel, BOBBIN_BLOCK_TOOL_CALL, BOBBIN_PHASE_COMPLETE, "tool:0", "a", NULL, "1");
  fake_block (channel, BOBBIN_BLOCK_TOOL_CALL, BOBBIN_PHASE_COMPLETE, "tool:1", "a", "x", "2");
  fake_block (channel, BOBBIN_BLOCK_TOOL_CALL, BOBBIN_PHASE_COMPLETE, "tool:2", "b", NULL, "3");
  fake_result (channel, "result:3", "b", NULL, "B");
  fake_result (channel, "result:4", "a", "x", "X");
  fake_result (channel, "result:5", "a", NULL, "A");
  /* Of a call nobody saw; and twice. */
  fake_result (channel, "result:6", "c", "y", "C");
  fake_result (channel, "result:6", "c", "y", "C");
  /* Told twice, with a start. */
  fake_block (channel, BOBBIN_BLOCK_TOOL_CALL, BOBBIN_PHASE_START, "tool:7", "d", "z", NULL);
  fake_block (channel, BOBBIN_BLOCK_TOOL_CALL, BOBBIN_PHASE_COMPLETE, "tool:7", "d", "z", "{}");
  fake_block (channel, BOBBIN_BLOCK_TOOL_CALL, BOBBIN_PHASE_COMPLETE, "tool:8", "d", "z", "{}");
  /* The same place, another call. */
  fake_block (channel, BOBBIN_BLOCK_TOOL_CALL, BOBBIN_PHASE_COMPLETE, "tool:7", "e", "zz", "{}");
  event = bobbin_event_new (BOBBIN_EVENT_BLOCK);
  event->kind = BOBBIN_BLOCK_TOOL_CALL;
  event->phase = BOBBIN_PHASE_COMPLETE;
  event->is_result = event->is_error = TRUE;
  event->call_id = g_strdup ("zz");
  event->result = g_strdup ("no");
  fake_emit (channel, event);
  /* One that never answers is over with the turn. */
  stop_and_reload (self, "tool-call:done:a=A tool-call:done:a=X tool-call:done:b=B tool-call:done:c=C tool-call:done:d"
                         " tool-call:error:e=no");
}

static void
test_kinds (Fixture       *self,
            gconstpointer  on_disk)
{
  FakeChannel *channel;

  begin (self);
  channel = fixture_channel (self);
  fake_block (channel, BOBBIN_BLOCK_TABLE, BOBBIN_PHASE_COMPLETE, "table:0", NULL, NULL, "{\"headers\":[]}");
  fake_block (channel, BOBBIN_BLOCK_CHART, BOBBIN_PHASE_COMPLETE, "chart:1", NULL, NULL, "{\"type\":\"bar\"}");
  fake_block (channel, BOBBIN_BLOCK_JSON, BOBBIN_PHASE_COMPLETE, "json:2", NULL, NULL, "[1]");
  fake_block (channel, BOBBIN_BLOCK_UNKNOWN, BOBBIN_PHASE_DELTA, "hologram:3", "hologram", NULL, "{\"x\":1}");
  fake_block (channel, BOBBIN_BLOCK_IMAGE, BOBBIN_PHASE_COMPLETE, "image:4", NULL, NULL, "{\"url\":\"https://example.org\"}");
  stop_and_reload (self, "table:done: chart:done: json:done: unknown:done:hologram image:done:");
  g_assert_cmpstr (bobbin_block_get_data (block (self, 3)), ==, "{\"x\":1}");
}

static void
test_bytes (Fixture       *self,
            gconstpointer  on_disk)
{
  BobbinEvent *event;
  BobbinAttachment *attachment;
  g_autofree char *bytes = NULL;

  begin (self);
  event = bobbin_event_new (BOBBIN_EVENT_BLOCK);
  event->kind = BOBBIN_BLOCK_FILE;
  event->key = g_strdup ("file:0");
  event->phase = BOBBIN_PHASE_COMPLETE;
  event->name = g_strdup ("q3.csv");
  event->content_type = g_strdup ("text/csv");
  event->bytes = g_bytes_new_static ("a,b\n1,2\n", 8);
  fake_emit (fixture_channel (self), event);
  /* The turn does not wait for the file, nor the file for the turn. */
  fake_stopped (fixture_channel (self), NULL);
  g_assert_cmpint (bobbin_block_get_state (block (self, 0)), ==, BOBBIN_BLOCK_OPEN);
  while (bobbin_block_get_state (block (self, 0)) == BOBBIN_BLOCK_OPEN)
    g_main_context_iteration (NULL, TRUE);
  fixture_settle (self);
  assert_blocks (self, "file:done:q3.csv");
  fixture_restart (self, FALSE);
  assert_blocks (self, "file:done:q3.csv");
  attachment = bobbin_block_get_attachment (block (self, 0));
  g_assert_nonnull (attachment);
  g_assert_cmpstr (bobbin_attachment_get_name (attachment), ==, "q3.csv");
  g_assert_cmpstr (bobbin_attachment_get_content_type (attachment), ==, "text/csv");
  g_assert_cmpint (bobbin_attachment_get_size (attachment), ==, 8);
}

static void
test_late (Fixture       *self,
           gconstpointer  data)
{
  FakeChannel *channel;

  begin (self);
  channel = fixture_channel (self);
  fake_text (channel, "text:0", "Done.");
  fake_stopped (channel, "end_turn");
  /* An end that was overtaken is no new turn. */
  fake_text_complete (channel, "text:0", "Done.");
  fake_text_complete (channel, "text:5", NULL);
  fake_turn_started (channel, "am_1");
  fake_stopped (channel, "end_turn");
  assert_state (self, IDLE);
  /* Whole content that was not seen belongs to it. */
  fake_block (channel, BOBBIN_BLOCK_JSON, BOBBIN_PHASE_COMPLETE, "json:9", NULL, NULL, "[]");
  fixture_settle (self);
  assert_blocks (self, "text:done:Done. json:done:");
  assert_outline (self, "user:complete assistant:complete");
  g_assert_cmpuint (self->ended->len, ==, 1);

  /* What keeps talking is a turn nobody asked for; it is kept. */
  fake_text (channel, "text:0", "By the way");
  assert_state (self, STREAMING);
  fixture_send (self, "wait");
  fake_stopped (channel, NULL);
  fixture_settle (self);
  assert_state (self, SENDING);
  fake_stopped (channel, NULL);
  fixture_settle (self);
  assert_outline (self, "user:complete assistant:complete assistant:complete user:complete assistant:complete");

  /* And one that never ends does not hold the queue for ever. */
  fake_text (channel, "text:0", "By the way");
  fixture_send (self, "hello?");
  fixture_advance (self, 59000);
  assert_state (self, STREAMING);
  fixture_advance (self, 2000);
  assert_state (self, SENDING);
  fake_stopped (channel, NULL);
  fixture_settle (self);
}

static void
test_too_much (Fixture       *self,
               gconstpointer  data)
{
  g_autofree char *key = NULL;

  begin (self);
  for (guint i = 0; i < BOBBIN_SESSION_MAX_BLOCKS && bobbin_session_get_state (self->session) == BOBBIN_SESSION_STREAMING; i++)
    {
      g_free (key);
      key = g_strdup_printf ("json:%u", i);
      fake_block (fixture_channel (self), BOBBIN_BLOCK_JSON, BOBBIN_PHASE_DELTA, key, NULL, NULL, "1");
    }
  fixture_settle (self);
  assert_state (self, IDLE);
  assert_stored (self, "user:failed assistant:failed");
  g_assert_cmpint (bobbin_message_get_failure (fixture_last (self))->code, ==, BOBBIN_ERROR_REPLY_TOO_LARGE);
  g_assert_null (fake_backend_channel (self->backend));
}

#define ADD(name, test) g_test_add ("/session/blocks/" name, Fixture, NULL, fixture_set_up, test, fixture_tear_down)
#define ADD_ON_DISK(name, test) g_test_add ("/session/blocks/" name, Fixture, "disk", fixture_set_up, test, fixture_tear_down)

static void
give_file (Fixture    *self,
           const char *key)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_BLOCK);

  event->kind = BOBBIN_BLOCK_FILE;
  event->phase = BOBBIN_PHASE_COMPLETE;
  event->key = g_strdup (key);
  event->name = g_strdup ("totals.csv");
  event->content_type = g_strdup ("text/csv");
  event->bytes = g_bytes_new_static ("a,b\n1,2\n", 8);
  fake_emit (fixture_channel (self), event);
}

static void
ended_cb (BobbinLibrary *library,
          BobbinSession *session,
          BobbinMessage *message,
          GString       *seen)
{
  g_autofree char *now = blocks (message);

  g_string_append (seen, now);
}

/* Who hears of the end finds the files, in memory and on disk. */
static void
test_end_with_files (Fixture       *self,
                     gconstpointer  on_disk)
{
  g_autoptr(GString) seen = g_string_new (NULL);

  g_signal_connect (self->library, "turn-ended", G_CALLBACK (ended_cb), seen);
  begin (self);
  give_file (self, "file:0");
  give_file (self, "file:1");
  fake_stopped (fixture_channel (self), "end_turn");
  g_assert_true (_bobbin_session_is_busy (self->session));
  fixture_settle (self);
  g_assert_cmpstr (seen->str, ==, "file:done:totals.csv file:done:totals.csv");
  fixture_restart (self, TRUE);
  assert_blocks (self, "file:done:totals.csv file:done:totals.csv");
  g_assert_nonnull (bobbin_block_get_attachment (block (self, 1)));
  assert_outline (self, "user:complete assistant:complete");
}

/* A file that never arrives in the store does not hold the end up for ever. */
static void
test_end_without_files (Fixture       *self,
                        gconstpointer  on_disk)
{
  begin (self);
  _bobbin_session_import_begun (self->session, fixture_last (self));
  fake_stopped (fixture_channel (self), "end_turn");
  fixture_settle (self);
  assert_state (self, IDLE);
  g_assert_cmpuint (self->ended->len, ==, 0);
  fixture_advance (self, 5000);
  g_assert_cmpuint (self->ended->len, ==, 1);
  g_assert_false (_bobbin_session_import_ended (self->session, fixture_last (self)));
  assert_stored (self, "user:complete assistant:complete");
}

/* Nor does it where the program is closed meanwhile. */
static void
test_close_without_files (Fixture       *self,
                          gconstpointer  on_disk)
{
  begin (self);
  give_file (self, "file:0");
  fake_stopped (fixture_channel (self), "end_turn");
  fixture_restart (self, FALSE);
  assert_outline (self, "user:complete assistant:complete");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD_ON_DISK ("order", test_order);
  ADD_ON_DISK ("no-start", test_no_start);
  ADD_ON_DISK ("complete-only", test_complete_only);
  ADD_ON_DISK ("tools", test_tools);
  ADD_ON_DISK ("kinds", test_kinds);
  ADD_ON_DISK ("bytes", test_bytes);
  ADD_ON_DISK ("end-with-files", test_end_with_files);
  ADD_ON_DISK ("end-without-files", test_end_without_files);
  ADD_ON_DISK ("close-without-files", test_close_without_files);
  ADD ("late", test_late);
  ADD ("too-much", test_too_much);

  return g_test_run ();
}
