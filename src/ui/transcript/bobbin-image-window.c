#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-image-window.h"

#include "bobbin-image-load.h"
#include "bobbin-save.h"
#include "model/bobbin-attachment.h"

#include <glib/gi18n.h>

#define SIDE_MAX  6000   /* pixels that are decoded */
#define STEP      1.25
#define ZOOM_MIN  0.05
#define ZOOM_MAX  16.0

struct _BobbinImageWindow
{
  AdwWindow         parent_instance;
  /* owned */
  BobbinAttachment *attachment;   /* (nullable) */
  GBytes           *bytes;        /* (nullable) */
  char             *name;
  GdkTexture       *texture;      /* (nullable): being loaded */
  GCancellable     *cancellable;
  /* children */
  GtkWidget        *scrolled;
  GtkWidget        *picture;
  GtkWidget        *status;

  double            zoom;         /* 0: fitted */
  double            pinch_from;
};

G_DEFINE_FINAL_TYPE (BobbinImageWindow, bobbin_image_window, ADW_TYPE_WINDOW)

static double
fitted_zoom (BobbinImageWindow *self)
{
  double width = gtk_widget_get_width (self->scrolled);
  double height = gtk_widget_get_height (self->scrolled);

  if (self->texture == NULL || width <= 0 || height <= 0)
    return 1;

  return MIN (MIN (width / gdk_texture_get_width (self->texture), height / gdk_texture_get_height (self->texture)), 1);
}

static void
set_zoom (BobbinImageWindow *self,
          double             zoom)
{
  if (self->texture == NULL)
    return;

  self->zoom = zoom > 0 ? CLAMP (zoom, ZOOM_MIN, ZOOM_MAX) : 0;
  if (self->zoom == 0)
    gtk_widget_set_size_request (self->picture, -1, -1);
  else
    gtk_widget_set_size_request (self->picture, MAX ((int) (gdk_texture_get_width (self->texture) * self->zoom), 1),
                                 MAX ((int) (gdk_texture_get_height (self->texture) * self->zoom), 1));
  gtk_widget_set_halign (self->picture, self->zoom == 0 ? GTK_ALIGN_FILL : GTK_ALIGN_CENTER);
  gtk_widget_set_valign (self->picture, self->zoom == 0 ? GTK_ALIGN_FILL : GTK_ALIGN_CENTER);
}

static void
zoom_by (BobbinImageWindow *self,
         double             factor)
{
  set_zoom (self, (self->zoom > 0 ? self->zoom : fitted_zoom (self)) * factor);
}

static void
zoom_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  BobbinImageWindow *self = BOBBIN_IMAGE_WINDOW (widget);

  if (g_str_equal (name, "image.zoom-in"))
    zoom_by (self, STEP);
  else if (g_str_equal (name, "image.zoom-out"))
    zoom_by (self, 1 / STEP);
  else
    set_zoom (self, g_str_equal (name, "image.zoom-one") ? 1 : 0);
}

static void
copy_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  BobbinImageWindow *self = BOBBIN_IMAGE_WINDOW (widget);

  if (self->texture != NULL)
    gdk_clipboard_set_texture (gtk_widget_get_clipboard (widget), self->texture);
}

static void
save_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  BobbinImageWindow *self = BOBBIN_IMAGE_WINDOW (widget);

  if (self->attachment != NULL)
    bobbin_save_attachment (widget, self->attachment);
  else
    bobbin_save_bytes (widget, self->name, self->bytes);
}

static gboolean
scroll_cb (BobbinImageWindow *self,
           double             dx,
           double             dy)
{
  zoom_by (self, dy < 0 ? STEP : 1 / STEP);

  return TRUE;
}

static void
pinch_begin_cb (BobbinImageWindow *self)
{
  self->pinch_from = self->zoom > 0 ? self->zoom : fitted_zoom (self);
}

static void
pinch_cb (BobbinImageWindow *self,
          double             scale)
{
  set_zoom (self, self->pinch_from * scale);
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BobbinImageWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GdkTexture) texture = NULL;

  if (!bobbin_image_load_finish (result, &texture, NULL, NULL, &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        gtk_label_set_label (GTK_LABEL (self->status), _("This image cannot be shown. You can save it."));
      return;
    }
  g_set_object (&self->texture, texture);
  gtk_picture_set_paintable (GTK_PICTURE (self->picture), GDK_PAINTABLE (texture));
  gtk_widget_set_visible (self->status, FALSE);
  gtk_widget_set_visible (self->scrolled, TRUE);
}

static void
bobbin_image_window_dispose (GObject *object)
{
  BobbinImageWindow *self = BOBBIN_IMAGE_WINDOW (object);

  g_cancellable_cancel (self->cancellable);

  G_OBJECT_CLASS (bobbin_image_window_parent_class)->dispose (object);
}

static void
bobbin_image_window_finalize (GObject *object)
{
  BobbinImageWindow *self = BOBBIN_IMAGE_WINDOW (object);

  g_clear_object (&self->attachment);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_object (&self->texture);
  g_clear_object (&self->cancellable);
  g_free (self->name);

  G_OBJECT_CLASS (bobbin_image_window_parent_class)->finalize (object);
}

