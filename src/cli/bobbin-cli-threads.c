#define G_LOG_DOMAIN "bobbin-cli"
#include "config.h"
#include "cli/bobbin-cli-private.h"

#include "backend/bobbin-abilities.h"
#include "backend/bobbin-backend.h"
#include "model/bobbin-thread.h"
#include "util/bobbin-id.h"
#include "util/bobbin-text.h"
#include "util/bobbin-time.h"

#include <glib/gi18n.h>

#define PAGE 200

typedef struct
{
  char    *account;
  char    *search;
  gboolean remote;
  gboolean as_json;
} Options;

static const char *
account_name (GPtrArray *accounts,
              gint64     account_id)
{
  for (guint i = 0; i < accounts->len; i++)
    if (bobbin_account_get_id (accounts->pdata[i]) == account_id)
      return bobbin_account_get_name (accounts->pdata[i]);

  return "";
}

static const char *
activity_nick (BobbinThread *thread)
{
  g_autoptr(GEnumClass) activities = g_type_class_ref (BOBBIN_TYPE_ACTIVITY);
  GEnumValue *value = g_enum_get_value (activities, (int) bobbin_thread_get_activity (thread));

  return value->value_nick;
}

static void
set_time (JsonObject *object,
          const char *member,
          gint64      us)
{
  g_autofree char *text = us != 0 ? bobbin_time_to_iso (us) : NULL;

  bobbin_cli_set_string (object, member, text);
}

static gboolean
print_thread_json (BobbinThread *thread,
                   GPtrArray    *accounts)
{
  g_autoptr(JsonObject) object = json_object_new ();
  g_autofree char *id = bobbin_id_to_string (bobbin_thread_get_id (thread));

  bobbin_cli_set_string (object, "thread", id);
  bobbin_cli_set_string (object, "server_id", bobbin_thread_get_server_id (thread));
  bobbin_cli_set_string (object, "account", account_name (accounts, bobbin_thread_get_account_id (thread)));
  bobbin_cli_set_string (object, "agent", bobbin_thread_get_agent_id (thread));
  bobbin_cli_set_string (object, "title", bobbin_thread_get_title (thread));
  bobbin_cli_set_string (object, "activity", activity_nick (thread));
  json_object_set_boolean_member (object, "pinned", bobbin_thread_get_pinned (thread));
  set_time (object, "created", bobbin_thread_get_created_us (thread));
  set_time (object, "last_used", bobbin_thread_get_last_used_us (thread));
  set_time (object, "expires", bobbin_thread_get_expires_us (thread));

  return bobbin_cli_print_json (object);
}

static gboolean
print_thread (BobbinThread *thread,
              GPtrArray    *accounts)
{
  g_autofree char *id = bobbin_id_to_string (bobbin_thread_get_id (thread));
  g_autofree char *name = bobbin_text_clean_name (account_name (accounts, bobbin_thread_get_account_id (thread)));
  g_autofree char *used = bobbin_time_to_iso (bobbin_thread_get_last_used_us (thread) / G_USEC_PER_SEC * G_USEC_PER_SEC);
  const char *title = bobbin_thread_get_title (thread);
  g_autofree char *clean = bobbin_text_clean_name (title != NULL ? title : "");

  return bobbin_cli_printf ("%s\t%s\t%s\t%s\n", id, name, used, clean);
}

static int
list_local (const Options *options)
{
  g_auto(BobbinCliContext) context = { NULL };
  g_autoptr(GPtrArray) accounts = NULL;
  g_autoptr(GError) error = NULL;
  BobbinThreadQuery query = { BOBBIN_FOLDER_ACTIVE, 0, 0, 0, PAGE };
  BobbinAccount *account = NULL;
  guint n_threads = PAGE;

  if (!bobbin_cli_context_open (&context, &error) || (accounts = bobbin_cli_list_accounts (&context, &error)) == NULL ||
      (options->account != NULL && (account = bobbin_cli_find_account (accounts, options->account, &error)) == NULL))
    return bobbin_cli_fail (error);

  if (account != NULL)
    query.account_id = bobbin_account_get_id (account);
  while (n_threads == PAGE)
    {
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GPtrArray) page = NULL;

      bobbin_store_list_threads_async (context.store, &query, NULL, bobbin_cli_result_cb, &result);
      page = bobbin_store_list_threads_finish (context.store, bobbin_cli_await (&result), &error);
      if (page == NULL)
        return bobbin_cli_fail (error);

      n_threads = page->len;
      for (guint i = 0; i < page->len; i++)
        {
          BobbinThread *thread = page->pdata[i];

          query.before_used_us = bobbin_thread_get_last_used_us (thread);
          query.before_id = bobbin_thread_get_id (thread);
          if (!(options->as_json ? print_thread_json : print_thread) (thread, accounts))
            return BOBBIN_EXIT_FAILED;
        }
    }

  return BOBBIN_EXIT_DONE;
}

