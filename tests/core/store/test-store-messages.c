#define G_LOG_DOMAIN "bobbin-test"
#include "config.h"
#include "store-fixture.h"

#include <string.h>

/* Every test runs in memory and on disk. */
typedef struct
{
  char          *dir;     /* NULL in memory */
  BobbinStore   *store;
  BobbinAccount *account;
  BobbinThread  *thread;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  on_disk)
{
  self->dir = on_disk != NULL ? fixture_make_dir () : NULL;
  self->store = fixture_open (self->dir, NULL);
  self->account = fixture_add_account (self->store, "A");
  self->thread = fixture_add_thread (self->store, self->account, "T", 1000);
}

static void
tear_down (Fixture       *self,
           gconstpointer  on_disk)
{
  assert_index_is_true (self->store);
  fixture_close (self->store);
  g_clear_object (&self->account);
  g_clear_object (&self->thread);
  if (self->dir != NULL)
    fixture_remove_dir (self->dir);
  g_free (self->dir);
}

static void
finish (Fixture      *self,
        GAsyncResult *taken)
{
  g_autoptr(GAsyncResult) result = taken;
  g_autoptr(GError) error = NULL;
  gboolean ok = bobbin_store_finish (self->store, result, &error);

  g_assert_no_error (error);
  g_assert_true (ok);
}

static BobbinMessage *
only_message (Fixture *self)
{
  g_autoptr(GPtrArray) messages = fixture_list_messages (self->store, bobbin_thread_get_id (self->thread));

  g_assert_cmpuint (messages->len, ==, 1);
  return g_object_ref (g_ptr_array_index (messages, 0));
}

static BobbinMessage *
make_full_message (BobbinAttachment *attachment)
{
  BobbinMessage *message = bobbin_message_new (0, BOBBIN_ROLE_ASSISTANT, 5000);
  const BobbinUsage usage = { 1, 2, 3, 4.5, 5.5, 0.25, "EUR", TRUE };
  g_autoptr(BobbinFailure) failure = bobbin_failure_new (BOBBIN_ERROR_RATE_LIMITED, BOBBIN_CERTAINTY_REFUSED, "später");

  failure->http_status = 429;
  failure->close_code = 4004;
  failure->retry_after_ms = 30000;
  bobbin_message_set_delivery (message, BOBBIN_DELIVERY_FAILED);
  bobbin_message_set_server_id (message, "srv-1");
  bobbin_message_set_finished_us (message, 6000);
  bobbin_message_set_agent_id (message, "agent");
  bobbin_message_set_agent_name (message, "The Agent");
  bobbin_message_set_model (message, "m-1");
  bobbin_message_set_stop_reason (message, "end_turn");
  bobbin_message_set_failure (message, failure);
  bobbin_message_set_usage (message, &usage);
  for (guint kind = 0; kind < BOBBIN_N_BLOCK_KINDS; kind++)
    {
      g_autoptr(BobbinBlock) block = bobbin_block_new (0, (BobbinBlockKind) kind);

      bobbin_block_set_state (block, (BobbinBlockState) (kind % BOBBIN_N_BLOCK_STATES));
      bobbin_block_set_text (block, "Text ü 漢字");
      bobbin_block_set_name (block, "name");
      bobbin_block_set_call_id (block, "call");
      bobbin_block_set_data (block, "{\"a\":1}");
      bobbin_block_set_result (block, "result");
      bobbin_block_set_started_us (block, 10 + kind);
      bobbin_block_set_finished_us (block, 20 + kind);
      if (kind == BOBBIN_BLOCK_FILE || kind == BOBBIN_BLOCK_IMAGE)
        bobbin_block_set_attachment (block, attachment);
      bobbin_message_add_block (message, block);
    }

  return message;
}

static void
test_round_trip (Fixture       *self,
                 gconstpointer  on_disk)
{
  g_autoptr(BobbinAttachment) attachment = fixture_import (self->store, "a.txt", "content");
  g_autoptr(BobbinMessage) message = make_full_message (attachment);
  g_autoptr(BobbinMessage) loaded = NULL;

  fixture_save_message (self->store, self->thread, message);
  loaded = only_message (self);
  assert_same_message (message, loaded);
}

