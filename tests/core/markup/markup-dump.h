/* A document as one line of text a test can be written with. */
#pragma once

#include "markup/bobbin-markup.h"

/* "H1 title|P plain *{s:strong}|> * P in a quote and an item". */
char *markup_dump       (BobbinMarkup *document, const char *source) G_GNUC_WARN_UNUSED_RESULT;
char *markup_dump_block (const BobbinMarkupBlock *block, const char *source) G_GNUC_WARN_UNUSED_RESULT;
/* Parses all of @source at once. */
BobbinMarkup *markup_parse (const char *source) G_GNUC_WARN_UNUSED_RESULT;
