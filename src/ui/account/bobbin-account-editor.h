/* The window that adds or edits one account. Nothing of the account changes before it is saved,
 * and saving needs no successful check. The key that is typed goes to the library and is wiped
 * here; a key already kept is never shown. */
#pragma once

#include "bobbin-types.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_ACCOUNT_EDITOR (bobbin_account_editor_get_type ())
G_DECLARE_FINAL_TYPE (BobbinAccountEditor, bobbin_account_editor, BOBBIN, ACCOUNT_EDITOR, AdwWindow)

/* Signal "saved" (BobbinAccount *, char *warning: (nullable) the account is saved, but its key
 * could not be kept for good). @account: (nullable): NULL adds one. */
GtkWidget *bobbin_account_editor_new        (BobbinLibrary *library, BobbinAccount *account) G_GNUC_WARN_UNUSED_RESULT;
gboolean   bobbin_account_editor_get_is_new (BobbinAccountEditor *self);
/* Asks, naming the account, and then removes everything of it. */
void       bobbin_account_confirm_removal   (GtkWindow *parent, BobbinLibrary *library, BobbinAccount *account);

G_END_DECLS
