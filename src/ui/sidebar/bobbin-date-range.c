#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "sidebar/bobbin-date-range.h"

#include "app/bobbin-time-text.h"

#include <glib/gi18n.h>

#define SPACING 6
#define NOON    12

enum { FIRST, LAST, N_DAYS };

struct _BobbinDateRange
{
  GtkPopover parent_instance;

  gint64       days[N_DAYS];
  guint        shown;          /* which of the two the calendar is about */
  gboolean     filling;        /* the calendar is being set by us */
  /* borrowed, as children */
  GtkToggleButton *buttons[N_DAYS];
  GtkLabel        *values[N_DAYS];
  GtkCalendar     *calendar;
  GtkWidget       *other;      /* today, which the calendar marks as if it were chosen; or any day */
};

G_DEFINE_FINAL_TYPE (BobbinDateRange, bobbin_date_range, GTK_TYPE_POPOVER)

static guint changed_signal;

/* Translators: the two ends of a span of days */
static const char *const titles[N_DAYS] = { NC_("date", "From"), NC_("date", "Until") };

static GDateTime *
local_day (gint64 day_us)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (day_us / G_USEC_PER_SEC);

  return utc != NULL ? g_date_time_to_local (utc) : NULL;
}

static char *
dup_day (gint64 day_us)
{
  g_autoptr(GDateTime) day = local_day (day_us);

  return day != NULL ? g_date_time_format (day, "%x") : g_strdup ("");
}

char *
bobbin_date_range_dup_text (gint64 first_us,
                            gint64 last_us)
{
  g_autofree char *first = first_us != 0 ? dup_day (first_us) : NULL;
  g_autofree char *last = last_us != 0 ? dup_day (last_us) : NULL;

  if (first != NULL && last != NULL && first_us != last_us)
    /* Translators: a span of days, each as 31.01.2026 */
    return g_strdup_printf (C_("date", "%1$s – %2$s"), first, last);
  if (first != NULL && last != NULL)
    return g_steal_pointer (&first);
  if (first != NULL)
    /* Translators: %s is a day */
    return g_strdup_printf (C_("date", "From %s"), first);
  if (last != NULL)
    /* Translators: %s is a day */
    return g_strdup_printf (C_("date", "Until %s"), last);

  return NULL;
}

static void
update (BobbinDateRange *self)
{
  g_autoptr(GDateTime) day = self->days[self->shown] != 0 ? local_day (self->days[self->shown]) : g_date_time_new_now_local ();

  for (guint i = 0; i < N_DAYS; i++)
    {
      const char *title = g_dpgettext2 (NULL, "date", titles[i]);
      g_autofree char *value = self->days[i] != 0 ? dup_day (self->days[i]) : g_strdup (C_("date", "Any Day"));
      /* Translators: the name of a filter and what it is set to, for a screen reader */
      g_autofree char *name = g_strdup_printf (_("%1$s: %2$s"), title, value);

      gtk_label_set_label (self->values[i], value);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->buttons[i]), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    }
  gtk_button_set_label (GTK_BUTTON (self->other), self->days[self->shown] != 0 ? _("_Any Day") : _("_Today"));
  if (day == NULL)
    return;

  self->filling = TRUE;
  gtk_calendar_select_day (self->calendar, day);
  self->filling = FALSE;
}

/* The other end gives way: a span that holds no day finds nothing. */
static void
take (BobbinDateRange *self,
      gint64           day_us)
{
  guint other = self->shown == FIRST ? LAST : FIRST;
  gboolean crossed = self->shown == FIRST ? day_us > self->days[LAST] : day_us < self->days[FIRST];

  if (self->days[self->shown] == day_us)
    return;

  self->days[self->shown] = day_us;
  if (day_us != 0 && self->days[other] != 0 && crossed)
    self->days[other] = day_us;
  update (self);
  g_signal_emit (self, changed_signal, 0);
}

static void
day_selected_cb (GtkCalendar     *calendar,
                 BobbinDateRange *self)
{
  g_autoptr(GDateTime) chosen = gtk_calendar_get_date (calendar);
  g_autoptr(GDateTime) noon = NULL;

  if (self->filling)
    return;

  /* Where clocks are put forward at midnight, there is none. */
  noon = g_date_time_new_local (g_date_time_get_year (chosen), g_date_time_get_month (chosen), g_date_time_get_day_of_month (chosen), NOON,
                                0, 0);
  if (noon != NULL)
    take (self, bobbin_time_day_start (g_date_time_to_unix (noon) * G_USEC_PER_SEC, 0));
}

