/* The transcript of a long thread that lies in the store: reading, finding, copying, going about, versions. */
#include "config.h"

#include "messages.h"
#include "session-fixture.h"
#include "stage.h"
#include "ui/transcript/bobbin-card.h"
#include "ui/transcript/bobbin-column.h"
#include "ui/transcript/bobbin-find-bar.h"
#include "ui/transcript/bobbin-find-marks.h"
#include "ui/transcript/bobbin-message-editor.h"
#include "ui/transcript/bobbin-outline-view.h"
#include "ui/transcript/bobbin-transcript.h"

#define N_MESSAGES 140
#define NEEDLE_AT  40  /* the message that holds a word no other has */

typedef struct
{
  Fixture           session;
  GtkWidget        *window;
  BobbinTranscript *transcript;
  BobbinColumn     *column;
  BobbinPager      *pager;
  GtkAdjustment    *adjustment;
} Stage;

static void
save (Stage         *stage,
      BobbinMessage *message)
{
  bobbin_message_set_delivery (message, BOBBIN_DELIVERY_COMPLETE);
  bobbin_store_save_message_async (stage->session.store, bobbin_thread_get_id (stage->session.thread), message, NULL, NULL,
                                   NULL);
}

static void
fill (Stage *stage)
{
  for (guint i = 0; i < N_MESSAGES; i++)
    {
      BobbinRole role = i % 2 == 0 ? BOBBIN_ROLE_USER : BOBBIN_ROLE_ASSISTANT;
      g_autofree char *body = messages_lorem (i % 2 == 0 ? 40 : 200 + i * 7 % 900, i);
      g_autofree char *text = g_strdup_printf ("Number %u. %s%s", i, i == NEEDLE_AT ? "A Crème brûlée. " : "", body);
      g_autofree char *headed = i % 10 == 1 ? g_strdup_printf ("%s\n\n## Heading %u\n\nend", text, i) : NULL;
      g_autoptr(BobbinMessage) message = messages_text (role, headed != NULL ? headed : text, MESSAGES_NOON + i);

      if (i == NEEDLE_AT + 1)
        {
          BobbinBlock *tool = messages_block (message, BOBBIN_BLOCK_TOOL_CALL, BOBBIN_BLOCK_DONE, "");

          bobbin_block_set_name (tool, "lookup");
          bobbin_block_set_data (tool, "{\"dish\":\"flan\"}");
          bobbin_block_set_result (tool, "\"a plate of zabaglione\"");
        }
      save (stage, message);
    }
}

static void
show (Stage *stage)
{
  GtkWidget *transcript = bobbin_transcript_new ();

  bobbin_transcript_set_session (BOBBIN_TRANSCRIPT (transcript), stage->session.session);
  stage->window = stage_new (transcript, 700, 500);
  stage->transcript = BOBBIN_TRANSCRIPT (transcript);
  stage->column = BOBBIN_COLUMN (stage_find (transcript, BOBBIN_TYPE_COLUMN, NULL));
  stage->adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (stage->column));
  stage->pager = bobbin_session_get_pager (stage->session.session);
  fixture_settle (&stage->session);
  stage_settle (stage->window);
}

static void
stage_up (Stage        *stage,
          gconstpointer data)
{
  fixture_set_up (&stage->session, NULL);
  fixture_type (&stage->session, "x");
  fixture_advance (&stage->session, 300);
  fill (stage);
  fixture_type (&stage->session, "");
  fixture_advance (&stage->session, 300);
  g_signal_handlers_disconnect_by_data (stage->session.session, &stage->session);
  g_clear_object (&stage->session.session);
  fixture_settle (&stage->session);
  fixture_open_session (&stage->session);
  fixture_settle (&stage->session);
  show (stage);
}

static void
hide (Stage *stage)
{
  GtkWidget *transcript = GTK_WIDGET (stage->transcript);

  g_object_add_weak_pointer (G_OBJECT (transcript), (gpointer *) &transcript);
  stage_free (stage->window);
  g_assert_null (transcript);
}

