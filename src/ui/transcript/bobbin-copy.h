/* What is copied of messages, in three forms at once: as it reads, as Markdown, as HTML. Plain struct. */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-types.h"
#include "ui/transcript/bobbin-prose.h"

G_BEGIN_DECLS

typedef struct
{
  GString *text;
  GString *markdown;
  GString *html;
} BobbinCopy;

BobbinCopy *bobbin_copy_new         (void) G_GNUC_WARN_UNUSED_RESULT;
void        bobbin_copy_free        (BobbinCopy *self);
/* Adds [from, to) of the text of a block of @message; one without text wholly. */
void        bobbin_copy_add_block   (BobbinCopy *self, BobbinMessage *message, BobbinBlock *block, gsize from, gsize to);
/* What is drawn within a block, such as the result of a tool. */
void        bobbin_copy_add_prose   (BobbinCopy *self, BobbinProse *prose, gsize from, gsize to);
/* All of a message but what was thought. */
void        bobbin_copy_add_message (BobbinCopy *self, BobbinMessage *message);
gboolean    bobbin_copy_is_empty    (BobbinCopy *self);
/* text/plain, text/markdown and text/html. */
GdkContentProvider *bobbin_copy_to_content (BobbinCopy *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinCopy, bobbin_copy_free)

G_END_DECLS
