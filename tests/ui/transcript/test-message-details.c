/* The popover with what is known of an answer. */
#include "config.h"

#include "model/bobbin-message.h"
#include "ui/transcript/bobbin-message-details.h"

#include <adwaita.h>
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/transcript/message-details/usage", test_usage);

  return g_test_run ();
}
