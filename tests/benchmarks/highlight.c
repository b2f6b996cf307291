/* highlight [LINES]: shows a message with so many lines of code, and tells the longest turn of the main loop, in milliseconds of its
 * CPU time, from the first frame of it to its colours; the best of a few. Fails when the colours were there with the first frame, which
 * then waited for them, or never come. */
#include "config.h"

#include "messages.h"
#include "stage.h"
#include "ui/transcript/bobbin-column.h"

#include <stdlib.h>

#define TIMES 5

typedef struct
{
  BobbinColumn  *column;
  BobbinMessage *message;
} Shown;

static char *
make_code (guint n_lines)
{
  static const char *lines[] = {
    "/* What is owed, in hundredths. */", "static guint64", "count_open (const Invoice *invoices, gsize n)", "{",
    "  guint64 sum = 0x0;", "  const char *word = \"open \\\"now\\\"\"; // said to the customer", "",
    "  for (gsize i = 0; i < n; i++)", "    if (!invoices[i].paid && invoices[i].due < 1767268800)", "      sum += invoices[i].amount;",
    "  return sum;", "}", "",
  };
  GString *text = g_string_new ("```c\n");

  for (guint i = 0; i < n_lines; i++)
    g_string_append_printf (text, "%s\n", lines[i % G_N_ELEMENTS (lines)]);
  g_string_append (text, "```\n");

  return g_string_free (text, FALSE);
}

static guint
n_colored (const Shown *shown)
{
  BobbinMessageView *row = bobbin_column_get_row (shown->column, shown->message);
  BobbinBlock *block = bobbin_message_get_block (shown->message, 0);
  BobbinProse *prose = row != NULL ? bobbin_message_view_get_prose (row, bobbin_block_get_id (block)) : NULL;

  return prose != NULL ? bobbin_prose_get_n_colored (prose) : 0;
}

static gboolean
has_colors (gpointer data)
{
  return n_colored (data) > 0;
}

static gint64
show_us (guint n_lines)
{
  g_autofree char *text = make_code (n_lines);
  g_autoptr(GListStore) messages = messages_mixed (4);
  g_autoptr(BobbinMessage) message = messages_text (BOBBIN_ROLE_ASSISTANT, text, MESSAGES_NOON);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *column = bobbin_column_new ();
  Shown shown = { BOBBIN_COLUMN (column), message };
  GtkWidget *window;

  bobbin_column_set_model (BOBBIN_COLUMN (column), G_LIST_MODEL (messages));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), column);
  window = stage_new (scrolled, 900, 800);
  stage_take_stall ();
  g_list_store_append (messages, message);
  stage_frame (window);
  if (has_colors (&shown))
    g_error ("The first frame waited for the colours");
  if (!stage_wait (has_colors, &shown))
    g_error ("There were no colours");
  stage_settle (window);
  if (n_colored (&shown) < n_lines)
    g_error ("Only %u parts of %u lines have a colour", n_colored (&shown), n_lines);
  stage_free (window);

  return stage_take_stall ();
}

int
main (int argc, char **argv)
{
  guint n_lines = argc > 1 ? (guint) atoi (argv[1]) : 2000;
  gint64 best = G_MAXINT64;

  stage_init ();
  for (guint i = 0; i < TIMES; i++)
    {
      gint64 longest = show_us (n_lines);

      g_print ("# %.1f ms\n", longest / 1000.0);
      best = MIN (best, longest);
    }
  g_print ("{\"longest_ms\": %.3f}\n", best / 1000.0);

  return 0;
}
