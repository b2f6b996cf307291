/* Shared by the files of backend/agentflow/ only: -backend.c (object, capabilities), -api.c (requests, what the server can do), -threads.c,
 * -history.c, -state.c, -files.c (the abilities), -channel.c (runs), -check.c (the doctor). */
#pragma once

#include "backend/agentflow/bobbin-agentflow-backend.h"
#include "backend/bobbin-abilities.h"
#include "backend/bobbin-channel.h"
#include "backend/bobbin-json-api.h"
#include "model/bobbin-event.h"
#include "transport/bobbin-http.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-error.h"

G_BEGIN_DECLS

/* agentflow.md, section 1: a run may be silent for minutes and sends no heartbeat. */
#define BOBBIN_AGENTFLOW_SILENCE_MS (16 * 60 * 1000)
#define BOBBIN_AGENTFLOW_UPLOAD_MS  (5 * 60 * 1000)
#define BOBBIN_AGENTFLOW_PAGE       100
#define BOBBIN_AGENTFLOW_BODY_BYTES (10 * 1024 * 1024) /* MAX_REQUEST_SIZE, section 10 */

/* What GET /v1/graph and GET /v1/config/multimodal tell (sections 5, 10 and 13). */
typedef struct
{
  gboolean known;
  gboolean is_s3;        /* "is_realtime" is there */
  gboolean voice_only;   /* and true */
  gboolean text_ids;     /* we make thread ids */
  gboolean checkpointer; /* there is a history */
  gboolean uploads;
} BobbinAgentflowFeatures;

struct _BobbinAgentflowBackend
{
  GObject                 parent_instance;
  /* owned */
  BobbinAccount          *account;
  BobbinClock            *clock;
  BobbinHttp             *http;
  char                   *credential;  /* (nullable): wiped when it goes */
  GHashTable             *file_ids;    /* SHA-256 → server id: what was uploaded in this run of the program */
  GHashTable             *ends;        /* thread id → guint: rows its list had when last seen */
  char                   *state_id;    /* (nullable): the thread whose newest page was read last, and the state it had then */
  JsonObject             *state;       /* (nullable) */

  BobbinAgentflowFeatures features;
  BobbinLimits            limits;
  gint64                  features_us; /* monotonic, when they were asked for */
  gboolean                no_stream;   /* runs go by invoke */
};

/* -api.c */
extern const BobbinJsonApi _bobbin_agentflow_api;
/* @path begins with a slash. */
BobbinHttpRequest *_bobbin_agentflow_request_new (BobbinAgentflowBackend *self, const char *method, const char *path) G_GNUC_WARN_UNUSED_RESULT;
/* A plain call; its finish is bobbin_json_api_call_finish(). @path: (transfer full). @body: (nullable). */
void     _bobbin_agentflow_call_async   (BobbinAgentflowBackend *self, const char *method, char *path, const char *body,
                                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* (nullable) borrowed: the "data" of an answer, or the answer itself (section 1). */
JsonNode *_bobbin_agentflow_get_data    (JsonNode *root);
/* "/v1/threads/<id>" and @rest (nullable). */
char    *_bobbin_agentflow_thread_path  (const char *thread_id, const char *rest) G_GNUC_WARN_UNUSED_RESULT;
void     _bobbin_agentflow_wipe         (char *secret);
/* What is wrong before anything is sent. (nullable) (transfer full) */
BobbinFailure *_bobbin_agentflow_check_account (BobbinAgentflowBackend *self) G_GNUC_WARN_UNUSED_RESULT;
/* Whether stopping is asked of the server (section 9). */
gboolean _bobbin_agentflow_stops_on_server (BobbinAgentflowBackend *self);
/* Asks what the server can do, unless that is known from the last minutes. */
void     _bobbin_agentflow_learn_async  (BobbinAgentflowBackend *self, gboolean anew, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data);
gboolean _bobbin_agentflow_learn_finish (BobbinAgentflowBackend *self, GAsyncResult *result, BobbinFailure **ret_failure);

/* The abilities */
void _bobbin_agentflow_threads_iface_init    (BobbinThreadListerInterface *iface);
void _bobbin_agentflow_history_iface_init    (BobbinHistoryInterface *iface);
void _bobbin_agentflow_state_iface_init      (BobbinThreadStateInterface *iface);
void _bobbin_agentflow_downloader_iface_init (BobbinDownloaderInterface *iface);

/* -files.c */
typedef void (*BobbinAgentflowProgressFunc) (BobbinAttachment *attachment, gint64 done, gint64 total, gpointer user_data);
/* The id of a file that was uploaded before; (nullable) borrowed. */
const char *_bobbin_agentflow_get_file_id   (BobbinAgentflowBackend *self, BobbinAttachment *attachment);
void        _bobbin_agentflow_upload_async  (BobbinAgentflowBackend *self, BobbinAttachment *attachment, GFileProgressCallback progress,
                                             gpointer progress_data, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* Afterwards _bobbin_agentflow_get_file_id() knows it. NULL failure: cancelled. */
gboolean    _bobbin_agentflow_upload_finish (BobbinAgentflowBackend *self, GAsyncResult *result, BobbinFailure **ret_failure);

/* -channel.c */
BobbinChannel *_bobbin_agentflow_channel_new (BobbinAgentflowBackend *backend, const char *thread_id) G_GNUC_WARN_UNUSED_RESULT;

/* -check.c */
void     _bobbin_agentflow_check_async  (BobbinAgentflowBackend *backend, BobbinCheck step, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data);
gboolean _bobbin_agentflow_check_finish (BobbinAgentflowBackend *backend, GAsyncResult *result, GError **error);

G_END_DECLS
