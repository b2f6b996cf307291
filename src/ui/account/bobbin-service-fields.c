#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "account/bobbin-service-fields.h"

#include "backend/bobbin-backend.h"
#include "util/bobbin-error.h"

#include <glib/gi18n.h>

static const BobbinServiceFields fields[BOBBIN_N_SERVICES] = {
  [BOBBIN_SERVICE_DEMO] = {
    FALSE, FALSE, FALSE, FALSE,
    N_("Part of Bobbin: needs no account, key or network."), NULL },
  [BOBBIN_SERVICE_NEBELUS] = {
    TRUE, TRUE, TRUE, TRUE,
    N_("Agents on a Nebelus server."), N_("The agent’s ID, as shown in its settings") },
  [BOBBIN_SERVICE_AGENTFLOW] = {
    TRUE, TRUE, TRUE, FALSE,
    N_("A graph served by AgentFlow."), N_("Leave empty for the server’s own graph") },
  [BOBBIN_SERVICE_ENTITIES] = {
    TRUE, TRUE, TRUE, FALSE,
    N_("Assistants of an Entities API server."), N_("The assistant’s ID") },
  [BOBBIN_SERVICE_ASSISTANTS] = {
    TRUE, TRUE, TRUE, FALSE,
    N_("A server with Assistants version 2 threads."), N_("The assistant’s ID") },
  [BOBBIN_SERVICE_AIBTC] = {
    TRUE, TRUE, TRUE, FALSE,
    N_("An aibtc chat server."), N_("Leave empty for the default agent") },
};

/* The demo agent is last: whoever adds an account looks for something else. */
static const BobbinService order[] = {
  BOBBIN_SERVICE_NEBELUS, BOBBIN_SERVICE_AGENTFLOW, BOBBIN_SERVICE_ENTITIES,
  BOBBIN_SERVICE_ASSISTANTS, BOBBIN_SERVICE_AIBTC, BOBBIN_SERVICE_DEMO,
};

const BobbinServiceFields *
bobbin_service_fields_get (BobbinService service)
{
  g_return_val_if_fail ((guint) service < BOBBIN_N_SERVICES, &fields[BOBBIN_SERVICE_DEMO]);

  return &fields[service];
}

guint
bobbin_service_fields_list (BobbinService *ret_services)
{
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    if (bobbin_registry_has (order[i]))
      ret_services[n++] = order[i];

  return n;
}

static gboolean
name_is_taken (const char *name,
               GListModel *accounts)
{
  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(BobbinAccount) account = g_list_model_get_item (accounts, i);

      if (g_strcmp0 (bobbin_account_get_name (account), name) == 0)
        return TRUE;
    }

  return FALSE;
}

char *
bobbin_service_fields_dup_name (BobbinService service,
                                GListModel   *accounts)
{
  g_autofree char *name = g_strdup (bobbin_service_get_label (service));

  for (guint number = 2; name_is_taken (name, accounts); number++)
    {
      g_free (name);
      name = g_strdup_printf ("%s %u", bobbin_service_get_label (service), number);
    }

  return g_steal_pointer (&name);
}

char *
bobbin_service_fields_dup_url_problem (const GError *error)
{
  if (g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_INSECURE))
    return g_strdup (_("The address must begin with https, so that nobody can read along."));

  return g_strdup (_("Enter a web address, such as https://agents.example.com."));
}
