#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "account/bobbin-account-options.h"

#include "app/bobbin-fit.h"
#include "backend/bobbin-backend.h"
#include "session/bobbin-library.h"

#include <glib/gi18n.h>

struct _BobbinAccountOptions
{
  AdwPreferencesGroup parent_instance;

  BobbinService service;
  GPtrArray    *rows;         /* of GtkWidget, borrowed: as the table of the service, in its order */
  GtkWidget    *keep_switch;  /* (nullable) borrowed: on: a deleted conversation goes from the server too */
  GtkWidget    *provider_row; /* (nullable) borrowed */
  GPtrArray    *others;       /* of GtkWidget, borrowed: the rows that are not of the table */
};

G_DEFINE_FINAL_TYPE (BobbinAccountOptions, bobbin_account_options, ADW_TYPE_PREFERENCES_GROUP)

static const BobbinServiceOption *
options_of (BobbinAccountOptions *self)
{
  return bobbin_registry_get_options (self->service);
}

/* What the row of @option says now. Returns: (transfer full) (nullable): NULL where nothing is chosen */
static char *
dup_value (const BobbinServiceOption *option,
           GtkWidget                 *row)
{
  GtkWidget *toggle;
  guint selected;
  char *text;

  switch (option->type)
    {
    case BOBBIN_OPTION_CHOICE:
      selected = adw_combo_row_get_selected (ADW_COMBO_ROW (row));
      return selected > 0 && selected < G_N_ELEMENTS (option->choices) ? g_strdup (option->choices[selected]) : NULL;
    case BOBBIN_OPTION_SWITCH:
      toggle = adw_action_row_get_activatable_widget (ADW_ACTION_ROW (row));
      return gtk_switch_get_active (GTK_SWITCH (toggle)) ? g_strdup ("yes") : NULL;
    case BOBBIN_OPTION_TEXT:
    default:
      text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
      if (*text == '\0')
        g_clear_pointer (&text, g_free);
      return text;
    }
}

/* The value of the option of @key, the first choice where nothing is chosen. */
static char *
dup_value_of (BobbinAccountOptions *self,
              const char           *key)
{
  const BobbinServiceOption *options = options_of (self);

  for (guint i = 0; options[i].key != NULL && i < self->rows->len; i++)
    if (g_str_equal (options[i].key, key))
      {
        char *value = dup_value (&options[i], self->rows->pdata[i]);

        return value == NULL && options[i].type == BOBBIN_OPTION_CHOICE ? g_strdup (options[i].choices[0]) : value;
      }

  return NULL;
}

static void
update_shown (BobbinAccountOptions *self)
{
  const BobbinServiceOption *options = options_of (self);

  for (guint i = 0; options[i].key != NULL && i < self->rows->len; i++)
    if (options[i].needs_key != NULL)
      {
        g_autofree char *value = dup_value_of (self, options[i].needs_key);

        gtk_widget_set_visible (self->rows->pdata[i], g_strcmp0 (value, options[i].needs_value) == 0);
      }
}

static GtkWidget *
make_choice (BobbinAccountOptions      *self,
             const BobbinServiceOption *option,
             const char                *value)
{
  g_autoptr(GtkStringList) labels = gtk_string_list_new (NULL);
  GtkWidget *row = adw_combo_row_new ();
  guint selected = 0;

  for (guint i = 0; option->choices[i] != NULL; i++)
    {
      gtk_string_list_append (labels, _(option->labels[i]));
      if (g_strcmp0 (option->choices[i], value) == 0)
        selected = i;
    }
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (labels));
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), selected);
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (update_shown), self, G_CONNECT_SWAPPED);

  return row;
}

static GtkWidget *
make_switch (const char *title,
             const char *subtitle,
             gboolean    active)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *toggle = gtk_switch_new ();

  gtk_switch_set_active (GTK_SWITCH (toggle), active);
  gtk_widget_set_valign (toggle, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), toggle);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), toggle);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (subtitle != NULL)
    {
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
      adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
    }

  return row;
}

static GtkWidget *
make_row (BobbinAccountOptions      *self,
          const BobbinServiceOption *option,
          const char                *value)
{
  const char *hint = option->hint != NULL ? _(option->hint) : NULL;
  GtkWidget *row;

  switch (option->type)
    {
    case BOBBIN_OPTION_SWITCH:
      return make_switch (_(option->label), hint, g_strcmp0 (value, "yes") == 0);
    case BOBBIN_OPTION_CHOICE:
      row = make_choice (self, option, value);
      if (hint != NULL)
        {
          adw_action_row_set_subtitle (ADW_ACTION_ROW (row), hint);
          adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
        }
      break;
    case BOBBIN_OPTION_TEXT:
    default:
      row = adw_entry_row_new ();
      gtk_editable_set_text (GTK_EDITABLE (row), value != NULL ? value : "");
      gtk_widget_set_tooltip_text (row, hint);
      break;
    }
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _(option->label));

  return row;
}

