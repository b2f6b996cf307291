/* The card of an approval: the question, each tool with its arguments, which can be edited as JSON, Approve and Reject. No
 * button is a default. What is edited survives scrolling away (view state). Once decided it shows what was decided.
 *
 * The decision goes up as the action "transcript.decide" with (x message id, x block id, a(is) type and arguments a tool). */
#pragma once

#include <gtk/gtk.h>

#include "bobbin-types.h"
#include "ui/transcript/bobbin-view-state.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_APPROVAL_VIEW (bobbin_approval_view_get_type ())
G_DECLARE_FINAL_TYPE (BobbinApprovalView, bobbin_approval_view, BOBBIN, APPROVAL_VIEW, GtkWidget)

GtkWidget *bobbin_approval_view_new (BobbinMessage *message, BobbinBlock *block, BobbinViewState *state) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
