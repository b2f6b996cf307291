#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "sidebar/bobbin-sidebar-row.h"

#include "app/bobbin-label-text.h"
#include "app/bobbin-time-text.h"
#include "model/bobbin-thread.h"
#include "session/bobbin-library.h"
#include "sidebar/bobbin-activity-text.h"
#include "sidebar/bobbin-search-result.h"
#include "sidebar/bobbin-thread-groups.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-text.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define PAD_X       6
#define PAD_Y       7
#define GAP_X       6
#define GAP_Y       2
#define ICON_SIZE   16
#define SMALL       0.88
#define DIM         0.70
#define DIM_HIGH    0.9  /* with high contrast, as the style does it */
/* Longest text laid out, in bytes: a row shows some forty characters. */
#define MAX_BYTES   400
#define RESULT_LINES 2
#define DOT_SIZE    9
#define DOT_STEP    12
#define MAX_DOTS    4
#define CHECK_SIZE  20
#define DAY_US      (24 * 60 * 60 * (gint64) G_USEC_PER_SEC)

struct _BobbinSidebarRow
{
  GtkWidget parent_instance;

  /* owned */
  BobbinClock   *clock;
  GObject       *item;       /* (nullable) */
  gulong         notify_id;  /* on item */
  PangoLayout   *first;      /* the three are NULL until drawn, and again after a change */
  PangoLayout   *second;
  PangoLayout   *time;
  GListModel    *labels;     /* (nullable) */
  BobbinLabelColor dots[MAX_DOTS];
  guint          n_dots;
  /* owned, as child */
  GtkWidget     *check;      /* (nullable) GtkCheckButton, while many are picked */
  GtkWidget     *state;      /* (nullable) GtkImage or GtkSpinner */
  BobbinActivity activity;   /* what @state shows */
};

G_DEFINE_FINAL_TYPE (BobbinSidebarRow, bobbin_sidebar_row, GTK_TYPE_WIDGET)

static const char *
thread_title (BobbinThread *thread)
{
  const char *title = bobbin_thread_get_title (thread);

  return title != NULL && *title != '\0' ? title : _("New Conversation");
}

static void
clear_layouts (BobbinSidebarRow *self)
{
  g_clear_object (&self->first);
  g_clear_object (&self->second);
  g_clear_object (&self->time);
}

/* The labels of the thread by name; NULL: none. */
static char *
dup_label_names (BobbinSidebarRow *self)
{
  g_autoptr(GString) names = g_string_new (NULL);
  BobbinThread *thread = BOBBIN_IS_THREAD (self->item) ? BOBBIN_THREAD (self->item) : NULL;

  for (guint i = 0; thread != NULL && self->labels != NULL && i < g_list_model_get_n_items (self->labels); i++)
    {
      g_autoptr(BobbinLabel) label = g_list_model_get_item (self->labels, i);

      if (bobbin_thread_has_label (thread, bobbin_label_get_id (label)))
        /* Translators: between the names of labels. */
        g_string_append_printf (names, "%s%s", names->len > 0 ? C_("between labels", ", ") : "", bobbin_label_get_name (label));
    }
  if (names->len == 0)
    return NULL;

  /* Translators: %s is one or more names of labels. */
  return g_strdup_printf (_("Labels: %s"), names->str);
}

static void
update_labels (BobbinSidebarRow *self)
{
  g_autofree char *names = dup_label_names (self);

  self->n_dots = 0;
  for (guint i = 0; names != NULL && i < g_list_model_get_n_items (self->labels) && self->n_dots < MAX_DOTS; i++)
    {
      g_autoptr(BobbinLabel) label = g_list_model_get_item (self->labels, i);

      if (bobbin_thread_has_label (BOBBIN_THREAD (self->item), bobbin_label_get_id (label)))
        self->dots[self->n_dots++] = bobbin_label_get_color (label);
    }
  if (names != NULL || gtk_widget_get_has_tooltip (GTK_WIDGET (self)))
    gtk_widget_set_tooltip_text (GTK_WIDGET (self), names);
}

