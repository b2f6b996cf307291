/* The transcript on a real session with a server that is played: intents, counting, reading position, selecting. */
#include "config.h"

#include "messages.h"
#include "session-fixture.h"
#include "stage.h"
#include "ui/transcript/bobbin-column.h"
#include "ui/transcript/bobbin-transcript.h"

typedef struct
{
  Fixture           session;
  GtkWidget        *window;
  BobbinTranscript *transcript;
  BobbinColumn     *column;
  GtkAdjustment    *adjustment;
} Stage;

static void
show (Stage *stage)
{
  GtkWidget *transcript = bobbin_transcript_new ();

  bobbin_transcript_set_session (BOBBIN_TRANSCRIPT (transcript), stage->session.session);
  stage->window = stage_new (transcript, 700, 500);
  stage->transcript = BOBBIN_TRANSCRIPT (transcript);
  stage->column = BOBBIN_COLUMN (stage_find (transcript, BOBBIN_TYPE_COLUMN, NULL));
  stage->adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (stage->column));
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
stage_up (Stage        *stage,
          gconstpointer data)
{
  fixture_set_up (&stage->session, "disk");
  show (stage);
}

static void
stage_down (Stage        *stage,
            gconstpointer data)
{
  hide (stage);
  fixture_tear_down (&stage->session, "disk");
}

/* A turn that is over: the prompt and an answer of so many bytes. */
static void
turn (Stage *stage,
      gsize  bytes)
{
  Fixture *fixture = &stage->session;
  g_autofree char *answer = messages_lorem (bytes, (guint) bytes);

  fixture_ask (fixture, "Tell me more");
  fake_turn_started (fixture_channel (fixture), NULL);
  fake_text_complete (fixture_channel (fixture), "text:0", answer);
  fake_stopped (fixture_channel (fixture), NULL);
  fixture_settle (fixture);
  stage_settle (stage->window);
}

static BobbinMessageView *
row_of (Stage         *stage,
        BobbinMessage *message)
{
  BobbinMessageView *row = bobbin_column_get_row (stage->column, message);

  g_assert_nonnull (row);
  return row;
}

static GtkWidget *
button (Stage      *stage,
        const char *action)
{
  return stage_find (GTK_WIDGET (stage->column), GTK_TYPE_BUTTON, action);
}

static void
ask_approval (Stage *stage)
{
  fixture_ask (&stage->session, "remind Acme");
  fake_turn_started (fixture_channel (&stage->session), "am_1");
  fake_approval (fixture_channel (&stage->session), "Send the reminder?");
  fixture_settle (&stage->session);
  stage_settle (stage->window);
}

static void
test_approve (Stage        *stage,
              gconstpointer data)
{
  ask_approval (stage);
  g_assert_nonnull (stage_find (GTK_WIDGET (stage->column), GTK_TYPE_LABEL, "Send the reminder?"));
  g_assert_true (gtk_widget_get_sensitive (button (stage, "approval.approve")));
  g_assert_false (gtk_widget_has_default (button (stage, "approval.approve")));
  g_signal_emit_by_name (button (stage, "approval.approve"), "clicked");
  fixture_settle (&stage->session);
  stage_settle (stage->window);
  g_assert_cmpstr (fixture_channel (&stage->session)->last_decision, ==, "approve");
  g_assert_nonnull (stage_find (GTK_WIDGET (stage->column), GTK_TYPE_LABEL, "You approved this"));
  g_assert_false (gtk_widget_get_mapped (button (stage, "approval.approve")));
}

static void
test_reject (Stage        *stage,
             gconstpointer data)
{
  ask_approval (stage);
  g_signal_emit_by_name (button (stage, "approval.reject"), "clicked");
  fixture_settle (&stage->session);
  stage_settle (stage->window);
  g_assert_cmpstr (fixture_channel (&stage->session)->last_decision, ==, "reject");
  g_assert_nonnull (stage_find (GTK_WIDGET (stage->column), GTK_TYPE_LABEL, "You rejected this"));
}

