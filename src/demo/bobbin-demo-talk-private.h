/* The talk by aspect: -talk.c takes messages and plays scripts, -talk-data.c makes the data of events and reads
 * steps given as JSON. */
#pragma once

#include "demo/bobbin-demo-script.h"
#include "demo/bobbin-demo-talk.h"

G_BEGIN_DECLS

struct _BobbinDemoTalk
{
  BobbinDemoServer  *server;    /* borrowed, as thread */
  BobbinDemoLink    *link;
  BobbinDemoThread  *thread;
  /* the script being played */
  BobbinDemoScript  *script;    /* (nullable) */
  guint              position;
  guint64            repeated;  /* of a step that sends many events */
  GSource           *source;
  gboolean           delayed;   /* the delay of the step at position has passed */
  gboolean           twice;
  /* the turn */
  gboolean           running;   /* until OVER */
  gboolean           waiting;   /* for a decision */
  gboolean           id_changed;
  guint              number;
  gint64             started_us;
  guint              input_tokens;
  char              *title;
  gboolean           return_context;
  gboolean           return_timing;
  gboolean           return_accumulated;
};

/* (nullable): the data of an event that a script leaves to us; NULL when it is not to be sent. */
char             *_bobbin_demo_talk_make_data   (BobbinDemoTalk *self, const char *name) G_GNUC_WARN_UNUSED_RESULT;
char             *_bobbin_demo_talk_make_stop   (BobbinDemoTalk *self, const char *reason) G_GNUC_WARN_UNUSED_RESULT;
BobbinDemoScript *_bobbin_demo_talk_parse_steps (BobbinDemoTalk *self, const char *steps) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
