#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-prose-source.h"

#include "bobbin-links.h"

struct _BobbinProseSource
{
  /* owned */
  BobbinMarkup    *markup;    /* (nullable) */
  BobbinSegmenter *segmenter; /* (nullable) */
  GPtrArray       *blocks;    /* of BobbinMarkupBlock, with a segmenter */
};

BobbinProseSource *
bobbin_prose_source_new (BobbinGrammar  grammar,
                         const char    *info)
{
  BobbinProseSource *self = g_new0 (BobbinProseSource, 1);

  self->blocks = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_markup_block_free);
  if (grammar == BOBBIN_GRAMMAR_MARKDOWN)
    {
      self->markup = bobbin_markup_new (BOBBIN_MARKUP_EXTENDED);
      bobbin_markup_set_patient (self->markup, TRUE);
    }
  else
    self->segmenter = bobbin_segmenter_new (grammar, info);

  return self;
}

void
bobbin_prose_source_free (BobbinProseSource *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->markup, bobbin_markup_free);
  g_clear_pointer (&self->segmenter, bobbin_segmenter_free);
  g_ptr_array_unref (self->blocks);
  g_free (self);
}

void
bobbin_prose_source_reset (BobbinProseSource *self)
{
  g_ptr_array_set_size (self->blocks, 0);
  if (self->markup != NULL)
    bobbin_markup_reset (self->markup);
  else
    bobbin_segmenter_reset (self->segmenter);
}

void
bobbin_prose_source_set_info (BobbinProseSource *self,
                              const char        *info)
{
  if (self->segmenter != NULL)
    bobbin_segmenter_set_info (self->segmenter, info);
}

/* Addresses are underlined in a text that is not Markdown too. */
static void
add_links (BobbinMarkupBlock *block,
           const char        *text)
{
  g_autoptr(GArray) links = g_array_new (FALSE, FALSE, sizeof (BobbinTextLink));

  bobbin_links_scan (text, block->start, block->end, links);
  for (guint i = 0; i < links->len; i++)
    {
      const BobbinTextLink *link = &g_array_index (links, BobbinTextLink, i);
      BobbinMarkupRun run = { (guint) (link->start - block->start), (guint) (link->end - block->start), BOBBIN_RUN_LINK, i + 1 };

      if (block->runs == NULL)
        {
          block->runs = g_array_new (FALSE, FALSE, sizeof (BobbinMarkupRun));
          block->targets = g_ptr_array_new_with_free_func (g_free);
        }
      g_array_append_val (block->runs, run);
      g_ptr_array_add (block->targets, g_strndup (text + link->start, link->end - link->start));
    }
}

static BobbinMarkupBlock *
block_from_segment (const BobbinSegment *segment,
                    const char          *text)
{
  gboolean code = segment->kind == BOBBIN_SEGMENT_CODE;
  BobbinMarkupBlock *block = bobbin_markup_block_new (code ? BOBBIN_MARKUP_CODE : BOBBIN_MARKUP_PARAGRAPH);

  block->continues = segment->continues;
  block->loose = TRUE;
  block->start = segment->start;
  block->end = segment->end;
  block->length = (guint) (segment->end - segment->start);
  block->n_lines = segment->n_lines;
  block->info = g_strdup (segment->info);
  if (!code)
    add_links (block, text);

  return block;
}

guint
bobbin_prose_source_feed (BobbinProseSource *self,
                          const char        *text,
                          gsize              length,
                          gboolean           final)
{
  guint changed;
  guint n;

  if (self->markup != NULL)
    return bobbin_markup_feed (self->markup, text, length, final);

  changed = bobbin_segmenter_feed (self->segmenter, text, length, final);
  n = bobbin_segmenter_get_n (self->segmenter);
  if (self->blocks->len > n)
    g_ptr_array_set_size (self->blocks, (int) n);
  for (guint i = changed; i < n; i++)
    {
      BobbinMarkupBlock *block = block_from_segment (bobbin_segmenter_get (self->segmenter, i), text);

      if (i == self->blocks->len)
        {
          g_ptr_array_add (self->blocks, block);
          continue;
        }
      block->same = bobbin_markup_block_compare (self->blocks->pdata[i], block, text);
      bobbin_markup_block_free (self->blocks->pdata[i]);
      self->blocks->pdata[i] = block;
    }

  return changed;
}

gboolean
bobbin_prose_source_get_pending (BobbinProseSource *self)
{
  return self->markup != NULL && bobbin_markup_get_pending (self->markup);
}

guint
bobbin_prose_source_resolve (BobbinProseSource *self,
                             const char        *text,
                             guint             *ret_end)
{
  return bobbin_markup_resolve (self->markup, text, ret_end);
}

guint
bobbin_prose_source_get_n (BobbinProseSource *self)
{
  return self->markup != NULL ? bobbin_markup_get_n (self->markup) : self->blocks->len;
}

guint
bobbin_prose_source_get_n_frozen (BobbinProseSource *self)
{
  if (self->markup != NULL)
    return bobbin_markup_get_n_frozen (self->markup);

  return self->blocks->len > 0 ? self->blocks->len - 1 : 0;
}

const BobbinMarkupBlock *
bobbin_prose_source_get (BobbinProseSource *self,
                         guint              index)
{
  return self->markup != NULL ? bobbin_markup_get (self->markup, index) : g_ptr_array_index (self->blocks, index);
}
