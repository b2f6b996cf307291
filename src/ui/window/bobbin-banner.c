#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "window/bobbin-banner.h"

#include "app/bobbin-failure-text.h"
#include "app/bobbin-fit.h"
#include "app/bobbin-note.h"
#include "app/bobbin-scroller.h"

#include <glib/gi18n.h>

#define GAP   9
#define LEAST 64 /* pixels of height of what it says, in the lowest window */

struct _BobbinBanner
{
  GtkWidget parent_instance;

  /* owned, as child */
  GtkRevealer *revealer; /* NULL until there was something to say */
  /* borrowed, within it */
  GtkWidget   *bar;
  GtkImage    *icon;
  GtkWidget   *scroller;
  GtkLabel    *label;
  GtkButton   *button;
  GtkButton   *dismiss;
};

G_DEFINE_FINAL_TYPE (BobbinBanner, bobbin_banner, GTK_TYPE_WIDGET)

enum
{
  PROP_REVEALED = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static const char *const style_classes[] = {
  [BOBBIN_BANNER_STYLE_INFO] = "info",
  [BOBBIN_BANNER_STYLE_WARNING] = "warning",
  [BOBBIN_BANNER_STYLE_ERROR] = "error",
};

static const char *const style_icons[] = {
  [BOBBIN_BANNER_STYLE_INFO] = "bobbin-info-symbolic",
  [BOBBIN_BANNER_STYLE_WARNING] = "bobbin-warning-symbolic",
  [BOBBIN_BANNER_STYLE_ERROR] = "bobbin-error-symbolic",
};

static void
make_contents (BobbinBanner *self)
{
  GtkWidget *close = gtk_button_new_from_icon_name ("bobbin-close-symbolic");
  GtkWidget *text = gtk_label_new (NULL);
  GtkWidget *button = gtk_button_new ();
  GtkWidget *note = bobbin_note_new (text, button, GAP);

  self->bar = g_object_new (GTK_TYPE_BOX, "spacing", GAP, "accessible-role", GTK_ACCESSIBLE_ROLE_STATUS, NULL);
  gtk_widget_add_css_class (self->bar, "bar");
  self->icon = GTK_IMAGE (gtk_image_new ());
  gtk_widget_set_valign (GTK_WIDGET (self->icon), GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (self->bar), GTK_WIDGET (self->icon));

  self->label = GTK_LABEL (text);
  gtk_label_set_wrap (self->label, TRUE);
  gtk_label_set_wrap_mode (self->label, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (self->label, 0);

  self->button = GTK_BUTTON (button);
  gtk_button_set_label (self->button, "");
  bobbin_fit_button (self->button);
  self->scroller = bobbin_scroller_new (note, LEAST);
  gtk_widget_set_hexpand (self->scroller, TRUE);
  gtk_box_append (GTK_BOX (self->bar), self->scroller);

  self->dismiss = GTK_BUTTON (close);
  gtk_widget_add_css_class (close, "flat");
  gtk_widget_add_css_class (close, "circular");
  gtk_widget_set_valign (close, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (close, _("Dismiss"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (close), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Dismiss"), -1);
  gtk_box_append (GTK_BOX (self->bar), close);

  self->revealer = GTK_REVEALER (gtk_revealer_new ());
  gtk_revealer_set_child (self->revealer, self->bar);
  bobbin_fit_revealer (self->revealer);
  gtk_widget_set_parent (GTK_WIDGET (self->revealer), GTK_WIDGET (self));
}

static void
bobbin_banner_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  BobbinBanner *self = BOBBIN_BANNER (object);

  switch (prop_id)
    {
    case PROP_REVEALED:
      g_value_set_boolean (value, bobbin_banner_get_revealed (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_banner_dispose (GObject *object)
{
  BobbinBanner *self = BOBBIN_BANNER (object);

  if (self->revealer != NULL)
    gtk_widget_unparent (GTK_WIDGET (g_steal_pointer (&self->revealer)));

  G_OBJECT_CLASS (bobbin_banner_parent_class)->dispose (object);
}

static void
bobbin_banner_class_init (BobbinBannerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = bobbin_banner_get_property;
  object_class->dispose = bobbin_banner_dispose;

  props[PROP_REVEALED] =
    g_param_spec_boolean ("revealed", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "bobbinbanner");
}

static void
bobbin_banner_init (BobbinBanner *self)
{
}

GtkWidget *
bobbin_banner_new (void)
{
  return g_object_new (BOBBIN_TYPE_BANNER, NULL);
}

static void
set_style (BobbinBanner     *self,
           BobbinBannerStyle style)
{
  for (guint i = 0; i < G_N_ELEMENTS (style_classes); i++)
    {
      if (i == style)
        gtk_widget_add_css_class (self->bar, style_classes[i]);
      else
        gtk_widget_remove_css_class (self->bar, style_classes[i]);
    }

  gtk_image_set_from_icon_name (self->icon, style_icons[style]);
}

void
bobbin_banner_show (BobbinBanner     *self,
                    BobbinBannerStyle style,
                    const char       *text,
                    const char       *detail,
                    const char       *button_label,
                    const char       *action_name,
                    const char       *dismiss_action)
{
  g_return_if_fail (BOBBIN_IS_BANNER (self));
  g_return_if_fail (text != NULL);

  if (self->revealer == NULL)
    make_contents (self);

  set_style (self, style);
  gtk_label_set_text (self->label, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->label), detail);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  bobbin_scroller_set_label (BOBBIN_SCROLLER (self->scroller), text);

  gtk_widget_set_visible (GTK_WIDGET (self->button), action_name != NULL);
  if (action_name != NULL)
    {
      gtk_button_set_label (self->button, button_label);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), action_name);
    }

  gtk_widget_set_visible (GTK_WIDGET (self->dismiss), dismiss_action != NULL);
  if (dismiss_action != NULL)
    gtk_actionable_set_action_name (GTK_ACTIONABLE (self->dismiss), dismiss_action);

  if (gtk_revealer_get_reveal_child (self->revealer))
    return;

  gtk_revealer_set_reveal_child (self->revealer, TRUE);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_REVEALED]);
}

void
bobbin_banner_hide (BobbinBanner *self)
{
  g_return_if_fail (BOBBIN_IS_BANNER (self));

  if (!bobbin_banner_get_revealed (self))
    return;

  /* Focus on a button that goes away moves to what comes next instead of nowhere. */
  if (gtk_widget_get_focus_child (GTK_WIDGET (self)) != NULL)
    gtk_widget_child_focus (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))), GTK_DIR_TAB_FORWARD);

