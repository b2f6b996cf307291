/* What notifications say: pure functions of what happened and of whether the person wants to read it there. What strangers wrote is
 * cut to a few lines of plain text. */
#pragma once

#include "bobbin-types.h"
#include "util/bobbin-error.h"

G_BEGIN_DECLS

typedef struct
{
  char    *title;
  char    *body;      /* (nullable) */
  gboolean decidable; /* all that is asked for can be read in it: it may offer to approve */
} BobbinNotificationText;

void                    bobbin_notification_text_free (BobbinNotificationText *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinNotificationText, bobbin_notification_text_free)

/* @preview: FALSE: only what happened, neither titles nor words of the conversation. */
BobbinNotificationText *bobbin_notification_text_answer   (BobbinThread *thread, gboolean preview) G_GNUC_WARN_UNUSED_RESULT;
BobbinNotificationText *bobbin_notification_text_approval (BobbinThread *thread, BobbinBlock *approval, gboolean preview) G_GNUC_WARN_UNUSED_RESULT;
/* @sent: the message went out, and its answer failed. @failure: (nullable) */
BobbinNotificationText *bobbin_notification_text_failure  (BobbinThread *thread, gboolean sent, const BobbinFailure *failure, gboolean preview) G_GNUC_WARN_UNUSED_RESULT;
/* What was decided in a notification could not be told to the agent. */
BobbinNotificationText *bobbin_notification_text_undecided (const GError *error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
