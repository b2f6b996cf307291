/* Images on the web: loaded only when the person asks, or from hosts the person said so for. https only, nothing is sent along
 * (no key, no cookie, no referrer), at most BOBBIN_IMAGE_BYTES_MAX. What was loaded is kept in memory while the program runs, as far
 * as there is room.
 *
 * Made by whoever shows a transcript and attached to that widget; image views find it by their ancestors. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-types.h"

G_BEGIN_DECLS

#define BOBBIN_IMAGE_BYTES_MAX (20 * 1024 * 1024)

#define BOBBIN_TYPE_IMAGE_FETCHER (bobbin_image_fetcher_get_type ())
G_DECLARE_FINAL_TYPE (BobbinImageFetcher, bobbin_image_fetcher, BOBBIN, IMAGE_FETCHER, GObject)

/* @settings: (nullable): no host is remembered then. */
BobbinImageFetcher *bobbin_image_fetcher_new      (BobbinClock *clock, GSettings *settings) G_GNUC_WARN_UNUSED_RESULT;
/* The one certificate that is taken besides those the system trusts (SHA-256 in hex): for tests. */
void                bobbin_image_fetcher_pin      (BobbinImageFetcher *self, const char *certificate);
void                bobbin_image_fetcher_attach   (BobbinImageFetcher *self, GtkWidget *widget);
BobbinImageFetcher *bobbin_image_fetcher_find     (GtkWidget *widget); /* (nullable) borrowed: that of an ancestor */
/* (nullable) (transfer full): the host of an address images may be loaded from: https, with a host. */
char               *bobbin_image_fetcher_dup_host (const char *uri) G_GNUC_WARN_UNUSED_RESULT;
gboolean            bobbin_image_fetcher_is_remembered (BobbinImageFetcher *self, const char *host);
void                bobbin_image_fetcher_remember (BobbinImageFetcher *self, const char *host);
GBytes             *bobbin_image_fetcher_peek     (BobbinImageFetcher *self, const char *uri); /* (nullable) borrowed: was loaded */
void                bobbin_image_fetcher_load_async  (BobbinImageFetcher *self, const char *uri, GCancellable *cancellable,
                                                      GAsyncReadyCallback callback, gpointer user_data);
GBytes             *bobbin_image_fetcher_load_finish (BobbinImageFetcher *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
