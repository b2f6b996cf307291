/* A backend: one account's server, in the terms all services share. One object per account; sessions ask it for channels.
 *
 * What a service can do is said by capabilities, and the interface offers only that; optional abilities that need calls of
 * their own are the small interfaces in bobbin-abilities.h, which a backend implements or not. Nothing outside
 * backend/<service>/ names a service. The credential is given by the library and never leaves. */
#pragma once

#include "bobbin-types.h"

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_CAN_LIST_THREADS    = 1 << 0,  /* BobbinThreadLister */
  BOBBIN_CAN_SEARCH_THREADS  = 1 << 1,
  BOBBIN_CAN_READ_HISTORY    = 1 << 2,  /* BobbinHistory; without it ours is the only copy */
  BOBBIN_CAN_EDIT_HISTORY    = 1 << 3,  /* add and delete messages on the server */
  BOBBIN_CAN_ATTACH          = 1 << 4,
  BOBBIN_CAN_UPLOAD          = 1 << 5,  /* files go ahead of the message: the channel emits UPLOAD events */
  BOBBIN_CAN_CANCEL          = 1 << 6,  /* the server stops; otherwise stopping means we stop reading */
  BOBBIN_CAN_APPROVE         = 1 << 7,  /* approvals by decision */
  BOBBIN_CAN_ANSWER_TEXT     = 1 << 8,  /* a pause answered by a message (AgentFlow interrupts) */
  BOBBIN_CAN_GIVE_OUTPUT     = 1 << 9,  /* tool calls answered by the person */
  BOBBIN_CAN_STATE           = 1 << 10, /* BobbinThreadState: view, edit, clear */
  BOBBIN_CAN_METADATA        = 1 << 11, /* BobbinThreadState: metadata only */
  BOBBIN_CAN_DELETE_THREAD   = 1 << 12, /* the server's copy */
  BOBBIN_CAN_RENAME_THREAD   = 1 << 13,
  BOBBIN_CAN_LIST_AGENTS     = 1 << 14, /* BobbinAgentLister */
  BOBBIN_CAN_CHANGE_AGENT    = 1 << 15, /* of an open thread */
  BOBBIN_CAN_CHOOSE_ID       = 1 << 16, /* we make the thread's id */
  BOBBIN_CAN_FALL_BACK       = 1 << 17, /* a thread that is gone goes on as a new one */
  BOBBIN_CAN_WORK_KEYLESS    = 1 << 18, /* a server may need no credential */
  BOBBIN_CAN_ALLOW_PLAIN     = 1 << 19, /* http to a private address, when the account allows it */
  BOBBIN_CAN_DOWNLOAD        = 1 << 20, /* BobbinDownloader */
  BOBBIN_CAN_TAKE_CONTEXT    = 1 << 21, /* BobbinTurn.context: else it goes as text in front of the message */
  BOBBIN_CAN_CHOOSE_MESSAGE_ID = 1 << 22, /* BobbinTurn.message_id is the message's id on the server */
  BOBBIN_CAN_REPEAT_LIMITED  = 1 << 24, /* a message refused for the rate may be sent again by itself after the wait */
  BOBBIN_CAN_USE_PROVIDER_KEY  = 1 << 23, /* a second secret: BOBBIN_SECRET_PROVIDER_KEY */
  BOBBIN_CAN_ADD_SYSTEM      = 1 << 26, /* of BOBBIN_CAN_EDIT_HISTORY: a message of the system, too */
  BOBBIN_CAN_MESSAGE_METADATA  = 1 << 25, /* BobbinThreadState: of a single message */
} BobbinCapabilities;

/* 0 in a field: no limit known. */
typedef struct
{
  gint64 file_bytes;         /* one attachment, raw */
  gint64 message_bytes;      /* all attachments of a message, raw */
  gint64 thread_lifetime_us; /* since last use */
  guint  messages_a_minute;
  const char *const *file_types; /* endings of the files the service says it reads, NULL at the end; NULL: it says nothing */
  guint  reconcile_ms;       /* how long the outcome of a cut answer is looked for (bobbin-abilities.h, poll_ms); then the person may go on */
} BobbinLimits;

/* Returns: (transfer full) (nullable): how much the service takes, for people; NULL when nothing is known. */
char *bobbin_limits_dup_sentence (const BobbinLimits *self) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the service says it reads a file of that name. What it does not list it may take all the same. */
gboolean bobbin_limits_list_type (const BobbinLimits *self, const char *name);

/* One line of the connection doctor's report. */
typedef enum
{
  BOBBIN_CHECK_DNS,
  BOBBIN_CHECK_TCP,
  BOBBIN_CHECK_TLS,
  BOBBIN_CHECK_HTTP,
  BOBBIN_CHECK_AUTH,
  BOBBIN_CHECK_STREAM,
  BOBBIN_N_CHECKS
} BobbinCheck;

