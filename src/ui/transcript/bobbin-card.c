#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-card.h"

struct _BobbinCard
{
  GtkWidget        parent_instance;
  /* template children */
  GtkWidget       *head;
  GtkImage        *icon;
  GtkLabel        *title;
  GtkLabel        *detail;
  GtkLabel        *status;
  GtkImage        *arrow;
  /* owned */
  BobbinViewState *state;
  gint64           block_id;
  char            *status_class;  /* (nullable) */
  GtkWidget       *content;       /* (nullable) child */
  BobbinCardFunc   func;
  gpointer         data;
  GDestroyNotify   destroy;
  gboolean         expanded;
  gboolean         head_only;
  gboolean         inverted;      /* unfolded at first: the view state keeps that it was folded */
};

G_DEFINE_FINAL_TYPE (BobbinCard, bobbin_card, GTK_TYPE_WIDGET)

static void
update_content (BobbinCard *self)
{
  if (self->expanded && self->content == NULL && self->func != NULL)
    {
      self->content = self->func (self, self->data);
      gtk_widget_add_css_class (self->content, "card-content");
      gtk_widget_insert_after (self->content, GTK_WIDGET (self), self->head);
    }
  else if (!self->expanded)
    {
      g_clear_pointer (&self->content, gtk_widget_unparent);
    }

  gtk_image_set_from_icon_name (self->arrow, self->expanded ? "bobbin-down-symbolic" : "bobbin-next-symbolic");
  gtk_widget_set_visible (GTK_WIDGET (self->arrow), self->func != NULL || self->head_only);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->head), GTK_ACCESSIBLE_STATE_EXPANDED, self->expanded, -1);
}

/* The head is named by all it says. */
static void
update_name (BobbinCard *self)
{
  GString *name = g_string_new (gtk_label_get_label (self->title));

  if (*gtk_label_get_label (self->detail) != '\0')
    g_string_append_printf (name, ", %s", gtk_label_get_label (self->detail));
  if (gtk_widget_get_visible (GTK_WIDGET (self->status)))
    g_string_append_printf (name, ", %s", gtk_label_get_label (self->status));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->head), GTK_ACCESSIBLE_PROPERTY_LABEL, name->str, -1);
  g_string_free (name, TRUE);
}

static void
toggle_cb (BobbinCard *self)
{
  if (self->func != NULL || self->head_only)
    bobbin_card_set_expanded (self, !self->expanded);
}

static void
bobbin_card_dispose (GObject *object)
{
  BobbinCard *self = BOBBIN_CARD (object);

  g_clear_pointer (&self->content, gtk_widget_unparent);
  if (self->destroy != NULL)
    g_clear_pointer (&self->data, self->destroy);
  self->destroy = NULL;
  self->func = NULL;
  gtk_widget_dispose_template (GTK_WIDGET (self), BOBBIN_TYPE_CARD);

  G_OBJECT_CLASS (bobbin_card_parent_class)->dispose (object);
}

static void
bobbin_card_finalize (GObject *object)
{
  BobbinCard *self = BOBBIN_CARD (object);

  g_free (self->status_class);
  g_clear_pointer (&self->state, bobbin_view_state_unref);

  G_OBJECT_CLASS (bobbin_card_parent_class)->finalize (object);
}

static void
bobbin_card_class_init (BobbinCardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bobbin_card_dispose;
  object_class->finalize = bobbin_card_finalize;

  gtk_widget_class_set_css_name (widget_class, "blockcard");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_APP_PATH "/ui/bobbin-card.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinCard, head);
  gtk_widget_class_bind_template_child (widget_class, BobbinCard, icon);
  gtk_widget_class_bind_template_child (widget_class, BobbinCard, title);
  gtk_widget_class_bind_template_child (widget_class, BobbinCard, detail);
  gtk_widget_class_bind_template_child (widget_class, BobbinCard, status);
  gtk_widget_class_bind_template_child (widget_class, BobbinCard, arrow);
  gtk_widget_class_bind_template_callback (widget_class, toggle_cb);
  g_signal_new ("toggled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bobbin_card_init (BobbinCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))),
                                  GTK_ORIENTATION_VERTICAL);
}

GtkWidget *
bobbin_card_new (BobbinViewState *state,
                 gint64           block_id)
{
  BobbinCard *self = g_object_new (BOBBIN_TYPE_CARD, NULL);

  self->state = bobbin_view_state_ref (state);
  self->block_id = block_id;
  self->expanded = bobbin_view_state_get_expanded (state, block_id);
  update_content (self);

  return GTK_WIDGET (self);
}

void
bobbin_card_set_icon (BobbinCard *self,
                      const char *icon_name)
{
  g_return_if_fail (BOBBIN_IS_CARD (self));

  gtk_image_set_from_icon_name (self->icon, icon_name);
}

void
bobbin_card_set_title (BobbinCard *self,
                       const char *title)
{
  g_return_if_fail (BOBBIN_IS_CARD (self));

  gtk_label_set_label (self->title, title);
  update_name (self);
}

void
bobbin_card_set_detail (BobbinCard *self,
                        const char *detail)
{
  g_return_if_fail (BOBBIN_IS_CARD (self));

  gtk_label_set_label (self->detail, detail != NULL ? detail : "");
  update_name (self);
}

void
bobbin_card_set_status (BobbinCard *self,
                        const char *words,
                        const char *css_class)
{
  g_return_if_fail (BOBBIN_IS_CARD (self));

  gtk_label_set_label (self->status, words != NULL ? words : "");
  gtk_widget_set_visible (GTK_WIDGET (self->status), words != NULL);
  if (self->status_class != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self), self->status_class);
  g_free (self->status_class);
  self->status_class = g_strdup (css_class);
  if (css_class != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), css_class);
  update_name (self);
}

void
bobbin_card_set_func (BobbinCard     *self,
                      BobbinCardFunc  func,
                      gpointer        data,
                      GDestroyNotify  destroy)
{
  g_return_if_fail (BOBBIN_IS_CARD (self));
  g_return_if_fail (self->func == NULL);

  self->func = func;
  self->data = data;
  self->destroy = destroy;
  update_content (self);
}

void
bobbin_card_set_open_at_first (BobbinCard *self)
{
  g_return_if_fail (BOBBIN_IS_CARD (self));
  g_return_if_fail (self->func == NULL);

  self->inverted = TRUE;
  self->expanded = !self->expanded;
}

void
bobbin_card_set_head_only (BobbinCard *self)
{
  g_return_if_fail (BOBBIN_IS_CARD (self));

  self->head_only = TRUE;
  update_content (self);
}

void
bobbin_card_reload (BobbinCard *self)
{
  g_return_if_fail (BOBBIN_IS_CARD (self));

  g_clear_pointer (&self->content, gtk_widget_unparent);
  update_content (self);
}

GtkWidget *
bobbin_card_get_content (BobbinCard *self)
{
  g_return_val_if_fail (BOBBIN_IS_CARD (self), NULL);

  return self->content;
}

gboolean
bobbin_card_get_expanded (BobbinCard *self)
{
  g_return_val_if_fail (BOBBIN_IS_CARD (self), FALSE);

  return self->expanded;
}

void
bobbin_card_set_expanded (BobbinCard *self,
                          gboolean    expanded)
{
  g_return_if_fail (BOBBIN_IS_CARD (self));

  if (self->expanded == expanded)
    return;

  self->expanded = expanded;
  bobbin_view_state_set_expanded (self->state, self->block_id, expanded != self->inverted);
  update_content (self);
  g_signal_emit_by_name (self, "toggled");
}
