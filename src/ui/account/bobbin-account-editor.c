#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "account/bobbin-account-editor.h"

#include "account/bobbin-account-editor-private.h"
#include "account/bobbin-service-fields.h"
#include "app/bobbin-failure-text.h"
#include "app/bobbin-fit.h"
#include "secret/bobbin-secrets.h"

#include <glib/gi18n.h>

G_DEFINE_FINAL_TYPE (BobbinAccountEditor, bobbin_account_editor, ADW_TYPE_WINDOW)

enum
{
  SAVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *
text_of (GtkWidget *row)
{
  return gtk_editable_get_text (GTK_EDITABLE (row));
}

static char *
dup_stripped (GtkWidget *row)
{
  return g_strstrip (g_strdup (text_of (row)));
}

BobbinService
_bobbin_account_editor_get_service (BobbinAccountEditor *self)
{
  guint selected;

  if (self->account != NULL)
    return bobbin_account_get_service (self->account);

  selected = adw_combo_row_get_selected (self->service_row);

  return selected < self->n_services ? self->services[selected] : BOBBIN_SERVICE_NEBELUS;
}

char *
_bobbin_account_editor_dup_url (BobbinAccountEditor *self,
                                GError             **error)
{
  return bobbin_registry_normalize_url (_bobbin_account_editor_get_service (self), text_of (self->url_row),
                                        gtk_switch_get_active (self->plain_switch), error);
}

static gboolean
name_is_taken (BobbinAccountEditor *self,
               const char          *name)
{
  BobbinAccount *other = bobbin_library_find_account_by_name (self->library, name);

  return other != NULL && other != self->account;
}

static void
set_problem (BobbinAccountEditor *self,
             GtkWidget           *row,
             const char          *problem)
{
  GtkWidget *rows[] = { self->name_row, self->url_row };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gboolean wrong = problem != NULL && rows[i] == row;

      if (wrong)
        gtk_widget_add_css_class (rows[i], "error");
      else
        gtk_widget_remove_css_class (rows[i], "error");
      gtk_accessible_update_state (GTK_ACCESSIBLE (rows[i]), GTK_ACCESSIBLE_STATE_INVALID,
                                   wrong ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
    }

  gtk_label_set_text (self->problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), problem != NULL);
}

/* Checks what can be checked without a network, while it is typed. */
static void
validate (BobbinAccountEditor *self)
{
  const BobbinServiceFields *fields = bobbin_service_fields_get (_bobbin_account_editor_get_service (self));
  g_autofree char *name = dup_stripped (self->name_row);
  g_autofree char *url = NULL;
  g_autofree char *typed = dup_stripped (self->url_row);
  g_autoptr(GError) error = NULL;
  gboolean url_ok = TRUE;

  if (self->filling)
    return;

  set_problem (self, NULL, NULL);
  if (fields->url)
    {
      url = _bobbin_account_editor_dup_url (self, &error);
      url_ok = url != NULL;
      /* An empty field is not wrong yet, only not done. */
      if (!url_ok && *typed != '\0')
        {
          g_autofree char *problem = bobbin_service_fields_dup_url_problem (error);

          set_problem (self, self->url_row, problem);
        }
    }
  if (name_is_taken (self, name))
    set_problem (self, self->name_row, _("There is already an account with this name."));

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "editor.save",
                                 !self->saving && url_ok && *name != '\0' && !name_is_taken (self, name));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "editor.check", url_ok && self->check == NULL);
}

void
_bobbin_account_editor_update_pin (BobbinAccountEditor *self)
{
  BobbinService service = _bobbin_account_editor_get_service (self);
  gboolean can_allow_plain = (bobbin_registry_get_capabilities (service) & BOBBIN_CAN_ALLOW_PLAIN) != 0;

  /* A group without a row is a line across the page. */
  gtk_widget_set_visible (self->connection_group,
                          bobbin_service_fields_get (service)->transport || can_allow_plain || self->pinned != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->pin_row), self->pinned != NULL);
  if (self->pinned != NULL)
    adw_action_row_set_subtitle (self->pin_row, self->pinned);
}