static void
stage_down (Stage        *stage,
            gconstpointer data)
{
  hide (stage);
  fixture_tear_down (&stage->session, NULL);
}

static void
settle (Stage *stage)
{
  for (guint i = 0; i < 3; i++)
    {
      fixture_settle (&stage->session);
      stage_frame (stage->window);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
}

static BobbinMessageView *
row_at (Stage *stage,
        guint  position)
{
  BobbinMessage *message = bobbin_pager_peek (stage->pager, position);

  return message != NULL ? bobbin_column_get_row (stage->column, message) : NULL;
}

static double
row_y (Stage *stage,
       guint  position)
{
  BobbinMessageView *row = row_at (stage, position);
  double x;
  double y;

  g_assert_nonnull (row);
  g_assert_true (gtk_widget_translate_coordinates (GTK_WIDGET (row), GTK_WIDGET (stage->column), 0, 0, &x, &y));
  return y;
}

static gboolean
is_seen (Stage *stage,
         guint  position)
{
  BobbinMessageView *row = row_at (stage, position);
  double y;

  if (row == NULL)
    return FALSE;
  y = row_y (stage, position);
  return y + gtk_widget_get_height (GTK_WIDGET (row)) > 0 && y < gtk_widget_get_height (GTK_WIDGET (stage->column));
}

/* All of it can be scrolled through; the line being read stays while what is above is loaded and measured. */
static void
test_scroll (Stage        *stage,
             gconstpointer data)
{
  guint most = 0;

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (stage->pager)), ==, N_MESSAGES);
  g_assert_true (is_seen (stage, N_MESSAGES - 1));
  g_assert_null (row_at (stage, 0));
  while (gtk_adjustment_get_value (stage->adjustment) > gtk_adjustment_get_lower (stage->adjustment) + 1)
    {
      BobbinMessage *message;
      BobbinLocus locus;
      double value = gtk_adjustment_get_value (stage->adjustment);
      int before;
      int after;
      gboolean known = bobbin_column_get_anchor (stage->column, &message, &locus, &before);
      BobbinMessage *kept;
      BobbinLocus same;

      gtk_adjustment_set_value (stage->adjustment, value - 450);
      stage_frame (stage->window);
      if (known && bobbin_column_get_row (stage->column, message) != NULL)
        {
          BobbinMessageView *row = bobbin_column_get_row (stage->column, message);
          double moved = value - gtk_adjustment_get_value (stage->adjustment);
          double x;
          double y;

          gtk_widget_translate_coordinates (GTK_WIDGET (row), GTK_WIDGET (stage->column), 0, 0, &x, &y);
          g_assert_cmpfloat (ABS (y + bobbin_message_view_get_y (row, &locus) - before - moved), <=, 2);
        }
      fixture_settle (&stage->session); /* pages arrive */
      stage_frame (stage->window);
      if (bobbin_column_get_anchor (stage->column, &kept, &same, &after))
        g_assert_cmpint (after, <=, 600);
      most = MAX (most, bobbin_column_get_n_rows (stage->column));
    }
  settle (stage);
  g_assert_true (is_seen (stage, 0));
  g_assert_cmpuint (most, <=, 60);
  g_assert_cmpuint (bobbin_pager_get_n_pages (stage->pager), <=, 14);
}

static void
test_show_message (Stage        *stage,
                   gconstpointer data)
{
  gint64 id = bobbin_pager_get_id (stage->pager, NEEDLE_AT);

  bobbin_transcript_show_message (stage->transcript, id, "creme brulee");
  settle (stage);
  g_assert_true (is_seen (stage, NEEDLE_AT));
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (row_at (stage, NEEDLE_AT)), "lit"));
  g_assert_true (gtk_widget_has_focus (GTK_WIDGET (row_at (stage, NEEDLE_AT))));
  bobbin_transcript_show_message (stage->transcript, 12345, NULL); /* there is none: nothing moves */
  settle (stage);
  g_assert_true (is_seen (stage, NEEDLE_AT));
}

