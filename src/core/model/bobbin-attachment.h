/* A file given to or received from an agent. Its bytes lie in the store's attachments folder under their
 * SHA-256, copied there when it is added, so that a draft outlives the file it came from. Immutable. */
#pragma once

#include "bobbin-types.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_ATTACHMENT (bobbin_attachment_get_type ())
G_DECLARE_FINAL_TYPE (BobbinAttachment, bobbin_attachment, BOBBIN, ATTACHMENT, GObject)

/* Properties, all construct-only: "id" (0 makes a new one), "name" (base name, no slash), "content-type" (MIME),
 * "size" (bytes), "sha256" (hex), "path" (absolute, where the bytes lie). */
BobbinAttachment *bobbin_attachment_new              (gint64 id, const char *name, const char *content_type, gint64 size,
                                                      const char *sha256, const char *path) G_GNUC_WARN_UNUSED_RESULT;
gint64            bobbin_attachment_get_id           (BobbinAttachment *self);
/* As the file is called, and is sent; the second is one line that cannot turn the text around it, for the screen. */
const char       *bobbin_attachment_get_name         (BobbinAttachment *self);
const char       *bobbin_attachment_get_shown_name   (BobbinAttachment *self);
const char       *bobbin_attachment_get_content_type (BobbinAttachment *self);
gint64            bobbin_attachment_get_size         (BobbinAttachment *self);
const char       *bobbin_attachment_get_sha256       (BobbinAttachment *self);
const char       *bobbin_attachment_get_path         (BobbinAttachment *self);
gboolean          bobbin_attachment_is_image         (BobbinAttachment *self);

G_END_DECLS