/* The list button comes and goes as a whole: the row keeps room for a suffix that is only hidden. */
static void
show_agent_button (BobbinAccountEditor *self,
                   gboolean             shown)
{
  GtkWidget *button = GTK_WIDGET (self->agent_button);

  if (shown == (gtk_widget_get_parent (button) != NULL))
    return;
  if (shown)
    adw_entry_row_add_suffix (ADW_ENTRY_ROW (self->agent_row), button);
  else
    adw_entry_row_remove (ADW_ENTRY_ROW (self->agent_row), button);
}

/* A key that is kept is never shown; what is typed replaces it. */
static const char *
key_title (BobbinAccountEditor *self,
           BobbinCapabilities   can)
{
  if (self->account != NULL && !bobbin_account_get_needs_key (self->account))
    return _("New Key");

  return can & BOBBIN_CAN_WORK_KEYLESS ? _("Key (if needed)") : _("Key");
}

static void
show_fields (BobbinAccountEditor *self)
{
  BobbinService service = _bobbin_account_editor_get_service (self);
  const BobbinServiceFields *fields = bobbin_service_fields_get (service);
  BobbinCapabilities can = bobbin_registry_get_capabilities (service);

  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self->service_group), _(fields->summary));
  gtk_widget_set_visible (self->url_row, fields->url);
  gtk_widget_set_visible (self->key_row, fields->key);
  gtk_widget_set_visible (self->agent_row, fields->agent);
  gtk_widget_set_tooltip_text (self->agent_row, fields->agent_hint != NULL ? _(fields->agent_hint) : NULL);
  show_agent_button (self, (can & BOBBIN_CAN_LIST_AGENTS) != 0);
  gtk_widget_set_visible (GTK_WIDGET (self->transport_row), fields->transport);
  gtk_widget_set_visible (self->plain_row, (can & BOBBIN_CAN_ALLOW_PLAIN) != 0);
  _bobbin_account_editor_update_pin (self);
  gtk_widget_set_visible (self->check_group, fields->url);
  bobbin_account_options_set_service (BOBBIN_ACCOUNT_OPTIONS (self->options_group), service, self->account);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->key_row), key_title (self, can));
}

static void
service_changed_cb (BobbinAccountEditor *self)
{
  BobbinService service = _bobbin_account_editor_get_service (self);
  const char *url = bobbin_registry_get_default_url (service);

  if (self->account != NULL)
    return;

  self->filling = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->url_row), url != NULL ? url : "");
  if (!self->name_typed)
    {
      g_autofree char *name = bobbin_service_fields_dup_name (service, bobbin_library_get_accounts (self->library));

      gtk_editable_set_text (GTK_EDITABLE (self->name_row), name);
    }
  self->filling = FALSE;

  show_fields (self);
  validate (self);
}

static void
name_changed_cb (BobbinAccountEditor *self)
{
  if (!self->filling)
    self->name_typed = TRUE;
  validate (self);
}

