/* The AgentFlow backend (agentflow.md): threads, histories, state and files over plain HTTP, runs as a stream of objects. One server
 * serves one agent, so agent ids mean nothing here. */
#pragma once

#include "backend/bobbin-backend.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_AGENTFLOW_BACKEND (bobbin_agentflow_backend_get_type ())
G_DECLARE_FINAL_TYPE (BobbinAgentflowBackend, bobbin_agentflow_backend, BOBBIN, AGENTFLOW_BACKEND, GObject)

BobbinBackend *bobbin_agentflow_backend_new (BobbinAccount *account, BobbinClock *clock) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
