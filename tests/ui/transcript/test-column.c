/* The column: nothing jumps, and only what is near the screen exists. */
#include "config.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "column-stage.h"
#include "messages.h"
#include "model/bobbin-attachment.h"
#include "stage.h"

static ColumnLine
line_at_top (Stage *stage)
{
  ColumnLine line;
  int pixels;

  g_assert_true (bobbin_column_get_anchor (stage->column, &line.message, &line.locus, &pixels));
  return line;
}

static void
read_in_the_middle (Stage *stage,
                    guint  position)
{
  BobbinLocus top = { 0, 0, 0 };

  bobbin_column_scroll_to (stage->column, position, &top, 0);
  stage_settle (stage->window);
  gtk_adjustment_set_value (stage->adjustment, gtk_adjustment_get_value (stage->adjustment) + 37);
  stage_settle (stage->window);
  g_assert_false (bobbin_column_get_following (stage->column));
}

static void
test_opens_at_end (Stage        *stage,
                   gconstpointer n)
{
  guint last = g_list_model_get_n_items (G_LIST_MODEL (stage->messages)) - 1;
  g_autoptr(BobbinMessage) message = g_list_model_get_item (G_LIST_MODEL (stage->messages), last);

  g_assert_true (bobbin_column_get_following (stage->column));
  g_assert_cmpfloat (column_from_end (stage), <, 1);
  g_assert_nonnull (bobbin_column_get_row (stage->column, message));
}

static void
test_few_rows (Stage        *stage,
               gconstpointer n)
{
  guint most = 0;

  while (gtk_adjustment_get_value (stage->adjustment) > gtk_adjustment_get_lower (stage->adjustment) + 1)
    {
      gtk_adjustment_set_value (stage->adjustment, gtk_adjustment_get_value (stage->adjustment) - 3000);
      stage_frame (stage->window);
      most = MAX (most, bobbin_column_get_n_rows (stage->column));
    }
  g_assert_cmpuint (most, <, 60);
}

/* Scrolling by so many pixels moves each line by so many pixels, whatever is measured on the way. */
static void
test_scroll_exact (Stage        *stage,
                   gconstpointer n)
{
  for (guint i = 0; i < 30; i++)
    {
      ColumnLine line;
      double before;
      double value = gtk_adjustment_get_value (stage->adjustment);

      if (i == 0)
        read_in_the_middle (stage, 190);
      line = line_at_top (stage);
      before = column_line_y (stage, &line);
      value = gtk_adjustment_get_value (stage->adjustment);
      gtk_adjustment_set_value (stage->adjustment, value - 90);
      stage_frame (stage->window);
      g_assert_cmpfloat_with_epsilon (column_line_y (stage, &line),
                                      before + value - gtk_adjustment_get_value (stage->adjustment), 1.01);
    }
}

static void
test_prepend (Stage        *stage,
              gconstpointer n)
{
  g_autoptr(GListStore) older = messages_mixed (50);
  ColumnLine line;
  double before;

  read_in_the_middle (stage, 3);
  line = line_at_top (stage);
  before = column_line_y (stage, &line);
  for (guint i = 0; i < 50; i++)
    {
      g_autoptr(BobbinMessage) message = g_list_model_get_item (G_LIST_MODEL (older), i);

      g_list_store_insert (stage->messages, i, message);
    }
  stage_settle (stage->window);
  g_assert_cmpfloat_with_epsilon (column_line_y (stage, &line), before, 2);
}

static void
test_append_below (Stage        *stage,
                   gconstpointer n)
{
  g_autoptr(BobbinMessage) message = messages_text (BOBBIN_ROLE_ASSISTANT, "More", MESSAGES_NOON);
  ColumnLine line;
  double before;

  read_in_the_middle (stage, 150);
  line = line_at_top (stage);
  before = column_line_y (stage, &line);
  g_list_store_append (stage->messages, message);
  bobbin_block_append (bobbin_message_get_block (line.message, 0), "\n\nA new end of what is read.\n\n", -1);
  stage_settle (stage->window);
  g_assert_cmpfloat_with_epsilon (column_line_y (stage, &line), before, 2);
}

