#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-column-private.h"

#include "model/bobbin-message.h"
#include "session/bobbin-pager.h"

#include <glib/gi18n.h>

#define FIRST_GUESS 120.0 /* pixels of a row that was never measured, before any was */
#define END_SLACK   1.5   /* pixels from the end that count as there */

enum
{
  PROP_MODEL = 1,
  PROP_FOLLOWING,
  PROP_HADJUSTMENT,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
  N_PROPS = PROP_HADJUSTMENT,
};

enum { SIGNAL_NEAR_TOP, SIGNAL_MOVED, N_SIGNALS };

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE_WITH_CODE (BobbinColumn, bobbin_column, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

static BobbinMessage *
borrow (BobbinColumn *self,
        guint         position)
{
  g_autoptr(BobbinMessage) message = g_list_model_get_item (self->model, position);

  return message; /* the model holds it */
}

BobbinMessage *
_bobbin_column_get_message (BobbinColumn *self,
                            guint         position)
{
  if (BOBBIN_IS_PAGER (self->model))
    return bobbin_pager_peek (BOBBIN_PAGER (self->model), position);

  return borrow (self, position);
}

gint64
_bobbin_column_get_id (BobbinColumn *self,
                       guint         position)
{
  if (BOBBIN_IS_PAGER (self->model))
    return bobbin_pager_get_id (BOBBIN_PAGER (self->model), position);

  return bobbin_message_get_id (borrow (self, position));
}

gboolean
_bobbin_column_find (BobbinColumn  *self,
                     BobbinMessage *message,
                     guint         *ret_position)
{
  guint n = self->model != NULL ? g_list_model_get_n_items (self->model) : 0;

  if (BOBBIN_IS_PAGER (self->model))
    return bobbin_pager_find (BOBBIN_PAGER (self->model), bobbin_message_get_id (message), ret_position);

  for (guint i = 0; i < n; i++)
    if (borrow (self, i) == message)
      {
        *ret_position = i;
        return TRUE;
      }

  return FALSE;
}

BobbinMessageView *
_bobbin_column_row_of (BobbinColumn *self,
                       gint64        message_id)
{
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    if (bobbin_message_get_id (bobbin_message_view_get_message (row)) == message_id)
      return row;

  return NULL;
}

BobbinMessageView *
_bobbin_column_get_focus_row (BobbinColumn *self)
{
  GtkWidget *child = gtk_widget_get_focus_child (GTK_WIDGET (self));

  if (child != NULL && child == self->menu)
    return _bobbin_column_row_of (self, self->menu_id);

  return child != NULL ? BOBBIN_MESSAGE_VIEW (child) : NULL;
}

double
bobbin_column_get_place (BobbinColumn *self,
                         guint         position)
{
  double total;

  g_return_val_if_fail (BOBBIN_IS_COLUMN (self), 0);

  total = bobbin_heights_get_total (self->heights);
  return total > 0 && position < bobbin_heights_get_n (self->heights)
           ? bobbin_heights_get_top (self->heights, position) / total : 0;
}

void
_bobbin_column_set_following (BobbinColumn *self,
                              gboolean      following)
{
  if (self->following == following)
    return;

  self->following = following;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FOLLOWING]);
}

static void
focus_wanted (BobbinColumn *self)
{
  guint position = self->first;

  for (; self->focus_id != 0 && position < self->last; position++)
    {
      BobbinMessage *message = _bobbin_column_get_message (self, position);
      GtkWidget *row = message != NULL ? g_hash_table_lookup (self->rows, message) : NULL;

      if (row == NULL || bobbin_message_get_id (message) != self->focus_id)
        continue;
      self->focus_id = 0;
      gtk_widget_grab_focus (row);
    }
}

static gboolean
tell_cb (gpointer user_data)
{
  BobbinColumn *self = user_data;

  self->told_id = 0;
  if (self->unsettled)
    gtk_widget_queue_resize (GTK_WIDGET (self));
  self->unsettled = FALSE;
  focus_wanted (self);
  _bobbin_column_show_focus_late (self);
  if (self->match_late && self->match_shown)
    bobbin_column_show_match (self, &self->current);
  self->match_late = FALSE;
  _bobbin_column_popup_late (self);
  g_signal_emit (self, signals[SIGNAL_MOVED], 0);
  if (self->first == 0 && !self->near_top_told)
    {
      self->near_top_told = TRUE;
      g_signal_emit (self, signals[SIGNAL_NEAR_TOP], 0);
    }
  else if (self->first > 0)
    {
      self->near_top_told = FALSE;
    }

  return G_SOURCE_REMOVE;
}