static void
test_walk (Stage        *stage,
           gconstpointer data)
{
  gtk_widget_activate_action (GTK_WIDGET (stage->transcript), "transcript.walk", "i", -1);
  settle (stage);
  g_assert_true (gtk_widget_has_focus (GTK_WIDGET (row_at (stage, N_MESSAGES - 2))));
  for (guint i = 0; i < 10; i++)
    {
      gtk_widget_activate_action (GTK_WIDGET (stage->transcript), "transcript.walk", "i", -1);
      settle (stage);
    }
  g_assert_cmpfloat (ABS (row_y (stage, N_MESSAGES - 22) - 12), <=, 2);
  gtk_widget_activate_action (GTK_WIDGET (stage->transcript), "transcript.walk", "i", 1);
  settle (stage);
  g_assert_cmpfloat (ABS (row_y (stage, N_MESSAGES - 20) - 12), <=, 2);
}

/* The menu key, as the shortcut does it. */
static void
press_menu_key (Stage *stage)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (stage->column));

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr(GtkEventController) controller = g_list_model_get_item (controllers, i);
      g_autoptr(GtkShortcut) shortcut = NULL;

      if (!GTK_IS_SHORTCUT_CONTROLLER (controller) || g_list_model_get_n_items (G_LIST_MODEL (controller)) != 1)
        continue;
      shortcut = g_list_model_get_item (G_LIST_MODEL (controller), 0);
      g_assert_true (gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0, GTK_WIDGET (stage->column), NULL));
      return;
    }
  g_assert_not_reached ();
}

/* The menu is where it can be seen, also of a message that cannot; it stays there, and the keyboard comes back. */
static void
test_menu (Stage        *stage,
           gconstpointer data)
{
  BobbinMessage *message = bobbin_pager_peek (stage->pager, N_MESSAGES - 2);
  g_autofree char *wanted = bobbin_message_dup_text (message);
  g_autofree char *copied = NULL;
  GtkWidget *menu;
  GtkWidget *row;

  gtk_widget_activate_action (GTK_WIDGET (stage->transcript), "transcript.walk", "i", -1);
  settle (stage);
  row = GTK_WIDGET (row_at (stage, N_MESSAGES - 2));
  g_assert_true (gtk_widget_has_focus (row));
  gtk_adjustment_set_value (stage->adjustment, gtk_adjustment_get_lower (stage->adjustment) + 3000);
  settle (stage);
  g_assert_false (is_seen (stage, N_MESSAGES - 2));

  press_menu_key (stage);
  settle (stage);
  menu = stage_find (GTK_WIDGET (stage->column), GTK_TYPE_POPOVER_MENU, NULL);
  g_assert_nonnull (menu);
  g_assert_true (gtk_widget_get_mapped (menu));
  gtk_adjustment_set_value (stage->adjustment, gtk_adjustment_get_lower (stage->adjustment));
  settle (stage);
  g_assert_true (gtk_widget_get_mapped (menu));
  gtk_widget_activate_action (menu, "message.copy", NULL);
  copied = stage_clipboard (stage->window);
  g_assert_cmpstr (copied, ==, wanted);

  gtk_popover_popdown (GTK_POPOVER (menu));
  settle (stage);
  g_assert_null (stage_find (GTK_WIDGET (stage->column), GTK_TYPE_POPOVER_MENU, NULL));
  g_assert_true (gtk_root_get_focus (GTK_ROOT (stage->window)) == row);
}

