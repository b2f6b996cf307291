/* What one service alone asks of an account, as rows: the options of its table, the second key, what becomes of deleted conversations. */
#pragma once

#include "model/bobbin-account.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_ACCOUNT_OPTIONS (bobbin_account_options_get_type ())
G_DECLARE_FINAL_TYPE (BobbinAccountOptions, bobbin_account_options, BOBBIN, ACCOUNT_OPTIONS, AdwPreferencesGroup)

GtkWidget  *bobbin_account_options_new          (void);
/* Builds the rows; hidden when there is none. @account: (nullable): whose values they show */
void        bobbin_account_options_set_service  (BobbinAccountOptions *self, BobbinService service, BobbinAccount *account);
/* Writes the rows into the options of @account. */
void        bobbin_account_options_apply        (BobbinAccountOptions *self, BobbinAccount *account);
/* (nullable): what was typed as the key of the model provider. Borrowed */
const char *bobbin_account_options_get_provider_key (BobbinAccountOptions *self);

G_END_DECLS