/* Rows above grow, also ones that do not exist as widgets at the moment. */
static void
test_grow_above (Stage        *stage,
                 gconstpointer n)
{
  g_autofree char *lorem = messages_lorem (1500, 7);
  ColumnLine line;
  double before;

  read_in_the_middle (stage, 150);
  line = line_at_top (stage);
  before = column_line_y (stage, &line);
  for (guint i = 100; i < 150; i++)
    {
      g_autoptr(BobbinMessage) message = g_list_model_get_item (G_LIST_MODEL (stage->messages), i);

      if (message != line.message)
        bobbin_block_append (bobbin_message_get_block (message, 0), lorem, -1);
    }
  stage_settle (stage->window);
  g_assert_cmpfloat_with_epsilon (column_line_y (stage, &line), before, 2);
}

static void
test_remove_above (Stage        *stage,
                   gconstpointer n)
{
  ColumnLine line;
  double before;

  read_in_the_middle (stage, 150);
  line = line_at_top (stage);
  before = column_line_y (stage, &line);
  g_list_store_splice (stage->messages, 20, 100, NULL, 0);
  stage_settle (stage->window);
  g_assert_cmpfloat_with_epsilon (column_line_y (stage, &line), before, 2);
}

static gboolean
is_narrow (gpointer data)
{
  return gtk_widget_get_width (data) < 500;
}

static void
test_resize (Stage        *stage,
             gconstpointer n)
{
  ColumnLine line;
  double before;

  read_in_the_middle (stage, 150);
  line = line_at_top (stage);
  before = column_line_y (stage, &line);
  gtk_window_set_default_size (GTK_WINDOW (stage->window), 420, 700);
  g_assert_true (stage_wait (is_narrow, stage->window));
  stage_settle (stage->window);
  g_assert_cmpfloat_with_epsilon (column_line_y (stage, &line), before, 2);
}

typedef struct
{
  gint64 frame;
  guint  n;    /* layouts in it */
  guint  most;
} Layouts;

static void
layout_cb (GdkFrameClock *clock,
           Layouts       *layouts)
{
  gint64 frame = gdk_frame_clock_get_frame_counter (clock);

  layouts->n = frame == layouts->frame ? layouts->n + 1 : 1;
  layouts->frame = frame;
  layouts->most = MAX (layouts->most, layouts->n);
}

/* All of the window is laid out, once a frame. */
static void
test_resize_once (Stage        *stage,
                  gconstpointer n)
{
  Layouts layouts = { -1, 0, 0 };

  read_in_the_middle (stage, 150);
  g_signal_connect (gtk_widget_get_frame_clock (stage->window), "layout", G_CALLBACK (layout_cb), &layouts);
  for (int i = 1; i <= 5; i++)
    {
      gtk_window_set_default_size (GTK_WINDOW (stage->window), COLUMN_WIDTH - 40 * i, COLUMN_HEIGHT - 10 * i);
      stage_settle (stage->window);
    }
  g_assert_cmpuint (layouts.most, ==, 1);
  g_signal_handlers_disconnect_by_data (gtk_widget_get_frame_clock (stage->window), &layouts);
}

static void
test_follow_stream (Stage        *stage,
                    gconstpointer n)
{
  guint last = g_list_model_get_n_items (G_LIST_MODEL (stage->messages)) - 1;
  g_autoptr(BobbinMessage) message = g_list_model_get_item (G_LIST_MODEL (stage->messages), last);
  BobbinBlock *block = bobbin_message_get_block (message, 0);
  ColumnLine line;
  double before;

  bobbin_block_set_state (block, BOBBIN_BLOCK_OPEN);
  for (guint i = 0; i < 20; i++)
    {
      bobbin_block_append (block, "and some more words of the answer, ", -1);
      stage_frame (stage->window);
      g_assert_cmpfloat (column_from_end (stage), <, 1);
    }

  /* one step up, and the reader is left alone */
  gtk_adjustment_set_value (stage->adjustment, gtk_adjustment_get_value (stage->adjustment) - 60);
  stage_settle (stage->window);
  g_assert_false (bobbin_column_get_following (stage->column));
  line = line_at_top (stage);
  before = column_line_y (stage, &line);
  for (guint i = 0; i < 20; i++)
    {
      bobbin_block_append (block, "and some more words of the answer, ", -1);
      stage_frame (stage->window);
      g_assert_cmpfloat_with_epsilon (column_line_y (stage, &line), before, 2);
    }

  bobbin_column_follow (stage->column);
  stage_settle (stage->window);
  g_assert_cmpfloat (column_from_end (stage), <, 1);
}

