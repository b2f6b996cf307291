/* A foldable card: icon, title, one line of detail, state in words; below it, when unfolded, a content that is made only
 * then. Whether it is unfolded is kept in the view state.
 * Signal "toggled" (): it was unfolded or folded. */
#pragma once

#include <gtk/gtk.h>

#include "ui/transcript/bobbin-view-state.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_CARD (bobbin_card_get_type ())
G_DECLARE_FINAL_TYPE (BobbinCard, bobbin_card, BOBBIN, CARD, GtkWidget)

/* Makes the content of an unfolded card. Returns: (transfer floating). */
typedef GtkWidget *(*BobbinCardFunc) (BobbinCard *card, gpointer user_data);

GtkWidget *bobbin_card_new           (BobbinViewState *state, gint64 block_id) G_GNUC_WARN_UNUSED_RESULT;
void       bobbin_card_set_icon      (BobbinCard *self, const char *icon_name);
void       bobbin_card_set_title     (BobbinCard *self, const char *title);
/* (nullable): one line, shortened to what there is room for. */
void       bobbin_card_set_detail    (BobbinCard *self, const char *detail);
/* (nullable): "running", "failed": words, with a CSS class of the card. */
void       bobbin_card_set_status    (BobbinCard *self, const char *words, const char *css_class);
/* @data lives as long as the card by @destroy. */
void       bobbin_card_set_func      (BobbinCard *self, BobbinCardFunc func, gpointer data, GDestroyNotify destroy);
/* Unfolded unless the reader folded it. Before the function is set. */
void       bobbin_card_set_open_at_first (BobbinCard *self);
/* It has no content: what it folds is elsewhere. */
void       bobbin_card_set_head_only (BobbinCard *self);
/* Makes the content anew when it is shown. */
void       bobbin_card_reload        (BobbinCard *self);
GtkWidget *bobbin_card_get_content   (BobbinCard *self); /* (nullable): folded */
gboolean   bobbin_card_get_expanded  (BobbinCard *self);
void       bobbin_card_set_expanded  (BobbinCard *self, gboolean expanded);

G_END_DECLS
