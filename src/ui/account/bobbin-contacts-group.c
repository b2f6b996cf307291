#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "account/bobbin-contacts-group.h"

#include "app/bobbin-time-text.h"
#include "model/bobbin-account.h"
#include "session/bobbin-library.h"
#include "transport/bobbin-contacts.h"

#include <glib/gi18n.h>

struct _BobbinContactsGroup
{
  AdwPreferencesGroup parent_instance;
  /* owned */
  BobbinLibrary *library;
  /* borrowed: child */
  GtkListBox    *list;
};

G_DEFINE_FINAL_TYPE (BobbinContactsGroup, bobbin_contacts_group, ADW_TYPE_PREFERENCES_GROUP)

/* The accounts on that host, else nothing: an image on the web, or an account that was removed meanwhile. */
static char *
dup_accounts (BobbinContactsGroup *self,
              const char          *host)
{
  GListModel *accounts = bobbin_library_get_accounts (self->library);
  g_autoptr(GString) names = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(BobbinAccount) account = g_list_model_get_item (accounts, i);
      g_autoptr(GUri) uri = g_uri_parse (bobbin_account_get_base_url (account), G_URI_FLAGS_NONE, NULL);

      if (uri != NULL && g_uri_get_host (uri) != NULL && g_ascii_strcasecmp (g_uri_get_host (uri), host) == 0)
        /* Translators: between the names of accounts in a list */
        g_string_append_printf (names, "%s%s", names->len > 0 ? C_("list", ", ") : "", bobbin_account_get_name (account));
    }

  return g_string_free (g_steal_pointer (&names), FALSE);
}

static void
update_row (BobbinContactsGroup *self,
            AdwActionRow        *row,
            BobbinContact       *contact)
{
  g_autofree char *accounts = dup_accounts (self, bobbin_contact_get_host (contact));
  g_autofree char *clock = bobbin_time_dup_short (bobbin_contact_get_last_us (contact), bobbin_contact_get_last_us (contact));
  g_autofree char *times = NULL;
  g_autofree char *text = NULL;
  g_autofree char *escaped = NULL;
  const char *purpose = *accounts != '\0' ? accounts
                        : bobbin_contact_get_loopback (contact) ? _("On this computer") : _("No account: an image, or a check");

  times = g_strdup_printf (ngettext ("%1$u time, last at %2$s", "%1$u times, last at %2$s", bobbin_contact_get_times (contact)),
                           bobbin_contact_get_times (contact), clock);
  text = g_strdup_printf ("%s\n%s · %s", purpose, times,
                          bobbin_contact_get_loopback (contact) ? _("Does not leave this computer")
                          : bobbin_contact_get_encrypted (contact) ? _("Encrypted") : _("Not encrypted"));
  escaped = g_markup_escape_text (text, -1);
  adw_action_row_set_subtitle (row, escaped);
}

static void
contact_changed_cb (BobbinContact *contact,
                    GParamSpec    *pspec,
                    AdwActionRow  *row)
{
  GtkWidget *group = gtk_widget_get_ancestor (GTK_WIDGET (row), BOBBIN_TYPE_CONTACTS_GROUP);

  if (group != NULL)
    update_row (BOBBIN_CONTACTS_GROUP (group), row, contact);
}

static GtkWidget *
make_row (gpointer item,
          gpointer user_data)
{
  BobbinContact *contact = BOBBIN_CONTACT (item);
  AdwActionRow *row = ADW_ACTION_ROW (adw_action_row_new ());
  g_autofree char *title = g_markup_escape_text (bobbin_contact_get_host (contact), -1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (row, 0);
  adw_action_row_set_subtitle_lines (row, 0);
  g_signal_connect_object (contact, "notify::last-us", G_CALLBACK (contact_changed_cb), row, 0);
  update_row (BOBBIN_CONTACTS_GROUP (user_data), row, contact);

  return GTK_WIDGET (row);
}

void
bobbin_contacts_group_close (BobbinContactsGroup *self)
{
  g_return_if_fail (BOBBIN_IS_CONTACTS_GROUP (self));

  if (self->list != NULL)
    gtk_list_box_bind_model (self->list, NULL, NULL, NULL, NULL);
  self->list = NULL;
  g_clear_object (&self->library);
}

static void
bobbin_contacts_group_dispose (GObject *object)
{
  bobbin_contacts_group_close (BOBBIN_CONTACTS_GROUP (object));

  G_OBJECT_CLASS (bobbin_contacts_group_parent_class)->dispose (object);
}

static void
bobbin_contacts_group_class_init (BobbinContactsGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_contacts_group_dispose;
}

static void
bobbin_contacts_group_init (BobbinContactsGroup *self)
{
  GtkWidget *none = gtk_label_new (_("No host was contacted since Bobbin was started"));

  gtk_widget_add_css_class (none, "dim-label");
  gtk_widget_set_margin_top (none, 18);
  gtk_widget_set_margin_bottom (none, 18);
  gtk_widget_set_margin_start (none, 12);
  gtk_widget_set_margin_end (none, 12);
  gtk_label_set_wrap (GTK_LABEL (none), TRUE);
  gtk_label_set_justify (GTK_LABEL (none), GTK_JUSTIFY_CENTER);

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_list_box_set_placeholder (self->list, none);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "tells-empty");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("What Leaves This Computer"), -1);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _("What Leaves This Computer"));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self),
                                         _("Your messages and files go to the server of their account, and nowhere else. "
                                           "These hosts were contacted since Bobbin was started."));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (self->list));
}

GtkWidget *
bobbin_contacts_group_new (BobbinLibrary *library,
                           GListModel    *contacts)
{
  BobbinContactsGroup *self = g_object_new (BOBBIN_TYPE_CONTACTS_GROUP, NULL);

  self->library = g_object_ref (library);
  gtk_list_box_bind_model (self->list, contacts, make_row, self, NULL);

  return GTK_WIDGET (self);
}
