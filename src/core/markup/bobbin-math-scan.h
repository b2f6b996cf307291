/* Where the formulas are in raw Markdown text: $$…$$, \[…\], \(…\), $…$, $`…`$ and environments such as align that stand
 * without delimiters. Found before Markdown is read, so that its `_`, `*`, `\\` and `|` do not eat what is TeX.
 *
 * A single $ is careful: money, shell variables and prose between two dollars stay text. Nothing is looked for within
 * fenced and indented code, code spans, addresses. A formula has no blank line in it and is bounded in length.
 *
 * Streaming: what is found in the text so far is found in the whole text too, whatever follows. Time is linear in the text.
 * Offsets are bytes. Plain data; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BOBBIN_MATH_INLINE_MAX  1024  /* bytes between the delimiters */
#define BOBBIN_MATH_DISPLAY_MAX 32768

typedef struct
{
  gsize    start;     /* with the delimiters: [start, end) */
  gsize    end;
  gsize    tex_start; /* between them: [tex_start, tex_end) */
  gsize    tex_end;
  gboolean display;
} BobbinMathSpan;

/* Appends the formulas in [@start, @end) of @text to @spans (of BobbinMathSpan), in order. @start is where a block begins,
 * outside of code. Returns the offset from which on a delimiter or a code span is still open: what is before it is settled for
 * good. With @final nothing follows, and it is @end. */
gsize  bobbin_math_scan         (const char *text, gsize start, gsize end, gboolean final, GArray *spans);
/* (transfer full): the TeX of a span, without the marks of a quote at the start of its later lines. */
char  *bobbin_math_span_dup_tex (const char *text, const BobbinMathSpan *span) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
