#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "sidebar/bobbin-thread-groups.h"

#include "app/bobbin-time-text.h"
#include "model/bobbin-thread.h"
#include "util/bobbin-clock.h"

#include <glib/gi18n.h>
#include <string.h>

struct _BobbinThreadGroup
{
  GObject parent_instance;

  char *label;
};

G_DEFINE_FINAL_TYPE (BobbinThreadGroup, bobbin_thread_group, G_TYPE_OBJECT)

static void
bobbin_thread_group_finalize (GObject *object)
{
  g_free (BOBBIN_THREAD_GROUP (object)->label);

  G_OBJECT_CLASS (bobbin_thread_group_parent_class)->finalize (object);
}

static void
bobbin_thread_group_class_init (BobbinThreadGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bobbin_thread_group_finalize;
}

static void
bobbin_thread_group_init (BobbinThreadGroup *self)
{
}

BobbinThreadGroup *
bobbin_thread_group_new (const char *label)
{
  BobbinThreadGroup *self = g_object_new (BOBBIN_TYPE_THREAD_GROUP, NULL);

  self->label = g_strdup (label);

  return self;
}

const char *
bobbin_thread_group_get_label (BobbinThreadGroup *self)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD_GROUP (self), NULL);

  return self->label;
}

/* Keys of groups: these, then KEY_MONTH + 12 * year + month. */
enum
{
  KEY_NONE,
  KEY_PINNED,
  KEY_TODAY,
  KEY_YESTERDAY,
  KEY_WEEK,
  KEY_30_DAYS,
  KEY_MONTH = 100,
};

struct _BobbinThreadGroups
{
  GObject parent_instance;

  /* owned */
  BobbinClock *clock;
  GListModel  *threads;   /* (nullable) */
  GPtrArray   *items;     /* what is shown: BobbinThreadGroup and BobbinThread */
  GHashTable  *headings;  /* key → BobbinThreadGroup: the same object for the same group, so that ranges stay small */
  GStrv        words;     /* (nullable) casefolded */
  gint64       account_id;
  gint64       starts[KEY_30_DAYS + 1]; /* when the group begins, by key */
  guint        n_threads;
};

static GType
get_item_type (GListModel *model)
{
  return G_TYPE_OBJECT;
}

static guint
get_n_items (GListModel *model)
{
  return BOBBIN_THREAD_GROUPS (model)->items->len;
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  BobbinThreadGroups *self = BOBBIN_THREAD_GROUPS (model);

  return position < self->items->len ? g_object_ref (g_ptr_array_index (self->items, position)) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BobbinThreadGroups, bobbin_thread_groups, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

/* Lower case, without accents, for comparing. */
static char *
fold (const char *text)
{
  g_autofree char *decomposed = g_utf8_normalize (text, -1, G_NORMALIZE_ALL);
  g_autofree char *folded = NULL;
  GString *plain;

  if (decomposed == NULL)
    return g_strdup ("");

  folded = g_utf8_casefold (decomposed, -1);
  plain = g_string_sized_new (strlen (folded));
  for (const char *p = folded; *p != '\0'; p = g_utf8_next_char (p))
    if (!g_unichar_ismark (g_utf8_get_char (p)))
      g_string_append_unichar (plain, g_utf8_get_char (p));

  return g_string_free (plain, FALSE);
}

static gboolean
matches (BobbinThreadGroups *self,
         BobbinThread       *thread)
{
  g_autofree char *joined = NULL;
  g_autofree char *text = NULL;
  const char *title;
  const char *snippet;

  if (self->account_id != 0 && bobbin_thread_get_account_id (thread) != self->account_id)
    return FALSE;
  if (self->words == NULL)
    return TRUE;

  title = bobbin_thread_get_title (thread);
  snippet = bobbin_thread_get_snippet (thread);
  joined = g_strconcat (title != NULL ? title : "", "\n", snippet != NULL ? snippet : "", NULL);
  text = fold (joined);
  for (guint i = 0; self->words[i] != NULL; i++)
    if (strstr (text, self->words[i]) == NULL)
      return FALSE;

  return TRUE;
}

/* The month of the last thread looked at; threads come newest first, so most calls fall in the
 * same one. */
typedef struct
{
  guint  key;
  gint64 start_us;
} Month;

static guint
month_key (gint64 time_us,
           Month *month)
{
  g_autoptr(GDateTime) utc = NULL;
  g_autoptr(GDateTime) local = NULL;
  g_autoptr(GDateTime) first = NULL;

  if (month->key != 0 && time_us >= month->start_us)
    return month->key;

  utc = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);
  local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  if (local == NULL)
    return KEY_MONTH;

  first = g_date_time_new_local (g_date_time_get_year (local), g_date_time_get_month (local), 1, 0, 0, 0);
  month->start_us = first != NULL ? g_date_time_to_unix (first) * G_USEC_PER_SEC : time_us;
  month->key = KEY_MONTH + 12 * (guint) g_date_time_get_year (local) + (guint) g_date_time_get_month (local) - 1;

  return month->key;
}

