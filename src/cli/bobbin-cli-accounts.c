#define G_LOG_DOMAIN "bobbin-cli"
#include "config.h"
#include "cli/bobbin-cli-private.h"

#include "backend/bobbin-backend.h"
#include "backend/bobbin-doctor.h"
#include "util/bobbin-text.h"

#include <glib/gi18n.h>
#include <string.h>

/* What "accounts add" takes. */
typedef struct
{
  char    *name;
  char    *service;
  char    *base_url;
  char    *agent;
  char    *transport;
  char   **options;     /* (nullable) KEY=VALUE */
  gboolean allow_plain;
  gboolean key_stdin;
  gboolean provider_key_stdin;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->name);
  g_free (options->service);
  g_free (options->base_url);
  g_free (options->agent);
  g_free (options->transport);
  g_strfreev (options->options);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
print_account (BobbinAccount *account)
{
  g_autofree char *name = bobbin_text_clean_name (bobbin_account_get_name (account));
  const char *agent = bobbin_account_get_agent_id (account);

  return bobbin_cli_printf ("%s\t%s\t%s\t%s\n", name, bobbin_service_get_nick (bobbin_account_get_service (account)),
                            bobbin_account_get_base_url (account), agent != NULL ? agent : "");
}

static JsonObject *
account_to_json (BobbinAccount *account)
{
  JsonObject *object = json_object_new ();

  bobbin_cli_set_string (object, "name", bobbin_account_get_name (account));
  bobbin_cli_set_string (object, "service", bobbin_service_get_nick (bobbin_account_get_service (account)));
  bobbin_cli_set_string (object, "base_url", bobbin_account_get_base_url (account));
  bobbin_cli_set_string (object, "agent", bobbin_account_get_agent_id (account));
  bobbin_cli_set_string (object, "transport", bobbin_transport_get_nick (bobbin_account_get_transport (account)));
  json_object_set_boolean_member (object, "allow_unencrypted", bobbin_account_get_allow_plain (account));

  return object;
}

static int
list (gboolean as_json)
{
  g_auto(BobbinCliContext) context = { NULL };
  g_autoptr(GPtrArray) accounts = NULL;
  g_autoptr(GError) error = NULL;

  if (!bobbin_cli_context_open (&context, &error) || (accounts = bobbin_cli_list_accounts (&context, &error)) == NULL)
    return bobbin_cli_fail (error);

  for (guint i = 0; i < accounts->len; i++)
    {
      g_autoptr(JsonObject) object = as_json ? account_to_json (accounts->pdata[i]) : NULL;

      if (!(as_json ? bobbin_cli_print_json (object) : print_account (accounts->pdata[i])))
        return BOBBIN_EXIT_FAILED;
    }

  return BOBBIN_EXIT_DONE;
}

/* What only this service takes. FALSE after saying what is wrong. */
static gboolean
take_service_option (BobbinAccount *account,
                     const char    *key,
                     const char    *value)
{
  const BobbinServiceOption *known = bobbin_registry_get_options (bobbin_account_get_service (account));

  while (known->key != NULL && !g_str_equal (known->key, key))
    known++;
  if (known->key == NULL)
    return bobbin_cli_usage (_("this service has no option “%s”"), key), FALSE;
  if (known->type == BOBBIN_OPTION_SWITCH && !g_str_equal (value, "yes"))
    return bobbin_cli_usage (_("the option “%s” is yes or left out"), key), FALSE;
  if (known->type == BOBBIN_OPTION_CHOICE && !g_strv_contains (known->choices, value))
    {
      g_autofree char *choices = g_strjoinv (", ", (char **) known->choices);

      return bobbin_cli_usage (_("the option “%1$s” is one of: %2$s"), key, choices), FALSE;
    }

  bobbin_account_set_option (account, key, value);
  return TRUE;
}

