/* A line that fails at every byte of an exchange, in both directions, for every service: after each fault the transcript is what was
 * delivered, every message is in an end state, nothing was sent twice, and the same session answers the next prompt. All in one
 * process: real sockets, a real store, the demo agent or a test server, and a clock that is driven.
 *
 *   cuts [--service NAME] [--kind NAME]
 *
 * A smoke unless told otherwise: every 97th byte, from one that BOBBIN_SEED chooses, for two seconds a service. BOBBIN_STRIDE=1 tries
 * them all, BOBBIN_SECONDS=0 takes the time that needs. */
#define _GNU_SOURCE /* memmem() */
#include "config.h"

#include "demo/bobbin-demo-server.h"
#include "fault-line.h"
#include "model/bobbin-account.h"
#include "model/bobbin-draft.h"
#include "model/bobbin-message.h"
#include "model/bobbin-thread.h"
#include "secret/bobbin-secrets.h"
#include "server-fixture.h"
#include "service-server.h"
#include "session/bobbin-library.h"
#include "session/bobbin-session.h"
#include "store/bobbin-store.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-error.h"
#include "util/bobbin-folder.h"

#include <string.h>

#define START_US (G_GINT64_CONSTANT (1750000000) * G_USEC_PER_SEC)
#define NEXT "long 2 write 2 words next"
/* Real milliseconds without a byte or a change of state after which the driven clock goes on: at once in a wait of the session's
 * own, soon where a stalled line can bring nothing more, and late where the server may just be slow. */
#define WAIT_MS 3
#define STALL_MS 40
#define QUIET_MS 100
#define PATIENCE_MS 2000

typedef struct
{
  const char      *name;
  BobbinService    service;
  BobbinTransport  transport;
  const char      *server;   /* of tests/servers; NULL: the demo agent */
  const char      *requests; /* glob of "METHOD /path": those that carry a prompt; the demo agent counts by itself */
  const char      *prompt;   /* the mark follows */
  gboolean         by_quiet; /* an answer ends when nothing more comes, so the clock must go on */
} Target;

static const Target targets[] = {
  { "nebelus-ws", BOBBIN_SERVICE_DEMO, BOBBIN_TRANSPORT_WS, NULL, NULL, "write 6 words " },
  { "nebelus-sse", BOBBIN_SERVICE_DEMO, BOBBIN_TRANSPORT_SSE, NULL, NULL, "write 6 words " },
  { "agentflow", BOBBIN_SERVICE_AGENTFLOW, BOBBIN_TRANSPORT_AUTO, "agentflow", "POST *", "long 6 " },
  { "assistants", BOBBIN_SERVICE_ASSISTANTS, BOBBIN_TRANSPORT_AUTO, "assistants", "POST *messages", "write 6 words " },
  { "entities", BOBBIN_SERVICE_ENTITIES, BOBBIN_TRANSPORT_AUTO, "entities", "POST *messages", "write 6 words " },
  { "aibtc", BOBBIN_SERVICE_AIBTC, BOBBIN_TRANSPORT_AUTO, "aibtc", "FRAME message", "alpha bravo charlie ", TRUE },
};

typedef struct
{
  const Target      *target;
  BobbinDemoServer  *demo;
  ServiceServer     *server;
  FaultLine         *line;
  BobbinStore       *store;
  BobbinManualClock *clock;
  BobbinLibrary     *library;
  BobbinAccount     *account;
  char              *dir;
  char              *answer;     /* of a run without fault; the mark is of the same length in each */
  guint              n_marks;
  /* one try */
  BobbinThread      *thread;
  BobbinSession     *session;
  FaultKind          kind;
  char              *mark;
  char              *trouble;    /* what was wrong; NULL: nothing */
  /* the sum */
  guint              n_tries;
  guint              n_fired;
  guint              n_failed;
  guint              n_outcomes[BOBBIN_N_DELIVERIES];
} Campaign;

static char *only_service;
static char *only_kind;

