#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "account/bobbin-welcome.h"

#include "app/bobbin-fit.h"

#include <adwaita.h>

/* Below this height, in pixels, there is no room for the picture. */
#define LOW_WINDOW 480

struct _BobbinWelcome
{
  GtkWidget parent_instance;

  GtkWidget     *box;
  BobbinBanner  *notice_bar;
  AdwStatusPage *page;
  GtkWidget     *demo;
  GtkButton     *add;
};

G_DEFINE_FINAL_TYPE (BobbinWelcome, bobbin_welcome, GTK_TYPE_WIDGET)

static void
bobbin_welcome_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), BOBBIN_TYPE_WELCOME);

  G_OBJECT_CLASS (bobbin_welcome_parent_class)->dispose (object);
}

/* In a low window the picture gives way to the buttons. */
static void
surface_layout_cb (BobbinWelcome *self,
                   int            width,
                   int            height)
{
  gboolean low = height < LOW_WINDOW;

  if (low == gtk_widget_has_css_class (GTK_WIDGET (self->page), "compact"))
    return;

  if (low)
    gtk_widget_add_css_class (GTK_WIDGET (self->page), "compact");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->page), "compact");
  adw_status_page_set_icon_name (self->page, low ? NULL : BOBBIN_APP_ID);
}

/* The first thing to do is a key press away. Not before it is shown: until the window has its
 * application the button's action is not there, and an insensitive button takes no focus. */
static void
bobbin_welcome_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (bobbin_welcome_parent_class)->map (widget);
  gtk_root_set_focus (gtk_widget_get_root (widget), BOBBIN_WELCOME (widget)->demo);
  g_signal_connect_object (gtk_native_get_surface (gtk_widget_get_native (widget)), "layout",
                           G_CALLBACK (surface_layout_cb), widget, G_CONNECT_SWAPPED);
}

static void
bobbin_welcome_unmap (GtkWidget *widget)
{
  g_signal_handlers_disconnect_by_func (gtk_native_get_surface (gtk_widget_get_native (widget)), surface_layout_cb, widget);
  GTK_WIDGET_CLASS (bobbin_welcome_parent_class)->unmap (widget);
}

static void
bobbin_welcome_class_init (BobbinWelcomeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_welcome_dispose;
  widget_class->map = bobbin_welcome_map;
  widget_class->unmap = bobbin_welcome_unmap;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "bobbinwelcome");
  g_type_ensure (BOBBIN_TYPE_BANNER);
  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_APP_PATH "/ui/bobbin-welcome.ui");
  /* The outermost child must be bound, or gtk_widget_dispose_template() leaves it behind. */
  gtk_widget_class_bind_template_child (widget_class, BobbinWelcome, box);
  gtk_widget_class_bind_template_child (widget_class, BobbinWelcome, notice_bar);
  gtk_widget_class_bind_template_child (widget_class, BobbinWelcome, page);
  gtk_widget_class_bind_template_child (widget_class, BobbinWelcome, demo);
  gtk_widget_class_bind_template_child (widget_class, BobbinWelcome, add);
}

static void
bobbin_welcome_init (BobbinWelcome *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  bobbin_fit_button (GTK_BUTTON (self->demo));
  bobbin_fit_button (self->add);
  adw_status_page_set_icon_name (self->page, BOBBIN_APP_ID);
}

GtkWidget *
bobbin_welcome_new (void)
{
  return g_object_new (BOBBIN_TYPE_WELCOME, NULL);
}

BobbinBanner *
bobbin_welcome_get_notice_bar (BobbinWelcome *self)
{
  g_return_val_if_fail (BOBBIN_IS_WELCOME (self), NULL);

  return self->notice_bar;
}
