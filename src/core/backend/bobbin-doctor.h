/* The connection doctor: DNS → TCP → TLS → HTTP → authentication → stream, one step after the other, each with its time,
 * and where it fails what to do. Holds no secret, so its report can be copied. */
#pragma once

#include "backend/bobbin-backend.h"

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_STEP_WAITING,
  BOBBIN_STEP_RUNNING,
  BOBBIN_STEP_PASSED,
  BOBBIN_STEP_SKIPPED, /* not for this address, or cannot be told, or an earlier step failed */
  BOBBIN_STEP_FAILED,
} BobbinStepState;

typedef struct
{
  BobbinCheck      check;
  BobbinStepState  state;
  gint64           duration_us;
  BobbinFailure   *failure;  /* (nullable) */
  char            *detail;   /* (nullable) what was found: addresses, TLS version, status */
  char            *fingerprint; /* (nullable) TLS: SHA-256 of the certificate that was refused, in hex */
} BobbinDoctorStep;

#define BOBBIN_TYPE_DOCTOR (bobbin_doctor_get_type ())
G_DECLARE_FINAL_TYPE (BobbinDoctor, bobbin_doctor, BOBBIN, DOCTOR, GObject)

/* Signal "step" (guint check): that step changed. */
BobbinDoctor           *bobbin_doctor_new        (BobbinAccount *account, BobbinBackend *backend, BobbinClock *clock) G_GNUC_WARN_UNUSED_RESULT;
const BobbinDoctorStep *bobbin_doctor_get_step   (BobbinDoctor *self, BobbinCheck check);
/* Finishes TRUE when every step passed or was skipped as not needed; FALSE with the first failure as error. */
void                    bobbin_doctor_run_async  (BobbinDoctor *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean                bobbin_doctor_run_finish (BobbinDoctor *self, GAsyncResult *result, GError **error);
/* Plain text in English, one line a step, for the command line and bug reports. */
char                   *bobbin_doctor_dup_report (BobbinDoctor *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
