/* A bar above a conversation that says one thing, offers at most one action and can perhaps be
 * put away. It is never modal. (AdwBanner needs libadwaita 1.3.) What it shows is given to it;
 * its contents are made when it first has something to say. */
#pragma once

#include "window/bobbin-connection-text.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_BANNER_STYLE_INFO,
  BOBBIN_BANNER_STYLE_WARNING,
  BOBBIN_BANNER_STYLE_ERROR,
} BobbinBannerStyle;

#define BOBBIN_TYPE_BANNER (bobbin_banner_get_type ())
G_DECLARE_FINAL_TYPE (BobbinBanner, bobbin_banner, BOBBIN, BANNER, GtkWidget)

/* Properties: "revealed" (read-only). */
GtkWidget *bobbin_banner_new      (void) G_GNUC_WARN_UNUSED_RESULT;
/* @detail: (nullable): more, as a tooltip. @action_name: (nullable): what the button with
 * @button_label does. @dismiss_action: (nullable): offers to put the bar away. Texts are plain. */
void       bobbin_banner_show     (BobbinBanner *self, BobbinBannerStyle style, const char *text, const char *detail,
                                   const char *button_label, const char *action_name, const char *dismiss_action);
/* What @kind has to say, with the action that goes with it (of the window or of the conversation); hides it when that is nothing. */
void       bobbin_banner_show_connection (BobbinBanner *self, const BobbinConnectionFacts *facts, BobbinBannerKind kind);
void       bobbin_banner_hide     (BobbinBanner *self);
gboolean   bobbin_banner_get_revealed (BobbinBanner *self);
const char *bobbin_banner_get_text (BobbinBanner *self); /* (nullable) */

G_END_DECLS
