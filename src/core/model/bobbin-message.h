/* One message of a thread: who wrote it, its blocks in order, where it is on its way, what it cost.
 * Failure is a state of the message, not of the session. */
#pragma once

#include "bobbin-types.h"

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_ROLE_USER,
  BOBBIN_ROLE_ASSISTANT,
  BOBBIN_ROLE_SYSTEM,
  BOBBIN_ROLE_TOOL,
  BOBBIN_ROLE_NOTICE, /* ours: written by this program, never sent */
  BOBBIN_N_ROLES
} BobbinRole;

/* product.md, section 3, promise 3. User messages: QUEUED → SENDING → ACCEPTED → ANSWERING → COMPLETE, or STOPPED, INTERRUPTED,
 * FAILED. Answers: ANSWERING → COMPLETE, STOPPED, INTERRUPTED or FAILED. A draft is not a message yet (BobbinDraft). */
typedef enum
{
  BOBBIN_DELIVERY_QUEUED,      /* in the database, no byte written */
  BOBBIN_DELIVERY_SENDING,     /* bytes may have been written */
  BOBBIN_DELIVERY_ACCEPTED,    /* an event of its turn arrived */
  BOBBIN_DELIVERY_ANSWERING,
  BOBBIN_DELIVERY_COMPLETE,
  BOBBIN_DELIVERY_STOPPED,     /* by the person */
  BOBBIN_DELIVERY_INTERRUPTED, /* cut; what arrived is kept */
  BOBBIN_DELIVERY_FAILED,      /* see the failure */
  BOBBIN_N_DELIVERIES
} BobbinDelivery;

#define BOBBIN_TYPE_ROLE (bobbin_role_get_type ())
GType       bobbin_role_get_type       (void) G_GNUC_CONST;
const char *bobbin_role_get_nick       (BobbinRole role);
gboolean    bobbin_role_from_nick      (const char *nick, BobbinRole *ret_role);
#define BOBBIN_TYPE_DELIVERY (bobbin_delivery_get_type ())
GType       bobbin_delivery_get_type   (void) G_GNUC_CONST;
const char *bobbin_delivery_get_nick   (BobbinDelivery delivery);
gboolean    bobbin_delivery_from_nick  (const char *nick, BobbinDelivery *ret_delivery);

/* What an answer used. Counters are -1 when unknown. */
typedef struct
{
  gint64   input_tokens;
  gint64   output_tokens;
  gint64   total_tokens;
  double   total_ms;      /* as told by the server, -1 unknown */
  double   provider_ms;
  double   cost;          /* -1 unknown */
  char     currency[8];   /* "EUR"; "" unknown */
  gboolean unit_billed;
} BobbinUsage;

#define BOBBIN_USAGE_INIT { -1, -1, -1, -1, -1, -1, "", FALSE }

#define BOBBIN_TYPE_MESSAGE (bobbin_message_get_type ())
G_DECLARE_FINAL_TYPE (BobbinMessage, bobbin_message, BOBBIN, MESSAGE, GObject)

/* Where a server keeps one message as several rows, the server id holds their ids, one a line. */
#define BOBBIN_SERVER_ID_SEPARATOR "\n"

/* Properties: "id", "role" (construct-only), "delivery", "server-id", "created-us" (construct), "finished-us", "agent-id",
 * "agent-name", "model", "stop-reason", "failure" (boxed, nullable), "blocks" (read-only GListModel of BobbinBlock),
 * "usage-revision" (uint, counts changes of the usage), "version" (uint, read-only). */
BobbinMessage       *bobbin_message_new             (gint64 id, BobbinRole role, gint64 created_us) G_GNUC_WARN_UNUSED_RESULT;
gint64               bobbin_message_get_id          (BobbinMessage *self);
BobbinRole           bobbin_message_get_role        (BobbinMessage *self);
BobbinDelivery       bobbin_message_get_delivery    (BobbinMessage *self);
void                 bobbin_message_set_delivery    (BobbinMessage *self, BobbinDelivery delivery);
const char          *bobbin_message_get_server_id   (BobbinMessage *self); /* (nullable), as all strings here */
void                 bobbin_message_set_server_id   (BobbinMessage *self, const char *server_id);
/* Whether @row_id is the server id or one of them. */
gboolean             bobbin_message_has_server_id   (BobbinMessage *self, const char *row_id);
/* Adds one unless it is there. */
void                 bobbin_message_add_server_id   (BobbinMessage *self, const char *row_id);
gint64               bobbin_message_get_created_us  (BobbinMessage *self);
gint64               bobbin_message_get_finished_us (BobbinMessage *self);
void                 bobbin_message_set_finished_us (BobbinMessage *self, gint64 finished_us);
const char          *bobbin_message_get_agent_id    (BobbinMessage *self);
void                 bobbin_message_set_agent_id    (BobbinMessage *self, const char *agent_id);
const char          *bobbin_message_get_agent_name  (BobbinMessage *self);
void                 bobbin_message_set_agent_name  (BobbinMessage *self, const char *agent_name);
const char          *bobbin_message_get_model       (BobbinMessage *self);
void                 bobbin_message_set_model       (BobbinMessage *self, const char *model);
const char          *bobbin_message_get_stop_reason (BobbinMessage *self);
void                 bobbin_message_set_stop_reason (BobbinMessage *self, const char *stop_reason);
const BobbinFailure *bobbin_message_get_failure     (BobbinMessage *self);
void                 bobbin_message_set_failure     (BobbinMessage *self, const BobbinFailure *failure); /* copies */
const BobbinUsage   *bobbin_message_get_usage       (BobbinMessage *self);
void                 bobbin_message_set_usage       (BobbinMessage *self, const BobbinUsage *usage);
/* Versions of a prompt: all have the id of the first of them, 0 where there is one only. Set together; notifies "version". */
gint64               bobbin_message_get_version_of (BobbinMessage *self);
guint                bobbin_message_get_version    (BobbinMessage *self); /* 1-based */
guint                bobbin_message_get_n_versions (BobbinMessage *self);
void                 bobbin_message_set_version    (BobbinMessage *self, gint64 version_of, guint version, guint n_versions);
GListModel          *bobbin_message_get_blocks      (BobbinMessage *self);
guint                bobbin_message_get_n_blocks    (BobbinMessage *self);
BobbinBlock         *bobbin_message_get_block       (BobbinMessage *self, guint position); /* borrowed, NULL past the end */
void                 bobbin_message_add_block       (BobbinMessage *self, BobbinBlock *block);
void                 bobbin_message_remove_blocks   (BobbinMessage *self);
/* The text blocks joined by blank lines: what "Copy" and the list of threads show. */
char                *bobbin_message_dup_text        (BobbinMessage *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
