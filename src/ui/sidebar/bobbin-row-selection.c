#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "sidebar/bobbin-row-selection.h"

#include "model/bobbin-thread.h"

struct _BobbinRowSelection
{
  GObject parent_instance;

  /* owned */
  GListModel *model;
  GObject    *selected;  /* (nullable) */
  GHashTable *ids;       /* set of gint64 */
  guint       position;  /* of @selected */
  gboolean    picking;
  gboolean    all;       /* @ids are those that are not picked */
  gboolean    narrowed;
};

enum
{
  PROP_SELECTED_ITEM = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

enum
{
  SIGNAL_MODE_CHANGED,
  SIGNAL_PICKED_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static guint
n_items (BobbinRowSelection *self)
{
  return g_list_model_get_n_items (self->model);
}

/* (nullable): no conversation. */
static BobbinThread *
ref_thread (BobbinRowSelection *self,
            guint               position)
{
  g_autoptr(GObject) item = g_list_model_get_item (self->model, position);

  return BOBBIN_IS_THREAD (item) ? BOBBIN_THREAD (g_steal_pointer (&item)) : NULL;
}

static GType
get_item_type (GListModel *model)
{
  return G_TYPE_OBJECT;
}

static guint
get_n_items (GListModel *model)
{
  return n_items (BOBBIN_ROW_SELECTION (model));
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  return g_list_model_get_item (BOBBIN_ROW_SELECTION (model)->model, position);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

gboolean
bobbin_row_selection_is_picked (BobbinRowSelection *self,
                                BobbinThread       *thread)
{
  gint64 id = bobbin_thread_get_id (thread);

  g_return_val_if_fail (BOBBIN_IS_ROW_SELECTION (self), FALSE);

  return self->picking && g_hash_table_contains (self->ids, &id) != self->all;
}

static gboolean
is_selected (GtkSelectionModel *model,
             guint              position)
{
  BobbinRowSelection *self = BOBBIN_ROW_SELECTION (model);
  g_autoptr(BobbinThread) thread = NULL;

  if (!self->picking)
    return self->selected != NULL && self->position == position;

  thread = ref_thread (self, position);

  return thread != NULL && bobbin_row_selection_is_picked (self, thread);
}

static void
set_picked (BobbinRowSelection *self,
            BobbinThread       *thread,
            gboolean            picked)
{
  gint64 id = bobbin_thread_get_id (thread);

  if (picked != self->all)
    g_hash_table_add (self->ids, g_memdup2 (&id, sizeof id));
  else
    g_hash_table_remove (self->ids, &id);
}

static void
picked_changed (BobbinRowSelection *self,
                guint               position,
                guint               n)
{
  if (n > 0)
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), position, n);
  g_signal_emit (self, signals[SIGNAL_PICKED_CHANGED], 0);
}

static void
pick_range (BobbinRowSelection *self,
            guint               position,
            guint               n,
            gboolean            picked)
{
  for (guint i = position; i < position + n && i < n_items (self); i++)
    {
      g_autoptr(BobbinThread) thread = ref_thread (self, i);

      if (thread != NULL)
        set_picked (self, thread, picked);
    }
  picked_changed (self, position, MIN (n, n_items (self) - position));
}

/* What was selected is the first that is picked. */
static void
begin (BobbinRowSelection *self)
{
  g_autoptr(GObject) before = self->selected != NULL ? g_object_ref (self->selected) : NULL;

  if (self->picking)
    return;

  bobbin_row_selection_set_picking (self, TRUE);
  if (BOBBIN_IS_THREAD (before))
    set_picked (self, BOBBIN_THREAD (before), TRUE);
}

static gboolean
select_item (GtkSelectionModel *model,
             guint              position,
             gboolean           unselect_rest)
{
  BobbinRowSelection *self = BOBBIN_ROW_SELECTION (model);
  g_autoptr(BobbinThread) thread = ref_thread (self, position);

  if (!self->picking && (unselect_rest || thread == NULL))
    {
      bobbin_row_selection_set_selected (self, position);
      return TRUE;
    }
  if (thread == NULL)
    return TRUE;

  begin (self);
  /* A plain click picks, and the next one on the same row drops again. */
  pick_range (self, position, 1, !unselect_rest || !bobbin_row_selection_is_picked (self, thread));

  return TRUE;
}

static gboolean
unselect_item (GtkSelectionModel *model,
               guint              position)
{
  BobbinRowSelection *self = BOBBIN_ROW_SELECTION (model);

  if (!self->picking)
    begin (self);
  else
    pick_range (self, position, 1, FALSE);

  return TRUE;
}

static gboolean
select_range (GtkSelectionModel *model,
              guint              position,
              guint              n,
              gboolean           unselect_rest)
{
  begin (BOBBIN_ROW_SELECTION (model));
  pick_range (BOBBIN_ROW_SELECTION (model), position, n, TRUE);

  return TRUE;
}

static gboolean
unselect_range (GtkSelectionModel *model,
                guint              position,
                guint              n)
{
  if (BOBBIN_ROW_SELECTION (model)->picking)
    pick_range (BOBBIN_ROW_SELECTION (model), position, n, FALSE);

  return TRUE;
}

static gboolean
select_all (GtkSelectionModel *model)
{
  BobbinRowSelection *self = BOBBIN_ROW_SELECTION (model);

  bobbin_row_selection_set_picking (self, TRUE);
  g_hash_table_remove_all (self->ids);
  self->all = !self->narrowed;
  if (self->narrowed)
    pick_range (self, 0, n_items (self), TRUE);
  else
    picked_changed (self, 0, n_items (self));

  return TRUE;
}

static gboolean
unselect_all (GtkSelectionModel *model)
{
  BobbinRowSelection *self = BOBBIN_ROW_SELECTION (model);

  if (!self->picking)
    return FALSE;

  g_hash_table_remove_all (self->ids);
  self->all = FALSE;
  picked_changed (self, 0, n_items (self));

  return TRUE;
}

static void
selection_model_init (GtkSelectionModelInterface *iface)
{
  iface->is_selected = is_selected;
  iface->select_item = select_item;
  iface->unselect_item = unselect_item;
  iface->select_range = select_range;
  iface->unselect_range = unselect_range;
  iface->select_all = select_all;
  iface->unselect_all = unselect_all;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BobbinRowSelection, bobbin_row_selection, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init)
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL, selection_model_init))

