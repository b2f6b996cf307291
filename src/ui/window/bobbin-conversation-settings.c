#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "window/bobbin-conversation-settings.h"

#include "app/bobbin-appearance.h"
#include "composer/bobbin-composer.h"
#include "transcript/bobbin-image-fetcher.h"
#include "transcript/bobbin-transcript.h"

/* Pixels a letter of the column is thought to take: the composer is as wide as that. */
#define LETTER 7.5

static void
apply_to_transcript (GSettings        *settings,
                     const char       *key,
                     BobbinTranscript *transcript)
{
  bobbin_transcript_set_chars (transcript, (guint) g_settings_get_int (settings, "column-width"));
}

static void
apply_to_composer (GSettings      *settings,
                   const char     *key,
                   BobbinComposer *composer)
{
  double width = LETTER * g_settings_get_int (settings, "column-width") * g_settings_get_int (settings, "text-scale") / 100;

  bobbin_composer_set_width (composer, (int) width);
}

void
_bobbin_conversation_fetch_images (BobbinClock *clock,
                                   GSettings   *settings,
                                   GtkWidget   *transcript)
{
  g_autoptr(BobbinImageFetcher) fetcher = bobbin_image_fetcher_new (clock, settings);

  bobbin_image_fetcher_attach (fetcher, transcript);
}

void
_bobbin_conversation_follow_settings (GSettings *settings,
                                      GtkWidget *transcript,
                                      GtkWidget *composer)
{
  gtk_widget_add_css_class (transcript, BOBBIN_STYLE_SCALED_TEXT);
  gtk_widget_add_css_class (composer, BOBBIN_STYLE_SCALED_TEXT);
  g_settings_bind (settings, "enter-sends", composer, "ctrl-enter-sends", G_SETTINGS_BIND_GET | G_SETTINGS_BIND_INVERT_BOOLEAN);
  g_settings_bind (settings, "check-spelling", composer, "check-spelling", G_SETTINGS_BIND_GET);
  g_signal_connect_object (settings, "changed::column-width", G_CALLBACK (apply_to_transcript), transcript, 0);
  g_signal_connect_object (settings, "changed::column-width", G_CALLBACK (apply_to_composer), composer, 0);
  g_signal_connect_object (settings, "changed::text-scale", G_CALLBACK (apply_to_composer), composer, 0);
  apply_to_transcript (settings, NULL, BOBBIN_TRANSCRIPT (transcript));
  apply_to_composer (settings, NULL, BOBBIN_COMPOSER (composer));
}