/* Set up and tear down */

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
open_library (Campaign *self)
{
  g_autoptr(BobbinSecrets) secrets = bobbin_memory_secrets_new ();
  g_autoptr(BobbinNetwork) network = bobbin_network_new_manual ();
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GAsyncResult) loaded = NULL;
  g_autoptr(GAsyncResult) saved = NULL;
  g_autoptr(BobbinStoreReport) report = NULL;
  g_autoptr(GError) error = NULL;

  self->store = bobbin_sqlite_store_new (self->dir);
  bobbin_store_open_async (self->store, NULL, done_cb, &opened);
  test_wait_until (opened != NULL);
  report = bobbin_store_open_finish (self->store, opened, &error);
  g_assert_no_error (error);
  self->library = bobbin_library_new (self->store, secrets, BOBBIN_CLOCK (self->clock), network);
  bobbin_library_load_async (self->library, NULL, done_cb, &loaded);
  test_wait_until (loaded != NULL);
  g_assert_true (bobbin_library_load_finish (self->library, loaded, &error));
  bobbin_library_save_account_async (self->library, self->account, NULL, NULL, done_cb, &saved);
  test_wait_until (saved != NULL);
  g_assert_true (bobbin_library_save_account_finish (self->library, saved, &error));
}

static const char *
start_server (Campaign *self)
{
  g_autoptr(GError) error = NULL;

  if (self->target->server != NULL)
    {
      self->server = service_server_new (self->target->server, NULL);
      return self->server->url;
    }
  self->demo = bobbin_demo_server_new ();
  g_assert_true (bobbin_demo_server_start (self->demo, 0, NULL, &error));
  bobbin_demo_server_set_speed (self->demo, BOBBIN_DEMO_SPEED_FLAT_OUT);

  return bobbin_demo_server_get_base_url (self->demo);
}

static void
set_up (Campaign     *self,
        const Target *target)
{
  const char *url;
  g_autoptr(GUri) real = NULL;
  g_autofree char *through = NULL;

  *self = (Campaign) { .target = target };
  url = start_server (self);
  real = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  self->line = fault_line_new ((guint) g_uri_get_port (real));
  through = g_uri_join (G_URI_FLAGS_NONE, g_uri_get_scheme (real), NULL, "127.0.0.1", (int) fault_line_get_port (self->line),
                        g_uri_get_path (real), NULL, NULL);
  self->account = bobbin_account_new (0, target->service, "Cut", through);
  bobbin_account_set_agent_id (self->account, self->demo != NULL ? bobbin_demo_server_get_agent_id (self->demo) : self->server->agent);
  bobbin_account_set_transport (self->account, target->transport);
  self->clock = bobbin_manual_clock_new (START_US);
  self->dir = g_dir_make_tmp ("bobbin-cuts-XXXXXX", NULL);
  open_library (self);
  bobbin_library_use_credential (self->library, self->account,
                                 self->demo != NULL ? bobbin_demo_server_get_key (self->demo) : self->server->key);
}

static void
tear_down (Campaign *self)
{
  bobbin_library_close (self->library);
  test_settle ();
  g_assert_finalize_object (self->library);
  g_assert_finalize_object (self->store);
  g_object_unref (self->account);
  g_object_unref (self->clock);
  fault_line_free (self->line);
  if (self->demo != NULL)
    bobbin_demo_server_stop (self->demo);
  g_clear_object (&self->demo);
  g_clear_pointer (&self->server, service_server_free);
  bobbin_folder_remove (self->dir);
  g_free (self->dir);
  g_free (self->answer);
}

/* Waiting, with the clock driven */

static gboolean
is_over (Campaign *self)
{
  GListModel *messages = bobbin_session_get_messages (self->session);
  guint n = g_list_model_get_n_items (messages);

  if (bobbin_session_get_reconciling (self->session) || bobbin_session_get_queue_length (self->session) > 0 || n == 0)
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(BobbinMessage) message = g_list_model_get_item (messages, i);

      if (bobbin_message_get_delivery (message) < BOBBIN_DELIVERY_COMPLETE)
        return FALSE;
    }

  return TRUE;
}

static gboolean
tick_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static gint64
patience_ms (Campaign *self)
{
  if (bobbin_session_get_state (self->session) == BOBBIN_SESSION_BACKOFF)
    return WAIT_MS;
  if (bobbin_session_get_reconciling (self->session) || bobbin_session_get_state (self->session) == BOBBIN_SESSION_FAILED
      || (self->kind == FAULT_STALL && fault_line_get_fired (self->line)))
    return STALL_MS;
  if (self->target->by_quiet)
    return QUIET_MS;

  return PATIENCE_MS;
}

