#include "config.h"

#include "stage.h"

#include <adwaita.h>
#include <time.h>

#define PATIENCE_US (10 * G_USEC_PER_SEC)
#define FRAMES_MAX  50

void
stage_init (void)
{
  g_autoptr(GtkCssProvider) provider = NULL;
  GdkDisplay *display;

  adw_init ();
  display = gdk_display_get_default ();
  provider = gtk_css_provider_new ();
  gtk_css_provider_load_from_resource (provider, BOBBIN_APP_PATH "/style.css");
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (provider), GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (display), BOBBIN_APP_PATH "/icons");
}

static gint64 stall_us;

static gint64
cpu_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static gboolean
iterate (gboolean may_block)
{
  gint64 before = cpu_us ();
  gboolean dispatched = g_main_context_iteration (NULL, may_block);

  stall_us = MAX (stall_us, cpu_us () - before);
  return dispatched;
}

gint64
stage_take_stall (void)
{
  gint64 longest = stall_us;

  stall_us = 0;
  return longest;
}

void
stage_assert_stall (gint64 longest_us)
{
  if (g_getenv ("BOBBIN_SANITIZED") == NULL)
    g_assert_cmpint (longest_us, <, 100000);
}

static gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

gboolean
stage_wait (StageCondition condition,
            gpointer       data)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_US;
  guint wake = g_timeout_add (20, wake_cb, NULL); /* the time must be looked at now and then */
  gboolean met;

  while (!(met = condition (data)) && g_get_monotonic_time () < end)
    iterate (TRUE);
  g_source_remove (wake);

  return met;
}

static void
painted_cb (GdkFrameClock *clock,
            gboolean      *ret_painted)
{
  *ret_painted = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

void
stage_frame (GtkWidget *window)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);
  gboolean painted = FALSE;
  gulong id = g_signal_connect (clock, "after-paint", G_CALLBACK (painted_cb), &painted);

  gdk_frame_clock_request_phase (clock, GDK_FRAME_CLOCK_PHASE_AFTER_PAINT);
  g_assert_true (stage_wait (is_true, &painted));
  g_signal_handler_disconnect (clock, id);
}

void
stage_settle (GtkWidget *window)
{
  guint n = 0;

  do
    {
      stage_frame (window);
      while (iterate (FALSE))
        ;
    }
  while (++n < 3);
}

static gboolean
is_mapped (gpointer window)
{
  return gtk_widget_get_mapped (window) && gtk_widget_get_width (window) > 0;
}

GtkWidget *
stage_new (GtkWidget *child,
           int        width,
           int        height)
{
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_child (GTK_WINDOW (window), child);
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_present (GTK_WINDOW (window));
  g_assert_true (stage_wait (is_mapped, window));
  stage_settle (window);

  return window;
}

void
stage_free (GtkWidget *window)
{
  gtk_window_destroy (GTK_WINDOW (window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static gboolean
is_named (GtkWidget  *widget,
          const char *label)
{
  if (label == NULL)
    return TRUE;
  if (GTK_IS_ACTIONABLE (widget) && g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), label) == 0)
    return TRUE;
  if (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)
    return TRUE;
  if (GTK_IS_LABEL (widget) && g_strcmp0 (gtk_label_get_label (GTK_LABEL (widget)), label) == 0)
    return TRUE;

  return g_strcmp0 (gtk_widget_get_tooltip_text (widget), label) == 0;
}

GtkWidget *
stage_find (GtkWidget  *widget,
            GType       type,
            const char *label)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type) && is_named (widget, label))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = stage_find (child, type, label);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static GtkWidget *
find_after (GtkWidget *widget,
            GtkWidget *after,
            GType      type,
            gboolean  *passed)
{
  if (*passed && G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  if (widget == after)
    *passed = TRUE;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_after (child, after, type, passed);

      if (found != NULL)
        return found;
    }

  return NULL;
}

GtkWidget *
stage_find_next (GtkWidget *widget,
                 GtkWidget *after,
                 GType      type)
{
  gboolean passed = FALSE;

  return find_after (widget, after, type, &passed);
}

typedef struct
{
  char    *text;
  gboolean done;
} Reading;

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Reading *reading = user_data;

  reading->text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
  reading->done = TRUE;
}

char *
stage_clipboard (GtkWidget *widget)
{
  Reading reading = { NULL, FALSE };

  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (widget), NULL, read_cb, &reading);
  g_assert_true (stage_wait (is_true, &reading.done));

  return reading.text;
}
