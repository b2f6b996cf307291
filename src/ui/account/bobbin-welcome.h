/* What a newcomer sees: two buttons, one of which needs nothing at all. */
#pragma once

#include "window/bobbin-banner.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_WELCOME (bobbin_welcome_get_type ())
G_DECLARE_FINAL_TYPE (BobbinWelcome, bobbin_welcome, BOBBIN, WELCOME, GtkWidget)

/* Activates app.try-demo and app.add-account. */
GtkWidget    *bobbin_welcome_new            (void) G_GNUC_WARN_UNUSED_RESULT;
/* The bar below its header. Returns: borrowed */
BobbinBanner *bobbin_welcome_get_notice_bar (BobbinWelcome *self);

G_END_DECLS
