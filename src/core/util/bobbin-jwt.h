/* What a JSON Web Token says of itself. Nothing is verified: the server does that; this is for telling the person in time. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: when @token expires ("exp"), in microseconds of wall clock; 0 when it is no such token, or says nothing sensible. */
gint64 bobbin_jwt_get_expiry_us (const char *token);

G_END_DECLS
