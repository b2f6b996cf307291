/* The popover with what is known of an answer. */
#include "config.h"

#include "messages.h"
#include "model/bobbin-message.h"
#include "stage.h"
#include "ui/transcript/bobbin-column.h"
#include "ui/transcript/bobbin-message-details.h"

#include <string.h>

/* The labels below @widget, joined by "|". */
static void
collect (GtkWidget *widget,
         GString   *into)
{
  if (GTK_IS_LABEL (widget))
    g_string_append_printf (into, "%s%s", into->len > 0 ? "|" : "", gtk_label_get_text (GTK_LABEL (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    collect (child, into);
}

static char *
dup_details (BobbinUsage *usage)
{
  g_autoptr(BobbinMessage) message = bobbin_message_new (1, BOBBIN_ROLE_ASSISTANT, G_USEC_PER_SEC);
  g_autoptr(GString) words = g_string_new (NULL);
  GtkWidget *window = gtk_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *popover;

  bobbin_message_set_model (message, "m-large");
  bobbin_message_set_usage (message, usage);
  gtk_window_set_child (GTK_WINDOW (window), box);
  gtk_window_present (GTK_WINDOW (window));
  popover = bobbin_message_details_popup (message, "ws", box);
  collect (popover, words);
  gtk_widget_unparent (popover);
  gtk_window_destroy (GTK_WINDOW (window));

  return g_string_free (g_steal_pointer (&words), FALSE);
}

static void
test_usage (void)
{
  g_autoptr(BobbinMessage) fresh = bobbin_message_new (2, BOBBIN_ROLE_ASSISTANT, 1);
  BobbinUsage usage = *bobbin_message_get_usage (fresh);
  g_autofree char *bare = dup_details (&usage);
  g_autofree char *full = NULL;

  g_assert_nonnull (strstr (bare, "m-large"));
  g_assert_nonnull (strstr (bare, "WebSocket"));
  g_assert_null (strstr (bare, "Cost"));
  g_assert_null (strstr (bare, "Unit billed"));

  usage.input_tokens = 412;
  usage.cost = 0.25;
  g_strlcpy (usage.currency, "EUR", sizeof usage.currency);
  usage.unit_billed = TRUE;
  full = dup_details (&usage);
  g_assert_nonnull (strstr (full, "|Tokens in|412|"));
  g_assert_nonnull (strstr (full, "|Cost|0.25 EUR|"));
  g_assert_nonnull (strstr (full, "|Billing|Unit billed|"));
}

/* At what was pressed; the keyboard is at something that can be pressed, no caret in a text. */
static void
test_place (void)
{
  g_autoptr(GListStore) messages = g_list_store_new (BOBBIN_TYPE_MESSAGE);
  g_autoptr(BobbinMessage) message = messages_text (BOBBIN_ROLE_USER, "hello", MESSAGES_NOON);
  GtkWidget *column = bobbin_column_new ();
  GtkWidget *window, *popover, *button, *focus;
  BobbinMessageView *row;
  graphene_rect_t pressed, parent;
  GdkRectangle place;

  g_list_store_append (messages, message);
  bobbin_column_set_model (BOBBIN_COLUMN (column), G_LIST_MODEL (messages));
  window = stage_new (column, 600, 400);
  row = bobbin_column_get_row (BOBBIN_COLUMN (column), message);
  gtk_widget_grab_focus (GTK_WIDGET (row));
  stage_settle (window);
  button = stage_find (GTK_WIDGET (row), GTK_TYPE_BUTTON, "message.details");
  g_assert_nonnull (button);
  popover = bobbin_message_view_show_details (row, "ws");
  stage_settle (window);

  g_assert_true (gtk_widget_compute_bounds (button, window, &pressed));
  g_assert_true (gtk_widget_compute_bounds (gtk_widget_get_parent (popover), window, &parent));
  if (!gtk_popover_get_pointing_to (GTK_POPOVER (popover), &place))
    place = (GdkRectangle) { 0, 0, (int) parent.size.width, (int) parent.size.height };
  g_assert_cmpfloat_with_epsilon (parent.origin.x + place.x + place.width / 2.0, pressed.origin.x + pressed.size.width / 2.0, 2);

  focus = gtk_root_get_focus (GTK_ROOT (window));
  g_assert_true (gtk_widget_is_ancestor (focus, popover));
  g_assert_false (GTK_IS_LABEL (focus));
  gtk_popover_popdown (GTK_POPOVER (popover));
  stage_settle (window);
  g_object_add_weak_pointer (G_OBJECT (column), (gpointer *) &column);
  stage_free (window);
  g_assert_null (column);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  stage_init ();

  g_test_add_func ("/transcript/message-details/usage", test_usage);
  g_test_add_func ("/transcript/message-details/place", test_place);

  return g_test_run ();
}
