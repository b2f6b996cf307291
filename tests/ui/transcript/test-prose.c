/* Prose: a text that streams is laid out once, and what is drawn is there for assistive tools too. */
#include "config.h"

#include <string.h>

#include "model/bobbin-block.h"
#include "stage.h"
#include "ui/transcript/bobbin-code-card.h"
#include "ui/transcript/bobbin-prose.h"
#include "ui/transcript/bobbin-proxy.h"
#include "ui/transcript/bobbin-table-view.h"

#define WIDTH  600
#define HEIGHT 700

static const char document[] =
  "# A *report* of `everything`\n\nThe first paragraph, with **strong words**, a [link](https://example.org/one), ~~an error~~ and\n"
  "a formula $x^2 + 1$; it costs $5, or US$ 3 and $4.\n\n"
  "- one\n- two, with `code`\n  1. inner\n  2. [inner](https://example.org/two)\n- [x] done\n- [ ] open\n\n"
  "> A quotation\n> of two lines.\n\n"
  "```python\ndef sum (numbers):\n    return numbers\n```\n\n"
  "| Name | Amount | Note |\n|:-----|-------:|:----:|\n| a | 1 | **x** |\n| b | 22 | |\n| c | 3 | `y` |\n\n"
  "## Second heading\n\n$$\\sum_{i=0}^n i = \\frac{n(n+1)}{2}$$\n\n---\n\nLast words.\n\n"
  "| Other | Table |\n|---|---|\n| 1 | 2 |\n\n    indented code\n\n```\nno language\n```\n\nSetext\n======\n\nThe end.\n";

typedef struct
{
  BobbinBlock *block;
  GtkWidget   *window;
  BobbinProse *prose;
} Stage;

static void
stage_up (Stage        *stage,
          gconstpointer text)
{
  GtkWidget *prose;

  stage->block = bobbin_block_new (0, BOBBIN_BLOCK_TEXT);
  if (text != NULL)
    {
      bobbin_block_append (stage->block, text, -1);
      bobbin_block_set_state (stage->block, BOBBIN_BLOCK_DONE);
    }
  prose = bobbin_prose_new_for_block (stage->block, BOBBIN_GRAMMAR_MARKDOWN);
  gtk_widget_set_valign (prose, GTK_ALIGN_START);
  stage->prose = BOBBIN_PROSE (prose);
  stage->window = stage_new (prose, WIDTH, HEIGHT);
}

static void
stage_down (Stage        *stage,
            gconstpointer text)
{
  stage_free (stage->window);
  g_object_unref (stage->block);
}

/* Streaming */

/* As the transcript does it once a frame. */
static void
lay_out (Stage *stage)
{
  gtk_widget_measure (GTK_WIDGET (stage->prose), GTK_ORIENTATION_VERTICAL, WIDTH, NULL, NULL, NULL, NULL);
}

static void
stream (Stage      *stage,
        const char *text,
        guint       step)
{
  for (gsize at = 0; text[at] != '\0';)
    {
      gsize length = MIN (strlen (text + at), step);

      bobbin_block_append (stage->block, text + at, (gssize) length);
      at += length;
      lay_out (stage);
      g_assert_cmpuint (bobbin_prose_get_n_rebuilt (stage->prose), ==, 0);
    }
}

static void
test_stream (Stage        *stage,
             gconstpointer unused)
{
  guint n_before;

  stream (stage, document, 3);

  /* the end of it changes nothing any more */
  n_before = bobbin_prose_get_n_layouts (stage->prose);
  bobbin_block_set_state (stage->block, BOBBIN_BLOCK_DONE);
  lay_out (stage);
  g_assert_cmpuint (bobbin_prose_get_n_layouts (stage->prose), <=, n_before + 1);
  g_assert_cmpuint (bobbin_prose_get_n_rebuilt (stage->prose), ==, 0);
}

/* The widgets of what is finished are the same to the end. */
static void
test_widgets_stay (Stage        *stage,
                   gconstpointer unused)
{
  GtkWidget *table = NULL;
  GtkWidget *card = NULL;
  guint n_layouts = 0;

  for (gsize at = 0; document[at] != '\0'; at++)
    {
      bobbin_block_append (stage->block, document + at, 1);
      if (at % 16 != 0 && document[at + 1] != '\0')
        continue;
      stage_frame (stage->window);
      if (table == NULL && strstr (document, "## Second") < document + at)
        {
          table = stage_find (GTK_WIDGET (stage->prose), BOBBIN_TYPE_TABLE_VIEW, NULL);
          card = stage_find (GTK_WIDGET (stage->prose), BOBBIN_TYPE_CODE_CARD, NULL);
          g_assert_nonnull (table);
          g_assert_nonnull (card);
          n_layouts = bobbin_prose_get_n_layouts (stage->prose);
        }
    }
  g_assert_true (gtk_widget_get_parent (table) == GTK_WIDGET (stage->prose));
  g_assert_true (gtk_widget_get_parent (card) == GTK_WIDGET (stage->prose));
  g_assert_cmpuint (bobbin_prose_get_n_layouts (stage->prose), >, n_layouts);
}

/* A head of a table that still grows may have more columns than the one that was drawn. */
static void
test_growing_head (Stage        *stage,
                   gconstpointer unused)
{
  static const char *const heads[] = {
    "| Name | Amount | Note |\n|:-----|-------:|:----:|\n| a | 1 | x |\n",
    "a|b|c|d\n-|-|-|-\n1|2|3|4\n",
    "| a |\n|---|\n| 1 |\n| 2 |\n\n| a | b | c | d | e |\n|-|-|-|-|-|\n| 1 | 2 | 3 | 4 | 5 | 6 |\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    for (gsize at = 0; heads[i][at] != '\0'; at++)
      {
        bobbin_block_append (stage->block, heads[i] + at, 1);
        lay_out (stage);
      }
}

#define ADD(path, func, text) g_test_add (path, Stage, text, stage_up, func, stage_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  stage_init ();

  ADD ("/transcript/prose/stream", test_stream, NULL);
  ADD ("/transcript/prose/widgets-stay", test_widgets_stay, NULL);
  ADD ("/transcript/prose/growing-head", test_growing_head, NULL);

  return g_test_run ();
}