#define BOBBIN_TYPE_BACKEND (bobbin_backend_get_type ())
G_DECLARE_INTERFACE (BobbinBackend, bobbin_backend, BOBBIN, BACKEND, GObject)

struct _BobbinBackendInterface
{
  GTypeInterface parent_iface;

  BobbinCapabilities  (*get_capabilities) (BobbinBackend *self);
  const BobbinLimits *(*get_limits)       (BobbinBackend *self);
  void                (*set_credential)   (BobbinBackend *self, const char *credential);
  BobbinChannel      *(*open_channel)     (BobbinBackend *self, const char *agent_id, const char *thread_id);
  /* The steps AUTH and STREAM; the doctor does those before. */
  void                (*check_async)      (BobbinBackend *self, BobbinCheck step, const char *agent_id, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
  gboolean            (*check_finish)     (BobbinBackend *self, GAsyncResult *result, GError **error);
  void                (*set_provider_key) (BobbinBackend *self, const char *key); /* BOBBIN_CAN_USE_PROVIDER_KEY, else NULL */
  void                (*drop_uploads)     (BobbinBackend *self, GPtrArray *attachments); /* NULL: nothing can be deleted there */
};

BobbinCapabilities  bobbin_backend_get_capabilities (BobbinBackend *self);
gboolean            bobbin_backend_can              (BobbinBackend *self, BobbinCapabilities all_of);
const BobbinLimits *bobbin_backend_get_limits       (BobbinBackend *self);
/* (nullable): NULL forgets it. A copy is kept in memory and wiped. */
void                bobbin_backend_set_credential   (BobbinBackend *self, const char *credential);
/* The same for the second secret; nothing happens where the service has none. */
void                bobbin_backend_set_provider_key (BobbinBackend *self, const char *key);
/* Files (BobbinAttachment) of a message that will not be sent: those that went ahead and are in no message yet are deleted there,
 * as far as that can be; nobody waits for it. */
void                bobbin_backend_drop_uploads     (BobbinBackend *self, GPtrArray *attachments);
/* @thread_id: the server's, NULL for a new thread. Nothing touches the network before bobbin_channel_start(). */
BobbinChannel      *bobbin_backend_open_channel     (BobbinBackend *self, const char *agent_id, const char *thread_id) G_GNUC_WARN_UNUSED_RESULT;
/* Fails with BOBBIN_ERROR_NOT_SUPPORTED where AUTH cannot be told from the server's answers; the message says what will tell. */
void                bobbin_backend_check_async      (BobbinBackend *self, BobbinCheck step, const char *agent_id, GCancellable *cancellable,
                                                     GAsyncReadyCallback callback, gpointer user_data);
gboolean            bobbin_backend_check_finish     (BobbinBackend *self, GAsyncResult *result, GError **error);

/* bobbin-registry.c: the one table from service to constructor. */
/* (nullable): NULL for a service that is not built in. @clock drives pings and limits. */
BobbinBackend *bobbin_registry_create   (BobbinAccount *account, BobbinClock *clock) G_GNUC_WARN_UNUSED_RESULT;
gboolean       bobbin_registry_has      (guint service);
/* What every server of this kind can do, for the account editor and the sidebar, without an account. */
BobbinCapabilities bobbin_registry_get_capabilities (guint service);
/* (nullable): pre-filled in the account editor. */
const char    *bobbin_registry_get_default_url (guint service);
/* What only this service asks of an account: kept in its options (bobbin_account_dup_option()), shown in the account editor and
 * taken by "bobbin accounts add --option KEY=VALUE". A choice is one of @choices, the first of them the default. */
typedef enum
{
  BOBBIN_OPTION_TEXT,
  BOBBIN_OPTION_CHOICE,
  BOBBIN_OPTION_SWITCH,  /* "yes", or not there */
} BobbinOptionType;

typedef struct
{
  const char       *key;
  BobbinOptionType  type;
  const char       *label;       /* N_() */
  const char       *hint;        /* (nullable) N_(): one sentence */
  const char       *choices[7];  /* CHOICE: values, NULL-terminated */
  const char       *labels[7];   /* CHOICE: N_() */
  const char       *needs_key;   /* (nullable): shown only while the option of this key ... */
  const char       *needs_value; /* ... has this value */
} BobbinServiceOption;

/* Terminated by a NULL key; never NULL. */
const BobbinServiceOption *bobbin_registry_get_options (guint service);
/* Checks and tidies a base URL as typed for @service: scheme, host, slashes, plain http rules (product.md, promise 8).
 * Returns: (transfer full): the URL to keep, or NULL with BOBBIN_ERROR_INVALID or BOBBIN_ERROR_INSECURE. */
char          *bobbin_registry_normalize_url (guint service, const char *typed, gboolean allow_plain, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
