/* The column: what is written in, has the focus or was looked for is seen, and the reader who goes on is left alone. */
#include "config.h"

#include "column-stage.h"
#include "messages.h"
#include "stage.h"
#include "ui/transcript/bobbin-message-editor.h"

static void
bounds_of (Stage           *stage,
           GtkWidget       *widget,
           graphene_rect_t *ret_bounds)
{
  g_assert_nonnull (widget);
  g_assert_true (gtk_widget_compute_bounds (widget, GTK_WIDGET (stage->column), ret_bounds));
}

/* Even of a prompt whose text is above the view by half: what is written in is seen, and what sends it. */
static void
test_edit_in_view (Stage        *stage,
                   gconstpointer n)
{
  static const int offsets[] = { -40, -15, COLUMN_HEIGHT - 20 };
  BobbinLocus top = { 0, 0, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (offsets); i++)
    {
      guint position = 100 + 2 * i;
      g_autoptr(BobbinMessage) prompt = g_list_model_get_item (G_LIST_MODEL (stage->messages), position);
      BobbinMessageView *row;
      graphene_rect_t bounds;

      g_assert_cmpint (bobbin_message_get_role (prompt), ==, BOBBIN_ROLE_USER);
      bobbin_column_scroll_to (stage->column, position, &top, offsets[i]);
      stage_settle (stage->window);
      row = bobbin_column_get_row (stage->column, prompt);
      gtk_widget_grab_focus (GTK_WIDGET (row));
      gtk_widget_activate_action (GTK_WIDGET (row), "message.edit", NULL);
      stage_settle (stage->window);
      stage_settle (stage->window);
      bounds_of (stage, stage_find (GTK_WIDGET (row), BOBBIN_TYPE_MESSAGE_EDITOR, NULL), &bounds);
      g_test_message ("at %d: %.0f + %.0f", offsets[i], bounds.origin.y, bounds.size.height);
      g_assert_cmpfloat (bounds.origin.y, >=, 0);
      g_assert_cmpfloat (bounds.origin.y + bounds.size.height, <=, COLUMN_HEIGHT);
    }
}

/* Of message 100, which is at 50 pixels. */
static GtkWidget *
edit (Stage *stage)
{
  g_autoptr(BobbinMessage) prompt = g_list_model_get_item (G_LIST_MODEL (stage->messages), 100);
  BobbinLocus top = { 0, 0, 0 };

  bobbin_column_scroll_to (stage->column, 100, &top, 50);
  stage_settle (stage->window);
  gtk_widget_activate_action (GTK_WIDGET (bobbin_column_get_row (stage->column, prompt)), "message.edit", NULL);
  stage_settle (stage->window);

  return stage_find (GTK_WIDGET (bobbin_column_get_row (stage->column, prompt)), BOBBIN_TYPE_MESSAGE_EDITOR, NULL);
}

static void
scroll_by (Stage  *stage,
           double  pixels)
{
  gtk_adjustment_set_value (stage->adjustment, gtk_adjustment_get_value (stage->adjustment) + pixels);
  stage_settle (stage->window);
}

static void
assert_in_view (Stage     *stage,
                GtkWidget *widget)
{
  graphene_rect_t bounds;

  stage_settle (stage->window);
  stage_settle (stage->window);
  bounds_of (stage, widget, &bounds);
  g_assert_cmpfloat (bounds.origin.y, >=, 0);
  g_assert_cmpfloat (bounds.origin.y + bounds.size.height, <=, COLUMN_HEIGHT);
}

/* Who goes on writing in one that was scrolled away is taken back to it. */
static void
test_edit_far (Stage        *stage,
               gconstpointer n)
{
  static const char *const words[] = { "\n\n\nmore\n", "x" };
  GtkWidget *editor = edit (stage);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (stage_find (editor, GTK_TYPE_TEXT_VIEW, NULL)));
  graphene_rect_t bounds;

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      scroll_by (stage, 5000);
      bounds_of (stage, editor, &bounds);
      g_assert_cmpfloat (bounds.origin.y, <, -1000);
      gtk_text_buffer_insert_at_cursor (buffer, words[i], -1);
      assert_in_view (stage, editor);
    }
}