static gboolean
is_roomy (gpointer row)
{
  return bobbin_message_view_get_growth (row) == 0;
}

/* What is being written gets its room without a size being asked for; at the end it has asked for it. */
static void
test_room (Stage        *stage,
           gconstpointer n)
{
  g_autoptr(BobbinMessage) answer = bobbin_message_new (0, BOBBIN_ROLE_ASSISTANT, MESSAGES_NOON);
  BobbinBlock *block = messages_block (answer, BOBBIN_BLOCK_TEXT, BOBBIN_BLOCK_OPEN, "It begins. ");
  BobbinMessageView *row;
  GtkWidget *prose;
  int most = 0;

  bobbin_message_set_delivery (answer, BOBBIN_DELIVERY_ANSWERING);
  g_list_store_append (stage->messages, answer);
  stage_settle (stage->window);
  row = bobbin_column_get_row (stage->column, answer);
  prose = GTK_WIDGET (bobbin_message_view_get_prose (row, bobbin_block_get_id (block)));
  for (guint i = 0; i < 30; i++)
    {
      bobbin_block_append (block, "and some more words of the answer, ", -1);
      stage_frame (stage->window);
      g_assert_cmpfloat (column_from_end (stage), <, 1);
      most = MAX (most, bobbin_message_view_get_growth (row));
    }
  g_assert_cmpint (most, >, 20);

  bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
  g_assert_true (stage_wait (is_roomy, row));
  stage_settle (stage->window);
  g_assert_cmpint (bobbin_prose_get_growth (BOBBIN_PROSE (prose)), ==, 0);
  g_assert_cmpfloat (column_from_end (stage), <, 1);
  g_clear_object (&answer);
}

/* Long texts whose heights were only guessed go by in strides: what was read before moves by the stride and no more. */
static void
test_strides (void)
{
  Stage stage;

  column_stage_up (&stage, GUINT_TO_POINTER (2));
  for (guint i = 0; i < 8; i++)
    {
      g_autofree char *lorem = messages_lorem (30000, i);
      g_autoptr(BobbinMessage) message = messages_text (BOBBIN_ROLE_ASSISTANT, lorem, MESSAGES_NOON + i);

      g_list_store_append (stage.messages, message);
    }
  stage_settle (stage.window);

  for (guint i = 0; i < 20; i++)
    {
      double value = gtk_adjustment_get_value (stage.adjustment);
      ColumnLine line = { NULL, { 0, 0, 0 } };
      double before = 0;
      int pixels;

      if (bobbin_column_get_anchor (stage.column, &line.message, &line.locus, &pixels))
        before = column_line_y (&stage, &line);
      gtk_adjustment_set_value (stage.adjustment, value - 1500);
      stage_frame (stage.window);
      value -= gtk_adjustment_get_value (stage.adjustment);
      if (line.message != NULL && bobbin_column_get_row (stage.column, line.message) != NULL)
        g_assert_cmpfloat_with_epsilon (column_line_y (&stage, &line) - before, value, 2);
    }
  column_stage_down (&stage, NULL);
}

static void
test_short (void)
{
  Stage stage;
  double x;
  double y;
  g_autoptr(BobbinMessage) first = NULL;

  column_stage_up (&stage, GUINT_TO_POINTER (1));
  first = g_list_model_get_item (G_LIST_MODEL (stage.messages), 0);
  gtk_widget_translate_coordinates (GTK_WIDGET (bobbin_column_get_row (stage.column, first)), GTK_WIDGET (stage.column), 0, 0,
                                    &x, &y);
  g_assert_cmpfloat (y, >=, 0);
  g_assert_cmpfloat (y, <, 40);

  g_list_store_remove_all (stage.messages);
  stage_settle (stage.window);
  g_assert_cmpuint (bobbin_column_get_n_rows (stage.column), ==, 0);
  g_list_store_append (stage.messages, first);
  stage_settle (stage.window);
  g_assert_cmpuint (bobbin_column_get_n_rows (stage.column), ==, 1);
  g_clear_object (&first);
  column_stage_down (&stage, NULL);
}