static void
test_edit_arguments (Stage        *stage,
                     gconstpointer data)
{
  GtkWidget *edit;
  GtkTextBuffer *buffer;

  ask_approval (stage);
  edit = stage_find (GTK_WIDGET (stage->column), GTK_TYPE_TOGGLE_BUTTON, "Edit");
  g_assert_nonnull (edit);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (edit), TRUE);
  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (stage_find (GTK_WIDGET (stage->column), GTK_TYPE_TEXT_VIEW, NULL)));

  gtk_text_buffer_set_text (buffer, "{\n  not json", -1);
  g_assert_false (gtk_widget_get_sensitive (button (stage, "approval.approve")));
  g_assert_nonnull (stage_find (GTK_WIDGET (stage->column), GTK_TYPE_LABEL, "Line 2, column 3: a name in quotes is missing."));
  gtk_text_buffer_set_text (buffer, "[1]", -1); /* JSON, but no object */
  g_assert_false (gtk_widget_get_sensitive (button (stage, "approval.approve")));
  g_assert_true (gtk_widget_get_sensitive (button (stage, "approval.reject")));

  gtk_text_buffer_set_text (buffer, "{\"to\":\"b@acme.example\"}", -1);
  g_assert_true (gtk_widget_get_sensitive (button (stage, "approval.approve")));

  /* What is edited outlives the widget. */
  bobbin_column_set_model (stage->column, bobbin_column_get_model (stage->column));
  g_signal_emit_by_name (button (stage, "approval.approve"), "clicked");
  fixture_settle (&stage->session);
  g_assert_nonnull (strstr (fixture_channel (&stage->session)->last_decision, "edit"));
}

/* "From now on": the next card is answered before anybody is asked, says so, and can be undone. */
static void
test_remember (Stage        *stage,
               gconstpointer data)
{
  Fixture *fixture = &stage->session;
  GtkWidget *remember;

  ask_approval (stage);
  remember = stage_find (GTK_WIDGET (stage->column), GTK_TYPE_LABEL, "From now on, approve this without asking");
  remember = remember != NULL ? gtk_widget_get_ancestor (remember, GTK_TYPE_CHECK_BUTTON) : NULL;
  g_assert_nonnull (remember);
  g_assert_false (gtk_check_button_get_active (GTK_CHECK_BUTTON (remember)));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (remember), TRUE);
  g_signal_emit_by_name (button (stage, "approval.approve"), "clicked");
  fixture_settle (fixture);
  fake_stopped (fixture_channel (fixture), NULL);
  fixture_settle (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (bobbin_library_get_rules (fixture->library)), ==, 1);

  ask_approval (stage);
  stage_settle (stage->window);
  g_assert_nonnull (stage_find (GTK_WIDGET (stage->column), GTK_TYPE_LABEL, "Approved without asking, as you wished"));
  for (GtkWidget *revoke = button (stage, "approval.revoke"); revoke != NULL;
       revoke = stage_find_next (GTK_WIDGET (stage->column), revoke, GTK_TYPE_BUTTON))
    if (g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (revoke)), "approval.revoke") == 0 &&
        gtk_widget_get_mapped (revoke))
      {
        g_signal_emit_by_name (revoke, "clicked");
        break;
      }
  g_assert_cmpuint (g_list_model_get_n_items (bobbin_library_get_rules (fixture->library)), ==, 0);
  fake_stopped (fixture_channel (fixture), NULL);
  fixture_settle (fixture);
}

static void
test_retry (Stage        *stage,
            gconstpointer data)
{
  Fixture *fixture = &stage->session;

  fixture_ask (fixture, "Hello");
  fake_failed (fixture_channel (fixture), BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_UNKNOWN, -1);
  fixture_settle (fixture);
  stage_settle (stage->window);
  g_assert_nonnull (button (stage, "message.retry"));
  g_assert_cmpuint (fake_backend_n_sent (fixture->backend), ==, 1);
  g_signal_emit_by_name (button (stage, "message.retry"), "clicked");
  fixture_settle (fixture);
  g_assert_cmpuint (fake_backend_n_sent (fixture->backend), ==, 2);
}

static void
test_take_back (Stage        *stage,
                gconstpointer data)
{
  Fixture *fixture = &stage->session;

  fixture_ask (fixture, "Hello");
  fixture_send (fixture, "and more");
  fixture_settle (fixture);
  stage_settle (stage->window);
  g_assert_nonnull (stage_find (GTK_WIDGET (stage->column), GTK_TYPE_LABEL, "Queued"));
  g_signal_emit_by_name (button (stage, "message.take-back"), "clicked");
  g_assert_cmpstr (bobbin_draft_get_text (bobbin_session_get_draft (fixture->session)), ==, "and more");
  fixture_settle (fixture);
}

