/* The page of the preferences about privacy: what the person allowed for good (approvals that are given without asking, each
 * readable, with how often it was used, and revocable; hosts whose images load by themselves), and what leaves the computer. */
#pragma once

#include "bobbin-types.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_RULES_PAGE (bobbin_rules_page_get_type ())
G_DECLARE_FINAL_TYPE (BobbinRulesPage, bobbin_rules_page, BOBBIN, RULES_PAGE, AdwPreferencesPage)

GtkWidget *bobbin_rules_page_new (BobbinLibrary *library, GSettings *settings) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
