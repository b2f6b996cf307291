#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/bobbin-doctor.h"

#include "model/bobbin-account.h"
#include "transport/bobbin-address.h"
#include "transport/bobbin-http.h"
#include "transport/bobbin-probe.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-error.h"

#define STEP_LIMIT_MS 15000
#define MAX_ANSWER (256 * 1024)

enum
{
  SIGNAL_STEP,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *const check_names[BOBBIN_N_CHECKS] = { "DNS", "TCP", "TLS", "HTTP", "Authentication", "Stream" };
static const char *const state_names[] = { "waiting", "running", "passed", "skipped", "failed" };

struct _BobbinDoctor
{
  GObject            parent_instance;
  /* owned */
  BobbinAccount     *account;
  BobbinBackend     *backend;
  BobbinClock       *clock;
  BobbinHttp        *http;
  BobbinProbe       *probe;     /* of the present run, as the next four */
  BobbinHttpRequest *request;
  GTask             *task;
  GCancellable      *step_cancellable;
  GCancellable      *cancellable; /* (nullable): the caller's */
  gulong             cancelled_id;

  BobbinDoctorStep   steps[BOBBIN_N_CHECKS];
  BobbinCheck        current;
  gint64             began_us;
  guint              limit;      /* timer of the clock */
  gboolean           late;       /* the present step was cancelled by the limit */
};

G_DEFINE_FINAL_TYPE (BobbinDoctor, bobbin_doctor, G_TYPE_OBJECT)

static void run_step (BobbinDoctor *self);

static void
clear_step (BobbinDoctorStep *step)
{
  bobbin_failure_free (step->failure);
  g_free (step->detail);
  g_free (step->fingerprint);
}

static void
reset_steps (BobbinDoctor *self)
{
  for (guint i = 0; i < BOBBIN_N_CHECKS; i++)
    {
      clear_step (&self->steps[i]);
      self->steps[i] = (BobbinDoctorStep) { .check = i, .state = BOBBIN_STEP_WAITING };
    }
}

static void
announce (BobbinDoctor *self,
          guint         check)
{
  g_signal_emit (self, signals[SIGNAL_STEP], 0, check);
}

/* The end of a run: exactly once. */
static void
finish (BobbinDoctor *self,
        GError       *error)
{
  g_autoptr(GTask) task = g_steal_pointer (&self->task);

  if (self->cancellable != NULL)
    g_cancellable_disconnect (self->cancellable, self->cancelled_id);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->step_cancellable);
  g_clear_object (&self->probe);
  g_clear_object (&self->request);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
end_step (BobbinDoctor *self)
{
  bobbin_clock_clear (self->clock, &self->limit);
  self->steps[self->current].duration_us = bobbin_clock_monotonic_us (self->clock) - self->began_us;
}

static void
next_step (BobbinDoctor *self)
{
  announce (self, self->current);
  if (self->current + 1 < BOBBIN_N_CHECKS)
    {
      self->current++;
      run_step (self);
    }
  else
    finish (self, NULL);
}

/* @detail: (transfer full) (nullable). */
static void
pass (BobbinDoctor *self,
      char         *detail)
{
  BobbinDoctorStep *step = &self->steps[self->current];

  end_step (self);
  step->state = BOBBIN_STEP_PASSED;
  step->detail = detail;
  next_step (self);
}

static void
skip (BobbinDoctor *self,
      const char   *why)
{
  BobbinDoctorStep *step = &self->steps[self->current];

  bobbin_clock_clear (self->clock, &self->limit);
  step->state = BOBBIN_STEP_SKIPPED;
  step->detail = g_strdup (why);
  next_step (self);
}

static void
fail (BobbinDoctor *self,
      const GError *error,
      const char   *fingerprint)
{
  g_autoptr(BobbinDoctor) hold = g_object_ref (self);
  g_autoptr(GError) late = self->late ? g_error_new_literal (BOBBIN_ERROR, BOBBIN_ERROR_TIMED_OUT, "No answer within 15 seconds") : NULL;
  const GError *told = late != NULL ? late : error;
  BobbinDoctorStep *step = &self->steps[self->current];

  end_step (self);
  step->state = BOBBIN_STEP_FAILED;
  step->failure = bobbin_failure_new_from_error (told, BOBBIN_CERTAINTY_UNSENT);
  step->fingerprint = g_strdup (fingerprint);
  announce (self, self->current);
  for (guint i = self->current + 1; i < BOBBIN_N_CHECKS; i++)
    {
      self->steps[i].state = BOBBIN_STEP_SKIPPED;
      announce (self, i);
    }
  finish (self, g_error_copy (told));
}

/* The steps */

static void
probed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BobbinDoctor) self = BOBBIN_DOCTOR (user_data);
  g_autoptr(GError) error = NULL;
  char *detail = NULL;

  if (bobbin_probe_run_finish (BOBBIN_PROBE (source), result, &detail, &error))
    pass (self, detail);
  else
    fail (self, error, bobbin_probe_get_refused_certificate (BOBBIN_PROBE (source)));
}

