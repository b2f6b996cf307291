/* The words of a piece of text that a dictionary can be asked about. A pure function: for lines that are too long for the words of
 * GtkTextIter, which looks at all of a line each time. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* In characters from the start of the text; the end is the first that is no part of it. */
typedef struct
{
  guint start;
  guint end;
} BobbinWordSpan;

/* Whether it says that what stands between the same two blanks is no prose: "https://example.org/a_b", "x@y", "foo()", "`code`". */
gboolean bobbin_word_is_technical (gunichar c);
/* @cut_start, @cut_end: the text goes on there, so that a word which touches it is not whole. Returns: of BobbinWordSpan, in order. */
GArray  *bobbin_word_finder_find  (const char *text, gboolean cut_start, gboolean cut_end) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
