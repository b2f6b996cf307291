/* make-profile DIR [N] [--threads N] [--messages M] [--long K]: writes a profile through the store's own code, for benchmarks
 * and tests. N threads (default 1000) of M messages each (default 1), newest use last written; --long K gives the newest
 * thread K messages more. The demo account is there, so the window opens with the list. Text differs from thread to thread. */
#define G_LOG_DOMAIN "bobbin-make-profile"
#include "config.h"

#include "model/bobbin-account.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "model/bobbin-thread.h"
#include "store/bobbin-store-bulk.h"

#include <stdlib.h>

#define WINDOW  2000 /* operations on their way at once */
#define NOW_US  G_GINT64_CONSTANT (1790000000000000)
#define STEP_US (10 * G_TIME_SPAN_MINUTE)

static const char *const words[] = {
  "river", "engine", "report", "summer", "garden", "budget", "kernel", "letter", "museum", "planet", "recipe", "signal",
  "travel", "violin", "window", "yellow", "harbour", "invoice", "journey", "lantern", "measure", "notice", "orchard", "pattern",
};

static guint n_pending;

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  n_pending--;
  if (bobbin_store_finish (BOBBIN_STORE (source), result, &error))
    return;

  g_printerr ("make-profile: %s\n", error->message);
  exit (1);
}

static void
wait_below (guint limit)
{
  while (n_pending >= limit && n_pending > 0)
    g_main_context_iteration (NULL, TRUE);
}

static const char *
word (guint n)
{
  return words[n % G_N_ELEMENTS (words)];
}

static void
add_message (BobbinStore *store,
             gint64       thread_id,
             guint        n,
             guint        i,
             gint64       created_us)
{
  gboolean question = i % 2 == 0;
  g_autoptr(BobbinMessage) message = bobbin_message_new (0, question ? BOBBIN_ROLE_USER : BOBBIN_ROLE_ASSISTANT, created_us);
  g_autoptr(BobbinBlock) block = bobbin_block_new (0, BOBBIN_BLOCK_TEXT);
  g_autofree char *text = NULL;

  if (question)
    text = g_strdup_printf ("What about the %s and the %s, number %u?", word (n + i), word (n / 7 + i), n);
  else
    text = g_strdup_printf ("The **%s** of %s %u goes with the %s.\n\n- first the %s\n- then the %s\n\nThat is all about it.",
                            word (n + i), word (n / 3), n, word (n / 11 + i), word (n + 5), word (n + 9));
  bobbin_block_set_text (block, text);
  bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
  bobbin_message_add_block (message, block);
  bobbin_message_set_delivery (message, BOBBIN_DELIVERY_COMPLETE);
  bobbin_message_set_finished_us (message, created_us);
  n_pending++;
  bobbin_store_save_message_async (store, thread_id, message, NULL, saved_cb, NULL);
}

static void
add_thread (BobbinStore *store,
            gint64       account_id,
            guint        n,
            guint        n_threads,
            guint        n_messages)
{
  gint64 used_us = NOW_US - (gint64) (n_threads - n) * STEP_US;
  g_autoptr(BobbinThread) thread = bobbin_thread_new (0, account_id);
  g_autofree char *title = g_strdup_printf ("About the %s and the %s, %u", word (n), word (n / 7), n);
  g_autofree char *server_id = g_strdup_printf ("made-%u", n);

  bobbin_thread_set_title (thread, title, BOBBIN_TITLE_DERIVED);
  bobbin_thread_set_server_id (thread, server_id);
  bobbin_thread_set_agent_name (thread, "Demo Agent");
  bobbin_thread_set_created_us (thread, used_us - G_TIME_SPAN_MINUTE);
  bobbin_thread_set_last_used_us (thread, used_us);
  bobbin_thread_set_pinned (thread, n_threads > 100 && n % (n_threads / 5) == 1);
  n_pending++;
  bobbin_store_save_thread_async (store, thread, NULL, saved_cb, NULL);
  for (guint i = 0; i < n_messages; i++)
    {
      add_message (store, bobbin_thread_get_id (thread), n, i, used_us - G_TIME_SPAN_MINUTE + i);
      wait_below (WINDOW);
    }
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinStoreReport) report = bobbin_store_open_finish (BOBBIN_STORE (source), result, &error);

  n_pending--;
  if (report != NULL && !report->read_only)
    return;

  g_printerr ("make-profile: %s\n", error != NULL ? error->message : "the folder cannot be written");
  exit (1);
}

static void
fill (BobbinStore *store,
      int          n_threads,
      int          n_messages,
      int          n_long)
{
  g_autoptr(BobbinAccount) account = bobbin_account_new (0, BOBBIN_SERVICE_DEMO, "Demo Agent", "");

  n_pending++;
  bobbin_store_save_account_async (store, account, NULL, saved_cb, NULL);
  for (int n = 0; n < n_threads; n++)
    add_thread (store, bobbin_account_get_id (account), (guint) n, (guint) n_threads,
                (guint) (n == n_threads - 1 ? n_messages + n_long : n_messages));
  wait_below (1);
}

int
main (int   argc,
      char *argv[])
{
  int n_threads = 1000, n_messages = 1, n_long = 0;
  const GOptionEntry entries[] = {
    { "threads", 0, 0, G_OPTION_ARG_INT, &n_threads, "Threads to write", "N" },
    { "messages", 0, 0, G_OPTION_ARG_INT, &n_messages, "Messages in each", "M" },
    { "long", 0, 0, G_OPTION_ARG_INT, &n_long, "More messages in the newest", "K" },
    { NULL }
  };
  g_autoptr(GOptionContext) context = g_option_context_new ("DIR [N]");
  g_autoptr(BobbinStore) store = NULL;
  g_autoptr(GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc < 2 || argc > 3)
    {
      g_printerr ("make-profile: %s\n", error != NULL ? error->message : "give one folder");
      return 2;
    }

  if (argc == 3)
    n_threads = atoi (argv[2]);
  store = bobbin_sqlite_store_new (argv[1]);
  n_pending++;
  bobbin_store_open_async (store, NULL, opened_cb, NULL);
  wait_below (1);
  n_pending++;
  _bobbin_store_begin_bulk_async (store, NULL, saved_cb, NULL);
  fill (store, n_threads, n_messages, n_long);
  n_pending++;
  _bobbin_store_end_bulk_async (store, NULL, saved_cb, NULL);
  wait_below (1);
  bobbin_store_close (store);

  return 0;
}