/* The day it leaves the bin. */
static char *
dup_removal (BobbinThread *thread)
{
  gint64 end_us = bobbin_thread_get_deleted_us (thread) + BOBBIN_LIBRARY_BIN_DAYS * DAY_US;
  g_autoptr(GDateTime) end = g_date_time_new_from_unix_local (end_us / G_USEC_PER_SEC);
  /* Translators: a day, as “28 December” (see g_date_time_format). */
  g_autofree char *day = end != NULL ? g_date_time_format (end, C_("day of removal", "%-d %B")) : NULL;

  /* Translators: %s is a day: when a deleted conversation goes for good. */
  return day != NULL ? g_strdup_printf (_("Removed on %s"), day) : NULL;
}

/* One line, valid, and no longer than a row could ever show. */
static char *
dup_line (const char *text)
{
  g_autofree char *cut = NULL;
  gsize length;

  if (text == NULL)
    return g_strdup ("");

  length = strlen (text);
  if (length > MAX_BYTES)
    length = (gsize) (g_utf8_find_prev_char (text, text + MAX_BYTES) - text);
  cut = g_strndup (text, length);

  return bobbin_text_clean_name (cut);
}

/* A last line as it is read: emphasis and headings of Markdown are told by looks, which a list
 * does not have. */
static char *
dup_snippet (const char *snippet)
{
  GString *plain = g_string_new (NULL);

  if (snippet == NULL)
    return g_string_free (plain, FALSE);

  while (*snippet == '#' || *snippet == '>' || g_ascii_isspace (*snippet))
    snippet++;
  for (const char *p = snippet; *p != '\0' && plain->len < MAX_BYTES; p++)
    {
      if ((p[0] == '*' && p[1] == '*') || (p[0] == '_' && p[1] == '_'))
        p++;
      else if (*p != '`')
        g_string_append_c (plain, *p);
    }

  return g_string_free (plain, FALSE);
}

static PangoLayout *
make_layout (BobbinSidebarRow *self,
             const char      *text,
             double           scale,
             gboolean         bold)
{
  g_autofree char *line = dup_line (text);
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), line);
  PangoAttrList *attributes = pango_attr_list_new ();

  if (scale != 1)
    pango_attr_list_insert (attributes, pango_attr_scale_new (scale));
  if (bold)
    pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_single_paragraph_mode (layout, TRUE);

  return layout;
}

static void
add_range (PangoLayout    *layout,
           PangoAttribute *attribute,
           guint           start,
           guint           end)
{
  PangoAttrList *attributes = pango_attr_list_copy (pango_layout_get_attributes (layout));

  attribute->start_index = start;
  attribute->end_index = end;
  pango_attr_list_insert (attributes, attribute);
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
}

/* What was said last, be it only to be said: of a draft its own words. */
static const char *
last_words (BobbinSidebarRow *self,
            BobbinThread     *thread)
{
  return self->activity == BOBBIN_ACTIVITY_DRAFT ? bobbin_thread_get_draft (thread) : bobbin_thread_get_snippet (thread);
}

static void
make_thread_layouts (BobbinSidebarRow *self,
                     BobbinThread    *thread)
{
  g_autofree char *when = bobbin_time_dup_short (bobbin_thread_get_last_used_us (thread),
                                                 bobbin_clock_now_us (self->clock));
  /* "Unread" is said by weight and dot, and to a screen reader; the others have a word of their
   * own. */
  const char *state = self->activity != BOBBIN_ACTIVITY_UNREAD ? bobbin_activity_get_label (self->activity) : NULL;
  const char *color = bobbin_activity_get_color (self->activity);
  g_autofree char *snippet = dup_snippet (last_words (self, thread));
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (self));
  g_autofree char *line = NULL;
  g_autofree char *removal = bobbin_thread_get_deleted_us (thread) != 0 ? dup_removal (thread) : NULL;
  GdkRGBA rgba;

  self->first = make_layout (self, thread_title (thread), 1, self->activity == BOBBIN_ACTIVITY_UNREAD);
  self->time = make_layout (self, when, SMALL, FALSE);

  if (removal != NULL)
    line = g_steal_pointer (&removal);
  else if (state == NULL || *snippet == '\0')
    line = g_strdup (state != NULL ? state : snippet);
  else
    /* Translators: in a row of the list: the conversation’s state, then its last line. */
    line = g_strdup_printf (C_("state and last line", "%1$s · %2$s"), state, snippet);
  self->second = make_layout (self, line, SMALL, FALSE);

  if (state != NULL && g_str_has_prefix (pango_layout_get_text (self->second), state))
    {
      guint end = (guint) strlen (state);

      add_range (self->second, pango_attr_weight_new (PANGO_WEIGHT_SEMIBOLD), 0, end);
      add_range (self->second, pango_attr_foreground_alpha_new (G_MAXUINT16), 0, end);
      if (color != NULL && gtk_style_context_lookup_color (context, color, &rgba))
        add_range (self->second, pango_attr_foreground_new ((guint16) (rgba.red * G_MAXUINT16),
                                                            (guint16) (rgba.green * G_MAXUINT16),
                                                            (guint16) (rgba.blue * G_MAXUINT16)), 0, end);
    }
}

