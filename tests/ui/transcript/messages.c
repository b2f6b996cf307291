#include "config.h"

#include "messages.h"

#include "session/bobbin-session.h"
#include "util/bobbin-error.h"

#include <string.h>

BobbinBlock *
messages_block (BobbinMessage    *message,
                BobbinBlockKind   kind,
                BobbinBlockState  state,
                const char       *text)
{
  g_autoptr(BobbinBlock) block = bobbin_block_new (0, kind);

  if (text != NULL)
    bobbin_block_set_text (block, text);
  bobbin_block_set_state (block, state);
  bobbin_message_add_block (message, block);

  return block;
}

BobbinMessage *
messages_text (BobbinRole  role,
               const char *text,
               gint64      created_us)
{
  BobbinMessage *message = bobbin_message_new (0, role, created_us);

  bobbin_message_set_delivery (message, BOBBIN_DELIVERY_COMPLETE);
  if (role == BOBBIN_ROLE_ASSISTANT)
    bobbin_message_set_agent_name (message, "Ledger");
  messages_block (message, BOBBIN_BLOCK_TEXT, BOBBIN_BLOCK_DONE, text);

  return message;
}

char *
messages_lorem (gsize bytes,
                guint seed)
{
  static const char *words[] = { "the", "invoice", "was", "sent", "on", "Friday", "and", "paid", "within", "two", "weeks", "which",
                                 "is", "earlier", "than", "usual", "for", "this", "customer", "although", "reminders", "were", "due" };
  GString *text = g_string_new (NULL);
  guint in_sentence = 0;

  while (text->len < bytes)
    {
      seed = seed * 1103515245 + 12345;
      g_string_append (text, words[(seed >> 16) % G_N_ELEMENTS (words)]);
      in_sentence++;
      if (in_sentence > 9 && (seed >> 8) % 5 == 0)
        {
          g_string_append (text, (seed >> 4) % 6 == 0 ? ".\n\n" : ". ");
          in_sentence = 0;
        }
      else
        {
          g_string_append_c (text, ' ');
        }
    }

  return g_string_free (text, FALSE);
}

GListStore *
messages_mixed (guint n)
{
  GListStore *store = g_list_store_new (BOBBIN_TYPE_MESSAGE);
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    {
      gsize bytes = i % 97 == 96 ? 20000 : i % 13 == 12 ? 4000 : 120 + (i * 7919) % 900;
      g_autofree char *lorem = messages_lorem (i % 2 == 0 ? MIN (bytes, 300) : bytes, i);
      g_autofree char *text = i % 7 == 3 ? g_strconcat (lorem, "\n\n```python\ndef f(x):\n    return x + 1\n```\n\nThat is all.", NULL)
                                         : g_strdup (lorem);

      g_ptr_array_add (all, messages_text (i % 2 == 0 ? BOBBIN_ROLE_USER : BOBBIN_ROLE_ASSISTANT, text,
                                           MESSAGES_NOON + i * 600 * G_USEC_PER_SEC));
    }
  g_list_store_splice (store, 0, 0, all->pdata, all->len);

  return store;
}

static void
add (GListStore    *store,
     BobbinMessage *message)
{
  g_list_store_append (store, message);
  g_object_unref (message);
}

static BobbinMessage *
gallery_cards (gint64 now)
{
  BobbinMessage *message = bobbin_message_new (0, BOBBIN_ROLE_ASSISTANT, now);
  BobbinBlock *block;

  bobbin_message_set_agent_name (message, "Ledger");
  block = messages_block (message, BOBBIN_BLOCK_THINKING, BOBBIN_BLOCK_DONE,
                          "The customer asked for the open invoices.\nI look them up first, then compare with last month.");
  bobbin_block_set_started_us (block, now);
  bobbin_block_set_finished_us (block, now + 12 * G_USEC_PER_SEC);
  block = messages_block (message, BOBBIN_BLOCK_TOOL_CALL, BOBBIN_BLOCK_DONE, NULL);
  bobbin_block_set_name (block, "search_invoices");
  bobbin_block_set_data (block, "{\"status\":\"open\",\"customer\":\"Acme\",\"limit\":20}");
  bobbin_block_set_result (block, "{\"count\":2,\"total\":1240.5}");
  block = messages_block (message, BOBBIN_BLOCK_TOOL_CALL, BOBBIN_BLOCK_ERROR, NULL);
  bobbin_block_set_name (block, "fetch_exchange_rate");
  bobbin_block_set_data (block, "{\"from\":\"USD\",\"to\":\"EUR\"}");
  bobbin_block_set_result (block, "timed out");
  block = messages_block (message, BOBBIN_BLOCK_TABLE, BOBBIN_BLOCK_DONE, NULL);
  bobbin_block_set_data (block, "{\"headers\":[\"Invoice\",\"Customer\",\"Amount\"],\"rows\":[[\"2026-014\",\"Acme\",840.5],"
                                "[\"2026-021\",\"Acme\",400]]}");
  messages_block (message, BOBBIN_BLOCK_TEXT, BOBBIN_BLOCK_DONE, "Two invoices are open. Shall I send a reminder?");
  block = messages_block (message, BOBBIN_BLOCK_APPROVAL, BOBBIN_BLOCK_OPEN, "Send the reminder to Acme?");
  bobbin_block_set_data (block, "{\"tools\":[{\"name\":\"send_mail\",\"args\":{\"to\":\"ap@acme.example\",\"subject\":\"Reminder\"}}]}");
  block = messages_block (message, BOBBIN_BLOCK_IMAGE, BOBBIN_BLOCK_DONE, NULL);
  bobbin_block_set_data (block, "{\"url\":\"https://example.com/chart.png\"}");
  block = messages_block (message, BOBBIN_BLOCK_UNKNOWN, BOBBIN_BLOCK_DONE, NULL);
  bobbin_block_set_name (block, "hologram");
  bobbin_block_set_data (block, "{\"angle\":42}");

  return message;
}

