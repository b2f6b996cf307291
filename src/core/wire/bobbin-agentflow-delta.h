/* The fast path of the AgentFlow codec: a chunk that brings one fragment of text and nothing else, which is nearly all of a stream. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @data need not be NUL-terminated; @thread_id: the one that is known, for a chunk that names another is no such.
 * Returns: (transfer full) (nullable): the text, NULL when this is not a plain fragment. */
char *bobbin_agentflow_scan_delta (const char *data, gsize length, const char *thread_id) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
