#define G_LOG_DOMAIN "bobbin-cli"
#include "config.h"
#include "cli/bobbin-cli-private.h"
#include "cli/bobbin-cli-transcript.h"

#include "backend/bobbin-abilities.h"
#include "backend/bobbin-backend.h"
#include "model/bobbin-message.h"
#include "model/bobbin-thread.h"

#include <glib/gi18n.h>

#define PAGE 200

typedef struct
{
  const char        *id;
  BobbinExportFormat format;
  char              *account; /* (nullable): name */
  gboolean           remote;
} Call;

static void
turn_around (GPtrArray *messages)
{
  for (guint i = 0; i < messages->len / 2; i++)
    {
      gpointer swap = messages->pdata[i];

      messages->pdata[i] = messages->pdata[messages->len - 1 - i];
      messages->pdata[messages->len - 1 - i] = swap;
    }
}

/* Returns: (transfer full): of BobbinMessage, oldest first */
static GPtrArray *
load_messages (BobbinCliContext *context,
               gint64            thread_id,
               GError          **error)
{
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);
  gint64 before_id = 0;
  guint n_messages = PAGE;

  /* Pages go backwards, messages within a page forwards. */
  while (n_messages == PAGE)
    {
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GPtrArray) page = NULL;

      bobbin_store_list_messages_async (context->store, thread_id, before_id, PAGE, NULL, bobbin_cli_result_cb, &result);
      page = bobbin_store_list_messages_finish (context->store, bobbin_cli_await (&result), error);
      if (page == NULL)
        return NULL;

      n_messages = page->len;
      if (n_messages > 0)
        before_id = bobbin_message_get_id (page->pdata[0]);
      for (guint i = page->len; i > 0; i--)
        g_ptr_array_add (all, g_object_ref (page->pdata[i - 1]));
    }
  turn_around (all);

  return g_steal_pointer (&all);
}

/* Returns: (transfer full) (nullable) */
static BobbinAccount *
ref_account (BobbinCliContext *context,
             gint64            account_id)
{
  g_autoptr(GPtrArray) accounts = bobbin_cli_list_accounts (context, NULL);

  for (guint i = 0; accounts != NULL && i < accounts->len; i++)
    if (bobbin_account_get_id (accounts->pdata[i]) == account_id)
      return g_object_ref (accounts->pdata[i]);

  return NULL;
}

/* What the server has of a conversation. Nothing of it is kept here. Returns: (transfer full): of BobbinMessage, oldest first */
static GPtrArray *
fetch_messages (BobbinBackend *backend,
                const char    *server_id,
                GError       **error)
{
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);
  BobbinHistoryQuery query = { server_id, NULL, NULL, 0 };
  g_autofree char *cursor = NULL;

  do
    {
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(BobbinHistoryPage) page = NULL;

      query.cursor = cursor;
      bobbin_history_list_async (BOBBIN_HISTORY (backend), &query, NULL, bobbin_cli_result_cb, &result);
      page = bobbin_history_list_finish (BOBBIN_HISTORY (backend), bobbin_cli_await (&result), error);
      if (page == NULL)
        return NULL;

      for (guint i = page->messages->len; i > 0; i--)
        g_ptr_array_add (all, g_object_ref (page->messages->pdata[i - 1]));
      g_free (cursor);
      cursor = g_steal_pointer (&page->cursor);
    }
  while (cursor != NULL);
  turn_around (all);

  return g_steal_pointer (&all);
}

/* (nullable) borrowed: the account of @thread, else the one that is named, else the first. */
static BobbinAccount *
choose_account (BobbinCliContext *context,
                const Call       *call,
                BobbinThread     *thread)
{
  if (thread != NULL)
    return bobbin_library_find_account (context->library, bobbin_thread_get_account_id (thread));

  return bobbin_library_find_account_by_name (context->library, call->account);
}