/* It is of the message that was gone to, however quick the key comes. */
static void
test_menu_quick (Stage        *stage,
                 gconstpointer data)
{
  g_autofree char *wanted = bobbin_message_dup_text (bobbin_pager_peek (stage->pager, N_MESSAGES - 4));
  g_autofree char *copied = NULL;
  GtkWidget *menu;

  gtk_widget_activate_action (GTK_WIDGET (stage->transcript), "transcript.walk", "i", -1);
  settle (stage);
  gtk_widget_activate_action (GTK_WIDGET (stage->transcript), "transcript.walk", "i", -1);
  stage_frame (stage->window);
  press_menu_key (stage);
  settle (stage);
  menu = stage_find (GTK_WIDGET (stage->column), GTK_TYPE_POPOVER_MENU, NULL);
  g_assert_nonnull (menu);
  gtk_widget_activate_action (menu, "message.copy", NULL);
  copied = stage_clipboard (stage->window);
  g_assert_cmpstr (copied, ==, wanted);
  gtk_popover_popdown (GTK_POPOVER (menu));
  settle (stage);
}

static BobbinFindBar *
find_bar (Stage *stage)
{
  return BOBBIN_FIND_BAR (stage_find (GTK_WIDGET (stage->transcript), BOBBIN_TYPE_FIND_BAR, NULL));
}

static void
find (Stage      *stage,
      const char *text)
{
  bobbin_find_bar_open (find_bar (stage), text);
  settle (stage);
  settle (stage);
}

static const char *
count (Stage *stage)
{
  GtkWidget *bar = GTK_WIDGET (find_bar (stage));
  GtkWidget *entry = stage_find (bar, GTK_TYPE_SEARCH_ENTRY, NULL);

  return gtk_label_get_label (GTK_LABEL (gtk_widget_get_next_sibling (entry)));
}

static void
test_find (Stage        *stage,
           gconstpointer data)
{
  GtkWidget *marks = stage_find (GTK_WIDGET (stage->transcript), BOBBIN_TYPE_FIND_MARKS, NULL);

  gtk_widget_activate_action (GTK_WIDGET (stage->transcript), "transcript.find", NULL);
  g_assert_true (bobbin_find_bar_get_open (find_bar (stage)));

  /* in a message that was not loaded, without accents */
  find (stage, "CREME brulee");
  g_assert_cmpstr (count (stage), ==, "1 of 1");
  g_assert_true (is_seen (stage, NEEDLE_AT));
  g_assert_cmpuint (bobbin_find_marks_get_n (BOBBIN_FIND_MARKS (marks)), ==, 1);

  /* in every message, from the reader on and round */
  find (stage, "number ");
  g_assert_cmpuint (bobbin_find_marks_get_n (BOBBIN_FIND_MARKS (marks)), ==, N_MESSAGES);
  g_assert_true (g_str_has_suffix (count (stage), " of 140"));
  for (guint i = 0; i < 3; i++)
    {
      g_signal_emit_by_name (find_bar (stage), "step", -1);
      settle (stage);
    }
  g_assert_true (g_str_has_suffix (count (stage), " of 140"));

  find (stage, "no such words");
  g_assert_cmpstr (count (stage), ==, "No matches");
  bobbin_find_bar_close (find_bar (stage));
  g_assert_cmpuint (bobbin_find_marks_get_n (BOBBIN_FIND_MARKS (marks)), ==, 0);
}

static gboolean
has_menu (Stage *stage)
{
  return stage_find (GTK_WIDGET (stage->column), GTK_TYPE_POPOVER_MENU, NULL) != NULL;
}

/* After a match was left behind, the menu key is for what has the focus, at once. */
static void
test_find_menu (Stage        *stage,
                gconstpointer data)
{
  bobbin_find_bar_open (find_bar (stage), "creme brulee");
  settle (stage);
  settle (stage);
  g_assert_true (is_seen (stage, NEEDLE_AT));
  bobbin_column_follow (stage->column);
  settle (stage);
  g_assert_null (row_at (stage, NEEDLE_AT));
  bobbin_find_bar_close (find_bar (stage));
  settle (stage);

  g_assert_true (gtk_widget_grab_focus (GTK_WIDGET (row_at (stage, N_MESSAGES - 1))));
  settle (stage);
  press_menu_key (stage);
  g_assert_true (has_menu (stage));
  gtk_popover_popdown (GTK_POPOVER (stage_find (GTK_WIDGET (stage->column), GTK_TYPE_POPOVER_MENU, NULL)));
  settle (stage);
}