/* A single message of a megabyte opens, and only what is near is laid out. */
static void
test_huge (void)
{
  Stage stage;
  g_autofree char *lorem = messages_lorem (1000000, 3);
  g_autoptr(BobbinMessage) message = messages_text (BOBBIN_ROLE_ASSISTANT, lorem, MESSAGES_NOON);
  BobbinMessageView *row;
  BobbinProse *prose;
  ColumnLine line;
  double before;

  column_stage_up (&stage, GUINT_TO_POINTER (2));
  g_list_store_append (stage.messages, message);
  stage_settle (stage.window);
  g_assert_cmpfloat (column_from_end (&stage), <, 1);
  row = bobbin_column_get_row (stage.column, message);
  prose = bobbin_message_view_get_prose (row, bobbin_block_get_id (bobbin_message_get_block (message, 0)));
  g_assert_cmpuint (bobbin_prose_get_n_layouts (prose), <, 60);

  for (guint i = 0; i < 10; i++)
    {
      double value = gtk_adjustment_get_value (stage.adjustment);

      gtk_adjustment_set_value (stage.adjustment, value - 250);
      stage_frame (stage.window);
      line = line_at_top (&stage);
      before = column_line_y (&stage, &line);
      stage_settle (stage.window);
      g_assert_cmpfloat_with_epsilon (column_line_y (&stage, &line), before, 1.01);
    }
  g_clear_object (&message);
  column_stage_down (&stage, NULL);
}

/* A text that is read in slices, its end above what is read: what it turns out to need moves nothing. */
static void
test_unread_above (void)
{
  Stage stage;
  g_autofree char *lorem = messages_lorem (1000000, 3);
  g_autoptr(BobbinMessage) huge = messages_text (BOBBIN_ROLE_ASSISTANT, lorem, MESSAGES_NOON);
  ColumnLine line = { NULL, { 0, 0, 0 } };

  column_stage_up (&stage, GUINT_TO_POINTER (40));
  line.message = g_list_model_get_item (G_LIST_MODEL (stage.messages), 20);
  g_list_store_insert (stage.messages, 20, huge);
  bobbin_column_scroll_to (stage.column, 21, &line.locus, COLUMN_HEIGHT / 2);
  for (guint i = 0; i < 5; i++)
    {
      stage_frame (stage.window);
      g_assert_cmpfloat_with_epsilon (column_line_y (&stage, &line), COLUMN_HEIGHT / 2, 1.01);
      stage_settle (stage.window);
      g_assert_cmpfloat_with_epsilon (column_line_y (&stage, &line), COLUMN_HEIGHT / 2, 1.01);
    }
  g_clear_object (&line.message);
  g_clear_object (&huge);
  column_stage_down (&stage, NULL);
}

/* The same with nothing else on the screen: the words that are looked for come to stand there. */
static void
test_unread_all (void)
{
  Stage stage;
  g_autofree char *lorem = messages_lorem (1000000, 3);
  g_autoptr(BobbinMessage) huge = messages_text (BOBBIN_ROLE_ASSISTANT, lorem, MESSAGES_NOON);
  BobbinBlock *block = bobbin_message_get_block (huge, 0);
  ColumnLine line;

  column_stage_up (&stage, GUINT_TO_POINTER (40));
  g_list_store_insert (stage.messages, 20, huge);
  bobbin_column_scroll_to (stage.column, 20, &(BobbinLocus) { bobbin_block_get_id (block), 700000, 0 }, 0);
  for (guint i = 0; i < 4; i++)
    stage_settle (stage.window);
  line = line_at_top (&stage);
  g_assert_true (line.message == huge);
  g_assert_cmpuint (line.locus.offset, >, 699800);
  g_assert_cmpuint (line.locus.offset, <, 700200);
  g_clear_object (&huge);
  column_stage_down (&stage, NULL);
}

static gboolean
has_picture (gpointer column)
{
  return stage_find (column, GTK_TYPE_PICTURE, NULL) != NULL;
}

