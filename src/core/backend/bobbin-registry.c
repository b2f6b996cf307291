/* The one table from service to constructor, and what is true of a service before there is an account. */
#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/bobbin-backend.h"

#include "backend/agentflow/bobbin-agentflow-backend.h"
#include "backend/aibtc/bobbin-aibtc-backend.h"
#include "backend/assistants/bobbin-assistants-backend.h"
#include "backend/entities/bobbin-entities-backend.h"
#include "backend/nebelus/bobbin-nebelus-backend.h"
#include "model/bobbin-account.h"
#include "transport/bobbin-address.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-error.h"

#include <glib/gi18n.h>
#include <string.h>

typedef BobbinBackend *(*Constructor) (BobbinAccount *account, BobbinClock *clock);

/* What the path of a typed address may hold. */
typedef enum
{
  PATH_NONE,    /* an origin; a path is refused */
  PATH_PREFIX,  /* a prefix is kept, as behind a reverse proxy */
} PathRule;

typedef struct
{
  Constructor        constructor;  /* NULL: not built in */
  BobbinCapabilities capabilities;
  const char        *default_url;  /* (nullable) */
  gboolean           websocket;    /* the address is kept as wss, else as https */
  PathRule           path;
  const char        *endpoints[5]; /* ends of what people paste, dropped with all that follows */
  const BobbinServiceOption *options; /* (nullable): terminated by a NULL key */
} Service;

static const BobbinServiceOption no_options[] = { { NULL } };

/* agentflow.md, section 1, "Authentication", and section 9. */
static const BobbinServiceOption agentflow_options[] = {
  {
    .key = "auth", .type = BOBBIN_OPTION_CHOICE, .label = N_("Send the Key As"),
    .choices = { "bearer", "basic", "header", NULL },
    .labels = { N_("Bearer token"), N_("User name and password"), N_("A header of its own"), NULL },
  },
  {
    .key = "auth-header", .type = BOBBIN_OPTION_TEXT, .label = N_("Header"),
    .hint = N_("The name of the header, such as X-API-Key"), .needs_key = "auth", .needs_value = "header",
  },
  {
    .key = "auth-prefix", .type = BOBBIN_OPTION_TEXT, .label = N_("Word in Front of the Key"),
    .hint = N_("Left empty, the header holds the key alone"), .needs_key = "auth", .needs_value = "header",
  },
  {
    .key = "server-stop", .type = BOBBIN_OPTION_SWITCH, .label = N_("Stop on the Server"),
    .hint = N_("Older servers end every later answer of a conversation that was stopped; Bobbin then mends it"),
  },
  { NULL },
};

/* assistants.md, sections 1, 2 and 7. */
static const BobbinServiceOption assistants_options[] = {
  {
    .key = "auth", .type = BOBBIN_OPTION_CHOICE, .label = N_("Send the Key As"),
    .choices = { "auto", "bearer", "api-key", "both", "astra-api-token", NULL },
    .labels = { N_("As the address suggests"), N_("Bearer token"), N_("api-key header (Azure)"), N_("Both"),
                N_("astra-api-token header"), NULL },
  },
  {
    .key = "query", .type = BOBBIN_OPTION_TEXT, .label = N_("Added to Every Address"),
    .hint = N_("Such as api-version=2024-05-01-preview, which Azure asks for"),
  },
  {
    .key = "headers", .type = BOBBIN_OPTION_TEXT, .label = N_("More Headers"),
    .hint = N_("Such as OpenAI-Project: name; several are separated by semicolons. Keys do not belong here"),
  },
  {
    .key = "poll", .type = BOBBIN_OPTION_SWITCH, .label = N_("Do Not Stream Answers"),
    .hint = N_("For servers and proxies that hold streams back: Bobbin asks until the answer is there"),
  },
  { NULL },
};

/* aibtc-chat.md, section 2. */
static const BobbinServiceOption aibtc_options[] = {
  {
    .key = "auth", .type = BOBBIN_OPTION_CHOICE, .label = N_("Send the Key As"),
    .hint = N_("Most servers take it in the address only; headers are tried first"),
    .choices = { "auto", "header", "query", NULL },
    .labels = { N_("Automatic"), N_("A header"), N_("Part of the address"), NULL },
  },
  { NULL },
};

#define NEBELUS_CAPABILITIES (BOBBIN_CAN_ATTACH | BOBBIN_CAN_CANCEL | BOBBIN_CAN_APPROVE | BOBBIN_CAN_FALL_BACK | \
                              BOBBIN_CAN_REPEAT_LIMITED)