/* Who scrolls on while the menu waits for a layout does not want it any more. */
static void
test_menu_left (Stage        *stage,
                gconstpointer data)
{
  g_assert_true (gtk_widget_grab_focus (GTK_WIDGET (row_at (stage, N_MESSAGES - 1))));
  settle (stage);
  bobbin_column_set_new_id (stage->column, bobbin_pager_get_id (stage->pager, N_MESSAGES - 1));
  press_menu_key (stage);
  g_assert_false (has_menu (stage));
  gtk_adjustment_set_value (stage->adjustment, gtk_adjustment_get_value (stage->adjustment) - 200);
  settle (stage);
  g_assert_false (has_menu (stage));
}

/* The first and the last of many, by going round. */
static void
test_find_round (Stage        *stage,
                 gconstpointer data)
{
  find (stage, "number ");
  for (guint i = 0; i < 3 && !g_str_has_prefix (count (stage), "140 "); i++)
    {
      g_signal_emit_by_name (find_bar (stage), "step", 1);
      settle (stage);
    }
  g_assert_cmpstr (count (stage), ==, "140 of 140");
  g_signal_emit_by_name (find_bar (stage), "step", 1);
  settle (stage);
  g_assert_cmpstr (count (stage), ==, "1 of 140");
  g_assert_true (is_seen (stage, 0));
}

/* What is in a folded result unfolds. */
static void
test_find_folded (Stage        *stage,
                  gconstpointer data)
{
  BobbinMessage *message;
  GtkWidget *view;

  find (stage, "zabaglione");
  g_assert_cmpstr (count (stage), ==, "1 of 1");
  g_assert_true (is_seen (stage, NEEDLE_AT + 1));
  message = bobbin_pager_peek (stage->pager, NEEDLE_AT + 1);
  view = bobbin_message_view_get_view (row_at (stage, NEEDLE_AT + 1), bobbin_block_get_id (bobbin_message_get_block (message, 1)));
  g_assert_true (bobbin_card_get_expanded (BOBBIN_CARD (view)));
}

typedef struct
{
  GAsyncResult *result;
} Written;

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  ((Written *) user_data)->result = g_object_ref (result);
}

static gboolean
is_written (gpointer data)
{
  return ((Written *) data)->result != NULL;
}

static char *
read_as (Stage      *stage,
         const char *type)
{
  GdkContentProvider *content = gdk_clipboard_get_content (gtk_widget_get_clipboard (GTK_WIDGET (stage->column)));
  g_autoptr(GOutputStream) stream = g_memory_output_stream_new_resizable ();
  Written written = { NULL };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_nonnull (content);
  gdk_content_provider_write_mime_type_async (content, type, stream, G_PRIORITY_DEFAULT, NULL, written_cb, &written);
  g_assert_true (stage_wait (is_written, &written));
  result = written.result;
  g_assert_true (gdk_content_provider_write_mime_type_finish (content, result, &error));
  g_assert_no_error (error);
  g_output_stream_write_all (stream, "", 1, NULL, NULL, NULL);
  g_output_stream_close (stream, NULL, NULL);
  return g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (stream));
}

/* The whole thread, most of which is not loaded: three forms at once. */
static void
test_copy_all (Stage        *stage,
               gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autofree char *html = NULL;
  g_autofree char *markdown = NULL;

  g_assert_true (gtk_widget_grab_focus (GTK_WIDGET (row_at (stage, N_MESSAGES - 1))));
  gtk_widget_activate_action (GTK_WIDGET (stage->column), "selection.select-all", NULL);
  gtk_widget_activate_action (GTK_WIDGET (stage->column), "selection.copy", NULL);
  text = stage_clipboard (GTK_WIDGET (stage->column));
  g_assert_true (g_str_has_prefix (text, "Number 139."));
  g_clear_pointer (&text, g_free);

  gtk_widget_activate_action (GTK_WIDGET (stage->column), "selection.select-all", NULL);
  gtk_widget_activate_action (GTK_WIDGET (stage->column), "selection.copy", NULL);
  settle (stage);
  text = stage_clipboard (GTK_WIDGET (stage->column));
  g_assert_true (g_str_has_prefix (text, "Number 0."));
  for (guint i = 0; i < N_MESSAGES; i++)
    {
      g_autofree char *part = g_strdup_printf ("Number %u.", i);

      g_assert_nonnull (strstr (text, part));
    }
  html = read_as (stage, "text/html");
  g_assert_true (g_str_has_prefix (html, "<p>Number 0."));
  g_assert_nonnull (strstr (html, "<pre><code>"));
  markdown = read_as (stage, "text/markdown");
  g_assert_nonnull (strstr (markdown, "**lookup**"));
  g_assert_nonnull (strstr (markdown, "```json\n{"));
}