void
_bobbin_account_editor_apply (BobbinAccountEditor *self,
                              BobbinAccount       *account)
{
  const BobbinServiceFields *fields = bobbin_service_fields_get (_bobbin_account_editor_get_service (self));
  g_autofree char *name = dup_stripped (self->name_row);
  g_autofree char *agent = dup_stripped (self->agent_row);
  g_autofree char *url = fields->url ? _bobbin_account_editor_dup_url (self, NULL) : NULL;

  bobbin_account_set_name (account, name);
  if (url != NULL)
    bobbin_account_set_base_url (account, url);
  if (fields->agent)
    bobbin_account_set_agent_id (account, *agent != '\0' ? agent : NULL);
  if (fields->transport)
    bobbin_account_set_transport (account, (BobbinTransport) adw_combo_row_get_selected (self->transport_row));
  bobbin_account_set_allow_plain (account, gtk_switch_get_active (self->plain_switch));
  bobbin_account_set_pinned_certificate (account, self->pinned);
  bobbin_account_options_apply (BOBBIN_ACCOUNT_OPTIONS (self->options_group), account);
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BobbinAccountEditor) self = BOBBIN_ACCOUNT_EDITOR (user_data);
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;
  gboolean ok = bobbin_library_save_account_finish (BOBBIN_LIBRARY (source), result, &error);

  self->saving = FALSE;
  /* Where there is no keyring at all the window has a bar that says so. */
  if (g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_SECRET)
      && bobbin_secrets_get_status (bobbin_library_get_secrets (self->library)) == BOBBIN_SECRETS_MEMORY)
    sentence = NULL;
  else if (g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_SECRET))
    sentence = g_strdup (_("The keyring did not take the key, so it is kept only until Bobbin quits."));
  else if (!ok)
    sentence = bobbin_error_dup_sentence (error);

  if (ok || g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_SECRET))
    {
      const char *provider_key = bobbin_account_options_get_provider_key (BOBBIN_ACCOUNT_OPTIONS (self->options_group));

      if (provider_key != NULL)
        bobbin_library_keep_provider_key (BOBBIN_LIBRARY (source), self->account, provider_key);
      g_signal_emit (self, signals[SAVED], 0, self->account, sentence);
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }

  validate (self);
  adw_toast_overlay_add_toast (self->toasts, bobbin_fit_toast (sentence));
}

static void
save_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  BobbinAccountEditor *self = BOBBIN_ACCOUNT_EDITOR (widget);
  g_autoptr(BobbinAccount) account = NULL;
  char *key = dup_stripped (self->key_row);

  self->saving = TRUE;
  gtk_widget_action_set_enabled (widget, "editor.save", FALSE);
  _bobbin_account_editor_stop_check (self);

  account = self->account != NULL ? g_object_ref (self->account)
                                  : bobbin_account_new (0, _bobbin_account_editor_get_service (self), "", "");
  if (self->account == NULL)
    bobbin_account_set_position (account, (int) g_list_model_get_n_items (bobbin_library_get_accounts (self->library)));
  _bobbin_account_editor_apply (self, account);
  g_set_object (&self->account, account);

  bobbin_library_save_account_async (self->library, account, *key != '\0' ? key : NULL, self->cancellable,
                                     saved_cb, g_object_ref (self));
  bobbin_secret_free (key);
}

static void
pasted_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BobbinAccountEditor) self = BOBBIN_ACCOUNT_EDITOR (user_data);
  char *key = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);

  if (key == NULL)
    return;

  g_strstrip (key);
  if (self->key_row != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->key_row), key);
  bobbin_secret_free (key);
}

static void
paste_key_cb (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (widget), BOBBIN_ACCOUNT_EDITOR (widget)->cancellable,
                                 pasted_cb, g_object_ref (widget));
}

static void
removed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!bobbin_library_remove_account_finish (BOBBIN_LIBRARY (source), result, &error))
    g_warning ("An account was not removed completely: %s", error->message);
}

typedef struct
{
  BobbinLibrary *library;
  BobbinAccount *account;
} Removal;

static void
removal_free (gpointer  data,
              GClosure *closure)
{
  Removal *removal = data;

  g_object_unref (removal->library);
  g_object_unref (removal->account);
  g_free (removal);
}

static void
removal_response_cb (AdwMessageDialog *dialog,
                     const char       *response,
                     Removal          *removal)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (dialog));

  if (!g_str_equal (response, "remove"))
    return;

  bobbin_library_remove_account_async (removal->library, removal->account, NULL, removed_cb, NULL);
  if (!BOBBIN_IS_ACCOUNT_EDITOR (parent))
    return;

  /* GTK 4.8 forgets to take a parent that goes first out of a dialog that is still answering, and looks at it later. */
  gtk_window_set_transient_for (GTK_WINDOW (dialog), NULL);
  gtk_window_close (parent);
}

