/* The head of a card: what gives way where there is little room. */
#include "config.h"

#include "messages.h"
#include "stage.h"
#include "ui/transcript/bobbin-block-view.h"
#include "ui/transcript/bobbin-card.h"

static GtkLabel *
find_label (GtkWidget  *card,
            const char *text)
{
  return GTK_LABEL (stage_find (card, GTK_TYPE_LABEL, text));
}

static gboolean
is_cut (GtkLabel *label)
{
  return pango_layout_is_ellipsized (gtk_label_get_layout (label));
}

/* What is used goes before what it is used for; that is read too where there is room. */
static void
test_title (void)
{
  static const char detail[] = "look_up_customer, list_invoices, send_reminder, look_up_customer";
  BobbinViewState *state = bobbin_view_state_new ();
  GtkWidget *card = bobbin_card_new (state, 1);
  GtkWidget *window;

  bobbin_card_set_title (BOBBIN_CARD (card), "Used 4 different tools");
  bobbin_card_set_detail (BOBBIN_CARD (card), detail);
  bobbin_card_set_status (BOBBIN_CARD (card), "Done", "done");
  bobbin_card_set_head_only (BOBBIN_CARD (card));
  window = stage_new (card, 320, 200);
  g_assert_false (is_cut (find_label (card, "Used 4 different tools")));
  g_assert_true (is_cut (find_label (card, detail)));
  g_assert_false (is_cut (find_label (card, "Done")));

  gtk_window_set_default_size (GTK_WINDOW (window), 900, 200);
  stage_settle (window);
  g_assert_false (is_cut (find_label (card, detail)));

  /* a name may be longer than the window */
  gtk_window_set_default_size (GTK_WINDOW (window), 320, 200);
  bobbin_card_set_title (BOBBIN_CARD (card), "a_name_of_a_tool_that_is_longer_than_any_window_of_a_telephone_is_wide");
  stage_settle (window);
  g_assert_cmpint (gtk_widget_get_width (card), <=, 320);
  stage_free (window);
  bobbin_view_state_unref (state);
}

/* A notice that comes in pieces: what it is about is told when it is known. */
static void
test_notice (void)
{
  BobbinViewState *state = bobbin_view_state_new ();
  g_autoptr(BobbinMessage) message = bobbin_message_new (0, BOBBIN_ROLE_ASSISTANT, MESSAGES_NOON);
  BobbinBlock *block = messages_block (message, BOBBIN_BLOCK_NOTICE, BOBBIN_BLOCK_OPEN, NULL);
  GtkWidget *view = g_object_ref_sink (bobbin_block_view_new (message, block, state));

  bobbin_block_set_name (block, BOBBIN_NOTICE_UNREADABLE);
  g_assert_true (g_str_has_prefix (gtk_label_get_text (GTK_LABEL (view)), "Part of what the server sent"));
  g_assert_finalize_object (view);
  bobbin_view_state_unref (state);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  stage_init ();

  g_test_add_func ("/transcript/card/title", test_title);
  g_test_add_func ("/transcript/card/notice", test_notice);

  return g_test_run ();
}
