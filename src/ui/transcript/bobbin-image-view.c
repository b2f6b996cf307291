#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-image-view.h"

#include "bobbin-file-view.h"
#include "bobbin-save.h"
#include "model/bobbin-attachment.h"
#include "model/bobbin-block.h"
#include "util/bobbin-json.h"

#include <glib/gi18n.h>

#define WIDTH_MAX  680
#define HEIGHT_MAX 380

struct _BobbinImageView
{
  GtkWidget     parent_instance;
  /* owned */
  BobbinBlock  *block;
  GtkWidget    *child;
  GCancellable *cancellable; /* (nullable): while it is decoded */
  gboolean      picture;     /* the child is the picture, not words about it */
};

G_DEFINE_FINAL_TYPE (BobbinImageView, bobbin_image_view, GTK_TYPE_WIDGET)

static void
set_child (BobbinImageView *self,
           GtkWidget       *child)
{
  g_clear_pointer (&self->child, gtk_widget_unparent);
  self->child = child;
  self->picture = GTK_IS_OVERLAY (child);
  gtk_widget_set_parent (child, GTK_WIDGET (self));
}

static void
show_words (BobbinImageView *self,
            const char      *title,
            const char      *detail)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *label = gtk_label_new (title);

  gtk_widget_add_css_class (box, "file-row");
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("bobbin-image-symbolic"));
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_box_append (GTK_BOX (texts), label);
  if (detail != NULL)
    {
      GtkWidget *address = gtk_label_new (detail);

      gtk_label_set_xalign (GTK_LABEL (address), 0);
      gtk_label_set_ellipsize (GTK_LABEL (address), PANGO_ELLIPSIZE_MIDDLE);
      gtk_label_set_selectable (GTK_LABEL (address), TRUE);
      gtk_widget_set_tooltip_text (address, detail);
      gtk_widget_add_css_class (address, "caption");
      gtk_widget_add_css_class (address, "dim-label");
      gtk_box_append (GTK_BOX (texts), address);
    }
  gtk_box_append (GTK_BOX (box), texts);
  set_child (self, box);
}

static void
save_cb (BobbinImageView *self)
{
  bobbin_save_attachment (GTK_WIDGET (self), bobbin_block_get_attachment (self->block));
}

static void
show_texture (BobbinImageView *self,
              GdkTexture      *texture)
{
  BobbinAttachment *attachment = bobbin_block_get_attachment (self->block);
  const char *name = bobbin_attachment_get_shown_name (attachment);
  GtkWidget *overlay = gtk_overlay_new ();
  GtkWidget *picture = gtk_picture_new_for_paintable (GDK_PAINTABLE (texture));
  GtkWidget *button = gtk_button_new_from_icon_name ("bobbin-save-symbolic");
  g_autofree char *label = g_strdup_printf (_("Save “%s” As…"), name);

  gtk_picture_set_alternative_text (GTK_PICTURE (picture), name);
  gtk_widget_set_tooltip_text (picture, name);
  gtk_widget_set_halign (overlay, GTK_ALIGN_START);
  gtk_widget_set_overflow (overlay, GTK_OVERFLOW_HIDDEN);
  gtk_widget_add_css_class (overlay, "image");
  gtk_overlay_set_child (GTK_OVERLAY (overlay), picture);

  gtk_widget_set_tooltip_text (button, _("Save As…"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_halign (button, GTK_ALIGN_END);
  gtk_widget_set_valign (button, GTK_ALIGN_START);
  gtk_widget_add_css_class (button, "osd");
  gtk_widget_add_css_class (button, "circular");
  gtk_widget_add_css_class (button, "image-save");
  g_signal_connect_object (button, "clicked", G_CALLBACK (save_cb), self, G_CONNECT_SWAPPED);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), button);
  set_child (self, overlay);
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BobbinImageView) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GdkTexture) texture = bobbin_image_load_finish (result, &error);

  if (self->cancellable == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the widget went meanwhile, or the image was exchanged */

  g_clear_object (&self->cancellable);
  if (texture != NULL)
    show_texture (self, texture);
  else
    set_child (self, bobbin_file_view_new (bobbin_block_get_attachment (self->block), NULL));
}

static void
update (BobbinImageView *self)
{
  BobbinAttachment *attachment = bobbin_block_get_attachment (self->block);
  const char *data = bobbin_block_get_data (self->block);
  g_autoptr(JsonObject) object = data != NULL ? bobbin_json_parse_object (data, -1, NULL) : NULL;
  int scale = MAX (gtk_widget_get_scale_factor (GTK_WIDGET (self)), 1);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  if (attachment == NULL)
    {
      const char *url = object != NULL ? bobbin_json_get_string (object, "url") : NULL;

      show_words (self, url != NULL ? _("Image on the web, not loaded") : _("Image without content"), url);
      return;
    }

  show_words (self, bobbin_attachment_get_shown_name (attachment), NULL);
  self->cancellable = g_cancellable_new ();
  bobbin_image_load_async (bobbin_attachment_get_path (attachment), WIDTH_MAX * scale, HEIGHT_MAX * scale,
                           self->cancellable, loaded_cb, g_object_ref (self));
}

static GtkSizeRequestMode
bobbin_image_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* A row gets its minimum height: that of a picture is nothing, so its natural one is asked for; and never more than it
 * has pixels, for which the picture would like to grow with the width. */
static void
bobbin_image_view_measure (GtkWidget      *widget,
                           GtkOrientation  orientation,
                           int             for_size,
                           int            *minimum,
                           int            *natural,
                           int            *minimum_baseline,
                           int            *natural_baseline)
{
  BobbinImageView *self = BOBBIN_IMAGE_VIEW (widget);

  if (orientation == GTK_ORIENTATION_VERTICAL && self->picture)
    {
      int width;

      gtk_widget_measure (self->child, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);
      for_size = for_size < 0 ? width : MIN (for_size, width);
    }
  gtk_widget_measure (self->child, orientation, for_size, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = *natural;
}

static void
bobbin_image_view_size_allocate (GtkWidget *widget,
                                 int        width,
                                 int        height,
                                 int        baseline)
{
  BobbinImageView *self = BOBBIN_IMAGE_VIEW (widget);

  gtk_widget_size_allocate (self->child, &(GtkAllocation) { 0, 0, width, height }, -1);
}

static void
bobbin_image_view_dispose (GObject *object)
{
  BobbinImageView *self = BOBBIN_IMAGE_VIEW (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->child, gtk_widget_unparent);

  G_OBJECT_CLASS (bobbin_image_view_parent_class)->dispose (object);
}

static void
bobbin_image_view_finalize (GObject *object)
{
  BobbinImageView *self = BOBBIN_IMAGE_VIEW (object);

  g_clear_object (&self->block);

  G_OBJECT_CLASS (bobbin_image_view_parent_class)->finalize (object);
}

static void
bobbin_image_view_class_init (BobbinImageViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bobbin_image_view_dispose;
  object_class->finalize = bobbin_image_view_finalize;
  widget_class->get_request_mode = bobbin_image_view_get_request_mode;
  widget_class->measure = bobbin_image_view_measure;
  widget_class->size_allocate = bobbin_image_view_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "imageview");
}

static void
bobbin_image_view_init (BobbinImageView *self)
{
}

GtkWidget *
bobbin_image_view_new (BobbinBlock *block)
{
  BobbinImageView *self = g_object_new (BOBBIN_TYPE_IMAGE_VIEW, NULL);

  self->block = g_object_ref (block);
  g_signal_connect_object (block, "notify::attachment", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (block, "notify::data", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);

  return GTK_WIDGET (self);
}