/* FALSE when it never comes to an end. */
static gboolean
wait_for_end (Campaign *self)
{
  guint tick = g_timeout_add (2, tick_cb, NULL);
  gint64 quiet_since = g_get_monotonic_time ();
  gint64 end = quiet_since + 20 * G_USEC_PER_SEC;
  guint64 passed = 0;
  BobbinSessionState state = BOBBIN_SESSION_IDLE;

  while (!is_over (self) && g_get_monotonic_time () < end)
    {
      gint64 now;
      gint64 next_ms;

      g_main_context_iteration (NULL, TRUE);
      now = g_get_monotonic_time ();
      if (state != bobbin_session_get_state (self->session)
          || passed != fault_line_get_passed (self->line, FAULT_UP) + fault_line_get_passed (self->line, FAULT_DOWN))
        {
          state = bobbin_session_get_state (self->session);
          passed = fault_line_get_passed (self->line, FAULT_UP) + fault_line_get_passed (self->line, FAULT_DOWN);
          quiet_since = now;
        }
      if (now - quiet_since <= patience_ms (self) * 1000)
        continue;
      /* What was refused waits for the person: a key, or another try. */
      if (state == BOBBIN_SESSION_FAILED)
        break;
      next_ms = bobbin_manual_clock_next_ms (self->clock);
      bobbin_manual_clock_advance (self->clock, next_ms > 0 ? next_ms : 1000);
      quiet_since = now;
    }
  g_source_remove (tick);
  test_settle ();

  return is_over (self) || state == BOBBIN_SESSION_FAILED;
}

/* One try */

static BobbinMessage *
find (Campaign   *self,
      const char *prompt,
      gboolean    answer)
{
  GListModel *messages = bobbin_session_get_messages (self->session);
  gboolean seen = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (messages); i++)
    {
      g_autoptr(BobbinMessage) message = g_list_model_get_item (messages, i);
      BobbinRole role = bobbin_message_get_role (message);

      if (role == BOBBIN_ROLE_USER)
        {
          g_autofree char *text = bobbin_message_dup_text (message);

          if (seen)
            return NULL;
          seen = strcmp (text, prompt) == 0;
          if (seen && !answer)
            return message;
        }
      else if (seen && role == BOBBIN_ROLE_ASSISTANT)
        return message;
    }

  return NULL;
}

/* How often the server took @mark up in a message. */
static guint
n_received (Campaign   *self,
            const char *mark)
{
  guint n = 0;

  if (self->demo != NULL)
    {
      g_autoptr(GPtrArray) chats = bobbin_demo_server_dup_chats (self->demo);

      for (guint i = 0; i < chats->len; i++)
        if (strstr (((BobbinDemoChat *) chats->pdata[i])->text, mark) != NULL)
          n++;
    }
  else
    {
      n = service_server_count_bodies (self->server, self->target->requests, mark);
    }

  return n;
}

static void G_GNUC_PRINTF (2, 3)
complain (Campaign   *self,
          const char *format,
          ...)
{
  va_list args;

  if (self->trouble != NULL)
    return;
  va_start (args, format);
  self->trouble = g_strdup_vprintf (format, args);
  va_end (args);
}

static void
send (Campaign   *self,
      const char *text)
{
  g_autoptr(GError) error = NULL;

  bobbin_draft_set_text (bobbin_session_get_draft (self->session), text, 0);
  if (!bobbin_session_send (self->session, &error))
    complain (self, "cannot send: %s", error->message);
  else if (!wait_for_end (self) && self->kind == FAULT_CORRUPT)
    bobbin_session_stop (self->session); /* the word that ends the answer can be the one that was changed */
  else if (!is_over (self) && bobbin_session_get_state (self->session) != BOBBIN_SESSION_FAILED)
    complain (self, "no end after “%s”", text);
}

/* Words of the answer that surely came: all before the last whose bytes passed, for each word has an event of its own. */
static char *
least_delivered (Campaign   *self,
                 const char *answer)
{
  g_autoptr(GBytes) passed = fault_line_dup_passed (self->line, FAULT_DOWN);
  const char *bytes = g_bytes_get_data (passed, NULL);
  gsize size = g_bytes_get_size (passed);
  g_auto(GStrv) words = g_strsplit (answer, " ", -1);
  GString *least = g_string_new (NULL);
  gsize at = 0;

  /* Nothing passed: there is nothing to look in. */
  for (guint i = 0; size > 0 && words[i] != NULL && words[i + 1] != NULL && *words[i + 1] != '\0'; i++)
    {
      const char *here = memmem (bytes + at, size - at, words[i], strlen (words[i]));
      const char *next = here == NULL ? NULL
                         : memmem (here + strlen (words[i]), size - (gsize) (here - bytes) - strlen (words[i]), words[i + 1],
                                   strlen (words[i + 1]));

      if (next == NULL)
        break;
      g_string_append_printf (least, "%s%s", i > 0 ? " " : "", words[i]);
      at = (gsize) (here - bytes) + strlen (words[i]);
    }

  return g_string_free (least, FALSE);
}