/* What follows from a layout is done after it: within it nothing may change. */
void
_bobbin_column_laid_out (BobbinColumn *self)
{
  if (self->told_id == 0)
    self->told_id = g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, tell_cb, self, NULL);
}

/* Lays out again. As a resize, though the size asked for is always the same: a mere allocation may reach the column without its
 * ancestors allocating theirs, and what the scrolled window asks for meanwhile, as its adjustment changes, is then lost. */
static void
lay_out_again (BobbinColumn *self)
{
  self->waiting = TRUE;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
value_changed_cb (BobbinColumn *self)
{
  double end;

  if (self->configuring)
    return;

  self->held = FALSE;
  self->focus_id = 0; /* the reader goes elsewhere */
  self->focus_late = FALSE;
  self->menu_late = FALSE;
  self->match_shown = FALSE;
  end = gtk_adjustment_get_upper (self->vadjustment) - gtk_adjustment_get_page_size (self->vadjustment);
  _bobbin_column_set_following (self, gtk_adjustment_get_value (self->vadjustment) >= end - END_SLACK);
  lay_out_again (self);
}

static void
set_adjustment (BobbinColumn   *self,
                GtkAdjustment **field,
                GtkAdjustment  *adjustment,
                gboolean        vertical)
{
  if (adjustment == NULL)
    adjustment = gtk_adjustment_new (0, 0, 0, 0, 0, 0);
  if (*field == adjustment)
    return;

  if (*field != NULL && vertical)
    g_signal_handlers_disconnect_by_func (*field, value_changed_cb, self);
  g_clear_object (field);
  *field = g_object_ref_sink (adjustment);
  if (vertical)
    g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (value_changed_cb), self, G_CONNECT_SWAPPED);
  lay_out_again (self);
}

/* Keeps the anchor on its message; when that goes, on the place where it was. */
static void
items_changed_cb (BobbinColumn *self,
                  guint         position,
                  guint         n_removed,
                  guint         n_added)
{
  guint n = g_list_model_get_n_items (self->model);

  bobbin_heights_splice (self->heights, position, n_removed, n_added);
  if (self->anchor >= position + n_removed)
    {
      self->anchor += n_added - n_removed;
    }
  else if (self->anchor >= position)
    {
      self->anchor = n > 0 ? MIN (position, n - 1) : 0;
      self->locus = (BobbinLocus) { 0, 0, 0 };
      self->held = FALSE;
    }
  if (n == 0)
    {
      self->anchor = 0;
      _bobbin_column_remove_rows (self);
      _bobbin_column_set_following (self, TRUE);
    }

  self->near_top_told = FALSE;
  self->first = self->last = 0; /* positions of the last layout mean nothing now */
  lay_out_again (self);
}

static void
bobbin_column_measure (GtkWidget      *widget,
                       GtkOrientation  orientation,
                       int             for_size,
                       int            *minimum,
                       int            *natural,
                       int            *minimum_baseline,
                       int            *natural_baseline)
{
  /* it takes what it gets, whatever it holds */
  BOBBIN_COLUMN (widget)->measured = TRUE;
  *minimum = *natural = 1;
}

static void
bobbin_column_root (GtkWidget *widget)
{
  BobbinColumn *self = BOBBIN_COLUMN (widget);

  GTK_WIDGET_CLASS (bobbin_column_parent_class)->root (widget);

  self->root = gtk_widget_get_root (widget);
  if (GTK_IS_WINDOW (self->root))
    g_signal_connect_object (self->root, "notify::focus-widget", G_CALLBACK (_bobbin_column_show_focus), self,
                             G_CONNECT_SWAPPED);
}

static void
bobbin_column_unroot (GtkWidget *widget)
{
  BobbinColumn *self = BOBBIN_COLUMN (widget);

  g_signal_handlers_disconnect_by_func (self->root, _bobbin_column_show_focus, self);
  self->root = NULL;

  GTK_WIDGET_CLASS (bobbin_column_parent_class)->unroot (widget);
}

