#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "app/bobbin-appearance.h"

static void
apply_color_scheme (GSettings      *settings,
                    const char     *key,
                    AdwApplication *application)
{
  static const AdwColorScheme schemes[] = { ADW_COLOR_SCHEME_DEFAULT, ADW_COLOR_SCHEME_FORCE_LIGHT,
                                            ADW_COLOR_SCHEME_FORCE_DARK };
  guint scheme = (guint) g_settings_get_enum (settings, "color-scheme");

  adw_style_manager_set_color_scheme (adw_application_get_style_manager (application),
                                      schemes[MIN (scheme, G_N_ELEMENTS (schemes) - 1)]);
}

/* At 100 nothing is added: most people pay nothing for it. */
static void
apply_text_scale (GSettings      *settings,
                  const char     *key,
                  AdwApplication *application)
{
  GtkCssProvider *old = g_object_get_data (G_OBJECT (application), "text-scale");
  GdkDisplay *display = gdk_display_get_default ();
  int percent = g_settings_get_int (settings, "text-scale");

  if (display == NULL)
    return;

  if (old != NULL)
    gtk_style_context_remove_provider_for_display (display, GTK_STYLE_PROVIDER (old));
  g_object_set_data (G_OBJECT (application), "text-scale", NULL);
  if (percent != 100)
    {
      g_autoptr(GtkCssProvider) provider = gtk_css_provider_new ();
      g_autofree char *css = g_strdup_printf ("." BOBBIN_STYLE_SCALED_TEXT " { font-size: %d%%; }", percent);

      gtk_css_provider_load_from_data (provider, css, -1);
      gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (provider),
                                                  GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + 1);
      g_object_set_data_full (G_OBJECT (application), "text-scale", g_steal_pointer (&provider), g_object_unref);
    }
}

void
bobbin_appearance_follow (AdwApplication *application,
                          GSettings      *settings)
{
  g_return_if_fail (ADW_IS_APPLICATION (application));
  g_return_if_fail (G_IS_SETTINGS (settings));

  g_signal_connect_object (settings, "changed::color-scheme", G_CALLBACK (apply_color_scheme), application, 0);
  g_signal_connect_object (settings, "changed::text-scale", G_CALLBACK (apply_text_scale), application, 0);
  apply_color_scheme (settings, NULL, application);
  apply_text_scale (settings, NULL, application);
}
