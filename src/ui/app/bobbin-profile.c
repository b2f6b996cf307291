#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "app/bobbin-profile.h"

#include "demo/bobbin-demo-server.h"
#include "model/bobbin-account.h"
#include "model/bobbin-thread.h"
#include "secret/bobbin-secrets.h"
#include "session/bobbin-session.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-error.h"
#include "util/bobbin-folder.h"

#include <glib/gi18n.h>

struct _BobbinProfile
{
  GObject parent_instance;

  /* owned */
  char              *data_dir;
  BobbinStore       *store;
  BobbinLibrary     *library;
  BobbinStoreReport *report;
  BobbinDemoServer  *demo;     /* non-NULL exactly while it runs */
  gboolean           throw_away;
};

G_DEFINE_FINAL_TYPE (BobbinProfile, bobbin_profile, G_TYPE_OBJECT)

static void
bobbin_profile_finalize (GObject *object)
{
  BobbinProfile *self = BOBBIN_PROFILE (object);

  bobbin_profile_close (self);
  g_clear_pointer (&self->data_dir, g_free);

  G_OBJECT_CLASS (bobbin_profile_parent_class)->finalize (object);
}

static void
bobbin_profile_class_init (BobbinProfileClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bobbin_profile_finalize;
}

static void
bobbin_profile_init (BobbinProfile *self)
{
}

BobbinProfile *
bobbin_profile_new (const char *data_dir)
{
  BobbinProfile *self = g_object_new (BOBBIN_TYPE_PROFILE, NULL);

  self->data_dir = data_dir != NULL ? g_strdup (data_dir)
                                    : g_build_filename (g_get_user_data_dir (), "bobbin", NULL);

  return self;
}

BobbinProfile *
bobbin_profile_new_throw_away (GError **error)
{
  g_autofree char *dir = g_dir_make_tmp ("bobbin-demo-XXXXXX", error);
  BobbinProfile *self;

  if (dir == NULL)
    return NULL;

  self = bobbin_profile_new (dir);
  self->throw_away = TRUE;

  return self;
}

/* The server's address and key are new at each start, so the account learns them before anything
 * connects: this runs while the library loads its accounts, ahead of the queue (promise 3: what
 * was queued goes out once, to a server that is there). */
static void
serve_demo_account (BobbinProfile *self,
                    BobbinAccount *account)
{
  g_autoptr(GError) error = NULL;

  if (self->demo == NULL)
    {
      g_autoptr(BobbinDemoServer) demo = bobbin_demo_server_new ();

      if (!bobbin_demo_server_start (demo, 0, NULL, &error))
        {
          g_warning ("The demo agent cannot start: %s", error->message);
          return;
        }
      self->demo = g_steal_pointer (&demo);
    }

  bobbin_account_set_base_url (account, bobbin_demo_server_get_base_url (self->demo));
  bobbin_account_set_agent_id (account, bobbin_demo_server_get_agent_id (self->demo));
  bobbin_library_use_credential (self->library, account, bobbin_demo_server_get_key (self->demo));
}

/* The demo agent starts anew with the program, and keeps nothing: what it knew of a conversation it is told from our copy. */
static void
linking_cb (BobbinLibrary *library,
            BobbinSession *session,
            BobbinProfile *self)
{
  BobbinThread *thread = bobbin_session_get_thread (session);
  const char *server_id = bobbin_thread_get_server_id (thread);

  if (self->demo != NULL && server_id != NULL &&
      bobbin_account_get_service (bobbin_session_get_account (session)) == BOBBIN_SERVICE_DEMO)
    bobbin_demo_server_remember (self->demo, server_id, bobbin_thread_get_title (thread),
                                 bobbin_session_get_messages (session));
}

static BobbinAccount *
find_demo_account (GListModel *accounts)
{
  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(BobbinAccount) account = g_list_model_get_item (accounts, i);

      if (bobbin_account_get_service (account) == BOBBIN_SERVICE_DEMO)
        return g_steal_pointer (&account);
    }

  return NULL;
}

static void
accounts_changed_cb (GListModel    *accounts,
                     guint          position,
                     guint          removed,
                     guint          added,
                     BobbinProfile *self)
{
  g_autoptr(BobbinAccount) demo = NULL;

  for (guint i = position; i < position + added; i++)
    {
      g_autoptr(BobbinAccount) account = g_list_model_get_item (accounts, i);

      if (bobbin_account_get_service (account) == BOBBIN_SERVICE_DEMO)
        serve_demo_account (self, account);
    }

  if (removed == 0 || self->demo == NULL)
    return;

  demo = find_demo_account (accounts);
  if (demo == NULL)
    g_clear_object (&self->demo);
}

