/* A library with one account and one thread over a real store, with hands on its clock, its network and its server. */
#pragma once

#include "fake-backend.h"

#include "model/bobbin-account.h"
#include "model/bobbin-attachment.h"
#include "model/bobbin-block.h"
#include "model/bobbin-draft.h"
#include "model/bobbin-message.h"
#include "model/bobbin-thread.h"
#include "secret/bobbin-secrets.h"
#include "session/bobbin-library.h"
#include "session/bobbin-session-private.h"
#include "store/bobbin-store.h"
#include "util/bobbin-clock.h"

G_BEGIN_DECLS

typedef struct
{
  char              *dir;      /* NULL: in memory */
  BobbinStore       *store;
  BobbinSecrets     *secrets;
  BobbinManualClock *clock;
  BobbinNetwork     *network;
  BobbinLibrary     *library;
  BobbinAccount     *account;
  BobbinThread      *thread;
  BobbinSession     *session;
  FakeBackend       *backend;  /* borrowed */
  GArray            *states;   /* of BobbinSessionState: every one the session entered */
  GPtrArray         *ended;    /* of BobbinMessage: what "turn-ended" told */
  guint              n_approvals;
  guint              n_store_failures;
  guint              n_store_recoveries;
} Fixture;

#define START_US (G_GINT64_CONSTANT (1750000000) * G_USEC_PER_SEC)

void fixture_set_up      (Fixture *self, gconstpointer on_disk); /* a ready session on a new thread; @on_disk non-NULL: in a folder */
void fixture_tear_down   (Fixture *self, gconstpointer on_disk);
/* The program ends (@crash: without a word) and starts again; the thread's session is open afterwards. */
void fixture_restart     (Fixture *self, gboolean crash);
void fixture_open_session (Fixture *self);
void fixture_open_store  (Fixture *self);

/* Runs the main loop until what is under way in the store is done, and what follows from it. */
void fixture_settle      (Fixture *self);
void fixture_advance     (Fixture *self, gint64 ms); /* and settles */
void fixture_type        (Fixture *self, const char *text);
BobbinMessage *fixture_send (Fixture *self, const char *text); /* borrowed */
/* Sends, connects as thread "t1" where needed; the turn is at the server then. */
BobbinMessage *fixture_ask (Fixture *self, const char *text);
FakeChannel   *fixture_channel (Fixture *self); /* asserts that there is one */

BobbinMessage *fixture_message (Fixture *self, guint position); /* borrowed; asserts */
BobbinMessage *fixture_last    (Fixture *self);
guint          fixture_n_messages (Fixture *self);
/* "user:complete assistant:complete …" of memory, and of what the database holds. */
char *fixture_outline        (Fixture *self);
char *fixture_stored_outline (Fixture *self);
char *fixture_stored_text    (Fixture *self, gint64 message_id); /* what a new process would read; NULL: no such message */
/* Runs SQL on the database behind the store's back. On disk only. */
void  fixture_sql            (Fixture *self, const char *sql);

#define assert_state(fixture, wanted) \
  g_assert_cmpstr (state_name (bobbin_session_get_state ((fixture)->session)), ==, state_name (BOBBIN_SESSION_##wanted))
#define assert_outline(fixture, wanted) G_STMT_START { \
  g_autofree char *outline_ = fixture_outline (fixture); \
  g_assert_cmpstr (outline_, ==, wanted); } G_STMT_END
#define assert_stored(fixture, wanted) G_STMT_START { \
  g_autofree char *outline_ = fixture_stored_outline (fixture); \
  g_assert_cmpstr (outline_, ==, wanted); } G_STMT_END
#define assert_text(message, wanted) G_STMT_START { \
  g_autofree char *text_ = bobbin_message_dup_text (message); \
  g_assert_cmpstr (text_, ==, wanted); } G_STMT_END

const char *state_name (BobbinSessionState state);

G_END_DECLS
