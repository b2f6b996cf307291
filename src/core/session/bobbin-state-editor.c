#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-state-editor.h"

#include "util/bobbin-error.h"
#include "util/bobbin-json-schema.h"
#include "util/bobbin-json.h"

#include <glib/gi18n.h>

struct _BobbinStateEditor
{
  GObject parent_instance;

  BobbinThreadState    *service;
  char                 *thread_id;
  BobbinThreadStateKind what;
  JsonObject           *schema;   /* NULL before it is read, and when there is none */
  gboolean              has_schema; /* it was asked for */
  char                 *value;    /* NULL before it is read */
  char                 *previous; /* NULL: nothing to undo */
  char                 *kept;     /* NULL: nothing */
};

enum
{
  PROP_0,
  PROP_VALUE,
  PROP_CAN_UNDO,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (BobbinStateEditor, bobbin_state_editor, G_TYPE_OBJECT)

/* One call of the editor, and the calls of the server it takes. */
typedef struct
{
  char         *json;     /* (nullable): to set, or what stays of a value that is cleared */
  char         *before;   /* (nullable): the value when it began */
  GError       *busy;     /* (nullable): why it is read again */
  GCancellable *cancellable;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->json);
  g_free (job->before);
  g_clear_error (&job->busy);
  g_clear_object (&job->cancellable);
  g_free (job);
}

static GTask *
task_new (BobbinStateEditor   *self,
          gpointer             tag,
          const char          *json,
          GCancellable        *cancellable,
          GAsyncReadyCallback  callback,
          gpointer             user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->json = g_strdup (json);
  job->before = g_strdup (self->value);
  job->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, job, job_free);

  return task;
}

static void
take_value (BobbinStateEditor *self,
            char              *value)
{
  g_free (self->value);
  self->value = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VALUE]);
}

static void
set_previous (BobbinStateEditor *self,
              const char        *previous)
{
  g_free (self->previous);
  self->previous = g_strdup (previous);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_UNDO]);
}

/* What was to be removed and is still there: names, with commas. */
static char *
find_kept (const char *asked,
           const char *value)
{
  g_autoptr(JsonObject) wanted = bobbin_json_parse_object (asked, -1, NULL);
  g_autoptr(JsonObject) now = bobbin_json_parse_object (value, -1, NULL);
  g_autoptr(GString) names = g_string_new (NULL);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (wanted == NULL || now == NULL)
    return NULL;

  json_object_iter_init (&iter, wanted);
  while (json_object_iter_next (&iter, &name, &node))
    if (JSON_NODE_HOLDS_NULL (node) && bobbin_json_get_node (now, name) != NULL)
      g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", name);

  return names->len > 0 ? g_string_free (g_steal_pointer (&names), FALSE) : NULL;
}

/* Reading */

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinStateEditor *self = g_task_get_source_object (task);
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;
  char *value = bobbin_thread_state_get_finish (BOBBIN_THREAD_STATE (source), result, &error);

  if (value != NULL)
    take_value (self, value);
  if (value != NULL && job->busy == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  if (job->busy != NULL)
    {
      g_clear_error (&error);
      error = g_steal_pointer (&job->busy);
    }
  g_task_return_error (task, error);
}

static void
read_value (BobbinStateEditor *self,
            GTask             *task)
{
  Job *job = g_task_get_task_data (task);

  bobbin_thread_state_get_async (self->service, self->thread_id, self->what, job->cancellable, read_cb, task);
}

static void
schema_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinStateEditor *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  g_autofree char *text = bobbin_thread_state_get_finish (BOBBIN_THREAD_STATE (source), result, &error);

  if (text == NULL && !g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  self->has_schema = TRUE;
  self->schema = text != NULL ? bobbin_json_parse_object (text, -1, NULL) : NULL;
  read_value (self, g_steal_pointer (&task));
}

void
bobbin_state_editor_load_async (BobbinStateEditor   *self,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  GTask *task = task_new (self, bobbin_state_editor_load_async, NULL, cancellable, callback, user_data);

  if (self->has_schema)
    read_value (self, task);
  else
    bobbin_thread_state_get_async (self->service, self->thread_id,
                                   self->what == BOBBIN_THREAD_STATE_STATE ? BOBBIN_THREAD_STATE_SCHEMA : BOBBIN_THREAD_STATE_METADATA_SCHEMA,
                                   cancellable, schema_cb, task);
}

/* Changing */

static void
set_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinStateEditor *self = g_task_get_source_object (task);
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;
  char *value = bobbin_thread_state_set_finish (BOBBIN_THREAD_STATE (source), result, &error);

  if (value != NULL)
    {
      g_free (self->kept);
      self->kept = find_kept (job->json, value);
      take_value (self, value);
      set_previous (self, job->before);
      g_task_return_boolean (task, TRUE);
    }
  else if (g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_BUSY))
    {
      job->busy = error;
      read_value (self, g_steal_pointer (&task));
    }
  else
    {
      g_task_return_error (task, error);
    }
}

static void
put_value (BobbinStateEditor *self,
           GTask             *task)
{
  Job *job = g_task_get_task_data (task);

  bobbin_thread_state_set_async (self->service, self->thread_id, self->what, job->json, job->cancellable, set_cb, task);
}

