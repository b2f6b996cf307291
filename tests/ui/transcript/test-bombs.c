/* Texts nobody writes but a machine may send: shown, scrolled through, searched and selected, they never hold up the main loop, and
 * take memory in proportion to their length. `-m thorough` takes them at full size, as a benchmark. */
#include "config.h"

#include "messages.h"
#include "stage.h"
#include "ui/transcript/bobbin-column.h"

#include <math.h>
#include <string.h>

#define WIDTH      800
#define HEIGHT     600
#define TIMES      5      /* the best counts: what else the machine does is not ours */
#define PART       100    /* of the full size, in a test */
#define PART_LEAST 8000   /* bytes */
#define LIMIT_US   100000
#define MEMORY_MAX 40     /* resident bytes for each of the text, and 64 MB */

typedef struct
{
  const char *name;
  char     *(*make) (gsize bytes);
  gsize       bytes;      /* at full size */
} Bomb;

static gsize
resident (void)
{
  g_autofree char *text = NULL;
  g_auto(GStrv) fields = NULL;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    return 0;
  fields = g_strsplit (text, " ", 3);
  return (gsize) g_ascii_strtoull (fields[1], NULL, 10) * 4096;
}

static char *
repeat (const char *piece,
        gsize       bytes)
{
  GString *text = g_string_sized_new (bytes + 64);

  while (text->len < bytes)
    g_string_append (text, piece);

  return g_string_free (text, FALSE);
}

static char *
make_line (gsize bytes)
{
  return repeat ("one line of words that never ends, ", bytes);
}

static char *
make_word (gsize bytes)
{
  return repeat ("x", bytes);
}

static char *
make_base64 (gsize bytes)
{
  return repeat ("iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4", bytes);
}

static char *
make_quotes (gsize bytes)
{
  return repeat (">", bytes);
}

static char *
make_quoted_lines (gsize bytes)
{
  return repeat ("> > > > > > > > > > > > > > > > > > > > word\n", bytes);
}

static char *
make_lists (gsize bytes)
{
  return repeat ("- ", bytes);
}

/* Each item within the one before. */
static char *
make_deep_list (gsize bytes)
{
  GString *text = g_string_sized_new (bytes + 64);

  for (guint depth = 0; text->len < bytes; depth++)
    g_string_append_printf (text, "%*s- x\n", (int) (2 * (depth % 2000)), "");

  return g_string_free (text, FALSE);
}

static char *
make_emphasis (gsize bytes)
{
  return repeat ("*a **b ", bytes);
}

static char *
make_brackets (gsize bytes)
{
  return repeat ("[a](", bytes);
}

static char *
make_table (gsize bytes)
{
  GString *text = g_string_sized_new (bytes + 64);
  guint n = (guint) MIN (bytes / 14, 10000);

  for (guint row = 0; row < 4; row++)
    {
      for (guint i = 0; i < n; i++)
        g_string_append (text, row == 1 ? "|--" : "|ab");
      g_string_append (text, "|\n");
    }

  return g_string_free (text, FALSE);
}

/* Letters that pile up, and text that runs the other way. */
static char *
make_zalgo (gsize bytes)
{
  return repeat ("Z̷̛̹̆̓̈́̇a̶̜̮͐̎̈́l̴̪̈́̉̇g̸̭̈́o̵͔̅ \xe2\x80\xae" "drow\xe2\x80\xac \xe2\x81\xa7", bytes);
}

static char *
make_marks (gsize bytes)
{
  g_autofree char *marks = repeat ("\xcc\x81", bytes);

  return g_strconcat ("e", marks, NULL);
}

static char *
make_tex (gsize bytes)
{
  g_autofree char *open = repeat ("\\frac{", bytes / 2);
  g_autofree char *close = repeat ("}{x}", bytes / 2);

  return g_strconcat ("$$\\def\\a{\\b\\b}\\def\\b{\\a\\a}\\a ", open, "x", close, "$$\n\nend", NULL);
}

