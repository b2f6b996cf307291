/* What will be sent in one turn, step by step, with the time before each step. Written by -answers and -faults,
 * played by -talk. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_DEMO_STEP_EVENT,     /* name, text = data */
  BOBBIN_DEMO_STEP_WAIT,
  BOBBIN_DEMO_STEP_APPROVAL,  /* text = data of human_approval; the turn rests until it is answered */
  BOBBIN_DEMO_STEP_FRAME,     /* text: a frame as it is */
  BOBBIN_DEMO_STEP_RAW,       /* text: bytes as they are */
  BOBBIN_DEMO_STEP_HALF,      /* text: half a frame */
  BOBBIN_DEMO_STEP_BENCH,     /* number deltas of four bytes; text (nullable): what they are cut of, again and again */
  BOBBIN_DEMO_STEP_FLOOD,     /* number events, as fast as they go */
  BOBBIN_DEMO_STEP_OVERSIZED, /* a delta of number bytes */
  BOBBIN_DEMO_STEP_DRIP,      /* number: microseconds a byte, 0 ends it */
  BOBBIN_DEMO_STEP_TWICE,     /* number: 1 sends every event twice from now on, 0 ends it */
  BOBBIN_DEMO_STEP_CLOSE,     /* number = code, text = reason */
  BOBBIN_DEMO_STEP_DROP,      /* number: 1 resets */
  BOBBIN_DEMO_STEP_STALL,
  BOBBIN_DEMO_STEP_REFUSE,    /* number = status, text = Retry-After: the next handshake or request */
  BOBBIN_DEMO_STEP_EXPIRE,    /* text: how (see the server's faults): this thread */
  BOBBIN_DEMO_STEP_NEW_ID,    /* the thread gets another id */
  BOBBIN_DEMO_STEP_OVER,      /* the turn is over: another chat is taken from here on */
} BobbinDemoStepType;

typedef struct
{
  BobbinDemoStepType  type;
  guint               delay_ms;  /* before it, at human speed */
  const char         *name;      /* static */
  char               *text;
  guint64             number;
} BobbinDemoStep;

typedef struct
{
  GPtrArray *steps;       /* of BobbinDemoStep */
  GPtrArray *last;        /* of BobbinDemoStep: behind everything, also behind what the talk adds */
  int        index;       /* of the next block */
  guint      word_delay_ms;
  guint      n_words;     /* sent as text: the output tokens */
  GString   *said;        /* all text: what "return_accumulated" asks for */
  gboolean   no_start;    /* the talk adds message_start and what follows the answer, unless told not to */
  gboolean   no_end;
} BobbinDemoScript;

BobbinDemoScript *bobbin_demo_script_new  (void) G_GNUC_WARN_UNUSED_RESULT;
void              bobbin_demo_script_free (BobbinDemoScript *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinDemoScript, bobbin_demo_script_free)

/* @name: static. @data: (transfer full): JSON object text; NULL lets the talk fill in what belongs there
 * (message_start, message_stop, usage_metadata, cost_update, thread_title, timing_details, agent_context). */
void bobbin_demo_script_event    (BobbinDemoScript *self, guint delay_ms, const char *name, char *data);
/* @text: (transfer full) (nullable). */
void bobbin_demo_script_step     (BobbinDemoScript *self, BobbinDemoStepType type, guint delay_ms,
                                  guint64 number, char *text);
/* A step behind the end of the turn. */
void bobbin_demo_script_last     (BobbinDemoScript *self, BobbinDemoStepType type, guint delay_ms,
                                  guint64 number, char *text);
/* The end is reached: those steps are next. */
void bobbin_demo_script_finish   (BobbinDemoScript *self);
/* A text block, word by word. */
void bobbin_demo_script_say      (BobbinDemoScript *self, const char *text);
void bobbin_demo_script_sayf     (BobbinDemoScript *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
void bobbin_demo_script_think    (BobbinDemoScript *self, const char *text);
/* A block that comes whole. @data: JSON text. */
void bobbin_demo_script_block    (BobbinDemoScript *self, const char *content_type, const char *data);
/* A tool that runs for @run_ms. @input, @output: JSON text. */
void bobbin_demo_script_tool     (BobbinDemoScript *self, const char *name, const char *input, guint run_ms,
                                  const char *output,
                                  gboolean is_error);
/* One piece of an open block: @state start, delta or complete; @text (nullable). For those who write odd streams. */
void bobbin_demo_script_piece    (BobbinDemoScript *self, guint delay_ms, const char *content_type,
                                  const char *state, int index,
                                  const char *text);
/* Moves the steps of @other behind those of @self and frees it. */
void bobbin_demo_script_append   (BobbinDemoScript *self, BobbinDemoScript *other);

/* (transfer full): JSON string with its quotes. */
char *bobbin_demo_quote (const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
