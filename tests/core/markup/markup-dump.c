#include "config.h"

#include "markup-dump.h"

#include <string.h>

static void
append_boxes (GString                 *out,
              const BobbinMarkupBlock *block)
{
  for (guint i = 0; i < block->n_boxes; i++)
    {
      const BobbinMarkupBox *box = &block->boxes[i];

      switch (box->kind)
        {
        case BOBBIN_BOX_QUOTE:
          g_string_append (out, "> ");
          break;
        case BOBBIN_BOX_NOTE:
          g_string_append_printf (out, box->first ? "^%u " : "^ ", box->number);
          break;
        case BOBBIN_BOX_NUMBER:
          if (box->first)
            g_string_append_printf (out, "%u. ", box->number);
          else
            g_string_append (out, ". ");
          break;
        case BOBBIN_BOX_BULLET:
        default:
          g_string_append (out, box->first ? "* " : "  ");
        }
      if (box->first && box->task != 0)
        g_string_append_printf (out, "[%c] ", box->task);
    }
}

static void
append_run (GString                 *out,
            const BobbinMarkupBlock *block,
            const BobbinMarkupRun   *run,
            const char              *text)
{
  static const char letters[] = "esxclinmd"; /* in the order of the flags */

  g_string_append_c (out, '{');
  for (guint i = 0; letters[i] != '\0'; i++)
    if (run->flags & (1u << i))
      g_string_append_c (out, letters[i]);
  g_string_append_c (out, ':');
  g_string_append_len (out, text + run->start, run->end - run->start);
  if (bobbin_markup_block_target (block, run) != NULL)
    g_string_append_printf (out, "→%s", bobbin_markup_block_target (block, run));
  g_string_append_c (out, '}');
}

char *
markup_dump_block (const BobbinMarkupBlock *block,
                   const char              *source)
{
  static const char *const kinds[] = { "P", "H", "C", "R", "T", "I", "M" };
  GString *out = g_string_new (NULL);
  const char *text = bobbin_markup_block_get_text (block, source);
  guint at = 0;

  append_boxes (out, block);
  g_string_append (out, kinds[block->kind]);
  if (block->level > 0)
    g_string_append_printf (out, "%u", block->level);
  if (block->continues)
    g_string_append_c (out, '+');
  if (block->info != NULL)
    g_string_append_printf (out, "(%s)", block->info);
  g_string_append_c (out, ' ');
  for (guint i = 0; block->runs != NULL && i < block->runs->len; i++)
    {
      const BobbinMarkupRun *run = &g_array_index (block->runs, BobbinMarkupRun, i);

      g_assert_cmpuint (run->start, >=, at);
      g_assert_cmpuint (run->end, <=, block->length);
      g_string_append_len (out, text + at, run->start - at);
      append_run (out, block, run, text);
      at = run->end;
    }
  g_string_append_len (out, text + at, block->length - at);

  return g_string_free (out, FALSE);
}

char *
markup_dump (BobbinMarkup *document,
             const char   *source)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < bobbin_markup_get_n (document); i++)
    {
      g_autofree char *block = markup_dump_block (bobbin_markup_get (document, i), source);

      g_string_append_printf (out, "%s%s", i > 0 ? "|" : "", block);
    }

  return g_string_free (out, FALSE);
}

BobbinMarkup *
markup_parse (const char *source)
{
  BobbinMarkup *document = bobbin_markup_new (BOBBIN_MARKUP_EXTENDED);

  bobbin_markup_feed (document, source, strlen (source), TRUE);

  return document;
}