/* Keys carry a selection from one message into the next. */
static void
test_select_across (Stage        *stage,
                    gconstpointer data)
{
  g_autofree char *text = NULL;

  g_assert_true (gtk_widget_grab_focus (GTK_WIDGET (row_at (stage, N_MESSAGES - 2))));
  gtk_widget_activate_action (GTK_WIDGET (stage->column), "selection.extend", "(ii)", (int) GTK_MOVEMENT_BUFFER_ENDS, 1);
  gtk_widget_activate_action (GTK_WIDGET (stage->column), "selection.extend", "(ii)", (int) GTK_MOVEMENT_BUFFER_ENDS, 1);
  gtk_widget_activate_action (GTK_WIDGET (stage->column), "selection.extend", "(ii)", (int) GTK_MOVEMENT_WORDS, 1);
  text = bobbin_column_dup_selected_text (stage->column);
  g_assert_true (g_str_has_prefix (text, "Number 138."));
  g_assert_true (g_str_has_suffix (text, "\n\nNumber"));
}

static void
new_line (Stage *stage)
{
  BobbinReadingPosition position = { 0, };

  position.read_id = bobbin_pager_get_id (stage->pager, N_MESSAGES - 4);
  bobbin_session_set_reading_position (stage->session.session, &position);
  bobbin_thread_set_unread (stage->session.thread, TRUE);
}

/* "New since you left" stands above the first message one has not written oneself. */
static void
test_new_line (Stage        *stage,
               gconstpointer data)
{
  g_assert_null (stage_find (GTK_WIDGET (stage->column), GTK_TYPE_LABEL, "New since you left"));
  bobbin_transcript_set_session (stage->transcript, NULL);
  new_line (stage);
  bobbin_transcript_set_session (stage->transcript, stage->session.session);
  settle (stage);
  g_assert_nonnull (stage_find (GTK_WIDGET (row_at (stage, N_MESSAGES - 3)), GTK_TYPE_LABEL, "New since you left"));
  g_assert_null (stage_find (GTK_WIDGET (row_at (stage, N_MESSAGES - 1)), GTK_TYPE_LABEL, "New since you left"));
}

/* The place of an unloaded message is found again. */
static void
test_restore (Stage        *stage,
              gconstpointer data)
{
  BobbinMessage *message;
  BobbinLocus locus;
  gint64 id;
  int before;
  int after;

  bobbin_transcript_show_message (stage->transcript, bobbin_pager_get_id (stage->pager, 44), NULL);
  settle (stage);
  g_assert_true (bobbin_column_get_anchor (stage->column, &message, &locus, &before));
  id = bobbin_message_get_id (message);
  hide (stage);
  fixture_advance (&stage->session, 2000);
  g_signal_handlers_disconnect_by_data (stage->session.session, &stage->session);
  g_clear_object (&stage->session.session);
  fixture_settle (&stage->session);
  fixture_open_session (&stage->session);
  show (stage);
  settle (stage);
  g_assert_true (bobbin_column_get_anchor (stage->column, &message, &locus, &after));
  g_assert_cmpint (bobbin_message_get_id (message), ==, id);
  g_assert_cmpint (ABS (after - before), <=, 2);
}

