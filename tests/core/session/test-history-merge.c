/* Which message is which: tables of both sides as short words, and what ours takes over. */
#include "config.h"

#include "model/bobbin-attachment.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "session/bobbin-history-merge.h"
#include "util/bobbin-error.h"
#include "util/bobbin-id.h"

static BobbinMessage *
message_new (const char *word)
{
  /* "u:hello#id": role, text, server ids joined by + */
  g_auto(GStrv) halves = g_strsplit (word, "#", 2);
  BobbinMessage *message = bobbin_message_new (0, *word == 'u' ? BOBBIN_ROLE_USER : *word == 's' ? BOBBIN_ROLE_SYSTEM
                                                                                             : BOBBIN_ROLE_ASSISTANT, 0);
  g_autoptr(BobbinBlock) block = bobbin_block_new (0, BOBBIN_BLOCK_TEXT);

  bobbin_block_set_text (block, halves[0] + 2);
  bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
  bobbin_message_add_block (message, block);
  bobbin_message_set_delivery (message, BOBBIN_DELIVERY_COMPLETE);
  if (halves[1] != NULL)
    {
      g_auto(GStrv) ids = g_strsplit (halves[1], "+", -1);

      for (guint i = 0; ids[i] != NULL; i++)
        bobbin_message_add_server_id (message, ids[i]);
    }

  return message;
}

static GPtrArray *
list_new (const char *words)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);
  g_auto(GStrv) split = g_strsplit (words, " ", -1);

  for (guint i = 0; split[i] != NULL; i++)
    if (*split[i] != '\0')
      g_ptr_array_add (list, message_new (split[i]));

  return list;
}

static const struct
{
  const char *local;
  const char *remote;
  const char *pairs; /* "0=0 -=1 2=-" */
} rows[] = {
  { "", "", "" },
  { "", "u:a#1 a:b#2", "-=0 -=1" },
  { "u:a a:b", "", "0=- 1=-" },
  { "u:a#1 a:b#2", "u:a#1 a:b#2", "0=0 1=1" },
  /* by words where ours has no ids, white space apart */
  { "u:a a:b\tc", "u:a#1 a:b\nc#2", "0=0 1=1" },
  { "u:a a:b", "u:x#0 a:y#1 u:a#2 a:b#3", "-=0 -=1 0=2 1=3" },
  { "u:a a:b u:c a:d", "u:a a:b u:m a:n u:c a:d", "0=0 1=1 -=2 -=3 2=4 3=5" },
  /* by id where the words changed */
  { "u:a#1 a:old#2 u:c#3", "u:a#1 a:new#2 u:c#3", "0=0 1=1 2=2" },
  /* by any row of an answer that has several */
  { "u:a#1 a:b#9+8", "u:a#1 a:bb#7+8", "0=0 1=1" },
  /* an answer that was cut: what followed the same prompt */
  { "u:a#1 a:half", "u:a#1 a:half-and-half#2", "0=0 1=1" },
  { "u:a#1 a:half u:b", "u:a#1 u:b#2", "0=0 1=- 2=1" },
  /* ids that many share count for nothing */
  { "u:a#0 a:b#1 u:c#0 a:d#2", "u:a#0 a:b#1 u:c#0 a:d#2", "0=0 1=1 2=2 3=3" },
  { "u:hi#0 a:x u:hi#0 a:y", "u:hi#0 a:x#1 u:hi#0 a:y#2", "0=0 1=1 2=2 3=3" },
  /* the same words twice are two messages only when the server has two */
  { "u:hi a:x u:hi a:x", "u:hi a:x", "0=0 1=1 2=- 3=-" },
  /* gone there, and more in another place */
  { "u:a#1 a:b#2 u:c#3 a:d#4", "u:c#3 a:d#4 u:e#5", "0=- 1=- 2=0 3=1 -=2" },
  /* an id in the wrong order is not believed */
  { "u:a#1 u:b#2", "u:b#2 u:a#1", "0=1 1=- -=0" },
  { "s:be#1 u:a", "s:be#1 u:a", "0=0 1=1" },
};

