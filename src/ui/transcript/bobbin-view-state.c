#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-view-state.h"

typedef struct
{
  gboolean   expanded;
  GPtrArray *edits;   /* (nullable) (element-type utf8), NULL where a tool was not edited */
  int        slots[BOBBIN_N_VIEW_SLOTS];
} Entry;

struct _BobbinViewState
{
  gatomicrefcount ref_count;
  GHashTable     *entries;  /* gint64 block id → Entry */
  gboolean        fetches;
  gboolean        deletes;
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_clear_pointer (&entry->edits, g_ptr_array_unref);
  g_free (entry);
}

BobbinViewState *
bobbin_view_state_new (void)
{
  BobbinViewState *self = g_new0 (BobbinViewState, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->entries = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, entry_free);

  return self;
}

BobbinViewState *
bobbin_view_state_ref (BobbinViewState *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
bobbin_view_state_unref (BobbinViewState *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_hash_table_unref (self->entries);
  g_free (self);
}

static Entry *
ensure_entry (BobbinViewState *self,
              gint64           block_id)
{
  Entry *entry = g_hash_table_lookup (self->entries, &block_id);

  if (entry == NULL)
    {
      entry = g_new0 (Entry, 1);
      g_hash_table_insert (self->entries, g_memdup2 (&block_id, sizeof block_id), entry);
    }

  return entry;
}

gboolean
bobbin_view_state_get_expanded (BobbinViewState *self,
                                gint64           block_id)
{
  Entry *entry = g_hash_table_lookup (self->entries, &block_id);

  return entry != NULL && entry->expanded;
}

void
bobbin_view_state_set_expanded (BobbinViewState *self,
                                gint64           block_id,
                                gboolean         expanded)
{
  ensure_entry (self, block_id)->expanded = expanded;
}

const char *
bobbin_view_state_get_edit (BobbinViewState *self,
                            gint64           block_id,
                            guint            index)
{
  Entry *entry = g_hash_table_lookup (self->entries, &block_id);

  if (entry == NULL || entry->edits == NULL || index >= entry->edits->len)
    return NULL;

  return g_ptr_array_index (entry->edits, index);
}

void
bobbin_view_state_set_edit (BobbinViewState *self,
                            gint64           block_id,
                            guint            index,
                            const char      *text)
{
  Entry *entry = ensure_entry (self, block_id);

  if (entry->edits == NULL)
    entry->edits = g_ptr_array_new_with_free_func (g_free);
  if (index >= entry->edits->len)
    g_ptr_array_set_size (entry->edits, (int) index + 1);

  g_free (g_ptr_array_index (entry->edits, index));
  g_ptr_array_index (entry->edits, index) = g_strdup (text);
}

void
bobbin_view_state_clear_edits (BobbinViewState *self,
                               gint64           block_id)
{
  Entry *entry = g_hash_table_lookup (self->entries, &block_id);

  if (entry != NULL)
    g_clear_pointer (&entry->edits, g_ptr_array_unref);
}

int
bobbin_view_state_get_slot (BobbinViewState *self,
                            gint64           block_id,
                            BobbinViewSlot   slot)
{
  Entry *entry = g_hash_table_lookup (self->entries, &block_id);

  return entry != NULL ? entry->slots[slot] : 0;
}

void
bobbin_view_state_set_slot (BobbinViewState *self,
                            gint64           block_id,
                            BobbinViewSlot   slot,
                            int              value)
{
  if (value != 0 || g_hash_table_contains (self->entries, &block_id))
    ensure_entry (self, block_id)->slots[slot] = value;
}

gboolean
bobbin_view_state_get_fetches (BobbinViewState *self)
{
  return self->fetches;
}

gboolean
bobbin_view_state_get_deletes (BobbinViewState *self)
{
  return self->deletes;
}

void
bobbin_view_state_set_service (BobbinViewState *self,
                               gboolean         fetches,
                               gboolean         deletes)
{
  self->fetches = fetches;
  self->deletes = deletes;
}