/* "You: the words that matched", the words in bold, in two lines. */
static void
make_result_layouts (BobbinSidebarRow    *self,
                     BobbinSearchResult *result)
{
  g_autofree char *when = bobbin_time_dup_short (bobbin_search_result_get_created_us (result),
                                                 bobbin_clock_now_us (self->clock));
  const char *title = bobbin_search_result_get_title (result);
  const char *source = bobbin_search_result_get_source (result);
  /* Translators: in a search result: who wrote it, or what it is; the line that matches follows */
  g_autofree char *lead = source != NULL ? g_strdup_printf (C_("search result", "%s: "), source) : g_strdup ("");
  g_autofree char *line = g_strconcat (lead, bobbin_search_result_get_excerpt (result), NULL);
  guint offset = (guint) strlen (lead);
  guint n_pairs;
  const guint *matches = bobbin_search_result_get_matches (result, &n_pairs);

  self->first = make_layout (self, *title != '\0' ? title : _("New Conversation"), 1, FALSE);
  self->time = make_layout (self, when, SMALL, FALSE);
  if (bobbin_search_result_get_message_id (result) == 0)
    {
      /* The title itself is what matched. */
      self->second = make_layout (self, C_("search result", "Conversation"), SMALL, FALSE);
      for (guint i = 0; i < n_pairs && g_str_equal (title, bobbin_search_result_get_excerpt (result)); i++)
        add_range (self->first, pango_attr_weight_new (PANGO_WEIGHT_BOLD), matches[2 * i], matches[2 * i + 1]);
      return;
    }

  self->second = make_layout (self, line, SMALL, FALSE);
  pango_layout_set_wrap (self->second, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_height (self->second, -RESULT_LINES);
  /* The layout's text is the line made clean; a difference would put the marks elsewhere. */
  if (!g_str_equal (pango_layout_get_text (self->second), line))
    return;
  for (guint i = 0; i < n_pairs; i++)
    {
      add_range (self->second, pango_attr_weight_new (PANGO_WEIGHT_BOLD), offset + matches[2 * i], offset + matches[2 * i + 1]);
      add_range (self->second, pango_attr_foreground_alpha_new (G_MAXUINT16), offset + matches[2 * i], offset + matches[2 * i + 1]);
    }
}

static void
ensure_layouts (BobbinSidebarRow *self)
{
  if (self->first != NULL || self->item == NULL)
    return;

  if (BOBBIN_IS_THREAD (self->item))
    make_thread_layouts (self, BOBBIN_THREAD (self->item));
  else if (BOBBIN_IS_SEARCH_RESULT (self->item))
    make_result_layouts (self, BOBBIN_SEARCH_RESULT (self->item));
  else
    self->first = make_layout (self, bobbin_thread_group_get_label (BOBBIN_THREAD_GROUP (self->item)), SMALL, TRUE);
}

char *
bobbin_sidebar_row_dup_label (BobbinSidebarRow *self)
{
  g_autofree char *when = NULL;
  g_autofree char *stripped = NULL;
  g_autofree char *snippet = NULL;
  g_autofree char *names = NULL;
  g_autofree char *removal = NULL;
  g_autofree char *text = NULL;
  BobbinThread *thread;
  const char *state;

  g_return_val_if_fail (BOBBIN_IS_SIDEBAR_ROW (self), NULL);

  if (BOBBIN_IS_THREAD_GROUP (self->item))
    return g_strdup (bobbin_thread_group_get_label (BOBBIN_THREAD_GROUP (self->item)));

  if (BOBBIN_IS_SEARCH_RESULT (self->item))
    {
      BobbinSearchResult *result = BOBBIN_SEARCH_RESULT (self->item);

      if (bobbin_search_result_get_source (result) == NULL)
        return g_strdup_printf ("%s, %s", bobbin_search_result_get_title (result), bobbin_search_result_get_excerpt (result));

      return g_strdup_printf ("%s, %s, %s", bobbin_search_result_get_title (result), bobbin_search_result_get_source (result),
                              bobbin_search_result_get_excerpt (result));
    }

  if (!BOBBIN_IS_THREAD (self->item))
    return g_strdup ("");

  thread = BOBBIN_THREAD (self->item);
  state = bobbin_activity_get_label (self->activity);
  stripped = dup_snippet (last_words (self, thread));
  snippet = dup_line (stripped);
  when = bobbin_time_dup_short (bobbin_thread_get_last_used_us (thread), bobbin_clock_now_us (self->clock));

  text = g_strjoin (", ", thread_title (thread), state != NULL ? state : when, state != NULL ? when : snippet,
                    state != NULL && *snippet != '\0' ? snippet : NULL, NULL);
  names = dup_label_names (self);
  removal = bobbin_thread_get_deleted_us (thread) != 0 ? dup_removal (thread) : NULL;
  if (names == NULL && removal == NULL)
    return g_steal_pointer (&text);

  return g_strjoin (", ", text, names != NULL ? names : removal, names != NULL ? removal : NULL, NULL);
}

static void
update_accessible (BobbinSidebarRow *self)
{
  g_autofree char *label = bobbin_sidebar_row_dup_label (self);
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  /* GtkListView's own row widget holds the role but has no name
   * (gtk_list_item_set_accessible_label: GTK 4.12). */
  if (parent != NULL && gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (parent)) == GTK_ACCESSIBLE_ROLE_LIST_ITEM)
    gtk_accessible_update_property (GTK_ACCESSIBLE (parent), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

/* At most one child: an icon, or a spinner which GTK only runs while it is on screen. */
static void
update_state (BobbinSidebarRow *self)
{
  BobbinActivity activity = BOBBIN_IS_THREAD (self->item) ? bobbin_thread_get_activity (BOBBIN_THREAD (self->item))
                                                          : BOBBIN_ACTIVITY_NONE;
  const char *icon = bobbin_activity_get_icon (activity);
  gboolean pinned = activity == BOBBIN_ACTIVITY_NONE && BOBBIN_IS_THREAD (self->item)
                    && bobbin_thread_get_pinned (BOBBIN_THREAD (self->item));

  if (activity != self->activity || (self->state != NULL) != (activity != BOBBIN_ACTIVITY_NONE || pinned))
    {
      g_clear_pointer (&self->state, gtk_widget_unparent);
      if (activity == BOBBIN_ACTIVITY_ANSWERING)
        self->state = g_object_new (GTK_TYPE_SPINNER, "spinning", TRUE, NULL);
      else if (icon != NULL || pinned)
        self->state = gtk_image_new_from_icon_name (pinned ? "bobbin-pin-symbolic" : icon);

      if (self->state != NULL)
        {
          gtk_widget_add_css_class (self->state, pinned ? "pinned" : "state");
          if (bobbin_activity_get_color (activity) != NULL)
            gtk_widget_add_css_class (self->state, activity == BOBBIN_ACTIVITY_FAILED ? "error"
                                                   : activity == BOBBIN_ACTIVITY_UNREAD
                                                     || activity == BOBBIN_ACTIVITY_ANSWERING ? "accent" : "warning");
          gtk_widget_set_parent (self->state, GTK_WIDGET (self));
        }
    }

  self->activity = activity;
}

static void
item_changed (BobbinSidebarRow *self)
{
  clear_layouts (self);
  update_state (self);
  update_labels (self);
  update_accessible (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Of what is below the title. */
static int
n_lines (BobbinSidebarRow *self)
{
  return BOBBIN_IS_SEARCH_RESULT (self->item) && bobbin_search_result_get_message_id (BOBBIN_SEARCH_RESULT (self->item)) != 0
           ? RESULT_LINES : 1;
}

void
bobbin_sidebar_row_set_item (BobbinSidebarRow *self,
                            GObject         *item)
{
  int before;

  g_return_if_fail (BOBBIN_IS_SIDEBAR_ROW (self));

  if (self->item == item)
    return;

  before = BOBBIN_IS_THREAD_GROUP (self->item) ? 0 : n_lines (self);
  if (self->notify_id != 0)
    g_clear_signal_handler (&self->notify_id, self->item);
  g_set_object (&self->item, item);
  clear_layouts (self);
  if (item == NULL)
    return;

  if (BOBBIN_IS_THREAD (item))
    self->notify_id = g_signal_connect_swapped (item, "notify", G_CALLBACK (item_changed), self);
  if (before != (BOBBIN_IS_THREAD_GROUP (item) ? 0 : n_lines (self)))
    gtk_widget_queue_resize (GTK_WIDGET (self));
  item_changed (self);
}

void
bobbin_sidebar_row_update (BobbinSidebarRow *self)
{
  g_return_if_fail (BOBBIN_IS_SIDEBAR_ROW (self));

  if (self->item != NULL)
    item_changed (self);
}

void
bobbin_sidebar_row_set_labels (BobbinSidebarRow *self,
                               GListModel       *labels)
{
  g_return_if_fail (BOBBIN_IS_SIDEBAR_ROW (self));

  g_set_object (&self->labels, labels);
}

void
bobbin_sidebar_row_set_picking (BobbinSidebarRow *self,
                                gboolean          picking,
                                gboolean          picked)
{
  gboolean wanted = picking && BOBBIN_IS_THREAD (self->item);

  g_return_if_fail (BOBBIN_IS_SIDEBAR_ROW (self));

  if (wanted && self->check == NULL)
    {
      /* Only the look of it: that the row is picked is said by the row. */
      self->check = g_object_new (GTK_TYPE_CHECK_BUTTON, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, "can-target", FALSE,
                                  "focusable", FALSE, NULL);
      gtk_widget_set_parent (self->check, GTK_WIDGET (self));
    }
  else if (!wanted)
    {
      g_clear_pointer (&self->check, gtk_widget_unparent);
    }
  if (self->check != NULL)
    gtk_check_button_set_active (GTK_CHECK_BUTTON (self->check), picked);
}

gboolean
bobbin_sidebar_row_is_picking (BobbinSidebarRow *self)
{
  g_return_val_if_fail (BOBBIN_IS_SIDEBAR_ROW (self), FALSE);

  return self->check != NULL;
}

GObject *
bobbin_sidebar_row_get_item (BobbinSidebarRow *self)
{
  g_return_val_if_fail (BOBBIN_IS_SIDEBAR_ROW (self), NULL);

  return self->item;
}

static void
line_heights (GtkWidget *widget,
              int       *ret_first,
              int       *ret_second)
{
  PangoFontMetrics *metrics = pango_context_get_metrics (gtk_widget_get_pango_context (widget), NULL, NULL);
  double height = (pango_font_metrics_get_ascent (metrics) + pango_font_metrics_get_descent (metrics))
                  / (double) PANGO_SCALE;

  pango_font_metrics_unref (metrics);
  *ret_first = (int) ceil (height);
  *ret_second = MAX ((int) ceil (height * SMALL), ICON_SIZE);
}

static void
bobbin_sidebar_row_measure (GtkWidget     *widget,
                           GtkOrientation orientation,
                           int            for_size,
                           int           *minimum,
                           int           *natural,
                           int           *minimum_baseline,
                           int           *natural_baseline)
{
  BobbinSidebarRow *self = BOBBIN_SIDEBAR_ROW (widget);
  int first, second;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = 100;
      *natural = 200;
      return;
    }

  line_heights (widget, &first, &second);
  if (BOBBIN_IS_THREAD_GROUP (self->item))
    *minimum = *natural = second + 2 * PAD_Y;
  else
    *minimum = *natural = first + GAP_Y + second * n_lines (self) + 2 * PAD_Y;
}

static void
bobbin_sidebar_row_size_allocate (GtkWidget *widget,
                                 int        width,
                                 int        height,
                                 int        baseline)
{
  BobbinSidebarRow *self = BOBBIN_SIDEBAR_ROW (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int first, second, ignored;

  line_heights (widget, &first, &second);
  if (self->check != NULL)
    {
      gtk_widget_measure (self->check, GTK_ORIENTATION_HORIZONTAL, -1, &ignored, NULL, NULL, NULL);
      gtk_widget_size_allocate (self->check,
                                &(GtkAllocation) { rtl ? width - PAD_X - CHECK_SIZE : PAD_X, (height - CHECK_SIZE) / 2, CHECK_SIZE,
                                                   CHECK_SIZE }, -1);
    }
  if (self->state == NULL)
    return;

  gtk_widget_measure (self->state, GTK_ORIENTATION_HORIZONTAL, -1, &ignored, NULL, NULL, NULL);
  gtk_widget_size_allocate (self->state,
                            &(GtkAllocation) { rtl ? PAD_X : width - PAD_X - ICON_SIZE,
                                               PAD_Y + first + GAP_Y + (second - ICON_SIZE) / 2, ICON_SIZE, ICON_SIZE },
                            -1);
}

/* Draws @layout within @width from the start edge @x (mirrored right to left), wherever its own
 * direction puts the text. */
static void
draw_layout (GtkWidget     *widget,
             GtkSnapshot   *snapshot,
             PangoLayout   *layout,
             int            x,
             int            y,
             int            width,
             const GdkRGBA *color)
{
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  PangoRectangle logical;
  int left;

  pango_layout_set_width (layout, MAX (width, 0) * PANGO_SCALE);
  pango_layout_get_pixel_extents (layout, NULL, &logical);
  left = rtl ? gtk_widget_get_width (widget) - x - logical.width : x;

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) (left - logical.x), (float) y));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
}

/* One for each label, ending at @end from the start edge. */
static void
draw_dots (BobbinSidebarRow *self,
           GtkSnapshot      *snapshot,
           int               end,
           int               middle,
           const GdkRGBA    *outline)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;

  for (guint i = 0; i < self->n_dots; i++)
    {
      int x = end - (int) (self->n_dots - i) * DOT_STEP + (DOT_STEP - DOT_SIZE);
      GskRoundedRect circle;
      GdkRGBA color;

      if (rtl)
        x = gtk_widget_get_width (widget) - x - DOT_SIZE;
      gsk_rounded_rect_init_from_rect (&circle, &GRAPHENE_RECT_INIT ((float) x, (float) (middle - DOT_SIZE / 2), DOT_SIZE, DOT_SIZE),
                                       DOT_SIZE / 2.0f);
      bobbin_label_color_get_rgba (self->dots[i], &color);
      gtk_snapshot_push_rounded_clip (snapshot, &circle);
      gtk_snapshot_append_color (snapshot, &color, &circle.bounds);
      gtk_snapshot_pop (snapshot);
      gtk_snapshot_append_border (snapshot, &circle, (float[4]) { 1, 1, 1, 1 },
                                  (GdkRGBA[4]) { *outline, *outline, *outline, *outline });
    }
}

