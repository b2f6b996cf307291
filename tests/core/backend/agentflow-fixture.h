/* A scripted AgentFlow server for the tests of the backend: fixed answers by method and path, the newest run left open for the test. */
#pragma once

#include "backend/bobbin-backend.h"
#include "model/bobbin-account.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-error.h"

#include "channel-recorder.h"
#include "server-fixture.h"

#define AGENTFLOW_KEY "MARKER-agentflow-key"
#define AGENTFLOW_GRAPH(more) "{\"data\":{\"info\":{\"checkpointer\":true,\"id_type\":\"string\"" more "}}}"
#define AGENTFLOW_S3 ",\"is_realtime\":false"

typedef struct
{
  char       *what;     /* "GET /v1/graph" */
  guint       status;
  char       *type;
  char       *body;
} AgentflowAnswer;

typedef struct
{
  ServerFixture     *server;
  BobbinManualClock *clock;
  BobbinAccount     *account;
  BobbinBackend     *backend;
  ChannelRecorder   *channel;
  GPtrArray         *answers;     /* of AgentflowAnswer; the newest that fits counts */
  SoupServerMessage *run;         /* (owned) the newest run that streams */
  guint              n_runs;
  guint              n_left;      /* runs that are over, or whose client left */
} AgentflowFixture;

void agentflow_fixture_set_up    (AgentflowFixture *f, gconstpointer data);
void agentflow_fixture_tear_down (AgentflowFixture *f, gconstpointer data);
/* From now on @what ("GET /v1/graph", without a query) is answered so; @status 0: it streams. */
void agentflow_fixture_answer    (AgentflowFixture *f, const char *what, guint status, const char *body);
/* Opens a channel and waits for READY; the log is empty then. */
void agentflow_fixture_open      (AgentflowFixture *f, const char *thread_id);
/* Sends and waits for the run. */
void agentflow_fixture_send      (AgentflowFixture *f, const char *text);
/* The newest request of @what; (nullable). */
ServerRequest *agentflow_fixture_find (AgentflowFixture *f, const char *what);
guint agentflow_fixture_count    (AgentflowFixture *f, const char *what);
char *agentflow_fixture_dup_body (ServerRequest *request);
/* Moves the clock on from timer to timer until @done. */
void agentflow_fixture_run_until (AgentflowFixture *f, gboolean *done);
/* tests/data/agentflow/@name.body */
char *agentflow_dup_recording    (const char *name);
