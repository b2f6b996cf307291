/* What the demo agent answers: plain words to a script, by a table of keywords. */
#pragma once

#include "demo/bobbin-demo-script.h"

G_BEGIN_DECLS

/* One line of the table, as the agent is asked for it. '#' in a pattern stands for a number, what follows the
 * pattern is rest. */
typedef struct
{
  const char *text;     /* what the person wrote, whole */
  GPtrArray  *files;    /* of BobbinNebelusFile */
  GPtrArray  *history;  /* of char *: what was said in this thread before, oldest first */
  guint64     number;   /* of '#'; G_MAXUINT64 when there was none */
  const char *rest;     /* of the line behind the pattern, lower case, no space before; never NULL */
} BobbinDemoQuestion;

typedef void (*BobbinDemoWriter) (const BobbinDemoQuestion *question, BobbinDemoScript *script);

typedef struct
{
  const char       *pattern; /* lower case */
  BobbinDemoWriter  write;
  const char       *help;    /* (nullable): a line of the help; NULL for another word for the line above */
  const char       *title;   /* (nullable): of a thread that begins with it */
} BobbinDemoAnswer;

/* bobbin-demo-faults.c: the lines that misbehave, ended by a NULL pattern. */
const BobbinDemoAnswer *_bobbin_demo_faults (void);

/* bobbin-demo-shows.c: one of each kind. */
void _bobbin_demo_write_chart      (const BobbinDemoQuestion *question, BobbinDemoScript *script);
void _bobbin_demo_write_charts     (const BobbinDemoQuestion *question, BobbinDemoScript *script);
void _bobbin_demo_write_markdown   (const BobbinDemoQuestion *question, BobbinDemoScript *script);
void _bobbin_demo_write_tools      (const BobbinDemoQuestion *question, BobbinDemoScript *script);
void _bobbin_demo_write_long_table (const BobbinDemoQuestion *question, BobbinDemoScript *script);
void _bobbin_demo_write_bench       (const BobbinDemoQuestion *question, BobbinDemoScript *script);
void _bobbin_demo_write_bench_mixed (const BobbinDemoQuestion *question, BobbinDemoScript *script);
void _bobbin_demo_write_bench_line  (const BobbinDemoQuestion *question, BobbinDemoScript *script);
void _bobbin_demo_write_bench_paced (const BobbinDemoQuestion *question, BobbinDemoScript *script);
void _bobbin_demo_write_bench_paced_line (const BobbinDemoQuestion *question, BobbinDemoScript *script);
/* What the mixed one repeats. */
extern const char _bobbin_demo_bench_mixed[];
void _bobbin_demo_write_web_image  (const BobbinDemoQuestion *question, BobbinDemoScript *script);

/* bobbin-demo-pictures.c: (transfer full): a small PNG. */
GBytes *_bobbin_demo_picture_new (guint width, guint height) G_GNUC_WARN_UNUSED_RESULT;

/* Fills in number, rest and @ret_title (transfer full) and writes the answer. */
void  bobbin_demo_answer        (BobbinDemoQuestion *question, BobbinDemoScript *script, char **ret_title);
/* How the turn goes on after an approval. @type: approve, reject or edit. @arguments: (nullable) JSON object
 * text to act on. */
void  bobbin_demo_answer_resume (BobbinDemoScript *script, const char *type, const char *arguments);
/* The arguments that are asked about, JSON object text. */
const char *bobbin_demo_get_approval_arguments (void);

G_END_DECLS