#define HISTORY_CAPABILITIES (BOBBIN_CAN_LIST_THREADS | BOBBIN_CAN_READ_HISTORY | BOBBIN_CAN_EDIT_HISTORY | BOBBIN_CAN_ATTACH | \
                              BOBBIN_CAN_UPLOAD | BOBBIN_CAN_DOWNLOAD | BOBBIN_CAN_CANCEL | BOBBIN_CAN_DELETE_THREAD | \
                              BOBBIN_CAN_ALLOW_PLAIN)

/* product.md, section 2. */
static const Service services[BOBBIN_N_SERVICES] = {
  [BOBBIN_SERVICE_DEMO] = {
    bobbin_nebelus_backend_new, NEBELUS_CAPABILITIES, NULL, FALSE, PATH_PREFIX,
    { NULL },
  },
  [BOBBIN_SERVICE_NEBELUS] = {
    bobbin_nebelus_backend_new, NEBELUS_CAPABILITIES, "https://api.nebelus.ai", FALSE, PATH_PREFIX,
    { "/ws/agents/", "/api/agents/", "/api/v1/", "/stream", NULL },
  },
  [BOBBIN_SERVICE_AGENTFLOW] = {
    bobbin_agentflow_backend_new, HISTORY_CAPABILITIES | BOBBIN_CAN_SEARCH_THREADS | BOBBIN_CAN_ANSWER_TEXT | BOBBIN_CAN_STATE | BOBBIN_CAN_CHOOSE_ID |
    BOBBIN_CAN_CHOOSE_MESSAGE_ID | BOBBIN_CAN_WORK_KEYLESS | BOBBIN_CAN_ADD_SYSTEM, "http://127.0.0.1:8000", FALSE, PATH_PREFIX,
    { "/v1/", "/ping", NULL },
    agentflow_options,
  },
  [BOBBIN_SERVICE_ENTITIES] = {
    bobbin_entities_backend_new,
    HISTORY_CAPABILITIES | BOBBIN_CAN_GIVE_OUTPUT | BOBBIN_CAN_METADATA | BOBBIN_CAN_LIST_AGENTS | BOBBIN_CAN_CHANGE_AGENT |
    BOBBIN_CAN_RENAME_THREAD | BOBBIN_CAN_FALL_BACK | BOBBIN_CAN_USE_PROVIDER_KEY,
    "http://localhost:9000", FALSE, PATH_NONE,
    { "/v1/", NULL },
  },
  [BOBBIN_SERVICE_ASSISTANTS] = {
    bobbin_assistants_backend_new,
    HISTORY_CAPABILITIES | BOBBIN_CAN_GIVE_OUTPUT | BOBBIN_CAN_METADATA | BOBBIN_CAN_LIST_AGENTS | BOBBIN_CAN_CHANGE_AGENT |
    BOBBIN_CAN_WORK_KEYLESS | BOBBIN_CAN_RENAME_THREAD | BOBBIN_CAN_FALL_BACK | BOBBIN_CAN_TAKE_CONTEXT | BOBBIN_CAN_MESSAGE_METADATA, NULL, FALSE, PATH_PREFIX,
    { "/assistants", "/threads", NULL },
    assistants_options,
  },
  [BOBBIN_SERVICE_AIBTC] = {
    bobbin_aibtc_backend_new,
    BOBBIN_CAN_READ_HISTORY | BOBBIN_CAN_CHOOSE_ID | BOBBIN_CAN_CHOOSE_MESSAGE_ID | BOBBIN_CAN_CHANGE_AGENT | BOBBIN_CAN_REPEAT_LIMITED,
    NULL, TRUE, PATH_PREFIX,
    { "/chat/ws", NULL },
    aibtc_options,
  },
};

BobbinBackend *
bobbin_registry_create (BobbinAccount *account,
                        BobbinClock   *clock)
{
  Constructor constructor;

  g_return_val_if_fail (BOBBIN_IS_ACCOUNT (account), NULL);
  g_return_val_if_fail (BOBBIN_IS_CLOCK (clock), NULL);

  constructor = services[bobbin_account_get_service (account)].constructor;

  return constructor != NULL ? constructor (account, clock) : NULL;
}

gboolean
bobbin_registry_has (guint service)
{
  return service < BOBBIN_N_SERVICES && services[service].constructor != NULL;
}

BobbinCapabilities
bobbin_registry_get_capabilities (guint service)
{
  g_return_val_if_fail (service < BOBBIN_N_SERVICES, 0);

  return services[service].capabilities;
}

const BobbinServiceOption *
bobbin_registry_get_options (guint service)
{
  g_return_val_if_fail (service < BOBBIN_N_SERVICES, no_options);

  return services[service].options != NULL ? services[service].options : no_options;
}

