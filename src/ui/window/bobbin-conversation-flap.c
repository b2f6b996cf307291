#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "window/bobbin-conversation-flap.h"

#include "transcript/bobbin-outline-view.h"

#include <adwaita.h>

#define OUTLINE_WIDTH 260

/* What is folded away is out of reach for the keyboard and unsaid by screen readers, too. */
static void
revealed_cb (AdwFlap *flap)
{
  gtk_widget_set_visible (adw_flap_get_flap (flap), adw_flap_get_reveal_flap (flap) || adw_flap_get_reveal_progress (flap) > 0);
}

GtkWidget *
_bobbin_conversation_make_flap (GtkWidget       *transcript,
                                GtkWidget       *composer,
                                GtkWidget       *outline,
                                GtkToggleButton *button)
{
  GtkWidget *frame = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  AdwFlap *flap = ADW_FLAP (adw_flap_new ());

  gtk_widget_set_vexpand (outline, TRUE);
  gtk_widget_set_size_request (frame, OUTLINE_WIDTH, -1);
  gtk_widget_set_hexpand (frame, FALSE);
  gtk_widget_add_css_class (frame, "background");
  gtk_widget_add_css_class (frame, "outline-pane");
  gtk_box_append (GTK_BOX (frame), outline);

  gtk_widget_set_hexpand (content, TRUE); /* all the room the outline does not need */
  gtk_widget_set_vexpand (GTK_WIDGET (flap), TRUE);
  gtk_box_append (GTK_BOX (content), transcript);
  gtk_box_append (GTK_BOX (content), composer);
  adw_flap_set_content (flap, content);
  adw_flap_set_flap (flap, frame);
  adw_flap_set_separator (flap, gtk_separator_new (GTK_ORIENTATION_VERTICAL));
  adw_flap_set_flap_position (flap, GTK_PACK_END);
  adw_flap_set_reveal_flap (flap, FALSE);
  adw_flap_set_locked (flap, TRUE);
  adw_flap_set_swipe_to_open (flap, FALSE);
  g_signal_connect (flap, "notify::reveal-flap", G_CALLBACK (revealed_cb), NULL);
  g_signal_connect (flap, "notify::reveal-progress", G_CALLBACK (revealed_cb), NULL);
  revealed_cb (flap);
  g_object_bind_property (button, "active", flap, "reveal-flap", G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  g_signal_connect_object (transcript, "reading", G_CALLBACK (bobbin_outline_view_set_place), outline, G_CONNECT_SWAPPED);

  return GTK_WIDGET (flap);
}
