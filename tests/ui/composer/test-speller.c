/* Spelling against dictionaries of our own, so that none of the system is needed. Where the program was built without them nothing
 * must happen. */
#include "config.h"
#include "session-fixture.h"
#include "stage.h"
#include "ui/composer/bobbin-composer.h"
#include "ui/composer/bobbin-dictionary.h"
#include "ui/composer/bobbin-speller.h"
#include "ui/composer/bobbin-word-finder.h"
#include "util/bobbin-folder.h"

#include <glib/gstdio.h>

static char *config_dir;

/* "xx_XX" knows a few words; "yy_YY" others. */
static void
write_dictionaries (void)
{
  static const char *const dictionaries[][2] = {
    { "xx_XX", "7\nthe\nweather\nis\nfine\ntoday\ndon't\nHello\n" }, { "yy_YY", "2\nwether\nfein\n" },
  };
  g_autofree char *dir = NULL;

  config_dir = g_dir_make_tmp ("bobbin-speller-XXXXXX", NULL);
  dir = g_build_filename (config_dir, "hunspell", NULL);
  g_assert_cmpint (g_mkdir (dir, 0700), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (dictionaries); i++)
    {
      g_autofree char *aff = g_strdup_printf ("%s/%s.aff", dir, dictionaries[i][0]);
      g_autofree char *dic = g_strdup_printf ("%s/%s.dic", dir, dictionaries[i][0]);

      g_assert_true (g_file_set_contents (aff, "SET UTF-8\nTRY esianrtolcdugmphbyfvkwz'\nWORDCHARS '\n", -1, NULL));
      g_assert_true (g_file_set_contents (dic, dictionaries[i][1], -1, NULL));
    }
  g_setenv ("ENCHANT_CONFIG_DIR", config_dir, TRUE);
}

typedef struct
{
  GtkWidget     *window;
  GtkTextView   *view;
  GtkTextBuffer *buffer;
  BobbinSpeller *speller;
} Text;

static void
open_text (Text       *self,
           const char *language)
{
  self->view = GTK_TEXT_VIEW (gtk_text_view_new ());
  self->buffer = gtk_text_view_get_buffer (self->view);
  self->speller = bobbin_speller_new (self->view);
  bobbin_speller_set_language (self->speller, language);
  self->window = stage_new (GTK_WIDGET (self->view), 400, 300);
}

static void
close_text (Text *self)
{
  BobbinSpeller *speller = self->speller;

  /* A dictionary may still be opening on its thread. */
  g_object_add_weak_pointer (G_OBJECT (speller), (gpointer *) &speller);
  g_object_unref (self->speller);
  while (speller != NULL)
    g_main_context_iteration (NULL, TRUE);
  stage_free (self->window);
}

/* The words that are underlined: "wether fyne". */
static char *
dup_marked (GtkTextBuffer *buffer)
{
  g_autoptr(GString) words = g_string_new (NULL);
  GtkTextIter at;

  gtk_text_buffer_get_start_iter (buffer, &at);
  do
    {
      g_autoptr(GSList) tags = gtk_text_iter_get_toggled_tags (&at, TRUE);

      if (tags != NULL)
        {
          GtkTextIter end = at;
          g_autofree char *word = NULL;

          gtk_text_iter_forward_to_tag_toggle (&end, tags->data);
          word = gtk_text_buffer_get_text (buffer, &at, &end, FALSE);
          g_string_append_printf (words, "%s%s", words->len > 0 ? " " : "", word);
        }
    }
  while (gtk_text_iter_forward_to_tag_toggle (&at, NULL));

  return g_string_free (g_steal_pointer (&words), FALSE);
}

static gboolean
is_marked (GtkTextBuffer *buffer,
           const char    *wanted)
{
  g_autofree char *words = dup_marked (buffer);

  return g_str_equal (words, wanted);
}

static gboolean
too_late_cb (gpointer user_data)
{
  g_autofree char *words = dup_marked (user_data);

  g_error ("marked are “%s”", words);

  return G_SOURCE_REMOVE;
}

static void
wait_marked (GtkTextBuffer *buffer,
             const char    *wanted)
{
  guint deadline = g_timeout_add_seconds (20, too_late_cb, buffer);

  while (!is_marked (buffer, wanted))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (deadline);
}

static gboolean
skip (void)
{
  if (HAVE_ENCHANT)
    return FALSE;

  g_test_skip ("built without spelling");
  return TRUE;
}