static gboolean
take_service_options (BobbinAccount *account,
                      char         **options)
{
  for (gsize i = 0; options != NULL && options[i] != NULL; i++)
    {
      g_auto(GStrv) pair = g_strsplit (options[i], "=", 2);

      if (pair[0] == NULL || pair[1] == NULL || !g_utf8_validate (options[i], -1, NULL))
        return bobbin_cli_usage (_("an option of the service is given as KEY=VALUE")), FALSE;
      if (!take_service_option (account, pair[0], pair[1]))
        return FALSE;
    }

  return TRUE;
}

/* Returns: (transfer full) (nullable): NULL after saying what is wrong with @options; *@ret_status is set then. */
static BobbinAccount *
account_from_options (const Options *options,
                      int           *ret_status)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *url = NULL;
  BobbinService service = BOBBIN_SERVICE_DEMO;
  BobbinTransport transport = BOBBIN_TRANSPORT_AUTO;
  const char *typed;
  BobbinAccount *account;

  *ret_status = BOBBIN_EXIT_USAGE;
  if (options->name == NULL || *options->name == '\0')
    bobbin_cli_usage (_("the account needs a name: --name NAME"));
  else if (!g_utf8_validate (options->name, -1, NULL) || strpbrk (options->name, "\t\r\n") != NULL)
    bobbin_cli_usage (_("the name of the account is not one line of text"));
  else if (options->service == NULL || !bobbin_service_from_nick (options->service, &service) || service == BOBBIN_SERVICE_DEMO)
    bobbin_cli_usage (_("the account needs a service: --service nebelus, agentflow, entities, assistants or aibtc"));
  else if (!bobbin_registry_has (service))
    bobbin_cli_usage (_("the service “%s” does not exist in this version"), options->service);
  else if (options->transport != NULL && !bobbin_transport_from_nick (options->transport, &transport))
    bobbin_cli_usage (_("the transport is auto, ws or sse, not “%s”"), options->transport);
  else
    *ret_status = BOBBIN_EXIT_DONE;
  if (*ret_status != BOBBIN_EXIT_DONE)
    return NULL;

  typed = options->base_url != NULL ? options->base_url : bobbin_registry_get_default_url (service);
  if (typed == NULL)
    {
      *ret_status = bobbin_cli_usage (_("the account needs the address of its server: --base-url URL"));
      return NULL;
    }
  url = bobbin_registry_normalize_url (service, typed, options->allow_plain, &error);
  if (url == NULL)
    {
      *ret_status = bobbin_cli_fail (error);
      return NULL;
    }

  account = bobbin_account_new (0, service, options->name, url);
  bobbin_account_set_agent_id (account, options->agent);
  bobbin_account_set_transport (account, transport);
  bobbin_account_set_allow_plain (account, options->allow_plain);
  if (!take_service_options (account, options->options))
    {
      *ret_status = BOBBIN_EXIT_USAGE;
      g_clear_object (&account);
    }

  return account;
}

static int
save (BobbinCliContext *context,
      BobbinAccount    *account,
      const char       *key)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  bobbin_library_save_account_async (context->library, account, key, NULL, bobbin_cli_result_cb, &result);
  if (bobbin_library_save_account_finish (context->library, bobbin_cli_await (&result), &error))
    return BOBBIN_EXIT_DONE;
  if (!g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_SECRET))
    return bobbin_cli_context_fail (context, error);

  bobbin_cli_note (_("the account is saved without its key (%s): give the key with --account-key-stdin when you ask, or unlock the "
                     "keyring and use “bobbin accounts key NAME --key-stdin”"), error->message);
  return BOBBIN_EXIT_DONE;
}

/* FALSE after saying that it is not kept; the account is there without it. */
static gboolean
keep_provider_key (BobbinCliContext *context,
                   BobbinAccount    *account,
                   const char       *key)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  bobbin_secrets_store_async (context->secrets, bobbin_account_get_id (account), BOBBIN_SECRET_PROVIDER_KEY,
                              bobbin_account_get_name (account), key, NULL, bobbin_cli_result_cb, &result);
  if (bobbin_secrets_store_finish (context->secrets, bobbin_cli_await (&result), &error))
    return TRUE;

  bobbin_cli_note (_("the model provider's key is not kept (%s): unlock the keyring and use “bobbin accounts key NAME "
                     "--provider-key-stdin”"), error->message);
  return FALSE;
}