/* Who clicks into one and scrolls on is not taken back. */
static void
test_edit_scrolled (Stage        *stage,
                    gconstpointer n)
{
  GtkWidget *editor = edit (stage);
  graphene_rect_t before;
  graphene_rect_t after;

  gtk_widget_grab_focus (GTK_WIDGET (stage->column));
  stage_settle (stage->window);
  gtk_widget_grab_focus (stage_find (editor, GTK_TYPE_TEXT_VIEW, NULL));
  bounds_of (stage, editor, &before);
  scroll_by (stage, before.origin.y + 20);
  stage_settle (stage->window);
  bounds_of (stage, editor, &after);
  g_assert_cmpfloat_with_epsilon (after.origin.y, -20, 2);
}

/* At the end of a long message that is out of sight. */
static void
test_focus_deep (Stage        *stage,
                 gconstpointer n)
{
  g_autofree char *text = messages_lorem (10000, 5);
  g_autoptr(BobbinMessage) message = messages_text (BOBBIN_ROLE_ASSISTANT, text, MESSAGES_NOON);
  BobbinLocus top = { 0, 0, 0 };
  GtkWidget *row;
  GtkWidget *button;
  graphene_rect_t bounds;

  g_list_store_insert (stage->messages, 100, message);
  bobbin_column_scroll_to (stage->column, 100, &top, 12);
  stage_settle (stage->window);
  row = GTK_WIDGET (bobbin_column_get_row (stage->column, message));
  g_assert_true (gtk_widget_grab_focus (row));
  scroll_by (stage, 9000);
  bounds_of (stage, row, &bounds);
  g_assert_cmpfloat (bounds.origin.y, <, -50000);

  button = stage_find (row, GTK_TYPE_BUTTON, "message.quote");
  g_assert_true (gtk_widget_grab_focus (button));
  assert_in_view (stage, button);
}

/* Of the shortcuts of the column itself: the one for the menu. */
static void
press_menu_key (Stage *stage)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (stage->column));

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr(GtkEventController) item = g_list_model_get_item (controllers, i);

      for (guint j = 0; GTK_IS_SHORTCUT_CONTROLLER (item) && j < g_list_model_get_n_items (G_LIST_MODEL (item)); j++)
        {
          g_autoptr(GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (item), j);

          if (GTK_IS_CALLBACK_ACTION (gtk_shortcut_get_action (shortcut)))
            g_assert_true (gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0, GTK_WIDGET (stage->column), NULL));
        }
    }
}

/* The key may be quicker than the scrolling it comes after. */
static void
test_menu_in_time (Stage        *stage,
                   gconstpointer n)
{
  g_autoptr(BobbinMessage) message = g_list_model_get_item (G_LIST_MODEL (stage->messages), 101);
  BobbinLocus top = { 0, 0, 0 };
  BobbinMessageView *row;
  GtkWidget *menu;
  GdkRectangle place;
  graphene_rect_t bounds;

  bobbin_column_scroll_to (stage->column, 101, &top, COLUMN_HEIGHT - 60);
  stage_settle (stage->window);
  row = bobbin_column_get_row (stage->column, message);
  gtk_widget_grab_focus (GTK_WIDGET (row));
  bobbin_column_scroll_to (stage->column, 101, &top, 12);
  press_menu_key (stage);
  stage_settle (stage->window);

  bounds_of (stage, GTK_WIDGET (row), &bounds);
  g_assert_cmpfloat (bounds.origin.y, <=, 12);
  menu = stage_find (GTK_WIDGET (stage->column), GTK_TYPE_POPOVER_MENU, NULL);
  g_assert_nonnull (menu);
  g_assert_true (gtk_popover_get_pointing_to (GTK_POPOVER (menu), &place));
  g_assert_cmpint (place.y, <=, 40);
}