static char *
wanted_answer (Campaign *self)
{
  GString *text = g_string_new (self->answer);

  g_string_replace (text, "mark00000", self->mark, 0);

  return g_string_free (text, FALSE);
}

static void
judge (Campaign   *self,
       const char *prompt)
{
  BobbinMessage *question = find (self, prompt, FALSE);
  BobbinMessage *answer = find (self, prompt, TRUE);
  g_autofree char *wanted = wanted_answer (self);
  g_autofree char *least = least_delivered (self, wanted);
  g_autofree char *got = answer != NULL ? bobbin_message_dup_text (answer) : g_strdup ("");
  guint received = n_received (self, self->mark);
  BobbinDelivery delivery;

  if (question == NULL)
    {
      complain (self, "the prompt is gone");
      return;
    }
  delivery = bobbin_message_get_delivery (question);
  self->n_outcomes[delivery]++;
  if (received > 1)
    complain (self, "sent %u times", received);
  if (delivery == BOBBIN_DELIVERY_COMPLETE && received == 0)
    complain (self, "complete, and never received");
  if (self->kind == FAULT_CORRUPT)
    return;
  if (!g_str_has_prefix (wanted, got))
    complain (self, "the answer is “%s”, not the beginning of “%s”", got, wanted);
  if (strlen (got) < strlen (least))
    complain (self, "“%s” was delivered, “%s” is there", least, got);
  if (answer != NULL && bobbin_message_get_delivery (answer) == BOBBIN_DELIVERY_COMPLETE && strcmp (got, wanted) != 0)
    complain (self, "complete with “%s”", got);
  if (bobbin_session_get_state (self->session) == BOBBIN_SESSION_FAILED)
    complain (self, "it gave up: %s", bobbin_session_get_failure (self->session)->detail);
  if (delivery == BOBBIN_DELIVERY_STOPPED)
    complain (self, "stopped, and nobody stopped it");
}

static void
judge_next (Campaign *self)
{
  BobbinMessage *question = find (self, NEXT, FALSE);
  BobbinMessage *answer = find (self, NEXT, TRUE);
  const BobbinFailure *failure;

  if (question == NULL)
    {
      complain (self, "the next prompt is gone");
      return;
    }
  failure = bobbin_message_get_failure (question);
  if (answer == NULL || bobbin_message_get_delivery (answer) != BOBBIN_DELIVERY_COMPLETE)
    complain (self, "the next prompt ended %s, its answer %s: %s",
              bobbin_delivery_get_nick (bobbin_message_get_delivery (question)),
              answer == NULL ? "is not there" : bobbin_delivery_get_nick (bobbin_message_get_delivery (answer)),
              failure != NULL ? failure->detail : "no reason");
}

static void
begin_try (Campaign *self)
{
  self->mark = g_strdup_printf ("mark%05u", self->n_marks++);
  self->thread = bobbin_library_new_thread (self->library, self->account, NULL, NULL);
  self->session = bobbin_library_get_session (self->library, self->thread);
}

static void
end_try (Campaign *self)
{
  g_clear_object (&self->session);
  g_clear_object (&self->thread);
  test_settle ();
  g_clear_pointer (&self->mark, g_free);
}

static void
try_fault (Campaign       *self,
           FaultKind       kind,
           FaultDirection  direction,
           guint64         at)
{
  g_autofree char *prompt = NULL;

  begin_try (self);
  prompt = g_strconcat (self->target->prompt, self->mark, NULL);
  self->kind = kind;
  fault_line_arm (self->line, kind, direction, at);
  send (self, prompt);
  if (self->trouble == NULL)
    judge (self, prompt);
  if (fault_line_get_fired (self->line))
    self->n_fired++;
  fault_line_disarm (self->line);
  self->kind = FAULT_NONE;
  if (self->trouble == NULL)
    {
      send (self, NEXT);
      judge_next (self);
    }
  self->n_tries++;
  if (self->trouble != NULL)
    {
      self->n_failed++;
      g_print ("# %s, %s at byte %" G_GUINT64_FORMAT " %s: %s\n", self->target->name, fault_kind_get_name (kind), at,
               direction == FAULT_UP ? "to the server" : "from the server", self->trouble);
      g_clear_pointer (&self->trouble, g_free);
    }
  end_try (self);
}

