/* Shared by the files of backend/assistants/ only. */
#pragma once

#include "backend/assistants/bobbin-assistants-backend.h"
#include "backend/bobbin-abilities.h"
#include "backend/bobbin-channel.h"
#include "backend/bobbin-json-api.h"
#include "transport/bobbin-http.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-error.h"
#include "wire/bobbin-assistants-run.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* assistants.md, sections 2, 7 and 10. */
#define BOBBIN_ASSISTANTS_CALL_MS     60000
#define BOBBIN_ASSISTANTS_STREAM_MS   300000
#define BOBBIN_ASSISTANTS_POLL_MS     500
#define BOBBIN_ASSISTANTS_POLL_MAX_MS 5000
#define BOBBIN_ASSISTANTS_RUN_MS      600000 /* where no expiry is told */
#define BOBBIN_ASSISTANTS_SLACK_MS    15000  /* after the expiry that is told */
#define BOBBIN_ASSISTANTS_POLL_TRIES  6
#define BOBBIN_ASSISTANTS_PAGE        50
#define BOBBIN_ASSISTANTS_MAX_PAGE    100

extern const BobbinJsonApi _bobbin_assistants_api;

/* What a server was found to lack; kept until the address changes. */
typedef enum
{
  BOBBIN_ASSISTANTS_LACKS_LIST    = 1 << 0, /* of threads: kept with the account, so that it is probed once (section 4.2) */
  BOBBIN_ASSISTANTS_LACKS_STREAM  = 1 << 1,
  BOBBIN_ASSISTANTS_LACKS_CURSORS = 1 << 2,
  BOBBIN_ASSISTANTS_LACKS_STEPS   = 1 << 3,
  BOBBIN_ASSISTANTS_LACKS_RUNS    = 1 << 4, /* the list of runs */
  BOBBIN_ASSISTANTS_LACKS_CANCEL  = 1 << 5,
  BOBBIN_ASSISTANTS_LACKS_VISION  = 1 << 6, /* the purpose */
} BobbinAssistantsLack;

BobbinAccount *_bobbin_assistants_get_account (BobbinAssistantsBackend *self);
BobbinHttp    *_bobbin_assistants_get_http    (BobbinAssistantsBackend *self);
BobbinClock   *_bobbin_assistants_get_clock   (BobbinAssistantsBackend *self);
gboolean       _bobbin_assistants_lacks       (BobbinAssistantsBackend *self, BobbinAssistantsLack lack);
void           _bobbin_assistants_found_lack  (BobbinAssistantsBackend *self, BobbinAssistantsLack lack);
/* What can be known to be wrong before anything is sent. (nullable) (transfer full) */
BobbinFailure *_bobbin_assistants_check_account (BobbinAssistantsBackend *self) G_GNUC_WARN_UNUSED_RESULT;
/* @path begins with a slash, its ids are percent-encoded. With credential, beta header, extra query and headers. */
BobbinHttpRequest *_bobbin_assistants_make_request (BobbinAssistantsBackend *self, const char *method, const char *path) G_GNUC_WARN_UNUSED_RESULT;
/* The failure a refused request stands for; @ret_run_id as bobbin_assistants_failure_from_reply(). */
BobbinFailure *_bobbin_assistants_read_refusal (BobbinHttpRequest *request, const char *body, gsize length, char **ret_run_id) G_GNUC_WARN_UNUSED_RESULT;
/* Whether it says that the server has no such call at all. @failure: (nullable). */
gboolean       _bobbin_assistants_is_lacking  (const BobbinFailure *failure);
/* Whether the server's words hold @word, in any case of letters. */
gboolean       _bobbin_assistants_mentions    (const BobbinFailure *failure, const char *word);
/* A path of segments, each percent-encoded where it is an id: ("threads", id, "runs", NULL). */
char          *_bobbin_assistants_path        (const char *first, ...) G_GNUC_NULL_TERMINATED G_GNUC_WARN_UNUSED_RESULT;
/* bobbin_json_api_call_async() for this backend. */
void           _bobbin_assistants_call        (BobbinAssistantsBackend *self, const char *method, const char *path, const char *body,
                                               GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* (nullable): the "data" of a list, or the list itself where it is a bare array. */
JsonArray     *_bobbin_assistants_get_list    (JsonNode *root);
/* Whether another page is behind this one (section 4.6). */
gboolean       _bobbin_assistants_has_more    (JsonNode *root, guint limit);
/* Half a second, half as much again each time, up to five, and up to a fifth more or less. */
guint          _bobbin_assistants_poll_delay  (guint attempt);

/* Files that were uploaded, by the SHA-256 and the purpose they were sent for. (nullable) */
const char    *_bobbin_assistants_get_file    (BobbinAssistantsBackend *self, const char *sha256, gboolean image);
void           _bobbin_assistants_set_file    (BobbinAssistantsBackend *self, const char *sha256, gboolean image, const char *file_id);
void           _bobbin_assistants_forget_files (BobbinAssistantsBackend *self);
/* It is in a message, or may be: it stays on the server. */
void           _bobbin_assistants_use_file    (BobbinAssistantsBackend *self, const char *file_id);
/* Tools of an assistant, once asked for: bits of 1 search, 2 code; -1 unknown. */
int            _bobbin_assistants_get_tools   (BobbinAssistantsBackend *self, const char *assistant_id);
void           _bobbin_assistants_set_tools   (BobbinAssistantsBackend *self, JsonObject *assistant);

BobbinChannel *_bobbin_assistants_channel_new (BobbinAssistantsBackend *backend, const char *agent_id, const char *thread_id) G_GNUC_WARN_UNUSED_RESULT;

/* -upload.c: the files of a turn, one after the other. */
typedef struct
{
  void     (*progress) (BobbinAttachment *attachment, gint64 done_bytes, gint64 total_bytes, gpointer user_data);
} BobbinAssistantsUploadHandlers;
/* @handlers: static. Returns with the finish: array of BobbinAssistantsFile in the order of @attachments, file ids owned by
 * the array. The failure's certainty is UNSENT. */
void       _bobbin_assistants_upload_async  (BobbinAssistantsBackend *self, const char *assistant_id, GPtrArray *attachments,
                                             const BobbinAssistantsUploadHandlers *handlers, gpointer handlers_data,
                                             GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GArray    *_bobbin_assistants_upload_finish (GAsyncResult *result, BobbinFailure **ret_failure) G_GNUC_WARN_UNUSED_RESULT;

/* -run.c: the data of an APPROVAL. */
char      *_bobbin_assistants_dup_question  (const BobbinAssistantsRun *run, const char *thread_id) G_GNUC_WARN_UNUSED_RESULT;

/* -history.c */
void _bobbin_assistants_history_iface_init (BobbinHistoryInterface *iface);
/* -threads.c */
void _bobbin_assistants_agent_lister_iface_init  (BobbinAgentListerInterface *iface);
void _bobbin_assistants_thread_lister_iface_init (BobbinThreadListerInterface *iface);
void _bobbin_assistants_thread_state_iface_init  (BobbinThreadStateInterface *iface);
/* -files.c */
void _bobbin_assistants_downloader_iface_init    (BobbinDownloaderInterface *iface);
/* -check.c */
void     _bobbin_assistants_check_async  (BobbinAssistantsBackend *self, BobbinCheck step, const char *agent_id, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
gboolean _bobbin_assistants_check_finish (BobbinAssistantsBackend *self, GAsyncResult *result, GError **error);

G_END_DECLS
