/* Cuts the text of a block, while it grows, into segments: paragraphs and fenced code. This is the document between a
 * block's text and the layouts on the screen: selection, find and reading position count in bytes of the block's text, and a
 * richer grammar only has to yield more kinds of segment.
 *
 * Invariants: 1. Segments are in order and do not overlap. 2. A segment that is not the last never changes again, at whatever
 * byte the stream is cut (the same text in one piece or in many gives the same segments). 3. No segment is longer than
 * BOBBIN_SEGMENT_MAX bytes; a longer paragraph or code goes on in a segment that "continues". 4. What may still become a fence
 * is held back until its line ends. Plain data, no GTK. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BOBBIN_SEGMENT_SOFT 4096  /* bytes after which a line end ends the segment */
#define BOBBIN_SEGMENT_MAX  8192  /* bytes after which any place does */

typedef enum
{
  BOBBIN_SEGMENT_PARAGRAPH,
  BOBBIN_SEGMENT_CODE,
} BobbinSegmentKind;

typedef struct
{
  BobbinSegmentKind kind;
  gboolean          continues; /* goes on from the segment before: no gap, same card */
  gsize             start;     /* bytes of the block's text that are shown: [start, end) */
  gsize             end;
  guint             n_lines;   /* lines of the source; 0: code with no line yet */
  char             *info;      /* CODE, first of its card: language (nullable), owned */
} BobbinSegment;

typedef enum
{
  BOBBIN_GRAMMAR_FENCES, /* paragraphs and fenced code */
  BOBBIN_GRAMMAR_PLAIN,  /* paragraphs only */
  BOBBIN_GRAMMAR_CODE,   /* all of it is code */
  BOBBIN_GRAMMAR_BARE,   /* the same, shown without a card around it */
  BOBBIN_GRAMMAR_MARKDOWN, /* not the segmenter's: see bobbin-prose-source.h */
} BobbinGrammar;

typedef struct _BobbinSegmenter BobbinSegmenter;

BobbinSegmenter     *bobbin_segmenter_new   (BobbinGrammar grammar, const char *info) G_GNUC_WARN_UNUSED_RESULT;
void                 bobbin_segmenter_free  (BobbinSegmenter *self);
void                 bobbin_segmenter_reset (BobbinSegmenter *self);
/* The language of BOBBIN_GRAMMAR_CODE, told late; the next reset gives it to the segment. */
void                 bobbin_segmenter_set_info (BobbinSegmenter *self, const char *info);
/* Reads on in @text, which starts with what was there before. @final: nothing follows, a held line is shown as it is.
 * Returns the index of the first segment that is new or has changed. */
guint                bobbin_segmenter_feed  (BobbinSegmenter *self, const char *text, gsize length, gboolean final);
guint                bobbin_segmenter_get_n (BobbinSegmenter *self);
const BobbinSegment *bobbin_segmenter_get   (BobbinSegmenter *self, guint index); /* valid until the next feed */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinSegmenter, bobbin_segmenter_free)

G_END_DECLS