/* Who reads above is left there, and is told how many messages came. */
static void
test_count (Stage        *stage,
            gconstpointer data)
{
  Fixture *fixture = &stage->session;
  guint n_new;

  for (guint i = 0; i < 6; i++)
    turn (stage, 900);
  fixture_ask (fixture, "And now?");
  stage_settle (stage->window);
  gtk_adjustment_set_value (stage->adjustment, gtk_adjustment_get_value (stage->adjustment) - 700);
  stage_settle (stage->window);
  g_assert_false (bobbin_column_get_following (stage->column));

  fake_turn_started (fixture_channel (fixture), NULL);
  fake_text (fixture_channel (fixture), "text:0", "An answer");
  fixture_settle (fixture);
  stage_settle (stage->window);
  g_object_get (stage->transcript, "n-new", &n_new, NULL);
  g_assert_cmpuint (n_new, ==, 1);
  g_assert_nonnull (stage_find (GTK_WIDGET (stage->transcript), GTK_TYPE_LABEL, "1 New Message"));

  gtk_widget_activate_action (GTK_WIDGET (stage->transcript), "transcript.jump-to-latest", NULL);
  stage_settle (stage->window);
  g_object_get (stage->transcript, "n-new", &n_new, NULL);
  g_assert_cmpuint (n_new, ==, 0);
  g_assert_true (bobbin_column_get_following (stage->column));
  fake_stopped (fixture_channel (fixture), NULL);
  fixture_settle (fixture);
}

static void
test_own_message_follows (Stage        *stage,
                          gconstpointer data)
{
  for (guint i = 0; i < 4; i++)
    turn (stage, 900);
  gtk_adjustment_set_value (stage->adjustment, gtk_adjustment_get_value (stage->adjustment) - 700);
  stage_settle (stage->window);
  g_assert_false (bobbin_column_get_following (stage->column));
  fixture_send (&stage->session, "Here I am");
  g_assert_true (bobbin_column_get_following (stage->column));
  fixture_settle (&stage->session);
}

/* After a restart the same line is where it was. */
static void
test_reading_position (Stage        *stage,
                       gconstpointer data)
{
  BobbinMessage *message;
  BobbinLocus before;
  BobbinLocus after;
  gint64 id;
  int pixels_before;
  int pixels_after;

  for (guint i = 0; i < 8; i++)
    turn (stage, 1500);
  gtk_adjustment_set_value (stage->adjustment, gtk_adjustment_get_value (stage->adjustment) - 1300);
  stage_settle (stage->window);
  g_assert_true (bobbin_column_get_anchor (stage->column, &message, &before, &pixels_before));
  id = bobbin_message_get_id (message);
  fixture_advance (&stage->session, 2000);
  hide (stage);

  fixture_restart (&stage->session, FALSE);
  fixture_settle (&stage->session);
  show (stage);
  stage_settle (stage->window);
  g_assert_true (bobbin_column_get_anchor (stage->column, &message, &after, &pixels_after));
  g_assert_cmpint (bobbin_message_get_id (message), ==, id);
  g_assert_cmpint (after.block_id, ==, before.block_id);
  g_assert_cmpuint (after.offset, ==, before.offset);
  g_assert_cmpint (ABS (after.dy - pixels_after - before.dy + pixels_before), <=, 2);
}

static void
test_select_message (Stage        *stage,
                     gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autofree char *some = NULL;
  g_autofree char *all = NULL;

  turn (stage, 300);
  g_assert_true (gtk_widget_grab_focus (GTK_WIDGET (row_of (stage, fixture_last (&stage->session)))));
  gtk_widget_activate_action (GTK_WIDGET (stage->column), "selection.select-all", NULL);
  gtk_widget_activate_action (GTK_WIDGET (stage->column), "selection.copy", NULL);
  text = stage_clipboard (GTK_WIDGET (stage->column));
  all = bobbin_message_dup_text (fixture_last (&stage->session));
  g_assert_cmpstr (text, ==, g_strchomp (all));

  /* by keyboard from the start: one word, then a letter back */
  gtk_widget_activate_action (GTK_WIDGET (stage->column), "selection.clear", NULL);
  gtk_widget_activate_action (GTK_WIDGET (stage->column), "selection.extend", "(ii)", (int) GTK_MOVEMENT_WORDS, 1);
  gtk_widget_activate_action (GTK_WIDGET (stage->column), "selection.extend", "(ii)", (int) GTK_MOVEMENT_VISUAL_POSITIONS, -1);
  some = bobbin_column_dup_selected_text (stage->column);
  g_assert_cmpuint (strlen (some), >, 0);
  g_assert_true (g_str_has_prefix (text, some));
  g_assert_null (strchr (some, ' '));

  /* down to the next lines, then nothing */
  gtk_widget_activate_action (GTK_WIDGET (stage->column), "selection.extend", "(ii)", (int) GTK_MOVEMENT_DISPLAY_LINES, 1);
  g_clear_pointer (&some, g_free);
  some = bobbin_column_dup_selected_text (stage->column);
  g_assert_cmpuint (strlen (some), >, 30);
  gtk_widget_activate_action (GTK_WIDGET (stage->column), "selection.clear", NULL);
  g_assert_null (bobbin_column_dup_selected_text (stage->column));
}

