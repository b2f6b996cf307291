/* A part of a document as plain text, as Markdown (its own source) or as HTML. Nothing of the document is trusted: HTML is escaped,
 * addresses other than http, https and mailto are left out. Blocks are added in order; a part is given in source offsets. */
#pragma once

#include "markup/bobbin-markup.h"

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_MARKUP_TO_TEXT,
  BOBBIN_MARKUP_TO_MARKDOWN,
  BOBBIN_MARKUP_TO_HTML,     /* a fragment, without <html> around it */
} BobbinMarkupFormat;

typedef struct _BobbinMarkupWriter BobbinMarkupWriter;

BobbinMarkupWriter *bobbin_markup_writer_new    (BobbinMarkupFormat format, const char *source, gsize length, gsize from, gsize to) G_GNUC_WARN_UNUSED_RESULT;
/* What is outside of the part is passed over. */
void                bobbin_markup_writer_add    (BobbinMarkupWriter *self, const BobbinMarkupBlock *block);
/* Frees the writer; (transfer full). */
char               *bobbin_markup_writer_finish (BobbinMarkupWriter *self) G_GNUC_WARN_UNUSED_RESULT;
/* All of that for [from, to) of a document. */
char               *bobbin_markup_write         (BobbinMarkup *document, BobbinMarkupFormat format, const char *source, gsize length, gsize from, gsize to) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
