#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "account/bobbin-account-editor-private.h"

#include "account/bobbin-doctor-view.h"
#include "app/bobbin-failure-text.h"
#include "app/bobbin-fit.h"
#include "backend/bobbin-abilities.h"
#include "model/bobbin-agent.h"
#include "secret/bobbin-secrets.h"

#include <glib/gi18n.h>

/* Above the check when it is scrolled into view, in pixels. */
#define CHECK_MARGIN 12

/* An account as typed, with a backend for it, which the library does not know. */
static BobbinBackend *
make_backend (BobbinAccountEditor *self,
              BobbinAccount      **ret_account)
{
  g_autoptr(BobbinAccount) account = bobbin_account_new (0, _bobbin_account_editor_get_service (self), "", "");
  BobbinBackend *backend;

  if (self->account != NULL)
    bobbin_account_set_options (account, bobbin_account_get_options (self->account));
  _bobbin_account_editor_apply (self, account);

  backend = bobbin_registry_create (account, bobbin_library_get_clock (self->library));
  *ret_account = g_steal_pointer (&account);

  return backend;
}

static void
update_after_check (BobbinAccountEditor *self)
{
  const BobbinDoctorStep *tls = bobbin_doctor_get_step (self->doctor, BOBBIN_CHECK_TLS);

  g_clear_pointer (&self->offered, g_free);
  self->offered = g_strdup (tls->state == BOBBIN_STEP_FAILED ? tls->fingerprint : NULL);
  gtk_widget_set_visible (self->pin_button, self->offered != NULL);
  gtk_widget_set_visible (self->copy_button, TRUE);
}

static void
show_verdict (BobbinAccountEditor *self,
              const char          *text,
              const char          *css_class)
{
  static const char *const classes[] = { "dim-label", "success", "error" };

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->verdict), classes[i]);
  gtk_widget_add_css_class (GTK_WIDGET (self->verdict), css_class);
  gtk_label_set_label (self->verdict, text);
}

static void
scroll_to (GtkWidget     *widget,
           GtkWidget     *page,
           GtkAdjustment *adjustment)
{
  double value = gtk_adjustment_get_value (adjustment);
  graphene_rect_t place;

  if (gtk_widget_compute_bounds (widget, page, &place))
    gtk_adjustment_clamp_page (adjustment, value + place.origin.y - CHECK_MARGIN,
                               value + place.origin.y + place.size.height + CHECK_MARGIN);
}

/* All of the check if there is room for it, else its beginning; above all what failed. */
static gboolean
follow_cb (GtkWidget     *widget,
           GdkFrameClock *clock,
           gpointer       user_data)
{
  BobbinAccountEditor *self = user_data;
  GtkWidget *page = gtk_widget_get_ancestor (widget, GTK_TYPE_VIEWPORT);
  GtkWidget *failed = bobbin_doctor_view_get_failed (BOBBIN_DOCTOR_VIEW (self->doctor_view));

  if (--self->follow_frames > 0)
    return G_SOURCE_CONTINUE;

  if (page != NULL)
    {
      GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (page));

      scroll_to (widget, page, adjustment);
      if (failed != NULL)
        scroll_to (failed, page, adjustment);
    }

  return G_SOURCE_REMOVE;
}

/* Once everything has its place: what is scrolled while that is given is forgotten by the page. */
static void
follow (BobbinAccountEditor *self)
{
  if (self->follow_frames == 0)
    gtk_widget_add_tick_callback (GTK_WIDGET (self->check_box), follow_cb, self, NULL);
  self->follow_frames = 2;
}

/* What the check found is below what was typed, mostly out of sight: the page follows it while it grows. */
static void
grown_cb (GtkAdjustment       *adjustment,
          GParamSpec          *pspec,
          BobbinAccountEditor *self)
{
  if (self->check != NULL)
    follow (self);
}

static void
make_doctor_view (BobbinAccountEditor *self)
{
  GtkWidget *scrolled = gtk_widget_get_ancestor (GTK_WIDGET (self->check_box), GTK_TYPE_SCROLLED_WINDOW);

  self->verdict = g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_STATUS, "wrap", TRUE,
                                "justify", GTK_JUSTIFY_CENTER, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->verdict), "heading");
  gtk_box_append (self->check_box, GTK_WIDGET (self->verdict));
  self->doctor_view = bobbin_doctor_view_new ();
  gtk_box_append (self->check_box, self->doctor_view);
  self->copy_button = gtk_button_new_with_mnemonic (_("Copy _Report"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->copy_button), "editor.copy-report");
  gtk_widget_set_halign (self->copy_button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->copy_button, "flat");
  gtk_box_append (self->check_box, self->copy_button);
  if (scrolled != NULL)
    g_signal_connect_object (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled)), "notify::upper",
                             G_CALLBACK (grown_cb), self, G_CONNECT_AFTER);
}