static void
quote_cb (BobbinTranscript *transcript,
          const char       *text,
          char            **ret_text)
{
  *ret_text = g_strdup (text);
}

static void
test_copy_and_quote (Stage        *stage,
                     gconstpointer data)
{
  g_autofree char *quoted = NULL;
  g_autofree char *copied = NULL;
  g_autofree char *all = NULL;
  GtkWidget *row;

  turn (stage, 200);
  g_signal_connect (stage->transcript, "quote", G_CALLBACK (quote_cb), &quoted);
  row = GTK_WIDGET (row_of (stage, fixture_last (&stage->session)));
  gtk_widget_activate_action (row, "message.quote", NULL);
  assert_text (fixture_last (&stage->session), quoted);
  gtk_widget_activate_action (row, "message.copy", NULL);
  copied = stage_clipboard (row);
  all = bobbin_message_dup_text (fixture_last (&stage->session));
  g_assert_cmpstr (copied, ==, g_strchomp (all));
}

/* What has the focus is brought into view; Tab gets to what lies above. */
static void
test_focus_in_view (Stage        *stage,
                    gconstpointer data)
{
  GtkWidget *edit;
  double x;
  double y;

  ask_approval (stage);
  for (guint i = 0; i < 7; i++)
    fixture_send (&stage->session, "more");
  fixture_settle (&stage->session);
  stage_settle (stage->window);
  edit = stage_find (GTK_WIDGET (stage->column), GTK_TYPE_TOGGLE_BUTTON, "Edit");
  if (edit == NULL)
    {
      g_test_fail_printf ("the card is too far away to exist");
      return;
    }
  gtk_widget_translate_coordinates (edit, GTK_WIDGET (stage->column), 0, 0, &x, &y);
  g_assert_cmpfloat (y, <, 0);
  g_assert_true (gtk_widget_grab_focus (edit));
  stage_settle (stage->window);
  gtk_widget_translate_coordinates (edit, GTK_WIDGET (stage->column), 0, 0, &x, &y);
  g_assert_cmpfloat (y, >=, 0);
  g_assert_cmpfloat (y, <, gtk_widget_get_height (GTK_WIDGET (stage->column)));

  /* scrolled far away it is still there for the keyboard */
  bobbin_column_follow (stage->column);
  stage_settle (stage->window);
  g_assert_true (gtk_widget_has_focus (edit));
}

static void
test_delete (Stage        *stage,
             gconstpointer data)
{
  turn (stage, 200);
  gtk_widget_activate_action (GTK_WIDGET (row_of (stage, fixture_last (&stage->session))), "message.delete", NULL);
  fixture_settle (&stage->session);
  stage_settle (stage->window);
  g_assert_cmpuint (fixture_n_messages (&stage->session), ==, 1);
}

static void
test_names (Stage        *stage,
            gconstpointer data)
{
  GtkWidget *row;
  GtkWidget *working;

  gtk_test_accessible_assert_role (stage->column, GTK_ACCESSIBLE_ROLE_LOG);
  fixture_ask (&stage->session, "Hello");
  fake_turn_started (fixture_channel (&stage->session), NULL);
  fixture_settle (&stage->session);
  stage_settle (stage->window);
  working = stage_find (GTK_WIDGET (stage->column), GTK_TYPE_LABEL, "Working…");
  g_assert_nonnull (working);
  row = GTK_WIDGET (row_of (stage, fixture_last (&stage->session)));
  gtk_test_accessible_assert_role (row, GTK_ACCESSIBLE_ROLE_GROUP);
  g_assert_true (gtk_test_accessible_has_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL));

  fixture_advance (&stage->session, 61000);
  stage_settle (stage->window);
  g_assert_nonnull (stage_find (GTK_WIDGET (stage->column), GTK_TYPE_LABEL, "Still working…"));
  fake_stopped (fixture_channel (&stage->session), NULL);
  fixture_settle (&stage->session);
}

