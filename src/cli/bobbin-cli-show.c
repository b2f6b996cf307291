#define G_LOG_DOMAIN "bobbin-cli"
#include "config.h"
#include "cli/bobbin-cli-private.h"
#include "cli/bobbin-cli-transcript.h"

#include "model/bobbin-message.h"
#include "model/bobbin-thread.h"

#include <glib/gi18n.h>

#define PAGE 200

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
  for (guint i = 0; i < all->len / 2; i++)
    {
      gpointer swap = all->pdata[i];

      all->pdata[i] = all->pdata[all->len - 1 - i];
      all->pdata[all->len - 1 - i] = swap;
    }

  return g_steal_pointer (&all);
}

static char *
dup_account_name (BobbinCliContext *context,
                  gint64            account_id)
{
  g_autoptr(GPtrArray) accounts = bobbin_cli_list_accounts (context, NULL);

  for (guint i = 0; accounts != NULL && i < accounts->len; i++)
    if (bobbin_account_get_id (accounts->pdata[i]) == account_id)
      return g_strdup (bobbin_account_get_name (accounts->pdata[i]));

  return NULL;
}

static int
show (const char *id,
      const char *format)
{
  g_auto(BobbinCliContext) context = { NULL };
  g_autoptr(BobbinThread) thread = NULL;
  g_autoptr(GPtrArray) messages = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *account = NULL;
  g_autofree char *text = NULL;

  if (!bobbin_cli_context_open (&context, &error) || (thread = bobbin_cli_find_thread (&context, id, &error)) == NULL ||
      (messages = load_messages (&context, bobbin_thread_get_id (thread), &error)) == NULL)
    return bobbin_cli_fail (error);

  if (g_str_equal (format, "json"))
    {
      account = dup_account_name (&context, bobbin_thread_get_account_id (thread));
      text = bobbin_cli_thread_to_json (thread, account, messages, g_get_real_time ());
      return bobbin_cli_print (text, -1) && bobbin_cli_print ("\n", 1) ? BOBBIN_EXIT_DONE : BOBBIN_EXIT_FAILED;
    }

  text = bobbin_cli_thread_to_text (thread, messages,
                                    g_str_equal (format, "html") ? BOBBIN_CLI_HTML
                                    : g_str_equal (format, "txt") ? BOBBIN_CLI_PLAIN
                                    : BOBBIN_CLI_MARKDOWN);
  return bobbin_cli_print (text, -1) ? BOBBIN_EXIT_DONE : BOBBIN_EXIT_FAILED;
}

int
bobbin_cli_show (int    argc,
                 char **argv)
{
  static const char *const formats[] = { "md", "json", "html", "txt", NULL };
  g_autofree char *format = NULL;
  g_auto(GStrv) rest = NULL;
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, N_("md (the default), json, html or txt"), N_("FORMAT") },
    { NULL }
  };

  if (!bobbin_cli_parse (argc, argv, "THREAD", _("THREAD is the id that “bobbin threads” prints, or the server's."), entries, &rest))
    return BOBBIN_EXIT_USAGE;
  if (g_strv_length (rest) != 1)
    return bobbin_cli_usage (_("“show” takes the id of one conversation"));
  if (format != NULL && !g_strv_contains (formats, format))
    return bobbin_cli_usage (_("the format is md, json, html or txt, not “%s”"), format);

  return show (rest[0], format != NULL ? format : "md");
}
