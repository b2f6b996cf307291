/* Blocking forms of the store's operations, for tests. Each iterates the default main context until the answer is there.
 * A failure ends the test unless the caller asks for the error. */
#pragma once

#include "model/bobbin-account.h"
#include "model/bobbin-agent.h"
#include "model/bobbin-attachment.h"
#include "model/bobbin-block.h"
#include "model/bobbin-draft.h"
#include "model/bobbin-message.h"
#include "model/bobbin-thread.h"
#include "store/bobbin-store-private.h"
#include "util/bobbin-error.h"
#include "util/bobbin-id.h"

#include <glib/gstdio.h>

G_BEGIN_DECLS

/* A folder of its own for each test, removed by fixture_remove_dir(). */
char              *fixture_make_dir   (void);
void               fixture_remove_dir (const char *dir);
char              *fixture_read       (const char *dir, const char *name, gsize *ret_length);
void               fixture_write      (const char *dir, const char *name, const char *data, gssize length);
gboolean           fixture_contains   (const char *data, gsize length, const char *text);

/* The result of one asynchronous call. */
typedef struct { GAsyncResult *result; } Answer;
void               answer_cb   (GObject *source, GAsyncResult *result, gpointer user_data);
GAsyncResult      *answer_wait (Answer *answer);

/* answer = call (store, arguments…): WAIT (bobbin_store_flush_async, store); leaves the result in @answer_result. */
#define WAIT(call, store, ...) \
  ({ Answer _answer = { NULL }; call (store, ##__VA_ARGS__, NULL, answer_cb, &_answer); answer_wait (&_answer); })

BobbinStore       *fixture_open        (const char *data_dir, BobbinStoreReport **ret_report);
BobbinStore       *fixture_try_open    (const char *data_dir, BobbinStoreReport **ret_report, GError **error);
void               fixture_close       (BobbinStore *store);
void               fixture_flush       (BobbinStore *store);

BobbinAccount     *fixture_add_account (BobbinStore *store, const char *name);
BobbinThread      *fixture_add_thread  (BobbinStore *store, BobbinAccount *account, const char *title, gint64 used_us);
BobbinMessage     *fixture_make_message (BobbinRole role, const char *text);
BobbinMessage     *fixture_add_message (BobbinStore *store, BobbinThread *thread, BobbinRole role, const char *text);
void               fixture_save_message (BobbinStore *store, BobbinThread *thread, BobbinMessage *message);
BobbinThread      *fixture_load_thread (BobbinStore *store, gint64 id);
GPtrArray         *fixture_list_messages (BobbinStore *store, gint64 thread_id);
GPtrArray         *fixture_list_threads (BobbinStore *store, BobbinFolder folder, gint64 account_id);
GPtrArray         *fixture_search      (BobbinStore *store, const char *query); /* of BobbinSearchHit, at most 20 */
BobbinSearchPage  *fixture_search_page (BobbinStore *store, const BobbinSearchQuery *query);
/* Catches up with what a migration left. */
void               fixture_index       (BobbinStore *store);
BobbinAttachment  *fixture_import      (BobbinStore *store, const char *name, const char *data);
/* One number from a connection of its own to the file. */
gint64             fixture_query       (const char *dir, const char *sql);
/* Runs @sql inside the store, on its thread; ends the test when it fails. */
void               fixture_run_sql     (BobbinStore *store, const char *sql);

void               assert_same_account (BobbinAccount *a, BobbinAccount *b);
void               assert_same_thread  (BobbinThread *a, BobbinThread *b);
void               assert_same_message (BobbinMessage *a, BobbinMessage *b);
void               assert_index_is_true (BobbinStore *store);

G_END_DECLS
