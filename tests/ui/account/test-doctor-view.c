#include "config.h"
#include "account/bobbin-doctor-view.h"

#include "ui-fixture.h"

static void
test_waiting (void)
{
  BobbinDoctorView *view = BOBBIN_DOCTOR_VIEW (g_object_ref_sink (bobbin_doctor_view_new ()));

  for (guint check = 0; check < BOBBIN_N_CHECKS; check++)
    {
      g_autofree char *step = bobbin_doctor_view_dup_step (view, check);

      g_assert_true (g_str_has_suffix (step, ": Waiting"));
    }
  g_assert_finalize_object (view);
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GAsyncResult **ret_result = user_data;

  *ret_result = g_object_ref (result);
}

/* Nobody listens on the discard port of this computer: the second step fails, in words. */
static void
test_refused (void)
{
  g_autoptr(BobbinClock) clock = bobbin_system_clock_new ();
  g_autoptr(BobbinAccount) account = bobbin_account_new (0, BOBBIN_SERVICE_NEBELUS, "Test", "http://127.0.0.1:9");
  g_autoptr(BobbinBackend) backend = bobbin_registry_create (account, clock);
  g_autoptr(BobbinDoctor) doctor = bobbin_doctor_new (account, backend, clock);
  BobbinDoctorView *view = BOBBIN_DOCTOR_VIEW (g_object_ref_sink (bobbin_doctor_view_new ()));
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *tcp = NULL;
  g_autofree char *stream = NULL;

  bobbin_doctor_view_set_doctor (view, doctor);
  bobbin_doctor_run_async (doctor, NULL, done_cb, &result);
  ui_wait_until (result != NULL);
  g_assert_false (bobbin_doctor_run_finish (doctor, result, &error));
  g_assert_nonnull (error);

  tcp = bobbin_doctor_view_dup_step (view, BOBBIN_CHECK_TCP);
  g_test_message ("%s", tcp);
  g_assert_nonnull (strstr (tcp, "cannot be reached"));
  stream = bobbin_doctor_view_dup_step (view, BOBBIN_CHECK_STREAM);
  g_assert_true (g_str_has_suffix (stream, ": Skipped"));

  g_assert_finalize_object (view);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ui_fixture_init_gtk ();
  g_test_add_func ("/doctor-view/waiting", test_waiting);
  g_test_add_func ("/doctor-view/refused", test_refused);

  return g_test_run ();
}