/* @thread: (inout) (nullable) (transfer full): ours; made when it was never seen here */
static GPtrArray *
ask_server (const Call     *call,
            BobbinThread  **thread,
            BobbinAccount **ret_account,
            GError        **error)
{
  g_auto(BobbinCliContext) context = { NULL };
  g_autoptr(GError) key_error = NULL;
  BobbinAccount *account;
  BobbinBackend *backend;

  if (!bobbin_cli_context_open_library (&context, error))
    return NULL;
  account = choose_account (&context, call, *thread);
  if (account == NULL)
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, _("there is no account “%s”"), call->account != NULL ? call->account : "");
      return NULL;
    }
  g_set_object (ret_account, account);
  if (*thread == NULL)
    {
      *thread = bobbin_thread_new (0, bobbin_account_get_id (account));
      bobbin_thread_set_server_id (*thread, call->id);
    }
  backend = bobbin_cli_ready_backend (&context, account, NULL, &key_error);
  if (backend != NULL && key_error == NULL && bobbin_backend_can (backend, BOBBIN_CAN_READ_HISTORY) && BOBBIN_IS_HISTORY (backend) &&
      bobbin_thread_get_server_id (*thread) != NULL)
    return fetch_messages (backend, bobbin_thread_get_server_id (*thread), error);

  if (key_error != NULL)
    g_propagate_error (error, g_steal_pointer (&key_error));
  else
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FAILED, _("the service %s keeps no conversations that could be read: what was said is "
                                                             "only where it was said"),
                 bobbin_service_get_label (bobbin_account_get_service (account)));
  return NULL;
}

/* Whether the server has what is wanted, and only it. */
static gboolean
is_elsewhere (const Call   *call,
              BobbinThread *thread,
              GPtrArray    *messages)
{
  if (thread == NULL)
    return call->account != NULL;

  return bobbin_thread_get_server_id (thread) != NULL && (call->remote || (call->account != NULL && messages->len == 0));
}

static GPtrArray *
gather (const Call     *call,
        BobbinThread  **thread,
        BobbinAccount **ret_account,
        GError        **error)
{
  g_auto(BobbinCliContext) context = { NULL };
  g_autoptr(GPtrArray) messages = NULL;
  g_autoptr(GError) local_error = NULL;

  if (!bobbin_cli_context_open (&context, error))
    return NULL;
  *thread = bobbin_cli_find_thread (&context, call->id, &local_error);
  if (*thread != NULL && (messages = load_messages (&context, bobbin_thread_get_id (*thread), error)) == NULL)
    return NULL;
  if (*thread != NULL)
    *ret_account = ref_account (&context, bobbin_thread_get_account_id (*thread));

  if (is_elsewhere (call, *thread, messages))
    {
      bobbin_cli_context_close (&context);
      return ask_server (call, thread, ret_account, error);
    }
  if (*thread == NULL && g_error_matches (local_error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID))
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID,
                 _("there is no conversation “%s” here; with --account the server's is shown, where it keeps one"), call->id);
  else if (*thread == NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));

  return g_steal_pointer (&messages);
}

static int
show (const Call *call)
{
  g_autoptr(BobbinThread) thread = NULL;
  g_autoptr(GPtrArray) messages = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinAccount) account = NULL;
  g_autofree char *text = NULL;

  messages = gather (call, &thread, &account, &error);
  if (messages == NULL)
    return bobbin_cli_fail (error);

  text = bobbin_cli_thread_to_text (thread, account, messages, call->format);
  return bobbin_cli_print (text, -1) ? BOBBIN_EXIT_DONE : BOBBIN_EXIT_FAILED;
}

int
bobbin_cli_show (int    argc,
                 char **argv)
{
  g_autofree char *format = NULL;
  g_autofree char *account = NULL;
  g_auto(GStrv) rest = NULL;
  Call call = { .format = BOBBIN_EXPORT_MARKDOWN };
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, N_("md (the default), json, html or txt"), N_("FORMAT") },
    { "account", 0, 0, G_OPTION_ARG_STRING, &account, N_("The account whose server has it, when it was never opened here"), N_("NAME") },
    { "remote", 0, 0, G_OPTION_ARG_NONE, &call.remote, N_("Ask the server instead of this computer"), NULL },
    { NULL }
  };

  if (!bobbin_cli_parse (argc, argv, "THREAD", _("THREAD is the id that “bobbin threads” prints, or the server's."), entries, &rest))
    return BOBBIN_EXIT_USAGE;
  if (g_strv_length (rest) != 1)
    return bobbin_cli_usage (_("“show” takes the id of one conversation"));
  if (format != NULL && !bobbin_export_format_from_name (format, &call.format))
    return bobbin_cli_usage (_("the format is md, json, html or txt, not “%s”"), format);

  call.id = rest[0];
  call.account = account;

  return show (&call);
}