static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(BobbinDoctor) self = BOBBIN_DOCTOR (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) body = bobbin_http_call_finish (BOBBIN_HTTP (source), result, &error);
  guint status = bobbin_http_request_get_status (self->request);

  /* Whatever the root says, a redirect to a manual included, it says it in HTTP. */
  if (body != NULL || (status >= 300 && status < 400) || g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_REPLY_TOO_LARGE))
    pass (self, g_strdup_printf ("HTTP status %u", status));
  else
    fail (self, error, bobbin_http_request_get_refused_certificate (self->request));
}

static void
checked_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BobbinDoctor) self = BOBBIN_DOCTOR (user_data);
  g_autoptr(GError) error = NULL;

  if (bobbin_backend_check_finish (BOBBIN_BACKEND (source), result, &error))
    pass (self, NULL);
  else if (!self->late && g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED))
    skip (self, error->message);
  else
    fail (self, error, NULL);
}

static gboolean
limit_cb (gpointer user_data)
{
  BobbinDoctor *self = user_data;

  self->limit = 0;
  self->late = TRUE;
  g_cancellable_cancel (self->step_cancellable);

  return G_SOURCE_REMOVE;
}

static void
ask_root (BobbinDoctor *self)
{
  const char *base_url = bobbin_account_get_base_url (self->account);
  g_autofree char *root = g_uri_resolve_relative (base_url, "/", G_URI_FLAGS_NONE, NULL);

  g_clear_object (&self->request);
  self->request = bobbin_http_request_new ("GET", root != NULL ? root : base_url);
  bobbin_http_call_async (self->http, self->request, MAX_ANSWER, self->step_cancellable, answered_cb, g_object_ref (self));
}

static gboolean
is_plain (BobbinDoctor *self)
{
  const char *base_url = bobbin_account_get_base_url (self->account);

  return g_str_has_prefix (base_url, "http:") || g_str_has_prefix (base_url, "ws:");
}

static void
run_step (BobbinDoctor *self)
{
  BobbinCheck check = self->current;

  self->steps[check].state = BOBBIN_STEP_RUNNING;
  self->began_us = bobbin_clock_monotonic_us (self->clock);
  if (check == BOBBIN_CHECK_DNS && bobbin_probe_is_literal (self->probe))
    {
      skip (self, "the address is a number");
      return;
    }
  if (check <= BOBBIN_CHECK_TLS && bobbin_probe_has_proxy (self->probe))
    {
      skip (self, "a proxy does this");
      return;
    }
  if (check == BOBBIN_CHECK_TLS && is_plain (self))
    {
      skip (self, "not encrypted");
      return;
    }

  announce (self, check);
  self->limit = bobbin_clock_add (self->clock, STEP_LIMIT_MS, limit_cb, self);
  if (check == BOBBIN_CHECK_HTTP)
    ask_root (self);
  else if (check > BOBBIN_CHECK_HTTP)
    bobbin_backend_check_async (self->backend, check, bobbin_account_get_agent_id (self->account), self->step_cancellable,
                                checked_cb, g_object_ref (self));
  else
    bobbin_probe_run_async (self->probe, check == BOBBIN_CHECK_DNS ? BOBBIN_PROBE_DNS :
                                         check == BOBBIN_CHECK_TCP ? BOBBIN_PROBE_TCP : BOBBIN_PROBE_TLS,
                            self->step_cancellable, probed_cb, g_object_ref (self));
}

/* The object */

static void
bobbin_doctor_finalize (GObject *object)
{
  BobbinDoctor *self = BOBBIN_DOCTOR (object);

  for (guint i = 0; i < BOBBIN_N_CHECKS; i++)
    clear_step (&self->steps[i]);
  g_clear_object (&self->http);
  g_clear_object (&self->clock);
  g_clear_object (&self->backend);
  g_clear_object (&self->account);

  G_OBJECT_CLASS (bobbin_doctor_parent_class)->finalize (object);
}

static void
bobbin_doctor_class_init (BobbinDoctorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bobbin_doctor_finalize;

  signals[SIGNAL_STEP] = g_signal_new ("step", BOBBIN_TYPE_DOCTOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                       G_TYPE_UINT);
}