static void
test_every_delivery_and_role (Fixture       *self,
                              gconstpointer  on_disk)
{
  g_autoptr(GPtrArray) saved = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) loaded = NULL;

  for (guint delivery = 0; delivery < BOBBIN_N_DELIVERIES; delivery++)
    for (guint role = 0; role < BOBBIN_N_ROLES; role++)
      {
        BobbinMessage *message = fixture_make_message ((BobbinRole) role, "x");

        bobbin_message_set_delivery (message, (BobbinDelivery) delivery);
        fixture_save_message (self->store, self->thread, message);
        g_ptr_array_add (saved, message);
      }
  loaded = fixture_list_messages (self->store, bobbin_thread_get_id (self->thread));
  g_assert_cmpuint (loaded->len, ==, saved->len);
  for (guint i = 0; i < saved->len; i++)
    assert_same_message (g_ptr_array_index (saved, i), g_ptr_array_index (loaded, i));
}

static void
test_update (Fixture       *self,
             gconstpointer  on_disk)
{
  g_autoptr(BobbinMessage) message = make_full_message (NULL);
  g_autoptr(BobbinBlock) first = g_object_ref (bobbin_message_get_block (message, 0));
  g_autoptr(BobbinBlock) second = g_object_ref (bobbin_message_get_block (message, 1));
  g_autoptr(BobbinMessage) loaded = NULL;

  fixture_save_message (self->store, self->thread, message);
  /* Blocks gone, reordered and changed; columns emptied. */
  bobbin_message_remove_blocks (message);
  bobbin_message_add_block (message, second);
  bobbin_message_add_block (message, first);
  bobbin_block_set_text (first, "changed");
  bobbin_block_set_name (second, NULL);
  bobbin_message_set_failure (message, NULL);
  bobbin_message_set_delivery (message, BOBBIN_DELIVERY_COMPLETE);
  bobbin_message_set_server_id (message, NULL);
  fixture_save_message (self->store, self->thread, message);
  loaded = only_message (self);
  assert_same_message (message, loaded);
}

static void
test_state_only (Fixture       *self,
                 gconstpointer  on_disk)
{
  g_autoptr(BobbinMessage) message = fixture_make_message (BOBBIN_ROLE_USER, "kept");
  g_autoptr(BobbinMessage) loaded = NULL;

  fixture_save_message (self->store, self->thread, message);
  bobbin_message_set_delivery (message, BOBBIN_DELIVERY_STOPPED);
  bobbin_block_set_text (bobbin_message_get_block (message, 0), "not to be written");
  finish (self, WAIT (bobbin_store_save_message_state_async, self->store, bobbin_thread_get_id (self->thread), message));
  loaded = only_message (self);
  g_assert_cmpint (bobbin_message_get_delivery (loaded), ==, BOBBIN_DELIVERY_STOPPED);
  g_assert_cmpstr (bobbin_block_get_text (bobbin_message_get_block (loaded, 0)), ==, "kept");
}

static void
append (Fixture     *self,
        BobbinBlock *block,
        gsize        offset,
        const char  *text,
        gssize       length)
{
  finish (self, WAIT (bobbin_store_append_text_async, self->store, bobbin_block_get_id (block), offset, text,
                      length < 0 ? strlen (text) : (gsize) length));
}

static void
test_append (Fixture       *self,
             gconstpointer  on_disk)
{
  g_autoptr(BobbinMessage) message = fixture_make_message (BOBBIN_ROLE_ASSISTANT, "abc");
  BobbinBlock *block = bobbin_message_get_block (message, 0);
  g_autoptr(BobbinMessage) loaded = NULL;
  g_autoptr(BobbinMessage) merged = NULL;

  fixture_save_message (self->store, self->thread, message);
  append (self, block, 3, "def", -1);
  append (self, block, 4, "ef", -1);     /* all known */
  append (self, block, 4, "efgh", -1);   /* half known */
  append (self, block, 8, "\xc3", 1);    /* a character in two pieces */
  append (self, block, 9, "\xa4!", 2);
  append (self, block, 11, "", 0);
  loaded = only_message (self);
  g_assert_cmpstr (bobbin_block_get_text (bobbin_message_get_block (loaded, 0)), ==, "abcdefghä!");

  bobbin_block_set_text (block, "whole");
  finish (self, WAIT (bobbin_store_save_block_async, self->store, bobbin_message_get_id (message), 0, block));
  append (self, block, 5, "?", -1);
  merged = only_message (self);
  g_assert_cmpstr (bobbin_block_get_text (bobbin_message_get_block (merged, 0)), ==, "whole?");
}