static char *
make_formulas (gsize bytes)
{
  return repeat ("$\\sqrt{\\sum_{i=0}^n x_i^2}$ ", bytes);
}

static char *
make_links (gsize bytes)
{
  return repeat ("[a]\n\n[a]: http://example.org\n\n[b][c]\n\n", bytes);
}

static char *
make_code (gsize bytes)
{
  g_autofree char *lines = repeat ("int x = f (\"a\", 'b', 1.0); /* c */\n", bytes);

  return g_strconcat ("```c\n", lines, "```\n", NULL);
}

static const Bomb bombs[] = {
  { "line", make_line, 10000000 },
  { "word", make_word, 10000000 },
  { "base64", make_base64, 4000000 },
  { "quotes", make_quotes, 100000 },
  { "quoted-lines", make_quoted_lines, 1000000 },
  { "lists", make_lists, 200000 },
  { "deep-list", make_deep_list, 1000000 },
  { "emphasis", make_emphasis, 700000 },
  { "brackets", make_brackets, 400000 },
  { "table", make_table, 140000 },
  { "zalgo", make_zalgo, 1000000 },
  { "marks", make_marks, 2000000 },
  { "tex", make_tex, 200000 },
  { "formulas", make_formulas, 300000 },
  { "links", make_links, 400000 },
  { "code", make_code, 1000000 },
};

typedef struct
{
  GListStore    *messages;
  GtkWidget     *window;
  BobbinColumn  *column;
  GtkAdjustment *adjustment;
} Stage;

static void
stage_up (Stage *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *column = bobbin_column_new ();

  self->messages = messages_mixed (6);
  bobbin_column_set_model (BOBBIN_COLUMN (column), G_LIST_MODEL (self->messages));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), column);
  self->window = stage_new (scrolled, WIDTH, HEIGHT);
  self->column = BOBBIN_COLUMN (column);
  self->adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (column));
}

static void
stage_down (Stage *self)
{
  stage_free (self->window);
  g_object_unref (self->messages);
}

static void
rest (Stage *stage)
{
  if (g_test_thorough ())
    stage_settle (stage->window);
  else
    stage_frame (stage->window);
}

static void
scroll_to (Stage  *stage,
           double  part)
{
  double lower = gtk_adjustment_get_lower (stage->adjustment);
  double upper = gtk_adjustment_get_upper (stage->adjustment) - gtk_adjustment_get_page_size (stage->adjustment);

  gtk_adjustment_set_value (stage->adjustment, lower + (upper - lower) * part);
  rest (stage);
}

/* A test shows all of them in one window. */
static Stage the_stage;

static Stage *
get_stage (void)
{
  if (g_test_thorough () && the_stage.window != NULL)
    stage_down (&the_stage);
  if (g_test_thorough () || the_stage.window == NULL)
    stage_up (&the_stage);

  return &the_stage;
}

/* What a person does with a message; a test takes the shorter way. */
static gint64
show (BobbinMessage *message)
{
  static const double parts[] = { 0.5, 0, 0.98, 0.9, 0.49, 0.3, 0.1, 1 };
  guint n_parts = g_test_thorough () ? G_N_ELEMENTS (parts) : 2;
  Stage *stage = get_stage ();
  int width;
  int height;

  bobbin_column_follow (stage->column);
  stage_settle (stage->window);
  gtk_window_get_default_size (GTK_WINDOW (stage->window), &width, &height);
  stage_take_stall ();
  g_list_store_append (stage->messages, message);
  stage_settle (stage->window);
  for (guint i = 0; i < n_parts; i++)
    scroll_to (stage, parts[i]);
  bobbin_column_set_search (stage->column, "word");
  rest (stage);
  bobbin_column_set_search (stage->column, NULL);
  gtk_window_set_default_size (GTK_WINDOW (stage->window), width == WIDTH ? WIDTH - 100 : WIDTH, HEIGHT);
  stage_settle (stage->window);
  g_list_store_remove (stage->messages, g_list_model_get_n_items (G_LIST_MODEL (stage->messages)) - 1);
  stage_settle (stage->window);

  return stage_take_stall ();
}

