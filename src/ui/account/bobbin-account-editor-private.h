/* The editor's own, shared by its files: bobbin-account-editor.c (fields, saving) and -check.c
 * (doctor, agents, certificate). */
#pragma once

#include "account/bobbin-account-editor.h"

#include "account/bobbin-account-options.h"
#include "backend/bobbin-backend.h"
#include "backend/bobbin-doctor.h"
#include "model/bobbin-account.h"
#include "session/bobbin-library.h"

G_BEGIN_DECLS

struct _BobbinAccountEditor
{
  AdwWindow parent_instance;

  /* owned */
  BobbinLibrary   *library;
  BobbinAccount   *account;     /* (nullable) NULL: a new one */
  GCancellable    *cancellable; /* everything the window waits for */
  BobbinDoctor    *doctor;      /* (nullable) of the last check */
  GCancellable    *check;       /* non-NULL exactly while a check runs */
  char            *pinned;      /* (nullable) fingerprint that will be saved */
  char            *offered;     /* (nullable) fingerprint the last check met */
  BobbinService    services[BOBBIN_N_SERVICES];
  guint            n_services;
  gboolean         name_typed;  /* the name is the person's, not ours */
  gboolean         filling;     /* fields are being set by us */
  gboolean         saving;
  guint            follow_frames; /* until the page is scrolled to what a check found; 0: it is */

  /* borrowed: template, and parts made later */
  AdwToastOverlay *toasts;
  AdwWindowTitle  *title;
  GtkButton       *save_button;
  GtkWidget       *service_group;
  AdwComboRow     *service_row;
  GtkWidget       *name_row;
  GtkWidget       *url_row;
  GtkWidget       *key_row;
  GtkWidget       *agent_row;
  GtkMenuButton   *agent_button;
  GtkLabel        *problem;
  GtkWidget       *connection_group;
  GtkWidget       *options_group;
  AdwComboRow     *transport_row;
  GtkWidget       *plain_row;
  GtkSwitch       *plain_switch;
  AdwActionRow    *pin_row;
  GtkWidget       *check_group;
  GtkBox          *check_box;
  GtkButton       *check_button;
  GtkWidget       *pin_button;
  GtkWidget       *remove_group;
  GtkButton       *remove_button;
  GtkWidget       *doctor_view; /* (nullable) */
  GtkLabel        *verdict;     /* (nullable) with it, as the next */
  GtkWidget       *copy_button;
};

BobbinService  _bobbin_account_editor_get_service  (BobbinAccountEditor *self);
/* The address as it would be kept. Returns: (transfer full) (nullable) */
char          *_bobbin_account_editor_dup_url      (BobbinAccountEditor *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes the fields into @account. */
void           _bobbin_account_editor_apply        (BobbinAccountEditor *self, BobbinAccount *account);
void           _bobbin_account_editor_update_pin   (BobbinAccountEditor *self);
void           _bobbin_account_editor_init_check   (BobbinAccountEditor *self);
void           _bobbin_account_editor_class_init_check (GtkWidgetClass *widget_class);
void           _bobbin_account_editor_stop_check   (BobbinAccountEditor *self);

G_END_DECLS
