/* Takes secrets out of text that leaves the program: logs, reports, errors on a terminal.
 *
 * Two nets, one behind the other: every key the program was given is registered and replaced wherever it stands, also in
 * Base64 and percent-encoded; and what merely looks like a credential ("sk-…", "Bearer …", "?api_key=…", an Authorization
 * header, user:password@ in an address) is replaced although nobody registered it. The registry is the one piece of global
 * state in util/, because the log writer is global too. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BOBBIN_REDACTED "[redacted]"

/* A secret shorter than this is not registered: replacing it would shred ordinary text. In bytes. */
#define BOBBIN_REDACT_MIN_LENGTH 4

/* Registers @secret (nullable) for the life of the process; again is harmless. */
void  bobbin_redact_add_secret (const char *secret);
/* Returns: (transfer full): @text without any secret. Valid UTF-8 stays valid. */
char *bobbin_redact            (const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
