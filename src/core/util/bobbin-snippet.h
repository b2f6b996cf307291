/* What a list shows of a text in one line: the beginning of its last paragraph, without the marks of Markdown. Code, tables,
 * footnotes and headings at the end say little of it; they are taken only where there is nothing else. Pure. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @text: (nullable) UTF-8. (nullable): there are no words. At most 160 characters, in one line, with nothing unprintable. */
char *bobbin_snippet_new (const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
