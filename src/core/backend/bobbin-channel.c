#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/bobbin-channel.h"

#include "model/bobbin-block.h"
#include "model/bobbin-event.h"


enum
{
  SIGNAL_EVENT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_INTERFACE (BobbinChannel, bobbin_channel, G_TYPE_OBJECT)

static void
bobbin_channel_default_init (BobbinChannelInterface *iface)
{
  /* A pointer, not a boxed type: an event is emitted for each delta and must not be copied. */
  signals[SIGNAL_EVENT] = g_signal_new ("event", BOBBIN_TYPE_CHANNEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        g_cclosure_marshal_VOID__POINTER, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

BobbinTurn *
bobbin_turn_new (const char *text,
                 GPtrArray  *attachments)
{
  BobbinTurn *self = g_new0 (BobbinTurn, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->text = g_strdup (text);
  self->attachments = attachments != NULL ? g_ptr_array_copy (attachments, (GCopyFunc) g_object_ref, NULL)
                                          : g_ptr_array_new ();
  g_ptr_array_set_free_func (self->attachments, g_object_unref);
  self->message_id = g_uuid_string_random ();

  return self;
}

BobbinTurn *
bobbin_turn_ref (BobbinTurn *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
bobbin_turn_unref (BobbinTurn *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->text);
  g_ptr_array_unref (self->attachments);
  g_clear_pointer (&self->context, g_ptr_array_unref);
  g_free (self->message_id);
  g_free (self->options);
  g_free (self);
}

void
bobbin_decision_clear (BobbinDecision *self)
{
  g_clear_pointer (&self->arguments, g_free);
}

GArray *
bobbin_decisions_copy (GArray *decisions)
{
  GArray *copy = g_array_sized_new (FALSE, FALSE, sizeof (BobbinDecision), decisions->len);

  g_array_set_clear_func (copy, (GDestroyNotify) bobbin_decision_clear);
  for (guint i = 0; i < decisions->len; i++)
    {
      BobbinDecision decision = g_array_index (decisions, BobbinDecision, i);

      decision.arguments = g_strdup (decision.arguments);
      g_array_append_val (copy, decision);
    }

  return copy;
}

void
bobbin_channel_start (BobbinChannel *self)
{
  g_return_if_fail (BOBBIN_IS_CHANNEL (self));

  BOBBIN_CHANNEL_GET_IFACE (self)->start (self);
}

void
bobbin_channel_send (BobbinChannel *self,
                     BobbinTurn    *turn)
{
  g_return_if_fail (BOBBIN_IS_CHANNEL (self));
  g_return_if_fail (turn != NULL);

  BOBBIN_CHANNEL_GET_IFACE (self)->send (self, turn);
}

void
bobbin_channel_cancel (BobbinChannel *self)
{
  g_return_if_fail (BOBBIN_IS_CHANNEL (self));

  BOBBIN_CHANNEL_GET_IFACE (self)->cancel (self);
}

void
bobbin_channel_decide (BobbinChannel *self,
                       BobbinBlock   *approval,
                       GArray        *decisions)
{
  g_return_if_fail (BOBBIN_IS_CHANNEL (self));
  g_return_if_fail (BOBBIN_IS_BLOCK (approval));
  g_return_if_fail (decisions != NULL);

  BOBBIN_CHANNEL_GET_IFACE (self)->decide (self, approval, decisions);
}

void
bobbin_channel_close (BobbinChannel *self)
{
  g_return_if_fail (BOBBIN_IS_CHANNEL (self));

  BOBBIN_CHANNEL_GET_IFACE (self)->close (self);
}

const char *
bobbin_channel_get_transport (BobbinChannel *self)
{
  g_return_val_if_fail (BOBBIN_IS_CHANNEL (self), NULL);

  return BOBBIN_CHANNEL_GET_IFACE (self)->get_transport (self);
}

void
bobbin_channel_probe (BobbinChannel *self)
{
  g_return_if_fail (BOBBIN_IS_CHANNEL (self));

  if (BOBBIN_CHANNEL_GET_IFACE (self)->probe != NULL)
    BOBBIN_CHANNEL_GET_IFACE (self)->probe (self);
}

void
bobbin_channel_emit (BobbinChannel *self,
                     BobbinEvent   *event)
{
  g_signal_emit (self, signals[SIGNAL_EVENT], 0, event);
  bobbin_event_free (event);
}

void
_bobbin_channel_forward (BobbinChannel *self,
                         BobbinEvent   *event)
{
  g_signal_emit (self, signals[SIGNAL_EVENT], 0, event);
}
