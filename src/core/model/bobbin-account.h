/* An account: one service, one base URL, one credential (kept elsewhere, see secret/), a default agent.
 * A plain object with properties and no I/O; BobbinLibrary loads, saves and removes accounts. */
#pragma once

#include "bobbin-types.h"

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_SERVICE_DEMO,
  BOBBIN_SERVICE_NEBELUS,
  BOBBIN_SERVICE_AGENTFLOW,
  BOBBIN_SERVICE_ENTITIES,
  BOBBIN_SERVICE_ASSISTANTS,
  BOBBIN_SERVICE_AIBTC,
  BOBBIN_N_SERVICES
} BobbinService;

#define BOBBIN_TYPE_SERVICE (bobbin_service_get_type ())
GType         bobbin_service_get_type   (void) G_GNUC_CONST;
const char   *bobbin_service_get_nick   (BobbinService service);                     /* "nebelus", as on the command line and on disk */
gboolean      bobbin_service_from_nick  (const char *nick, BobbinService *ret_service);
const char   *bobbin_service_get_label  (BobbinService service);                     /* "Nebelus": a product name, not translated */

typedef enum
{
  BOBBIN_TRANSPORT_AUTO, /* WebSocket, with a fallback to SSE */
  BOBBIN_TRANSPORT_WS,
  BOBBIN_TRANSPORT_SSE,
} BobbinTransport;

#define BOBBIN_TYPE_TRANSPORT (bobbin_transport_get_type ())
GType       bobbin_transport_get_type  (void) G_GNUC_CONST;
const char *bobbin_transport_get_nick  (BobbinTransport transport);
gboolean    bobbin_transport_from_nick (const char *nick, BobbinTransport *ret_transport);

#define BOBBIN_TYPE_ACCOUNT (bobbin_account_get_type ())
G_DECLARE_FINAL_TYPE (BobbinAccount, bobbin_account, BOBBIN, ACCOUNT, GObject)

/* Properties: "id" (int64, construct-only, 0 makes a new one), "name", "service" (construct-only), "base-url",
 * "agent-id", "transport", "allow-plain" (unencrypted to a private address), "pinned-certificate" (SHA-256
 * fingerprint in hex, or NULL), "position" (order in lists), "options" (JSON object as text: what only one
 * service knows, such as the header form that worked), "needs-key" (not stored: the credential is missing or was refused),
 * "key-refused" (not stored: with needs-key, it is there and the server does not take it),
 * "key-expires-us" (not stored: wall clock, 0 unknown: what a token says of itself). */
BobbinAccount  *bobbin_account_new                (gint64 id, BobbinService service, const char *name, const char *base_url) G_GNUC_WARN_UNUSED_RESULT;
gint64          bobbin_account_get_id             (BobbinAccount *self);
BobbinService   bobbin_account_get_service        (BobbinAccount *self);
const char     *bobbin_account_get_name           (BobbinAccount *self);
void            bobbin_account_set_name           (BobbinAccount *self, const char *name);
const char     *bobbin_account_get_base_url       (BobbinAccount *self);
void            bobbin_account_set_base_url       (BobbinAccount *self, const char *base_url);
const char     *bobbin_account_get_agent_id       (BobbinAccount *self); /* (nullable) */
void            bobbin_account_set_agent_id       (BobbinAccount *self, const char *agent_id);
BobbinTransport bobbin_account_get_transport      (BobbinAccount *self);
void            bobbin_account_set_transport      (BobbinAccount *self, BobbinTransport transport);
gboolean        bobbin_account_get_allow_plain    (BobbinAccount *self);
void            bobbin_account_set_allow_plain    (BobbinAccount *self, gboolean allow_plain);
const char     *bobbin_account_get_pinned_certificate (BobbinAccount *self); /* (nullable) */
void            bobbin_account_set_pinned_certificate (BobbinAccount *self, const char *fingerprint);
int             bobbin_account_get_position       (BobbinAccount *self);
void            bobbin_account_set_position       (BobbinAccount *self, int position);
const char     *bobbin_account_get_options        (BobbinAccount *self); /* "{}" when empty */
void            bobbin_account_set_options        (BobbinAccount *self, const char *options);
/* One string member of the options; NULL removes it. */
char           *bobbin_account_dup_option         (BobbinAccount *self, const char *key) G_GNUC_WARN_UNUSED_RESULT;
void            bobbin_account_set_option         (BobbinAccount *self, const char *key, const char *value);
gboolean        bobbin_account_get_needs_key      (BobbinAccount *self);
void            bobbin_account_set_needs_key      (BobbinAccount *self, gboolean needs_key); /* FALSE: it is not refused either */
gboolean        bobbin_account_get_key_refused    (BobbinAccount *self);
void            bobbin_account_set_key_refused    (BobbinAccount *self, gboolean key_refused);
gint64          bobbin_account_get_key_expires_us (BobbinAccount *self);
void            bobbin_account_set_key_expires_us (BobbinAccount *self, gint64 key_expires_us);

G_END_DECLS
