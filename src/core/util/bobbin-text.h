/* Text for people to read: what strangers sent, made fit for one line of a list, a title, a sentence. All results are newly
 * allocated valid UTF-8; arguments need not be valid. Lengths are characters unless they say bytes. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @length bytes (-1: a C string) with invalid sequences and NUL replaced by U+FFFD. */
char *bobbin_text_make_valid (const char *bytes, gssize length) G_GNUC_WARN_UNUSED_RESULT;
/* At most @max characters, the last of them "…" when something was cut. Never cuts between a letter and its accents, nor inside
 * an emoji of several characters; what stays may then be shorter. */
char *bobbin_text_truncate   (const char *text, guint max) G_GNUC_WARN_UNUSED_RESULT;
/* Line ends, tabs and runs of space become one space; none at either end. */
char *bobbin_text_one_line   (const char *text) G_GNUC_WARN_UNUSED_RESULT;
/* For titles and file names: one line, without control characters and without what turns the direction of the text around it
 * (a file named "exe.gpj" must not read "jpg.exe"). */
char *bobbin_text_clean_name (const char *text) G_GNUC_WARN_UNUSED_RESULT;
/* What has no place in a line of a stranger: controls; embeddings, overrides and isolates of directions; the byte order mark; the
 * deprecated language tag. */
gboolean bobbin_text_is_unfit (gunichar c);
/* Wraps @text so that its direction does not reach the sentence it is put in. */
char *bobbin_text_isolate    (const char *text) G_GNUC_WARN_UNUSED_RESULT;
/* "9.5 MiB", in the words and digits of the locale, with a no-break space. */
char *bobbin_text_size       (gint64 bytes) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
