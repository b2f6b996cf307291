#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "dialogs/bobbin-clean-up-row.h"

#include "app/bobbin-time-text.h"
#include "util/bobbin-text.h"

#include <glib/gi18n.h>

struct _BobbinCleanUpRow
{
  GObject parent_instance;

  BobbinThreadRoom  size;
  char             *account;
  /* while it is bound */
  BobbinCleanUpKept callback;
  gpointer          user_data;
};

G_DEFINE_FINAL_TYPE (BobbinCleanUpRow, bobbin_clean_up_row, G_TYPE_OBJECT)

static void
bobbin_clean_up_row_finalize (GObject *object)
{
  BobbinCleanUpRow *self = BOBBIN_CLEAN_UP_ROW (object);

  g_free (self->size.title);
  g_free (self->size.server_id);
  g_free (self->account);

  G_OBJECT_CLASS (bobbin_clean_up_row_parent_class)->finalize (object);
}

static void
bobbin_clean_up_row_class_init (BobbinCleanUpRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bobbin_clean_up_row_finalize;
}

static void
bobbin_clean_up_row_init (BobbinCleanUpRow *self)
{
}

BobbinCleanUpRow *
bobbin_clean_up_row_new (const BobbinThreadRoom *size,
                         const char             *account)
{
  BobbinCleanUpRow *self = g_object_new (BOBBIN_TYPE_CLEAN_UP_ROW, NULL);

  self->size = *size;
  self->size.title = size->title != NULL ? bobbin_text_clean_name (size->title) : NULL;
  self->size.server_id = g_strdup (size->server_id);
  self->account = g_strdup (account);

  return self;
}

const BobbinThreadRoom *
bobbin_clean_up_row_get_size (BobbinCleanUpRow *self)
{
  g_return_val_if_fail (BOBBIN_IS_CLEAN_UP_ROW (self), NULL);

  return &self->size;
}

static GtkWidget *
make_label (GtkWidget  *box,
            const char *css_class,
            gboolean    expands)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, expands);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (box), label);

  return label;
}

/* check | title, account and day | size */
GtkWidget *
bobbin_clean_up_row_widget_new (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *middle = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *size = gtk_label_new (NULL);

  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), check);
  g_object_set_data (G_OBJECT (box), "check", check);
  g_object_set_data (G_OBJECT (box), "title", make_label (middle, NULL, TRUE));
  g_object_set_data (G_OBJECT (box), "details", make_label (middle, "dim-label", TRUE));
  gtk_widget_set_hexpand (middle, TRUE);
  gtk_box_append (GTK_BOX (box), middle);
  gtk_widget_add_css_class (size, "dim-label");
  gtk_widget_add_css_class (size, "numeric");
  gtk_box_append (GTK_BOX (box), size);
  g_object_set_data (G_OBJECT (box), "size", size);
  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  gtk_widget_set_margin_start (box, 6);
  gtk_widget_set_margin_end (box, 6);

  return box;
}

static void
toggled_cb (GtkCheckButton   *check,
            BobbinCleanUpRow *self)
{
  if (self->callback != NULL)
    self->callback (self, !gtk_check_button_get_active (check), self->user_data);
}

void
bobbin_clean_up_row_bind (BobbinCleanUpRow *self,
                          GtkWidget        *widget,
                          gboolean          kept,
                          gint64            now_us,
                          BobbinCleanUpKept callback,
                          gpointer          user_data)
{
  GtkWidget *check = g_object_get_data (G_OBJECT (widget), "check");
  const char *title = self->size.title != NULL && *self->size.title != '\0' ? self->size.title : _("New Conversation");
  g_autofree char *day = bobbin_time_dup_short (self->size.last_used_us, now_us);
  /* Translators: %1$s is the name of an account, %2$s a day. */
  g_autofree char *details = g_strdup_printf (_("%1$s · last used %2$s"), self->account, day);
  g_autofree char *size = bobbin_text_size (self->size.size);

  self->callback = NULL;
  gtk_label_set_label (g_object_get_data (G_OBJECT (widget), "title"), title);
  gtk_label_set_label (g_object_get_data (G_OBJECT (widget), "details"), details);
  gtk_label_set_label (g_object_get_data (G_OBJECT (widget), "size"), size);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), !kept);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  self->callback = callback;
  self->user_data = user_data;
  g_signal_connect_object (check, "toggled", G_CALLBACK (toggled_cb), self, 0);
  g_object_set_data (G_OBJECT (widget), "row", self);
}

void
bobbin_clean_up_row_unbind (GtkWidget *widget)
{
  BobbinCleanUpRow *self = g_object_get_data (G_OBJECT (widget), "row");

  if (self == NULL)
    return;

  self->callback = NULL;
  g_signal_handlers_disconnect_by_func (g_object_get_data (G_OBJECT (widget), "check"), toggled_cb, self);
  g_object_set_data (G_OBJECT (widget), "row", NULL);
}