/* FALSE after saying what is wrong. */
static gboolean
may_have_provider_key (const Options *options)
{
  BobbinService service = BOBBIN_SERVICE_DEMO;

  if (!options->provider_key_stdin || options->service == NULL || !bobbin_service_from_nick (options->service, &service) ||
      (bobbin_registry_get_capabilities (service) & BOBBIN_CAN_USE_PROVIDER_KEY) != 0)
    return TRUE;

  bobbin_cli_usage (_("the service %s uses no key of a model provider: leave --provider-key-stdin out"), bobbin_service_get_label (service));
  return FALSE;
}

static int
add_account (const Options *options,
             const char    *key,
             const char    *provider_key)
{
  g_auto(BobbinCliContext) context = { NULL };
  g_autoptr(BobbinAccount) account = NULL;
  g_autoptr(GError) error = NULL;
  GListModel *accounts;
  int status;

  account = account_from_options (options, &status);
  if (account == NULL)
    return status;
  if (!bobbin_cli_context_open_library (&context, &error))
    return bobbin_cli_fail (error);
  if (bobbin_library_find_account_by_name (context.library, options->name) != NULL)
    return bobbin_cli_usage (_("there is an account “%s” already"), options->name);

  accounts = bobbin_library_get_accounts (context.library);
  bobbin_account_set_position (account, (int) g_list_model_get_n_items (accounts));
  status = save (&context, account, key);
  if (status == BOBBIN_EXIT_DONE && provider_key != NULL)
    keep_provider_key (&context, account, provider_key);
  if (status == BOBBIN_EXIT_DONE && !print_account (account))
    status = BOBBIN_EXIT_FAILED;

  return status;
}

static int
add (int    argc,
     char **argv)
{
  g_auto(Options) options = { NULL };
  g_auto(GStrv) rest = NULL;
  const GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_STRING, &options.name, N_("What to call the account"), N_("NAME") },
    { "service", 0, 0, G_OPTION_ARG_STRING, &options.service, N_("nebelus, agentflow, entities, assistants or aibtc"), N_("SERVICE") },
    { "base-url", 0, 0, G_OPTION_ARG_STRING, &options.base_url, N_("Address of the server"), N_("URL") },
    { "agent", 0, 0, G_OPTION_ARG_STRING, &options.agent, N_("The agent to talk with"), N_("ID") },
    { "transport", 0, 0, G_OPTION_ARG_STRING, &options.transport, N_("auto, ws or sse"), N_("TRANSPORT") },
    { "allow-unencrypted", 0, 0, G_OPTION_ARG_NONE, &options.allow_plain,
      N_("Plain http to a private address, where the service allows it"), NULL },
    { "option", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.options, N_("An option of the service; may be given several times"), N_("KEY=VALUE") },
    { "key-stdin", 0, 0, G_OPTION_ARG_NONE, &options.key_stdin, N_("Read the key from standard input"), NULL },
    { "provider-key-stdin", 0, 0, G_OPTION_ARG_NONE, &options.provider_key_stdin,
      N_("Read the model provider's key from standard input: after --key-stdin the second line"), NULL },
    { NULL }
  };
  char *key = NULL;
  char *provider_key = NULL;
  int status;

  if (!bobbin_cli_parse (argc, argv, "", NULL, entries, &rest))
    return BOBBIN_EXIT_USAGE;
  if (rest[0] != NULL)
    return bobbin_cli_usage (_("“accounts add” takes options only"));
  if (!may_have_provider_key (&options) ||
      !bobbin_cli_read_keys (options.key_stdin ? &key : NULL, options.provider_key_stdin ? &provider_key : NULL))
    return BOBBIN_EXIT_USAGE;

  status = add_account (&options, key, provider_key);
  bobbin_secret_free (key);
  bobbin_secret_free (provider_key);

  return status;
}