static void
bobbin_doctor_init (BobbinDoctor *self)
{
  reset_steps (self);
}

BobbinDoctor *
bobbin_doctor_new (BobbinAccount *account,
                   BobbinBackend *backend,
                   BobbinClock   *clock)
{
  BobbinDoctor *self = g_object_new (BOBBIN_TYPE_DOCTOR, NULL);

  self->account = g_object_ref (account);
  self->backend = g_object_ref (backend);
  self->clock = g_object_ref (clock);
  self->http = bobbin_http_new (clock);

  return self;
}

const BobbinDoctorStep *
bobbin_doctor_get_step (BobbinDoctor *self,
                        BobbinCheck   check)
{
  g_return_val_if_fail (BOBBIN_IS_DOCTOR (self), NULL);
  g_return_val_if_fail (check < BOBBIN_N_CHECKS, NULL);

  return &self->steps[check];
}

static void
outer_cancelled_cb (GCancellable *cancellable,
                    gpointer      user_data)
{
  g_cancellable_cancel (user_data);
}

/* Returns: (nullable): the address, checked as BobbinHttp will check it. */
static GUri *
parse_address (BobbinDoctor *self,
               gboolean      allow_plain,
               GError      **error)
{
  const char *base_url = bobbin_account_get_base_url (self->account);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GUri) uri = g_uri_parse (base_url != NULL ? base_url : "", G_URI_FLAGS_NONE, &local_error);

  if (uri == NULL)
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, "This is no address: %s", local_error->message);
      return NULL;
    }

  return bobbin_address_check_uri (uri, allow_plain, error) ? g_steal_pointer (&uri) : NULL;
}

void
bobbin_doctor_run_async (BobbinDoctor       *self,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  gboolean allow_plain;
  g_autoptr(GError) error = NULL;
  g_autoptr(GUri) uri = NULL;

  g_return_if_fail (BOBBIN_IS_DOCTOR (self));
  g_return_if_fail (self->task == NULL);

  self->task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->task, bobbin_doctor_run_async);
  reset_steps (self);
  self->late = FALSE;
  self->current = BOBBIN_CHECK_DNS;
  self->step_cancellable = g_cancellable_new ();
  if (cancellable != NULL)
    {
      self->cancellable = g_object_ref (cancellable);
      self->cancelled_id = g_cancellable_connect (cancellable, G_CALLBACK (outer_cancelled_cb),
                                                  g_object_ref (self->step_cancellable), g_object_unref);
    }

  allow_plain = bobbin_account_get_allow_plain (self->account) &&
                (bobbin_registry_get_capabilities (bobbin_account_get_service (self->account)) & BOBBIN_CAN_ALLOW_PLAIN);
  bobbin_http_configure (self->http, allow_plain, bobbin_account_get_pinned_certificate (self->account));
  uri = parse_address (self, allow_plain, &error);
  if (uri == NULL)
    {
      self->began_us = bobbin_clock_monotonic_us (self->clock);
      fail (self, error, NULL);
      return;
    }

  self->probe = bobbin_probe_new (uri, bobbin_account_get_pinned_certificate (self->account));
  run_step (self);
}

gboolean
bobbin_doctor_run_finish (BobbinDoctor *self,
                          GAsyncResult *result,
                          GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

char *
bobbin_doctor_dup_report (BobbinDoctor *self)
{
  GString *out = g_string_new (NULL);

  g_return_val_if_fail (BOBBIN_IS_DOCTOR (self), g_string_free (out, FALSE));

  g_string_append_printf (out, "Bobbin %s, %s at %s\n", BOBBIN_VERSION,
                          bobbin_service_get_label (bobbin_account_get_service (self->account)),
                          bobbin_account_get_base_url (self->account));
  for (guint i = 0; i < BOBBIN_N_CHECKS; i++)
    {
      const BobbinDoctorStep *step = &self->steps[i];

      g_string_append_printf (out, "%s: %s", check_names[i], state_names[step->state]);
      if (step->state == BOBBIN_STEP_PASSED || step->state == BOBBIN_STEP_FAILED)
        g_string_append_printf (out, " (%" G_GINT64_FORMAT " ms)", step->duration_us / 1000);
      if (step->detail != NULL)
        g_string_append_printf (out, ", %s", step->detail);
      if (step->failure != NULL && step->failure->detail != NULL)
        g_string_append_printf (out, ", %s", step->failure->detail);
      g_string_append_c (out, '\n');
      if (step->fingerprint != NULL)
        g_string_append_printf (out, "  SHA-256 of the certificate: %s\n", step->fingerprint);
    }

  return g_string_free (out, FALSE);
}