static void
add_other (BobbinAccountOptions *self,
           GtkWidget            *row)
{
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
  g_ptr_array_add (self->others, row);
}

static void
remove_rows (BobbinAccountOptions *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), self->rows->pdata[i]);
  for (guint i = 0; i < self->others->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), self->others->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  g_ptr_array_set_size (self->others, 0);
  self->keep_switch = NULL;
  self->provider_row = NULL;
}

static void
add_provider_row (BobbinAccountOptions *self,
                  BobbinAccount        *account)
{
  self->provider_row = adw_password_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->provider_row),
                                 account != NULL ? _("New Provider Key") : _("Provider Key (if needed)"));
  bobbin_fit_names (self->provider_row);
  add_other (self, self->provider_row);
}

static void
add_keep_row (BobbinAccountOptions *self,
              BobbinAccount        *account)
{
  g_autofree char *keep = account != NULL ? bobbin_account_dup_option (account, BOBBIN_OPTION_KEEP_ON_SERVER) : NULL;
  GtkWidget *row = make_switch (_("Delete Conversations on the Server Too"),
                                _("Otherwise a deleted conversation is only forgotten on this computer."), g_strcmp0 (keep, "yes") != 0);

  self->keep_switch = adw_action_row_get_activatable_widget (ADW_ACTION_ROW (row));
  add_other (self, row);
}

void
bobbin_account_options_set_service (BobbinAccountOptions *self,
                                    BobbinService         service,
                                    BobbinAccount        *account)
{
  BobbinCapabilities can = bobbin_registry_get_capabilities (service);
  const BobbinServiceOption *options;

  remove_rows (self);
  self->service = service;
  options = options_of (self);
  for (guint i = 0; options[i].key != NULL; i++)
    {
      g_autofree char *value = account != NULL ? bobbin_account_dup_option (account, options[i].key) : NULL;
      GtkWidget *row = make_row (self, &options[i], value);

      adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
      g_ptr_array_add (self->rows, row);
    }
  if (can & BOBBIN_CAN_USE_PROVIDER_KEY)
    add_provider_row (self, account);
  if (can & BOBBIN_CAN_DELETE_THREAD)
    add_keep_row (self, account);

  update_shown (self);
  gtk_widget_set_visible (GTK_WIDGET (self), self->rows->len + self->others->len > 0);
}

void
bobbin_account_options_apply (BobbinAccountOptions *self,
                              BobbinAccount        *account)
{
  const BobbinServiceOption *options = options_of (self);

  for (guint i = 0; options[i].key != NULL && i < self->rows->len; i++)
    {
      g_autofree char *value = dup_value (&options[i], self->rows->pdata[i]);

      bobbin_account_set_option (account, options[i].key, value);
    }
  if (self->keep_switch != NULL)
    bobbin_account_set_option (account, BOBBIN_OPTION_KEEP_ON_SERVER,
                               gtk_switch_get_active (GTK_SWITCH (self->keep_switch)) ? NULL : "yes");
}

const char *
bobbin_account_options_get_provider_key (BobbinAccountOptions *self)
{
  const char *text = self->provider_row != NULL ? gtk_editable_get_text (GTK_EDITABLE (self->provider_row)) : "";

  return *text != '\0' ? text : NULL;
}

static void
bobbin_account_options_dispose (GObject *object)
{
  BobbinAccountOptions *self = BOBBIN_ACCOUNT_OPTIONS (object);

  g_ptr_array_set_size (self->rows, 0);
  g_ptr_array_set_size (self->others, 0);
  self->keep_switch = NULL;
  self->provider_row = NULL;

  G_OBJECT_CLASS (bobbin_account_options_parent_class)->dispose (object);
}

static void
bobbin_account_options_finalize (GObject *object)
{
  BobbinAccountOptions *self = BOBBIN_ACCOUNT_OPTIONS (object);

  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->others);

  G_OBJECT_CLASS (bobbin_account_options_parent_class)->finalize (object);
}

static void
bobbin_account_options_class_init (BobbinAccountOptionsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_account_options_dispose;
  G_OBJECT_CLASS (klass)->finalize = bobbin_account_options_finalize;
}

static void
bobbin_account_options_init (BobbinAccountOptions *self)
{
  self->rows = g_ptr_array_new ();
  self->others = g_ptr_array_new ();
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
bobbin_account_options_new (void)
{
  return g_object_new (BOBBIN_TYPE_ACCOUNT_OPTIONS, NULL);
}
