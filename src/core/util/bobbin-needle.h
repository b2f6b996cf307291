/* Finds words in text as a person means them: without regard to case, to accents and to what kind of space is between words.
 * Plain data, any thread; a needle is not used by two at once. Offsets are bytes. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _BobbinNeedle BobbinNeedle;

typedef struct
{
  gsize start;
  gsize end;
} BobbinRange;

/* NULL: there is nothing in @text to look for. */
BobbinNeedle *bobbin_needle_new   (const char *text) G_GNUC_WARN_UNUSED_RESULT;
void          bobbin_needle_free  (BobbinNeedle *self);
/* How often it is in @text, without overlaps. */
guint         bobbin_needle_count (BobbinNeedle *self, const char *text, gsize length);
/* Appends where it is, at most @max times, to @ranges (of BobbinRange), rising. */
guint         bobbin_needle_find  (BobbinNeedle *self, const char *text, gsize length, guint max, GArray *ranges);
/* Appends what one character is compared as: nothing, itself, or what it comes apart into. */
void          bobbin_needle_fold_char (GString *out, gunichar c);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinNeedle, bobbin_needle_free)

G_END_DECLS