static void
bobbin_row_selection_get_property (GObject    *object,
                                   guint       prop_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SELECTED_ITEM:
      g_value_set_object (value, BOBBIN_ROW_SELECTION (object)->selected);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

/* What is selected is found again where it went; gone, nothing is. */
static void
items_changed_cb (GListModel         *model,
                  guint               position,
                  guint               removed,
                  guint               added,
                  BobbinRowSelection *self)
{
  g_autoptr(GObject) selected = self->selected != NULL ? g_object_ref (self->selected) : NULL;
  gboolean lost = selected != NULL && self->position >= position && self->position < position + removed;

  if (selected != NULL && self->position >= position + removed)
    self->position = self->position - removed + added;
  for (guint i = 0; lost && i < added; i++)
    {
      g_autoptr(GObject) item = g_list_model_get_item (model, position + i);

      if (item == selected)
        {
          self->position = position + i;
          lost = FALSE;
        }
    }
  if (lost)
    {
      g_clear_object (&self->selected);
      self->position = GTK_INVALID_LIST_POSITION;
    }

  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
  if (lost)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SELECTED_ITEM]);
}

static void
bobbin_row_selection_dispose (GObject *object)
{
  BobbinRowSelection *self = BOBBIN_ROW_SELECTION (object);

  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_object (&self->model);
  g_clear_object (&self->selected);

  G_OBJECT_CLASS (bobbin_row_selection_parent_class)->dispose (object);
}

static void
bobbin_row_selection_finalize (GObject *object)
{
  g_clear_pointer (&BOBBIN_ROW_SELECTION (object)->ids, g_hash_table_unref);

  G_OBJECT_CLASS (bobbin_row_selection_parent_class)->finalize (object);
}

