#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-find-bar.h"

#include <glib/gi18n.h>

struct _BobbinFindBar
{
  GtkWidget    parent_instance;
  /* template children */
  GtkRevealer *revealer;
  GtkEditable *entry;
  GtkLabel    *count;
  GtkWidget   *previous;
  GtkWidget   *next;
};

enum { SIGNAL_SEARCH, SIGNAL_STEP, SIGNAL_CLOSED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BobbinFindBar, bobbin_find_bar, GTK_TYPE_WIDGET)

static void
changed_cb (BobbinFindBar *self)
{
  g_signal_emit (self, signals[SIGNAL_SEARCH], 0, gtk_editable_get_text (self->entry));
}

static void
next_cb (BobbinFindBar *self)
{
  g_signal_emit (self, signals[SIGNAL_STEP], 0, 1);
}

static void
previous_cb (BobbinFindBar *self)
{
  g_signal_emit (self, signals[SIGNAL_STEP], 0, -1);
}

static void
close_cb (BobbinFindBar *self)
{
  bobbin_find_bar_close (self);
}

/* The entry has Enter; Shift+Enter and F3 are looked at before it. */
static gboolean
key_cb (BobbinFindBar   *self,
        guint            key,
        guint            code,
        GdkModifierType  modifiers)
{
  gboolean shift = (modifiers & GDK_SHIFT_MASK) != 0;

  if (key == GDK_KEY_F3 || (shift && (key == GDK_KEY_Return || key == GDK_KEY_KP_Enter)))
    {
      g_signal_emit (self, signals[SIGNAL_STEP], 0, shift ? -1 : 1);
      return GDK_EVENT_STOP;
    }

  return GDK_EVENT_PROPAGATE;
}

static void
bobbin_find_bar_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), BOBBIN_TYPE_FIND_BAR);

  G_OBJECT_CLASS (bobbin_find_bar_parent_class)->dispose (object);
}

static void
bobbin_find_bar_class_init (BobbinFindBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_find_bar_dispose;

  signals[SIGNAL_SEARCH] = g_signal_new ("search", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_STEP] = g_signal_new ("step", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_css_name (widget_class, "findbar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_SEARCH);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_APP_PATH "/ui/bobbin-find-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinFindBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, BobbinFindBar, entry);
  gtk_widget_class_bind_template_child (widget_class, BobbinFindBar, count);
  gtk_widget_class_bind_template_child (widget_class, BobbinFindBar, previous);
  gtk_widget_class_bind_template_child (widget_class, BobbinFindBar, next);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_cb);
  gtk_widget_class_bind_template_callback (widget_class, previous_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_cb);
}

static void
bobbin_find_bar_init (BobbinFindBar *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
bobbin_find_bar_open (BobbinFindBar *self,
                      const char    *text)
{
  g_return_if_fail (BOBBIN_IS_FIND_BAR (self));

  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
  if (text != NULL && g_strcmp0 (text, gtk_editable_get_text (self->entry)) != 0)
    gtk_editable_set_text (self->entry, text);
  else
    changed_cb (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  gtk_editable_select_region (self->entry, 0, -1);
}

void
bobbin_find_bar_close (BobbinFindBar *self)
{
  g_return_if_fail (BOBBIN_IS_FIND_BAR (self));

  if (!bobbin_find_bar_get_open (self))
    return;

  gtk_revealer_set_reveal_child (self->revealer, FALSE);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

gboolean
bobbin_find_bar_get_open (BobbinFindBar *self)
{
  g_return_val_if_fail (BOBBIN_IS_FIND_BAR (self), FALSE);

  return gtk_widget_get_visible (GTK_WIDGET (self));
}

const char *
bobbin_find_bar_get_text (BobbinFindBar *self)
{
  g_return_val_if_fail (BOBBIN_IS_FIND_BAR (self), NULL);

  return gtk_editable_get_text (self->entry);
}

void
bobbin_find_bar_set_count (BobbinFindBar *self,
                           guint          index,
                           guint          n,
                           gboolean       busy)
{
  g_autofree char *text = NULL;
  gboolean nothing = *gtk_editable_get_text (self->entry) == '\0';

  g_return_if_fail (BOBBIN_IS_FIND_BAR (self));

  if (nothing)
    text = g_strdup ("");
  else if (n == 0)
    text = g_strdup (busy ? _("Searching…") : _("No matches"));
  else if (index >= n)
    text = g_strdup_printf (ngettext ("%u match", "%u matches", n), n);
  else
    /* Translators: which match of how many: “3 of 17” */
    text = g_strdup_printf (_("%1$u of %2$u"), index + 1, n);

  gtk_label_set_label (self->count, text);
  gtk_widget_set_sensitive (self->previous, n > 0);
  gtk_widget_set_sensitive (self->next, n > 0);
  if (n == 0 && !busy && !nothing)
    gtk_widget_add_css_class (GTK_WIDGET (self->entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "error");
}