  gtk_revealer_set_reveal_child (self->revealer, FALSE);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_REVEALED]);
}

gboolean
bobbin_banner_get_revealed (BobbinBanner *self)
{
  g_return_val_if_fail (BOBBIN_IS_BANNER (self), FALSE);

  return self->revealer != NULL && gtk_revealer_get_reveal_child (self->revealer);
}

const char *
bobbin_banner_get_text (BobbinBanner *self)
{
  g_return_val_if_fail (BOBBIN_IS_BANNER (self), NULL);

  return bobbin_banner_get_revealed (self) ? gtk_label_get_text (self->label) : NULL;
}

/* The connection */

static void
show_failed (BobbinBanner                *self,
             const BobbinConnectionFacts *facts,
             const char                  *text)
{
  g_autofree char *detail = facts->failure != NULL ? bobbin_failure_dup_detail (facts->failure) : NULL;
  BobbinFailureAction action = facts->failure != NULL ? bobbin_failure_get_action (facts->failure)
                                                      : BOBBIN_FAILURE_ACTION_TRY_AGAIN;
  const char *name = "conversation.try-now";

  /* Where there is no key there is no address either: nothing to edit. */
  if (action == BOBBIN_FAILURE_ACTION_EDIT_ACCOUNT && !facts->keyless)
    name = "win.edit-current-account";
  else
    action = BOBBIN_FAILURE_ACTION_TRY_AGAIN;

  bobbin_banner_show (self, BOBBIN_BANNER_STYLE_ERROR, text, detail,
                      bobbin_failure_action_get_label (action), name, NULL);
}

void
bobbin_banner_show_connection (BobbinBanner                *self,
                               const BobbinConnectionFacts *facts,
                               BobbinBannerKind             kind)
{
  g_autofree char *text = NULL;

  g_return_if_fail (BOBBIN_IS_BANNER (self));

  text = bobbin_connection_dup_banner (facts, kind);
  switch (kind)
    {
    case BOBBIN_BANNER_UNENCRYPTED:
      bobbin_banner_show (self, BOBBIN_BANNER_STYLE_WARNING, text, NULL, _("Edit Account…"), "win.edit-current-account", NULL);
      break;
    case BOBBIN_BANNER_EXPIRES:
      bobbin_banner_show (self, BOBBIN_BANNER_STYLE_INFO, text, NULL, NULL, NULL, "conversation.dismiss");
      break;
    case BOBBIN_BANNER_KEY_EXPIRES:
      bobbin_banner_show (self, BOBBIN_BANNER_STYLE_WARNING, text, NULL, _("Enter New Key…"),
                          "win.edit-current-account", "conversation.dismiss");
      break;
    case BOBBIN_BANNER_CONTEXT:
      bobbin_banner_show (self, BOBBIN_BANNER_STYLE_INFO, text, NULL, _("Send It Along"),
                          "conversation.send-context", "conversation.dismiss");
      break;
    case BOBBIN_BANNER_CONNECTING:
      bobbin_banner_show (self, BOBBIN_BANNER_STYLE_INFO, text, NULL, NULL, NULL, NULL);
      break;
    case BOBBIN_BANNER_BACKOFF:
    case BOBBIN_BANNER_OFFLINE:
      bobbin_banner_show (self, BOBBIN_BANNER_STYLE_WARNING, text, NULL, _("Try Now"),
                          "conversation.try-now", NULL);
      break;
    case BOBBIN_BANNER_NEEDS_KEY:
      bobbin_banner_show (self, BOBBIN_BANNER_STYLE_WARNING, text, NULL, _("Enter Key…"),
                          "win.edit-current-account", NULL);
      break;
    case BOBBIN_BANNER_FAILED:
      show_failed (self, facts, text);
      break;
    case BOBBIN_BANNER_NONE:
    case BOBBIN_N_BANNERS:
    default:
      bobbin_banner_hide (self);
      break;
    }
}
