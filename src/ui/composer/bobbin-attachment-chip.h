/* One attachment of the draft: thumbnail or icon, name, size, a button that takes it out. Signal "remove". */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-types.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_ATTACHMENT_CHIP (bobbin_attachment_chip_get_type ())
G_DECLARE_FINAL_TYPE (BobbinAttachmentChip, bobbin_attachment_chip, BOBBIN, ATTACHMENT_CHIP, GtkWidget)

GtkWidget        *bobbin_attachment_chip_new            (BobbinAttachment *attachment) G_GNUC_WARN_UNUSED_RESULT;
BobbinAttachment *bobbin_attachment_chip_get_attachment (BobbinAttachmentChip *self);

/* The service does not list files of this kind: they may be sent, and may not be read. */
void              bobbin_attachment_chip_warn           (BobbinAttachmentChip *self);

G_END_DECLS