void
bobbin_account_confirm_removal (GtkWindow     *parent,
                                BobbinLibrary *library,
                                BobbinAccount *account)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (bobbin_fit_dialog (parent, NULL, NULL));
  Removal *removal = g_new0 (Removal, 1);

  removal->library = g_object_ref (library);
  removal->account = g_object_ref (account);

  /* Translators: %s is the name of an account. */
  adw_message_dialog_format_heading (dialog, _("Remove “%s”?"), bobbin_account_get_name (account));
  adw_message_dialog_set_body (dialog, _("Its key, conversations, drafts and files are deleted from this computer and "
                                         "cannot be brought back. What the service itself keeps stays there."));
  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), "remove", _("_Remove"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "remove", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (removal_response_cb), removal, removal_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
remove_cb (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  BobbinAccountEditor *self = BOBBIN_ACCOUNT_EDITOR (widget);

  bobbin_account_confirm_removal (GTK_WINDOW (self), self->library, self->account);
}

static void
fill_services (BobbinAccountEditor *self)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);

  if (self->account != NULL)
    {
      self->n_services = 1;
      self->services[0] = bobbin_account_get_service (self->account);
    }
  else
    self->n_services = bobbin_service_fields_list (self->services);

  for (guint i = 0; i < self->n_services; i++)
    gtk_string_list_append (names, bobbin_service_get_label (self->services[i]));

  adw_combo_row_set_model (self->service_row, G_LIST_MODEL (names));
  /* One choice is none. */
  gtk_widget_set_sensitive (GTK_WIDGET (self->service_row), self->n_services > 1);
}

static void
fill (BobbinAccountEditor *self)
{
  BobbinAccount *account = self->account;

  self->filling = TRUE;
  fill_services (self);
  if (account != NULL)
    {
      gtk_editable_set_text (GTK_EDITABLE (self->name_row), bobbin_account_get_name (account));
      gtk_editable_set_text (GTK_EDITABLE (self->url_row), bobbin_account_get_base_url (account));
      if (bobbin_account_get_agent_id (account) != NULL)
        gtk_editable_set_text (GTK_EDITABLE (self->agent_row), bobbin_account_get_agent_id (account));
      adw_combo_row_set_selected (self->transport_row, bobbin_account_get_transport (account));
      gtk_switch_set_active (self->plain_switch, bobbin_account_get_allow_plain (account));
      self->pinned = g_strdup (bobbin_account_get_pinned_certificate (account));
      gtk_button_set_label (self->save_button, _("_Save"));
      gtk_widget_set_visible (self->remove_group, TRUE);
    }
  self->filling = FALSE;

  gtk_window_set_title (GTK_WINDOW (self), account != NULL ? _("Edit Account") : _("Add Account"));
  adw_window_title_set_title (self->title, gtk_window_get_title (GTK_WINDOW (self)));
  if (account == NULL)
    service_changed_cb (self);
  else
    {
      show_fields (self);
      validate (self);
    }
  gtk_widget_grab_focus (account != NULL && bobbin_account_get_needs_key (account) ? self->key_row
                         : account == NULL && self->n_services > 1 ? GTK_WIDGET (self->service_row) : self->name_row);
}

static void
bobbin_account_editor_dispose (GObject *object)
{
  BobbinAccountEditor *self = BOBBIN_ACCOUNT_EDITOR (object);

  g_cancellable_cancel (self->cancellable);
  _bobbin_account_editor_stop_check (self);
  self->filling = TRUE; /* nothing is checked while the fields go */
  gtk_widget_dispose_template (GTK_WIDGET (self), BOBBIN_TYPE_ACCOUNT_EDITOR);
  self->doctor_view = NULL;
  g_clear_object (&self->doctor);
  g_clear_object (&self->account);
  g_clear_object (&self->library);

  G_OBJECT_CLASS (bobbin_account_editor_parent_class)->dispose (object);
}

static void
bobbin_account_editor_finalize (GObject *object)
{
  BobbinAccountEditor *self = BOBBIN_ACCOUNT_EDITOR (object);

  g_clear_object (&self->cancellable);
  g_free (self->pinned);
  g_free (self->offered);

  G_OBJECT_CLASS (bobbin_account_editor_parent_class)->finalize (object);
}

