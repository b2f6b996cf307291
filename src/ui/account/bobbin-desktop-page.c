#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "account/bobbin-desktop-page.h"

#include "account/bobbin-setting-rows.h"
#include "app/bobbin-background.h"
#include "app/bobbin-failure-text.h"

#include <glib/gi18n.h>

/* The two switches are settings that the desktop must agree to first: they show what holds, and a click asks for a change. */
struct _BobbinDesktopPage
{
  AdwPreferencesPage parent_instance;
  /* owned */
  GSettings       *settings;
  GDBusConnection *bus;         /* (nullable) */
  GCancellable    *cancellable;
  /* borrowed: children */
  GtkSwitch       *background;
  AdwActionRow    *background_row;
  GtkSwitch       *autostart;
  AdwActionRow    *autostart_row;

  gboolean         asking;
  gboolean         wants_background; /* what is asked for */
  gboolean         wants_autostart;
};

G_DEFINE_FINAL_TYPE (BobbinDesktopPage, bobbin_desktop_page, ADW_TYPE_PREFERENCES_PAGE)

static gboolean
is_sandboxed (void)
{
  return g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS);
}

static void
show_settings (BobbinDesktopPage *self)
{
  gboolean background = g_settings_get_boolean (self->settings, "run-in-background");

  gtk_switch_set_active (self->background, self->asking ? self->wants_background : background);
  gtk_switch_set_state (self->background, background);
  gtk_switch_set_active (self->autostart, self->asking ? self->wants_autostart
                                                       : g_settings_get_boolean (self->settings, "autostart"));
  gtk_switch_set_state (self->autostart, g_settings_get_boolean (self->settings, "autostart"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->background_row), !self->asking);
  gtk_widget_set_sensitive (GTK_WIDGET (self->autostart_row), !self->asking && background);
}

/* What became of it, in words, where it is not what was asked for. */
static void
explain (BobbinDesktopPage *self,
         const char        *background,
         const char        *autostart)
{
  adw_action_row_set_subtitle (self->background_row, background != NULL ? background :
                               _("Answers arrive and are told after the last window was closed. Quit ends it."));
  adw_action_row_set_subtitle (self->autostart_row, autostart != NULL ? autostart :
                               _("Without a window, when you log in."));
}

static void
keep (BobbinDesktopPage *self,
      gboolean           background,
      gboolean           autostart)
{
  self->asking = FALSE;
  g_settings_set_boolean (self->settings, "run-in-background", background);
  g_settings_set_boolean (self->settings, "autostart", autostart);
  show_settings (self);
}

/* Outside of a sandbox nobody needs to allow a program to run; only starting it with the session takes the portal. */
static void
no_portal (BobbinDesktopPage *self)
{
  const char *why = _("This desktop has no background portal, which is needed for it. Install xdg-desktop-portal.");

  if (is_sandboxed ())
    {
      explain (self, why, why);
      keep (self, FALSE, FALSE);
    }
  else
    {
      explain (self, NULL, self->wants_autostart ? why : NULL);
      keep (self, self->wants_background, FALSE);
    }
}

static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(BobbinDesktopPage) self = BOBBIN_DESKTOP_PAGE (user_data);
  g_autoptr(GError) error = NULL;
  BobbinBackgroundAnswer answer = { FALSE, FALSE };
  gboolean ok = bobbin_background_request_finish (result, &answer, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->background == NULL)
    return;

  if (g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED))
    no_portal (self);
  else if (!ok)
    {
      g_autofree char *sentence = bobbin_error_dup_sentence (error);

      explain (self, sentence, NULL);
      keep (self, g_settings_get_boolean (self->settings, "run-in-background"), g_settings_get_boolean (self->settings, "autostart"));
    }
  else
    {
      const char *refused = _("The desktop does not allow it. You can change that in its settings.");

      explain (self, self->wants_background && !answer.background ? refused : NULL,
               self->wants_autostart && answer.background && !answer.autostart ? refused : NULL);
      keep (self, self->wants_background && answer.background, self->wants_autostart && answer.background && answer.autostart);
    }
}