static guint
group_key (BobbinThreadGroups *self,
           BobbinThread       *thread,
           Month              *month)
{
  gint64 time_us = bobbin_thread_get_last_used_us (thread);

  if (bobbin_thread_get_pinned (thread) && !bobbin_thread_get_archived (thread)
      && bobbin_thread_get_deleted_us (thread) == 0)
    return KEY_PINNED;

  for (guint key = KEY_TODAY; key <= KEY_30_DAYS; key++)
    if (time_us >= self->starts[key])
      return key;

  return month_key (time_us, month);
}

static char *
dup_heading (BobbinThreadGroups *self,
             guint               key)
{
  g_autoptr(GDateTime) now = NULL;
  g_autoptr(GDateTime) month = NULL;
  int year = (int) (key - KEY_MONTH) / 12;

  switch (key)
    {
    case KEY_PINNED:
      return g_strdup (_("Pinned"));
    case KEY_TODAY:
      return g_strdup (_("Today"));
    case KEY_YESTERDAY:
      return g_strdup (_("Yesterday"));
    case KEY_WEEK:
      return g_strdup (_("Previous 7 Days"));
    case KEY_30_DAYS:
      return g_strdup (_("Previous 30 Days"));
    case KEY_MONTH:
      return g_strdup (_("Earlier"));
    default:
      break;
    }

  month = g_date_time_new_local (year, (int) (key - KEY_MONTH) % 12 + 1, 1, 0, 0, 0);
  now = g_date_time_new_from_unix_local (bobbin_clock_now_us (self->clock) / G_USEC_PER_SEC);
  if (month == NULL)
    return g_strdup (_("Earlier"));
  if (now != NULL && g_date_time_get_year (now) == year)
    /* Translators: a month of this year as a heading (see g_date_time_format) */
    return g_date_time_format (month, C_("heading", "%OB"));

  /* Translators: a month of another year as a heading (see g_date_time_format) */
  return g_date_time_format (month, C_("heading", "%OB %Y"));
}

static BobbinThreadGroup *
ensure_heading (BobbinThreadGroups *self,
                guint               key)
{
  BobbinThreadGroup *heading = g_hash_table_lookup (self->headings, GUINT_TO_POINTER (key));

  if (heading == NULL)
    {
      g_autofree char *label = dup_heading (self, key);

      heading = bobbin_thread_group_new (label != NULL ? label : "");
      g_hash_table_insert (self->headings, GUINT_TO_POINTER (key), heading);
    }

  return heading;
}

static void
read_days (BobbinThreadGroups *self)
{
  gint64 now_us = bobbin_clock_now_us (self->clock);

  self->starts[KEY_TODAY] = bobbin_time_day_start (now_us, 0);
  self->starts[KEY_YESTERDAY] = bobbin_time_day_start (now_us, -1);
  self->starts[KEY_WEEK] = bobbin_time_day_start (now_us, -7);
  self->starts[KEY_30_DAYS] = bobbin_time_day_start (now_us, -30);
}

static void
add_items (BobbinThreadGroups *self,
           GPtrArray          *items,
           guint               from,
           guint               to,
           guint              *last,
           Month              *month,
           guint              *n_threads)
{
  for (guint i = from; i < to; i++)
    {
      g_autoptr(BobbinThread) thread = g_list_model_get_item (self->threads, i);
      guint key;

      if (!matches (self, thread))
        continue;

      key = group_key (self, thread, month);
      if (key != *last)
        g_ptr_array_add (items, g_object_ref (ensure_heading (self, key)));
      *last = key;
      g_ptr_array_add (items, g_steal_pointer (&thread));
      *n_threads += 1;
    }
}

