/* A thread: a conversation. Its id is ours and never changes; the server's id is a column that may.
 * A plain object; BobbinLibrary owns the list of them, BobbinSession the conversation within one. */
#pragma once

#include "bobbin-types.h"

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_TITLE_NONE,
  BOBBIN_TITLE_DERIVED, /* first 60 characters of the first prompt */
  BOBBIN_TITLE_SERVER,
  BOBBIN_TITLE_KEPT,    /* what it was called when the server's thread was lost: the new thread's title is not for all of it */
  BOBBIN_TITLE_USER,    /* wins over all */
} BobbinTitleOrigin;

/* The one state a row of the sidebar shows, in rising order of precedence. */
typedef enum
{
  BOBBIN_ACTIVITY_NONE,
  BOBBIN_ACTIVITY_EXPIRES_SOON,
  BOBBIN_ACTIVITY_UNREAD,
  BOBBIN_ACTIVITY_DRAFT,
  BOBBIN_ACTIVITY_QUEUED,
  BOBBIN_ACTIVITY_FAILED,
  BOBBIN_ACTIVITY_NEEDS_KEY,
  BOBBIN_ACTIVITY_ANSWERING,
  BOBBIN_ACTIVITY_APPROVAL,
} BobbinActivity;

#define BOBBIN_TYPE_TITLE_ORIGIN (bobbin_title_origin_get_type ())
GType bobbin_title_origin_get_type (void) G_GNUC_CONST;
#define BOBBIN_TYPE_ACTIVITY (bobbin_activity_get_type ())
GType bobbin_activity_get_type (void) G_GNUC_CONST;

/* Where the reader was: a line of a block of a message. All 0: at the end, following. */
typedef struct
{
  gint64 message_id;
  gint64 block_id;
  int    offset;     /* UTF-8 bytes into the block's text */
  int    pixels;     /* from the top of the view to that line */
  gint64 read_id;    /* the newest message that was seen, 0 unknown: it has nothing to do with the line */
} BobbinReadingPosition;

#define BOBBIN_TYPE_THREAD (bobbin_thread_get_type ())
G_DECLARE_FINAL_TYPE (BobbinThread, bobbin_thread, BOBBIN, THREAD, GObject)

/* Properties: "id", "account-id" (both construct-only), "server-id", "agent-id", "agent-name", "title", "title-origin",
 * "created-us", "last-used-us", "expires-us" (0 never), "snippet" (last line), "pinned", "archived", "deleted-us"
 * (0 not in the bin), "unread", "draft" (nullable: how the draft begins, "" when it is files alone), "stored-activity" (what the rows of messages say: NONE, QUEUED, FAILED or APPROVAL),
 * "live-activity" (set by a session: NONE, ANSWERING…), "activity" (read-only, what a row shows), "expires-soon"
 * (set by the library from the clock), "metadata" (JSON object text), "labels" (nullable GArray of gint64). */
BobbinThread     *bobbin_thread_new               (gint64 id, gint64 account_id) G_GNUC_WARN_UNUSED_RESULT;
gint64            bobbin_thread_get_id            (BobbinThread *self);
gint64            bobbin_thread_get_account_id    (BobbinThread *self);
const char       *bobbin_thread_get_server_id     (BobbinThread *self); /* (nullable): none yet */
void              bobbin_thread_set_server_id     (BobbinThread *self, const char *server_id);
const char       *bobbin_thread_get_agent_id      (BobbinThread *self); /* (nullable) */
void              bobbin_thread_set_agent_id      (BobbinThread *self, const char *agent_id);
const char       *bobbin_thread_get_agent_name    (BobbinThread *self); /* (nullable) */
void              bobbin_thread_set_agent_name    (BobbinThread *self, const char *agent_name);
const char       *bobbin_thread_get_title         (BobbinThread *self); /* (nullable): show "New Conversation" */
BobbinTitleOrigin bobbin_thread_get_title_origin  (BobbinThread *self);
/* Sets the title unless the present one has a stronger origin or nothing of a server's title can be shown; returns whether it
 * changed. */
gboolean          bobbin_thread_set_title         (BobbinThread *self, const char *title, BobbinTitleOrigin origin);
/* The server's thread is another one from here on: what the conversation is called stays. */
void              bobbin_thread_keep_title        (BobbinThread *self);
gint64            bobbin_thread_get_created_us    (BobbinThread *self);
void              bobbin_thread_set_created_us    (BobbinThread *self, gint64 created_us);
gint64            bobbin_thread_get_last_used_us  (BobbinThread *self);
void              bobbin_thread_set_last_used_us  (BobbinThread *self, gint64 last_used_us);
gint64            bobbin_thread_get_expires_us    (BobbinThread *self);
void              bobbin_thread_set_expires_us    (BobbinThread *self, gint64 expires_us);
const char       *bobbin_thread_get_snippet       (BobbinThread *self); /* (nullable) */
void              bobbin_thread_set_snippet       (BobbinThread *self, const char *snippet);
gboolean          bobbin_thread_get_pinned        (BobbinThread *self);
void              bobbin_thread_set_pinned        (BobbinThread *self, gboolean pinned);
gboolean          bobbin_thread_get_archived      (BobbinThread *self);
void              bobbin_thread_set_archived      (BobbinThread *self, gboolean archived);
gint64            bobbin_thread_get_deleted_us    (BobbinThread *self);
void              bobbin_thread_set_deleted_us    (BobbinThread *self, gint64 deleted_us);
gboolean          bobbin_thread_get_unread        (BobbinThread *self);
void              bobbin_thread_set_unread        (BobbinThread *self, gboolean unread);
const char       *bobbin_thread_get_draft         (BobbinThread *self); /* (nullable) */
void              bobbin_thread_set_draft         (BobbinThread *self, const char *draft);
gboolean          bobbin_thread_get_expires_soon  (BobbinThread *self);
void              bobbin_thread_set_expires_soon  (BobbinThread *self, gboolean expires_soon);
BobbinActivity    bobbin_thread_get_stored_activity (BobbinThread *self);
void              bobbin_thread_set_stored_activity (BobbinThread *self, BobbinActivity activity);
BobbinActivity    bobbin_thread_get_live_activity (BobbinThread *self);
void              bobbin_thread_set_live_activity (BobbinThread *self, BobbinActivity activity);
BobbinActivity    bobbin_thread_get_activity      (BobbinThread *self);
const char       *bobbin_thread_get_metadata      (BobbinThread *self); /* "{}" when empty; members below */
#define BOBBIN_THREAD_SPELLING "spelling" /* the language drafts are written in, absent that of the desktop; never told to the server */
#define BOBBIN_THREAD_RUN_OPTIONS "run_options" /* object: what each run of the thread is given, in the words of its service */
void              bobbin_thread_set_metadata      (BobbinThread *self, const char *metadata);
/* Ids of BobbinLabel, rising. (nullable) */
const gint64     *bobbin_thread_get_labels        (BobbinThread *self, guint *ret_n);
gboolean          bobbin_thread_has_label         (BobbinThread *self, gint64 label_id);
void              bobbin_thread_set_labels        (BobbinThread *self, const gint64 *ids, guint n);
void              bobbin_thread_set_label         (BobbinThread *self, gint64 label_id, gboolean has);
const BobbinReadingPosition *bobbin_thread_get_reading_position (BobbinThread *self);
void              bobbin_thread_set_reading_position (BobbinThread *self, const BobbinReadingPosition *position);

G_END_DECLS
