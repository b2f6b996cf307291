#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "account/bobbin-doctor-view.h"

#include "app/bobbin-failure-text.h"

#include <adwaita.h>
#include <glib/gi18n.h>

typedef struct
{
  AdwActionRow *row; /* all borrowed */
  GtkImage     *icon;
  GtkSpinner   *spinner;
  GtkLabel     *time;
} Step;

struct _BobbinDoctorView
{
  GtkWidget parent_instance;

  BobbinDoctor *doctor;  /* (nullable) */
  GtkWidget    *list;    /* child */
  Step          steps[BOBBIN_N_CHECKS];
};

G_DEFINE_FINAL_TYPE (BobbinDoctorView, bobbin_doctor_view, GTK_TYPE_WIDGET)

static const char *const check_titles[BOBBIN_N_CHECKS] = {
  [BOBBIN_CHECK_DNS] = N_("Find the server"),
  [BOBBIN_CHECK_TCP] = N_("Connect"),
  [BOBBIN_CHECK_TLS] = N_("Encrypt"),
  [BOBBIN_CHECK_HTTP] = N_("Speak HTTP"),
  [BOBBIN_CHECK_AUTH] = N_("Accept the key"),
  [BOBBIN_CHECK_STREAM] = N_("Open a conversation"),
};

static const char *const state_labels[] = {
  [BOBBIN_STEP_WAITING] = N_("Waiting"),
  [BOBBIN_STEP_RUNNING] = N_("Checking…"),
  [BOBBIN_STEP_PASSED] = N_("Passed"),
  [BOBBIN_STEP_SKIPPED] = N_("Skipped"),
  [BOBBIN_STEP_FAILED] = N_("Failed"),
};

static const char *const state_icons[] = {
  [BOBBIN_STEP_WAITING] = NULL,
  [BOBBIN_STEP_RUNNING] = NULL,
  [BOBBIN_STEP_PASSED] = "bobbin-check-symbolic",
  [BOBBIN_STEP_SKIPPED] = "bobbin-skip-symbolic",
  [BOBBIN_STEP_FAILED] = "bobbin-error-symbolic",
};

static char *
dup_step_text (const BobbinDoctorStep *step)
{
  if (step->state == BOBBIN_STEP_FAILED && step->failure != NULL)
    {
      g_autofree char *sentence = bobbin_failure_dup_sentence (step->failure);
      g_autofree char *detail = bobbin_failure_dup_detail (step->failure);

      return detail != NULL ? g_strdup_printf ("%s\n%s", sentence, detail) : g_steal_pointer (&sentence);
    }
  if (step->state == BOBBIN_STEP_PASSED && step->detail != NULL)
    return g_strdup (step->detail);

  return g_strdup (_(state_labels[step->state]));
}

static void
update_step (BobbinDoctorView *self,
             BobbinCheck       check)
{
  static const char *const classes[] = { "dim-label", "dim-label", "success", "dim-label", "error" };
  const BobbinDoctorStep *step = bobbin_doctor_get_step (self->doctor, check);
  Step *shown = &self->steps[check];
  g_autofree char *text = dup_step_text (step);
  g_autofree char *markup = g_markup_escape_text (text, -1);
  gboolean running = step->state == BOBBIN_STEP_RUNNING;

  adw_action_row_set_subtitle (shown->row, markup);
  gtk_widget_set_visible (GTK_WIDGET (shown->spinner), running);
  gtk_spinner_set_spinning (shown->spinner, running);
  gtk_widget_set_visible (GTK_WIDGET (shown->icon), !running);
  gtk_image_set_from_icon_name (shown->icon, state_icons[step->state]);
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (shown->icon), classes[i]);
  gtk_widget_add_css_class (GTK_WIDGET (shown->icon), classes[step->state]);
  gtk_accessible_update_property (GTK_ACCESSIBLE (shown->icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _(state_labels[step->state]), -1);

  if (step->state == BOBBIN_STEP_PASSED || step->state == BOBBIN_STEP_FAILED)
    {
      /* Translators: a time in milliseconds */
      g_autofree char *time = g_strdup_printf (C_("duration", "%d ms"), (int) MIN (step->duration_us / 1000, G_MAXINT));

      gtk_label_set_text (shown->time, time);
    }
  else
    gtk_label_set_text (shown->time, "");
}