const char *
bobbin_registry_get_default_url (guint service)
{
  g_return_val_if_fail (service < BOBBIN_N_SERVICES, NULL);

  return services[service].default_url;
}

/* "localhost:8000" and "api.example.org" are how people say it; an address without a scheme is given the safe one. */
static char *
add_scheme (const char *typed)
{
  g_autofree char *host = NULL;
  const char *end;

  if (strstr (typed, "://") != NULL)
    return g_strdup (typed);

  if (*typed == '[' && (end = strchr (typed, ']')) != NULL)
    host = g_strndup (typed + 1, (gsize) (end - typed - 1));
  else
    host = g_strndup (typed, strcspn (typed, ":/?#"));

  return g_strconcat (bobbin_address_is_loopback (host) ? "http://" : "https://", typed, NULL);
}

/* The prefix that is left of @path: no slash at its end, no endpoint of the service. */
static char *
tidy_path (const Service *service,
           const char    *path)
{
  g_autofree char *closed = g_strconcat (path, g_str_has_suffix (path, "/") ? "" : "/", NULL);
  gsize length;

  for (guint i = 0; service->endpoints[i] != NULL; i++)
    {
      char *found = strstr (closed, service->endpoints[i]);

      if (found != NULL)
        *found = '\0';
    }
  length = strlen (closed);
  while (length > 0 && closed[length - 1] == '/')
    closed[--length] = '\0';

  return g_steal_pointer (&closed);
}

static const char *
scheme_to_keep (const Service *service,
                const char    *scheme)
{
  gboolean plain = g_str_equal (scheme, "http") || g_str_equal (scheme, "ws");

  if (service->websocket)
    return plain ? "ws" : "wss";

  return plain ? "http" : "https";
}

/* Letters of any script, digits, hyphens and dots, or an address in numbers. */
static gboolean
is_host (const char *host)
{
  g_autofree char *ascii = host != NULL ? g_hostname_to_ascii (host) : NULL;

  if (ascii == NULL || *ascii == '\0')
    return FALSE;
  if (g_hostname_is_ip_address (ascii))
    return TRUE;
  for (const char *p = ascii; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && *p != '-' && *p != '.' && *p != '_')
      return FALSE;

  return TRUE;
}

/* -1 where it goes without saying. */
static int
port_to_keep (GUri *uri)
{
  const char *scheme = g_uri_get_scheme (uri);
  gboolean plain = g_str_equal (scheme, "http") || g_str_equal (scheme, "ws");

  return g_uri_get_port (uri) == (plain ? 80 : 443) ? -1 : g_uri_get_port (uri);
}

static GUri *
parse_typed (const char *typed,
             GError    **error)
{
  g_autofree char *full = add_scheme (typed);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GUri) uri = g_uri_parse (full, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED_PATH,
                                     &local_error);

  if (uri == NULL)
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, "This is no address: %s", local_error->message);
      return NULL;
    }
  if (g_uri_get_userinfo (uri) != NULL)
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID,
                           "The address holds a user name or password: give the key in its own field");
      return NULL;
    }
  if (!is_host (g_uri_get_host (uri)))
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, "The address names no server");
      return NULL;
    }
  if (g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL)
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, "The address must end before any ? or #");
      return NULL;
    }

  return g_steal_pointer (&uri);
}

char *
bobbin_registry_normalize_url (guint       service,
                               const char *typed,
                               gboolean    allow_plain,
                               GError    **error)
{
  g_autofree char *trimmed = NULL;
  g_autofree char *path = NULL;
  g_autofree char *host = NULL;
  g_autoptr(GUri) uri = NULL;
  g_autoptr(GUri) kept = NULL;
  const Service *row;

  g_return_val_if_fail (service < BOBBIN_N_SERVICES, NULL);
  g_return_val_if_fail (typed != NULL, NULL);

  row = &services[service];
  trimmed = g_strstrip (g_strdup (typed));
  if (*trimmed == '\0')
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, "The address is empty");
      return NULL;
    }
  uri = parse_typed (trimmed, error);
  if (uri == NULL)
    return NULL;
  if (!bobbin_address_check_uri (uri, allow_plain && (row->capabilities & BOBBIN_CAN_ALLOW_PLAIN), error))
    return NULL;

  path = tidy_path (row, g_uri_get_path (uri));
  if (row->path == PATH_NONE && *path != '\0')
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, "The address ends after the server's name, without %s", path);
      return NULL;
    }
  host = g_ascii_strdown (g_uri_get_host (uri), -1);
  kept = g_uri_build (G_URI_FLAGS_ENCODED_PATH, scheme_to_keep (row, g_uri_get_scheme (uri)), NULL, host,
                      port_to_keep (uri), path, NULL, NULL);

  return g_uri_to_string (kept);
}
