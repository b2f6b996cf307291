/* What the files of the demo server share. Everything here lives in the server's thread, but for what says
 * otherwise. */
#pragma once

#include "demo/bobbin-demo-link.h"
#include "demo/bobbin-demo-server.h"
#include "wire/bobbin-nebelus-server.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* -server listens and keeps the talks, -http answers requests, -settings holds faults and settings, -log what
 * was received, -threads what is remembered of conversations. */
struct _BobbinDemoServer
{
  GObject             parent_instance;

  /* any thread, set between start and stop only */
  GThread            *thread;
  GMainContext       *context;
  GMainLoop          *loop;
  guint16             port;
  char               *base_url;
  char               *key;
  GError             *start_error;
  BobbinDemoChatFunc  chat_func;
  gpointer            chat_data;

  /* any thread, under the lock */
  GMutex              lock;
  GCond               started;
  gboolean            is_started;
  GQueue              faults;          /* of BobbinDemoFault */
  char               *unknown_threads;
  char               *auth;
  gboolean            pong;
  gboolean            reply_json;
  guint               word_ms;
  guint               number;
  char               *expire_all;      /* (nullable): to be done by the server's thread */
  BobbinDemoCounters  counters;
  GPtrArray          *chats;           /* of BobbinDemoChat */
  GHashTable         *remembered;      /* id → BobbinDemoThread, not asked for yet */

  /* the server's thread */
  SoupServer         *soup;
  GHashTable         *threads;         /* id → BobbinDemoThread */
  GPtrArray          *talks;           /* of BobbinDemoTalk, those that live */
};

/* Which place of the server a fault is for. */
typedef enum
{
  BOBBIN_DEMO_FAULT_SAY,
  BOBBIN_DEMO_FAULT_SCRIPT,
  BOBBIN_DEMO_FAULT_REFUSE,
  BOBBIN_DEMO_FAULT_CONNECT,
  BOBBIN_DEMO_FAULT_HANG,
  BOBBIN_DEMO_FAULT_DROP,
} BobbinDemoFaultType;

typedef struct
{
  BobbinDemoFaultType type;
  guint               times;        /* left; 0: for ever */
  int                 on;           /* BobbinDemoLinkKind, -1 both */
  guint               status;
  char               *retry_after;  /* (nullable) */
  /* SAY: the text; REFUSE: (nullable) the body; SCRIPT, CONNECT: a JSON array of steps */
  char               *text;
} BobbinDemoFault;

void             bobbin_demo_fault_free  (BobbinDemoFault *self);
BobbinDemoFault *bobbin_demo_fault_copy  (const BobbinDemoFault *self) G_GNUC_WARN_UNUSED_RESULT;
/* Reads the faults of the server's header but for the settings. Returns: NULL, with @error only when @object
 * asks for one that is wrong. */
BobbinDemoFault *bobbin_demo_fault_parse (JsonObject *object, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* TRUE for one of the words for how a thread expires. */
gboolean         bobbin_demo_is_expiry   (const char *how);

/* What the server remembers of a thread. */
typedef struct
{
  char      *id;
  char      *title;          /* (nullable) */
  char      *expired;        /* (nullable): how */
  GPtrArray *history;        /* of char * */
  gboolean   approval;       /* one is open */
  int        approval_index; /* of the next block after it */
  gpointer   talk;           /* the BobbinDemoTalk whose turn runs; borrowed */
} BobbinDemoThread;

BobbinDemoThread *bobbin_demo_thread_new   (const char *id) G_GNUC_WARN_UNUSED_RESULT; /* @id: (nullable): a new one */
void              bobbin_demo_thread_free  (BobbinDemoThread *self);
BobbinDemoThread *_bobbin_demo_server_new_thread    (BobbinDemoServer *self, const char *id);
BobbinDemoThread *_bobbin_demo_server_find_thread   (BobbinDemoServer *self, const char *id);
/* The id asked for becomes a thread, by what is known and by the settings.
 * Returns: (nullable): NULL where it is gone, and then how in @ret_how. */
BobbinDemoThread *_bobbin_demo_server_resolve_thread (BobbinDemoServer *self, const char *id, const char **ret_how);
void              _bobbin_demo_server_rename_thread (BobbinDemoServer *self, BobbinDemoThread *thread);

/* Any thread, as the next ones. */
void              _bobbin_demo_server_reset_settings (BobbinDemoServer *self);
guint             _bobbin_demo_server_get_speed     (BobbinDemoServer *self);
guint             _bobbin_demo_server_next_number   (BobbinDemoServer *self);
gboolean          _bobbin_demo_server_get_pong      (BobbinDemoServer *self);
gboolean          _bobbin_demo_server_get_json      (BobbinDemoServer *self);
/* @header: (nullable): Authorization, in a form that is taken now (nebelus.md, section 2). */
gboolean          _bobbin_demo_server_is_authorized (BobbinDemoServer *self, const char *header);
/* (nullable) (transfer full): the first fault that is for this, used once. */
BobbinDemoFault  *_bobbin_demo_server_take_fault    (BobbinDemoServer *self, BobbinDemoFaultType type,
                                                     BobbinDemoLinkKind kind);
void              _bobbin_demo_server_add_fault     (BobbinDemoServer *self, BobbinDemoFault *fault);
void              _bobbin_demo_server_log_chat      (BobbinDemoServer *self, const BobbinDemoThread *thread,
                                                     BobbinDemoLinkKind kind,
                                                     const BobbinNebelusMessage *message, const char *outcome);
void              _bobbin_demo_chat_free            (BobbinDemoChat *chat);
typedef enum
{
  BOBBIN_DEMO_COUNT_HANDSHAKE,
  BOBBIN_DEMO_COUNT_REQUEST,
  BOBBIN_DEMO_COUNT_UNAUTHORIZED,
  BOBBIN_DEMO_COUNT_RESUME,
  BOBBIN_DEMO_COUNT_CANCEL,
  BOBBIN_DEMO_COUNT_PING,
  BOBBIN_DEMO_COUNT_BAD,
} BobbinDemoCount;
void              _bobbin_demo_server_count         (BobbinDemoServer *self, BobbinDemoCount what);
/* A talk has ended by itself: the server lets go of it. */
void              _bobbin_demo_server_talk_ended    (BobbinDemoServer *self, gpointer talk);

/* bobbin-demo-http.c: one request, whatever it is. */
void              _bobbin_demo_server_handle        (BobbinDemoServer *self, SoupServerMessage *message);
/* Keeps @talk until it ends. */
void              _bobbin_demo_server_adopt         (BobbinDemoServer *self, gpointer talk);

G_END_DECLS