/* The word at the cursor may not be complete yet: it is put elsewhere. */
static void
set_text (Text       *text,
          const char *words)
{
  GtkTextIter start;

  gtk_text_buffer_set_text (text->buffer, words, -1);
  gtk_text_buffer_get_start_iter (text->buffer, &start);
  gtk_text_buffer_place_cursor (text->buffer, &start);
}

static void
test_words (void)
{
  static const struct { const char *text; const char *marked; } rows[] = {
    { "the weather is fine", "" },
    { "the wether is fyne today", "wether fyne" },
    { "Hello, the weather don't", "" },
    /* not prose */
    { "see https://exmaple.org/pthat or a_nme, x2y, me@exmaple.org and exmaple.org", "see or and" },
    { "call `strnlne` or foo()", "call or" },
    { "fyne\n```\nwether nobdy\n```\nfyne", "fyne fyne" },
    { "", "" },
    { "das ist ÜBERALL", "das ist ÜBERALL" },
    { "天气很好 the wether", "wether" },
  };
  Text text;

  if (skip ())
    return;

  open_text (&text, "xx_XX");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].text);
      set_text (&text, rows[i].text);
      wait_marked (text.buffer, rows[i].marked);
    }
  close_text (&text);
}

static void
insert (Text       *text,
        int         offset,
        const char *words)
{
  GtkTextIter at;

  gtk_text_buffer_get_iter_at_offset (text->buffer, &at, offset);
  gtk_text_buffer_insert (text->buffer, &at, words, -1);
}

/* Only what changed is looked at, and what it makes of the words beside it. */
static void
test_edit (void)
{
  Text text;
  GtkTextIter start, end;

  if (skip ())
    return;

  open_text (&text, "xx_XX");
  set_text (&text, "the wether is");
  wait_marked (text.buffer, "wether");
  insert (&text, 6, "a"); /* weather */
  wait_marked (text.buffer, "");
  insert (&text, 11, "s"); /* weathers */
  wait_marked (text.buffer, "weathers");
  gtk_text_buffer_get_iter_at_offset (text.buffer, &start, 3);
  gtk_text_buffer_get_iter_at_offset (text.buffer, &end, 12);
  gtk_text_buffer_delete (text.buffer, &start, &end);
  wait_marked (text.buffer, "");
  insert (&text, 3, "n"); /* then is */
  wait_marked (text.buffer, "then");

  /* Nothing while an input method composes; it is made up for. */
  bobbin_speller_set_composing (text.speller, TRUE);
  insert (&text, 0, "fyne ");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_true (is_marked (text.buffer, "then"));
  bobbin_speller_set_composing (text.speller, FALSE);
  wait_marked (text.buffer, "fyne then");

  bobbin_speller_set_enabled (text.speller, FALSE);
  g_assert_true (is_marked (text.buffer, ""));
  bobbin_speller_set_enabled (text.speller, TRUE);
  wait_marked (text.buffer, "fyne then");
  close_text (&text);
}

static void
test_language (void)
{
  Text text;

  if (skip ())
    return;

  open_text (&text, "xx_XX");
  set_text (&text, "weather wether");
  wait_marked (text.buffer, "wether");
  bobbin_speller_set_language (text.speller, "yy_YY");
  wait_marked (text.buffer, "weather");
  bobbin_speller_set_language (text.speller, "");
  wait_marked (text.buffer, "");
  /* One that is not there is as good as none. */
  bobbin_speller_set_language (text.speller, "zz_ZZ");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_true (is_marked (text.buffer, ""));
  bobbin_speller_set_language (text.speller, "xx_XX");
  wait_marked (text.buffer, "wether");
  close_text (&text);
}

/* The menu of the word at the cursor, as the keyboard opens it. */
static GMenuModel *
open_menu (Text *text,
           int   offset)
{
  GListModel *controllers = gtk_widget_observe_controllers (GTK_WIDGET (text->view));
  GtkTextIter at;
  gboolean handled;

  gtk_text_buffer_get_iter_at_offset (text->buffer, &at, offset);
  gtk_text_buffer_place_cursor (text->buffer, &at);
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr(GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller)
          && gtk_event_controller_get_propagation_phase (controller) == GTK_PHASE_CAPTURE)
        g_signal_emit_by_name (controller, "key-pressed", GDK_KEY_Menu, 0, 0, &handled);
    }
  g_object_unref (controllers);

  return gtk_text_view_get_extra_menu (text->view);
}