static void
bobbin_image_window_class_init (BobbinImageWindowClass *klass)
{
  static const struct { guint key; GdkModifierType modifiers; const char *action; } keys[] = {
    { GDK_KEY_plus, 0, "image.zoom-in" }, { GDK_KEY_equal, 0, "image.zoom-in" }, { GDK_KEY_KP_Add, 0, "image.zoom-in" },
    { GDK_KEY_plus, GDK_CONTROL_MASK, "image.zoom-in" }, { GDK_KEY_equal, GDK_CONTROL_MASK, "image.zoom-in" },
    { GDK_KEY_minus, 0, "image.zoom-out" }, { GDK_KEY_KP_Subtract, 0, "image.zoom-out" },
    { GDK_KEY_minus, GDK_CONTROL_MASK, "image.zoom-out" }, { GDK_KEY_0, 0, "image.zoom-fit" },
    { GDK_KEY_0, GDK_CONTROL_MASK, "image.zoom-fit" }, { GDK_KEY_1, 0, "image.zoom-one" },
    { GDK_KEY_1, GDK_CONTROL_MASK, "image.zoom-one" }, { GDK_KEY_c, GDK_CONTROL_MASK, "image.copy" },
    { GDK_KEY_s, GDK_CONTROL_MASK, "image.save" }, { GDK_KEY_Escape, 0, "window.close" }, { GDK_KEY_w, GDK_CONTROL_MASK, "window.close" },
  };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bobbin_image_window_dispose;
  object_class->finalize = bobbin_image_window_finalize;
  gtk_widget_class_install_action (widget_class, "image.zoom-in", NULL, zoom_action);
  gtk_widget_class_install_action (widget_class, "image.zoom-out", NULL, zoom_action);
  gtk_widget_class_install_action (widget_class, "image.zoom-fit", NULL, zoom_action);
  gtk_widget_class_install_action (widget_class, "image.zoom-one", NULL, zoom_action);
  gtk_widget_class_install_action (widget_class, "image.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "image.save", NULL, save_action);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, keys[i].modifiers, keys[i].action, NULL);
}

static void
add_button (GtkWidget  *bar,
            gboolean    end,
            const char *icon,
            const char *text,
            const char *label,
            const char *action)
{
  GtkWidget *button = icon != NULL ? gtk_button_new_from_icon_name (icon) : gtk_button_new_with_label (text);

  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  if (end)
    adw_header_bar_pack_end (ADW_HEADER_BAR (bar), button);
  else
    adw_header_bar_pack_start (ADW_HEADER_BAR (bar), button);
}

static void
add_controllers (BobbinImageWindow *self)
{
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL |
                                                                GTK_EVENT_CONTROLLER_SCROLL_DISCRETE);
  GtkGesture *pinch = gtk_gesture_zoom_new ();

  gtk_event_controller_set_propagation_phase (scroll, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (self->scrolled, scroll);
  g_signal_connect_swapped (pinch, "begin", G_CALLBACK (pinch_begin_cb), self);
  g_signal_connect_swapped (pinch, "scale-changed", G_CALLBACK (pinch_cb), self);
  gtk_widget_add_controller (self->scrolled, GTK_EVENT_CONTROLLER (pinch));
}

static void
bobbin_image_window_init (BobbinImageWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *bar = adw_header_bar_new ();

  self->cancellable = g_cancellable_new ();
  add_button (bar, FALSE, NULL, "−", _("Zoom Out"), "image.zoom-out");
  add_button (bar, FALSE, NULL, "+", _("Zoom In"), "image.zoom-in");
  add_button (bar, FALSE, NULL, "1:1", _("Actual Size"), "image.zoom-one");
  add_button (bar, FALSE, "bobbin-image-symbolic", NULL, _("Fit to Window"), "image.zoom-fit");
  add_button (bar, TRUE, "bobbin-save-symbolic", NULL, _("Save As…"), "image.save");
  add_button (bar, TRUE, "bobbin-copy-symbolic", NULL, _("Copy Image"), "image.copy");
  gtk_box_append (GTK_BOX (box), bar);
  self->status = gtk_label_new (_("Loading…"));
  gtk_widget_set_vexpand (self->status, TRUE);
  gtk_widget_add_css_class (self->status, "dim-label");
  gtk_box_append (GTK_BOX (box), self->status);
  self->picture = gtk_picture_new ();
  gtk_picture_set_can_shrink (GTK_PICTURE (self->picture), TRUE);
  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), self->picture);
  gtk_widget_set_vexpand (self->scrolled, TRUE);
  gtk_widget_set_visible (self->scrolled, FALSE);
  gtk_box_append (GTK_BOX (box), self->scrolled);
  adw_window_set_content (ADW_WINDOW (self), box);
  gtk_window_set_default_size (GTK_WINDOW (self), 900, 680);
  add_controllers (self);
}

GtkWidget *
bobbin_image_window_new (BobbinAttachment *attachment,
                         GBytes           *bytes,
                         const char       *name)
{
  BobbinImageWindow *self = g_object_new (BOBBIN_TYPE_IMAGE_WINDOW, NULL);

  g_set_object (&self->attachment, attachment);
  self->bytes = bytes != NULL ? g_bytes_ref (bytes) : NULL;
  self->name = g_strdup (name);
  gtk_window_set_title (GTK_WINDOW (self), name != NULL ? name : _("Image"));
  gtk_picture_set_alternative_text (GTK_PICTURE (self->picture), gtk_window_get_title (GTK_WINDOW (self)));
  bobbin_image_load_async (attachment != NULL ? bobbin_attachment_get_path (attachment) : NULL, bytes, SIDE_MAX, SIDE_MAX,
                           self->cancellable, loaded_cb, g_object_ref (self));

  return GTK_WIDGET (self);
}

double
bobbin_image_window_get_zoom (BobbinImageWindow *self)
{
  g_return_val_if_fail (BOBBIN_IS_IMAGE_WINDOW (self), 0);

  return self->zoom;
}

gboolean
bobbin_image_window_is_ready (BobbinImageWindow *self)
{
  g_return_val_if_fail (BOBBIN_IS_IMAGE_WINDOW (self), FALSE);

  return self->texture != NULL;
}