/* Another key in the place of the one that is kept. */
static int
replace_key (const char *name,
             const char *key,
             const char *provider_key)
{
  g_auto(BobbinCliContext) context = { NULL };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  BobbinAccount *account;

  if (!bobbin_cli_context_open_library (&context, &error))
    return bobbin_cli_fail (error);

  account = bobbin_library_find_account_by_name (context.library, name);
  if (account == NULL)
    return bobbin_cli_usage (_("there is no account “%s”"), name);
  if (provider_key != NULL &&
      (bobbin_registry_get_capabilities (bobbin_account_get_service (account)) & BOBBIN_CAN_USE_PROVIDER_KEY) == 0)
    return bobbin_cli_usage (_("the service %s uses no key of a model provider: leave --provider-key-stdin out"),
                             bobbin_service_get_label (bobbin_account_get_service (account)));

  if (key != NULL)
    {
      bobbin_library_save_account_async (context.library, account, key, NULL, bobbin_cli_result_cb, &result);
      if (!bobbin_library_save_account_finish (context.library, bobbin_cli_await (&result), &error))
        return bobbin_cli_context_fail (&context, error);
    }
  if (provider_key != NULL && !keep_provider_key (&context, account, provider_key))
    return BOBBIN_EXIT_AUTH;

  return BOBBIN_EXIT_DONE;
}

static int
set_key (int    argc,
         char **argv)
{
  g_auto(GStrv) rest = NULL;
  gboolean key_stdin = FALSE;
  gboolean provider_key_stdin = FALSE;
  const GOptionEntry entries[] = {
    { "key-stdin", 0, 0, G_OPTION_ARG_NONE, &key_stdin, N_("Read the key from standard input"), NULL },
    { "provider-key-stdin", 0, 0, G_OPTION_ARG_NONE, &provider_key_stdin,
      N_("Read the model provider's key from standard input: after --key-stdin the second line"), NULL },
    { NULL }
  };
  char *key = NULL;
  char *provider_key = NULL;
  int status;

  if (!bobbin_cli_parse (argc, argv, "NAME", NULL, entries, &rest))
    return BOBBIN_EXIT_USAGE;
  if (g_strv_length (rest) != 1)
    return bobbin_cli_usage (_("“accounts key” takes the name of one account"));
  if (!key_stdin && !provider_key_stdin)
    return bobbin_cli_usage (_("“accounts key” takes the new key from standard input: say --key-stdin"));
  if (!bobbin_cli_read_keys (key_stdin ? &key : NULL, provider_key_stdin ? &provider_key : NULL))
    return BOBBIN_EXIT_USAGE;

  status = replace_key (rest[0], key, provider_key);
  bobbin_secret_free (key);
  bobbin_secret_free (provider_key);

  return status;
}

/* @key: (nullable): instead of the stored one */
static int
run_doctor (BobbinCliContext *context,
            BobbinAccount    *account,
            const char       *key)
{
  g_autoptr(BobbinDoctor) doctor = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) key_error = NULL;
  g_autofree char *report = NULL;
  BobbinBackend *backend = bobbin_cli_ready_backend (context, account, key, &key_error);
  gboolean passed;

  if (backend == NULL)
    return bobbin_cli_fail (key_error);

  doctor = bobbin_doctor_new (account, backend, context->clock);
  bobbin_doctor_run_async (doctor, NULL, bobbin_cli_result_cb, &result);
  passed = bobbin_doctor_run_finish (doctor, bobbin_cli_await (&result), &error);
  report = bobbin_doctor_dup_report (doctor);
  if (!bobbin_cli_print (report, -1) || (!g_str_has_suffix (report, "\n") && !bobbin_cli_print ("\n", 1)))
    return BOBBIN_EXIT_FAILED;

  if (passed)
    return BOBBIN_EXIT_DONE;

  /* Without its key the account could not pass: the keyring is to blame, not the server. */
  return bobbin_cli_fail (key_error != NULL && g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_AUTH) ? key_error : error);
}