static void
checked_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BobbinAccountEditor) self = BOBBIN_ACCOUNT_EDITOR (user_data);
  g_autoptr(GError) error = NULL;
  gboolean ok = bobbin_doctor_run_finish (BOBBIN_DOCTOR (source), result, &error);

  /* Another check, or the end of the window, came first. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->doctor != BOBBIN_DOCTOR (source))
    return;

  g_clear_object (&self->check);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "editor.check", TRUE);
  update_after_check (self);
  show_verdict (self, ok ? _("The connection works") : _("The connection does not work yet"), ok ? "success" : "error");
  follow (self);
}

static void
run_doctor (BobbinAccountEditor *self,
            BobbinAccount       *account,
            BobbinBackend       *backend)
{
  g_clear_object (&self->doctor);
  self->doctor = bobbin_doctor_new (account, backend, bobbin_library_get_clock (self->library));

  if (self->doctor_view == NULL)
    make_doctor_view (self);
  show_verdict (self, _("Checking the connection…"), "dim-label");
  gtk_widget_set_visible (self->copy_button, FALSE);
  bobbin_doctor_view_set_doctor (BOBBIN_DOCTOR_VIEW (self->doctor_view), self->doctor);
  bobbin_doctor_run_async (self->doctor, self->check, checked_cb, g_object_ref (self));
}

/* What runs once the key is there: the key typed, or the one that is kept. */
typedef void (*KeyedFunc) (BobbinAccountEditor *self, BobbinAccount *account, BobbinBackend *backend);

typedef struct
{
  BobbinAccountEditor *self;
  BobbinAccount       *account;
  BobbinBackend       *backend;
  KeyedFunc            func;
} Keyed;

static void
keyed_free (Keyed *keyed)
{
  g_object_unref (keyed->self);
  g_object_unref (keyed->account);
  g_object_unref (keyed->backend);
  g_free (keyed);
}

static void
key_found_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Keyed *keyed = user_data;
  g_autoptr(GError) error = NULL;
  char *key = bobbin_secrets_lookup_finish (BOBBIN_SECRETS (source), result, &error);

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) && keyed->self->library != NULL)
    {
      bobbin_backend_set_credential (keyed->backend, key);
      keyed->func (keyed->self, keyed->account, keyed->backend);
    }

  bobbin_secret_free (key);
  keyed_free (keyed);
}

static gboolean
with_key (BobbinAccountEditor *self,
          GCancellable        *cancellable,
          KeyedFunc            func)
{
  g_autoptr(BobbinAccount) account = NULL;
  g_autoptr(BobbinBackend) backend = make_backend (self, &account);
  const char *typed = gtk_editable_get_text (GTK_EDITABLE (self->key_row));
  Keyed *keyed;

  if (backend == NULL)
    return FALSE;

  if (self->account == NULL || *typed != '\0')
    {
      char *key = g_strstrip (g_strdup (typed));

      bobbin_backend_set_credential (backend, *key != '\0' ? key : NULL);
      bobbin_secret_free (key);
      func (self, account, backend);
      return TRUE;
    }

  keyed = g_new0 (Keyed, 1);
  keyed->self = g_object_ref (self);
  keyed->account = g_steal_pointer (&account);
  keyed->backend = g_steal_pointer (&backend);
  keyed->func = func;
  bobbin_secrets_lookup_async (bobbin_library_get_secrets (self->library), bobbin_account_get_id (self->account),
                               BOBBIN_SECRET_KEY, cancellable, key_found_cb, keyed);

  return TRUE;
}

void
_bobbin_account_editor_stop_check (BobbinAccountEditor *self)
{
  if (self->check != NULL)
    g_cancellable_cancel (self->check);
  g_clear_object (&self->check);
}

static void
check_cb (GtkWidget  *widget,
          const char *action_name,
          GVariant   *parameter)
{
  BobbinAccountEditor *self = BOBBIN_ACCOUNT_EDITOR (widget);

  _bobbin_account_editor_stop_check (self);
  self->check = g_cancellable_new ();
  gtk_widget_action_set_enabled (widget, "editor.check", FALSE);
  if (with_key (self, self->check, run_doctor))
    return;

  _bobbin_account_editor_stop_check (self);
  gtk_widget_action_set_enabled (widget, "editor.check", TRUE);
}

static void
copy_report_cb (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  BobbinAccountEditor *self = BOBBIN_ACCOUNT_EDITOR (widget);
  g_autofree char *report = NULL;

  if (self->doctor == NULL)
    return;

  report = bobbin_doctor_dup_report (self->doctor);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), report);
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_("Report copied")));
}

static void
pin_response_cb (AdwMessageDialog    *dialog,
                 const char          *response,
                 BobbinAccountEditor *self)
{
  if (!g_str_equal (response, "trust") || self->offered == NULL)
    return;

  g_free (self->pinned);
  self->pinned = g_steal_pointer (&self->offered);
  gtk_widget_set_visible (self->pin_button, FALSE);
  _bobbin_account_editor_update_pin (self);
}

