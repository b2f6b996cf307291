/* A Markdown document that grows: CommonMark through cmark-gfm with tables, task lists, strikethrough, autolinks and footnotes.
 * HTML is text. Plain data, no GTK; used on one thread.
 *
 * The source is cut into units: top-level blocks and the items of top-level lists. A finished unit is parsed once; only the open
 * one is parsed again when something is added. A unit longer than BOBBIN_MARKUP_WINDOW is cut where it may be (before its last
 * child, row or line, else between two words), and what follows "continues". Fenced code that is such a unit is cut at a line's
 * end already when BOBBIN_MARKUP_CODE_WINDOW bytes of it have nothing in them that looks like a fence. Half-open constructs of
 * the last line are shown as if they were closed; a line that may still become something else is held back.
 *
 * Invariants: 1. Blocks are in order of the source and do not overlap. 2. bobbin_markup_get_n_frozen() blocks never change again,
 * except that the last feed may resolve links and footnotes that were defined later. 3. The same text in one piece or in many
 * gives the same blocks. 4. A feed costs what was added and one window. */
#pragma once

#include "markup/bobbin-markup-block.h"

G_BEGIN_DECLS

#define BOBBIN_MARKUP_WINDOW      8192 /* bytes */
#define BOBBIN_MARKUP_CODE_WINDOW 4096 /* what is drawn of code is laid out by the piece: smaller ones are nearer to a screen */

typedef struct _BobbinMarkup BobbinMarkup;

typedef enum
{
  BOBBIN_MARKUP_EXTENDED, /* what agents write */
  BOBBIN_MARKUP_STRICT,   /* CommonMark and nothing else: for the tests of the specification */
} BobbinMarkupFlavour;

BobbinMarkup            *bobbin_markup_new          (BobbinMarkupFlavour flavour) G_GNUC_WARN_UNUSED_RESULT;
void                     bobbin_markup_free         (BobbinMarkup *self);
void                     bobbin_markup_reset        (BobbinMarkup *self);
/* Reads on in @text, which starts with what was there before. @final: nothing follows. Returns the index of the first block
 * that is new or has changed. */
guint                    bobbin_markup_feed         (BobbinMarkup *self, const char *text, gsize length, gboolean final);
/* Nothing follows: what was named before it was defined is looked at once more. The last feed does that, unless there is
 * patience: then while bobbin_markup_get_pending() says so each call goes on with some of it. Returns the first block that has
 * changed; from @ret_end on none has. */
void                     bobbin_markup_set_patient  (BobbinMarkup *self, gboolean patient);
gboolean                 bobbin_markup_get_pending  (BobbinMarkup *self);
guint                    bobbin_markup_resolve      (BobbinMarkup *self, const char *text, guint *ret_end);
guint                    bobbin_markup_get_n        (BobbinMarkup *self);
guint                    bobbin_markup_get_n_frozen (BobbinMarkup *self);
const BobbinMarkupBlock *bobbin_markup_get          (BobbinMarkup *self, guint index); /* valid until the next feed */
/* Bytes given to the parser so far, for tests of what is parsed again. */
guint64                  bobbin_markup_get_parsed   (BobbinMarkup *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinMarkup, bobbin_markup_free)

G_END_DECLS