static void
ask (BobbinDesktopPage *self,
     gboolean           background,
     gboolean           autostart)
{
  self->wants_background = background;
  self->wants_autostart = background && autostart;
  self->asking = TRUE;
  explain (self, NULL, NULL);
  show_settings (self);
  if (self->bus != NULL)
    bobbin_background_request_async (self->bus, self->wants_autostart, self->cancellable, answered_cb, g_object_ref (self));
  else
    no_portal (self);
}

static gboolean
background_cb (BobbinDesktopPage *self,
               gboolean           active)
{
  if (!self->asking && active != g_settings_get_boolean (self->settings, "run-in-background"))
    ask (self, active, g_settings_get_boolean (self->settings, "autostart"));

  return TRUE; /* the state follows what was agreed to */
}

static gboolean
autostart_cb (BobbinDesktopPage *self,
              gboolean           active)
{
  if (!self->asking && active != g_settings_get_boolean (self->settings, "autostart"))
    ask (self, g_settings_get_boolean (self->settings, "run-in-background"), active);

  return TRUE;
}

static void
bobbin_desktop_page_dispose (GObject *object)
{
  BobbinDesktopPage *self = BOBBIN_DESKTOP_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  self->background = self->autostart = NULL;
  g_clear_object (&self->settings);
  g_clear_object (&self->bus);

  G_OBJECT_CLASS (bobbin_desktop_page_parent_class)->dispose (object);
}

static void
bobbin_desktop_page_finalize (GObject *object)
{
  g_object_unref (BOBBIN_DESKTOP_PAGE (object)->cancellable);

  G_OBJECT_CLASS (bobbin_desktop_page_parent_class)->finalize (object);
}

static void
bobbin_desktop_page_class_init (BobbinDesktopPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bobbin_desktop_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = bobbin_desktop_page_finalize;
}

static void
bobbin_desktop_page_init (BobbinDesktopPage *self)
{
  self->cancellable = g_cancellable_new ();
  adw_preferences_page_set_name (ADW_PREFERENCES_PAGE (self), "desktop");
  adw_preferences_page_set_title (ADW_PREFERENCES_PAGE (self), _("Desktop"));
  adw_preferences_page_set_icon_name (ADW_PREFERENCES_PAGE (self), "bobbin-info-symbolic");
}

GtkWidget *
bobbin_desktop_page_new (GSettings       *settings,
                         GDBusConnection *bus)
{
  BobbinDesktopPage *self = g_object_new (BOBBIN_TYPE_DESKTOP_PAGE, NULL);
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE (self);
  AdwPreferencesGroup *group;

  self->settings = g_object_ref (settings);
  g_set_object (&self->bus, bus);

  group = bobbin_setting_group_new (page, _("Notifications"), _("Only for conversations that you are not looking at."));
  bobbin_setting_add_switch (group, settings, "notify-answers", _("An Answer Is Ready"), NULL);
  bobbin_setting_add_switch (group, settings, "notify-approvals", _("An Agent Asks for Approval"), NULL);
  bobbin_setting_add_switch (group, settings, "notify-failures", _("A Message or an Answer Failed"), NULL);
  bobbin_setting_add_switch (group, settings, "notify-preview", _("Show Words of the Conversation"),
                             _("When off, notifications only tell what happened, and approvals are given in the window."));

  group = bobbin_setting_group_new (page, _("In the Background"), NULL);
  self->background = bobbin_setting_add_free_switch (group, _("Keep Running Without a Window"), &self->background_row);
  self->autostart = bobbin_setting_add_free_switch (group, _("Start With the Session"), &self->autostart_row);
  bobbin_setting_add_switch (group, settings, "inhibit-suspend", _("Stay Awake While an Answer Arrives"),
                             _("The computer does not suspend by itself meanwhile."));
  explain (self, NULL, NULL);
  show_settings (self);
  g_signal_connect_object (self->background, "state-set", G_CALLBACK (background_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->autostart, "state-set", G_CALLBACK (autostart_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::run-in-background", G_CALLBACK (show_settings), self, G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}
