/* A backend and its channels without a server: a test sees what the session asked of them and plays what the server would say. */
#pragma once

#include "backend/bobbin-abilities.h"
#include "backend/bobbin-backend.h"
#include "backend/bobbin-channel.h"
#include "model/bobbin-event.h"
#include "util/bobbin-error.h"

G_BEGIN_DECLS

#define FAKE_TYPE_CHANNEL (fake_channel_get_type ())
G_DECLARE_FINAL_TYPE (FakeChannel, fake_channel, FAKE, CHANNEL, GObject)

struct _FakeChannel
{
  GObject     parent_instance;
  char       *agent_id;
  char       *thread_id;
  const char *transport;
  GPtrArray  *sent;       /* of BobbinTurn */
  guint       n_cancels;
  guint       n_probes;
  guint       n_decisions;
  char       *last_decision; /* "approve reject …" of the last one */
  gboolean    started;
  gboolean    closed;
};

#define FAKE_TYPE_BACKEND (fake_backend_get_type ())
G_DECLARE_FINAL_TYPE (FakeBackend, fake_backend, FAKE, BACKEND, GObject)

struct _FakeBackend
{
  GObject             parent_instance;
  BobbinCapabilities  capabilities;
  BobbinLimits        limits;
  char               *credential;
  GPtrArray          *channels;  /* of FakeChannel, all there ever were */
  const char         *transport; /* of channels to come */
  /* what the server keeps; capabilities say whether it is asked */
  GPtrArray          *rows;      /* of BobbinMessage: the thread's messages, oldest first */
  GPtrArray          *threads;   /* of BobbinRemoteThread: the list, in pages of page_size */
  guint               page_size; /* of both */
  guint               poll_ms;   /* told while pending_id is not among rows */
  guint               n_lists;   /* pages of messages that were asked for */
  guint               n_thread_lists;
  GString            *changes;   /* "delete ID;rename ID TITLE;remove MESSAGE;add ROLE TEXT;fetch ID;name ID;drop NAME;" */
  const char         *file;      /* what a download gives; NULL: it is not there */
  GTask              *download;  /* (nullable): holds downloads back until fake_backend_go_on() */
  gboolean            slow;
  BobbinErrorCode     change_error; /* 0: done */
  BobbinErrorCode     list_error;
};

/* The factory for bobbin_library_new_with_factory(). The one made last is kept (borrowed) in fake_backend_last. */
BobbinBackend *fake_backend_create  (BobbinAccount *account, BobbinClock *clock);
extern FakeBackend *fake_backend_last;

/* The newest channel that was not closed, or NULL. */
FakeChannel   *fake_backend_channel (FakeBackend *self);
guint          fake_backend_n_sent  (FakeBackend *self); /* turns over all channels */
const char    *fake_backend_sent    (FakeBackend *self, guint index); /* their texts, in order */

/* fake-files.c */
void           _fake_downloader_iface_init (BobbinDownloaderInterface *iface);
/* The download that was held back goes on. */
void           fake_backend_go_on   (FakeBackend *self);
/* A message the server has. @id nullable. */
BobbinMessage *fake_row (FakeBackend *self, BobbinRole role, const char *id, const char *text);
void           fake_remote_thread (FakeBackend *self, const char *id, const char *title, gint64 updated_us);

/* What the server says. All emit at once, as from a main loop callback. */
void fake_ready         (FakeChannel *self, const char *thread_id);
void fake_ready_titled  (FakeChannel *self, const char *thread_id, const char *title);
void fake_turn_started  (FakeChannel *self, const char *message_id);
void fake_text          (FakeChannel *self, const char *key, const char *text);
void fake_text_complete (FakeChannel *self, const char *key, const char *text);
void fake_block         (FakeChannel *self, BobbinBlockKind kind, BobbinPhase phase, const char *key, const char *name,
                         const char *call_id, const char *data);
void fake_result        (FakeChannel *self, const char *key, const char *name, const char *call_id, const char *result);
void fake_stopped       (FakeChannel *self, const char *reason);
void fake_approval      (FakeChannel *self, const char *question);
void fake_failed        (FakeChannel *self, BobbinErrorCode code, BobbinCertainty certainty, gint64 retry_after_ms);
void fake_closed        (FakeChannel *self, BobbinErrorCode code, BobbinCertainty certainty);
void fake_simple        (FakeChannel *self, BobbinEventType type, const char *text);
void fake_emit          (FakeChannel *self, BobbinEvent *event);

G_END_DECLS
