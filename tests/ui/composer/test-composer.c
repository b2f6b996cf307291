/* The composer on a real session with a server that is played. */
#include "config.h"

#include "session-fixture.h"
#include "stage.h"
#include "ui/composer/bobbin-attachment-chip.h"
#include "ui/composer/bobbin-composer.h"

#include <glib/gstdio.h>

typedef struct
{
  Fixture         session;
  GtkWidget      *window;
  BobbinComposer *composer;
  GtkWidget      *text_view;
  GtkTextBuffer  *buffer;
} Stage;

static void
stage_up (Stage        *stage,
          gconstpointer data)
{
  GtkWidget *composer = bobbin_composer_new ();

  fixture_set_up (&stage->session, "disk");
  stage->session.backend->limits.file_bytes = 1000000;
  stage->session.backend->limits.message_bytes = 2000000;
  bobbin_composer_set_session (BOBBIN_COMPOSER (composer), stage->session.session);
  stage->window = stage_new (composer, 700, 600);
  stage->composer = BOBBIN_COMPOSER (composer);
  stage->text_view = stage_find (composer, GTK_TYPE_TEXT_VIEW, NULL);
  stage->buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (stage->text_view));
}

static void
stage_down (Stage        *stage,
            gconstpointer data)
{
  GtkWidget *composer = GTK_WIDGET (stage->composer);

  g_object_add_weak_pointer (G_OBJECT (composer), (gpointer *) &composer);
  stage_free (stage->window);
  g_assert_null (composer);
  fixture_tear_down (&stage->session, "disk");
}

static char *
shown_text (Stage *stage)
{
  char *text;

  g_object_get (stage->buffer, "text", &text, NULL);
  return text;
}

#define assert_shown(stage, wanted) G_STMT_START { \
  g_autofree char *shown_ = shown_text (stage); \
  g_assert_cmpstr (shown_, ==, wanted); } G_STMT_END

static void
type (Stage      *stage,
      const char *text)
{
  gtk_text_buffer_insert_at_cursor (stage->buffer, text, -1);
}

/* As the key would: TRUE when the composer took it. */
static gboolean
press (Stage           *stage,
       guint            keyval,
       GdkModifierType  state)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers (stage->text_view);
  gboolean handled = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr(GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller) &&
          gtk_event_controller_get_propagation_phase (controller) == GTK_PHASE_CAPTURE)
        g_signal_emit_by_name (controller, "key-pressed", keyval, 0, state, &handled);
    }

  return handled;
}

static gboolean
is_offered (Stage      *stage,
            const char *action)
{
  GtkWidget *button = stage_find (GTK_WIDGET (stage->composer), GTK_TYPE_BUTTON, action);

  g_assert_nonnull (button);
  return gtk_widget_get_visible (button) && gtk_widget_get_sensitive (button);
}

static const char *
problem (Stage *stage)
{
  GtkWidget *close = stage_find (GTK_WIDGET (stage->composer), GTK_TYPE_BUTTON, "composer.dismiss");
  GtkWidget *revealer = gtk_widget_get_ancestor (close, GTK_TYPE_REVEALER);

  if (!gtk_revealer_get_reveal_child (GTK_REVEALER (revealer)))
    return NULL;
  return gtk_label_get_label (GTK_LABEL (stage_find (revealer, GTK_TYPE_LABEL, NULL)));
}

static void
test_enter_sends (Stage        *stage,
                  gconstpointer data)
{
  g_assert_false (is_offered (stage, "composer.send"));
  g_assert_true (press (stage, GDK_KEY_Return, 0)); /* nothing to send: no line break either */
  assert_shown (stage, "");

  type (stage, "Hello");
  g_assert_true (is_offered (stage, "composer.send"));
  g_assert_false (press (stage, GDK_KEY_Return, GDK_SHIFT_MASK)); /* the text view breaks the line */
  g_assert_cmpuint (fixture_n_messages (&stage->session), ==, 0);
  g_assert_true (press (stage, GDK_KEY_Return, 0));
  assert_shown (stage, "");
  g_assert_cmpuint (fixture_n_messages (&stage->session), ==, 1);
  assert_text (fixture_last (&stage->session), "Hello");

  bobbin_composer_set_ctrl_enter_sends (stage->composer, TRUE);
  type (stage, "Again");
  g_assert_false (press (stage, GDK_KEY_Return, 0));
  g_assert_true (press (stage, GDK_KEY_KP_Enter, GDK_CONTROL_MASK));
  g_assert_cmpuint (fixture_n_messages (&stage->session), ==, 2);
}