static char *
first_label (GMenuModel *menu)
{
  g_autoptr(GMenuModel) section = g_menu_model_get_item_link (menu, 0, G_MENU_LINK_SECTION);
  char *label = NULL;

  g_menu_model_get_item_attribute (section, 0, G_MENU_ATTRIBUTE_LABEL, "s", &label);

  return label;
}

static void
test_menu (void)
{
  Text text;
  GMenuModel *menu;
  g_autofree char *label = NULL;
  g_autofree char *shown = NULL;

  if (skip ())
    return;

  open_text (&text, "xx_XX");
  set_text (&text, "the wether is gud");
  wait_marked (text.buffer, "wether gud");
  /* A word that is right has the languages only. */
  menu = open_menu (&text, 1);
  g_assert_cmpint (g_menu_model_get_n_items (menu), ==, 1);
  menu = open_menu (&text, 6);
  g_assert_cmpint (g_menu_model_get_n_items (menu), ==, 3);
  label = first_label (menu);
  g_assert_cmpstr (label, ==, "weather");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (text.view), "spelling.replace", "s", "weather"));
  g_object_get (text.buffer, "text", &shown, NULL);
  g_assert_cmpstr (shown, ==, "the weather is gud");
  wait_marked (text.buffer, "gud");

  open_menu (&text, 16);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (text.view), "spelling.ignore", NULL));
  wait_marked (text.buffer, "");
  set_text (&text, "bettr");
  wait_marked (text.buffer, "bettr");
  open_menu (&text, 2);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (text.view), "spelling.add", NULL));
  wait_marked (text.buffer, "");
  close_text (&text);

  /* For good. */
  open_text (&text, "xx_XX");
  set_text (&text, "bettr gud");
  wait_marked (text.buffer, "gud");
  close_text (&text);
}

/* A long text is done in slices, and whatever is in it. */
static void
test_long (void)
{
  g_autoptr(GString) words = g_string_new (NULL);
  Text text;
  GtkTextIter at;

  if (skip ())
    return;

  open_text (&text, "xx_XX");
  for (guint i = 0; i < 1000; i++)
    g_string_append (words, i % 20 == 19 ? "the weather is fine\n" : "the weather is fine ");
  g_string_append (words, "tody ");
  set_text (&text, words->str);
  wait_marked (text.buffer, "tody");
  /* A blob on one line, with a cursor elsewhere, is left alone. */
  g_string_assign (words, "fyne\n");
  for (guint i = 0; i < 1000; i++)
    g_string_append (words, "wether ");
  g_string_append (words, "\ntody ");
  set_text (&text, words->str);
  wait_marked (text.buffer, "fyne tody");
  gtk_text_buffer_get_start_iter (text.buffer, &at);
  gtk_text_buffer_insert (text.buffer, &at, "😀 e\u0301\u0302 \u202e \u200b fyne ", -1);
  set_text (&text, "");
  wait_marked (text.buffer, "");
  close_text (&text);
}

/* Of a line that is too long for all of it, what is seen is checked, and what comes into sight. */
static void
test_long_line (void)
{
  g_autoptr(GString) words = g_string_new ("wether ");
  GtkWidget *scroller = gtk_scrolled_window_new ();
  Text text;
  GtkTextIter at;

  if (skip ())
    {
      g_object_ref_sink (scroller);
      g_object_unref (scroller);
      return;
    }

  open_text (&text, "xx_XX");
  gtk_text_view_set_wrap_mode (text.view, GTK_WRAP_WORD);
  g_object_ref (text.view);
  gtk_window_set_child (GTK_WINDOW (text.window), scroller);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (text.view));
  g_object_unref (text.view);
  for (guint i = 0; i < 1000; i++)
    g_string_append (words, "the weather is fine ");
  g_string_append (words, "tody x_fyne example.fyne fyne() is fine ");
  set_text (&text, words->str);
  gtk_text_buffer_get_start_iter (text.buffer, &at);
  gtk_text_buffer_place_cursor (text.buffer, &at);
  wait_marked (text.buffer, "wether");
  gtk_text_buffer_insert_at_cursor (text.buffer, "fyne ", -1);
  wait_marked (text.buffer, "fyne wether");
  gtk_text_buffer_get_end_iter (text.buffer, &at);
  gtk_text_buffer_place_cursor (text.buffer, &at);
  gtk_text_view_scroll_mark_onscreen (text.view, gtk_text_buffer_get_insert (text.buffer));
  wait_marked (text.buffer, "fyne wether tody");
  close_text (&text);
}

