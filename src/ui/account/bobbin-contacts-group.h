/* The group of the preferences that says what leaves this computer: the hosts contacted since the program was started, and what
 * for. */
#pragma once

#include "bobbin-types.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_CONTACTS_GROUP (bobbin_contacts_group_get_type ())
G_DECLARE_FINAL_TYPE (BobbinContactsGroup, bobbin_contacts_group, BOBBIN, CONTACTS_GROUP, AdwPreferencesGroup)

/* @contacts: of BobbinContact, as bobbin_contacts_get_model() gives it. */
GtkWidget *bobbin_contacts_group_new (BobbinLibrary *library, GListModel *contacts) G_GNUC_WARN_UNUSED_RESULT;
/* For the end of the page it is on: groups of libadwaita 1.2 are not always freed with it. It shows nothing afterwards. */
void       bobbin_contacts_group_close (BobbinContactsGroup *self);

G_END_DECLS
