/* Stands for a piece of drawn text towards assistive tools: it has a place, a role and a name, and draws nothing but its focus
 * (GTK has no text interface for own widgets before 4.14; this may go when that is the floor). A link can have the focus and be
 * activated: signal "activate". */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_PROXY (bobbin_proxy_get_type ())
G_DECLARE_FINAL_TYPE (BobbinProxy, bobbin_proxy, BOBBIN, PROXY, GtkWidget)

GtkWidget  *bobbin_proxy_new      (GtkAccessibleRole role) G_GNUC_WARN_UNUSED_RESULT;
/* Says @length bytes of @text, shortened when it is very long; the same text again costs nothing. */
void        bobbin_proxy_set_text (BobbinProxy *self, const char *text, gsize length);
const char *bobbin_proxy_get_text (BobbinProxy *self); /* (nullable) */
/* Of a heading. */
void        bobbin_proxy_set_level (BobbinProxy *self, int level);
/* Where a link leads. */
void        bobbin_proxy_set_target (BobbinProxy *self, const char *target);
const char *bobbin_proxy_get_target (BobbinProxy *self); /* (nullable) */
/* What its owner knows it by; another key is another thing, whose text is not known yet. */
void        bobbin_proxy_set_key    (BobbinProxy *self, gsize key);
gsize       bobbin_proxy_get_key    (BobbinProxy *self);

G_END_DECLS
