#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-finder.h"

#include "session/bobbin-session-private.h"
#include "util/bobbin-needle.h"

#include <string.h>

#define SLICE_US      4000 /* of looking through what is in memory */
#define REFRESH_MS    400

struct _BobbinFinder
{
  GObject       parent_instance;
  /* owned */
  BobbinStore  *store;
  GListModel   *newest;
  char         *text;
  BobbinNeedle *needle;      /* (nullable): nothing to look for */
  GArray       *hits;        /* of BobbinFindHit, newest first: what is in memory, then the store's */
  GArray       *sums;        /* of guint, matches from there to the end of the thread, made when asked for */
  GCancellable *cancellable;

  gint64        thread_id;
  guint         n;
  guint         n_memory;    /* hits that are of messages in memory */
  guint         position;    /* of the next message in memory to look at, counted back */
  guint         slice_id;
  guint         refresh_id;
  gboolean      searching;   /* the store is asked */
  gboolean      again;       /* only memory is looked through */
};

enum { SIGNAL_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BobbinFinder, bobbin_finder, G_TYPE_OBJECT)

static guint
count (BobbinNeedle *needle,
       const char   *text)
{
  return text != NULL ? bobbin_needle_count (needle, text, strlen (text)) : 0;
}

/* The same parts in the same order as bobbin-store-find.c. */
static guint
count_block (BobbinNeedle *needle,
             BobbinBlock  *block)
{
  BobbinBlockKind kind = bobbin_block_get_kind (block);
  guint n = bobbin_needle_count (needle, bobbin_block_get_text (block), bobbin_block_get_length (block));
  BobbinAttachment *attachment = bobbin_block_get_attachment (block);

  if (kind == BOBBIN_BLOCK_NOTICE)
    return 0;
  if (kind == BOBBIN_BLOCK_TEXT || kind == BOBBIN_BLOCK_THINKING || kind == BOBBIN_BLOCK_CODE)
    return n;

  return n + count (needle, bobbin_block_get_name (block)) + count (needle, bobbin_block_get_data (block)) +
         count (needle, bobbin_block_get_result (block)) +
         (attachment != NULL ? count (needle, bobbin_attachment_get_name (attachment)) : 0);
}

static void
tell (BobbinFinder *self)
{
  guint n = 0;

  for (guint i = 0; i < self->hits->len; i++)
    n += g_array_index (self->hits, BobbinFindHit, i).n;
  self->n = n;
  g_array_set_size (self->sums, 0);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void search_store (BobbinFinder *self, gint64 before_id);

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BobbinFinder) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinFound) found = bobbin_store_find_finish (BOBBIN_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->searching = FALSE;
  if (found == NULL)
    {
      g_warning ("A conversation could not be looked through: %s", error->message);
    }
  else
    {
      g_array_append_vals (self->hits, found->hits->data, found->hits->len);
      if (found->next_id != 0)
        search_store (self, found->next_id);
    }
  tell (self);
}

static void
search_store (BobbinFinder *self,
              gint64        before_id)
{
  self->searching = TRUE;
  bobbin_store_find_async (self->store, self->thread_id, self->text, before_id, self->cancellable, found_cb,
                           g_object_ref (self));
}

static void
memory_done (BobbinFinder *self)
{
  g_autoptr(BobbinMessage) first = g_list_model_get_item (self->newest, 0);

  if (!self->again)
    search_store (self, first != NULL ? bobbin_message_get_id (first) : G_MAXINT64);
  tell (self);
}

static gboolean
slice_cb (gpointer user_data)
{
  BobbinFinder *self = user_data;
  gint64 end = g_get_monotonic_time () + SLICE_US;
  guint n = g_list_model_get_n_items (self->newest);

  while (self->position < n && g_get_monotonic_time () < end)
    {
      g_autoptr(BobbinMessage) message = g_list_model_get_item (self->newest, n - 1 - self->position++);

      for (guint i = bobbin_message_get_n_blocks (message); i > 0; i--)
        {
          BobbinBlock *block = bobbin_message_get_block (message, i - 1);
          BobbinFindHit hit = { bobbin_message_get_id (message), bobbin_block_get_id (block),
                                count_block (self->needle, block) };

          if (hit.n > 0)
            g_array_insert_val (self->hits, self->n_memory++, hit);
        }
    }
  if (self->position < n)
    return G_SOURCE_CONTINUE;

  self->slice_id = 0;
  memory_done (self);

  return G_SOURCE_REMOVE;
}

static void
look_in_memory (BobbinFinder *self)
{
  g_autoptr(BobbinMessage) first = g_list_model_get_item (self->newest, 0);
  guint n = self->n_memory;

  /* what was the store's may be in memory now */
  while (first != NULL && n < self->hits->len &&
         g_array_index (self->hits, BobbinFindHit, n).message_id >= bobbin_message_get_id (first))
    n++;
  g_array_remove_range (self->hits, 0, n);
  self->n_memory = 0;
  self->position = 0;
  g_clear_handle_id (&self->slice_id, g_source_remove);
  self->slice_id = g_idle_add (slice_cb, self);
}

static void
stop (BobbinFinder *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_clear_handle_id (&self->slice_id, g_source_remove);
  g_clear_handle_id (&self->refresh_id, g_source_remove);
  self->searching = FALSE;
}

static void
bobbin_finder_dispose (GObject *object)
{
  BobbinFinder *self = BOBBIN_FINDER (object);

  stop (self);

  G_OBJECT_CLASS (bobbin_finder_parent_class)->dispose (object);
}