static void
test_append_wrong (Fixture       *self,
                   gconstpointer  on_disk)
{
  g_autoptr(BobbinMessage) message = fixture_make_message (BOBBIN_ROLE_ASSISTANT, "abc");
  gint64 block_id = bobbin_block_get_id (bobbin_message_get_block (message, 0));
  g_autoptr(GAsyncResult) gap = NULL;
  g_autoptr(GAsyncResult) unknown = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinMessage) loaded = NULL;

  fixture_save_message (self->store, self->thread, message);
  gap = WAIT (bobbin_store_append_text_async, self->store, block_id, 4, "x", 1);
  g_assert_false (bobbin_store_finish (self->store, gap, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE);
  g_clear_error (&error);
  unknown = WAIT (bobbin_store_append_text_async, self->store, 12345, 0, "x", 1);
  g_assert_false (bobbin_store_finish (self->store, unknown, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE);

  loaded = only_message (self);
  assert_same_message (message, loaded);
}

static void
test_bytes_that_are_no_text (Fixture       *self,
                             gconstpointer  on_disk)
{
  g_autoptr(BobbinMessage) message = fixture_make_message (BOBBIN_ROLE_ASSISTANT, "");
  g_autoptr(BobbinMessage) loaded = NULL;

  fixture_save_message (self->store, self->thread, message);
  append (self, bobbin_message_get_block (message, 0), 0, "a\0b\xff", 4);
  append (self, bobbin_message_get_block (message, 0), 4, "c", 1);
  loaded = only_message (self);
  g_assert_cmpstr (bobbin_block_get_text (bobbin_message_get_block (loaded, 0)), ==, "a\xef\xbf\xbd" "b\xef\xbf\xbd" "c");
}

static void
test_pages (Fixture       *self,
            gconstpointer  on_disk)
{
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_object_unref);
  gint64 before = 0;
  guint expected = 25;

  for (guint i = 0; i < 25; i++)
    g_ptr_array_add (ids, fixture_add_message (self->store, self->thread, BOBBIN_ROLE_USER, "m"));
  while (expected > 0)
    {
      g_autoptr(GAsyncResult) result = WAIT (bobbin_store_list_messages_async, self->store,
                                             bobbin_thread_get_id (self->thread), before, 10);
      g_autoptr(GPtrArray) page = bobbin_store_list_messages_finish (self->store, result, NULL);

      g_assert_cmpuint (page->len, ==, MIN (10, expected));
      for (guint i = 0; i < page->len; i++)
        g_assert_cmpint (bobbin_message_get_id (g_ptr_array_index (page, i)), ==,
                         bobbin_message_get_id (g_ptr_array_index (ids, expected - page->len + i)));
      expected -= page->len;
      before = bobbin_message_get_id (g_ptr_array_index (page, 0));
    }
}

static void
test_delete (Fixture       *self,
             gconstpointer  on_disk)
{
  g_autoptr(BobbinMessage) first = fixture_add_message (self->store, self->thread, BOBBIN_ROLE_USER, "first");
  g_autoptr(BobbinMessage) second = fixture_add_message (self->store, self->thread, BOBBIN_ROLE_USER, "second");
  g_autoptr(BobbinThread) thread = NULL;
  g_autoptr(BobbinMessage) left = NULL;

  finish (self, WAIT (bobbin_store_delete_message_async, self->store, bobbin_message_get_id (second)));
  finish (self, WAIT (bobbin_store_delete_message_async, self->store, 777));
  left = only_message (self);
  assert_same_message (first, left);
  thread = fixture_load_thread (self->store, bobbin_thread_get_id (self->thread));
  g_assert_cmpstr (bobbin_thread_get_snippet (thread), ==, "first");
}

static void
test_thread_row (Fixture       *self,
                 gconstpointer  on_disk)
{
  g_autoptr(BobbinMessage) question = fixture_make_message (BOBBIN_ROLE_USER, "A question?\n");
  g_autoptr(BobbinMessage) answer = fixture_make_message (BOBBIN_ROLE_ASSISTANT, "# Title\n\n**Last**   `line`\x01\n```\n");
  g_autoptr(BobbinThread) thread = NULL;
  gint64 id = bobbin_thread_get_id (self->thread);

  fixture_save_message (self->store, self->thread, question);
  fixture_save_message (self->store, self->thread, answer);
  fixture_save_message (self->store, self->thread, question); /* an older one does not speak for the thread */
  thread = fixture_load_thread (self->store, id);
  g_assert_cmpstr (bobbin_thread_get_snippet (thread), ==, "Last line");
  g_assert_cmpint (bobbin_thread_get_last_used_us (thread), ==, bobbin_message_get_created_us (answer));

  /* A thread saved from an old copy does not undo that. */
  bobbin_thread_set_snippet (self->thread, "old");
  finish (self, WAIT (bobbin_store_save_thread_async, self->store, self->thread));
  g_set_object (&thread, NULL);
  thread = fixture_load_thread (self->store, id);
  g_assert_cmpstr (bobbin_thread_get_snippet (thread), ==, "Last line");
}