static void
bobbin_column_realize (GtkWidget *widget)
{
  BobbinColumn *self = BOBBIN_COLUMN (widget);

  GTK_WIDGET_CLASS (bobbin_column_parent_class)->realize (widget);

  self->repaired = -1; /* the first frame of a clock is 0 */
  self->clock = g_object_ref (gtk_widget_get_frame_clock (widget));
  self->laid_id = g_signal_connect_data (self->clock, "layout", G_CALLBACK (_bobbin_column_window_laid_out), self, NULL,
                                         G_CONNECT_AFTER | G_CONNECT_SWAPPED);
}

static void
bobbin_column_unrealize (GtkWidget *widget)
{
  BobbinColumn *self = BOBBIN_COLUMN (widget);

  g_clear_signal_handler (&self->laid_id, self->clock);
  g_clear_object (&self->clock);

  GTK_WIDGET_CLASS (bobbin_column_parent_class)->unrealize (widget);
}

static gboolean
bobbin_column_focus (GtkWidget        *widget,
                     GtkDirectionType  direction)
{
  GtkWidget *child = gtk_widget_get_focus_child (widget);

  /* Tab enters at the last message on the screen: that is the one being talked about */
  if (child == NULL && direction == GTK_DIR_TAB_FORWARD)
    {
      BobbinColumn *self = BOBBIN_COLUMN (widget);

      if (self->last > self->first)
        {
          BobbinMessage *message = _bobbin_column_get_message (self, self->last - 1);
          GtkWidget *row = message != NULL ? g_hash_table_lookup (self->rows, message) : NULL;

          if (row != NULL && gtk_widget_grab_focus (row))
            return TRUE;
        }
    }

  return GTK_WIDGET_CLASS (bobbin_column_parent_class)->focus (widget, direction);
}

static gboolean
bobbin_column_grab_focus (GtkWidget *widget)
{
  return _bobbin_column_return_focus (BOBBIN_COLUMN (widget)) || GTK_WIDGET_CLASS (bobbin_column_parent_class)->grab_focus (widget);
}

