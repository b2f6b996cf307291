/* After an import: what is new in the store comes into the lists that are shown, wherever its time puts it. */
#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-library-private.h"

static void read_page (BobbinLibrary *self, BobbinFolder folder, BobbinThread *after);

typedef struct
{
  BobbinLibrary *library;
  BobbinFolder   folder;
} Reread;

static void
update (BobbinLibrary *self,
        BobbinThread  *read)
{
  gint64 id = bobbin_thread_get_id (read);
  BobbinThread *known = g_hash_table_lookup (self->by_id, &id);

  if (known == NULL || g_hash_table_contains (self->dirty, known))
    return;
  bobbin_thread_set_snippet (known, bobbin_thread_get_snippet (read));
  bobbin_thread_set_stored_activity (known, bobbin_thread_get_stored_activity (read));
}

static void
page_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Reread *reread = user_data;
  g_autoptr(BobbinLibrary) self = reread->library;
  BobbinFolder folder = reread->folder;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) page = bobbin_store_list_threads_finish (BOBBIN_STORE (source), result, &error);
  BobbinThread *last;
  gboolean beyond;

  g_free (reread);
  if (self->closed || page == NULL || page->len == 0)
    return;

  for (guint i = 0; i < page->len; i++)
    update (self, page->pdata[i]);
  _bobbin_library_add_page (self, page, FALSE);
  last = page->pdata[page->len - 1];
  /* What is older than all that was scrolled to comes when it is. */
  beyond = folder == BOBBIN_FOLDER_ACTIVE && self->has_more && bobbin_thread_get_last_used_us (last) < self->cursor_used_us;
  if (page->len == BOBBIN_LIBRARY_PAGE && !beyond)
    read_page (self, folder, last);
}

static void
read_page (BobbinLibrary *self,
           BobbinFolder   folder,
           BobbinThread  *after)
{
  BobbinThreadQuery query = { .folder = folder, .limit = BOBBIN_LIBRARY_PAGE };
  Reread *reread = g_new0 (Reread, 1);

  reread->library = g_object_ref (self);
  reread->folder = folder;
  if (after != NULL)
    {
      query.before_used_us = bobbin_thread_get_last_used_us (after);
      query.before_id = bobbin_thread_get_id (after);
    }
  bobbin_store_list_threads_async (self->store, &query, self->cancellable, page_cb, reread);
}

static void
accounts_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(BobbinLibrary) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) accounts = bobbin_store_list_accounts_finish (BOBBIN_STORE (source), result, &error);
  g_autoptr(GPtrArray) fresh = g_ptr_array_new_with_free_func (g_object_unref);

  if (self->closed || accounts == NULL)
    return;

  for (guint i = 0; i < accounts->len; i++)
    if (bobbin_library_find_account (self, bobbin_account_get_id (accounts->pdata[i])) == NULL)
      g_ptr_array_add (fresh, g_object_ref (accounts->pdata[i]));
  if (fresh->len > 0)
    {
      _bobbin_library_add_accounts (self, fresh);
      _bobbin_library_load_rules (self);
    }
  read_page (self, BOBBIN_FOLDER_PINNED, NULL);
  read_page (self, BOBBIN_FOLDER_ACTIVE, NULL);
  if (self->archive_asked)
    read_page (self, BOBBIN_FOLDER_ARCHIVED, NULL);
  if (self->bin_asked)
    read_page (self, BOBBIN_FOLDER_BIN, NULL);
}

void
bobbin_library_reread (BobbinLibrary *self)
{
  g_return_if_fail (BOBBIN_IS_LIBRARY (self));

  if (!self->closed)
    bobbin_store_list_accounts_async (self->store, self->cancellable, accounts_cb, g_object_ref (self));
}