static void
assert_activity (Fixture        *self,
                 BobbinActivity  activity)
{
  g_autoptr(BobbinThread) thread = fixture_load_thread (self->store, bobbin_thread_get_id (self->thread));

  g_assert_cmpint (bobbin_thread_get_stored_activity (thread), ==, activity);
}

static void
test_activity (Fixture       *self,
               gconstpointer  on_disk)
{
  g_autoptr(BobbinMessage) question = fixture_make_message (BOBBIN_ROLE_USER, "q");
  g_autoptr(BobbinMessage) answer = fixture_make_message (BOBBIN_ROLE_ASSISTANT, "a");
  g_autoptr(BobbinBlock) approval = bobbin_block_new (0, BOBBIN_BLOCK_APPROVAL);
  gint64 id = bobbin_thread_get_id (self->thread);

  bobbin_message_set_delivery (question, BOBBIN_DELIVERY_QUEUED);
  fixture_save_message (self->store, self->thread, question);
  assert_activity (self, BOBBIN_ACTIVITY_QUEUED);
  bobbin_message_set_delivery (question, BOBBIN_DELIVERY_FAILED);
  finish (self, WAIT (bobbin_store_save_message_state_async, self->store, id, question));
  assert_activity (self, BOBBIN_ACTIVITY_FAILED);
  bobbin_message_set_delivery (question, BOBBIN_DELIVERY_COMPLETE);
  finish (self, WAIT (bobbin_store_save_message_state_async, self->store, id, question));
  assert_activity (self, BOBBIN_ACTIVITY_NONE);
  bobbin_message_add_block (answer, approval);
  bobbin_message_set_delivery (answer, BOBBIN_DELIVERY_ANSWERING);
  fixture_save_message (self->store, self->thread, answer);
  assert_activity (self, BOBBIN_ACTIVITY_APPROVAL);
  bobbin_block_set_state (approval, BOBBIN_BLOCK_DONE);
  finish (self, WAIT (bobbin_store_save_block_async, self->store, bobbin_message_get_id (answer), 1, approval));
  assert_activity (self, BOBBIN_ACTIVITY_NONE);
  bobbin_message_set_delivery (answer, BOBBIN_DELIVERY_INTERRUPTED);
  fixture_save_message (self->store, self->thread, answer);
  assert_activity (self, BOBBIN_ACTIVITY_FAILED);
  finish (self, WAIT (bobbin_store_delete_message_async, self->store, bobbin_message_get_id (answer)));
  assert_activity (self, BOBBIN_ACTIVITY_NONE);
}

static void
test_unknown_thread (Fixture       *self,
                     gconstpointer  on_disk)
{
  g_autoptr(BobbinMessage) message = fixture_make_message (BOBBIN_ROLE_USER, "lost?");
  g_autoptr(GAsyncResult) result = WAIT (bobbin_store_save_message_async, self->store, 4242, message);
  g_autoptr(GPtrArray) hits = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_false (bobbin_store_finish (self->store, result, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE);
  /* All or nothing: no block of it was left behind. */
  hits = fixture_search (self->store, "lost");
  g_assert_cmpuint (hits->len, ==, 0);
}

typedef struct
{
  GString *order;
  char     name;
  guint   *n_pending;
} Step;

static void
step_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Step *step = user_data;
  g_autoptr(GError) error = NULL;

  bobbin_store_finish (BOBBIN_STORE (source), result, &error);
  g_assert_no_error (error);
  g_string_append_c (step->order, step->name);
  (*step->n_pending)--;
}

/* What is submitted first is written first, also when nobody waits in between. */
static void
test_order (Fixture       *self,
            gconstpointer  on_disk)
{
  g_autoptr(BobbinMessage) message = fixture_make_message (BOBBIN_ROLE_ASSISTANT, "");
  BobbinBlock *block = bobbin_message_get_block (message, 0);
  g_autoptr(GString) order = g_string_new (NULL);
  g_autoptr(BobbinMessage) loaded = NULL;
  Step steps[27];
  guint n_pending = 27;

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    steps[i] = (Step) { order, (char) (i == 0 ? '.' : 'a' + (char) i - 1), &n_pending };
  bobbin_store_save_message_async (self->store, bobbin_thread_get_id (self->thread), message, NULL, step_cb, &steps[0]);
  for (guint i = 1; i < G_N_ELEMENTS (steps); i++)
    bobbin_store_append_text_async (self->store, bobbin_block_get_id (block), i - 1, &steps[i].name, 1, NULL, step_cb, &steps[i]);
  while (n_pending > 0)
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpstr (order->str, ==, ".abcdefghijklmnopqrstuvwxyz");
  loaded = only_message (self);
  g_assert_cmpstr (bobbin_block_get_text (bobbin_message_get_block (loaded, 0)), ==, "abcdefghijklmnopqrstuvwxyz");
}

