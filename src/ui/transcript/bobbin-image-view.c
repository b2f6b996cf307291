#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-image-view.h"

#include "bobbin-file-view.h"
#include "bobbin-image-fetcher.h"
#include "bobbin-image-load.h"
#include "bobbin-image-window.h"
#include "bobbin-save.h"
#include "bobbin-transfer-bar.h"
#include "model/bobbin-attachment.h"
#include "model/bobbin-block.h"
#include "util/bobbin-error.h"
#include "util/bobbin-json.h"

#include <glib/gi18n.h>
#include <string.h>

#define WIDTH_MAX  680
#define HEIGHT_MAX 380

struct _BobbinImageView
{
  GtkWidget        parent_instance;
  /* owned */
  BobbinBlock     *block;       /* (nullable): an image in a text */
  BobbinViewState *state;       /* (nullable) */
  char            *uri;         /* (nullable) of the web */
  char            *alt;         /* (nullable) */
  GBytes          *bytes;       /* (nullable): without an attachment */
  GdkTexture      *texture;     /* (nullable): what is shown */
  GtkWidget       *child;
  GCancellable    *cancellable; /* (nullable): while it is loaded */
  GtkCheckButton  *always;      /* (nullable) borrowed: "always from this host" */

  guint            ask_id;      /* idle source, while the server is to be asked */
  gboolean         remote;      /* it lies on the server of the conversation */
  int              width;       /* of the place that is kept free, 0: not known */
  int              height;
  gboolean         picture;     /* the child is the picture, not words about it */
};

G_DEFINE_FINAL_TYPE (BobbinImageView, bobbin_image_view, GTK_TYPE_WIDGET)

static BobbinAttachment *
get_attachment (BobbinImageView *self)
{
  return self->block != NULL ? bobbin_block_get_attachment (self->block) : NULL;
}

static const char *
get_name (BobbinImageView *self)
{
  BobbinAttachment *attachment = get_attachment (self);

  if (attachment != NULL)
    return bobbin_attachment_get_shown_name (attachment);
  if (self->alt != NULL && *self->alt != '\0')
    return self->alt;

  return _("Image");
}

static void
set_child (BobbinImageView *self,
           GtkWidget       *child)
{
  g_clear_pointer (&self->child, gtk_widget_unparent);
  self->always = NULL;
  self->child = child;
  self->picture = GTK_IS_OVERLAY (child);
  gtk_widget_set_parent (child, GTK_WIDGET (self));
}

/* Words */

static GtkWidget *
make_words (const char *title,
            const char *detail)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *label = gtk_label_new (title);

  gtk_widget_add_css_class (box, "file-row");
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("bobbin-image-symbolic"));
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_box_append (GTK_BOX (texts), label);
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
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

  return box;
}

static void
show_words (BobbinImageView *self,
            const char      *title,
            const char      *detail)
{
  set_child (self, make_words (title, detail));
}

/* The picture */

static void
save_cb (BobbinImageView *self)
{
  if (get_attachment (self) != NULL)
    bobbin_save_attachment (GTK_WIDGET (self), get_attachment (self));
  else if (self->bytes != NULL)
    bobbin_save_bytes (GTK_WIDGET (self), get_name (self), self->bytes);
}

static void
open_cb (BobbinImageView *self)
{
  GtkWidget *window = bobbin_image_window_new (get_attachment (self), self->bytes, get_name (self));
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (GTK_IS_WINDOW (root))
    gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (root));
  gtk_window_present (GTK_WINDOW (window));
}

/* What is dragged out is the picture, which every program takes, and its bytes as they came, where they are in memory. */
static GdkContentProvider *
drag_prepare_cb (GtkDragSource   *source,
                 double           x,
                 double           y,
                 BobbinImageView *self)
{
  GdkContentProvider *forms[2] = { gdk_content_provider_new_typed (GDK_TYPE_TEXTURE, self->texture), NULL };
  g_autofree char *type = NULL;
  g_autofree char *mime = NULL;
  gconstpointer data;
  gsize size;

  if (self->bytes == NULL)
    return forms[0];

  data = g_bytes_get_data (self->bytes, &size);
  type = g_content_type_guess (NULL, data, size, NULL);
  mime = g_content_type_get_mime_type (type);
  forms[1] = gdk_content_provider_new_for_bytes (mime != NULL ? mime : "application/octet-stream", self->bytes);

  return gdk_content_provider_new_union (forms, 2);
}

