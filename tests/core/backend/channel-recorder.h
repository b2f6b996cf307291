/* Writes down what a channel tells, one word or two an event, and holds it to the order of bobbin-channel.h. */
#pragma once

#include "backend/bobbin-channel.h"
#include "model/bobbin-event.h"
#include "util/bobbin-error.h"

G_BEGIN_DECLS

typedef struct
{
  BobbinChannel *channel;
  GString       *log;      /* "ready:t1 turn text:0+Hi …", separated by spaces */
  GString       *text;     /* all text deltas */
  guint          n_events;
  BobbinFailure *failure;  /* of the last FAILED or CLOSED */
  gboolean       ready;
  gboolean       stopped;  /* TURN_STOPPED or FAILED since the last reset */
  gboolean       closed;
  gboolean       in_call;  /* an event now would come from inside a call */
  guint          n_deltas;
} ChannelRecorder;

/* Takes @channel. */
ChannelRecorder *channel_recorder_new   (BobbinChannel *channel);
void             channel_recorder_free  (ChannelRecorder *self); /* closes, and asserts the last reference */
void             channel_recorder_start (ChannelRecorder *self); /* and waits for READY or CLOSED */
void             channel_recorder_send  (ChannelRecorder *self, const char *text);
void             channel_recorder_send_turn (ChannelRecorder *self, BobbinTurn *turn);
void             channel_recorder_cancel (ChannelRecorder *self);
/* One decision: approve, reject, or edit with @arguments. */
void             channel_recorder_decide (ChannelRecorder *self, BobbinDecisionType type, const char *arguments, const char *data, const char *node);
void             channel_recorder_reset (ChannelRecorder *self);
void             channel_recorder_assert_failure (ChannelRecorder *self, BobbinErrorCode code, BobbinCertainty certainty);

#define assert_log(recorder, expected) g_assert_cmpstr ((recorder)->log->str, ==, (expected))

G_END_DECLS
