/* However an answer comes, in drops or all at once, its end is on the screen when it is there: drawn, not only laid out. */
#include "config.h"

#include "drawn.h"
#include "messages.h"
#include "stage.h"
#include "ui/transcript/bobbin-column.h"

#define WIDTH  700
#define HEIGHT 600
#define GAP    130 /* margins, the head of a message and the space between two */

typedef struct
{
  GListStore   *messages;
  GtkWidget    *window;
  BobbinColumn *column;
} Stage;

static void
stage_up (Stage        *stage,
          gconstpointer n)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *column = bobbin_column_new ();

  stage->messages = messages_mixed (GPOINTER_TO_UINT (n));
  bobbin_column_set_model (BOBBIN_COLUMN (column), G_LIST_MODEL (stage->messages));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), column);
  stage->window = stage_new (scrolled, WIDTH, HEIGHT);
  stage->column = BOBBIN_COLUMN (column);
}

static void
stage_down (Stage        *stage,
            gconstpointer n)
{
  stage_free (stage->window);
  g_assert_finalize_object (stage->messages);
}

static BobbinBlock *
begin_answer (Stage *stage)
{
  g_autoptr(BobbinMessage) answer = bobbin_message_new (0, BOBBIN_ROLE_ASSISTANT, MESSAGES_NOON);
  BobbinBlock *block;

  bobbin_message_set_delivery (answer, BOBBIN_DELIVERY_ANSWERING);
  block = messages_block (answer, BOBBIN_BLOCK_TEXT, BOBBIN_BLOCK_OPEN, NULL);
  g_list_store_append (stage->messages, answer);
  stage_settle (stage->window);

  return block;
}

static void
assert_drawn (Stage *stage,
              gsize  bytes)
{
  int gap;

  stage_settle (stage->window);
  gap = drawn_largest_gap (GTK_WIDGET (stage->column));
  if (gap > GAP)
    g_error ("%d pixels are empty after a burst of %" G_GSIZE_FORMAT " bytes", gap, bytes);
}

/* Texts whose height is guessed badly as long as they were not laid out. */
static char *
make_text (guint kind,
           gsize bytes)
{
  static const char *const pieces[] = { "wwwWWW ", "i.i ", "x\n\n", "Ein Satz mit 界界界 und mehr.\n", "- a\n- bb\n" };
  GString *text;

  if (kind >= G_N_ELEMENTS (pieces))
    return messages_lorem (bytes, (guint) bytes);

  text = g_string_new (NULL);
  while (text->len < bytes)
    g_string_append (text, pieces[kind]);

  return g_string_free (text, FALSE);
}

/* All of it between two frames. */
static void
test_at_once (Stage        *stage,
              gconstpointer n)
{
  static const gsize sizes[] = { 500, 20000, 150000 };

  for (guint i = 0; i < 6 * G_N_ELEMENTS (sizes); i++)
    {
      gsize bytes = sizes[i % G_N_ELEMENTS (sizes)];
      g_autofree char *text = make_text (i / G_N_ELEMENTS (sizes), bytes);
      BobbinBlock *block = begin_answer (stage);

      bobbin_block_append (block, text, -1);
      bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
      assert_drawn (stage, bytes);
    }
}

/* In pieces of several screens, with frames between them, as a socket gives them to a busy program. */
static void
test_in_bursts (Stage        *stage,
                gconstpointer n)
{
  BobbinBlock *block = begin_answer (stage);

  for (guint i = 0; i < 12; i++)
    {
      gsize bytes = 1000u << (i % 6);
      g_autofree char *text = messages_lorem (bytes, i);

      bobbin_block_append (block, text, -1);
      if (i % 3 == 0)
        stage_frame (stage->window);
      bobbin_block_append (block, "\n\n", -1);
      assert_drawn (stage, bytes);
    }
  bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
  assert_drawn (stage, 0);
}

/* As above, after the reader came back from far up. */
static void
test_after_return (Stage        *stage,
                   gconstpointer n)
{
  BobbinBlock *block = begin_answer (stage);
  BobbinLocus top = { 0, 0, 0 };
  g_autofree char *text = messages_lorem (60000, 3);

  bobbin_column_scroll_to (stage->column, 2, &top, 0);
  stage_settle (stage->window);
  bobbin_block_append (block, text, -1);
  assert_drawn (stage, 60000);
  bobbin_column_follow (stage->column);
  assert_drawn (stage, 60000);
  bobbin_block_append (block, text, -1);
  assert_drawn (stage, 60000);
}

/* Tables and code that leave at the top while more comes: a widget of theirs that is left without a place cannot be drawn, which is
 * a warning. */
static void
test_widgets_leave (Stage        *stage,
                    gconstpointer n)
{
  static const char part[] =
    "Some words.\n\n| Invoice | Customer | Due |\n|:--|:-:|--:|\n| 2026-014 | Acme | 17 March |\n| 2026-021 | **Brown** | today |\n\n"
    "- see [the terms](https://example.org/terms)\n- and wait\n\n```python\nfor i in range(9):\n    print(i)\n```\n\n## And then\n\n";
  BobbinBlock *block = begin_answer (stage);

  for (guint i = 0; i < 6; i++)
    for (gsize at = 0; at < sizeof part - 1; at += 24)
      {
        bobbin_block_append (block, part + at, (gssize) MIN (24, sizeof part - 1 - at));
        stage_frame (stage->window);
      }
  bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
  assert_drawn (stage, sizeof part);
}

#define ADD(path, func) g_test_add (path, Stage, GUINT_TO_POINTER (30), stage_up, func, stage_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  stage_init ();

  ADD ("/transcript/burst/at-once", test_at_once);
  ADD ("/transcript/burst/in-bursts", test_in_bursts);
  ADD ("/transcript/burst/after-return", test_after_return);
  ADD ("/transcript/burst/widgets-leave", test_widgets_leave);

  return g_test_run ();
}
