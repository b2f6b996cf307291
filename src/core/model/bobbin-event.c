#define G_LOG_DOMAIN "bobbin-model"
#include "config.h"
#include "model/bobbin-event.h"

#include "model/bobbin-attachment.h"
#include "util/bobbin-error.h"

static const char *const nicks[BOBBIN_N_EVENTS] = {
  [BOBBIN_EVENT_NONE] = "none",
  [BOBBIN_EVENT_READY] = "ready",
  [BOBBIN_EVENT_THREAD_ID] = "thread-id",
  [BOBBIN_EVENT_TITLE] = "title",
  [BOBBIN_EVENT_UPLOAD] = "upload",
  [BOBBIN_EVENT_ACCEPTED] = "accepted",
  [BOBBIN_EVENT_TURN_STARTED] = "turn-started",
  [BOBBIN_EVENT_BLOCK] = "block",
  [BOBBIN_EVENT_USAGE] = "usage",
  [BOBBIN_EVENT_STOP_REASON] = "stop-reason",
  [BOBBIN_EVENT_TURN_STOPPED] = "turn-stopped",
  [BOBBIN_EVENT_APPROVAL] = "approval",
  [BOBBIN_EVENT_CANCEL_ACKNOWLEDGED] = "cancel-acknowledged",
  [BOBBIN_EVENT_CONTEXT] = "context",
  [BOBBIN_EVENT_ACTIVITY] = "activity",
  [BOBBIN_EVENT_PONG] = "pong",
  [BOBBIN_EVENT_FAILED] = "failed",
  [BOBBIN_EVENT_CLOSED] = "closed",
  [BOBBIN_EVENT_DONE] = "done",
};

BobbinEvent *
bobbin_event_new (BobbinEventType type)
{
  const BobbinUsage unknown = BOBBIN_USAGE_INIT;
  BobbinEvent *self = g_new0 (BobbinEvent, 1);

  self->type = type;
  self->usage = unknown;

  return self;
}

void
bobbin_event_free (BobbinEvent *self)
{
  if (self == NULL)
    return;

  g_free (self->thread_id);
  g_free (self->message_id);
  g_free (self->user_message_id);
  g_free (self->agent_id);
  g_free (self->name);
  g_free (self->model);
  g_free (self->text);
  g_free (self->key);
  g_free (self->call_id);
  g_free (self->data);
  g_free (self->result);
  g_free (self->content_type);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_object (&self->attachment);
  bobbin_failure_free (self->failure);
  g_free (self);
}

const char *
bobbin_event_type_get_nick (BobbinEventType type)
{
  g_return_val_if_fail ((guint) type < BOBBIN_N_EVENTS, NULL);

  return nicks[type];
}
