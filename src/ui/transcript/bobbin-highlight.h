/* Colours of a piece of code: GtkSourceView's languages on a buffer without a view, read as spans. The language is read in a
 * thread, the rest is done in idle time, a few milliseconds at once, never before the code was drawn plain. */
#pragma once

#include "ui/transcript/bobbin-flow.h"

G_BEGIN_DECLS

#define BOBBIN_HIGHLIGHT_LINES_MAX 2000 /* longer code stays plain */

typedef struct _BobbinHighlight BobbinHighlight;

/* @spans: of BobbinFlowSpan, offsets in the code; valid during the call. */
typedef void (*BobbinHighlightDone) (GArray *spans, gpointer user_data);

typedef enum
{
  BOBBIN_HIGHLIGHT_DARK     = 1 << 0,
  BOBBIN_HIGHLIGHT_CONTRAST = 1 << 1, /* high */
} BobbinHighlightLook;

/* (nullable): NULL when there is nothing to do; @done is called later, or never. @language: (nullable) as the fence names it; guessed when absent. */
BobbinHighlight *bobbin_highlight_new  (const char *code, const char *language, BobbinHighlightLook look, BobbinHighlightDone done,
                                        gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;
/* Gives up what is not done. */
void             bobbin_highlight_free (BobbinHighlight *self);
/* (nullable): the id of the language, by the name on a fence or a look at the code. Not while something is highlighted. */
const char      *bobbin_highlight_language (const char *name, const char *code);
/* (nullable): the same, by how the code begins and no more; at any time. */
const char      *bobbin_highlight_guess (const char *code);
/* The colour, made darker or lighter until it can be read on the ground of a code card: 4.5 to 1, in high contrast 7 to 1. */
PangoColor       bobbin_highlight_readable (PangoColor color, BobbinHighlightLook look);
double           bobbin_highlight_contrast (PangoColor color, BobbinHighlightLook look);

G_END_DECLS
