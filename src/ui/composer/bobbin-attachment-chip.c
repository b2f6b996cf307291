#define G_LOG_DOMAIN "bobbin-composer"

#include "config.h"

#include "bobbin-attachment-chip.h"

#include "model/bobbin-attachment.h"
#include "ui/transcript/bobbin-image-load.h"
#include "util/bobbin-text.h"

#include <glib/gi18n.h>

#define THUMBNAIL 40 /* pixels */
#define LEAST_CHARS 14 /* of a long name */
#define MOST_CHARS  20
#define USUAL_DPI   (96 * 1024)

struct _BobbinAttachmentChip
{
  GtkWidget         parent_instance;
  int               most_chars;  /* of the name: large text has no room for as many */
  /* template children */
  GtkWidget        *box;
  GtkImage         *image;
  GtkLabel         *name_label;
  GtkLabel         *size_label;
  GtkWidget        *remove_button;
  /* owned */
  BobbinAttachment *attachment;
  GCancellable     *cancellable; /* (nullable): while the thumbnail is made */
};

enum { SIGNAL_REMOVE, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BobbinAttachmentChip, bobbin_attachment_chip, GTK_TYPE_WIDGET)

static void
remove_cb (BobbinAttachmentChip *self)
{
  g_signal_emit (self, signals[SIGNAL_REMOVE], 0);
}

static void
remove_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  remove_cb (BOBBIN_ATTACHMENT_CHIP (widget));
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BobbinAttachmentChip) self = user_data;
  g_autoptr(GdkTexture) texture = NULL;

  if (!bobbin_image_load_finish (result, &texture, NULL, NULL, NULL) || self->cancellable == NULL)
    return; /* no image after all, or the chip went: the icon stays */

  gtk_image_set_from_paintable (self->image, GDK_PAINTABLE (texture));
  gtk_image_set_pixel_size (self->image, THUMBNAIL);
}

static void
show_icon (BobbinAttachmentChip *self)
{
  g_autofree char *type = g_content_type_from_mime_type (bobbin_attachment_get_content_type (self->attachment));
  g_autoptr(GIcon) icon = g_content_type_get_symbolic_icon (type != NULL ? type : "application/octet-stream");
  int scale = MAX (gtk_widget_get_scale_factor (GTK_WIDGET (self)), 1);

  gtk_image_set_from_gicon (self->image, icon);
  if (!bobbin_attachment_is_image (self->attachment))
    return;

  self->cancellable = g_cancellable_new ();
  bobbin_image_load_async (bobbin_attachment_get_path (self->attachment), NULL, THUMBNAIL * scale, THUMBNAIL * scale,
                           self->cancellable, loaded_cb, g_object_ref (self));
}

static void
bobbin_attachment_chip_dispose (GObject *object)
{
  BobbinAttachmentChip *self = BOBBIN_ATTACHMENT_CHIP (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), BOBBIN_TYPE_ATTACHMENT_CHIP);

  G_OBJECT_CLASS (bobbin_attachment_chip_parent_class)->dispose (object);
}

static void
bobbin_attachment_chip_finalize (GObject *object)
{
  BobbinAttachmentChip *self = BOBBIN_ATTACHMENT_CHIP (object);

  g_clear_object (&self->attachment);

  G_OBJECT_CLASS (bobbin_attachment_chip_parent_class)->finalize (object);
}

static void
bobbin_attachment_chip_class_init (BobbinAttachmentChipClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bobbin_attachment_chip_dispose;
  object_class->finalize = bobbin_attachment_chip_finalize;

  signals[SIGNAL_REMOVE] =
    g_signal_new ("remove", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_css_name (widget_class, "chip");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_APP_PATH "/ui/bobbin-attachment-chip.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinAttachmentChip, box);
  gtk_widget_class_bind_template_child (widget_class, BobbinAttachmentChip, image);
  gtk_widget_class_bind_template_child (widget_class, BobbinAttachmentChip, name_label);
  gtk_widget_class_bind_template_child (widget_class, BobbinAttachmentChip, size_label);
  gtk_widget_class_bind_template_child (widget_class, BobbinAttachmentChip, remove_button);
  gtk_widget_class_bind_template_callback (widget_class, remove_cb);
  gtk_widget_class_install_action (widget_class, "attachment.remove", NULL, remove_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "attachment.remove", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_BackSpace, 0, "attachment.remove", NULL);
}

static void
bobbin_attachment_chip_init (BobbinAttachmentChip *self)
{
  int dpi = USUAL_DPI;

  gtk_widget_init_template (GTK_WIDGET (self));
  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-xft-dpi", &dpi, NULL);
  self->most_chars = dpi > USUAL_DPI ? MOST_CHARS * USUAL_DPI / dpi : MOST_CHARS;
  gtk_label_set_max_width_chars (self->name_label, self->most_chars);
}

GtkWidget *
bobbin_attachment_chip_new (BobbinAttachment *attachment)
{
  BobbinAttachmentChip *self = g_object_new (BOBBIN_TYPE_ATTACHMENT_CHIP, NULL);
  const char *name = bobbin_attachment_get_shown_name (attachment);
  g_autofree char *size = bobbin_text_size (bobbin_attachment_get_size (attachment));
  g_autofree char *label = g_strdup_printf ("%s, %s", name, size);
  g_autofree char *remove = g_strdup_printf (_("Remove “%s”"), name);

  self->attachment = g_object_ref (attachment);
  gtk_label_set_label (self->name_label, name);
  /* Many chips scroll before their names shrink to nothing. */
  gtk_label_set_width_chars (self->name_label, (int) MIN (g_utf8_strlen (name, -1), MIN (LEAST_CHARS, self->most_chars)));
  gtk_label_set_label (self->size_label, size);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->remove_button), GTK_ACCESSIBLE_PROPERTY_LABEL, remove, -1);
  show_icon (self);

  return GTK_WIDGET (self);
}

void
bobbin_attachment_chip_warn (BobbinAttachmentChip *self)
{
  const char *name;
  g_autofree char *size = NULL;
  g_autofree char *tooltip = NULL;
  g_autofree char *label = NULL;

  g_return_if_fail (BOBBIN_IS_ATTACHMENT_CHIP (self));

  name = bobbin_attachment_get_shown_name (self->attachment);
  /* Translators: below the name of a file: its size, and that its kind is none the service lists. */
  size = g_strdup_printf (_("%s · may not be readable"), gtk_label_get_label (self->size_label));
  tooltip = g_strdup_printf ("%s\n%s", name, _("The service does not list files of this kind. It can be sent all the same, but the agent may not "
                                               "be able to read it."));
  label = g_strdup_printf ("%s, %s", name, size);
  gtk_label_set_label (self->size_label, size);
  gtk_widget_remove_css_class (GTK_WIDGET (self->size_label), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->size_label), "warning");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

BobbinAttachment *
bobbin_attachment_chip_get_attachment (BobbinAttachmentChip *self)
{
  g_return_val_if_fail (BOBBIN_IS_ATTACHMENT_CHIP (self), NULL);

  return self->attachment;
}