/* While an input method composes, Enter is its own. */
static void
test_input_method (Stage        *stage,
                   gconstpointer data)
{
  type (stage, "に");
  g_signal_emit_by_name (stage->text_view, "preedit-changed", "ほん");
  g_assert_false (press (stage, GDK_KEY_Return, 0));
  g_assert_false (press (stage, GDK_KEY_Up, 0));
  g_assert_cmpuint (fixture_n_messages (&stage->session), ==, 0);
  g_signal_emit_by_name (stage->text_view, "preedit-changed", "");
  g_assert_true (press (stage, GDK_KEY_Return, 0));
  g_assert_cmpuint (fixture_n_messages (&stage->session), ==, 1);
}

static void
test_draft (Stage        *stage,
            gconstpointer data)
{
  Fixture *fixture = &stage->session;
  BobbinDraft *draft = bobbin_session_get_draft (fixture->session);
  g_autoptr(BobbinThread) thread = NULL;
  g_autoptr(BobbinSession) other = NULL;
  GtkTextIter iter;

  type (stage, "half a thöught");
  g_assert_cmpstr (bobbin_draft_get_text (draft), ==, "half a thöught");
  g_assert_cmpint (bobbin_draft_get_cursor (draft), ==, 14);
  gtk_text_buffer_get_iter_at_offset (stage->buffer, &iter, 4);
  gtk_text_buffer_place_cursor (stage->buffer, &iter);
  g_assert_cmpint (bobbin_draft_get_cursor (draft), ==, 4);

  bobbin_draft_set_text (draft, "from elsewhere", 3);
  assert_shown (stage, "from elsewhere");

  thread = bobbin_library_new_thread (fixture->library, fixture->account, "agent", NULL);
  other = bobbin_library_get_session (fixture->library, thread);
  bobbin_composer_set_session (stage->composer, other);
  assert_shown (stage, "");
  type (stage, "second");

  bobbin_composer_set_session (stage->composer, fixture->session);
  assert_shown (stage, "from elsewhere");
  gtk_text_buffer_get_iter_at_mark (stage->buffer, &iter, gtk_text_buffer_get_insert (stage->buffer));
  g_assert_cmpint (gtk_text_iter_get_offset (&iter), ==, 3);
  g_assert_false (gtk_text_buffer_get_can_undo (stage->buffer)); /* not into the text of the other thread */
  g_assert_cmpstr (bobbin_draft_get_text (bobbin_session_get_draft (other)), ==, "second");

  bobbin_composer_set_session (stage->composer, NULL);
  assert_shown (stage, "");
  g_assert_false (gtk_widget_get_sensitive (stage->text_view));
  bobbin_draft_clear (bobbin_session_get_draft (other));
  fixture_settle (fixture);
}

static void
test_recall (Stage        *stage,
             gconstpointer data)
{
  g_assert_true (press (stage, GDK_KEY_Up, 0)); /* there is none yet */
  assert_shown (stage, "");
  fixture_send (&stage->session, "first");
  fixture_send (&stage->session, "second");

  g_assert_true (press (stage, GDK_KEY_Up, 0));
  assert_shown (stage, "second");
  g_assert_true (press (stage, GDK_KEY_Up, 0));
  assert_shown (stage, "first");
  g_assert_true (press (stage, GDK_KEY_Up, 0));
  assert_shown (stage, "first");
  g_assert_true (press (stage, GDK_KEY_Down, 0));
  assert_shown (stage, "second");
  g_assert_true (press (stage, GDK_KEY_Down, 0));
  assert_shown (stage, "");
  g_assert_false (press (stage, GDK_KEY_Down, 0));

  type (stage, "typed");
  g_assert_false (press (stage, GDK_KEY_Up, 0));
  assert_shown (stage, "typed");
}

static gboolean
has_offer (gpointer data)
{
  Stage *stage = data;
  GtkWidget *button = stage_find (GTK_WIDGET (stage->composer), GTK_TYPE_BUTTON, "composer.paste-as-file");

  return gtk_revealer_get_reveal_child (GTK_REVEALER (gtk_widget_get_ancestor (button, GTK_TYPE_REVEALER)));
}

static gboolean
has_attachment (gpointer data)
{
  Stage *stage = data;

  fixture_settle (&stage->session);
  return g_list_model_get_n_items (bobbin_draft_get_attachments (bobbin_session_get_draft (stage->session.session))) > 0;
}