static GPtrArray *
make_items (BobbinThreadGroups *self,
            guint              *ret_n_threads)
{
  guint n = self->threads != NULL ? g_list_model_get_n_items (self->threads) : 0;
  GPtrArray *items = g_ptr_array_new_full (n + 8, g_object_unref);
  guint last = KEY_NONE;
  Month month = { 0, 0 };

  *ret_n_threads = 0;
  add_items (self, items, 0, n, &last, &month, ret_n_threads);

  return items;
}

static void
rebuild (BobbinThreadGroups *self)
{
  g_autoptr(GPtrArray) old = g_steal_pointer (&self->items);
  guint start = 0;
  guint end = 0;

  self->items = make_items (self, &self->n_threads);

  while (start < old->len && start < self->items->len
         && g_ptr_array_index (old, start) == g_ptr_array_index (self->items, start))
    start++;
  while (end < old->len - start && end < self->items->len - start
         && g_ptr_array_index (old, old->len - 1 - end) == g_ptr_array_index (self->items, self->items->len - 1 - end))
    end++;

  if (start + end < old->len || start + end < self->items->len)
    g_list_model_items_changed (G_LIST_MODEL (self), start, old->len - start - end, self->items->len - start - end);
}

/* Where what follows the thread before @position of the source is shown. */
static guint
find_place (BobbinThreadGroups *self,
            guint               position)
{
  while (position-- > 0)
    {
      g_autoptr(BobbinThread) thread = g_list_model_get_item (self->threads, position);
      guint index;

      if (g_ptr_array_find (self->items, thread, &index))
        return index + 1;
    }

  return 0;
}

/* Puts @fresh in the place of @n_old items, of which one may be the first or the last of it. */
static void
put (BobbinThreadGroups *self,
     guint               place,
     guint               n_old,
     GPtrArray          *fresh)
{
  guint from = 0;
  guint to = fresh->len;

  if (n_old > 0 && fresh->pdata[0] == self->items->pdata[place])
    {
      from++;
      place++;
      n_old--;
    }
  else if (n_old > 0 && fresh->pdata[to - 1] == self->items->pdata[place])
    {
      to--;
      n_old--;
    }

  if (n_old > 0)
    g_ptr_array_remove_range (self->items, place, n_old);
  for (guint i = from; i < to; i++)
    g_ptr_array_insert (self->items, (int) (place + i - from), g_object_ref (fresh->pdata[i]));
  g_list_model_items_changed (G_LIST_MODEL (self), place, n_old, to - from);
}

/* A page: only its own rows and what is beside them are looked at, however many there are. */
static void
insert (BobbinThreadGroups *self,
        guint               position,
        guint               added)
{
  g_autoptr(GPtrArray) fresh = g_ptr_array_new_with_free_func (g_object_unref);
  guint place = find_place (self, position);
  guint n_old = place < self->items->len && !BOBBIN_IS_THREAD (self->items->pdata[place]) ? 1 : 0;
  BobbinThread *next = place + n_old < self->items->len ? self->items->pdata[place + n_old] : NULL;
  Month month = { 0, 0 };
  guint last = KEY_NONE;
  guint key;

  if (place > 0)
    last = group_key (self, self->items->pdata[place - 1], &month);
  add_items (self, fresh, position, position + added, &last, &month, &self->n_threads);
  if (fresh->len == 0)
    return;

  key = next != NULL ? group_key (self, next, &month) : last;
  if (key != last)
    g_ptr_array_add (fresh, g_object_ref (ensure_heading (self, key)));
  put (self, place, n_old, fresh);
}

/* The other way round: where nothing is held back, the last of them are the last here. */
static void
truncate_to (BobbinThreadGroups *self,
             guint               removed)
{
  guint before = self->items->len;
  guint end = before;

  for (guint n = 0; n < removed && end > 0;)
    n += BOBBIN_IS_THREAD (g_ptr_array_index (self->items, --end));
  if (end > 0 && !BOBBIN_IS_THREAD (g_ptr_array_index (self->items, end - 1)))
    end--;

  g_ptr_array_set_size (self->items, (int) end);
  self->n_threads -= removed;
  g_list_model_items_changed (G_LIST_MODEL (self), end, before - end, 0);
}

