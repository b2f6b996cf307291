/* What the header and the banner of a conversation say about its connection: pure functions of a
 * few facts, so that every state can be tested without a server. */
#pragma once

#include "app/bobbin-failure-text.h"
#include "session/bobbin-session.h"

G_BEGIN_DECLS

typedef struct
{
  BobbinSessionState   state;
  gboolean             connected;
  gboolean             needs_key;
  gboolean             keyless;       /* the account takes no key: there is none to enter */
  gboolean             awaits_key;    /* the keyring has not answered yet */
  gboolean             can_send_context;
  gboolean             slow;          /* connecting takes long enough to be worth words */
  gboolean             reconciling;   /* the outcome of a cut answer is looked for */
  gboolean             unencrypted;   /* plain http to another computer, as the account allows */
  gint64               retry_in_us;   /* BACKOFF; FAILED: from then on the server takes messages again */
  gint64               key_expires_in_us; /* 0: not known, or not soon */
  gint64               expires_in_us; /* 0: not soon */
  gboolean             key_refused;   /* with needs_key: the account has one */
  const BobbinFailure *failure;       /* (nullable) borrowed */
} BobbinConnectionFacts;

/* In rising order of weight; at most one is shown. */
typedef enum
{
  BOBBIN_BANNER_NONE,
  BOBBIN_BANNER_UNENCRYPTED, /* for as long as nothing else is to be said; cannot be dismissed */
  BOBBIN_BANNER_EXPIRES,
  BOBBIN_BANNER_KEY_EXPIRES,
  BOBBIN_BANNER_CONTEXT,
  BOBBIN_BANNER_CONNECTING,
  BOBBIN_BANNER_BACKOFF,
  BOBBIN_BANNER_OFFLINE,
  BOBBIN_BANNER_FAILED,
  BOBBIN_BANNER_NEEDS_KEY,
  BOBBIN_N_BANNERS
} BobbinBannerKind;

/* A few words for the header: "Live", "Reconnecting in 5 s". Returns: (transfer full): "" when
 * there is nothing to say. */
char            *bobbin_connection_dup_state  (const BobbinConnectionFacts *facts) G_GNUC_WARN_UNUSED_RESULT;
BobbinBannerKind bobbin_connection_get_banner (const BobbinConnectionFacts *facts);
/* Returns: (transfer full) (nullable): the banner's sentence, NULL for NONE. */
char            *bobbin_connection_dup_banner (const BobbinConnectionFacts *facts, BobbinBannerKind kind) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the words change by the second. */
gboolean         bobbin_connection_counts_down (const BobbinConnectionFacts *facts);

G_END_DECLS
