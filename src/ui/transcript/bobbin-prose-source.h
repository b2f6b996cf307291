/* What a prose widget shows, as blocks: read as Markdown, or only cut into paragraphs and code. Plain struct. */
#pragma once

#include "markup/bobbin-markup.h"
#include "ui/transcript/bobbin-segmenter.h"

G_BEGIN_DECLS

typedef struct _BobbinProseSource BobbinProseSource;

BobbinProseSource       *bobbin_prose_source_new   (BobbinGrammar grammar, const char *info) G_GNUC_WARN_UNUSED_RESULT;
void                     bobbin_prose_source_free  (BobbinProseSource *self);
void                     bobbin_prose_source_reset (BobbinProseSource *self);
/* The language of code, told late; the next reset gives it to the block. */
void                     bobbin_prose_source_set_info (BobbinProseSource *self, const char *info);
/* As bobbin_markup_feed(). */
guint                    bobbin_prose_source_feed  (BobbinProseSource *self, const char *text, gsize length, gboolean final);
/* What was read to its end may still have links to find their addresses: as bobbin_markup_resolve(). */
gboolean                 bobbin_prose_source_get_pending (BobbinProseSource *self);
guint                    bobbin_prose_source_resolve (BobbinProseSource *self, const char *text, guint *ret_end);
guint                    bobbin_prose_source_get_n (BobbinProseSource *self);
guint                    bobbin_prose_source_get_n_frozen (BobbinProseSource *self);
const BobbinMarkupBlock *bobbin_prose_source_get   (BobbinProseSource *self, guint index);

G_END_DECLS