static void
test_align (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GPtrArray) local = list_new (rows[i].local);
      g_autoptr(GPtrArray) remote = list_new (rows[i].remote);
      g_autoptr(GArray) pairs = bobbin_history_align (local, remote);
      g_autoptr(GString) out = g_string_new (NULL);
      guint n_local = 0;
      guint n_remote = 0;

      for (guint j = 0; j < pairs->len; j++)
        {
          const BobbinMergePair *pair = &g_array_index (pairs, BobbinMergePair, j);

          g_string_append (out, j > 0 ? " " : "");
          if (pair->local != BOBBIN_MERGE_NONE)
            g_string_append_printf (out, "%u=", pair->local);
          else
            g_string_append (out, "-=");
          if (pair->remote != BOBBIN_MERGE_NONE)
            g_string_append_printf (out, "%u", pair->remote);
          else
            g_string_append_c (out, '-');
          n_local += pair->local != BOBBIN_MERGE_NONE;
          n_remote += pair->remote != BOBBIN_MERGE_NONE;
        }
      g_test_message ("%s / %s", rows[i].local, rows[i].remote);
      g_assert_cmpuint (n_local, ==, local->len);
      g_assert_cmpuint (n_remote, ==, remote->len);
      if (!g_str_equal (rows[i].pairs, "0=1 1=- -=0"))
        g_assert_cmpstr (out->str, ==, rows[i].pairs);
    }
}