static void
pin_cb (GtkWidget  *widget,
        const char *action_name,
        GVariant   *parameter)
{
  BobbinAccountEditor *self = BOBBIN_ACCOUNT_EDITOR (widget);
  AdwMessageDialog *dialog;

  if (self->offered == NULL)
    return;

  dialog = ADW_MESSAGE_DIALOG (bobbin_fit_dialog (GTK_WINDOW (self), _("Trust This Certificate?"), NULL));
  /* Translators: %s is the fingerprint of a certificate. */
  adw_message_dialog_format_body (dialog, _("No known authority vouches for it. Trust it only if whoever runs "
                                            "the server tells you the same SHA-256 fingerprint:\n\n%s"),
                                  self->offered);
  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), "trust", _("_Trust"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "trust", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (pin_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
unpin_cb (GtkWidget  *widget,
          const char *action_name,
          GVariant   *parameter)
{
  BobbinAccountEditor *self = BOBBIN_ACCOUNT_EDITOR (widget);

  g_clear_pointer (&self->pinned, g_free);
  _bobbin_account_editor_update_pin (self);
}

static void
agent_chosen_cb (GtkListBox          *list,
                 GtkListBoxRow       *row,
                 BobbinAccountEditor *self)
{
  BobbinAgent *agent = g_object_get_data (G_OBJECT (row), "agent");

  gtk_editable_set_text (GTK_EDITABLE (self->agent_row), bobbin_agent_get_agent_id (agent));
  gtk_menu_button_popdown (self->agent_button);
}

static GtkWidget *
make_agent_row (gpointer item,
                gpointer user_data)
{
  BobbinAgent *agent = BOBBIN_AGENT (item);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *label = gtk_label_new (bobbin_agent_get_name (agent));

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), label);
  gtk_widget_set_tooltip_text (row, bobbin_agent_get_agent_id (agent));
  g_object_set_data_full (G_OBJECT (row), "agent", g_object_ref (agent), g_object_unref);

  return row;
}

static void
show_in_popover (BobbinAccountEditor *self,
                 GtkWidget           *child)
{
  GtkPopover *popover = gtk_menu_button_get_popover (self->agent_button);

  if (popover != NULL)
    gtk_popover_set_child (popover, child);
  else
    g_object_unref (g_object_ref_sink (child));
}

static void
show_note (BobbinAccountEditor *self,
           const char          *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 30);
  gtk_widget_set_margin_start (label, 12);
  gtk_widget_set_margin_end (label, 12);
  gtk_widget_set_margin_top (label, 12);
  gtk_widget_set_margin_bottom (label, 12);
  show_in_popover (self, label);
}

static void
agents_listed_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(BobbinAccountEditor) self = BOBBIN_ACCOUNT_EDITOR (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) agents = bobbin_agent_lister_list_finish (BOBBIN_AGENT_LISTER (source), result, &error);
  GtkWidget *list;
  GtkWidget *scrolled;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->library == NULL)
    return;
  if (agents == NULL)
    {
      g_autofree char *sentence = bobbin_error_dup_sentence (error);

      show_note (self, sentence);
      return;
    }

  if (g_list_model_get_n_items (agents) == 0)
    {
      show_note (self, _("The server names no agents. Enter an ID if you know one."));
      return;
    }

  list = gtk_list_box_new ();
  gtk_list_box_bind_model (GTK_LIST_BOX (list), agents, make_agent_row, NULL, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Agents"), -1);
  g_signal_connect_object (list, "row-activated", G_CALLBACK (agent_chosen_cb), self, 0);
  scrolled = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "child", list, "hscrollbar-policy", GTK_POLICY_NEVER,
                           "propagate-natural-height", TRUE, "propagate-natural-width", TRUE, "max-content-height", 320, NULL);
  show_in_popover (self, scrolled);
}

static void
list_agents (BobbinAccountEditor *self,
             BobbinAccount       *account,
             BobbinBackend       *backend)
{
  if (BOBBIN_IS_AGENT_LISTER (backend))
    bobbin_agent_lister_list_async (BOBBIN_AGENT_LISTER (backend), self->cancellable, agents_listed_cb,
                                    g_object_ref (self));
}

static void
make_agents_cb (GtkMenuButton *button,
                gpointer       user_data)
{
  BobbinAccountEditor *self = user_data;
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *spinner = gtk_spinner_new ();

  gtk_spinner_start (GTK_SPINNER (spinner));
  gtk_popover_set_child (GTK_POPOVER (popover), spinner);
  gtk_menu_button_set_popover (button, popover);
  with_key (self, self->cancellable, list_agents);
}

void
_bobbin_account_editor_init_check (BobbinAccountEditor *self)
{
  gtk_menu_button_set_create_popup_func (self->agent_button, make_agents_cb, self, NULL);
}

void
_bobbin_account_editor_class_init_check (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "editor.check", NULL, check_cb);
  gtk_widget_class_install_action (widget_class, "editor.copy-report", NULL, copy_report_cb);
  gtk_widget_class_install_action (widget_class, "editor.pin", NULL, pin_cb);
  gtk_widget_class_install_action (widget_class, "editor.unpin", NULL, unpin_cb);
}