static void
test_long_paste (Stage        *stage,
                 gconstpointer data)
{
  g_autofree char *text = g_strnfill (12000, 'x');

  type (stage, "before ");
  gdk_clipboard_set_text (gtk_widget_get_clipboard (stage->text_view), text);
  g_signal_emit_by_name (stage->text_view, "paste-clipboard");
  g_assert_true (stage_wait (has_offer, stage));
  g_assert_cmpint (gtk_text_buffer_get_char_count (stage->buffer), ==, 12007); /* not lost if the offer is ignored */

  /* refused: the text is still there */
  stage->session.backend->limits.file_bytes = 100;
  gtk_widget_activate_action (GTK_WIDGET (stage->composer), "composer.paste-as-file", NULL);
  g_assert_nonnull (problem (stage));
  g_assert_cmpint (gtk_text_buffer_get_char_count (stage->buffer), ==, 12007);
  gtk_text_buffer_set_text (stage->buffer, "before ", -1);

  stage->session.backend->limits.file_bytes = 100000;
  g_signal_emit_by_name (stage->text_view, "paste-clipboard");
  g_assert_true (stage_wait (has_offer, stage));
  gtk_widget_activate_action (GTK_WIDGET (stage->composer), "composer.paste-as-file", NULL);
  g_assert_true (stage_wait (has_attachment, stage));
  assert_shown (stage, "before ");
  g_assert_false (has_offer (stage));
}

/* An offer that was declined is not read out any more, and the keyboard is back in the text. */
static void
test_keep_text (Stage        *stage,
                gconstpointer data)
{
  g_autofree char *text = g_strnfill (12000, 'x');
  GtkWidget *button = stage_find (GTK_WIDGET (stage->composer), GTK_TYPE_BUTTON, "composer.dismiss-offer");

  g_assert_false (gtk_widget_is_visible (button));
  gdk_clipboard_set_text (gtk_widget_get_clipboard (stage->text_view), text);
  g_signal_emit_by_name (stage->text_view, "paste-clipboard");
  g_assert_true (stage_wait (has_offer, stage));
  g_assert_true (gtk_widget_is_visible (button));
  g_assert_true (gtk_widget_grab_focus (button));
  gtk_widget_activate_action (GTK_WIDGET (stage->composer), "composer.dismiss-offer", NULL);
  g_assert_true (gtk_widget_has_focus (stage->text_view));
  while (gtk_widget_is_visible (button))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (gtk_text_buffer_get_char_count (stage->buffer), ==, 12000);
}

static void
test_short_paste (Stage        *stage,
                  gconstpointer data)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (stage->text_view), "short");
  g_signal_emit_by_name (stage->text_view, "paste-clipboard");
  while (gtk_text_buffer_get_char_count (stage->buffer) == 0)
    g_main_context_iteration (NULL, TRUE);
  assert_shown (stage, "short");
  g_assert_false (has_offer (stage));
}

static void
test_paste_image (Stage        *stage,
                  gconstpointer data)
{
  static const guchar pixels[4] = { 255, 0, 0, 255 };
  g_autoptr(GBytes) bytes = g_bytes_new_static (pixels, sizeof pixels);
  g_autoptr(GdkTexture) texture = gdk_memory_texture_new (1, 1, GDK_MEMORY_R8G8B8A8, bytes, 4);
  g_autoptr(BobbinAttachment) attachment = NULL;

  gdk_clipboard_set_texture (gtk_widget_get_clipboard (stage->text_view), texture);
  g_signal_emit_by_name (stage->text_view, "paste-clipboard");
  g_assert_cmpstr (problem (stage), ==, NULL);
  g_assert_true (stage_wait (has_attachment, stage));
  attachment = g_list_model_get_item (bobbin_draft_get_attachments (bobbin_session_get_draft (stage->session.session)), 0);
  g_assert_cmpstr (bobbin_attachment_get_content_type (attachment), ==, "image/png");
}

static void
test_chips (Stage        *stage,
            gconstpointer data)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static ("a,b\n", 4);
  GtkWidget *chip;

  bobbin_session_attach_bytes (stage->session.session, bytes, "table.csv", "text/csv");
  g_assert_cmpstr (problem (stage), ==, NULL);
  g_assert_true (stage_wait (has_attachment, stage));
  chip = stage_find (GTK_WIDGET (stage->composer), BOBBIN_TYPE_ATTACHMENT_CHIP, NULL);
  g_assert_nonnull (chip);
  g_assert_nonnull (stage_find (chip, GTK_TYPE_LABEL, "table.csv"));
  g_assert_true (is_offered (stage, "composer.send")); /* a file alone can be sent */

  gtk_widget_activate_action (chip, "attachment.remove", NULL);
  g_assert_null (stage_find (GTK_WIDGET (stage->composer), BOBBIN_TYPE_ATTACHMENT_CHIP, NULL));
  g_assert_false (is_offered (stage, "composer.send"));
}