static void
step_cb (BobbinDoctor     *doctor,
         guint             check,
         BobbinDoctorView *self)
{
  update_step (self, check);
}

void
bobbin_doctor_view_set_doctor (BobbinDoctorView *self,
                               BobbinDoctor     *doctor)
{
  g_return_if_fail (BOBBIN_IS_DOCTOR_VIEW (self));

  if (self->doctor != NULL)
    g_signal_handlers_disconnect_by_data (self->doctor, self);
  g_set_object (&self->doctor, doctor);
  if (doctor == NULL)
    return;

  g_signal_connect_object (doctor, "step", G_CALLBACK (step_cb), self, 0);
  for (guint check = 0; check < BOBBIN_N_CHECKS; check++)
    update_step (self, check);
}

GtkWidget *
bobbin_doctor_view_get_failed (BobbinDoctorView *self)
{
  g_return_val_if_fail (BOBBIN_IS_DOCTOR_VIEW (self), NULL);

  for (guint check = 0; self->doctor != NULL && check < BOBBIN_N_CHECKS; check++)
    if (bobbin_doctor_get_step (self->doctor, check)->state == BOBBIN_STEP_FAILED)
      return GTK_WIDGET (self->steps[check].row);

  return NULL;
}

char *
bobbin_doctor_view_dup_step (BobbinDoctorView *self,
                             BobbinCheck       check)
{
  Step *step;

  g_return_val_if_fail (BOBBIN_IS_DOCTOR_VIEW (self), NULL);
  g_return_val_if_fail ((guint) check < BOBBIN_N_CHECKS, NULL);

  step = &self->steps[check];

  return g_strdup_printf ("%s: %s", adw_preferences_row_get_title (ADW_PREFERENCES_ROW (step->row)),
                          adw_action_row_get_subtitle (step->row));
}

static void
bobbin_doctor_view_dispose (GObject *object)
{
  BobbinDoctorView *self = BOBBIN_DOCTOR_VIEW (object);

  bobbin_doctor_view_set_doctor (self, NULL);
  g_clear_pointer (&self->list, gtk_widget_unparent);

  G_OBJECT_CLASS (bobbin_doctor_view_parent_class)->dispose (object);
}

static void
bobbin_doctor_view_class_init (BobbinDoctorViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_doctor_view_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "bobbindoctorview");
}

static void
make_step (BobbinDoctorView *self,
           guint             check)
{
  Step *step = &self->steps[check];
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  step->row = ADW_ACTION_ROW (adw_action_row_new ());
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (step->row), _(check_titles[check]));
  adw_action_row_set_subtitle (step->row, _(state_labels[BOBBIN_STEP_WAITING]));
  adw_action_row_set_subtitle_lines (step->row, 0);

  step->icon = GTK_IMAGE (gtk_image_new ());
  step->spinner = GTK_SPINNER (gtk_spinner_new ());
  gtk_widget_set_visible (GTK_WIDGET (step->spinner), FALSE);
  gtk_widget_set_size_request (box, 16, -1);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (step->icon));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (step->spinner));
  adw_action_row_add_prefix (step->row, box);

  step->time = GTK_LABEL (gtk_label_new (""));
  gtk_widget_add_css_class (GTK_WIDGET (step->time), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (step->time), "numeric");
  adw_action_row_add_suffix (step->row, GTK_WIDGET (step->time));

  gtk_list_box_append (GTK_LIST_BOX (self->list), GTK_WIDGET (step->row));
}

static void
bobbin_doctor_view_init (BobbinDoctorView *self)
{
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Connection Check"), -1);
  gtk_widget_set_parent (self->list, GTK_WIDGET (self));

  for (guint check = 0; check < BOBBIN_N_CHECKS; check++)
    make_step (self, check);
}

GtkWidget *
bobbin_doctor_view_new (void)
{
  return g_object_new (BOBBIN_TYPE_DOCTOR_VIEW, NULL);
}
