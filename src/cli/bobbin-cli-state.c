#define G_LOG_DOMAIN "bobbin-cli"
#include "config.h"
#include "cli/bobbin-cli-private.h"

#include "backend/bobbin-abilities.h"
#include "backend/bobbin-backend.h"
#include "model/bobbin-thread.h"
#include "session/bobbin-state-editor.h"
#include "util/bobbin-json.h"

#include <glib/gi18n.h>

typedef struct
{
  BobbinThreadStateKind what;
  const char           *name;    /* of the command */
  const char           *thread;
  const char           *verb;    /* "get", "set" or "clear" */
  const char           *json;    /* (nullable) to set */
  const char           *key;     /* (nullable): for this run only */
  char                **keep;    /* (nullable): members that stay when it is cleared */
} Call;

static gboolean
await_done (BobbinStateEditor *editor,
            GAsyncResult     **result,
            GError           **error)
{
  gboolean done = bobbin_state_editor_finish (editor, bobbin_cli_await (result), error);

  g_clear_object (result);
  return done;
}

static gboolean
print_value (BobbinStateEditor *editor)
{
  g_autoptr(JsonNode) node = bobbin_json_parse (bobbin_state_editor_get_value (editor), -1, NULL);
  g_autofree char *text = node != NULL ? bobbin_json_to_text (node, TRUE) : g_strdup ("{}");

  return bobbin_cli_print (text, -1) && bobbin_cli_print ("\n", 1);
}

static int
run_editor (const Call        *call,
            BobbinStateEditor *editor)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  bobbin_state_editor_load_async (editor, NULL, bobbin_cli_result_cb, &result);
  if (!await_done (editor, &result, &error))
    return bobbin_cli_fail (error);

  if (g_str_equal (call->verb, "set"))
    bobbin_state_editor_set_async (editor, call->json, NULL, bobbin_cli_result_cb, &result);
  else if (g_str_equal (call->verb, "clear"))
    bobbin_state_editor_clear_async (editor, (const char *const *) call->keep, NULL, bobbin_cli_result_cb, &result);
  if (!g_str_equal (call->verb, "get") && !await_done (editor, &result, &error))
    return bobbin_cli_fail (error);

  if (bobbin_state_editor_get_kept (editor) != NULL)
    bobbin_cli_note (_("this server cannot remove fields: %s is still there"), bobbin_state_editor_get_kept (editor));

  return print_value (editor) ? BOBBIN_EXIT_DONE : BOBBIN_EXIT_FAILED;
}

static int
run_backend (const Call    *call,
             BobbinService  service,
             BobbinBackend *backend,
             BobbinThread  *thread,
             const GError  *key_error)
{
  g_autoptr(BobbinStateEditor) editor = NULL;
  gboolean has_state = call->what == BOBBIN_THREAD_STATE_STATE;

  if (!bobbin_backend_can (backend, has_state ? BOBBIN_CAN_STATE : BOBBIN_CAN_METADATA))
    {
      if (has_state)
        bobbin_cli_note (_("the service %s keeps no state of a conversation"), bobbin_service_get_label (service));
      else
        bobbin_cli_note (_("the service %s keeps no metadata of a conversation"), bobbin_service_get_label (service));
      return BOBBIN_EXIT_FAILED;
    }
  if (bobbin_thread_get_server_id (thread) == NULL)
    {
      bobbin_cli_note (_("the server does not know this conversation yet: ask something in it first"));
      return BOBBIN_EXIT_FAILED;
    }
  if (key_error != NULL)
    return bobbin_cli_fail (key_error);

  editor = bobbin_state_editor_new (BOBBIN_THREAD_STATE (backend), bobbin_thread_get_server_id (thread), call->what);

  return run_editor (call, editor);
}

static int
run_call (const Call *call)
{
  g_auto(BobbinCliContext) context = { NULL };
  g_autoptr(BobbinThread) thread = NULL;
  g_autoptr(GError) error = NULL;
  BobbinAccount *account;
  BobbinBackend *backend;

  if (!bobbin_cli_context_open_library (&context, &error) ||
      (thread = bobbin_cli_find_thread (&context, call->thread, &error)) == NULL)
    return bobbin_cli_fail (error);

  account = bobbin_library_find_account (context.library, bobbin_thread_get_account_id (thread));
  if (account == NULL)
    return bobbin_cli_usage (_("the account of this conversation is gone"));
  backend = bobbin_cli_ready_backend (&context, account, call->key, &error);
  if (backend == NULL)
    return bobbin_cli_fail (error);

  return run_backend (call, bobbin_account_get_service (account), backend, thread, error);
}

/* FALSE after saying what is wrong. */
static gboolean
take_arguments (Call  *call,
                char **rest)
{
  guint n_rest = g_strv_length (rest);

  call->thread = rest[0];
  call->verb = n_rest > 1 ? rest[1] : "get";
  call->json = n_rest > 2 ? rest[2] : NULL;
  if (n_rest == 0)
    bobbin_cli_usage (_("“%s” takes the id of a conversation"), call->name);
  else if (!g_str_equal (call->verb, "get") && !g_str_equal (call->verb, "set") && !g_str_equal (call->verb, "clear"))
    bobbin_cli_usage (_("“%1$s” gets, sets or clears, it does not “%2$s”"), call->name, call->verb);
  else if (n_rest != (g_str_equal (call->verb, "set") ? 3 : MIN (n_rest, 2)))
    bobbin_cli_usage (g_str_equal (call->verb, "set") ? _("“set” takes one JSON object") : _("“%s” takes no more than that"), call->verb);
  else if (call->keep != NULL && !g_str_equal (call->verb, "clear"))
    bobbin_cli_usage (_("--keep goes with “clear”"));
  else if (n_rest == 3 && !g_utf8_validate (rest[2], -1, NULL))
    bobbin_cli_usage (_("the text is not UTF-8"));
  else
    return TRUE;

  return FALSE;
}

static int
run (Call  *call,
     int    argc,
     char **argv)
{
  g_auto(GStrv) rest = NULL;
  g_auto(GStrv) keep = NULL;
  gboolean key_stdin = FALSE;
  const GOptionEntry entries[] = {
    { "keep", 0, 0, G_OPTION_ARG_STRING_ARRAY, &keep, N_("A field that stays when it is cleared; may be given several times"), N_("FIELD") },
    { "account-key-stdin", 0, 0, G_OPTION_ARG_NONE, &key_stdin, N_("Read a key for this run only from standard input"), NULL },
    { NULL }
  };
  char *key = NULL;
  int status;

  if (!bobbin_cli_parse (argc, argv, "THREAD [get | set JSON | clear]",
                         _("Prints what the server holds afterwards, as JSON. JSON is checked against the server's schema before it is sent."),
                         entries, &rest))
    return BOBBIN_EXIT_USAGE;
  call->keep = keep;
  if (!take_arguments (call, rest) || (key_stdin && (key = bobbin_cli_read_key ()) == NULL))
    return BOBBIN_EXIT_USAGE;

  call->key = key;
  status = run_call (call);
  bobbin_secret_free (key);

  return status;
}

int
bobbin_cli_state (int    argc,
                  char **argv)
{
  Call call = { BOBBIN_THREAD_STATE_STATE, "state", NULL, NULL, NULL, NULL, NULL };

  return run (&call, argc, argv);
}

int
bobbin_cli_metadata (int    argc,
                     char **argv)
{
  Call call = { BOBBIN_THREAD_STATE_METADATA, "metadata", NULL, NULL, NULL, NULL, NULL };

  return run (&call, argc, argv);
}