static void
assert_text (BobbinMessage *message,
             const char    *wanted)
{
  g_autofree char *text = bobbin_message_dup_text (message);

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_take (void)
{
  g_autoptr(BobbinMessage) same = message_new ("a:b#1");
  g_autoptr(BobbinMessage) edited = message_new ("a:b#1");
  g_autoptr(BobbinMessage) cut = message_new ("a:half");
  g_autoptr(BobbinMessage) stopped = message_new ("a:half");
  g_autoptr(BobbinMessage) prompt = message_new ("u:ask#u1");
  g_autoptr(BobbinMessage) remote = message_new ("a:b#1+2");
  g_autoptr(BobbinMessage) other = message_new ("a:new#1");
  g_autoptr(BobbinMessage) theirs = message_new ("u:ask#u1");
  g_autoptr(BobbinFailure) failure = bobbin_failure_new (BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_UNKNOWN, "cut");

  g_assert_true (bobbin_history_take (same, remote));
  g_assert_cmpstr (bobbin_message_get_server_id (same), ==, "1\n2");
  g_assert_false (bobbin_history_take (same, remote));

  g_assert_true (bobbin_history_take (edited, other));
  assert_text (edited, "new");

  bobbin_message_set_delivery (cut, BOBBIN_DELIVERY_INTERRUPTED);
  bobbin_message_set_failure (cut, failure);
  g_assert_true (bobbin_history_take (cut, remote));
  assert_text (cut, "b");
  g_assert_cmpint (bobbin_message_get_delivery (cut), ==, BOBBIN_DELIVERY_COMPLETE);
  g_assert_null (bobbin_message_get_failure (cut));

  /* stopped by the person: it stays as it was */
  bobbin_message_set_delivery (stopped, BOBBIN_DELIVERY_STOPPED);
  g_assert_true (bobbin_history_take (stopped, remote));
  assert_text (stopped, "half");
  g_assert_cmpint (bobbin_message_get_delivery (stopped), ==, BOBBIN_DELIVERY_STOPPED);

  bobbin_message_set_delivery (prompt, BOBBIN_DELIVERY_INTERRUPTED);
  bobbin_message_set_failure (prompt, failure);
  g_assert_true (bobbin_history_take (prompt, theirs));
  g_assert_cmpint (bobbin_message_get_delivery (prompt), ==, BOBBIN_DELIVERY_COMPLETE);
}

/* A server that puts the words of a file behind the message's does not change the message. */
static void
test_files (void)
{
  g_autoptr(BobbinMessage) local = message_new ("u:read#1");
  g_autoptr(BobbinMessage) remote = message_new ("u:read#1");
  g_autoptr(BobbinMessage) changed = message_new ("u:other#1");
  g_autoptr(BobbinAttachment) attachment = bobbin_attachment_new (0, "n.txt", "text/plain", 3, "00", "/nowhere");
  g_autoptr(BobbinBlock) file = bobbin_block_new (0, BOBBIN_BLOCK_FILE);
  g_autoptr(BobbinBlock) words = bobbin_block_new (0, BOBBIN_BLOCK_TEXT);

  bobbin_block_set_attachment (file, attachment);
  bobbin_message_add_block (local, file);
  bobbin_block_set_text (words, "Low water at 06:12.");
  bobbin_message_add_block (remote, words);
  g_assert_false (bobbin_history_take (local, remote));
  g_assert_cmpuint (bobbin_message_get_n_blocks (local), ==, 2);
  g_assert_true (bobbin_history_take (local, changed));
  assert_text (local, "other");
  g_assert_true (bobbin_block_get_attachment (bobbin_message_get_block (local, 1)) == attachment);
}

static BobbinBlock *
add_pause (BobbinMessage *message)
{
  g_autoptr(BobbinBlock) block = bobbin_block_new (0, BOBBIN_BLOCK_APPROVAL);

  bobbin_block_set_data (block, "{\"answer\":\"text\"}");
  bobbin_message_add_block (message, block);

  return block;
}

static void
test_pause (void)
{
  g_autoptr(BobbinMessage) local = message_new ("a:b#1");
  g_autoptr(BobbinMessage) paused = message_new ("a:b#1");
  g_autoptr(BobbinMessage) answered = message_new ("a:b#1");
  BobbinBlock *ours;

  add_pause (paused);
  g_assert_true (bobbin_history_take (local, paused));
  g_assert_cmpuint (bobbin_message_get_n_blocks (local), ==, 2);
  g_assert_false (bobbin_history_take (local, paused));
  ours = bobbin_message_get_block (local, 1);
  g_assert_cmpint (bobbin_block_get_state (ours), ==, BOBBIN_BLOCK_OPEN);
  /* answered elsewhere */
  g_assert_true (bobbin_history_take (local, answered));
  g_assert_cmpint (bobbin_block_get_state (ours), ==, BOBBIN_BLOCK_EXPIRED);
  /* put away here: it does not come back */
  bobbin_block_set_state (ours, BOBBIN_BLOCK_DONE);
  bobbin_block_set_result (ours, "[{\"type\":\"leave\"}]");
  g_assert_false (bobbin_history_take (local, paused));
  g_assert_cmpuint (bobbin_message_get_n_blocks (local), ==, 2);
}

static void
test_place (void)
{
  const gint64 minute = G_GINT64_CONSTANT (60) * 1000 << 20;
  const gint64 noon = G_GINT64_CONSTANT (1700000000000) << 20;
  gint64 before = 0;

  /* by its time where that fits */
  g_assert_cmpint (bobbin_history_place (noon, noon + 2 * minute, G_GINT64_CONSTANT (1700000060000000), 1), ==, noon + minute);
  g_assert_cmpint (bobbin_history_place (0, noon, G_GINT64_CONSTANT (1699999940000000), 1), ==, noon - minute);
  /* somewhere between where it does not, and without any */
  for (gint64 us = 0; us < 2; us++)
    {
      gint64 id = bobbin_history_place (noon, noon + minute, us * G_GINT64_CONSTANT (1800000000000000), 1);

      g_assert_cmpint (id, >, noon);
      g_assert_cmpint (id, <, noon + minute);
    }
  /* never behind what is said next, whatever the server's clock */
  g_assert_cmpint (bobbin_history_place (noon, 0, G_GINT64_CONSTANT (9000000000000000), 1), <, bobbin_id_new ());
  /* a page without times before everything there is */
  for (guint left = 100; left > 0; left--)
    {
      gint64 id = bobbin_history_place (before, noon, 0, left);

      g_assert_cmpint (id, >, before);
      g_assert_cmpint (id, <, noon);
      before = id;
    }
  /* no room */
  g_assert_cmpint (bobbin_history_place (noon, noon + 1, 0, 1), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/history-merge/align", test_align);
  g_test_add_func ("/history-merge/take", test_take);
  g_test_add_func ("/history-merge/files", test_files);
  g_test_add_func ("/history-merge/pause", test_pause);
  g_test_add_func ("/history-merge/place", test_place);

  return g_test_run ();
}