static void
test_cancelled (Fixture       *self,
                gconstpointer  on_disk)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(BobbinMessage) message = fixture_make_message (BOBBIN_ROLE_USER, "typed");
  g_autoptr(BobbinMessage) loaded = NULL;
  g_autoptr(GAsyncResult) write = NULL;
  g_autoptr(GAsyncResult) read = NULL;
  g_autoptr(GError) error = NULL;
  Answer answer = { NULL }, other = { NULL };

  g_cancellable_cancel (cancellable);
  bobbin_store_save_message_async (self->store, bobbin_thread_get_id (self->thread), message, cancellable, answer_cb, &answer);
  write = answer_wait (&answer);
  g_assert_true (bobbin_store_finish (self->store, write, &error));
  g_assert_no_error (error);
  bobbin_store_list_messages_async (self->store, 1, 0, 10, cancellable, answer_cb, &other);
  read = answer_wait (&other);
  g_assert_null (bobbin_store_list_messages_finish (self->store, read, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  loaded = only_message (self);
  assert_same_message (message, loaded);
}

#define ADD(path, test) \
  g_test_add ("/store/messages/memory/" path, Fixture, NULL, set_up, test, tear_down); \
  g_test_add ("/store/messages/disk/" path, Fixture, "disk", set_up, test, tear_down)

static void
test_sum_usage (Fixture       *self,
                gconstpointer  on_disk)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autofree BobbinUsageSum *sum = NULL;
  static const struct { gint64 in; gint64 out; gint64 all; double cost; const char *currency; } used[] = {
    { 10, 5, 15, 0.25, "EUR" }, { 20, -1, -1, -1, "" }, { -1, 7, -1, 0.5, "EUR" }, { 1, 1, 2, 3, "USD" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (used); i++)
    {
      g_autoptr(BobbinMessage) message = fixture_add_message (self->store, self->thread, BOBBIN_ROLE_ASSISTANT, "answer");
      BobbinUsage usage = BOBBIN_USAGE_INIT;

      usage.input_tokens = used[i].in;
      usage.output_tokens = used[i].out;
      usage.total_tokens = used[i].all;
      usage.cost = used[i].cost;
      g_strlcpy (usage.currency, used[i].currency, sizeof usage.currency);
      bobbin_message_set_usage (message, &usage);
      g_object_unref (WAIT (bobbin_store_save_message_state_async, self->store, bobbin_thread_get_id (self->thread), message));
    }
  result = WAIT (bobbin_store_sum_usage_async, self->store, bobbin_thread_get_id (self->thread));
  sum = bobbin_store_sum_usage_finish (self->store, result, NULL);
  g_assert_nonnull (sum);
  g_assert_cmpuint (sum->n_answers, ==, 4);
  g_assert_cmpint (sum->input_tokens, ==, 31);
  g_assert_cmpint (sum->output_tokens, ==, 13);
  g_assert_cmpint (sum->total_tokens, ==, 15 + 20 + 7 + 2);
  g_assert_cmpuint (sum->n_costs, ==, 2);
  g_assert_cmpstr (sum->costs[0].currency, ==, "EUR");
  g_assert_cmpfloat (sum->costs[0].cost, ==, 0.75);
  g_assert_cmpfloat (sum->costs[1].cost, ==, 3);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("round-trip", test_round_trip);
  ADD ("every-delivery-and-role", test_every_delivery_and_role);
  ADD ("update", test_update);
  ADD ("state-only", test_state_only);
  ADD ("append", test_append);
  ADD ("append-wrong", test_append_wrong);
  ADD ("bytes-that-are-no-text", test_bytes_that_are_no_text);
  ADD ("pages", test_pages);
  ADD ("delete", test_delete);
  ADD ("thread-row", test_thread_row);
  ADD ("activity", test_activity);
  ADD ("unknown-thread", test_unknown_thread);
  ADD ("order", test_order);
  ADD ("cancelled", test_cancelled);
  ADD ("sum-usage", test_sum_usage);

  return g_test_run ();
}