static int
check_account (const char *name,
               const char *key)
{
  g_auto(BobbinCliContext) context = { NULL };
  g_autoptr(GError) error = NULL;
  BobbinAccount *account;

  if (!bobbin_cli_context_open_library (&context, &error))
    return bobbin_cli_fail (error);

  account = bobbin_library_find_account_by_name (context.library, name);
  if (account == NULL)
    return bobbin_cli_usage (_("there is no account “%s”"), name);
  if (!bobbin_cli_can_reach (account, &error))
    return bobbin_cli_fail (error);

  return run_doctor (&context, account, key);
}

static int
check (int    argc,
       char **argv)
{
  g_auto(GStrv) rest = NULL;
  gboolean key_stdin = FALSE;
  const GOptionEntry entries[] = {
    { "account-key-stdin", 0, 0, G_OPTION_ARG_NONE, &key_stdin, N_("Read a key for this run only from standard input"), NULL },
    { NULL }
  };
  char *key = NULL;
  int status;

  if (!bobbin_cli_parse (argc, argv, "NAME", NULL, entries, &rest))
    return BOBBIN_EXIT_USAGE;
  if (g_strv_length (rest) != 1)
    return bobbin_cli_usage (_("“accounts check” takes the name of one account"));
  if (key_stdin && (key = bobbin_cli_read_key ()) == NULL)
    return BOBBIN_EXIT_USAGE;

  status = check_account (rest[0], key);
  bobbin_secret_free (key);

  return status;
}

static int
forget (int    argc,
        char **argv)
{
  g_auto(BobbinCliContext) context = { NULL };
  g_auto(GStrv) rest = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  BobbinAccount *account;

  if (!bobbin_cli_parse (argc, argv, "NAME", NULL, NULL, &rest))
    return BOBBIN_EXIT_USAGE;
  if (g_strv_length (rest) != 1)
    return bobbin_cli_usage (_("“accounts remove” takes the name of one account"));
  if (!bobbin_cli_context_open_library (&context, &error))
    return bobbin_cli_fail (error);

  account = bobbin_library_find_account_by_name (context.library, rest[0]);
  if (account == NULL)
    return bobbin_cli_usage (_("there is no account “%s”"), rest[0]);

  bobbin_library_remove_account_async (context.library, account, NULL, bobbin_cli_result_cb, &result);
  if (bobbin_library_remove_account_finish (context.library, bobbin_cli_await (&result), &error))
    return BOBBIN_EXIT_DONE;
  if (!g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_SECRET))
    return bobbin_cli_context_fail (&context, error);

  bobbin_cli_note (_("the account is not removed, as its key cannot be deleted (%s): unlock the keyring and try again"), error->message);
  return BOBBIN_EXIT_AUTH;
}

int
bobbin_cli_accounts (int    argc,
                     char **argv)
{
  static const struct { const char *name; const char *full; int (*run) (int argc, char **argv); } verbs[] = {
    { "add", "accounts add", add }, { "check", "accounts check", check }, { "key", "accounts key", set_key },
    { "remove", "accounts remove", forget },
  };
  gboolean as_json = FALSE;
  g_auto(GStrv) rest = NULL;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_("Print one JSON object a line"), NULL },
    { NULL }
  };

  for (gsize i = 0; argc > 1 && i < G_N_ELEMENTS (verbs); i++)
    if (g_str_equal (argv[1], verbs[i].name))
      {
        argv[1] = (char *) verbs[i].full; /* names the command in its help */
        return verbs[i].run (argc - 1, argv + 1);
      }

  if (!bobbin_cli_parse (argc, argv, "[add | check | key | remove]", NULL, entries, &rest))
    return BOBBIN_EXIT_USAGE;
  if (rest[0] != NULL)
    return bobbin_cli_usage (_("“accounts” has no command “%s”"), rest[0]);

  return list (as_json);
}