static gboolean
high_contrast (GtkWidget *widget)
{
  return adw_style_manager_get_high_contrast (adw_style_manager_get_for_display (gtk_widget_get_display (widget)));
}

static void
bobbin_sidebar_row_snapshot (GtkWidget   *widget,
                            GtkSnapshot *snapshot)
{
  BobbinSidebarRow *self = BOBBIN_SIDEBAR_ROW (widget);
  int width = gtk_widget_get_width (widget) - 2 * PAD_X;
  int start = self->check != NULL ? CHECK_SIZE + GAP_X + 2 : 0;
  int first, second, time_width, time_height, dots_width;
  GdkRGBA color, dim, outline;

  ensure_layouts (self);
  if (self->first == NULL)
    return;

  line_heights (widget, &first, &second);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  dim = color;
  dim.alpha *= high_contrast (widget) ? (float) DIM_HIGH : (float) DIM;

  if (self->second == NULL)
    {
      draw_layout (widget, snapshot, self->first, PAD_X, PAD_Y + 2, width, &dim);
      return;
    }

  pango_layout_set_width (self->time, -1);
  pango_layout_get_pixel_size (self->time, &time_width, &time_height);
  dots_width = self->n_dots > 0 ? (int) self->n_dots * DOT_STEP + GAP_X : 0;
  draw_layout (widget, snapshot, self->first, PAD_X + start, PAD_Y, width - start - time_width - dots_width - GAP_X, &color);
  outline = color;
  outline.alpha *= high_contrast (widget) ? 1.0f : 0.3f;
  draw_dots (self, snapshot, PAD_X + width - time_width - GAP_X, PAD_Y + first / 2 + 1, &outline);
  draw_layout (widget, snapshot, self->time, PAD_X + width - time_width,
               PAD_Y + (pango_layout_get_baseline (self->first) - pango_layout_get_baseline (self->time)) / PANGO_SCALE,
               time_width, &dim);
  draw_layout (widget, snapshot, self->second, PAD_X + start, PAD_Y + first + GAP_Y,
               width - start - (self->state != NULL ? ICON_SIZE + GAP_X : 0), &dim);

  if (self->state != NULL)
    gtk_widget_snapshot_child (widget, self->state, snapshot);
  if (self->check != NULL)
    gtk_widget_snapshot_child (widget, self->check, snapshot);
}