/* What the service does not list is taken, with a warning on the chip. */
static void
test_unlisted_type (Stage        *stage,
                    gconstpointer data)
{
  static const char *const types[] = { "csv", NULL };
  g_autoptr(GBytes) bytes = g_bytes_new_static ("a,b\n", 4);
  GtkWidget *chip;

  stage->session.backend->limits.file_types = types;
  bobbin_session_attach_bytes (stage->session.session, bytes, "TABLE.CSV", "text/csv");
  g_assert_true (stage_wait (has_attachment, stage));
  chip = stage_find (GTK_WIDGET (stage->composer), BOBBIN_TYPE_ATTACHMENT_CHIP, NULL);
  g_assert_null (stage_find (chip, GTK_TYPE_LABEL, "4 bytes · may not be readable"));
  gtk_widget_activate_action (chip, "attachment.remove", NULL);

  bobbin_session_attach_bytes (stage->session.session, bytes, "disk.iso", "application/octet-stream");
  g_assert_true (stage_wait (has_attachment, stage));
  chip = stage_find (GTK_WIDGET (stage->composer), BOBBIN_TYPE_ATTACHMENT_CHIP, NULL);
  g_assert_nonnull (stage_find (chip, GTK_TYPE_LABEL, "4 bytes · may not be readable"));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (chip), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "disk.iso, 4 bytes · may not be readable");
  g_assert_null (problem (stage));
  g_assert_true (is_offered (stage, "composer.send"));
}

static gboolean
has_problem (gpointer data)
{
  Stage *stage = data;

  fixture_settle (&stage->session);
  return problem (stage) != NULL;
}

static void
test_refused (Stage        *stage,
              gconstpointer data)
{
  g_autoptr(GFile) file = g_file_new_for_path ("/nowhere/lost.txt");
  GSList list = { file, NULL };

  bobbin_composer_add_files (stage->composer, &list);
  g_assert_true (stage_wait (has_problem, stage));
  g_assert_nonnull (strstr (problem (stage), "lost.txt"));
  gtk_widget_activate_action (GTK_WIDGET (stage->composer), "composer.dismiss", NULL);
  g_assert_null (problem (stage));
}

/* A link of a browser is dropped as a list of files: nothing is fetched, it stands where the cursor is. */
static void
test_links (Stage        *stage,
            gconstpointer data)
{
  g_autoptr(GFile) first = g_file_new_for_uri ("https://example.org/a?b=c%20d#e");
  g_autoptr(GFile) second = g_file_new_for_uri ("http://example.org/");
  GSList end = { second, NULL };
  GSList list = { first, &end };
  BobbinDraft *draft = bobbin_session_get_draft (stage->session.session);

  fixture_type (&stage->session, "See ");
  bobbin_composer_add_files (stage->composer, &list);
  fixture_settle (&stage->session);
  g_assert_cmpstr (bobbin_draft_get_text (draft), ==, "See https://example.org/a?b=c%20d#e\nhttp://example.org/");
  g_assert_cmpuint (g_list_model_get_n_items (bobbin_draft_get_attachments (draft)), ==, 0);
  g_assert_null (problem (stage));
}

/* Too large: the file is named, and how large it may be. */
static void
test_refused_large (Stage        *stage,
                    gconstpointer data)
{
  g_autofree char *content = g_strnfill (1001, 'x');
  g_autoptr(GBytes) bytes = g_bytes_new (content, 1001);
  g_autofree char *limit = g_format_size_full (1000, G_FORMAT_SIZE_IEC_UNITS);

  stage->session.backend->limits.file_bytes = 1000;
  bobbin_session_attach_bytes (stage->session.session, bytes, "film.mp4", "video/mp4");
  g_assert_true (stage_wait (has_problem, stage));
  g_assert_nonnull (strstr (problem (stage), "film.mp4"));
  g_assert_nonnull (strstr (problem (stage), limit));
}

