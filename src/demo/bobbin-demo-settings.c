#define G_LOG_DOMAIN "bobbin-demo"
#include "config.h"
#include "demo/bobbin-demo-server-private.h"

#include "util/bobbin-error.h"
#include "util/bobbin-json.h"

#include <string.h>

gboolean
bobbin_demo_is_expiry (const char *how)
{
  static const char *const words[] = { "loud", "4004", "404", "silent", NULL };

  return how != NULL && g_strv_contains (words, how);
}

void
bobbin_demo_fault_free (BobbinDemoFault *self)
{
  if (self == NULL)
    return;

  g_free (self->retry_after);
  g_free (self->text);
  g_free (self);
}

BobbinDemoFault *
bobbin_demo_fault_copy (const BobbinDemoFault *self)
{
  BobbinDemoFault *copy = g_memdup2 (self, sizeof *self);

  copy->retry_after = g_strdup (self->retry_after);
  copy->text = g_strdup (self->text);

  return copy;
}

/* (nullable): the array of steps as text. */
static char *
dup_steps (JsonObject *object,
           const char *member)
{
  JsonNode *node = bobbin_json_get_node (object, member);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? bobbin_json_to_text (node, FALSE) : NULL;
}

static gboolean
read_type (JsonObject      *object,
           BobbinDemoFault *fault)
{
  static const struct { const char *member; BobbinDemoFaultType type; } types[] = {
    { "say", BOBBIN_DEMO_FAULT_SAY },
    { "script", BOBBIN_DEMO_FAULT_SCRIPT },
    { "refuse", BOBBIN_DEMO_FAULT_REFUSE },
    { "connect", BOBBIN_DEMO_FAULT_CONNECT },
    { "hang", BOBBIN_DEMO_FAULT_HANG },
    { "drop", BOBBIN_DEMO_FAULT_DROP },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      if (!json_object_has_member (object, types[i].member))
        continue;
      fault->type = types[i].type;
      if (fault->type == BOBBIN_DEMO_FAULT_SAY)
        fault->text = g_strdup (bobbin_json_get_string (object, "say"));
      else if (fault->type == BOBBIN_DEMO_FAULT_SCRIPT || fault->type == BOBBIN_DEMO_FAULT_CONNECT)
        fault->text = dup_steps (object, types[i].member);
      else if (fault->type == BOBBIN_DEMO_FAULT_REFUSE)
        {
          fault->status = (guint) CLAMP (bobbin_json_get_int (object, "refuse", 0), 0, 599);
          fault->retry_after = bobbin_json_dup_text (object, "retry_after");
          fault->text = g_strdup (bobbin_json_get_string (object, "body"));
          return fault->status >= 300;
        }
      else
        return bobbin_json_get_bool (object, types[i].member, FALSE);
      return fault->text != NULL;
    }

  return FALSE;
}

BobbinDemoFault *
bobbin_demo_fault_parse (JsonObject  *object,
                         GError     **error)
{
  BobbinDemoFault *fault = g_new0 (BobbinDemoFault, 1);
  const char *on = bobbin_json_get_string (object, "on");

  fault->times = (guint) CLAMP (bobbin_json_get_int (object, "times", 1), 0, G_MAXINT);
  fault->on = -1;
  if (g_strcmp0 (on, "ws") == 0)
    fault->on = BOBBIN_DEMO_LINK_WS;
  else if (g_strcmp0 (on, "sse") == 0)
    fault->on = BOBBIN_DEMO_LINK_SSE;
  if (!read_type (object, fault))
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, "Not a fault the demo server knows");
      bobbin_demo_fault_free (fault);
      return NULL;
    }

  return fault;
}

void
_bobbin_demo_server_reset_settings (BobbinDemoServer *self)
{
  g_queue_clear_full (&self->faults, (GDestroyNotify) bobbin_demo_fault_free);
  g_free (self->unknown_threads);
  self->unknown_threads = g_strdup ("accept");
  g_free (self->auth);
  self->auth = g_strdup ("both");
  self->pong = TRUE;
  self->reply_json = FALSE;
}

/* --- faults and settings, any thread --- */

void
bobbin_demo_server_set_speed (BobbinDemoServer *self,
                              guint             word_ms)
{
  g_mutex_lock (&self->lock);
  self->word_ms = word_ms;
  g_mutex_unlock (&self->lock);
}

guint
_bobbin_demo_server_get_speed (BobbinDemoServer *self)
{
  guint word_ms;

  g_mutex_lock (&self->lock);
  word_ms = self->word_ms;
  g_mutex_unlock (&self->lock);

  return word_ms;
}

gboolean
_bobbin_demo_server_get_pong (BobbinDemoServer *self)
{
  gboolean pong;

  g_mutex_lock (&self->lock);
  pong = self->pong;
  g_mutex_unlock (&self->lock);

  return pong;
}

gboolean
_bobbin_demo_server_get_json (BobbinDemoServer *self)
{
  gboolean reply_json;

  g_mutex_lock (&self->lock);
  reply_json = self->reply_json;
  g_mutex_unlock (&self->lock);

  return reply_json;
}

