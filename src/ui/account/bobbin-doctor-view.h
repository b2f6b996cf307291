/* The connection doctor's steps as a list: what was tried, how long it took, and where it failed
 * what to do. */
#pragma once

#include "backend/bobbin-doctor.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_DOCTOR_VIEW (bobbin_doctor_view_get_type ())
G_DECLARE_FINAL_TYPE (BobbinDoctorView, bobbin_doctor_view, BOBBIN, DOCTOR_VIEW, GtkWidget)

GtkWidget  *bobbin_doctor_view_new        (void) G_GNUC_WARN_UNUSED_RESULT;
/* @doctor: (nullable) */
void        bobbin_doctor_view_set_doctor (BobbinDoctorView *self, BobbinDoctor *doctor);
/* Returns: borrowed (nullable): the row of the step that failed. */
GtkWidget  *bobbin_doctor_view_get_failed (BobbinDoctorView *self);
/* For tests: the words of one step. Returns: (transfer full): title, state and what was found. */
char       *bobbin_doctor_view_dup_step   (BobbinDoctorView *self, BobbinCheck check) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