/* Below and above the reader messages go and come, and the window changes its width. */
static void
test_steady (Stage        *stage,
             gconstpointer data)
{
  BobbinMessage *message;
  BobbinLocus locus;
  int pixels;
  guint position;
  double before;

  bobbin_transcript_show_message (stage->transcript, bobbin_pager_get_id (stage->pager, 50), NULL);
  settle (stage);
  g_assert_true (bobbin_column_get_anchor (stage->column, &message, &locus, &pixels));
  g_assert_true (bobbin_pager_find (stage->pager, bobbin_message_get_id (message), &position));
  before = row_y (stage, position) + bobbin_message_view_get_y (row_at (stage, position), &locus);

  bobbin_session_delete_message (stage->session.session, bobbin_pager_peek (stage->pager, position - 1));
  bobbin_session_delete_message (stage->session.session, bobbin_pager_peek (stage->pager, position + 2));
  settle (stage);
  position--;
  g_assert_cmpfloat (ABS (row_y (stage, position) + bobbin_message_view_get_y (row_at (stage, position), &locus) - before), <=, 2);

  gtk_window_set_default_size (GTK_WINDOW (stage->window), 520, 500);
  settle (stage);
  g_assert_cmpfloat (ABS (row_y (stage, position) + bobbin_message_view_get_y (row_at (stage, position), &locus) - before), <=, 2);
}

static void
go_cb (BobbinOutlineView *view,
       gint64             message_id,
       gint64             block_id,
       guint              offset,
       Stage             *stage)
{
  bobbin_transcript_show_place (stage->transcript, message_id, block_id, offset);
}

/* All prompts, headings and tools of the thread, loaded or not; an entry is gone to. */
static void
test_outline (Stage        *stage,
              gconstpointer data)
{
  GtkWidget *view = bobbin_outline_view_new ();
  GtkWidget *window;
  GtkWidget *list;
  GtkSelectionModel *model;

  bobbin_outline_view_set_session (BOBBIN_OUTLINE_VIEW (view), stage->session.session);
  g_signal_connect (view, "go", G_CALLBACK (go_cb), stage);
  g_signal_connect_object (stage->transcript, "reading", G_CALLBACK (bobbin_outline_view_set_place), view, G_CONNECT_SWAPPED);
  window = stage_new (view, 260, 500);
  settle (stage);
  list = stage_find (view, GTK_TYPE_LIST_VIEW, NULL);
  model = gtk_list_view_get_model (GTK_LIST_VIEW (list));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, N_MESSAGES / 2 + N_MESSAGES / 10 + 1);

  g_signal_emit_by_name (list, "activate", 1u); /* the heading in the first answer */
  settle (stage);
  g_assert_true (is_seen (stage, 1));
  g_assert_true (gtk_selection_model_is_selected (model, 1));
  stage_free (window);
}

static void
test_versions (Stage        *stage,
               gconstpointer data)
{
  gint64 prompt = bobbin_pager_get_id (stage->pager, N_MESSAGES - 4);
  BobbinMessageView *row = row_at (stage, N_MESSAGES - 4);
  GtkWidget *editor;

  g_assert_null (stage_find (GTK_WIDGET (stage->column), GTK_TYPE_BUTTON, "Next Version"));
  gtk_widget_activate_action (GTK_WIDGET (row), "message.edit", NULL);
  stage_settle (stage->window);
  editor = stage_find (GTK_WIDGET (row), BOBBIN_TYPE_MESSAGE_EDITOR, NULL);
  g_assert_nonnull (editor);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (stage_find (editor, GTK_TYPE_TEXT_VIEW, NULL))),
                            "Another question", -1);
  g_signal_emit_by_name (stage_find (editor, GTK_TYPE_BUTTON, "Send Again"), "clicked");
  settle (stage);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (stage->pager)), ==, N_MESSAGES - 3);
  g_assert_nonnull (stage_find (GTK_WIDGET (stage->column), GTK_TYPE_LABEL, "2 of 2"));

  bobbin_session_stop (stage->session.session);
  settle (stage);
  gtk_widget_activate_action (GTK_WIDGET (stage->transcript), "transcript.show-version", "(xi)",
                              bobbin_pager_get_id (stage->pager, N_MESSAGES - 4), -1);
  settle (stage);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (stage->pager)), ==, N_MESSAGES);
  g_assert_cmpint (bobbin_pager_get_id (stage->pager, N_MESSAGES - 4), ==, prompt);
  g_assert_nonnull (stage_find (GTK_WIDGET (stage->column), GTK_TYPE_LABEL, "1 of 2"));
}

