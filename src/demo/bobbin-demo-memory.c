/* What the demo agent is told of its threads by the program that kept them: it writes nothing down itself, so that what is deleted
 * there is gone here too. */
#define G_LOG_DOMAIN "bobbin-demo"
#include "config.h"
#include "demo/bobbin-demo-server-private.h"

#include "model/bobbin-block.h"
#include "model/bobbin-message.h"

/* The first message that the thread knows: those before a notice of a new thread were said to another one. */
static guint
find_begin (GListModel *messages)
{
  for (guint i = g_list_model_get_n_items (messages); i > 0; i--)
    {
      g_autoptr(BobbinMessage) message = g_list_model_get_item (messages, i - 1);
      BobbinBlock *block = bobbin_message_get_role (message) == BOBBIN_ROLE_NOTICE ? bobbin_message_get_block (message, 0) : NULL;

      if (block != NULL && g_strcmp0 (bobbin_block_get_name (block), BOBBIN_NOTICE_NEW_THREAD) == 0)
        return i;
    }

  return 0;
}

/* Whether it reached the agent. */
static gboolean
was_said (BobbinMessage *message)
{
  BobbinDelivery delivery = bobbin_message_get_delivery (message);

  return bobbin_message_get_role (message) == BOBBIN_ROLE_USER &&
         (delivery == BOBBIN_DELIVERY_COMPLETE || delivery == BOBBIN_DELIVERY_STOPPED ||
          delivery == BOBBIN_DELIVERY_INTERRUPTED || delivery == BOBBIN_DELIVERY_ANSWERING);
}

static gboolean
asks_for_approval (BobbinMessage *answer)
{
  for (guint i = 0; i < bobbin_message_get_n_blocks (answer); i++)
    {
      BobbinBlock *block = bobbin_message_get_block (answer, i);

      if (bobbin_block_get_kind (block) == BOBBIN_BLOCK_APPROVAL && bobbin_block_get_result (block) == NULL)
        return TRUE;
    }

  return FALSE;
}

void
bobbin_demo_server_remember (BobbinDemoServer *self,
                             const char       *thread_id,
                             const char       *title,
                             GListModel       *messages)
{
  BobbinDemoThread *thread;

  g_return_if_fail (BOBBIN_IS_DEMO_SERVER (self));
  g_return_if_fail (thread_id != NULL);

  thread = bobbin_demo_thread_new (thread_id);
  thread->title = title != NULL && *title != '\0' ? g_strdup (title) : NULL;
  for (guint i = find_begin (messages); i < g_list_model_get_n_items (messages); i++)
    {
      g_autoptr(BobbinMessage) message = g_list_model_get_item (messages, i);

      if (was_said (message))
        g_ptr_array_add (thread->history, bobbin_message_dup_text (message));
      else if (bobbin_message_get_role (message) == BOBBIN_ROLE_ASSISTANT)
        {
          thread->approval = asks_for_approval (message);
          thread->approval_index = (int) bobbin_message_get_n_blocks (message);
        }
    }

  g_mutex_lock (&self->lock);
  g_hash_table_replace (self->remembered, thread->id, thread);
  g_mutex_unlock (&self->lock);
}
