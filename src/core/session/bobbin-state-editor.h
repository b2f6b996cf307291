/* The state or the metadata of one thread on its server: read, checked against its schema, changed, cleared, put back. */
#pragma once

#include "backend/bobbin-abilities.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_STATE_EDITOR (bobbin_state_editor_get_type ())
G_DECLARE_FINAL_TYPE (BobbinStateEditor, bobbin_state_editor, BOBBIN, STATE_EDITOR, GObject)

/* @what: BOBBIN_THREAD_STATE_STATE, which servers merge into what there is, or _METADATA, which they replace. */
BobbinStateEditor *bobbin_state_editor_new (BobbinThreadState *service, const char *thread_id, BobbinThreadStateKind what);

BobbinThreadStateKind bobbin_state_editor_get_what (BobbinStateEditor *self);
/* Property "value": the JSON object text the server holds, as last read; NULL before. */
const char *bobbin_state_editor_get_value    (BobbinStateEditor *self);
/* Property "can-undo": there is a value to put back. */
gboolean    bobbin_state_editor_get_can_undo (BobbinStateEditor *self);
/* (nullable): names of members that should have been removed and are still there: this server cannot remove fields. */
const char *bobbin_state_editor_get_kept     (BobbinStateEditor *self);

/* FALSE with BOBBIN_ERROR_INVALID: @json is no JSON object or does not fit the schema. Before the schema is read, the former alone. */
gboolean bobbin_state_editor_check (BobbinStateEditor *self, const char *json, GError **error);

/* One call at a time. */
void     bobbin_state_editor_load_async   (BobbinStateEditor *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* Checks @json first. BOBBIN_ERROR_BUSY: somebody else changed it; "value" then holds theirs and nothing of @json was taken. */
void     bobbin_state_editor_set_async    (BobbinStateEditor *self, const char *json, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
/* @keep: (nullable): names of members that stay. */
void     bobbin_state_editor_clear_async  (BobbinStateEditor *self, const char *const *keep, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
/* Writes back what was there before the last change; undone again, the change. */
void     bobbin_state_editor_undo_async   (BobbinStateEditor *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* Of all of them. */
gboolean bobbin_state_editor_finish       (BobbinStateEditor *self, GAsyncResult *result, GError **error);

G_END_DECLS