guint
_bobbin_demo_server_next_number (BobbinDemoServer *self)
{
  guint number;

  g_mutex_lock (&self->lock);
  number = ++self->number;
  g_mutex_unlock (&self->lock);

  return number;
}

static gboolean
set_word (char       **place,
          const char  *value,
          gboolean     valid)
{
  if (!valid)
    return FALSE;
  g_free (*place);
  *place = g_strdup (value);

  return TRUE;
}

/* Returns: 1 for a setting, 0 for none, -1 for one with a value it cannot have. */
static int
apply_setting (BobbinDemoServer *self,
               JsonObject       *object)
{
  static const char *const auths[] = { "both", "bearer", "bare", NULL };
  const char *word;

  if (json_object_has_member (object, "expire"))
    {
      word = bobbin_json_get_string (object, "expire");
      return set_word (&self->expire_all, word, bobbin_demo_is_expiry (word)) ? 1 : -1;
    }
  if (json_object_has_member (object, "unknown_threads"))
    {
      word = bobbin_json_get_string (object, "unknown_threads");
      return set_word (&self->unknown_threads, word,
                       bobbin_demo_is_expiry (word) || g_strcmp0 (word, "accept") == 0) ? 1 : -1;
    }
  if (json_object_has_member (object, "auth"))
    {
      word = bobbin_json_get_string (object, "auth");
      return set_word (&self->auth, word, word != NULL && g_strv_contains (auths, word)) ? 1 : -1;
    }
  if (json_object_has_member (object, "reply"))
    {
      word = bobbin_json_get_string (object, "reply");
      self->reply_json = g_strcmp0 (word, "json") == 0;
      return self->reply_json || g_strcmp0 (word, "stream") == 0 ? 1 : -1;
    }
  if (json_object_has_member (object, "pong"))
    {
      self->pong = bobbin_json_get_bool (object, "pong", TRUE);
      return 1;
    }
  if (json_object_has_member (object, "speed"))
    {
      self->word_ms = (guint) CLAMP (bobbin_json_get_int (object, "speed", BOBBIN_DEMO_SPEED_HUMAN), 0, 60000);
      return 1;
    }

  return 0;
}

gboolean
bobbin_demo_server_queue_fault (BobbinDemoServer  *self,
                                const char        *fault,
                                GError           **error)
{
  g_autoptr(JsonObject) object = NULL;
  BobbinDemoFault *parsed;
  int applied;

  g_return_val_if_fail (BOBBIN_IS_DEMO_SERVER (self) && fault != NULL, FALSE);

  object = bobbin_json_parse_object (fault, -1, error);
  if (object == NULL)
    return FALSE;
  g_mutex_lock (&self->lock);
  applied = apply_setting (self, object);
  g_mutex_unlock (&self->lock);
  if (applied > 0)
    return TRUE;
  if (applied < 0)
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID,
                           "A setting of the demo server cannot have this value");
      return FALSE;
    }
  parsed = bobbin_demo_fault_parse (object, error);
  if (parsed == NULL)
    return FALSE;
  _bobbin_demo_server_add_fault (self, parsed);

  return TRUE;
}

void
bobbin_demo_server_clear_faults (BobbinDemoServer *self)
{
  g_mutex_lock (&self->lock);
  _bobbin_demo_server_reset_settings (self);
  g_mutex_unlock (&self->lock);
}

void
_bobbin_demo_server_add_fault (BobbinDemoServer *self,
                               BobbinDemoFault  *fault)
{
  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->faults, fault);
  g_mutex_unlock (&self->lock);
}

BobbinDemoFault *
_bobbin_demo_server_take_fault (BobbinDemoServer    *self,
                                BobbinDemoFaultType  type,
                                BobbinDemoLinkKind   kind)
{
  BobbinDemoFault *taken = NULL;

  g_mutex_lock (&self->lock);
  for (GList *l = self->faults.head; l != NULL && taken == NULL; l = l->next)
    {
      BobbinDemoFault *fault = l->data;

      if (fault->type != type || (fault->on >= 0 && fault->on != (int) kind))
        continue;
      taken = bobbin_demo_fault_copy (fault);
      if (fault->times > 0 && --fault->times == 0)
        {
          bobbin_demo_fault_free (fault);
          g_queue_delete_link (&self->faults, l);
          break;
        }
    }
  g_mutex_unlock (&self->lock);

  return taken;
}

gboolean
_bobbin_demo_server_is_authorized (BobbinDemoServer *self,
                                   const char       *header)
{
  gboolean bearer, bare;

  if (header == NULL)
    return FALSE;
  g_mutex_lock (&self->lock);
  bearer = strcmp (self->auth, "bare") != 0;
  bare = strcmp (self->auth, "bearer") != 0;
  g_mutex_unlock (&self->lock);
  if (g_ascii_strncasecmp (header, "Bearer ", 7) == 0)
    return bearer && strcmp (header + 7, self->key) == 0;

  return bare && strcmp (header, self->key) == 0;
}