static void
bobbin_sidebar_row_css_changed (GtkWidget         *widget,
                               GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (bobbin_sidebar_row_parent_class)->css_changed (widget, change);
  clear_layouts (BOBBIN_SIDEBAR_ROW (widget));
}

static void
bobbin_sidebar_row_system_setting_changed (GtkWidget       *widget,
                                          GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (bobbin_sidebar_row_parent_class)->system_setting_changed (widget, setting);
  clear_layouts (BOBBIN_SIDEBAR_ROW (widget));
  gtk_widget_queue_resize (widget);
}

static void
bobbin_sidebar_row_dispose (GObject *object)
{
  BobbinSidebarRow *self = BOBBIN_SIDEBAR_ROW (object);

  if (self->notify_id != 0)
    g_clear_signal_handler (&self->notify_id, self->item);
  g_clear_object (&self->item);
  clear_layouts (self);
  g_clear_pointer (&self->state, gtk_widget_unparent);
  g_clear_pointer (&self->check, gtk_widget_unparent);
  g_clear_object (&self->labels);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (bobbin_sidebar_row_parent_class)->dispose (object);
}

static void
bobbin_sidebar_row_class_init (BobbinSidebarRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_sidebar_row_dispose;
  widget_class->measure = bobbin_sidebar_row_measure;
  widget_class->size_allocate = bobbin_sidebar_row_size_allocate;
  widget_class->snapshot = bobbin_sidebar_row_snapshot;
  widget_class->css_changed = bobbin_sidebar_row_css_changed;
  widget_class->system_setting_changed = bobbin_sidebar_row_system_setting_changed;

  gtk_widget_class_set_css_name (widget_class, "bobbinsidebarrow");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LABEL);
}

static void
bobbin_sidebar_row_init (BobbinSidebarRow *self)
{
}

GtkWidget *
bobbin_sidebar_row_new (BobbinClock *clock)
{
  BobbinSidebarRow *self = g_object_new (BOBBIN_TYPE_SIDEBAR_ROW, NULL);

  self->clock = g_object_ref (clock);

  return GTK_WIDGET (self);
}