/* A run without fault: what the answer is, and how many bytes there are to fail at. */
static void
measure (Campaign *self,
         guint64   sizes[2])
{
  g_autofree char *prompt = NULL;
  BobbinMessage *answer;

  begin_try (self);
  prompt = g_strconcat (self->target->prompt, self->mark, NULL);
  fault_line_arm (self->line, FAULT_NONE, FAULT_UP, 0);
  send (self, prompt);
  answer = find (self, prompt, TRUE);
  g_assert_nonnull (answer);
  g_assert_cmpint (bobbin_message_get_delivery (answer), ==, BOBBIN_DELIVERY_COMPLETE);
  self->answer = bobbin_message_dup_text (answer);
  g_assert_cmpuint (n_received (self, self->mark), ==, 1);
  sizes[FAULT_UP] = fault_line_get_passed (self->line, FAULT_UP);
  sizes[FAULT_DOWN] = fault_line_get_passed (self->line, FAULT_DOWN);
  end_try (self);
}

static gboolean
is_wanted (FaultKind kind)
{
  return only_kind == NULL || strcmp (only_kind, fault_kind_get_name (kind)) == 0;
}

static gint64
number_of (const char *variable,
           gint64      otherwise)
{
  const char *text = g_getenv (variable);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : otherwise;
}

static void
attack (gconstpointer data)
{
  Campaign self;
  guint64 sizes[2];
  g_autoptr(GRand) random = g_rand_new_with_seed ((guint32) number_of ("BOBBIN_SEED", 1));
  guint64 stride = (guint64) MAX (1, number_of ("BOBBIN_STRIDE", 97));
  gint64 seconds = number_of ("BOBBIN_SECONDS", 2);
  gint64 end_us = seconds > 0 ? g_get_monotonic_time () + seconds * G_USEC_PER_SEC : G_MAXINT64;
  g_autoptr(GString) outcomes = g_string_new (NULL);

  set_up (&self, data);
  measure (&self, sizes);
  for (FaultKind kind = FAULT_CUT; kind < N_FAULTS; kind++)
    for (FaultDirection direction = FAULT_UP; is_wanted (kind) && direction <= FAULT_DOWN; direction++)
      {
        /* Every byte is for the cuts; a fault that costs time, or differs little from a byte to the next, is tried at fewer. */
        guint64 step = stride * (kind == FAULT_CUT ? 1 : kind == FAULT_STALL ? 23 : 7);

        for (guint64 at = (guint64) g_rand_int_range (random, 0, (gint32) step); at < sizes[direction]; at += step)
          {
            if (self.n_fired > 2 && g_get_monotonic_time () > end_us)
              break;
            try_fault (&self, kind, direction, at);
          }
      }
  for (guint i = 0; i < BOBBIN_N_DELIVERIES; i++)
    if (self.n_outcomes[i] > 0)
      g_string_append_printf (outcomes, " %s %u", bobbin_delivery_get_nick (i), self.n_outcomes[i]);
  g_print ("# %s: %u tries, %u faults fired, %u went wrong; %" G_GUINT64_FORMAT " bytes up, %" G_GUINT64_FORMAT " down; prompts:%s\n",
           self.target->name, self.n_tries, self.n_fired, self.n_failed, sizes[FAULT_UP], sizes[FAULT_DOWN], outcomes->str);
  if (self.n_failed > 0)
    g_test_fail ();
  g_assert_cmpuint (self.n_fired, >, 0);
  tear_down (&self);
}

int
main (int   argc,
      char *argv[])
{
  const GOptionEntry entries[] = {
    { "service", 0, 0, G_OPTION_ARG_STRING, &only_service, NULL, "NAME" },
    { "kind", 0, 0, G_OPTION_ARG_STRING, &only_kind, NULL, "NAME" },
    { NULL }
  };
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  g_autoptr(GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    g_error ("%s", error->message);

  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    if (only_service == NULL || strcmp (only_service, targets[i].name) == 0)
      {
        g_autofree char *path = g_strconcat ("/cuts/", targets[i].name, NULL);

        g_test_add_data_func (path, &targets[i], attack);
      }

  return g_test_run ();
}