static void
test_bomb (gconstpointer data)
{
  const Bomb *bomb = data;
  gsize bytes = g_test_thorough () ? bomb->bytes : MIN (bomb->bytes, MAX (bomb->bytes / PART, PART_LEAST));
  g_autofree char *text = bomb->make (bytes);
  gsize before = resident ();
  gint64 best = G_MAXINT64;

  for (guint i = 0; i < TIMES && best >= LIMIT_US; i++)
    {
      g_autoptr(BobbinMessage) message = messages_text (BOBBIN_ROLE_ASSISTANT, text, MESSAGES_NOON);

      best = MIN (best, show (message));
    }

  g_test_message ("%" G_GSIZE_FORMAT " bytes, longest turn %.1f ms, %.1f MB", strlen (text), best / 1000.0,
                  (double) (resident () - MIN (before, resident ())) / 1e6);
  stage_assert_stall (best);
  if (g_getenv ("BOBBIN_SANITIZED") == NULL)
    g_assert_cmpuint (resident (), <, before + 64000000 + MEMORY_MAX * strlen (text));
}

/* As a person's own message, which is as wide as its longest line. */
static void
test_prompt (void)
{
  gsize bytes = g_test_thorough () ? 1000000 : 20000;
  g_autofree char *text = make_marks (bytes);
  gint64 best = G_MAXINT64;

  for (guint i = 0; i < TIMES && best >= LIMIT_US; i++)
    {
      g_autoptr(BobbinMessage) message = messages_text (BOBBIN_ROLE_USER, text, MESSAGES_NOON);

      best = MIN (best, show (message));
    }
  stage_assert_stall (best);
}

/* A chart of very many points, some of which are none. */
static void
test_chart (void)
{
  guint n = g_test_thorough () ? 1000000 : 20000;
  g_autoptr(GString) data = g_string_new ("{\"type\":\"line\",\"data\":{\"labels\":[],\"datasets\":[{\"label\":\"a\",\"data\":[");
  gint64 best = G_MAXINT64;

  for (guint i = 0; i < n; i++)
    g_string_append (data, i == 0 ? "1" : i % 97 == 0 ? ",null" : i % 89 == 0 ? ",1e999" : i % 83 == 0 ? ",\"NaN\"" : ",3.25");
  g_string_append (data, "]}]}}");
  for (guint i = 0; i < TIMES && best >= LIMIT_US; i++)
    {
      g_autoptr(BobbinMessage) message = bobbin_message_new (0, BOBBIN_ROLE_ASSISTANT, MESSAGES_NOON);
      BobbinBlock *block = messages_block (message, BOBBIN_BLOCK_CHART, BOBBIN_BLOCK_DONE, NULL);

      bobbin_block_set_data (block, data->str);
      bobbin_message_set_delivery (message, BOBBIN_DELIVERY_COMPLETE);
      best = MIN (best, show (message));
    }
  g_test_message ("longest turn %.1f ms", best / 1000.0);
  stage_assert_stall (best);
}

static void
test_end (void)
{
  if (the_stage.window != NULL)
    stage_down (&the_stage);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  stage_init ();

  for (guint i = 0; i < G_N_ELEMENTS (bombs); i++)
    {
      g_autofree char *path = g_strconcat ("/transcript/bombs/", bombs[i].name, NULL);

      g_test_add_data_func (path, &bombs[i], test_bomb);
    }
  g_test_add_func ("/transcript/bombs/prompt", test_prompt);
  g_test_add_func ("/transcript/bombs/chart", test_chart);
  g_test_add_func ("/transcript/bombs/end", test_end);

  return g_test_run ();
}