/* Many at once take the entry no room in a low window. */
static void
test_refused_many (Stage        *stage,
                   gconstpointer data)
{
  g_autofree char *content = g_strnfill (1001, 'x');
  g_autoptr(GBytes) bytes = g_bytes_new (content, 1001);
  int before, after;

  gtk_widget_measure (GTK_WIDGET (stage->composer), GTK_ORIENTATION_VERTICAL, 360, &before, NULL, NULL, NULL);
  stage->session.backend->limits.file_bytes = 1000;
  bobbin_session_attach_bytes (stage->session.session, bytes, "first.mp4", "video/mp4");
  bobbin_session_attach_bytes (stage->session.session, bytes, "second.mp4", "video/mp4");
  g_assert_true (stage_wait (has_problem, stage));
  g_assert_nonnull (strstr (problem (stage), "first.mp4"));
  g_assert_nonnull (strstr (problem (stage), "second.mp4"));
  stage_settle (stage->window);
  gtk_widget_measure (GTK_WIDGET (stage->composer), GTK_ORIENTATION_VERTICAL, 360, &after, NULL, NULL, NULL);
  g_assert_cmpint (after - before, <=, 60);
}

static void
test_limit (Stage        *stage,
            gconstpointer data)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static ("0123456789", 10);

  bobbin_session_attach_bytes (stage->session.session, bytes, "big.bin", "application/octet-stream");
  g_assert_cmpstr (problem (stage), ==, NULL);
  g_assert_true (stage_wait (has_attachment, stage));
  stage->session.backend->limits.file_bytes = 5;
  /* What is refused is told with both limits: which of them it met, its size tells. */
  bobbin_session_attach_bytes (stage->session.session, bytes, "second.bin", "application/octet-stream");
  g_assert_true (stage_wait (has_problem, stage));
  g_assert_nonnull (strstr (problem (stage), "second.bin"));
  g_assert_nonnull (strstr (problem (stage), "5 bytes"));
  g_assert_nonnull (strstr (problem (stage), "1.9"));
  gtk_widget_activate_action (GTK_WIDGET (stage->composer), "composer.dismiss", NULL);

  type (stage, "Here it is");
  g_assert_true (press (stage, GDK_KEY_Return, 0));
  g_assert_cmpuint (fixture_n_messages (&stage->session), ==, 0);
  g_assert_nonnull (strstr (problem (stage), "big.bin"));
  assert_shown (stage, "Here it is");
}

static void
test_stop_and_queue (Stage        *stage,
                     gconstpointer data)
{
  Fixture *fixture = &stage->session;

  g_assert_false (is_offered (stage, "composer.stop"));
  fixture_ask (fixture, "work");
  fake_turn_started (fixture_channel (fixture), "am_1");
  fake_text (fixture_channel (fixture), "text:0", "Well");
  fixture_settle (fixture);
  g_assert_true (is_offered (stage, "composer.stop"));

  type (stage, "and then this");
  g_assert_true (is_offered (stage, "composer.send"));
  g_assert_true (press (stage, GDK_KEY_Return, 0));
  g_assert_nonnull (stage_find (GTK_WIDGET (stage->composer), GTK_TYPE_LABEL, "Queued: 1"));
  assert_outline (fixture, "user:answering assistant:answering user:queued");

  gtk_widget_activate_action (GTK_WIDGET (stage->composer), "composer.stop", NULL);
  g_assert_cmpuint (fixture_channel (fixture)->n_cancels, ==, 1);
}

static void
test_quote (Stage        *stage,
            gconstpointer data)
{
  type (stage, "no");
  bobbin_composer_quote (stage->composer, "one\ntwo");
  assert_shown (stage, "> one\n> two\n\nno");
}

static void
test_height (Stage        *stage,
             gconstpointer data)
{
  for (guint i = 0; i < 100; i++)
    type (stage, "line\n");
  stage_settle (stage->window);
  g_assert_cmpint (gtk_widget_get_height (stage->text_view), >, 100);
  g_assert_cmpint (gtk_widget_get_height (gtk_widget_get_parent (stage->text_view)), <=, 200);
}

#define ADD(name, func) g_test_add ("/composer/" name, Stage, NULL, stage_up, func, stage_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  stage_init ();

  ADD ("enter-sends", test_enter_sends);
  ADD ("input-method", test_input_method);
  ADD ("draft", test_draft);
  ADD ("recall", test_recall);
  ADD ("refused-many", test_refused_many);
  ADD ("long-paste", test_long_paste);
  ADD ("keep-text", test_keep_text);
  ADD ("short-paste", test_short_paste);
  ADD ("paste-image", test_paste_image);
  ADD ("chips", test_chips);
  ADD ("unlisted-type", test_unlisted_type);
  ADD ("refused", test_refused);
  ADD ("links", test_links);
  ADD ("refused-large", test_refused_large);
  ADD ("limit", test_limit);
  ADD ("stop-and-queue", test_stop_and_queue);
  ADD ("quote", test_quote);
  ADD ("height", test_height);

  return g_test_run ();
}
