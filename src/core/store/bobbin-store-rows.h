/* Rows: plain copies of the models, which may cross threads. Made from a model on the main thread, bound and read on the
 * store's thread, made into a fresh model on the main thread. */
#pragma once

#include "store/bobbin-store.h"
#include "model/bobbin-account.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "model/bobbin-thread.h"
#include "util/bobbin-error.h"

G_BEGIN_DECLS

typedef struct
{
  gint64          id;
  BobbinService   service;
  char           *name;
  char           *base_url;
  char           *agent_id;
  BobbinTransport transport;
  gboolean        allow_plain;
  char           *pinned_certificate;
  int             position;
  char           *options;
} BobbinAccountRow;

typedef struct
{
  gint64  account_id;
  char   *agent_id;
  char   *name;
  char   *model;
} BobbinAgentRow;

typedef struct
{
  gint64                id;
  gint64                account_id;
  char                 *server_id;
  char                 *agent_id;
  char                 *agent_name;
  char                 *title;
  BobbinTitleOrigin     title_origin;
  gint64                created_us;
  gint64                last_used_us;
  gint64                expires_us;
  char                 *snippet;
  gboolean              pinned;
  gboolean              archived;
  gint64                deleted_us;
  gboolean              unread;
  char                 *draft;   /* how it begins */
  BobbinActivity        stored_activity;
  char                 *metadata;
  char                 *labels;  /* (nullable) ids, with commas; read only */
  BobbinReadingPosition reading;
} BobbinThreadRow;

typedef struct
{
  gint64  id;
  char   *name;
  char   *content_type;
  gint64  size;
  char   *sha256;
} BobbinAttachmentRow;

typedef struct
{
  gint64               id;
  BobbinBlockKind      kind;
  BobbinBlockState     state;
  char                *name;
  char                *call_id;
  char                *text;
  gsize                length;     /* bytes of text */
  char                *data;
  char                *result;
  BobbinAttachmentRow *attachment; /* (nullable) */
  gint64               started_us;
  gint64               finished_us;
} BobbinBlockRow;

typedef struct
{
  gint64         id;
  gint64         thread_id;
  BobbinRole     role;
  BobbinDelivery delivery;
  char          *server_id;
  gint64         created_us;
  gint64         finished_us;
  char          *agent_id;
  char          *agent_name;
  char          *model;
  char          *stop_reason;
  BobbinFailure *failure;          /* (nullable) */
  BobbinUsage    usage;
  gint64         version_of;
  guint          version;          /* read only */
  guint          n_versions;
  GPtrArray     *blocks;           /* of BobbinBlockRow; NULL: only the message's own columns */
} BobbinMessageRow;

typedef struct
{
  gint64     thread_id;
  char      *text;
  int        cursor;
  GPtrArray *attachments;          /* of BobbinAttachmentRow */
} BobbinDraftRow;

BobbinAccountRow    *bobbin_account_row_new        (BobbinAccount *account);
BobbinAccount       *bobbin_account_row_to_model   (const BobbinAccountRow *self);
void                 bobbin_account_row_free       (BobbinAccountRow *self);
BobbinAgentRow      *bobbin_agent_row_new          (BobbinAgent *agent);
BobbinAgent         *bobbin_agent_row_to_model     (const BobbinAgentRow *self);
void                 bobbin_agent_row_free         (BobbinAgentRow *self);
BobbinThreadRow     *bobbin_thread_row_new         (BobbinThread *thread);
BobbinThread        *bobbin_thread_row_to_model    (const BobbinThreadRow *self);
void                 bobbin_thread_row_free        (BobbinThreadRow *self);
BobbinAttachmentRow *bobbin_attachment_row_new     (BobbinAttachment *attachment);
BobbinAttachment    *bobbin_attachment_row_to_model (const BobbinAttachmentRow *self, const char *attachments_dir);
void                 bobbin_attachment_row_free    (BobbinAttachmentRow *self);
BobbinBlockRow      *bobbin_block_row_new          (BobbinBlock *block);
BobbinBlock         *bobbin_block_row_to_model     (const BobbinBlockRow *self, const char *attachments_dir);
void                 bobbin_block_row_free         (BobbinBlockRow *self);
BobbinMessageRow    *bobbin_message_row_new        (gint64 thread_id, BobbinMessage *message, gboolean with_blocks);
BobbinMessage       *bobbin_message_row_to_model   (const BobbinMessageRow *self, const char *attachments_dir);
void                 bobbin_message_row_free       (BobbinMessageRow *self);
BobbinDraftRow      *bobbin_draft_row_new          (BobbinDraft *draft);
BobbinDraft         *bobbin_draft_row_to_model     (const BobbinDraftRow *self, const char *attachments_dir);
void                 bobbin_draft_row_free         (BobbinDraftRow *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinAccountRow, bobbin_account_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinAgentRow, bobbin_agent_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinThreadRow, bobbin_thread_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinAttachmentRow, bobbin_attachment_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinBlockRow, bobbin_block_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinMessageRow, bobbin_message_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinDraftRow, bobbin_draft_row_free)

/* Words on disk for what has no nick of its own. An unknown word gives the first value. Append only. */
const char       *bobbin_title_origin_to_disk   (BobbinTitleOrigin origin);
BobbinTitleOrigin bobbin_title_origin_from_disk (const char *word);
const char       *bobbin_activity_to_disk       (BobbinActivity activity);
BobbinActivity    bobbin_activity_from_disk     (const char *word);
const char       *bobbin_certainty_to_disk      (BobbinCertainty certainty);
BobbinCertainty   bobbin_certainty_from_disk    (const char *word);
BobbinErrorCode   bobbin_error_code_from_disk   (const char *word);

/* bobbin-store-messages.c and its neighbours, on the store's thread */
gboolean _bobbin_threads_save     (BobbinStoreDb *db, const BobbinThreadRow *row, GError **error);
BobbinThreadRow *_bobbin_threads_load (BobbinStoreDb *db, gint64 thread_id, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* never NULL without error */
gboolean _bobbin_messages_save    (BobbinStoreDb *db, const BobbinMessageRow *row, GError **error);
BobbinMessageRow *_bobbin_messages_load (BobbinStoreDb *db, gint64 message_id, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* its own columns */
gboolean _bobbin_messages_restore_snippet (BobbinStoreDb *db, gint64 thread_id, GError **error);
/* bobbin-store-versions.c: what a new version hides; what a deleted one leaves behind */
gboolean _bobbin_versions_settle  (BobbinStoreDb *db, const BobbinMessageRow *row, GError **error);
gboolean _bobbin_versions_leave   (BobbinStoreDb *db, gint64 thread_id, gint64 message_id, GError **error);
gboolean _bobbin_blocks_save      (BobbinStoreDb *db, gint64 message_id, guint position, const BobbinBlockRow *row, GError **error);
gboolean _bobbin_blocks_save_all  (BobbinStoreDb *db, const BobbinMessageRow *row, GError **error);
gboolean _bobbin_blocks_load      (BobbinStoreDb *db, BobbinMessageRow *row, GError **error);
gboolean _bobbin_drafts_save      (BobbinStoreDb *db, const BobbinDraftRow *row, GError **error);
gboolean _bobbin_attachments_save (BobbinStoreDb *db, const BobbinAttachmentRow *row, GError **error);

G_END_DECLS
