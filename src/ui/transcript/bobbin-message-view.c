#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-message-view-private.h"

#include "bobbin-block-view.h"
#include "bobbin-bubble.h"
#include "bobbin-card.h"
#include "bobbin-tool-group.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"

#define BLOCK_SPACING 10

enum { SIGNAL_GREW, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BobbinMessageView, bobbin_message_view, GTK_TYPE_WIDGET)

/* Room that nobody asked for goes to what is being written: there must be one such text. */
static gboolean
grew_cb (BobbinMessageView *self,
         BobbinProse       *prose)
{
  gboolean handled = FALSE;

  for (guint i = 0; i < self->views->len; i++)
    if (self->views->pdata[i] != prose && gtk_widget_get_vexpand (self->views->pdata[i]))
      return FALSE;
  if (!gtk_widget_get_vexpand (GTK_WIDGET (prose)))
    return FALSE;

  g_signal_emit (self, signals[SIGNAL_GREW], 0, &handled);

  return handled;
}

static void
connect_prose (BobbinMessageView *self,
               GtkWidget         *view)
{
  if (BOBBIN_IS_PROSE (view) && self->body_frame == self->body)
    g_signal_connect_object (view, "grew", G_CALLBACK (grew_cb), self, G_CONNECT_SWAPPED);
}

static void
blocks_changed_cb (BobbinMessageView *self,
                   guint             position,
                   guint             n_removed,
                   guint             n_added)
{
  GtkWidget *before = position > 0 ? g_ptr_array_index (self->views, position - 1) : NULL;

  for (guint i = 0; i < n_removed; i++)
    {
      gtk_box_remove (GTK_BOX (self->body), g_ptr_array_index (self->views, position));
      g_ptr_array_remove_index (self->views, position);
    }
  for (guint i = 0; i < n_added; i++)
    {
      BobbinBlock *block = bobbin_message_get_block (self->message, position + i);
      GtkWidget *view = bobbin_block_view_new (self->message, block, self->state);

      gtk_box_insert_child_after (GTK_BOX (self->body), view, before);
      g_ptr_array_insert (self->views, (int) (position + i), view);
      connect_prose (self, view);
      before = view;
    }
  bobbin_tool_groups_update (self->message, self->views, GTK_BOX (self->body), self->state);
  for (guint i = 0; i < self->views->len; i++)
    gtk_widget_queue_resize (self->views->pdata[i]); /* nobody has more room than it asks for */

  gtk_widget_set_visible (self->body_frame, self->views->len > 0 && self->editor == NULL);
  _bobbin_message_view_update_parts (self);
}

static void
show_actions_cb (BobbinMessageView *self)
{
  _bobbin_message_view_ensure_actions (self);
}

static void
add_controllers (BobbinMessageView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  g_signal_connect_swapped (motion, "enter", G_CALLBACK (show_actions_cb), self);
  g_signal_connect_swapped (focus, "enter", G_CALLBACK (show_actions_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
}

static void
bobbin_message_view_dispose (GObject *object)
{
  BobbinMessageView *self = BOBBIN_MESSAGE_VIEW (object);
  GtkWidget *child;

  if (self->views != NULL)
    g_ptr_array_set_size (self->views, 0);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_handle_id (&self->flash_id, g_source_remove);
  self->day = self->new_line = self->head = self->body = self->body_frame = NULL;
  self->editor = self->versions = NULL;
  self->working = self->status = self->slot = self->actions = self->details = NULL;

  G_OBJECT_CLASS (bobbin_message_view_parent_class)->dispose (object);
}

static void
bobbin_message_view_finalize (GObject *object)
{
  BobbinMessageView *self = BOBBIN_MESSAGE_VIEW (object);

  g_clear_object (&self->message);
  g_clear_pointer (&self->state, bobbin_view_state_unref);
  g_ptr_array_unref (self->views);

  G_OBJECT_CLASS (bobbin_message_view_parent_class)->finalize (object);
}

static void
bobbin_message_view_class_init (BobbinMessageViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bobbin_message_view_dispose;
  object_class->finalize = bobbin_message_view_finalize;

  signals[SIGNAL_GREW] = g_signal_new ("grew", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, g_signal_accumulator_true_handled,
                                       NULL, NULL, G_TYPE_BOOLEAN, 0);

  gtk_widget_class_set_css_name (widget_class, "messageview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  _bobbin_message_view_install_actions (widget_class);
}

static void
bobbin_message_view_init (BobbinMessageView *self)
{
  self->views = g_ptr_array_new ();
  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))),
                                  GTK_ORIENTATION_VERTICAL);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_vexpand (GTK_WIDGET (self), FALSE); /* whatever is in it */
}

