/* The application without a window, and while something runs: what keeps it alive, what keeps the machine awake, and decisions that
 * come from notifications. */
#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "app/bobbin-application-private.h"

#include "session/bobbin-decider.h"
#include "util/bobbin-error.h"

#include <glib/gi18n.h>

/* Between the last word of an answer and the end of its turn, which is told once it is saved. */
#define SETTLE_MS 2000

static gboolean
is_answering (BobbinApplication *self)
{
  return self->ready && bobbin_library_get_answering (bobbin_profile_get_library (self->profile));
}

void
_bobbin_application_update_hold (BobbinApplication *self)
{
  gboolean background = !self->demo && g_settings_get_boolean (self->settings, "run-in-background");
  gboolean hold = gtk_application_get_windows (GTK_APPLICATION (self)) == NULL
                  && (background || self->settle_id != 0 || self->n_deciding > 0 || is_answering (self));

  if (hold == self->held)
    return;

  self->held = hold;
  if (hold)
    g_application_hold (G_APPLICATION (self));
  else
    g_application_release (G_APPLICATION (self));
}

static void
update_inhibit (BobbinApplication *self)
{
  gboolean inhibit = is_answering (self) && g_settings_get_boolean (self->settings, "inhibit-suspend");

  if (inhibit == (self->inhibit_id != 0))
    return;

  if (inhibit)
    {
      /* Translators: shown by the desktop as the reason why the computer does not suspend. */
      self->inhibit_id = gtk_application_inhibit (GTK_APPLICATION (self), NULL, GTK_APPLICATION_INHIBIT_SUSPEND,
                                                  _("An answer is arriving"));
    }
  else
    {
      gtk_application_uninhibit (GTK_APPLICATION (self), self->inhibit_id);
      self->inhibit_id = 0;
    }
}

static gboolean
settled_cb (gpointer user_data)
{
  BobbinApplication *self = user_data;

  self->settle_id = 0;
  _bobbin_application_update_hold (self);

  return G_SOURCE_REMOVE;
}

static void
answering_cb (BobbinApplication *self)
{
  update_inhibit (self);
  g_clear_handle_id (&self->settle_id, g_source_remove);
  if (!is_answering (self))
    self->settle_id = g_timeout_add (SETTLE_MS, settled_cb, self);
  _bobbin_application_update_hold (self);
}

/* Everybody else has heard of it. */
static void
turn_ended_cb (BobbinApplication *self)
{
  if (is_answering (self))
    return;

  g_clear_handle_id (&self->settle_id, g_source_remove);
  _bobbin_application_update_hold (self);
}

void
_bobbin_application_watch_library (BobbinApplication *self)
{
  BobbinLibrary *library = bobbin_profile_get_library (self->profile);

  self->notifier = bobbin_notifier_new (GTK_APPLICATION (self), library, self->settings);
  g_signal_connect_object (library, "notify::answering", G_CALLBACK (answering_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (library, "turn-ended", G_CALLBACK (turn_ended_cb), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->settings, "changed::inhibit-suspend", G_CALLBACK (update_inhibit), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settings, "changed::run-in-background", G_CALLBACK (_bobbin_application_update_hold), self,
                           G_CONNECT_SWAPPED);
  update_inhibit (self);
  _bobbin_application_update_hold (self);
}

void
_bobbin_application_unwatch_library (BobbinApplication *self)
{
  if (self->notifier == NULL)
    return;

  g_signal_handlers_disconnect_by_data (bobbin_profile_get_library (self->profile), self);
  g_clear_handle_id (&self->settle_id, g_source_remove);
  g_clear_object (&self->notifier);
}

typedef struct
{
  BobbinApplication  *application; /* owned */
  BobbinApprovalPlace place;
} Decision;

static void
decided_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autofree Decision *decision = user_data;
  g_autoptr(BobbinApplication) self = decision->application;
  g_autoptr(GError) error = NULL;

  if (!bobbin_decide_finish (BOBBIN_LIBRARY (source), result, &error) && self->notifier != NULL
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_warning ("A decision was not taken: %s", error->message);
      bobbin_notifier_tell_undecided (self->notifier, &decision->place, error);
    }
  self->n_deciding--;
  _bobbin_application_update_hold (self);
}

void
_bobbin_application_decide (BobbinApplication *self,
                            const char        *place,
                            gboolean           approve)
{
  BobbinApprovalPlace at;
  Decision *decision;

  /* Anybody on the bus can say anything. */
  if (!self->ready || !bobbin_approval_place_parse (place, &at))
    return;

  decision = g_new0 (Decision, 1);
  decision->application = g_object_ref (self);
  decision->place = at;
  self->n_deciding++;
  _bobbin_application_update_hold (self);
  bobbin_decide_async (bobbin_profile_get_library (self->profile), &at, approve, self->cancellable, decided_cb, decision);
}