static void
drag_begin_cb (GtkDragSource   *source,
               GdkDrag         *drag,
               BobbinImageView *self)
{
  g_autoptr(GdkPaintable) icon = gtk_widget_paintable_new (GTK_WIDGET (self));

  gtk_drag_source_set_icon (source, icon, 0, 0);
}

static void
add_drag (BobbinImageView *self,
          GtkWidget       *widget)
{
  GtkDragSource *source = gtk_drag_source_new ();

  gtk_drag_source_set_actions (source, GDK_ACTION_COPY);
  /* the button below would take the press first */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (source), GTK_PHASE_CAPTURE);
  g_signal_connect_object (source, "prepare", G_CALLBACK (drag_prepare_cb), self, 0);
  g_signal_connect_object (source, "drag-begin", G_CALLBACK (drag_begin_cb), self, 0);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (source));
}

static GtkWidget *
make_save_button (BobbinImageView *self)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("bobbin-save-symbolic");
  g_autofree char *label = g_strdup_printf (_("Save “%s” As…"), get_name (self));

  gtk_widget_set_tooltip_text (button, _("Save As…"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_halign (button, GTK_ALIGN_END);
  gtk_widget_set_valign (button, GTK_ALIGN_START);
  gtk_widget_add_css_class (button, "osd");
  gtk_widget_add_css_class (button, "circular");
  gtk_widget_add_css_class (button, "image-save");
  g_signal_connect_object (button, "clicked", G_CALLBACK (save_cb), self, G_CONNECT_SWAPPED);

  return button;
}

static void
show_texture (BobbinImageView *self,
              GdkTexture      *texture)
{
  GtkWidget *overlay = gtk_overlay_new ();
  GtkWidget *picture = gtk_picture_new_for_paintable (GDK_PAINTABLE (texture));
  GtkWidget *button = gtk_button_new ();
  g_autofree char *label = g_strdup_printf (_("Open image “%s”"), get_name (self));

  gtk_picture_set_alternative_text (GTK_PICTURE (picture), get_name (self));
  gtk_button_set_child (GTK_BUTTON (button), picture);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "image-button");
  gtk_widget_set_tooltip_text (button, get_name (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (open_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_halign (overlay, GTK_ALIGN_START);
  gtk_widget_set_overflow (overlay, GTK_OVERFLOW_HIDDEN);
  gtk_widget_add_css_class (overlay, "image");
  g_set_object (&self->texture, texture);
  add_drag (self, button);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), button);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), make_save_button (self));
  set_child (self, overlay);
}

static void
show_failure (BobbinImageView *self,
              const GError    *error)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gboolean large = g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_TOO_LARGE) ||
                   g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_REPLY_TOO_LARGE);
  const char *words = !large ? _("This image cannot be shown.")
                      : get_attachment (self) != NULL || self->bytes != NULL ? _("This image is too large to be shown. You can save it.")
                                                                             : _("This image is too large to be loaded.");

  self->width = self->height = 0;
  gtk_box_append (GTK_BOX (box), make_words (words, self->uri));
  if (get_attachment (self) != NULL)
    gtk_box_append (GTK_BOX (box), bobbin_file_view_new (get_attachment (self), NULL));
  else if (self->bytes != NULL)
    {
      GtkWidget *button = gtk_button_new_with_label (_("Save As…"));

      gtk_widget_set_halign (button, GTK_ALIGN_START);
      g_signal_connect_object (button, "clicked", G_CALLBACK (save_cb), self, G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (box), button);
    }
  set_child (self, box);
}

/* Loading */

