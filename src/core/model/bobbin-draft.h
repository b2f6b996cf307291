/* What is typed and not yet sent in a thread: text, cursor, attachments. Stored as it changes. */
#pragma once

#include "bobbin-types.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_DRAFT (bobbin_draft_get_type ())
G_DECLARE_FINAL_TYPE (BobbinDraft, bobbin_draft, BOBBIN, DRAFT, GObject)

/* Properties: "thread-id" (construct-only), "text" (never NULL), "cursor" (characters), "attachments" (read-only GListModel of
 * BobbinAttachment). Signal "changed": anything of it changed. */
BobbinDraft *bobbin_draft_new               (gint64 thread_id) G_GNUC_WARN_UNUSED_RESULT;
gint64       bobbin_draft_get_thread_id     (BobbinDraft *self);
const char  *bobbin_draft_get_text          (BobbinDraft *self);
int          bobbin_draft_get_cursor        (BobbinDraft *self);
void         bobbin_draft_set_text          (BobbinDraft *self, const char *text, int cursor);
GListModel  *bobbin_draft_get_attachments   (BobbinDraft *self);
void         bobbin_draft_add_attachment    (BobbinDraft *self, BobbinAttachment *attachment);
void         bobbin_draft_remove_attachment (BobbinDraft *self, BobbinAttachment *attachment);
gint64       bobbin_draft_get_total_size    (BobbinDraft *self); /* bytes of all attachments */
gboolean     bobbin_draft_is_empty          (BobbinDraft *self); /* only white space and no attachment */
void         bobbin_draft_clear             (BobbinDraft *self);

G_END_DECLS
