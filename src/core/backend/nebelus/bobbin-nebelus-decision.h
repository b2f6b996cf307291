/* Decisions of a person in the words of the wire. */
#pragma once

#include "bobbin-types.h"

G_BEGIN_DECLS

/* @decisions: GArray of BobbinDecision. Returns: (transfer full): a whole "interrupt_resume" frame. */
char *_bobbin_nebelus_encode_decisions (BobbinBlock *approval, GArray *decisions) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