static void
set_place (BobbinImageView *self,
           int              width,
           int              height)
{
  double scale = MIN (MIN ((double) WIDTH_MAX / width, (double) HEIGHT_MAX / height), 1);

  self->width = MAX ((int) (width * scale), 1);
  self->height = MAX ((int) (height * scale), 1);
  if (self->state != NULL && self->block != NULL)
    {
      bobbin_view_state_set_slot (self->state, bobbin_block_get_id (self->block), BOBBIN_VIEW_WIDTH, self->width);
      bobbin_view_state_set_slot (self->state, bobbin_block_get_id (self->block), BOBBIN_VIEW_HEIGHT, self->height);
    }
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
decoded_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BobbinImageView) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GdkTexture) texture = NULL;

  if (!bobbin_image_load_finish (result, &texture, NULL, NULL, &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return; /* the widget went meanwhile, or the image was exchanged */
      g_clear_object (&self->cancellable);
      show_failure (self, error);
      return;
    }
  g_clear_object (&self->cancellable);
  show_texture (self, texture);
}

static void
decode (BobbinImageView *self)
{
  BobbinAttachment *attachment = get_attachment (self);
  int scale = MAX (gtk_widget_get_scale_factor (GTK_WIDGET (self)), 1);

  bobbin_image_load_async (attachment != NULL ? bobbin_attachment_get_path (attachment) : NULL,
                           attachment == NULL ? self->bytes : NULL, WIDTH_MAX * scale, HEIGHT_MAX * scale,
                           self->cancellable, decoded_cb, g_object_ref (self));
}

static void
measured_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(BobbinImageView) self = user_data;
  g_autoptr(GError) error = NULL;
  int width;
  int height;

  if (!bobbin_image_load_finish (result, NULL, &width, &height, &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
      g_clear_object (&self->cancellable);
      show_failure (self, error);
      return;
    }
  set_place (self, width, height);
  decode (self);
}

/* The header first: the place is kept while the pixels are decoded. */
static void
load (BobbinImageView *self)
{
  BobbinAttachment *attachment = get_attachment (self);

  if (self->cancellable == NULL)
    self->cancellable = g_cancellable_new ();
  show_words (self, get_name (self), NULL);
  if (self->width > 0)
    decode (self);
  else
    bobbin_image_load_async (attachment != NULL ? bobbin_attachment_get_path (attachment) : NULL,
                             attachment == NULL ? self->bytes : NULL, 0, 0, self->cancellable, measured_cb, g_object_ref (self));
}

/* The web */

static void
fetched_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BobbinImageView) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = bobbin_image_fetcher_load_finish (BOBBIN_IMAGE_FETCHER (source), result, &error);

  if (bytes == NULL)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
      g_clear_object (&self->cancellable);
      show_failure (self, error);
      return;
    }
  self->bytes = g_steal_pointer (&bytes);
  load (self);
}

static void
fetch (BobbinImageView *self)
{
  BobbinImageFetcher *fetcher = bobbin_image_fetcher_find (GTK_WIDGET (self));
  g_autofree char *host = bobbin_image_fetcher_dup_host (self->uri);

  if (fetcher == NULL || host == NULL || self->cancellable != NULL)
    return;
  if (self->always != NULL && gtk_check_button_get_active (self->always))
    bobbin_image_fetcher_remember (fetcher, host);
  self->cancellable = g_cancellable_new ();
  show_words (self, _("Loading image…"), self->uri);
  bobbin_image_fetcher_load_async (fetcher, self->uri, self->cancellable, fetched_cb, g_object_ref (self));
}

static void
show_offer (BobbinImageView *self)
{
  g_autofree char *host = bobbin_image_fetcher_dup_host (self->uri);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *row = make_words (self->alt != NULL && *self->alt != '\0' ? self->alt : _("Image on the web, not loaded"), self->uri);
  GtkWidget *button;
  GtkWidget *words;

  gtk_box_append (GTK_BOX (box), row);
  if (host != NULL)
    {
      g_autofree char *label = g_strdup_printf (_("Always load images from %s"), host);

      button = gtk_button_new_with_label (_("Load Image"));
      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      g_signal_connect_object (button, "clicked", G_CALLBACK (fetch), self, G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (row), button);
      set_child (self, box);
      self->always = GTK_CHECK_BUTTON (gtk_check_button_new ());
      words = gtk_label_new (label);
      gtk_label_set_wrap (GTK_LABEL (words), TRUE);
      gtk_label_set_wrap_mode (GTK_LABEL (words), PANGO_WRAP_WORD_CHAR);
      gtk_label_set_xalign (GTK_LABEL (words), 0);
      gtk_check_button_set_child (self->always, words);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->always), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
      gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->always));
      return;
    }
  set_child (self, box);
}