/* The words of a piece of text; one that is cut at an edge is not asked about. */
static void
test_find_words (void)
{
  static const struct { const char *text; gboolean cut; const char *expected; } rows[] = {
    { "the sea, it's blue", FALSE, "the sea it's blue" },
    { "cut the end", TRUE, "the" },
    { "see https://example.org/a and a@b or a_b, x2", FALSE, "see and or" },
    { "example.org is. Fine", FALSE, "is Fine" },
    { "call foo() now", FALSE, "call now" },
    { "漢字 and 😀 e\u0301t\u00e9", FALSE, "and e\u0301t\u00e9" },
    { "", FALSE, "" },
    { "  \n ", TRUE, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GArray) spans = bobbin_word_finder_find (rows[i].text, rows[i].cut, rows[i].cut);
      g_autoptr(GString) found = g_string_new (NULL);

      for (guint j = 0; j < spans->len; j++)
        {
          const BobbinWordSpan *span = &g_array_index (spans, BobbinWordSpan, j);
          g_autofree char *word = g_utf8_substring (rows[i].text, span->start, span->end);

          g_string_append_printf (found, "%s%s", j > 0 ? " " : "", word);
        }
      g_assert_cmpstr (found->str, ==, rows[i].expected);
    }
}

/* The language goes with the conversation, and is there again. */
static void
test_thread (void)
{
  Fixture fixture = { NULL };
  g_autofree char *language = NULL;

  fixture_set_up (&fixture, "disk");
  g_assert_null (bobbin_session_dup_spelling (fixture.session));
  bobbin_session_set_spelling (fixture.session, "yy_YY");
  fixture_type (&fixture, "fein");
  fixture_settle (&fixture);
  fixture_advance (&fixture, 1000);
  fixture_restart (&fixture, FALSE);
  language = bobbin_session_dup_spelling (fixture.session);
  g_assert_cmpstr (language, ==, "yy_YY");

  if (HAVE_ENCHANT)
    {
      GtkWidget *composer = bobbin_composer_new ();
      GtkWidget *window;
      GtkWidget *view;

      g_object_set (composer, "check-spelling", TRUE, NULL);
      bobbin_composer_set_session (BOBBIN_COMPOSER (composer), fixture.session);
      window = stage_new (composer, 700, 600);
      view = stage_find (composer, GTK_TYPE_TEXT_VIEW, NULL);
      gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), "fein weather", -1);
      wait_marked (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), "weather");
      g_assert_true (gtk_widget_activate_action (view, "spelling.language", "s", "xx_XX"));
      wait_marked (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), "fein");
      g_clear_pointer (&language, g_free);
      language = bobbin_session_dup_spelling (fixture.session);
      g_assert_cmpstr (language, ==, "xx_XX");
      stage_free (window);
    }
  fixture_settle (&fixture);
  fixture_tear_down (&fixture, "disk");
}

static void
test_names (void)
{
  g_auto(GStrv) languages = bobbin_dictionary_list_languages ();
  g_auto(GStrv) names = bobbin_dictionary_dup_names ((const char *const[]) { "xx_XX", "", "en_US", NULL });

  g_assert_cmpint (g_strv_contains ((const char *const *) languages, "xx_XX"), ==, HAVE_ENCHANT);
  g_assert_cmpuint (g_strv_length (names), ==, 3);
  g_assert_cmpstr (names[0], ==, "xx_XX");
}

int
main (int    argc,
      char **argv)
{
  int status;

  write_dictionaries ();
  g_test_init (&argc, &argv, NULL);
  stage_init ();
  g_test_add_func ("/speller/words", test_words);
  g_test_add_func ("/speller/edit", test_edit);
  g_test_add_func ("/speller/language", test_language);
  g_test_add_func ("/speller/menu", test_menu);
  g_test_add_func ("/speller/long", test_long);
  g_test_add_func ("/speller/long-line", test_long_line);
  g_test_add_func ("/speller/find-words", test_find_words);
  g_test_add_func ("/speller/thread", test_thread);
  g_test_add_func ("/speller/names", test_names);
  status = g_test_run ();
  bobbin_folder_remove (config_dir);
  g_free (config_dir);

  return status;
}
