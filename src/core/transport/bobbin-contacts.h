/* Which hosts this process has contacted, for the person to see. Everything in this folder that opens a connection or asks for
 * an address notes it here, so that nothing can be left out by whoever made the parts: this ledger, like a log, is the
 * process's own, and the one exception to having no state outside of objects. Nothing of it is stored. Main thread only. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_CONTACT (bobbin_contact_get_type ())
G_DECLARE_FINAL_TYPE (BobbinContact, bobbin_contact, BOBBIN, CONTACT, GObject)

/* Properties: "times", "last-us". */
const char *bobbin_contact_get_host      (BobbinContact *self);
gboolean    bobbin_contact_get_encrypted (BobbinContact *self); /* every time */
gboolean    bobbin_contact_get_loopback  (BobbinContact *self); /* this computer, by its name or address */
guint       bobbin_contact_get_times     (BobbinContact *self); /* exchanges begun */
gint64      bobbin_contact_get_last_us   (BobbinContact *self); /* wall clock */

GListModel *bobbin_contacts_get_model    (void); /* of BobbinContact, in the order of their first contact */
/* @uri is of a request that goes out, now. */
void        bobbin_contacts_note         (GUri *uri, gint64 now_us);

G_END_DECLS