static void
add_body (BobbinMessageView *self)
{
  BobbinRole role = bobbin_message_get_role (self->message);

  self->body = gtk_box_new (GTK_ORIENTATION_VERTICAL, BLOCK_SPACING);
  gtk_widget_add_css_class (self->body, "message-body");
  gtk_widget_set_vexpand (self->body, role != BOBBIN_ROLE_USER);
  self->body_frame = role == BOBBIN_ROLE_USER ? bobbin_bubble_new (self->body) : self->body;
  gtk_widget_insert_before (self->body_frame, GTK_WIDGET (self), NULL);

  if (role != BOBBIN_ROLE_NOTICE)
    {
      self->slot = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
      gtk_widget_add_css_class (self->slot, "message-slot");
      gtk_widget_set_halign (self->slot, role == BOBBIN_ROLE_USER ? GTK_ALIGN_END : GTK_ALIGN_START);
      gtk_widget_insert_before (self->slot, GTK_WIDGET (self), NULL);
    }
}

GtkWidget *
bobbin_message_view_new (BobbinMessage   *message,
                        BobbinViewState *state)
{
  BobbinMessageView *self = g_object_new (BOBBIN_TYPE_MESSAGE_VIEW, NULL);
  static const char *classes[BOBBIN_N_ROLES] = { "user", "assistant", "system", "tool", "notice" };

  self->message = g_object_ref (message);
  self->state = bobbin_view_state_ref (state);
  gtk_widget_add_css_class (GTK_WIDGET (self), classes[bobbin_message_get_role (message)]);
  add_body (self);
  if (self->slot != NULL)
    add_controllers (self);

  g_signal_connect_object (bobbin_message_get_blocks (message), "items-changed", G_CALLBACK (blocks_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (message, "notify::delivery", G_CALLBACK (_bobbin_message_view_update_parts), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (message, "notify::failure", G_CALLBACK (_bobbin_message_view_update_parts), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (message, "notify::agent-name", G_CALLBACK (_bobbin_message_view_update_parts), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (message, "notify::version", G_CALLBACK (_bobbin_message_view_update_versions), self,
                           G_CONNECT_SWAPPED);
  blocks_changed_cb (self, 0, 0, bobbin_message_get_n_blocks (message));
  _bobbin_message_view_update_versions (self);
  _bobbin_message_view_update_editor (self);

  return GTK_WIDGET (self);
}

BobbinMessage *
bobbin_message_view_get_message (BobbinMessageView *self)
{
  g_return_val_if_fail (BOBBIN_IS_MESSAGE_VIEW (self), NULL);

  return self->message;
}

/* The text within a view: the view itself, or what an unfolded card holds. */
static BobbinProse *
view_prose (GtkWidget *view)
{
  GtkWidget *content = BOBBIN_IS_CARD (view) ? bobbin_card_get_content (BOBBIN_CARD (view)) : view;

  return content != NULL && BOBBIN_IS_PROSE (content) ? BOBBIN_PROSE (content) : NULL;
}

static double
top_in_row (BobbinMessageView *self,
            GtkWidget        *widget)
{
  double x;
  double y;

  return gtk_widget_translate_coordinates (widget, GTK_WIDGET (self), 0, 0, &x, &y) ? y : 0;
}

int
bobbin_message_view_get_growth (BobbinMessageView *self)
{
  int growth = 0;

  g_return_val_if_fail (BOBBIN_IS_MESSAGE_VIEW (self), 0);

  for (guint i = 0; i < self->views->len; i++)
    if (BOBBIN_IS_PROSE (self->views->pdata[i]) && gtk_widget_get_vexpand (self->views->pdata[i]))
      growth += bobbin_prose_get_growth (self->views->pdata[i]);

  return MAX (growth, 0);
}

void
bobbin_message_view_set_visible_range (BobbinMessageView *self,
                                      int               top,
                                      int               bottom)
{
  g_return_if_fail (BOBBIN_IS_MESSAGE_VIEW (self));

  for (guint i = 0; i < self->views->len; i++)
    {
      GtkWidget *view = g_ptr_array_index (self->views, i);
      BobbinProse *prose = view_prose (view);
      int offset;

      if (prose == NULL)
        {
          offset = (int) top_in_row (self, view);
          bobbin_block_view_set_visible_range (view, top - offset, bottom - offset);
          continue;
        }
      offset = (int) top_in_row (self, GTK_WIDGET (prose));
      bobbin_prose_set_visible_range (prose, top - offset, bottom - offset);
    }
}

/* The line of block @index at or below @y. */
static gboolean
locate_in_block (BobbinMessageView *self,
                 guint             index,
                 double            y,
                 BobbinLocus      *ret_locus)
{
  GtkWidget *view = g_ptr_array_index (self->views, index);
  BobbinProse *prose = view_prose (view);
  gboolean known = TRUE;
  gsize offset = 0;
  int line = 0;
  double top = top_in_row (self, prose != NULL ? GTK_WIDGET (prose) : view);

  if (prose != NULL)
    known = bobbin_prose_get_line_at (prose, y - top, &offset, &line);
  *ret_locus = (BobbinLocus) {
    bobbin_block_get_id (bobbin_message_get_block (self->message, index)), offset, (int) (y - top - line),
  };

  return known;
}

gboolean
bobbin_message_view_locate (BobbinMessageView *self,
                           double            y,
                           double            end,
                           BobbinLocus      *ret_locus)
{
  gboolean guessed = FALSE;

  g_return_val_if_fail (BOBBIN_IS_MESSAGE_VIEW (self), FALSE);

  *ret_locus = (BobbinLocus) { 0, 0, (int) y };

  for (guint i = 0; i < self->views->len; i++)
    {
      GtkWidget *view = g_ptr_array_index (self->views, i);
      double top = top_in_row (self, view);

      if (!gtk_widget_get_visible (view))
        continue;
      if (i == 0 && y < top)
        return TRUE;
      if (y >= top + gtk_widget_get_height (view) && i + 1 < self->views->len)
        continue;

      if (guessed && top >= end)
        return FALSE;
      if (guessed)
        y = MAX (y, top);
      if (locate_in_block (self, i, y, ret_locus))
        return TRUE;
      guessed = TRUE;
    }

  return !guessed;
}

double
bobbin_message_view_get_y (BobbinMessageView  *self,
                          const BobbinLocus *locus)
{
  g_return_val_if_fail (BOBBIN_IS_MESSAGE_VIEW (self), 0);

  for (guint i = 0; locus->block_id != 0 && i < self->views->len; i++)
    {
      GtkWidget *view = g_ptr_array_index (self->views, i);
      BobbinProse *prose = view_prose (view);
      GdkRectangle rect;

      if (bobbin_block_get_id (bobbin_message_get_block (self->message, i)) != locus->block_id)
        continue;
      if (prose == NULL)
        return top_in_row (self, view) + locus->dy;

      bobbin_prose_get_offset_rect (prose, locus->offset, &rect);
      return top_in_row (self, GTK_WIDGET (prose)) + rect.y + locus->dy;
    }

  return locus->dy;
}

BobbinProse *
bobbin_message_view_get_prose (BobbinMessageView *self,
                              gint64            block_id)
{
  g_return_val_if_fail (BOBBIN_IS_MESSAGE_VIEW (self), NULL);

  for (guint i = 0; i < self->views->len; i++)
    if (bobbin_block_get_id (bobbin_message_get_block (self->message, i)) == block_id)
      return view_prose (g_ptr_array_index (self->views, i));

  return NULL;
}

GtkWidget *
bobbin_message_view_get_view (BobbinMessageView *self,
                              gint64             block_id)
{
  g_return_val_if_fail (BOBBIN_IS_MESSAGE_VIEW (self), NULL);

  for (guint i = 0; i < self->views->len; i++)
    if (bobbin_block_get_id (bobbin_message_get_block (self->message, i)) == block_id)
      return g_ptr_array_index (self->views, i);

  return NULL;
}

gint64
bobbin_message_view_pick_block (BobbinMessageView *self,
                                double             y,
                                gboolean          *ret_lower)
{
  gint64 nearest = 0;
  double best = G_MAXDOUBLE;

  g_return_val_if_fail (BOBBIN_IS_MESSAGE_VIEW (self), 0);

  for (guint i = 0; i < self->views->len; i++)
    {
      GtkWidget *view = g_ptr_array_index (self->views, i);
      double top = top_in_row (self, view);
      int height = gtk_widget_get_height (view);
      double away = MAX (MAX (top - y, y - top - height), 0);

      if (away >= best)
        continue;
      best = away;
      nearest = bobbin_block_get_id (bobbin_message_get_block (self->message, i));
      *ret_lower = y >= top + height / 2.0;
    }

  return nearest;
}

GPtrArray *
bobbin_message_view_list_prose (BobbinMessageView *self)
{
  GPtrArray *list = g_ptr_array_new ();

  g_return_val_if_fail (BOBBIN_IS_MESSAGE_VIEW (self), list);

  for (guint i = 0; i < self->views->len; i++)
    {
      BobbinProse *prose = view_prose (g_ptr_array_index (self->views, i));

      if (prose != NULL)
        g_ptr_array_add (list, prose);
    }

  return list;
}