/* A file and an image are named first and arrive later. */
static void
test_arrives_later (void)
{
  Stage stage = { NULL };
  g_autoptr(BobbinMessage) message = NULL;
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "bobbin-picture-XXXXXX", NULL);
  g_autoptr(GdkPixbuf) pixels = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 90, 60);
  g_autoptr(BobbinAttachment) picture = NULL;
  g_autoptr(BobbinAttachment) file = NULL;
  BobbinBlock *blocks[2];
  GtkWidget *view;

  close (g_mkstemp (path));
  gdk_pixbuf_fill (pixels, 0xff0000ff);
  g_assert_true (gdk_pixbuf_save (pixels, path, "png", NULL, NULL));
  picture = bobbin_attachment_new (1, "red.png", "image/png", 100, NULL, path);
  file = bobbin_attachment_new (2, "list.csv", "text/csv", 82, NULL, path);

  column_stage_up (&stage, GUINT_TO_POINTER (2));
  message = messages_text (BOBBIN_ROLE_ASSISTANT, "Both:", MESSAGES_NOON);
  blocks[0] = messages_block (message, BOBBIN_BLOCK_IMAGE, BOBBIN_BLOCK_DONE, NULL);
  blocks[1] = messages_block (message, BOBBIN_BLOCK_FILE, BOBBIN_BLOCK_DONE, NULL);
  g_list_store_append (stage.messages, message);
  stage_settle (stage.window);
  g_assert_nonnull (stage_find (GTK_WIDGET (stage.column), GTK_TYPE_LABEL, "Not on this computer"));

  bobbin_block_set_attachment (blocks[0], picture);
  bobbin_block_set_attachment (blocks[1], file);
  g_assert_true (stage_wait (has_picture, stage.column));
  stage_settle (stage.window);
  g_assert_nonnull (stage_find (GTK_WIDGET (stage.column), GTK_TYPE_LABEL, "list.csv"));
  g_assert_null (stage_find (GTK_WIDGET (stage.column), GTK_TYPE_LABEL, "Not on this computer"));
  view = stage_find (GTK_WIDGET (stage.column), GTK_TYPE_PICTURE, NULL);
  g_assert_cmpint (gtk_widget_get_height (view), ==, 60);

  g_clear_object (&message);
  column_stage_down (&stage, NULL);
  g_unlink (path);
}

/* A server may tell the language of code after its first lines. */
static void
test_language_later (void)
{
  Stage stage = { NULL };
  g_autoptr(BobbinMessage) message = NULL;
  BobbinBlock *code;

  column_stage_up (&stage, GUINT_TO_POINTER (2));
  message = messages_text (BOBBIN_ROLE_ASSISTANT, "See:", MESSAGES_NOON);
  code = messages_block (message, BOBBIN_BLOCK_CODE, BOBBIN_BLOCK_OPEN, "print (1)\n");
  g_list_store_append (stage.messages, message);
  stage_settle (stage.window);
  g_assert_nonnull (stage_find (GTK_WIDGET (stage.column), GTK_TYPE_LABEL, "Code"));

  bobbin_block_set_name (code, "python");
  stage_settle (stage.window);
  g_assert_nonnull (stage_find (GTK_WIDGET (stage.column), GTK_TYPE_LABEL, "Python"));
  g_assert_null (stage_find (GTK_WIDGET (stage.column), GTK_TYPE_LABEL, "Code"));

  g_clear_object (&message);
  column_stage_down (&stage, NULL);
}

#define ADD(path, func) g_test_add (path, Stage, GUINT_TO_POINTER (200), column_stage_up, func, column_stage_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  stage_init ();

  ADD ("/transcript/column/opens-at-end", test_opens_at_end);
  ADD ("/transcript/column/few-rows", test_few_rows);
  ADD ("/transcript/column/scroll-exact", test_scroll_exact);
  ADD ("/transcript/column/prepend", test_prepend);
  ADD ("/transcript/column/append-below", test_append_below);
  ADD ("/transcript/column/grow-above", test_grow_above);
  ADD ("/transcript/column/remove-above", test_remove_above);
  ADD ("/transcript/column/resize", test_resize);
  ADD ("/transcript/column/resize-once", test_resize_once);
  ADD ("/transcript/column/follow-stream", test_follow_stream);
  ADD ("/transcript/column/room", test_room);
  g_test_add_func ("/transcript/column/strides", test_strides);
  g_test_add_func ("/transcript/column/short", test_short);
  g_test_add_func ("/transcript/column/huge", test_huge);
  g_test_add_func ("/transcript/column/unread-above", test_unread_above);
  g_test_add_func ("/transcript/column/unread-all", test_unread_all);
  g_test_add_func ("/transcript/column/arrives-later", test_arrives_later);
  g_test_add_func ("/transcript/column/language-later", test_language_later);

  return g_test_run ();
}
