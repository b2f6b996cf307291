/* Words for failures: the one place where the domain and code of an error become a translated
 * sentence that says what happened and what to do, and at most one action that helps. Pure
 * functions, no state. */
#pragma once

#include "util/bobbin-error.h"

G_BEGIN_DECLS

/* What a button beside the sentence may offer. */
typedef enum
{
  BOBBIN_FAILURE_ACTION_NONE,
  BOBBIN_FAILURE_ACTION_TRY_AGAIN,    /* the same once more may work */
  BOBBIN_FAILURE_ACTION_EDIT_ACCOUNT, /* key, address or agent must change */
  BOBBIN_FAILURE_ACTION_START_OVER,   /* go on in a new thread on the server */
  BOBBIN_N_FAILURE_ACTIONS
} BobbinFailureAction;

/* Returns: (transfer full): one or two sentences in the person's language, plain text. */
char               *bobbin_failure_dup_sentence      (const BobbinFailure *failure) G_GNUC_WARN_UNUSED_RESULT;
/* The same with a file in it: “photo.png” is larger than … */
char               *bobbin_failure_dup_file_sentence (const BobbinFailure *failure, const char *file_name) G_GNUC_WARN_UNUSED_RESULT;
/* The same for an error that never became a failure. */
char               *bobbin_error_dup_sentence        (const GError *error) G_GNUC_WARN_UNUSED_RESULT;
/* Returns: (transfer full) (nullable): one line with what the server or the system said, for a
 * tooltip or an expander. */
char               *bobbin_failure_dup_detail        (const BobbinFailure *failure) G_GNUC_WARN_UNUSED_RESULT;
/* Returns: (transfer full) (nullable): the same where it is about what the server answered, to be read beside the sentence. */
char               *bobbin_failure_dup_answer        (const BobbinFailure *failure) G_GNUC_WARN_UNUSED_RESULT;
BobbinFailureAction bobbin_failure_get_action        (const BobbinFailure *failure);
/* Returns: (nullable): the button's label, translated; NULL for NONE. */
const char         *bobbin_failure_action_get_label  (BobbinFailureAction action);

G_END_DECLS