/* The line of a match that is gone to, in the middle of a message that comes to be at @position. */
static ColumnLine
show_zebra (Stage *stage,
            guint  position)
{
  g_autoptr(BobbinMessage) message = messages_text (BOBBIN_ROLE_ASSISTANT, NULL, MESSAGES_NOON);
  g_autofree char *before = messages_lorem (3000, 3);
  g_autofree char *after = messages_lorem (6000, 4);
  g_autofree char *text = g_strconcat (before, " zebra ", after, NULL);
  BobbinBlock *block;
  BobbinFindPlace place;
  BobbinLocus locus;

  bobbin_block_set_text (bobbin_message_get_block (message, 0), text);
  g_list_store_insert (stage->messages, position, message);
  block = bobbin_message_get_block (message, 0);
  place = (BobbinFindPlace) { bobbin_message_get_id (message), bobbin_block_get_id (block), 0 };
  locus = (BobbinLocus) { bobbin_block_get_id (block), strlen (before), 0 };
  bobbin_column_scroll_to (stage->column, position, &locus, 300);
  stage_settle (stage->window);
  bobbin_column_set_search (stage->column, "zebra");
  g_assert_true (bobbin_column_show_match (stage->column, &place));
  stage_settle (stage->window);

  return (ColumnLine) { message, locus };
}

/* What was gone to stays in sight when the window is made smaller, unless the reader went elsewhere. */
static void
test_match_in_view (Stage        *stage,
                    gconstpointer n)
{
  ColumnLine line = show_zebra (stage, 100);

  gtk_window_set_default_size (GTK_WINDOW (stage->window), COLUMN_WIDTH / 2, COLUMN_HEIGHT / 2);
  stage_settle (stage->window);
  stage_settle (stage->window);
  g_assert_cmpfloat (column_line_y (stage, &line), >=, 0);
  g_assert_cmpfloat (column_line_y (stage, &line), <=, COLUMN_HEIGHT / 2 - 72);

  gtk_adjustment_set_value (stage->adjustment, gtk_adjustment_get_value (stage->adjustment) + 800);
  stage_settle (stage->window);
  gtk_window_set_default_size (GTK_WINDOW (stage->window), COLUMN_WIDTH, COLUMN_HEIGHT);
  stage_settle (stage->window);
  g_assert_cmpfloat (column_line_y (stage, &line), <, 0);
}

static void
set_height (Stage *stage,
            int    height)
{
  gtk_window_set_default_size (GTK_WINDOW (stage->window), COLUMN_WIDTH, height);
  stage_settle (stage->window);
  stage_settle (stage->window);
}

/* Who went on to the end, or elsewhere, is not taken back to a match that is near. */
static void
test_match_left (Stage        *stage,
                 gconstpointer n)
{
  guint last = g_list_model_get_n_items (G_LIST_MODEL (stage->messages)) - 1;
  ColumnLine line = show_zebra (stage, last);

  bobbin_column_follow (stage->column);
  stage_settle (stage->window);
  set_height (stage, COLUMN_HEIGHT - 100);
  g_assert_true (bobbin_column_get_following (stage->column));
  g_assert_cmpfloat (column_from_end (stage), <, 1);

  line.locus = (BobbinLocus) { 0, 0, 0 };
  show_zebra (stage, last);
  bobbin_column_scroll_to (stage->column, last + 1, &line.locus, 40);
  stage_settle (stage->window);
  set_height (stage, COLUMN_HEIGHT - 200);
  g_assert_cmpfloat_with_epsilon (column_line_y (stage, &line), 40, 2);
}

#define ADD(path, func) g_test_add (path, Stage, GUINT_TO_POINTER (200), column_stage_up, func, column_stage_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  stage_init ();

  ADD ("/transcript/column-focus/edit-in-view", test_edit_in_view);
  ADD ("/transcript/column-focus/edit-far", test_edit_far);
  ADD ("/transcript/column-focus/edit-scrolled", test_edit_scrolled);
  ADD ("/transcript/column-focus/focus-deep", test_focus_deep);
  ADD ("/transcript/column-focus/menu-in-time", test_menu_in_time);
  ADD ("/transcript/column-focus/match-in-view", test_match_in_view);
  ADD ("/transcript/column-focus/match-left", test_match_left);

  return g_test_run ();
}