gboolean
bobbin_state_editor_check (BobbinStateEditor *self,
                           const char        *json,
                           GError           **error)
{
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) local = NULL;
  g_autoptr(GList) names = NULL;
  gboolean merges = self->what == BOBBIN_THREAD_STATE_STATE;

  node = bobbin_json_parse (json, -1, &local);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      if (local != NULL)
        g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID,
                     /* Translators: %s is what is wrong with it */
                     _("This is no JSON object, which begins with { and ends with }: %s"), local->message);
      else
        g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID,
                             _("This is no JSON object, which begins with { and ends with }"));
      return FALSE;
    }
  if (self->schema == NULL)
    return TRUE;
  if (!merges)
    return bobbin_json_schema_check (self->schema, node, FALSE, error);

  /* A null asks to remove the member, whatever its type is. */
  names = json_object_get_members (json_node_get_object (node));
  for (GList *l = names; l != NULL; l = l->next)
    if (json_object_get_null_member (json_node_get_object (node), l->data))
      json_object_remove_member (json_node_get_object (node), l->data);

  return bobbin_json_schema_check (self->schema, node, TRUE, error);
}

void
bobbin_state_editor_set_async (BobbinStateEditor   *self,
                               const char          *json,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  GTask *task = task_new (self, bobbin_state_editor_set_async, json, cancellable, callback, user_data);
  GError *error = NULL;

  if (bobbin_state_editor_check (self, json, &error))
    {
      put_value (self, task);
      return;
    }

  g_task_return_error (task, error);
  g_object_unref (task);
}

static void
cleared_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinStateEditor *self = g_task_get_source_object (task);
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;

  if (!bobbin_thread_state_clear_finish (BOBBIN_THREAD_STATE (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  /* Whatever becomes of what stays: from here on there is something to put back. */
  take_value (self, g_strdup ("{}"));
  set_previous (self, job->before);
  if (job->json != NULL)
    put_value (self, g_steal_pointer (&task));
  else
    read_value (self, g_steal_pointer (&task));
}

/* The members of the value in @names, as text; NULL when there is none of them. */
static char *
pick (BobbinStateEditor  *self,
      const char *const  *names)
{
  g_autoptr(JsonObject) value = self->value != NULL ? bobbin_json_parse_object (self->value, -1, NULL) : NULL;
  g_autoptr(JsonObject) picked = json_object_new ();

  for (gsize i = 0; value != NULL && names != NULL && names[i] != NULL; i++)
    if (json_object_has_member (value, names[i]))
      json_object_set_member (picked, names[i], json_node_copy (json_object_get_member (value, names[i])));

  return json_object_get_size (picked) > 0 ? bobbin_json_object_to_text (picked, FALSE) : NULL;
}

void
bobbin_state_editor_clear_async (BobbinStateEditor   *self,
                                 const char *const   *keep,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autofree char *kept = pick (self, keep);
  GTask *task;

  if (self->what != BOBBIN_THREAD_STATE_STATE) /* replaced as a whole: what stays is what is written */
    {
      task = task_new (self, bobbin_state_editor_clear_async, kept != NULL ? kept : "{}", cancellable, callback, user_data);
      put_value (self, task);
      return;
    }

  task = task_new (self, bobbin_state_editor_clear_async, kept, cancellable, callback, user_data);
  bobbin_thread_state_clear_async (self->service, self->thread_id, cancellable, cleared_cb, task);
}

void
bobbin_state_editor_undo_async (BobbinStateEditor   *self,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  GTask *task = task_new (self, bobbin_state_editor_undo_async, self->previous != NULL ? self->previous : "{}",
                          cancellable, callback, user_data);

  if (self->previous != NULL)
    {
      put_value (self, task);
      return;
    }

  g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, "%s", _("There is nothing to undo"));
  g_object_unref (task);
}

gboolean
bobbin_state_editor_finish (BobbinStateEditor *self,
                            GAsyncResult      *result,
                            GError           **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* The object */

BobbinThreadStateKind
bobbin_state_editor_get_what (BobbinStateEditor *self)
{
  return self->what;
}

const char *
bobbin_state_editor_get_value (BobbinStateEditor *self)
{
  return self->value;
}

gboolean
bobbin_state_editor_get_can_undo (BobbinStateEditor *self)
{
  return self->previous != NULL;
}

const char *
bobbin_state_editor_get_kept (BobbinStateEditor *self)
{
  return self->kept;
}

static void
bobbin_state_editor_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  BobbinStateEditor *self = BOBBIN_STATE_EDITOR (object);

  switch (prop_id)
    {
    case PROP_VALUE:
      g_value_set_string (value, self->value);
      break;
    case PROP_CAN_UNDO:
      g_value_set_boolean (value, self->previous != NULL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_state_editor_finalize (GObject *object)
{
  BobbinStateEditor *self = BOBBIN_STATE_EDITOR (object);

  g_object_unref (self->service);
  g_free (self->thread_id);
  g_clear_pointer (&self->schema, json_object_unref);
  g_free (self->value);
  g_free (self->previous);
  g_free (self->kept);

  G_OBJECT_CLASS (bobbin_state_editor_parent_class)->finalize (object);
}

static void
bobbin_state_editor_class_init (BobbinStateEditorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bobbin_state_editor_get_property;
  object_class->finalize = bobbin_state_editor_finalize;

  properties[PROP_VALUE] = g_param_spec_string ("value", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_CAN_UNDO] = g_param_spec_boolean ("can-undo", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bobbin_state_editor_init (BobbinStateEditor *self)
{
}

BobbinStateEditor *
bobbin_state_editor_new (BobbinThreadState    *service,
                         const char           *thread_id,
                         BobbinThreadStateKind what)
{
  BobbinStateEditor *self = g_object_new (BOBBIN_TYPE_STATE_EDITOR, NULL);

  self->service = g_object_ref (service);
  self->thread_id = g_strdup (thread_id);
  self->what = what;

  return self;
}
