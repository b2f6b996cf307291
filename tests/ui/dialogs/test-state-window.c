/* State and metadata of a thread, with a server that is played: what is shown, and where the keyboard is. */
#include "config.h"

#include "ui-fixture.h"

#include "backend/bobbin-abilities.h"
#include "backend/bobbin-backend.h"
#include "dialogs/bobbin-state-window.h"
#include "transcript/bobbin-json-view.h"

/* A server that keeps a state in memory. */
#define PLAYED_TYPE_STATE (played_state_get_type ())
G_DECLARE_FINAL_TYPE (PlayedState, played_state, PLAYED, STATE, GObject)

struct _PlayedState
{
  GObject  parent_instance;
  GTask   *waiting; /* the reading that was not answered yet */
  char    *state;
};

static BobbinCapabilities
get_capabilities (BobbinBackend *backend)
{
  return BOBBIN_CAN_STATE | BOBBIN_CAN_METADATA;
}

static void
backend_init (BobbinBackendInterface *iface)
{
  iface->get_capabilities = get_capabilities;
}

static void
get_async (BobbinThreadState     *state,
           const char            *thread_id,
           BobbinThreadStateKind  what,
           GCancellable          *cancellable,
           GAsyncReadyCallback    callback,
           gpointer               user_data)
{
  PlayedState *self = PLAYED_STATE (state);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  if (what == BOBBIN_THREAD_STATE_STATE)
    g_set_object (&self->waiting, task);
  else
    g_task_return_pointer (task, g_strdup ("{}"), g_free);
}

static char *
get_finish (BobbinThreadState  *state,
            GAsyncResult       *result,
            GError            **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
state_init (BobbinThreadStateInterface *iface)
{
  iface->get_async = get_async;
  iface->get_finish = get_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (PlayedState, played_state, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_BACKEND, backend_init)
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_THREAD_STATE, state_init))

static void
played_state_finalize (GObject *object)
{
  PlayedState *self = PLAYED_STATE (object);

  g_clear_object (&self->waiting);
  g_free (self->state);

  G_OBJECT_CLASS (played_state_parent_class)->finalize (object);
}

static void
played_state_class_init (PlayedStateClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = played_state_finalize;
}

static void
played_state_init (PlayedState *self)
{
  self->state = g_strdup ("{\"step\":3}");
}

static void
answer (PlayedState *self)
{
  g_autoptr(GTask) task = g_steal_pointer (&self->waiting);

  g_task_return_pointer (task, g_strdup (self->state), g_free);
}

static gboolean
has_keyboard (GtkWidget *window,
              GtkWidget *within)
{
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (window));

  return focus != NULL && gtk_widget_get_mapped (focus) && gtk_widget_is_ancestor (focus, within);
}

/* Nothing is selected when it opens; when it was read the keyboard is in the tree, and is never lost. */
static void
test_focus (void)
{
  g_autoptr(PlayedState) server = g_object_new (PLAYED_TYPE_STATE, NULL);
  g_autoptr(BobbinThread) thread = bobbin_thread_new (1, 1);
  GtkWidget *window;
  GtkWidget *edit;
  GtkWidget *tree;

  bobbin_thread_set_server_id (thread, "thread-9");
  window = GTK_WIDGET (bobbin_state_window_new (NULL, BOBBIN_BACKEND (server), thread));
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_present (GTK_WINDOW (window));
  ui_wait_until (server->waiting != NULL && gtk_widget_get_mapped (window));
  ui_settle ();
  g_assert_false (gtk_root_get_focus (GTK_ROOT (window)) != NULL && GTK_IS_LABEL (gtk_root_get_focus (GTK_ROOT (window))));
  answer (server);
  ui_wait_until ((tree = ui_find (window, BOBBIN_TYPE_JSON_VIEW, NULL)) != NULL);
  ui_settle ();
  g_assert_true (has_keyboard (window, window));

  edit = ui_find (window, GTK_TYPE_BUTTON, "state.edit");
  gtk_widget_activate_action (edit, "state.edit", NULL);
  ui_settle ();
  g_assert_true (GTK_IS_TEXT_VIEW (gtk_root_get_focus (GTK_ROOT (window))));
  gtk_widget_activate_action (edit, "state.cancel", NULL);
  ui_settle ();
  tree = ui_find (window, BOBBIN_TYPE_JSON_VIEW, NULL);
  g_assert_true (has_keyboard (window, tree));

  gtk_window_destroy (GTK_WINDOW (window));
  ui_settle ();
  g_assert_null (window);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ui_fixture_init_gtk ();

  g_test_add_func ("/state-window/focus", test_focus);

  return g_test_run ();
}