static void
bobbin_account_editor_class_init (BobbinAccountEditorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bobbin_account_editor_dispose;
  object_class->finalize = bobbin_account_editor_finalize;

  signals[SAVED] = g_signal_new ("saved", BOBBIN_TYPE_ACCOUNT_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 2, BOBBIN_TYPE_ACCOUNT, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_APP_PATH "/ui/bobbin-account-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinAccountEditor, toasts);
  gtk_widget_class_bind_template_child (widget_class, BobbinAccountEditor, save_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinAccountEditor, service_group);
  gtk_widget_class_bind_template_child (widget_class, BobbinAccountEditor, service_row);
  gtk_widget_class_bind_template_child (widget_class, BobbinAccountEditor, name_row);
  gtk_widget_class_bind_template_child (widget_class, BobbinAccountEditor, url_row);
  gtk_widget_class_bind_template_child (widget_class, BobbinAccountEditor, key_row);
  gtk_widget_class_bind_template_child (widget_class, BobbinAccountEditor, agent_row);
  gtk_widget_class_bind_template_child (widget_class, BobbinAccountEditor, agent_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinAccountEditor, problem);
  gtk_widget_class_bind_template_child (widget_class, BobbinAccountEditor, connection_group);
  gtk_widget_class_bind_template_child (widget_class, BobbinAccountEditor, transport_row);
  gtk_widget_class_bind_template_child (widget_class, BobbinAccountEditor, options_group);
  gtk_widget_class_bind_template_child (widget_class, BobbinAccountEditor, plain_row);
  gtk_widget_class_bind_template_child (widget_class, BobbinAccountEditor, plain_switch);
  gtk_widget_class_bind_template_child (widget_class, BobbinAccountEditor, pin_row);
  gtk_widget_class_bind_template_child (widget_class, BobbinAccountEditor, check_group);
  gtk_widget_class_bind_template_child (widget_class, BobbinAccountEditor, check_box);
  gtk_widget_class_bind_template_child (widget_class, BobbinAccountEditor, title);
  gtk_widget_class_bind_template_child (widget_class, BobbinAccountEditor, remove_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinAccountEditor, check_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinAccountEditor, pin_button);
  gtk_widget_class_bind_template_child (widget_class, BobbinAccountEditor, remove_group);

  gtk_widget_class_install_action (widget_class, "editor.save", NULL, save_cb);
  gtk_widget_class_install_action (widget_class, "editor.paste-key", NULL, paste_key_cb);
  gtk_widget_class_install_action (widget_class, "editor.remove", NULL, remove_cb);
  _bobbin_account_editor_class_init_check (widget_class);
}

static void
bobbin_account_editor_init (BobbinAccountEditor *self)
{
  self->cancellable = g_cancellable_new ();
  g_type_ensure (BOBBIN_TYPE_ACCOUNT_OPTIONS);
  gtk_widget_init_template (GTK_WIDGET (self));
  bobbin_fit_title (self->title);
  bobbin_fit_button (self->check_button);
  bobbin_fit_button (GTK_BUTTON (self->pin_button));
  bobbin_fit_button (self->remove_button);
  bobbin_fit_names (self->key_row);

  g_signal_connect_swapped (self->service_row, "notify::selected", G_CALLBACK (service_changed_cb), self);
  g_signal_connect_swapped (self->name_row, "changed", G_CALLBACK (name_changed_cb), self);
  g_signal_connect_swapped (self->url_row, "changed", G_CALLBACK (validate), self);
  g_signal_connect_swapped (self->plain_switch, "notify::active", G_CALLBACK (validate), self);
  _bobbin_account_editor_init_check (self);
}

GtkWidget *
bobbin_account_editor_new (BobbinLibrary *library,
                           BobbinAccount *account)
{
  BobbinAccountEditor *self = g_object_new (BOBBIN_TYPE_ACCOUNT_EDITOR, NULL);

  self->library = g_object_ref (library);
  g_set_object (&self->account, account);
  fill (self);

  return GTK_WIDGET (self);
}

gboolean
bobbin_account_editor_get_is_new (BobbinAccountEditor *self)
{
  g_return_val_if_fail (BOBBIN_IS_ACCOUNT_EDITOR (self), FALSE);

  return !gtk_widget_get_visible (self->remove_group);
}