static void
bobbin_column_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  BobbinColumn *self = BOBBIN_COLUMN (object);

  switch (prop_id)
    {
    case PROP_MODEL:
      g_value_set_object (value, self->model);
      break;
    case PROP_FOLLOWING:
      g_value_set_boolean (value, self->following);
      break;
    case PROP_HADJUSTMENT:
      g_value_set_object (value, self->hadjustment);
      break;
    case PROP_VADJUSTMENT:
      g_value_set_object (value, self->vadjustment);
      break;
    case PROP_HSCROLL_POLICY:
      g_value_set_enum (value, self->hscroll_policy);
      break;
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, self->vscroll_policy);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_column_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  BobbinColumn *self = BOBBIN_COLUMN (object);

  switch (prop_id)
    {
    case PROP_MODEL:
      bobbin_column_set_model (self, g_value_get_object (value));
      break;
    case PROP_HADJUSTMENT:
      set_adjustment (self, &self->hadjustment, g_value_get_object (value), FALSE);
      break;
    case PROP_VADJUSTMENT:
      set_adjustment (self, &self->vadjustment, g_value_get_object (value), TRUE);
      break;
    case PROP_HSCROLL_POLICY:
      self->hscroll_policy = g_value_get_enum (value);
      break;
    case PROP_VSCROLL_POLICY:
      self->vscroll_policy = g_value_get_enum (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_column_dispose (GObject *object)
{
  BobbinColumn *self = BOBBIN_COLUMN (object);

  g_clear_handle_id (&self->told_id, g_source_remove);
  _bobbin_column_drop_menu (self);
  g_cancellable_cancel (self->copying);
  _bobbin_column_clear_selection (self);
  if (self->rows != NULL)
    _bobbin_column_remove_rows (self);
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (bobbin_column_parent_class)->dispose (object);
}

static void
bobbin_column_finalize (GObject *object)
{
  BobbinColumn *self = BOBBIN_COLUMN (object);

  g_clear_object (&self->hadjustment);
  g_clear_object (&self->vadjustment);
  g_clear_pointer (&self->heights, bobbin_heights_free);
  g_clear_pointer (&self->rows, g_hash_table_unref);
  g_clear_pointer (&self->state, bobbin_view_state_unref);
  g_free (self->link);
  g_clear_object (&self->copying);
  g_clear_pointer (&self->needle, bobbin_needle_free);
  g_free (self->search);

  G_OBJECT_CLASS (bobbin_column_parent_class)->finalize (object);
}

static void
bobbin_column_class_init (BobbinColumnClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = bobbin_column_get_property;
  object_class->set_property = bobbin_column_set_property;
  object_class->dispose = bobbin_column_dispose;
  object_class->finalize = bobbin_column_finalize;

  widget_class->measure = bobbin_column_measure;
  widget_class->size_allocate = _bobbin_column_size_allocate;
  widget_class->focus = bobbin_column_focus;
  widget_class->grab_focus = bobbin_column_grab_focus;
  widget_class->realize = bobbin_column_realize;
  widget_class->unrealize = bobbin_column_unrealize;
  widget_class->root = bobbin_column_root;
  widget_class->unroot = bobbin_column_unroot;

  props[PROP_MODEL] =
    g_param_spec_object ("model", NULL, NULL, G_TYPE_LIST_MODEL,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  props[PROP_FOLLOWING] =
    g_param_spec_boolean ("following", NULL, NULL, TRUE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");

  signals[SIGNAL_NEAR_TOP] =
    g_signal_new ("near-top", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_MOVED] =
    g_signal_new ("moved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_css_name (widget_class, "messagecolumn");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LOG);
  _bobbin_column_install_input (widget_class);
}

static void
bobbin_column_init (BobbinColumn *self)
{
  self->heights = bobbin_heights_new (FIRST_GUESS);
  self->rows = g_hash_table_new (NULL, NULL);
  self->state = bobbin_view_state_new ();
  self->following = TRUE;
  self->chars = BOBBIN_COLUMN_CHARS;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Conversation"), -1);
  _bobbin_column_init_input (self);
}

GtkWidget *
bobbin_column_new (void)
{
  return g_object_new (BOBBIN_TYPE_COLUMN, NULL);
}

void
bobbin_column_set_service (BobbinColumn *self,
                           gboolean      fetches,
                           gboolean      deletes)
{
  g_return_if_fail (BOBBIN_IS_COLUMN (self));

  self->fetches = fetches;
  self->deletes = deletes;
  bobbin_view_state_set_service (self->state, fetches, deletes);
}

GListModel *
bobbin_column_get_model (BobbinColumn *self)
{
  g_return_val_if_fail (BOBBIN_IS_COLUMN (self), NULL);

  return self->model;
}

void
bobbin_column_set_model (BobbinColumn *self,
                         GListModel   *model)
{
  g_return_if_fail (BOBBIN_IS_COLUMN (self));
  g_return_if_fail (model == NULL || G_IS_LIST_MODEL (model));

  if (self->model == model)
    return;

  _bobbin_column_clear_selection (self);
  _bobbin_column_drop_menu (self);
  _bobbin_column_remove_rows (self);
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_set_object (&self->model, model);

  bobbin_heights_free (self->heights);
  self->heights = bobbin_heights_new (FIRST_GUESS);
  bobbin_view_state_unref (self->state);
  self->state = bobbin_view_state_new ();
  bobbin_view_state_set_service (self->state, self->fetches, self->deletes);
  self->anchor = 0;
  self->locus = (BobbinLocus) { 0, 0, 0 };
  self->near_top_told = FALSE;
  self->held = FALSE;
  self->quiet = FALSE;
  self->new_id = 0;
  self->focus_id = 0;
  self->focus_late = FALSE;
  self->menu_late = FALSE;
  self->match_shown = FALSE;
  if (model != NULL)
    {
      bobbin_heights_splice (self->heights, 0, 0, g_list_model_get_n_items (model));
      g_signal_connect_object (model, "items-changed", G_CALLBACK (items_changed_cb), self, G_CONNECT_SWAPPED);
    }
  if (BOBBIN_IS_PAGER (model))
    g_signal_connect_object (model, "loaded", G_CALLBACK (lay_out_again), self, G_CONNECT_SWAPPED);
  bobbin_column_follow (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MODEL]);
}

gboolean
bobbin_column_get_following (BobbinColumn *self)
{
  g_return_val_if_fail (BOBBIN_IS_COLUMN (self), FALSE);

  return self->following;
}

void
bobbin_column_follow (BobbinColumn *self)
{
  g_return_if_fail (BOBBIN_IS_COLUMN (self));

  self->held = FALSE;
  self->focus_id = 0;
  self->match_shown = FALSE;
  _bobbin_column_set_following (self, TRUE);
  lay_out_again (self);
}

void
bobbin_column_hold (BobbinColumn *self)
{
  g_return_if_fail (BOBBIN_IS_COLUMN (self));

  _bobbin_column_set_following (self, FALSE);
}

gboolean
bobbin_column_get_anchor (BobbinColumn   *self,
                          BobbinMessage **ret_message,
                          BobbinLocus    *ret_locus,
                          int            *ret_pixels)
{
  g_return_val_if_fail (BOBBIN_IS_COLUMN (self), FALSE);

  if (self->following || self->model == NULL || self->anchor >= g_list_model_get_n_items (self->model))
    return FALSE;

  *ret_message = _bobbin_column_get_message (self, self->anchor);
  if (*ret_message == NULL)
    return FALSE;
  *ret_locus = self->locus;
  *ret_pixels = (int) (self->anchor_y - gtk_adjustment_get_value (self->vadjustment));
  return TRUE;
}

gboolean
bobbin_column_is_on_its_way (BobbinColumn *self)
{
  g_return_val_if_fail (BOBBIN_IS_COLUMN (self), FALSE);

  return self->held;
}

void
bobbin_column_scroll_to (BobbinColumn      *self,
                         guint              position,
                         const BobbinLocus *locus,
                         int                pixels)
{
  g_return_if_fail (BOBBIN_IS_COLUMN (self));
  g_return_if_fail (self->model != NULL && position < g_list_model_get_n_items (self->model));

  self->anchor = position;
  self->locus = *locus;
  self->anchor_y = gtk_adjustment_get_value (self->vadjustment) + pixels;
  self->held = TRUE;
  self->match_shown = FALSE;
  if (BOBBIN_IS_PAGER (self->model))
    bobbin_pager_want (BOBBIN_PAGER (self->model), position > 4 ? position - 4 : 0, position + 8);
  _bobbin_column_set_following (self, FALSE);
  lay_out_again (self);
}

gboolean
bobbin_column_get_top (BobbinColumn *self,
                       guint        *ret_position,
                       int          *ret_pixels)
{
  double y;
  double x;
  GtkWidget *row;
  BobbinMessage *message;

  g_return_val_if_fail (BOBBIN_IS_COLUMN (self), FALSE);

  if (self->following || self->model == NULL || self->anchor >= g_list_model_get_n_items (self->model))
    return FALSE;

  message = _bobbin_column_get_message (self, self->anchor);
  row = message != NULL ? g_hash_table_lookup (self->rows, message) : NULL;
  *ret_position = self->anchor;
  *ret_pixels = row != NULL && gtk_widget_translate_coordinates (row, GTK_WIDGET (self), 0, 0, &x, &y) ? (int) y : 0;
  return TRUE;
}

void
bobbin_column_focus_row (BobbinColumn *self,
                         guint         position)
{
  g_return_if_fail (BOBBIN_IS_COLUMN (self));

  if (BOBBIN_IS_PAGER (self->model))
    self->focus_id = bobbin_pager_get_id (BOBBIN_PAGER (self->model), position);
}

void
bobbin_column_set_new_id (BobbinColumn *self,
                          gint64        message_id)
{
  g_return_if_fail (BOBBIN_IS_COLUMN (self));

  if (self->new_id == message_id)
    return;

  self->new_id = message_id;
  lay_out_again (self);
}

void
bobbin_column_set_quiet (BobbinColumn *self,
                         gboolean      quiet)
{
  g_return_if_fail (BOBBIN_IS_COLUMN (self));

  if (self->quiet == quiet)
    return;

  self->quiet = quiet;
  lay_out_again (self);
}

void
bobbin_column_set_activity (BobbinColumn   *self,
                            BobbinActivity  activity)
{
  g_return_if_fail (BOBBIN_IS_COLUMN (self));

  if (self->activity == activity)
    return;

  self->activity = activity;
  lay_out_again (self);
}

BobbinMessageView *
bobbin_column_get_row (BobbinColumn  *self,
                       BobbinMessage *message)
{
  g_return_val_if_fail (BOBBIN_IS_COLUMN (self), NULL);

  return g_hash_table_lookup (self->rows, message);
}

guint
bobbin_column_get_n_rows (BobbinColumn *self)
{
  g_return_val_if_fail (BOBBIN_IS_COLUMN (self), 0);

  return g_hash_table_size (self->rows);
}
