/* Shared by the files of backend/entities/ only. */
#pragma once

#include "backend/bobbin-abilities.h"
#include "backend/bobbin-channel.h"
#include "backend/bobbin-json-api.h"
#include "backend/entities/bobbin-entities-backend.h"
#include "transport/bobbin-http.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-error.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* entities.md, sections 2, 6 and 7. */
#define BOBBIN_ENTITIES_STREAM_MS    300000
#define BOBBIN_ENTITIES_CANCEL_MS    3000
#define BOBBIN_ENTITIES_RECONCILE_MS 60000
#define BOBBIN_ENTITIES_PAGE         50

extern const BobbinJsonApi _bobbin_entities_api;

BobbinAccount *_bobbin_entities_get_account (BobbinEntitiesBackend *self);
BobbinHttp    *_bobbin_entities_get_http    (BobbinEntitiesBackend *self);
BobbinClock   *_bobbin_entities_get_clock   (BobbinEntitiesBackend *self);
const char    *_bobbin_entities_get_provider_key (BobbinEntitiesBackend *self); /* (nullable) */
BobbinFailure *_bobbin_entities_check_account (BobbinEntitiesBackend *self) G_GNUC_WARN_UNUSED_RESULT; /* (nullable) */
BobbinHttpRequest *_bobbin_entities_make_request (BobbinEntitiesBackend *self, const char *method, const char *path) G_GNUC_WARN_UNUSED_RESULT;
/* "/v1" and segments, each percent-encoded. */
char          *_bobbin_entities_path        (const char *first, ...) G_GNUC_NULL_TERMINATED G_GNUC_WARN_UNUSED_RESULT;
void           _bobbin_entities_call        (BobbinEntitiesBackend *self, const char *method, const char *path, const char *body,
                                             GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* Servers of September 2024: lists by user (section 1, A). */
gboolean       _bobbin_entities_get_first_form (BobbinEntitiesBackend *self);
void           _bobbin_entities_set_first_form (BobbinEntitiesBackend *self);

/* The person's own id on the server: kept with the account once it is known (section 2). */
char          *_bobbin_entities_dup_user    (BobbinEntitiesBackend *self) G_GNUC_WARN_UNUSED_RESULT; /* (nullable) */
void           _bobbin_entities_learn_user  (BobbinEntitiesBackend *self, JsonObject *thread);
void           _bobbin_entities_find_user_async  (BobbinEntitiesBackend *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full) (nullable): NULL with *@ret_failure, or with neither when it cannot be found out, or was cancelled. */
char          *_bobbin_entities_find_user_finish (GAsyncResult *result, BobbinFailure **ret_failure) G_GNUC_WARN_UNUSED_RESULT;

/* Models of assistants, and files that were uploaded (by SHA-256), as long as they are good. (nullable) */
const char    *_bobbin_entities_get_model   (BobbinEntitiesBackend *self, const char *assistant_id);
void           _bobbin_entities_set_model   (BobbinEntitiesBackend *self, JsonObject *assistant);
const char    *_bobbin_entities_get_file    (BobbinEntitiesBackend *self, const char *sha256);
void           _bobbin_entities_set_file    (BobbinEntitiesBackend *self, const char *sha256, const char *file_id);
/* It is in a message, or may be: it stays on the server. */
void           _bobbin_entities_use_file    (BobbinEntitiesBackend *self, const char *file_id);

BobbinChannel *_bobbin_entities_channel_new (BobbinEntitiesBackend *backend, const char *agent_id, const char *thread_id) G_GNUC_WARN_UNUSED_RESULT;
/* -channel.c: the data of an APPROVAL; @manifests: of BobbinEntitiesManifest. */
char          *_bobbin_entities_dup_question (GPtrArray *manifests, const char *thread_id, const char *run_id,
                                              const char *message_id) G_GNUC_WARN_UNUSED_RESULT; /* @message_id: (nullable) */

/* -files.c: pictures are uploaded; small text is put into the message. */
typedef void (*BobbinEntitiesProgressFunc) (BobbinAttachment *attachment, gint64 done_bytes, gint64 total_bytes, gpointer user_data);
void       _bobbin_entities_upload_async  (BobbinEntitiesBackend *self, GPtrArray *attachments, BobbinEntitiesProgressFunc progress,
                                           gpointer progress_data, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full): ids of the pictures, in order; *@ret_text: (transfer full): what stands behind the message. */
GPtrArray *_bobbin_entities_upload_finish (GAsyncResult *result, char **ret_text, BobbinFailure **ret_failure) G_GNUC_WARN_UNUSED_RESULT;
void       _bobbin_entities_downloader_iface_init    (BobbinDownloaderInterface *iface);
/* -history.c */
void       _bobbin_entities_history_iface_init       (BobbinHistoryInterface *iface);
/* -threads.c */
void       _bobbin_entities_agent_lister_iface_init  (BobbinAgentListerInterface *iface);
void       _bobbin_entities_thread_lister_iface_init (BobbinThreadListerInterface *iface);
void       _bobbin_entities_thread_state_iface_init  (BobbinThreadStateInterface *iface);

G_END_DECLS
