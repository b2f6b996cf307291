#include "config.h"
#include "channel-recorder.h"

#include "server-fixture.h"

static void
note_block (ChannelRecorder   *self,
            const BobbinEvent *event)
{
  static const char marks[] = { '<', '+', '>' };

  g_string_append_printf (self->log, "%s%c", event->key, marks[event->phase]);
  if (event->text != NULL)
    {
      g_assert_cmpuint (event->text_length, ==, strlen (event->text));
      g_string_append (self->log, event->text);
      g_string_append (self->text, event->text);
    }
  if (event->is_result)
    g_string_append_printf (self->log, "=%s", event->result);
  if (event->phase == BOBBIN_PHASE_DELTA)
    self->n_deltas++;
}

static void
note_failure (ChannelRecorder   *self,
              const BobbinEvent *event)
{
  bobbin_failure_free (self->failure);
  self->failure = bobbin_failure_copy (event->failure);
  g_string_append_printf (self->log, ":%s", event->failure != NULL ? bobbin_error_code_nick (event->failure->code) : "-");
}

static void
event_cb (BobbinChannel   *channel,
          BobbinEvent     *event,
          ChannelRecorder *self)
{
  g_assert_false (self->in_call);
  g_assert_false (self->closed);

  self->n_events++;
  if (self->log->len > 0)
    g_string_append_c (self->log, ' ');
  if (event->type == BOBBIN_EVENT_BLOCK)
    {
      note_block (self, event);
      return;
    }

  g_string_append (self->log, bobbin_event_type_get_nick (event->type));
  if (event->type == BOBBIN_EVENT_FAILED || event->type == BOBBIN_EVENT_CLOSED)
    note_failure (self, event);
  if (event->thread_id != NULL)
    g_string_append_printf (self->log, ":%s", event->thread_id);
  if (event->type != BOBBIN_EVENT_READY && event->text != NULL)
    g_string_append_printf (self->log, ":%s", event->text);
  if (event->type == BOBBIN_EVENT_READY)
    self->ready = TRUE;
  if (event->type == BOBBIN_EVENT_TURN_STOPPED || event->type == BOBBIN_EVENT_FAILED)
    self->stopped = TRUE;
  if (event->type == BOBBIN_EVENT_CLOSED)
    self->closed = TRUE;
}

ChannelRecorder *
channel_recorder_new (BobbinChannel *channel)
{
  ChannelRecorder *self = g_new0 (ChannelRecorder, 1);

  self->channel = channel;
  self->log = g_string_new (NULL);
  self->text = g_string_new (NULL);
  g_signal_connect (channel, "event", G_CALLBACK (event_cb), self);

  return self;
}

void
channel_recorder_free (ChannelRecorder *self)
{
  bobbin_channel_close (self->channel);
  self->closed = TRUE;
  test_settle ();
  g_signal_handlers_disconnect_by_data (self->channel, self);
  /* What was given up, as reading a file is, may hold it until its thread comes back. */
  g_object_add_weak_pointer (G_OBJECT (self->channel), (gpointer *) &self->channel);
  g_object_unref (self->channel);
  test_wait_until (self->channel == NULL);
  test_settle ();
  bobbin_failure_free (self->failure);
  g_string_free (self->log, TRUE);
  g_string_free (self->text, TRUE);
  g_free (self);
}

void
channel_recorder_start (ChannelRecorder *self)
{
  self->in_call = TRUE;
  bobbin_channel_start (self->channel);
  self->in_call = FALSE;
  test_wait_until (self->ready || self->closed);
}

void
channel_recorder_send_turn (ChannelRecorder *self,
                            BobbinTurn      *turn)
{
  self->stopped = FALSE;
  self->in_call = TRUE;
  bobbin_channel_send (self->channel, turn);
  self->in_call = FALSE;
}

void
channel_recorder_send (ChannelRecorder *self,
                       const char      *text)
{
  g_autoptr(BobbinTurn) turn = bobbin_turn_new (text, NULL);

  channel_recorder_send_turn (self, turn);
}

void
channel_recorder_cancel (ChannelRecorder *self)
{
  self->in_call = TRUE;
  bobbin_channel_cancel (self->channel);
  self->in_call = FALSE;
}

void
channel_recorder_decide (ChannelRecorder   *self,
                         BobbinDecisionType type,
                         const char        *arguments,
                         const char        *data,
                         const char        *node)
{
  g_autoptr(BobbinBlock) approval = bobbin_block_new (0, BOBBIN_BLOCK_APPROVAL);
  g_autoptr(GArray) decisions = g_array_new (FALSE, FALSE, sizeof (BobbinDecision));
  BobbinDecision decision = { type, g_strdup (arguments) };

  g_array_set_clear_func (decisions, (GDestroyNotify) bobbin_decision_clear);
  g_array_append_val (decisions, decision);
  bobbin_block_set_data (approval, data);
  bobbin_block_set_name (approval, node);
  self->stopped = FALSE;
  self->in_call = TRUE;
  bobbin_channel_decide (self->channel, approval, decisions);
  self->in_call = FALSE;
}

void
channel_recorder_reset (ChannelRecorder *self)
{
  g_string_truncate (self->log, 0);
  g_string_truncate (self->text, 0);
  self->stopped = FALSE;
  self->n_events = 0;
  self->n_deltas = 0;
}

void
channel_recorder_assert_failure (ChannelRecorder *self,
                                 BobbinErrorCode  code,
                                 BobbinCertainty  certainty)
{
  g_assert_nonnull (self->failure);
  g_assert_cmpstr (bobbin_error_code_nick (self->failure->code), ==, bobbin_error_code_nick (code));
  g_assert_cmpint (self->failure->certainty, ==, certainty);
}
