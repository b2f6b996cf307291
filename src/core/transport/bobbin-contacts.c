#define G_LOG_DOMAIN "bobbin-transport"
#include "config.h"
#include "transport/bobbin-contacts.h"

#include "transport/bobbin-address.h"

#define MAX_HOSTS 1000 /* a runaway page of images must not fill the memory; what comes after is counted for the last */

struct _BobbinContact
{
  GObject  parent_instance;
  char    *host;
  gboolean encrypted;
  gboolean loopback;
  guint    times;
  gint64   last_us;
};

G_DEFINE_FINAL_TYPE (BobbinContact, bobbin_contact, G_TYPE_OBJECT)

enum { PROP_TIMES = 1, PROP_LAST_US, N_PROPS };

static GParamSpec *props[N_PROPS];

static void
bobbin_contact_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  BobbinContact *self = BOBBIN_CONTACT (object);

  switch (prop_id)
    {
    case PROP_TIMES:
      g_value_set_uint (value, self->times);
      break;
    case PROP_LAST_US:
      g_value_set_int64 (value, self->last_us);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_contact_finalize (GObject *object)
{
  g_free (BOBBIN_CONTACT (object)->host);

  G_OBJECT_CLASS (bobbin_contact_parent_class)->finalize (object);
}

static void
bobbin_contact_class_init (BobbinContactClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = bobbin_contact_get_property;
  object_class->finalize = bobbin_contact_finalize;
  props[PROP_TIMES] = g_param_spec_uint ("times", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_LAST_US] = g_param_spec_int64 ("last-us", NULL, NULL, 0, G_MAXINT64, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
bobbin_contact_init (BobbinContact *self)
{
  self->encrypted = TRUE;
}

static GListStore *
get_store (void)
{
  static GListStore *store = NULL;

  if (store == NULL)
    store = g_list_store_new (BOBBIN_TYPE_CONTACT);

  return store;
}

GListModel *
bobbin_contacts_get_model (void)
{
  return G_LIST_MODEL (get_store ());
}

static BobbinContact *
ensure_contact (const char *host)
{
  GListStore *store = get_store ();
  guint n = g_list_model_get_n_items (G_LIST_MODEL (store));
  g_autoptr(BobbinContact) contact = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(BobbinContact) known = g_list_model_get_item (G_LIST_MODEL (store), i);

      if (g_str_equal (known->host, host) || i + 1 == MAX_HOSTS)
        return known; /* the list keeps its reference */
    }

  contact = g_object_new (BOBBIN_TYPE_CONTACT, NULL);
  contact->host = g_strdup (host);
  contact->loopback = bobbin_address_is_loopback (host);
  g_list_store_append (store, contact);

  return contact;
}

void
bobbin_contacts_note (GUri   *uri,
                      gint64  now_us)
{
  g_autofree char *host = NULL;
  BobbinContact *contact;

  if (uri == NULL || g_uri_get_host (uri) == NULL)
    return;

  host = g_ascii_strdown (g_uri_get_host (uri), -1);
  contact = ensure_contact (host);
  if (!g_str_equal (g_uri_get_scheme (uri), "https") && !g_str_equal (g_uri_get_scheme (uri), "wss"))
    contact->encrypted = FALSE;
  contact->times++;
  contact->last_us = now_us;
  g_object_notify_by_pspec (G_OBJECT (contact), props[PROP_TIMES]);
  g_object_notify_by_pspec (G_OBJECT (contact), props[PROP_LAST_US]);
}

const char *
bobbin_contact_get_host (BobbinContact *self)
{
  g_return_val_if_fail (BOBBIN_IS_CONTACT (self), NULL);

  return self->host;
}

gboolean
bobbin_contact_get_encrypted (BobbinContact *self)
{
  g_return_val_if_fail (BOBBIN_IS_CONTACT (self), FALSE);

  return self->encrypted;
}

gboolean
bobbin_contact_get_loopback (BobbinContact *self)
{
  g_return_val_if_fail (BOBBIN_IS_CONTACT (self), FALSE);

  return self->loopback;
}

guint
bobbin_contact_get_times (BobbinContact *self)
{
  g_return_val_if_fail (BOBBIN_IS_CONTACT (self), 0);

  return self->times;
}

gint64
bobbin_contact_get_last_us (BobbinContact *self)
{
  g_return_val_if_fail (BOBBIN_IS_CONTACT (self), 0);

  return self->last_us;
}