static gboolean
print_remote (const BobbinRemoteThread *thread,
              BobbinAccount            *account,
              gboolean                  as_json)
{
  g_autofree char *updated = thread->updated_us != 0 ? bobbin_time_to_iso (thread->updated_us) : g_strdup ("");
  g_autofree char *title = bobbin_text_clean_name (thread->title != NULL ? thread->title : "");
  g_autofree char *id = bobbin_text_clean_name (thread->thread_id);
  g_autofree char *name = bobbin_text_clean_name (bobbin_account_get_name (account));
  g_autoptr(JsonObject) object = NULL;

  if (!as_json)
    return bobbin_cli_printf ("%s\t%s\t%s\t%s\n", id, name, updated, title);

  object = json_object_new ();
  bobbin_cli_set_string (object, "server_id", thread->thread_id);
  bobbin_cli_set_string (object, "account", bobbin_account_get_name (account));
  bobbin_cli_set_string (object, "agent", thread->agent_id);
  bobbin_cli_set_string (object, "title", thread->title);
  set_time (object, "created", thread->created_us);
  set_time (object, "last_used", thread->updated_us);
  bobbin_cli_set_json (object, "metadata", thread->metadata);

  return bobbin_cli_print_json (object);
}

static int
list_pages (BobbinThreadLister *lister,
            BobbinAccount      *account,
            const Options      *options)
{
  g_autofree char *cursor = NULL;

  do
    {
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GPtrArray) page = NULL;
      g_autoptr(GError) error = NULL;
      g_autofree char *next = NULL;

      bobbin_thread_lister_list_async (lister, options->search, cursor, NULL, bobbin_cli_result_cb, &result);
      page = bobbin_thread_lister_list_finish (lister, bobbin_cli_await (&result), &next, &error);
      if (page == NULL)
        return bobbin_cli_fail (error);

      for (guint i = 0; i < page->len; i++)
        if (!print_remote (page->pdata[i], account, options->as_json))
          return BOBBIN_EXIT_FAILED;
      g_free (cursor);
      cursor = g_steal_pointer (&next);
    }
  while (cursor != NULL);

  return BOBBIN_EXIT_DONE;
}

static int
list_remote (const Options *options)
{
  g_auto(BobbinCliContext) context = { NULL };
  g_autoptr(BobbinAccount) account = NULL;
  g_autoptr(GError) error = NULL;
  BobbinBackend *backend;
  GListModel *accounts;

  if (!bobbin_cli_context_open_library (&context, &error))
    return bobbin_cli_fail (error);

  accounts = bobbin_library_get_accounts (context.library);
  if (options->account != NULL)
    g_set_object (&account, bobbin_library_find_account_by_name (context.library, options->account));
  else
    account = g_list_model_get_item (accounts, 0);
  if (account == NULL)
    return options->account != NULL ? bobbin_cli_usage (_("there is no account “%s”"), options->account)
                                    : bobbin_cli_usage (_("there is no account yet: add one with “bobbin accounts add”"));

  backend = bobbin_cli_ready_backend (&context, account, NULL, &error);
  if (backend == NULL)
    return bobbin_cli_fail (error);
  if (!bobbin_backend_can (backend, BOBBIN_CAN_LIST_THREADS))
    {
      bobbin_cli_note (_("the service %s does not list its conversations: leave --remote out to list those seen here"),
                       bobbin_service_get_label (bobbin_account_get_service (account)));
      return BOBBIN_EXIT_FAILED;
    }
  if (error != NULL)
    return bobbin_cli_fail (error);

  return list_pages (BOBBIN_THREAD_LISTER (backend), account, options);
}

int
bobbin_cli_threads (int    argc,
                    char **argv)
{
  Options options = { NULL };
  g_autofree char *account = NULL;
  g_autofree char *search = NULL;
  g_auto(GStrv) rest = NULL;
  const GOptionEntry entries[] = {
    { "account", 0, 0, G_OPTION_ARG_STRING, &account, N_("Only the conversations of this account"), N_("NAME") },
    { "remote", 0, 0, G_OPTION_ARG_NONE, &options.remote, N_("Ask the server instead of this computer"), NULL },
    { "search", 0, 0, G_OPTION_ARG_STRING, &search, N_("With --remote: only those the server finds for this"), N_("TEXT") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.as_json, N_("Print one JSON object a line"), NULL },
    { NULL }
  };

  if (!bobbin_cli_parse (argc, argv, "", _("Prints id, account, time of last use and title, separated by tabs."), entries, &rest))
    return BOBBIN_EXIT_USAGE;
  if (rest[0] != NULL)
    return bobbin_cli_usage (_("“threads” takes options only"));

  if (search != NULL && !options.remote)
    return bobbin_cli_usage (_("--search goes with --remote: “bobbin search” looks in what is here"));

  options.account = account;
  options.search = search;

  return options.remote ? list_remote (&options) : list_local (&options);
}