/* What cannot be sent now stays in the editor. */
static void
test_edit_is_kept (Stage        *stage,
                   gconstpointer data)
{
  BobbinMessageView *row;
  g_autofree char *kept = NULL;
  GtkWidget *text;

  fixture_ask (&stage->session, "and now?");
  settle (stage);
  row = row_at (stage, N_MESSAGES - 2);
  gtk_widget_activate_action (GTK_WIDGET (row), "message.edit", NULL);
  stage_settle (stage->window);
  text = stage_find (GTK_WIDGET (row), GTK_TYPE_TEXT_VIEW, NULL);
  g_assert_false (gtk_widget_get_mapped (stage_find (GTK_WIDGET (row), GTK_TYPE_BUTTON, "message.quote")));
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (text)), "Dear words", -1);
  g_signal_emit_by_name (stage_find (GTK_WIDGET (row), GTK_TYPE_BUTTON, "Send Again"), "clicked");
  settle (stage);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (stage->pager)), ==, N_MESSAGES + 1);
  text = stage_find (GTK_WIDGET (row), GTK_TYPE_TEXT_VIEW, NULL);
  g_assert_nonnull (text);
  g_object_get (gtk_text_view_get_buffer (GTK_TEXT_VIEW (text)), "text", &kept, NULL);
  g_assert_cmpstr (kept, ==, "Dear words");
}

/* What does not go out says why, as the list of conversations does. */
static void
test_waits (Stage        *stage,
            gconstpointer data)
{
  GtkWidget *column = GTK_WIDGET (stage->column);

  fixture_send (&stage->session, "hello");
  fake_closed (fixture_channel (&stage->session), BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_UNSENT);
  settle (stage);
  g_assert_nonnull (stage_find (column, GTK_TYPE_LABEL, "Needs a key"));
  g_assert_null (stage_find (column, GTK_TYPE_LABEL, "Queued"));

  bobbin_library_use_credential (stage->session.library, stage->session.account, "key-2");
  settle (stage);
  g_assert_null (stage_find (column, GTK_TYPE_LABEL, "Needs a key"));
  g_assert_nonnull (stage_find (column, GTK_TYPE_LABEL, "Queued"));

  fake_closed (fixture_channel (&stage->session), BOBBIN_ERROR_TLS, BOBBIN_CERTAINTY_UNSENT);
  settle (stage);
  g_assert_nonnull (stage_find (column, GTK_TYPE_LABEL, "Not sent"));
}

#define ADD(name, func) g_test_add ("/thread/" name, Stage, NULL, stage_up, func, stage_down)

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  stage_init ();
  ADD ("scroll", test_scroll);
  ADD ("show-message", test_show_message);
  ADD ("walk", test_walk);
  ADD ("menu", test_menu);
  ADD ("menu-quick", test_menu_quick);
  ADD ("find", test_find);
  ADD ("find-menu", test_find_menu);
  ADD ("menu-left", test_menu_left);
  ADD ("find-round", test_find_round);
  ADD ("find-folded", test_find_folded);
  ADD ("copy-all", test_copy_all);
  ADD ("select-across", test_select_across);
  ADD ("new-line", test_new_line);
  ADD ("restore", test_restore);
  ADD ("steady", test_steady);
  ADD ("outline", test_outline);
  ADD ("versions", test_versions);
  ADD ("edit-is-kept", test_edit_is_kept);
  ADD ("waits", test_waits);

  return g_test_run ();
}