static void
library_loaded_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  GError *error = NULL;

  if (bobbin_library_load_finish (BOBBIN_LIBRARY (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
store_opened_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinProfile *self = g_task_get_source_object (task);
  g_autoptr(BobbinClock) clock = NULL;
  g_autoptr(BobbinSecrets) secrets = NULL;
  g_autoptr(BobbinNetwork) network = NULL;
  GError *error = NULL;

  g_clear_pointer (&self->report, bobbin_store_report_free);
  self->report = bobbin_store_open_finish (BOBBIN_STORE (source), result, &error);
  if (self->report == NULL)
    {
      g_clear_object (&self->store);
      g_task_return_error (task, error);
      return;
    }

  bobbin_store_index_in_background (self->store);
  clock = bobbin_system_clock_new ();
  secrets = self->throw_away ? bobbin_memory_secrets_new () : bobbin_service_secrets_new ();
  network = bobbin_network_new ();
  self->library = bobbin_library_new (self->store, secrets, clock, network);
  g_signal_connect_object (bobbin_library_get_accounts (self->library), "items-changed",
                           G_CALLBACK (accounts_changed_cb), self, 0);
  g_signal_connect_object (self->library, "linking", G_CALLBACK (linking_cb), self, 0);

  bobbin_library_load_async (self->library, g_task_get_cancellable (task), library_loaded_cb, g_object_ref (task));
}

void
bobbin_profile_open_async (BobbinProfile      *self,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (BOBBIN_IS_PROFILE (self));
  g_return_if_fail (self->store == NULL || self->library != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bobbin_profile_open_async);

  /* A second try after the library could not load starts from nothing. */
  if (self->library != NULL)
    {
      bobbin_library_close (self->library);
      g_clear_object (&self->library);
      g_clear_object (&self->store);
    }

  self->store = bobbin_sqlite_store_new (self->data_dir);
  bobbin_store_open_async (self->store, cancellable, store_opened_cb, g_steal_pointer (&task));
}

gboolean
bobbin_profile_open_finish (BobbinProfile *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
bobbin_profile_close (BobbinProfile *self)
{
  g_return_if_fail (BOBBIN_IS_PROFILE (self));

  if (self->library != NULL)
    bobbin_library_close (self->library);
  else if (self->store != NULL)
    bobbin_store_close (self->store);

  g_clear_object (&self->library);
  g_clear_object (&self->store);
  g_clear_object (&self->demo);
  g_clear_pointer (&self->report, bobbin_store_report_free);

  if (self->throw_away)
    {
      bobbin_folder_remove (self->data_dir); /* made by g_dir_make_tmp() */
      self->throw_away = FALSE;
    }
}

BobbinLibrary *
bobbin_profile_get_library (BobbinProfile *self)
{
  g_return_val_if_fail (BOBBIN_IS_PROFILE (self), NULL);

  return self->library;
}

const BobbinStoreReport *
bobbin_profile_get_report (BobbinProfile *self)
{
  g_return_val_if_fail (BOBBIN_IS_PROFILE (self), NULL);

  return self->report;
}

gboolean
bobbin_profile_get_throw_away (BobbinProfile *self)
{
  g_return_val_if_fail (BOBBIN_IS_PROFILE (self), FALSE);

  return self->throw_away;
}

const char *
bobbin_profile_get_data_dir (BobbinProfile *self)
{
  g_return_val_if_fail (BOBBIN_IS_PROFILE (self), NULL);

  return self->data_dir;
}

static void
demo_saved_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinProfile *self = g_task_get_source_object (task);
  BobbinAccount *account;
  GError *error = NULL;

  if (!bobbin_library_save_account_finish (BOBBIN_LIBRARY (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  account = find_demo_account (bobbin_library_get_accounts (self->library));
  if (account != NULL && self->demo != NULL)
    g_task_return_pointer (task, account, g_object_unref);
  else
    {
      g_clear_object (&account);
      g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_FAILED, "%s", "the demo agent cannot start");
    }
}

void
bobbin_profile_ensure_demo_async (BobbinProfile      *self,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(BobbinAccount) account = NULL;

  g_return_if_fail (BOBBIN_IS_PROFILE (self));
  g_return_if_fail (self->library != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bobbin_profile_ensure_demo_async);

  account = find_demo_account (bobbin_library_get_accounts (self->library));
  if (account != NULL && self->demo != NULL)
    {
      g_task_return_pointer (task, g_steal_pointer (&account), g_object_unref);
      return;
    }

  if (account == NULL)
    account = bobbin_account_new (0, BOBBIN_SERVICE_DEMO, _("Demo Agent"), "http://127.0.0.1/");
  else
    serve_demo_account (self, account);

  bobbin_library_save_account_async (self->library, account, NULL, cancellable, demo_saved_cb, g_steal_pointer (&task));
}

BobbinAccount *
bobbin_profile_ensure_demo_finish (BobbinProfile *self,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