static void
bobbin_row_selection_class_init (BobbinRowSelectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bobbin_row_selection_get_property;
  object_class->dispose = bobbin_row_selection_dispose;
  object_class->finalize = bobbin_row_selection_finalize;

  props[PROP_SELECTED_ITEM] =
    g_param_spec_object ("selected-item", NULL, NULL, G_TYPE_OBJECT,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[SIGNAL_MODE_CHANGED] =
    g_signal_new ("mode-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_PICKED_CHANGED] =
    g_signal_new ("picked-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bobbin_row_selection_init (BobbinRowSelection *self)
{
  self->ids = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->position = GTK_INVALID_LIST_POSITION;
}

BobbinRowSelection *
bobbin_row_selection_new (GListModel *model)
{
  BobbinRowSelection *self = g_object_new (BOBBIN_TYPE_ROW_SELECTION, NULL);

  self->model = model;
  g_signal_connect (model, "items-changed", G_CALLBACK (items_changed_cb), self);

  return self;
}

GObject *
bobbin_row_selection_get_selected_item (BobbinRowSelection *self)
{
  g_return_val_if_fail (BOBBIN_IS_ROW_SELECTION (self), NULL);

  return self->selected;
}

void
bobbin_row_selection_set_selected (BobbinRowSelection *self,
                                   guint               position)
{
  g_autoptr(GObject) item = NULL;
  guint before;

  g_return_if_fail (BOBBIN_IS_ROW_SELECTION (self));

  item = g_list_model_get_item (self->model, position);
  before = self->position;
  if (item == self->selected && (item == NULL || position == before))
    return;

  g_set_object (&self->selected, item);
  self->position = item != NULL ? position : GTK_INVALID_LIST_POSITION;
  if (!self->picking)
    {
      if (before != GTK_INVALID_LIST_POSITION)
        gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), before, 1);
      if (item != NULL)
        gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), position, 1);
    }
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SELECTED_ITEM]);
}

gboolean
bobbin_row_selection_get_picking (BobbinRowSelection *self)
{
  g_return_val_if_fail (BOBBIN_IS_ROW_SELECTION (self), FALSE);

  return self->picking;
}

void
bobbin_row_selection_set_picking (BobbinRowSelection *self,
                                  gboolean            picking)
{
  g_return_if_fail (BOBBIN_IS_ROW_SELECTION (self));

  if (self->picking == picking)
    return;

  self->picking = picking;
  self->all = FALSE;
  g_hash_table_remove_all (self->ids);
  g_signal_emit (self, signals[SIGNAL_MODE_CHANGED], 0);
  picked_changed (self, 0, n_items (self));
}

void
bobbin_row_selection_set_narrowed (BobbinRowSelection *self,
                                   gboolean            narrowed)
{
  g_return_if_fail (BOBBIN_IS_ROW_SELECTION (self));

  self->narrowed = narrowed;
}

void
bobbin_row_selection_pick (BobbinRowSelection *self,
                           guint               position,
                           gboolean            picked)
{
  g_return_if_fail (BOBBIN_IS_ROW_SELECTION (self));

  begin (self);
  pick_range (self, position, 1, picked);
}

gboolean
bobbin_row_selection_get_all (BobbinRowSelection *self)
{
  g_return_val_if_fail (BOBBIN_IS_ROW_SELECTION (self), FALSE);

  return self->all;
}

GArray *
bobbin_row_selection_dup_ids (BobbinRowSelection *self)
{
  GArray *ids;
  GHashTableIter iter;
  gpointer id;

  g_return_val_if_fail (BOBBIN_IS_ROW_SELECTION (self), NULL);

  ids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), g_hash_table_size (self->ids));
  g_hash_table_iter_init (&iter, self->ids);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_array_append_vals (ids, id, 1);

  return ids;
}

guint
bobbin_row_selection_get_n_ids (BobbinRowSelection *self)
{
  g_return_val_if_fail (BOBBIN_IS_ROW_SELECTION (self), 0);

  return g_hash_table_size (self->ids);
}