static void
other_cb (GtkButton       *button,
          BobbinDateRange *self)
{
  take (self, self->days[self->shown] != 0 ? 0 : bobbin_time_day_start (g_get_real_time (), 0));
}

static void
toggled_cb (GtkToggleButton *button,
            BobbinDateRange *self)
{
  if (!gtk_toggle_button_get_active (button))
    return;

  self->shown = button == self->buttons[LAST] ? LAST : FIRST;
  update (self);
}

/* GtkCalendar gives its arrows no names (4.8 to 4.18); they stand in this order. */
static void
name_arrows (GtkWidget *widget,
             guint     *n)
{
  const char *const names[] = { _("Previous Month"), _("Next Month"), _("Previous Year"), _("Next Year") };

  if (GTK_IS_BUTTON (widget) && *n < G_N_ELEMENTS (names))
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, names[(*n)++], -1);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    name_arrows (child, n);
}

static GtkWidget *
make_day_button (BobbinDateRange *self,
                 guint            i)
{
  GtkWidget *button = gtk_toggle_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *caption = gtk_label_new (g_dpgettext2 (NULL, "date", titles[i]));
  GtkWidget *value = gtk_label_new (NULL);

  gtk_widget_add_css_class (caption, "caption");
  gtk_widget_add_css_class (value, "numeric");
  gtk_box_append (GTK_BOX (box), caption);
  gtk_box_append (GTK_BOX (box), value);
  gtk_button_set_child (GTK_BUTTON (button), box);
  self->values[i] = GTK_LABEL (value);
  self->buttons[i] = GTK_TOGGLE_BUTTON (button);

  return button;
}

static void
bobbin_date_range_class_init (BobbinDateRangeClass *klass)
{
  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bobbin_date_range_init (BobbinDateRange *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, SPACING);
  GtkWidget *days = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  guint n_arrows = 0;

  gtk_widget_add_css_class (GTK_WIDGET (self), "date-range");
  gtk_widget_add_css_class (days, "linked");
  gtk_box_set_homogeneous (GTK_BOX (days), TRUE);
  for (guint i = 0; i < N_DAYS; i++)
    gtk_box_append (GTK_BOX (days), make_day_button (self, i));
  gtk_toggle_button_set_group (self->buttons[LAST], self->buttons[FIRST]);
  gtk_toggle_button_set_active (self->buttons[FIRST], TRUE);
  self->calendar = GTK_CALENDAR (gtk_calendar_new ());
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->calendar), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Day"), -1);
  name_arrows (GTK_WIDGET (self->calendar), &n_arrows);
  self->other = gtk_button_new ();
  gtk_button_set_use_underline (GTK_BUTTON (self->other), TRUE);
  gtk_widget_add_css_class (self->other, "flat");

  gtk_box_append (GTK_BOX (box), days);
  /* With text of twice its size it is wider than a telephone. */
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_AUTOMATIC, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_propagate_natural_width (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->calendar));
  gtk_box_append (GTK_BOX (box), scroller);
  gtk_box_append (GTK_BOX (box), self->other);
  gtk_popover_set_child (GTK_POPOVER (self), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Dates"), -1);

  for (guint i = 0; i < N_DAYS; i++)
    g_signal_connect (self->buttons[i], "toggled", G_CALLBACK (toggled_cb), self);
  g_signal_connect (self->calendar, "day-selected", G_CALLBACK (day_selected_cb), self);
  g_signal_connect (self->other, "clicked", G_CALLBACK (other_cb), self);
  update (self);
}

GtkWidget *
bobbin_date_range_new (void)
{
  return g_object_new (BOBBIN_TYPE_DATE_RANGE, NULL);
}

void
bobbin_date_range_set (BobbinDateRange *self,
                       gint64           first_us,
                       gint64           last_us)
{
  g_return_if_fail (BOBBIN_IS_DATE_RANGE (self));

  self->days[FIRST] = first_us;
  self->days[LAST] = last_us;
  update (self);
}

void
bobbin_date_range_get (BobbinDateRange *self,
                       gint64          *ret_first_us,
                       gint64          *ret_last_us)
{
  g_return_if_fail (BOBBIN_IS_DATE_RANGE (self));

  *ret_first_us = self->days[FIRST];
  *ret_last_us = self->days[LAST];
}
