/* What is sent to AgentFlow, as JSON text (agentflow.md, sections 3 to 6 and 9). Pure. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_AGENTFLOW_LOW,
  BOBBIN_AGENTFLOW_FULL,
} BobbinAgentflowGranularity;

/* A file that was uploaded. */
typedef struct
{
  char *file_id;
  char *content_type;
  char *name;
} BobbinAgentflowFile;

typedef struct
{
  const char                *text;
  const char                *message_id; /* (nullable) */
  const char                *thread_id;  /* (nullable) */
  const BobbinAgentflowFile *files;
  guint                      n_files;
  BobbinAgentflowGranularity granularity;
  gboolean                   at_end;     /* section 9, the way out of a stuck thread: ends at once */
} BobbinAgentflowRun;

char *bobbin_agentflow_encode_run      (const BobbinAgentflowRun *run) G_GNUC_WARN_UNUSED_RESULT;
/* @role: "user", "assistant" or "system". @message_id: (nullable). */
char *bobbin_agentflow_encode_addition (const char *role, const char *text, const char *message_id) G_GNUC_WARN_UNUSED_RESULT;
/* @state: JSON object text. */
char *bobbin_agentflow_encode_state    (const char *state) G_GNUC_WARN_UNUSED_RESULT;
char *bobbin_agentflow_encode_stop     (const char *thread_id) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
