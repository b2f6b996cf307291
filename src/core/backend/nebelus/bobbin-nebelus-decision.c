#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/nebelus/bobbin-nebelus-decision.h"

#include "backend/bobbin-channel.h"
#include "model/bobbin-block.h"
#include "wire/bobbin-nebelus-encoder.h"

char *
_bobbin_nebelus_encode_decisions (BobbinBlock *approval,
                                  GArray      *decisions)
{
  g_autoptr(GArray) verdicts = g_array_sized_new (FALSE, FALSE, sizeof (BobbinNebelusDecision), decisions->len);

  for (guint i = 0; i < decisions->len; i++)
    {
      const BobbinDecision *decision = &g_array_index (decisions, BobbinDecision, i);
      BobbinNebelusDecision verdict = { BOBBIN_NEBELUS_REJECT, decision->arguments };

      if (decision->type == BOBBIN_DECISION_APPROVE)
        verdict.verdict = BOBBIN_NEBELUS_APPROVE;
      else if (decision->type == BOBBIN_DECISION_EDIT)
        verdict.verdict = BOBBIN_NEBELUS_EDIT;
      g_array_append_val (verdicts, verdict);
    }

  return bobbin_nebelus_encode_resume (bobbin_block_get_data (approval), bobbin_block_get_name (approval),
                                       (const BobbinNebelusDecision *) (gpointer) verdicts->data, verdicts->len);
}