static BobbinMessage *
gallery_failed (gint64 now)
{
  BobbinMessage *message = messages_text (BOBBIN_ROLE_ASSISTANT, "The total for March comes to 12,480 € before", now);
  g_autoptr(BobbinFailure) failure = bobbin_failure_new (BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_ACCEPTED, NULL);

  bobbin_message_set_failure (message, failure);
  bobbin_message_set_delivery (message, BOBBIN_DELIVERY_INTERRUPTED);

  return message;
}

GListStore *
messages_gallery (void)
{
  GListStore *store = g_list_store_new (BOBBIN_TYPE_MESSAGE);
  gint64 now = g_get_real_time ();
  BobbinMessage *message;
  BobbinBlock *block;

  add (store, messages_text (BOBBIN_ROLE_USER, "Hello!", now - 3 * G_TIME_SPAN_DAY));
  add (store, messages_text (BOBBIN_ROLE_ASSISTANT, "Hello! What can I do for you?", now - 3 * G_TIME_SPAN_DAY));
  add (store, messages_text (BOBBIN_ROLE_USER,
                             "How do I read a CSV file in Python and sum a column? The file is quite large, about 2 GB, so please do "
                             "not load all of it at once.", now - 900 * G_USEC_PER_SEC));
  add (store, messages_text (BOBBIN_ROLE_ASSISTANT,
                             "Read it line by line with the csv module: only one row is in memory at any time.\n\n"
                             "```python\nimport csv\n\ndef column_sum(path, name):\n    total = 0.0\n"
                             "    with open(path, newline=\"\") as source:\n        for row in csv.DictReader(source):\n"
                             "            total += float(row[name] or 0)\n    return total\n```\n\n"
                             "For numbers written like 1.234,56 replace the separators first. More is in the manual: "
                             "https://docs.python.org/3/library/csv.html\n\nاكتب لي إذا احتجت إلى مساعدة.", now - 880 * G_USEC_PER_SEC));
  message = bobbin_message_new (0, BOBBIN_ROLE_NOTICE, now - 600 * G_USEC_PER_SEC);
  block = messages_block (message, BOBBIN_BLOCK_NOTICE, BOBBIN_BLOCK_DONE, NULL);
  bobbin_block_set_name (block, BOBBIN_NOTICE_NEW_THREAD);
  bobbin_block_set_data (block, "{\"reason\":\"expired\"}");
  add (store, message);
  add (store, messages_text (BOBBIN_ROLE_USER, "Which invoices of Acme are open?", now - 300 * G_USEC_PER_SEC));
  add (store, gallery_cards (now - 290 * G_USEC_PER_SEC));
  add (store, messages_text (BOBBIN_ROLE_USER, "And the total for March?", now - 100 * G_USEC_PER_SEC));
  add (store, gallery_failed (now - 90 * G_USEC_PER_SEC));
  add (store, messages_text (BOBBIN_ROLE_USER, "Once more, please", now - 60 * G_USEC_PER_SEC));
  message = bobbin_message_new (0, BOBBIN_ROLE_ASSISTANT, now - 59 * G_USEC_PER_SEC);
  bobbin_message_set_agent_name (message, "Ledger");
  bobbin_message_set_delivery (message, BOBBIN_DELIVERY_ANSWERING);
  add (store, message);
  message = messages_text (BOBBIN_ROLE_USER, "Then send it to me.", now);
  bobbin_message_set_delivery (message, BOBBIN_DELIVERY_QUEUED);
  add (store, message);

  return store;
}