static void
threads_changed_cb (GListModel         *threads,
                    guint               position,
                    guint               removed,
                    guint               added,
                    BobbinThreadGroups *self)
{
  if (removed == 0 && added > 0 && position > 0)
    insert (self, position, added);
  else if (added == 0 && removed > 0 && position == g_list_model_get_n_items (threads) && self->words == NULL && self->account_id == 0)
    truncate_to (self, removed);
  else
    rebuild (self);
}

static void
bobbin_thread_groups_dispose (GObject *object)
{
  BobbinThreadGroups *self = BOBBIN_THREAD_GROUPS (object);

  if (self->threads != NULL)
    g_signal_handlers_disconnect_by_data (self->threads, self);
  g_clear_object (&self->threads);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (bobbin_thread_groups_parent_class)->dispose (object);
}

static void
bobbin_thread_groups_finalize (GObject *object)
{
  BobbinThreadGroups *self = BOBBIN_THREAD_GROUPS (object);

  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->headings, g_hash_table_unref);
  g_clear_pointer (&self->words, g_strfreev);

  G_OBJECT_CLASS (bobbin_thread_groups_parent_class)->finalize (object);
}

static void
bobbin_thread_groups_class_init (BobbinThreadGroupsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bobbin_thread_groups_dispose;
  object_class->finalize = bobbin_thread_groups_finalize;
}

static void
bobbin_thread_groups_init (BobbinThreadGroups *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->headings = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
}

BobbinThreadGroups *
bobbin_thread_groups_new (BobbinClock *clock)
{
  BobbinThreadGroups *self = g_object_new (BOBBIN_TYPE_THREAD_GROUPS, NULL);

  self->clock = g_object_ref (clock);
  read_days (self);

  return self;
}

void
bobbin_thread_groups_set_threads (BobbinThreadGroups *self,
                                  GListModel         *threads)
{
  g_return_if_fail (BOBBIN_IS_THREAD_GROUPS (self));

  if (self->threads == threads)
    return;

  if (self->threads != NULL)
    g_signal_handlers_disconnect_by_data (self->threads, self);
  g_set_object (&self->threads, threads);
  if (threads != NULL)
    g_signal_connect_object (threads, "items-changed", G_CALLBACK (threads_changed_cb), self, 0);

  rebuild (self);
}

void
bobbin_thread_groups_set_account (BobbinThreadGroups *self,
                                  gint64              account_id)
{
  g_return_if_fail (BOBBIN_IS_THREAD_GROUPS (self));

  if (self->account_id == account_id)
    return;

  self->account_id = account_id;
  rebuild (self);
}

void
bobbin_thread_groups_set_query (BobbinThreadGroups *self,
                                const char         *query)
{
  g_auto(GStrv) split = NULL;
  g_autoptr(GStrvBuilder) words = NULL;
  g_autofree char *folded = NULL;

  g_return_if_fail (BOBBIN_IS_THREAD_GROUPS (self));

  folded = fold (query != NULL ? query : "");
  split = g_strsplit_set (folded, " \t\n", -1);
  words = g_strv_builder_new ();
  for (guint i = 0; split[i] != NULL; i++)
    if (*split[i] != '\0')
      g_strv_builder_add (words, split[i]);

  g_clear_pointer (&self->words, g_strfreev);
  self->words = g_strv_builder_end (words);
  if (self->words[0] == NULL)
    g_clear_pointer (&self->words, g_strfreev);

  rebuild (self);
}

void
bobbin_thread_groups_check_day (BobbinThreadGroups *self)
{
  g_return_if_fail (BOBBIN_IS_THREAD_GROUPS (self));

  if (self->starts[KEY_TODAY] == bobbin_time_day_start (bobbin_clock_now_us (self->clock), 0))
    return;

  /* New objects for the headings, as "this year" may be another one. */
  g_hash_table_remove_all (self->headings);
  read_days (self);
  rebuild (self);
}

guint
bobbin_thread_groups_find (BobbinThreadGroups *self,
                           BobbinThread       *thread)
{
  guint position;

  g_return_val_if_fail (BOBBIN_IS_THREAD_GROUPS (self), G_MAXUINT);

  return thread != NULL && g_ptr_array_find (self->items, thread, &position) ? position : G_MAXUINT;
}

guint
bobbin_thread_groups_get_n_threads (BobbinThreadGroups *self)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD_GROUPS (self), 0);

  return self->n_threads;
}