/* A conversation that has not begun says what to do. */
static void
test_greeting (Stage        *stage,
               gconstpointer data)
{
  GtkWidget *label = stage_find (GTK_WIDGET (stage->transcript), GTK_TYPE_LABEL, "Write a message, or drop a file here.");

  g_assert_nonnull (label);
  g_assert_true (gtk_widget_get_mapped (label));
  turn (stage, 100);
  g_assert_false (gtk_widget_get_mapped (label));
}

/* What ends before one's eyes is read; what ends below them is not. */
static void
test_read (Stage        *stage,
           gconstpointer data)
{
  BobbinThread *thread = bobbin_session_get_thread (stage->session.session);

  turn (stage, 4000);
  g_assert_false (bobbin_thread_get_unread (thread));

  fixture_ask (&stage->session, "and more");
  fake_turn_started (fixture_channel (&stage->session), NULL);
  fixture_settle (&stage->session);
  stage_settle (stage->window);
  gtk_adjustment_set_value (stage->adjustment, gtk_adjustment_get_lower (stage->adjustment));
  stage_settle (stage->window);
  fake_text_complete (fixture_channel (&stage->session), "text:0", "The end.");
  fake_stopped (fixture_channel (&stage->session), NULL);
  fixture_settle (&stage->session);
  g_assert_true (bobbin_thread_get_unread (thread));
}

/* Whoever is laid out beside it and for whatever reason, every widget has its place when it is drawn. (A warning of GTK ends the test.) */
static void
test_laid_out (Stage        *stage,
               gconstpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *beside = gtk_label_new ("0");
  GtkWidget *transcript = GTK_WIDGET (stage->transcript);

  turn (stage, 4000);
  g_object_ref (transcript);
  gtk_window_set_child (GTK_WINDOW (stage->window), NULL);
  gtk_widget_set_vexpand (transcript, TRUE);
  gtk_box_append (GTK_BOX (box), transcript);
  gtk_box_append (GTK_BOX (box), beside);
  gtk_window_set_child (GTK_WINDOW (stage->window), box);
  g_object_unref (transcript);
  stage_settle (stage->window);

  fixture_ask (&stage->session, "Tell me more");
  fake_turn_started (fixture_channel (&stage->session), NULL);
  for (guint i = 0; i < 120; i++)
    {
      g_autofree char *word = g_strdup_printf ("%s **word** %u", i % 3 == 0 ? "\n\n" : "", i);
      g_autofree char *digit = g_strdup_printf ("%u", i % 10);

      fake_text (fixture_channel (&stage->session), "text:0", word);
      fixture_settle (&stage->session);
      gtk_label_set_text (GTK_LABEL (beside), digit); /* asks for a size, and gets the same one */
      if (i >= 80)
        gtk_window_set_default_size (GTK_WINDOW (stage->window), 500 + (int) i % 7 * 20, 400 + (int) i % 5 * 30);
      stage_frame (stage->window);
    }
  fake_stopped (fixture_channel (&stage->session), NULL);
  fixture_settle (&stage->session);
  stage_settle (stage->window);
}

#define ADD(name, func) g_test_add ("/transcript/" name, Stage, NULL, stage_up, func, stage_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  stage_init ();

  ADD ("approve", test_approve);
  ADD ("reject", test_reject);
  ADD ("edit-arguments", test_edit_arguments);
  ADD ("remember", test_remember);
  ADD ("retry", test_retry);
  ADD ("take-back", test_take_back);
  ADD ("count", test_count);
  ADD ("own-message-follows", test_own_message_follows);
  ADD ("reading-position", test_reading_position);
  ADD ("select-message", test_select_message);
  ADD ("copy-and-quote", test_copy_and_quote);
  ADD ("focus-in-view", test_focus_in_view);
  ADD ("delete", test_delete);
  ADD ("names", test_names);
  ADD ("greeting", test_greeting);
  ADD ("read", test_read);
  ADD ("laid-out", test_laid_out);

  return g_test_run ();
}