/* The server of the conversation: it is asked by itself, once; after that when the person says so. */

static void
ask_server_cb (BobbinImageView *self)
{
  bobbin_transfer_fetch (GTK_WIDGET (self), self->block, FALSE);
}

static void
show_remote (BobbinImageView *self)
{
  gboolean asked = bobbin_view_state_get_slot (self->state, bobbin_block_get_id (self->block), BOBBIN_VIEW_FETCHED) != 0;
  gboolean on_its_way = bobbin_block_get_progress (self->block) >= 0;
  GtkWidget *row;
  GtkWidget *button;

  row = make_words (on_its_way || !asked ? _("Loading image…") : _("This image could not be loaded."), bobbin_block_get_name (self->block));
  if (!on_its_way && asked)
    {
      button = gtk_button_new_with_label (_("Load Image"));
      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      g_signal_connect_object (button, "clicked", G_CALLBACK (ask_server_cb), self, G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (row), button);
    }
  set_child (self, row);
}

static void
progress_cb (BobbinImageView *self)
{
  if (self->remote && get_attachment (self) == NULL)
    show_remote (self);
}

static gboolean
ask_idle_cb (gpointer user_data)
{
  BobbinImageView *self = BOBBIN_IMAGE_VIEW (user_data);

  self->ask_id = 0;
  bobbin_view_state_set_slot (self->state, bobbin_block_get_id (self->block), BOBBIN_VIEW_FETCHED, 1);
  ask_server_cb (self);
  progress_cb (self);

  return G_SOURCE_REMOVE;
}

/* Not from inside of being put in its place: the actions of the ancestors are known after that. */
static void
ask_server (BobbinImageView *self)
{
  if (self->ask_id == 0 && bobbin_block_get_progress (self->block) < 0 &&
      bobbin_view_state_get_slot (self->state, bobbin_block_get_id (self->block), BOBBIN_VIEW_FETCHED) == 0)
    self->ask_id = g_idle_add (ask_idle_cb, self);
}

/* An ancestor that loads is known from here on. */
static void
bobbin_image_view_root (GtkWidget *widget)
{
  BobbinImageView *self = BOBBIN_IMAGE_VIEW (widget);
  BobbinImageFetcher *fetcher;
  g_autofree char *host = NULL;

  GTK_WIDGET_CLASS (bobbin_image_view_parent_class)->root (widget);

  if (self->remote)
    ask_server (self);
  if (self->uri == NULL || self->bytes != NULL || self->cancellable != NULL)
    return;
  fetcher = bobbin_image_fetcher_find (widget);
  host = bobbin_image_fetcher_dup_host (self->uri);
  if (fetcher != NULL && host != NULL &&
      (bobbin_image_fetcher_peek (fetcher, self->uri) != NULL || bobbin_image_fetcher_is_remembered (fetcher, host)))
    fetch (self);
}

/* "data:image/png;base64,…" (nullable) (transfer full) */
static GBytes *
read_data_uri (const char *uri)
{
  const char *comma = g_ascii_strncasecmp (uri, "data:", 5) == 0 ? strchr (uri, ',') : NULL;
  gsize length;
  guchar *data;

  if (comma == NULL || g_strstr_len (uri, comma - uri, ";base64") == NULL || strlen (comma) > 4 * (BOBBIN_IMAGE_BYTES_MAX / 3))
    return NULL;
  data = g_base64_decode (comma + 1, &length);

  return g_bytes_new_take (data, length);
}

static void
show_uri (BobbinImageView *self,
          const char      *uri)
{
  if (uri != NULL && g_ascii_strncasecmp (uri, "data:", 5) == 0)
    {
      self->bytes = read_data_uri (uri);
      if (self->bytes != NULL)
        load (self);
      else
        show_words (self, _("This image cannot be shown."), NULL);
      return;
    }
  g_free (self->uri);
  self->uri = g_strdup (uri);
  if (uri != NULL)
    show_offer (self);
  else
    show_words (self, _("Image without content"), NULL);
}