static void
bobbin_finder_finalize (GObject *object)
{
  BobbinFinder *self = BOBBIN_FINDER (object);

  g_clear_object (&self->store);
  g_clear_object (&self->newest);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->needle, bobbin_needle_free);
  g_array_unref (self->hits);
  g_array_unref (self->sums);
  g_free (self->text);

  G_OBJECT_CLASS (bobbin_finder_parent_class)->finalize (object);
}

static void
bobbin_finder_class_init (BobbinFinderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_finder_dispose;
  G_OBJECT_CLASS (klass)->finalize = bobbin_finder_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 0);
}

static void
bobbin_finder_init (BobbinFinder *self)
{
  self->text = g_strdup ("");
  self->hits = g_array_new (FALSE, FALSE, sizeof (BobbinFindHit));
  self->sums = g_array_new (FALSE, FALSE, sizeof (guint));
  self->cancellable = g_cancellable_new ();
}

BobbinFinder *
bobbin_finder_new (BobbinSession *session)
{
  BobbinFinder *self = g_object_new (BOBBIN_TYPE_FINDER, NULL);

  self->store = g_object_ref (session->store);
  self->newest = g_object_ref (G_LIST_MODEL (session->messages));
  self->thread_id = bobbin_thread_get_id (session->thread);

  return self;
}

void
bobbin_finder_set_text (BobbinFinder *self,
                        const char   *text)
{
  g_return_if_fail (BOBBIN_IS_FINDER (self));
  g_return_if_fail (text != NULL);

  if (strcmp (self->text, text) == 0)
    return;

  stop (self);
  g_free (self->text);
  self->text = g_strdup (text);
  g_clear_pointer (&self->needle, bobbin_needle_free);
  self->needle = bobbin_needle_new (text);
  g_array_set_size (self->hits, 0);
  self->n_memory = 0;
  self->again = FALSE;
  if (self->needle != NULL)
    look_in_memory (self);
  else
    tell (self);
}

const char *
bobbin_finder_get_text (BobbinFinder *self)
{
  g_return_val_if_fail (BOBBIN_IS_FINDER (self), NULL);

  return self->text;
}

static gboolean
refresh_cb (gpointer user_data)
{
  BobbinFinder *self = user_data;

  self->refresh_id = 0;
  if (self->needle != NULL && self->slice_id == 0)
    {
      self->again = TRUE;
      look_in_memory (self);
    }

  return G_SOURCE_REMOVE;
}

void
bobbin_finder_refresh (BobbinFinder *self)
{
  g_return_if_fail (BOBBIN_IS_FINDER (self));

  if (self->refresh_id == 0 && self->needle != NULL)
    self->refresh_id = g_timeout_add (REFRESH_MS, refresh_cb, self);
}

gboolean
bobbin_finder_get_busy (BobbinFinder *self)
{
  g_return_val_if_fail (BOBBIN_IS_FINDER (self), FALSE);

  return self->searching || self->slice_id != 0;
}

guint
bobbin_finder_get_n (BobbinFinder *self)
{
  g_return_val_if_fail (BOBBIN_IS_FINDER (self), 0);

  return self->n;
}

/* sums[i]: matches of hits 0 … i, all of which are at or below hit i. */
static void
ensure_sums (BobbinFinder *self)
{
  guint sum = 0;

  if (self->sums->len == self->hits->len)
    return;

  g_array_set_size (self->sums, self->hits->len);
  for (guint i = 0; i < self->hits->len; i++)
    {
      sum += g_array_index (self->hits, BobbinFindHit, i).n;
      g_array_index (self->sums, guint, i) = sum;
    }
}

gboolean
bobbin_finder_get_place (BobbinFinder    *self,
                         guint            index,
                         BobbinFindPlace *ret_place)
{
  guint low = 0;
  guint high;

  g_return_val_if_fail (BOBBIN_IS_FINDER (self), FALSE);

  if (index >= self->n || self->hits->len == 0)
    return FALSE;

  /* the first hit below and with which there are as many matches as from @index on */
  ensure_sums (self);
  high = self->hits->len - 1;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->sums, guint, middle) >= self->n - index)
        high = middle;
      else
        low = middle + 1;
    }
  ret_place->message_id = g_array_index (self->hits, BobbinFindHit, low).message_id;
  ret_place->block_id = g_array_index (self->hits, BobbinFindHit, low).block_id;
  ret_place->nth = g_array_index (self->sums, guint, low) - (self->n - index);
  return TRUE;
}

guint
bobbin_finder_get_index (BobbinFinder          *self,
                         const BobbinFindPlace *place)
{
  guint after = 0;

  g_return_val_if_fail (BOBBIN_IS_FINDER (self), 0);

  for (guint i = 0; i < self->hits->len; i++)
    {
      const BobbinFindHit *hit = &g_array_index (self->hits, BobbinFindHit, i);

      if (hit->message_id < place->message_id)
        break;
      if (hit->message_id == place->message_id && hit->block_id == place->block_id)
        return self->n - after - hit->n + MIN (place->nth, hit->n - 1);
      after += hit->n;
    }

  return self->n - after;
}

GArray *
bobbin_finder_list_messages (BobbinFinder *self)
{
  GArray *messages = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_return_val_if_fail (BOBBIN_IS_FINDER (self), messages);

  for (guint i = 0; i < self->hits->len; i++)
    {
      gint64 id = g_array_index (self->hits, BobbinFindHit, i).message_id;

      if (messages->len == 0 || g_array_index (messages, gint64, messages->len - 1) != id)
        g_array_append_val (messages, id);
    }

  return messages;
}
