/* Assistants v2, client to server: the bodies of requests (assistants.md, section 4). Unknown fields are refused by servers, so only
 * what is listed there is written. Pure functions; results are JSON text, newly allocated. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *file_id;
  gboolean    is_image;  /* a part of the content, else an attachment for the tools */
  gboolean    search;    /* tools of an attachment; both may be set */
  gboolean    code;
} BobbinAssistantsFile;

/* @title: (nullable): cut to what a value of metadata takes. @messages: (nullable): of JsonObject as made by
 * bobbin_assistants_make_message(), the first messages. */
char       *bobbin_assistants_encode_thread   (const char *title, JsonArray *messages) G_GNUC_WARN_UNUSED_RESULT;
/* @files: (nullable) array of @n_files. Plain text alone is a string, for the sake of simple servers. */
JsonObject *bobbin_assistants_make_message    (const char *role, const char *text, const BobbinAssistantsFile *files,
                                               guint n_files) G_GNUC_WARN_UNUSED_RESULT;
/* @options: (nullable): of the thread: "model", "additional_instructions", "instructions", "temperature", "top_p",
 * "max_prompt_tokens", "max_completion_tokens", "tool_choice", "reasoning_effort"; others are left out. */
char       *bobbin_assistants_encode_run      (const char *assistant_id, gboolean stream, JsonObject *options) G_GNUC_WARN_UNUSED_RESULT;
/* @outputs: of char *, one for each of @call_ids. */
char       *bobbin_assistants_encode_outputs  (GPtrArray *call_ids, GPtrArray *outputs, gboolean stream) G_GNUC_WARN_UNUSED_RESULT;
/* @metadata: JSON object text, complete. Values that are no strings are made some. NULL with BOBBIN_ERROR_INVALID for what is
 * above a limit (16 pairs, keys of 64 and values of 512 characters) or no object. */
char       *bobbin_assistants_encode_metadata (const char *metadata, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* @metadata: (nullable): as the server told it. The complete map with @title in it. */
char       *bobbin_assistants_encode_title    (JsonObject *metadata, const char *title, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The schema of the above, for a form. */
const char *bobbin_assistants_get_metadata_schema (void);

G_END_DECLS