static void
update (BobbinImageView *self)
{
  const char *data = bobbin_block_get_data (self->block);
  g_autoptr(JsonObject) object = data != NULL ? bobbin_json_parse_object (data, -1, NULL) : NULL;

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  self->remote = get_attachment (self) == NULL && bobbin_view_state_get_fetches (self->state) && bobbin_transfer_is_remote (self->block);
  if (get_attachment (self) != NULL)
    load (self);
  else if (self->remote)
    {
      show_remote (self);
      if (gtk_widget_get_root (GTK_WIDGET (self)) != NULL)
        ask_server (self);
    }
  else
    show_uri (self, object != NULL ? bobbin_json_get_string (object, "url") : NULL);
}

/* Another image: another size. */
static void
renew (BobbinImageView *self)
{
  self->width = self->height = 0;
  update (self);
}

static GtkSizeRequestMode
bobbin_image_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* A row gets its minimum height: that of a picture is nothing, so its natural one is asked for; and never more than it has
 * pixels. Once the size is known it is that of the picture, whether the picture is there yet or not. */
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

  if (self->width > 0 && orientation == GTK_ORIENTATION_VERTICAL)
    {
      int width = for_size < 0 ? self->width : MIN (for_size, self->width);

      gtk_widget_measure (self->child, orientation, for_size, minimum, natural, NULL, NULL);
      *minimum = *natural = MAX ((int) ((double) self->height * width / self->width), 1);
      return;
    }
  /* The width is the same for any height: that may be less than what is there until the picture is. */
  gtk_widget_measure (self->child, orientation, orientation == GTK_ORIENTATION_HORIZONTAL ? -1 : for_size, minimum, natural, NULL, NULL);
  if (self->picture && orientation == GTK_ORIENTATION_HORIZONTAL)
    *natural = MAX (self->width, *minimum);
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
  int needed;

  gtk_widget_measure (self->child, GTK_ORIENTATION_VERTICAL, width, &needed, NULL, NULL, NULL);
  gtk_widget_size_allocate (self->child, &(GtkAllocation) { 0, 0, width, MAX (height, needed) }, -1);
}

static void
bobbin_image_view_dispose (GObject *object)
{
  BobbinImageView *self = BOBBIN_IMAGE_VIEW (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->ask_id, g_source_remove);
  self->always = NULL;
  g_clear_pointer (&self->child, gtk_widget_unparent);

  G_OBJECT_CLASS (bobbin_image_view_parent_class)->dispose (object);
}

static void
bobbin_image_view_finalize (GObject *object)
{
  BobbinImageView *self = BOBBIN_IMAGE_VIEW (object);

  g_clear_object (&self->block);
  g_clear_pointer (&self->state, bobbin_view_state_unref);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_object (&self->texture);
  g_free (self->uri);
  g_free (self->alt);

  G_OBJECT_CLASS (bobbin_image_view_parent_class)->finalize (object);
}

static void
bobbin_image_view_class_init (BobbinImageViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bobbin_image_view_dispose;
  object_class->finalize = bobbin_image_view_finalize;
  widget_class->root = bobbin_image_view_root;
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
bobbin_image_view_new (BobbinBlock     *block,
                       BobbinViewState *state)
{
  BobbinImageView *self = g_object_new (BOBBIN_TYPE_IMAGE_VIEW, NULL);

  self->block = g_object_ref (block);
  self->state = bobbin_view_state_ref (state);
  self->width = bobbin_view_state_get_slot (state, bobbin_block_get_id (block), BOBBIN_VIEW_WIDTH);
  self->height = bobbin_view_state_get_slot (state, bobbin_block_get_id (block), BOBBIN_VIEW_HEIGHT);
  g_signal_connect_object (block, "notify::attachment", G_CALLBACK (renew), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (block, "notify::data", G_CALLBACK (renew), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (block, "notify::progress", G_CALLBACK (progress_cb), self, G_CONNECT_SWAPPED);
  update (self);

  return GTK_WIDGET (self);
}

GtkWidget *
bobbin_image_view_new_for_uri (const char *uri,
                               const char *alt)
{
  BobbinImageView *self = g_object_new (BOBBIN_TYPE_IMAGE_VIEW, NULL);

  self->alt = g_strdup (alt);
  show_uri (self, uri);

  return GTK_WIDGET (self);
}
